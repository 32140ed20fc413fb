"""Errors at the door: which HTTP status a refusal has, and its problem document (RFC 9457) in the reader's language."""

import logging
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import StatementError
from werkzeug.exceptions import HTTPException

from api import idempotency
from api.languages import say
from api.validation import RequestRejected
from casework import corrections, deferrals, notices, reminders, signatures, submissions
from casework.feed.reading import ChangesForgotten, UnknownPlace
from casework.field_faults import FieldFault
from casework.slips.printing import Unprintable
from engine import delegates, dmn, errors, external_tasks, instances, messages
from engine.errors import EngineError, Fault, Sentence, told

PROBLEM_JSON: Final = "application/problem+json"
LOG = logging.getLogger("lianban.api")


class Unauthenticated(EngineError):
    """Nobody is logged in."""

    code = "unauthenticated"
    title = Sentence(
        "请先登录：登录名或密码、令牌不正确，或已失效。", "Log in first: the login, password or token is wrong."
    )


class TooManyAttempts(EngineError):
    """There were too many failed attempts."""

    code = "too-many-attempts"
    title = Sentence("失败次数过多，请稍后再试。", "There were too many failed attempts; try again later.")

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()


class ForeignPage(EngineError):
    """A page of another site sent the request."""

    code = "foreign-page"
    title = Sentence("拒绝来自其他网站页面的请求。", "A request sent by another site's page is refused.")


STATUS: Mapping[type[EngineError], int] = {
    errors.Unreadable: 400,
    errors.DiagramRefused: 400,
    Unauthenticated: 401,
    errors.Forbidden: 403,
    ForeignPage: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.LostRace: 409,
    errors.Suspended: 409,
    messages.NobodyWaits: 409,
    messages.SeveralWait: 409,
    submissions.Awaited: 409,
    deferrals.Outstanding: 409,
    corrections.SecondNotice: 409,
    external_tasks.NotLocked: 409,
    signatures.Unsigned: 409,
    errors.Stale: 412,
    errors.Invalid: 422,
    RequestRejected: 422,
    idempotency.KeyReused: 422,
    errors.ExpressionFailed: 422,
    errors.UncaughtError: 422,
    errors.NoFlowTaken: 422,
    delegates.NoSuchDelegate: 422,
    dmn.DecisionFailed: 422,
    errors.ListenerFailed: 422,
    errors.NotDeployed: 422,
    instances.RunsAway: 422,
    TooManyAttempts: 429,
    reminders.TooSoon: 429,
    ChangesForgotten: 410,
    UnknownPlace: 409,
    notices.NotSent: 502,
    errors.FilesUnreachable: 503,
    errors.ContentLost: 500,
    Unprintable: 409,
    EngineError: 422,
}

HTTP_SENTENCES: Mapping[int, Sentence] = {
    400: Sentence("无法读取请求。", "The request cannot be read."),
    404: Sentence("没有这个地址。", "There is nothing at this address."),
    405: Sentence("该地址不支持这种请求方法。", "This address does not take that method."),
    408: Sentence("请求等待超时。", "The request took too long to arrive."),
    411: Sentence("请求须注明长度。", "The request needs a length."),
    413: Sentence("请求过大。", "The request is too large."),
    414: Sentence("地址过长。", "The address is too long."),
    415: Sentence("不支持这种内容类型，请用 application/json。", "Send this as application/json."),
    416: Sentence("没有所要求的字节范围。", "There is no such range of bytes."),
    431: Sentence("请求头过大。", "The request's headers are too large."),
}
UNEXPECTED = Sentence(
    "系统内部出错，未做任何更改。请将编号 {id} 告知管理员。",
    "Something went wrong inside; nothing was changed. Tell the administrator the number {id}.",
)
BROKEN = Sentence("系统内部出错。", "Something went wrong inside.")
KEPT_HEADERS = ("Allow", "Retry-After")


