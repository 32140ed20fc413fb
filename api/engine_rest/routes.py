"""How a route of Camunda's REST API is stated: as the office's, but read as leniently as its clients write."""

from collections.abc import Callable
from typing import Any, Unpack

import marshmallow as ma
from flask import Request

from api import wire
from api.engine_rest.errors import PREFIX
from api.reading import StrictParser
from api.routes import Routes, Stated, View

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


class LenientParser(StrictParser):
    """Takes what clients of Camunda send: unknown fields and parameters are passed over, whatever the content type."""

    # webargs keeps the loaders of a class's own in one table for all parsers unless a class has a table of its own.
    __location_map__ = dict(StrictParser.__location_map__)  # noqa: RUF012 - webargs' own
    DEFAULT_UNKNOWN_BY_LOCATION = {"json": ma.EXCLUDE, "query": ma.EXCLUDE, "multipart": ma.EXCLUDE}  # noqa: RUF012 - webargs' own

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body; none at all says nothing."""
        body = req.get_data(cache=True)
        return wire.parsed(body) if body else {}


PARSER = LenientParser()


@PARSER.location_loader("multipart")
def _load_form(req: Request, schema: ma.Schema) -> Any:
    """The fields and files of the form by their names; every file also under `resources`, whatever it is called, and
    the names of what is neither a file nor reserved under `unnamed`."""
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
