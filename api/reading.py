"""Reads what a route takes, whole and strictly, before its transaction begins."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import CombinedMultiDict

from api import wire
from api.validation import RequestRejected
from casework.field_faults import field_faults


class StrictParser(FlaskParser):
    """Takes marshmallow schemas; an unknown field or query parameter is refused."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": ma.RAISE, "query": ma.RAISE, "multipart": ma.RAISE}  # noqa: RUF012 - webargs' own

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The strict reader's JSON."""
        return wire.read_json(req)

    def handle_error(self, error: ma.ValidationError, req: Request, schema: ma.Schema, **kwargs: Any) -> Any:
        """Every fault at once, as a problem."""
        messages = error.messages
        located = messages.values() if isinstance(messages, Mapping) else [messages]
        raise RequestRejected([fault for inner in located for fault in field_faults(inner)]) from error


PARSER = StrictParser()


@PARSER.location_loader("multipart")
def _load_multipart(req: Request, schema: ma.Schema) -> Any:
    wire.check_text([text for pair in req.form.items(multi=True) for text in pair])
    wire.check_text([text for name, file in req.files.items(multi=True) for text in (name, file.filename or "")])
    return MultiDictProxy(CombinedMultiDict([req.form, req.files]), schema)