def status_of(error: EngineError) -> int:
    """The HTTP status of a refusal: its own class's, or that of the nearest class it stems from."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(status: int, code: str, title: Sentence, detail: Sentence, rows: list[dict[str, Any]]) -> Response:
    """The problem document; `errors` lists every single fault."""
    document = {
        "type": "about:blank" if code.startswith("http-") else f"urn:lianban:problem:{code}",
        "title": say(title),
        "status": status,
        "detail": say(detail),
        "code": code,
        "errors": rows,
    }
    return Response(current_app.json.dumps(document), status=status, mimetype=PROBLEM_JSON)


def refused(error: EngineError) -> Response:
    """The answer to a command that was refused."""
    status = status_of(error)
    response = problem(status, error.code, error.title, error.detail, _rows(error))
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="lianban", charset="UTF-8"'
    if isinstance(error, TooManyAttempts | reminders.TooSoon):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def not_served(error: HTTPException) -> Response | HTTPException:
    """The answer to a request that reached no command: unknown address, wrong method, too large."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    sentence = HTTP_SENTENCES.get(status, HTTP_SENTENCES[400])
    response = problem(status, f"http-{status}", sentence, sentence, [])
    response.headers.update(kept_of(error))
    return response


def kept_of(error: HTTPException) -> dict[str, str]:
    """The headers that say what would have been right: the methods of an address, when to try again."""
    given = error.get_response().headers
    return {name: given[name] for name in KEPT_HEADERS if name in given}


def broken(error: Exception) -> Response:
    """The answer to a fault of ours: a number that the log explains, and nothing else."""
    return problem(500, "internal", BROKEN, logged(error), [])


def logged(error: Exception) -> Sentence:
    """Writes a fault of ours into the log, and says under which number."""
    number = secrets.token_hex(6)
    if isinstance(error, StatementError):
        error.hide_parameters = True  # what was bound may be a person's data
    LOG.error("%s: unexpected error", number, exc_info=error)
    return Sentence(UNEXPECTED.zh.format(id=number), UNEXPECTED.en.format(id=number))


class Face(NamedTuple):
    """How one of the doors says what went wrong."""

    refused: Callable[[EngineError], Response]
    not_served: Callable[[HTTPException], Response | HTTPException]
    broken: Callable[[Exception], Response]


OFFICE = Face(refused, not_served, broken)


def install(app: Flask, faces: Mapping[str, Face]) -> None:
    """Every error of the application leaves as the face says that the request looked at, by the address's beginning;
    everywhere else as a problem document."""

    def face() -> Face:
        return next((found for prefix, found in faces.items() if request.path.startswith(prefix)), OFFICE)

    app.register_error_handler(EngineError, lambda error: face().refused(error))
    app.register_error_handler(HTTPException, lambda error: face().not_served(error))
    app.register_error_handler(Exception, lambda error: face().broken(error))


def _rows(error: EngineError) -> list[dict[str, Any]]:
    if isinstance(error, RequestRejected):
        return [_field_row(field) for field in error.fields]
    listed = told(error.faults) if isinstance(error, errors.DiagramRefused) else error.faults
    rows = [_fault_row(error, fault) for fault in listed]
    if not rows and error.element_id is not None:
        rows = [_fault_row(error, Fault(error.detail, error.element_id))]
    return rows


def _field_row(field: FieldFault) -> dict[str, Any]:
    return {"path": field.path, "code": field.code, "detail": say(field.sentence)}


def _fault_row(error: EngineError, fault: Fault) -> dict[str, Any]:
    """Where a fault is: a field of what was sent, in a line of a file, or an element and a line of the diagram."""
    where: dict[str, Any] = {"element_id": fault.element_id, "line": fault.line, "column": fault.column}
    if isinstance(error, errors.Invalid):
        where = {"line": fault.line, "path": fault.element_id}
    return {key: value for key, value in where.items() if value is not None} | {
        "code": error.code,
        "detail": say(fault.sentence),
    }
