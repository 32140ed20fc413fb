"""Phrases (常用语) at the door."""

from enum import StrEnum
from typing import Any

import marshmallow as ma

from api.office.parties import CODE
from api.pages import page_of
from api.routes import Routes
from casework import parties, phrases
from casework.tables import Phrase
from engine.errors import Fault, Invalid, Sentence
from engine.tables import GROUP, USER, Party
from engine.transaction import Transaction

TEXT = ma.validate.Length(1, 500)
WHICH_DEPARTMENT = Sentence("请指明是哪个部门的常用语。", "Say which department's phrase it is.")

routes = Routes("phrases", "Phrases (常用语).", prefix="/api/phrases")


class Scope(StrEnum):
    """Whose a phrase is."""

    OWN = "own"
    DEPARTMENT = "department"
    EVERYBODY = "everybody"


class NewPhrase(ma.Schema):
    """A phrase for oneself, for the department one heads, or for everybody."""

    text = ma.fields.String(required=True, validate=TEXT)
    scope = ma.fields.Enum(Scope, by_value=True, load_default=Scope.OWN)
    department = ma.fields.String(load_default=None, allow_none=True, validate=CODE)


class PhraseChanged(ma.Schema):
    """Other words for a phrase."""

    text = ma.fields.String(required=True, validate=TEXT)


class PhraseShown(ma.Schema):
    """A phrase; `department` is the code of the department whose it is."""

    id = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    scope = ma.fields.Enum(Scope, by_value=True, required=True)
    department = ma.fields.String(allow_none=True)


@routes.get("", "常用语", "phrases.read", answer=page_of(PhraseShown))
def list_phrases(tx: Transaction) -> dict[str, Any]:
    """List the phrases the caller may use

    One's own first, then the department's, then everybody's.
    """
    return {"rows": [_row(phrase) for phrase in phrases.listed(tx)], "after": None}


@routes.post("", "添加常用语", "phrases.keep", body=NewPhrase, answer=PhraseShown, status=201)
def add(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Add a phrase"""
    return _row(phrases.add(tx, _whose(tx, body["scope"], body["department"]), body["text"]))


@routes.put("/<phrase_id>", "修改常用语", "phrases.keep", body=PhraseChanged, answer=PhraseShown)
def change(tx: Transaction, body: dict[str, Any], phrase_id: str) -> dict[str, Any]:
    """Change a phrase"""
    return _row(phrases.change(tx, phrase_id, body["text"]))


@routes.delete("/<phrase_id>", "删除常用语", "phrases.keep", answer=PhraseShown)
def remove(tx: Transaction, phrase_id: str) -> dict[str, Any]:
    """Remove a phrase"""
    return _row(phrases.remove(tx, phrase_id))


def _whose(tx: Transaction, scope: Scope, department: str | None) -> Party:
    """By default a head means the department the login belongs to."""
    if scope == Scope.OWN:
        return parties.person(tx.actor.login)
    if scope == Scope.EVERYBODY:
        return phrases.EVERYBODY
    code = department or tx.actor.department
    if code is None:
        raise Invalid(faults=[Fault(WHICH_DEPARTMENT, "department")])
    return parties.department(code)


SCOPES = {USER: Scope.OWN, GROUP: Scope.DEPARTMENT, phrases.EVERYBODY.kind: Scope.EVERYBODY}


def _row(phrase: Phrase) -> dict[str, Any]:
    return {
        "id": phrase.id,
        "text": phrase.text,
        "scope": SCOPES[phrase.kind],
        "department": phrase.name if phrase.kind == GROUP else None,
    }
