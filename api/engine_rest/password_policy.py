"""What a password has to be, in the names that Camunda's web applications translate. Nothing here is kept."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import marshmallow as ma

from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto
from casework import passwords
from engine.transaction import Transaction

routes = CamundaRoutes("password-policy", "What a password has to be.")


class Rule(NamedTuple):
    """One rule: what it is measured by, and whether a login and a password keep it."""

    parameter: Mapping[str, str]
    is_kept: Callable[[str, str], bool]


LENGTH = {"minLength": str(passwords.SHORTEST), "maxLength": str(passwords.LONGEST)}
RULES = {
    "PASSWORD_POLICY_LENGTH": Rule(LENGTH, passwords.has_length),
    "PASSWORD_POLICY_USER_DATA": Rule({}, passwords.is_not_login),
}


class PasswordRuleShown(Camel):
    """A rule, and whether a password keeps it where one was sent."""

    placeholder = ma.fields.String(required=True)
    parameter = ma.fields.Dict(required=True)
    valid = ma.fields.Boolean()


class PasswordPolicyShown(Camel):
    """All rules, and whether a password keeps them all."""

    rules = ma.fields.List(ma.fields.Nested(PasswordRuleShown), required=True)
    valid = ma.fields.Boolean()


class OwnerDto(Dto):
    """Whose password it is to be."""

    id = ma.fields.String(load_default="")


class WantedPasswordDto(Dto):
    """A password to be checked."""

    password = ma.fields.String(required=True, validate=ma.validate.Length(max=10 * passwords.LONGEST))
    profile = ma.fields.Nested(OwnerDto, load_default=lambda: {"id": ""})


@routes.get("/identity/password-policy", "密码规则", "people.change_password", answer=PasswordPolicyShown)
def show_policy(tx: Transaction) -> dict[str, Any]:
    """Show what a password has to be"""
    return {"rules": [{"placeholder": name, "parameter": rule.parameter} for name, rule in RULES.items()]}


@routes.post(
    "/identity/password-policy",
    "检查密码是否符合规则",
    "people.change_password",
    body=WantedPasswordDto,
    answer=PasswordPolicyShown,
    keeps_answer=False,
)
def check_password(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Say which rules a password keeps"""
    rules = [
        {
            "placeholder": name,
            "parameter": rule.parameter,
            "valid": rule.is_kept(body["profile"]["id"], body["password"]),
        }
        for name, rule in RULES.items()
    ]
    return {"rules": rules, "valid": all(rule["valid"] for rule in rules)}
