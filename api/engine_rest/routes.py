"""How a route of Camunda's REST API is stated: as the office's, but read as leniently as its clients write."""

import re
from collections.abc import Callable
from typing import Any, Unpack

import marshmallow as ma
from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from api import bodies, wire
from api.engine_rest.errors import PREFIX
from api.engine_rest.variables import VariableDto, Variables
from api.reading import StrictParser
from api.routes import MEGABYTE, Routes, Stated, View
from casework.materials import MOST_BYTES

RESERVED = frozenset(
    {
        "deployment-name",
        "deployment-source",
        "deployment-activation-time",
        "enable-duplicate-filtering",
        "deploy-changed-only",
        "tenant-id",
    }
)
"""What is no file in the form of a deployment."""
MOST_WITH_FILES = MOST_BYTES * 4 // 3 + MEGABYTE
"""The largest body with variables: files in base64, and as much beside them as any other body has."""
BASE64 = re.compile(rb'"[A-Za-z0-9+/=\\]{1024,}"')


class LenientParser(StrictParser):
    """Takes what clients of Camunda send: unknown fields and parameters are passed over, whatever the content type."""

    # webargs keeps the loaders of a class's own in one table for all parsers unless a class has a table of its own.
    __location_map__ = dict(StrictParser.__location_map__)  # noqa: RUF012 - webargs' own
    DEFAULT_UNKNOWN_BY_LOCATION = {"json": ma.EXCLUDE, "query": ma.EXCLUDE, "multipart": ma.EXCLUDE}  # noqa: RUF012 - webargs' own

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body; none at all says nothing. What is no file in base64 is no larger than elsewhere."""
        body = bodies.whole(req)
        if len(body) > MEGABYTE and len(BASE64.sub(b"", body)) > MEGABYTE:
            raise RequestEntityTooLarge
        return wire.parsed(body) if body else {}


PARSER = LenientParser()


@PARSER.location_loader("multipart")
def _load_form(req: Request, schema: ma.Schema) -> Any:
    """The fields and files of the form by their names; every file also under `resources`, whatever it is called, and
    the names of what is neither a file nor reserved under `unnamed`."""
    if req.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    wire.check_text([text for pair in req.form.items(multi=True) for text in pair])
    wire.check_text([text for name, file in req.files.items(multi=True) for text in (name, file.filename or "")])
    named = {name: file for name, file in req.files.items() if name not in RESERVED} | req.form.to_dict()
    unnamed = [name for name in req.form if name not in RESERVED]
    return named | {"resources": list(req.files.values()), "unnamed": unnamed}


class CamundaRoutes(Routes):
    """Routes of one resource under /engine-rest, documented beside the office's."""

    ARGUMENTS_PARSER = PARSER
    DOCUMENT = "engine-rest"

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description, prefix=PREFIX)

    def options(self, path: str, zh: str, act: str, **stated: Unpack[Stated]) -> Callable[[View], View]:
        """A read of what the caller may do at an address."""
        return self._open("OPTIONS", path, zh, act, stated)

    def _open(self, method: str, path: str, zh: str, act: str | None, stated: Stated) -> Callable[[View], View]:
        if "body" in stated and _has_variables(stated["body"]):
            stated.setdefault("most", MOST_WITH_FILES)
        return super()._open(method, path, zh, act, stated)


def _has_variables(body: type[ma.Schema] | ma.Schema) -> bool:
    schema = body() if isinstance(body, type) else body
    return any(isinstance(field, Variables | VariableDto) for field in schema.fields.values())
