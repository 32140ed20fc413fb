"""Handing over what somebody who leaves holds, at the door: one case after another, so that none stops the rest."""

from functools import partial
from typing import Any

import marshmallow as ma

from api.committing import OneByOne
from api.office.fields import OneOfMany, Said
from api.routes import Routes
from casework import hand_over
from casework.hand_over import HandOver, Held, Holding
from casework.yes_or_no import YesOrNo

LONGEST_REASON = 2000

routes = Routes("hand-over", "Handing over a leaver's work.", prefix="/api/people")


class HandOverGiven(ma.Schema):
    """To whom, and why. Without `to` everything goes back to the department's inbox; `disable` shuts the leaver out."""

    to = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 64))
    reason = ma.fields.String(required=True, validate=ma.validate.Length(1, LONGEST_REASON))
    disable = YesOrNo(load_default=False)
    dry_run = YesOrNo(load_default=False)


class HoldingShown(OneOfMany):
    """One thing that was, or would be, handed over; `case_number` and `step` are null in a case that is not the
    caller's to know."""

    kind = ma.fields.Enum(Held, by_value=True, required=True)
    case_number = ma.fields.String(allow_none=True)
    step = Said(allow_none=True)


class HandOverShown(ma.Schema):
    """What became of everything somebody held."""

    login = ma.fields.String(required=True)
    to = ma.fields.String(allow_none=True)
    dry_run = ma.fields.Boolean(required=True)
    moved = ma.fields.Integer(required=True)
    refused = ma.fields.Integer(required=True)
    holdings = ma.fields.List(ma.fields.Nested(HoldingShown), required=True)


@routes.post(
    "/<login>/hand-over",
    "移交离岗人员的工作",
    "people.hand_over",
    body=HandOverGiven,
    answer=HandOverShown,
    one_by_one=True,
    keeps_answer=False,
)
def hand_over_all(each: OneByOne, body: dict[str, Any], login: str) -> dict[str, Any]:
    """Hand over everything a person holds, each case in a transaction of its own

    A dry run lists what would move. What was refused can be handed over by the same request again.
    """
    said = HandOver(login, body["to"], body["reason"])
    if body["dry_run"]:
        found = each.look(partial(hand_over.begin, said=said, disable=False))
        return _answer(body, login, [_row(one) for one in found])
    found = each.alone(partial(hand_over.begin, said=said, disable=body["disable"]))
    rows = [
        _row(one) | each.carry_out(place, partial(hand_over.carry_out, said=said, holding=one))
        for place, one in enumerate(found)
    ]
    answer = _answer(body, login, rows)
    each.alone(partial(hand_over.tell, said=said, moved=answer["moved"]))
    return answer


def _row(one: Holding) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("kind", "id", "case_number", "step")} | {
        "status": None,
        "problem": None,
    }


def _answer(body: dict[str, Any], login: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    refused = sum(row["problem"] is not None for row in rows)
    moved = 0 if body["dry_run"] else len(rows) - refused
    said = {"login": login, "to": body["to"], "dry_run": body["dry_run"]}
    return said | {"moved": moved, "refused": refused, "holdings": rows}
