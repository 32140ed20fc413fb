"""A yes or no as JSON and TOML have it, for whatever is read to the letter: bodies, items, calendars."""

from typing import Any

import marshmallow as ma


class YesOrNo(ma.fields.Boolean):
    """true or false: a text or a number that may mean either is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value
