"""Camunda's error bodies: type, message, code.

Where its server answers 500 for a caller's mistake, this one says 404 or 409; its clients only look whether an answer
is in the two hundreds, and show the message.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g
from werkzeug.exceptions import HTTPException

from api import errors as office
from api.engine_rest import parse_errors
from api.engine_rest.permitted import needed
from api.errors import Face, TooManyAttempts, Unauthenticated
from api.languages import say
from api.validation import RequestRejected
from casework.field_faults import FieldFault
from engine import errors, external_tasks, messages
from engine.errors import EngineError, Fault, Sentence, told

PREFIX = "/engine-rest"
REALM = 'Basic realm="default"'
BAD_REQUEST = 400

NO_SUCH_TYPE = 415
NOT_A_FORM = Sentence("此处须以表单（multipart/form-data）提交。", "Send this as a form (multipart/form-data).")
"""What is read as JSON is read whatever a client calls it."""
NOT_SERVED = {405: "NotAllowed", 406: "NotAcceptable", 415: "NotSupported"}
"""The words of Java's web services where they are others than Flask's."""

NO_ENGINE_CODE = None
TYPES: Mapping[type[EngineError], tuple[str, int | None]] = {
    errors.DiagramRefused: ("ParseException", 0),
    errors.Forbidden: ("AuthorizationException", 0),
    errors.NotFound: ("InvalidRequestException", NO_ENGINE_CODE),
    errors.Unreadable: ("InvalidRequestException", NO_ENGINE_CODE),
    RequestRejected: ("InvalidRequestException", NO_ENGINE_CODE),
    errors.Invalid: ("BadUserRequestException", 0),
    errors.LostRace: ("OptimisticLockingException", 1),
    errors.Suspended: ("SuspendedEntityInteractionException", 0),
    messages.NobodyWaits: ("RestException", 0),
    messages.SeveralWait: ("RestException", 0),
    EngineError: ("ProcessEngineException", 0),
}
"""Camunda's class names, and the engine's built-in codes (0 none, 1 optimistic locking)."""

MISTAKES = (
    errors.Invalid,
    errors.Suspended,
    messages.NobodyWaits,
    messages.SeveralWait,
    external_tasks.NotLocked,
)
"""What Camunda calls a bad request, though the office's door has a finer status for it."""

MISMATCH = "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message: "


def refused(error: EngineError) -> Response:
    """The answer to a command that was refused. Nobody logged in is answered without a body."""
    if isinstance(error, Unauthenticated):
        return Response(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": REALM})
    said: dict[str, Any] = {"message": _message(error)}
    if isinstance(error, errors.DiagramRefused):
        said = parse_errors.said(told(error.faults))
    if isinstance(error, errors.Forbidden):
        said |= _unauthorized(error)
    response = _spoken(_status(error), *_type(error), **said)
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def not_served(error: HTTPException) -> Response | HTTPException:
    """The answer to a request that reached no command."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < BAD_REQUEST:
        return error
    sentence = NOT_A_FORM if status == NO_SUCH_TYPE else office.HTTP_SENTENCES.get(status, office.HTTP_SENTENCES[400])
    kind = NOT_SERVED.get(status, type(error).__name__)
    response = _spoken(status, f"{kind}Exception", NO_ENGINE_CODE, message=say(sentence))
    response.headers.update(office.kept_of(error))
    return response


def broken(error: Exception) -> Response:
    """The answer to a fault of ours."""
    return _spoken(500, "ProcessEngineException", 0, message=say(office.logged(error)))


FACE = Face(refused, not_served, broken)


def _spoken(status: int, kind: str, code: int | None, **said: Any) -> Response:
    document = {"type": kind, **said, "code": code}
    return Response(current_app.json.dumps(document), status=status, mimetype="application/json")


def _status(error: EngineError) -> int:
    return BAD_REQUEST if isinstance(error, MISTAKES) else office.status_of(error)


def _type(error: EngineError) -> tuple[str, int | None]:
    return next(TYPES[kind] for kind in type(error).__mro__ if kind in TYPES)


def _unauthorized(error: errors.Forbidden) -> dict[str, Any]:
    """Who asked, and what would have allowed it; a single permission also as older clients read it."""
    missing = list(needed(error.act))
    single = missing[0] if len(missing) == 1 else dict.fromkeys(("permissionName", "resourceName", "resourceId"))
    return {"userId": g.actor.login, **single, "missingAuthorizations": missing}


def _message(error: EngineError) -> str:
    """What is wrong, every single fault of it: clients show nothing but the message."""
    if isinstance(error, messages.NobodyWaits | messages.SeveralWait):
        return MISMATCH + say(error.detail)
    single = [_field(fault) for fault in error.fields] if isinstance(error, RequestRejected) else []
    single += [_placed(fault) for fault in error.faults]
    return "\n".join([say(error.detail), *single])


def _field(fault: FieldFault) -> str:
    return f"* {fault.path}: {say(fault.sentence)}" if fault.path else f"* {say(fault.sentence)}"


def _placed(fault: Fault) -> str:
    return f"* {fault.element_id}: {say(fault.sentence)}" if fault.element_id else f"* {say(fault.sentence)}"
