"""Camunda's wire (REST API of Camunda 7): what is read leniently and written strictly. Knows no resource."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma

from api.wire import LARGEST, ZONE, in_calendar
from engine.errors import Sentence
from engine.queries.definitions import EVERYWHERE

LONGEST_ID = 64
LONGEST_KEY = 255
LONGEST_SPAN = 10**13
NO_SPAN = Sentence(f"毫秒数应为 0 至 {LONGEST_SPAN}。", f"A span has 0 to {LONGEST_SPAN} milliseconds.")
LONGEST_PATTERN = 500
NO_PATTERN = Sentence(
    f"匹配式最长 {LONGEST_PATTERN} 个字符，末尾不能是转义符“\\”。",
    f"A pattern has at most {LONGEST_PATTERN} characters and no escape sign “\\” at its end.",
)
INSTANT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?P<zone>Z|[ +-]\d\d:?\d\d)?", re.ASCII
)
NO_INSTANT = Sentence(
    "日期时间应写作 2026-01-31T08:00:00.000+0800。", "An instant is written 2026-01-31T08:00:00.000+0800."
)


def written(instant: datetime) -> str:
    """An instant as every client of Camunda parses it: milliseconds, and a zone without colon."""
    local = instant.astimezone(ZONE)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def read_instant(text: str) -> datetime:
    """An instant as clients write it: also with Z, with a colon, without milliseconds, and with the blank that a plus
    sign becomes in an address that was not encoded. Raises ValueError."""
    found = INSTANT.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    zone = (found["zone"] or "").replace(" ", "+").replace("Z", "+00:00")
    instant = datetime.fromisoformat(f"{found['day']}T{found['time']}{zone}")
    return in_calendar(instant if instant.tzinfo else instant.replace(tzinfo=ZONE))


class Moment(ma.fields.Field[datetime]):
    """An instant."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else written(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return read_instant(value)
        except (TypeError, AttributeError, ValueError, OverflowError) as error:
            raise ma.ValidationError([NO_INSTANT]) from error


FLAGS = {"true": True, "false": None}


class Flag(ma.fields.Boolean):
    """True or false in whatever case a client writes it. False says nothing: Camunda's flags only add something."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool | None:  # type: ignore[override]
        said = str(value).lower()
        if not isinstance(value, bool | str) or said not in FLAGS:
            raise self.make_error("invalid", input=value)
        return FLAGS[said]


class Wish(ma.fields.Boolean):
    """True in whatever case a client writes it; whatever else stands in a form's field is no wish."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        return isinstance(value, str) and value.lower() == "true"


class Listed(ma.fields.List[Any]):
    """Several values: separated by commas in an address, a list in a body."""

    is_multiple = False
    """To webargs: an address names it once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        return super()._deserialize(value.split(",") if isinstance(value, str) else value, attr, data, **kwargs)


class Number(ma.fields.Integer):
    """A whole number that a database compares with."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=ma.validate.Range(-LARGEST, LARGEST), **options)


class Pattern(ma.fields.String):
    """What a text is like: % for anything, _ for one character, \\ before one that means itself."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        pattern: str = super()._deserialize(value, attr, data, **kwargs)
        if not is_pattern(pattern):
            raise ma.ValidationError([NO_PATTERN])
        return pattern


def is_pattern(text: str) -> bool:
    """Whether every database can match it: not endless, and nothing escaped after its end."""
    return len(text) <= LONGEST_PATTERN and (len(text) - len(text.rstrip("\\"))) % 2 == 0


class Milliseconds(ma.fields.Integer):
    """A span of time, at most some three hundred years."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not 0 <= found <= LONGEST_SPAN:
            raise ma.ValidationError([NO_SPAN])
        return found


class Camel(ma.Schema):
    """What stands on the wire under Camunda's names: `process_definition_id` is `processDefinitionId` there."""

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        """Unless the field has a name of its own."""
        if field_obj.data_key is None:
            first, *rest = field_name.split("_")
            field_obj.data_key = first + "".join(word.capitalize() for word in rest)


class Whole(Camel):
    """What is answered with every key that Camunda documents, null where there is nothing to say: its clients take keys
    for granted."""

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        """Null unless something is said."""
        super().on_bind_field(field_name, field_obj)
        field_obj.allow_none, field_obj.dump_default, field_obj.required = True, None, True


class Dto(Camel):
    """What a client sends: null means that it says nothing, and a field that nobody knows is passed over."""

    class Meta:
        """Lenient, as Camunda is."""

        unknown = ma.EXCLUDE

    @ma.pre_load
    def _null_says_nothing(self, said: Any, **kwargs: Any) -> Any:
        if isinstance(said, Mapping):
            return {name: said[name] for name in said if said[name] is not None}
        return said


def definition_id(key: str, version: int, uuid: str) -> str:
    """A process definition's id on the wire: key, version and UUID, or the UUID alone where that would be too long."""
    whole = f"{key}:{version}:{uuid}"
    return whole if len(whole) <= LONGEST_ID else uuid


def uuid_of(wire_id: str) -> str:
    """The UUID in an id on the wire: of a definition (`key:version:uuid`) or an activity instance (`activity:uuid`)."""
    return wire_id.rpartition(":")[2]


def tenant_of(region: str) -> str | None:
    """A division as Camunda's tenant; the country, whose definitions serve everywhere, is none."""
    return None if region == EVERYWHERE else region


def region_of(tenant: str | None) -> str:
    """The division that a tenant means."""
    return tenant or EVERYWHERE
