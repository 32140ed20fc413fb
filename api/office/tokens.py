"""Bearer tokens: got with a password, thrown away when done."""

from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import request

from api.errors import Unauthenticated
from api.routes import Routes
from api.wire import Instant
from casework import logins
from engine.transaction import Transaction

HOURS, MOST_HOURS = 12, 90 * 24

routes = Routes("tokens", "Bearer tokens.", prefix="/api/tokens")


class NewToken(ma.Schema):
    """What a token is for, and for how long."""

    name = ma.fields.String(validate=ma.validate.Length(max=100), load_default=None)
    hours = ma.fields.Integer(strict=True, validate=ma.validate.Range(1, MOST_HOURS), load_default=HOURS)


class IssuedToken(ma.Schema):
    """A token, shown this once."""

    token = ma.fields.String(required=True)
    expires_at = Instant(required=True)


@routes.post("", "领取访问令牌", "tokens.issue", body=NewToken, answer=IssuedToken, status=201, keeps_answer=False)
def issue(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Get a bearer token with login and password

    A token gets no further token. The answer is a secret and is not kept under an Idempotency-Key.
    """
    if request.authorization is None or request.authorization.type != "basic":
        raise Unauthenticated
    token, expires_at = logins.issue_token(tx, body["name"], timedelta(hours=body["hours"]))
    return {"token": token, "expires_at": expires_at}


@routes.delete("/current", "注销当前令牌", "tokens.revoke", status=204, keeps_answer=False)
def revoke(tx: Transaction) -> None:
    """Revoke the bearer token of this request"""
    if request.authorization is None or request.authorization.token is None:
        raise Unauthenticated
    logins.revoke_token(tx, request.authorization.token)
