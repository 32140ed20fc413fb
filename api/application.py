"""The HTTP application: the hall its routes stand on, limits, headers, errors and documents."""

from collections.abc import Sequence
from copy import copy
from functools import cache
from http import HTTPStatus

from flask import Flask, Response

from api import errors, health, openapi
from api.auth import Doorkeeper
from api.bodies import Bodies
from api.engine_rest import errors as spoken
from api.engine_rest.addresses import Addresses
from api.languages import name_language
from api.office import tokens
from api.routes import MEGABYTE, Hall, Routes
from api.waiting import WaitingRoom
from api.wire import Json
from engine.transaction import Database

VERSION = "0.1.0"
PROGRESS_PAGE = "http://127.0.0.1:8080/api/public/progress"
BUILT_IN = (tokens.routes, health.routes, openapi.routes)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_app(
    database: Database,
    routes: Sequence[Routes] = (),
    *,
    waiting_seats: int = 8,
    progress_page: str = PROGRESS_PAGE,
) -> Flask:
    """An application over a database, serving its own routes and the given ones; so many requests may wait at once.

    `progress_page` is where the codes on printed slips lead.
    """
    app = copy(_serving((*BUILT_IN, *routes)))
    hall = Hall(database, Doorkeeper(database), WaitingRoom(waiting_seats), progress_page)
    app.extensions = {**app.extensions, "lianban": hall}
    app.wsgi_app = Bodies(Addresses(app.wsgi_app))  # type: ignore[method-assign]
    return app


@cache
def _serving(routes: tuple[Routes, ...]) -> Flask:
    """What applications of the same routes share, and none of them changes: describing routes takes a second."""
    app = Flask("lianban", static_folder=None)
    app.json = Json(app)
    app.config.update(MAX_CONTENT_LENGTH=MEGABYTE, MAX_FORM_MEMORY_SIZE=MEGABYTE, MAX_FORM_PARTS=200)
    errors.install(app, {spoken.PREFIX: spoken.FACE})
    documents = openapi.install(app, VERSION)
    for one in routes:
        documents[one.DOCUMENT].register_blueprint(one)
    app.after_request(name_language)
    app.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    if response.status_code == HTTPStatus.NO_CONTENT:
        response.headers.pop("Content-Type", None)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
