"""Phrases (常用语): words for opinions that come up again and again; one's own, a department's, everybody's."""

from collections.abc import Sequence

from sqlalchemy import case, or_, select

from casework import parties
from casework.assignments import said
from casework.logins import head_of
from casework.tables import Phrase, Role
from engine.errors import Conflict, Forbidden, NotFound, Sentence
from engine.tables import GROUP, USER, Party
from engine.transaction import Transaction

EVERYBODY = Party("all", "")
DEFAULTS = (
    "同意。",
    "不同意，理由如下：",
    "材料齐全，符合法定条件，同意。",
    "请补充以下材料：",
    "经现场核查，情况属实。",
    "已阅。",
)
"""What an office begins with; its administrators keep them from then on."""

NOT_HEAD = Sentence("部门的常用语由该部门负责人维护。", "A department's phrases are kept by its head.")
NOT_ADMIN = Sentence("公共常用语由系统管理员维护。", "Everybody's phrases are kept by administrators.")
THERE_ALREADY = Sentence("已有相同的常用语。", "There is such a phrase already.")


def seed(tx: Transaction) -> None:
    """Gives the office its first phrases; whatever it has made of them since stays."""
    if tx.session.scalar(select(Phrase.id).where(Phrase.kind == EVERYBODY.kind).limit(1)) is None:
        tx.add(*(_row(tx, EVERYBODY, text) for text in DEFAULTS))


def listed(tx: Transaction) -> Sequence[Phrase]:
    """The actor's own phrases, then those of the actor's departments, then everybody's."""
    nearest = case((Phrase.kind == USER, 0), (Phrase.kind == GROUP, 1), else_=2)
    mine = or_(parties.includes(Phrase.kind, Phrase.name, tx.actor), Phrase.kind == EVERYBODY.kind)
    return tx.session.scalars(select(Phrase).where(mine).order_by(nearest, Phrase.name, Phrase.id)).all()


def add(tx: Transaction, whose: Party, text: str) -> Phrase:
    """Keeps a phrase for oneself, a department or everybody.

    Raises Forbidden for a department one does not head and for everybody's unless an administrator, Conflict for a
    phrase that is there, Invalid for an empty one.
    """
    tx.ports.may(tx, "phrases.keep", None)
    _check(tx, whose)
    phrase = _row(tx, whose, said(text, "text"))
    _unlike_others(tx, phrase)
    tx.add(phrase)
    tx.flush()
    return phrase


def change(tx: Transaction, phrase_id: str, text: str) -> Phrase:
    """Puts other words in a phrase's place. Raises what `add` does, and NotFound for one that is not the actor's."""
    phrase = _kept(tx, phrase_id)
    phrase.text = said(text, "text")
    _unlike_others(tx, phrase)
    phrase.revision += 1
    tx.flush()
    return phrase


def remove(tx: Transaction, phrase_id: str) -> Phrase:
    """Forgets a phrase, and says what it was. Raises Forbidden and NotFound as `change` does."""
    phrase = _kept(tx, phrase_id)
    tx.session.delete(phrase)
    return phrase


def _kept(tx: Transaction, phrase_id: str) -> Phrase:
    tx.ports.may(tx, "phrases.keep", None)
    phrase = tx.session.get(Phrase, phrase_id, with_for_update=True)
    if phrase is None:
        raise NotFound
    whose = Party(phrase.kind, phrase.name)
    if whose != EVERYBODY and not parties.is_one(whose, tx.actor):
        raise NotFound
    _check(tx, whose)
    return phrase


def _check(tx: Transaction, whose: Party) -> None:
    """One's own are one's own; the others are kept by those who answer for them."""
    if whose == EVERYBODY:
        if Role.ADMIN not in tx.actor.groups:
            raise Forbidden(NOT_ADMIN)
    elif whose.kind == GROUP and head_of(whose.name) not in tx.actor.groups:
        raise Forbidden(NOT_HEAD)


def _unlike_others(tx: Transaction, phrase: Phrase) -> None:
    same = select(Phrase.id).where(
        Phrase.kind == phrase.kind, Phrase.name == phrase.name, Phrase.text == phrase.text, Phrase.id != phrase.id
    )
    if tx.session.scalar(same) is not None:
        raise Conflict(THERE_ALREADY)


def _row(tx: Transaction, whose: Party, text: str) -> Phrase:
    return Phrase(id=tx.new_id(), kind=whose.kind, name=whose.name, text=text, created_at=tx.now, revision=1)
