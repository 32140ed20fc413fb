"""One's own password at the door. Guessing the present one is counted like a failed login."""

from typing import Any

import marshmallow as ma
from flask import request

from api.errors import Unauthenticated
from api.office.people import PasswordGiven
from api.routes import Routes, hall
from casework import passwords, people
from engine.errors import Fault, Invalid, Sentence
from engine.transaction import Transaction

WRONG_PASSWORD = Sentence("现密码不正确。", "The present password is wrong.")

routes = Routes("own-password", "One's own password.", prefix="/api/own-password")


class OwnPassword(PasswordGiven):
    """One's own new password, and the present one."""

    current = ma.fields.String(required=True, validate=ma.validate.Length(max=passwords.LONGEST))


@routes.put("", "修改本人密码", "people.change_password", body=OwnPassword, status=204, keeps_answer=False)
def change_own_password(tx: Transaction, body: dict[str, Any]) -> None:
    """Change one's own password; every token of one's own is revoked"""
    try:
        hall().doorkeeper.by_password(tx.actor.login, body["current"], request.remote_addr or "")
    except Unauthenticated as wrong:
        raise Invalid(faults=[Fault(WRONG_PASSWORD, "current")]) from wrong
    people.set_password(tx, tx.actor.login, body["password"])
