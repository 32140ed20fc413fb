"""Addresses as clients of Camunda write them: too many slashes, and the name of the engine before the resource."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from api.engine_rest.errors import PREFIX

ENGINE = "default"
SLASHES = re.compile("/{2,}")
OF_ENGINE = re.compile(rf"{PREFIX}/engine/{ENGINE}(?=/)")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Addresses:
    """Before the application: each path under /engine-rest in its short form."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """`/engine-rest//engine/default/task/` is `/engine-rest/task`."""
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith(PREFIX):
            environ["PATH_INFO"] = OF_ENGINE.sub(PREFIX, SLASHES.sub("/", path), count=1).rstrip("/")
        return self._application(environ, start_response)
