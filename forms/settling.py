"""Evaluates the expressions of a form over what was submitted, until nothing changes: what is hidden is gone from the
data that other expressions see, what is computed is in it.

As form-js: an expression sees all data, `this` (the row, or the group around it), `parent` and `i` (the row's number,
from 1). Time and memory are feel's to bound; an expression without a value counts as false, or as no limit.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime, time

from marshmallow import missing

import feel
from forms.answers import Answered
from forms.checking import problem
from forms.dynamics import Asked, Part, Scope, Segments

MOST_ROUNDS = 10
MOST_ROWS = 500
Place = tuple[str | int, ...]
Answers = Mapping[Place, Mapping[Asked, object]]
"""For the form itself and each row, by the place where it stands: what its expressions came to."""
Data = dict[str, object]


def settled(scope: Scope, values: object, context: Mapping[str, object], now: datetime | None) -> object:
    """The submitted values, each with what the expressions of its component came to.

    Raises ValidationError where an expression takes too long, has a value that no form can hold, or where expressions
    go round in a circle.
    """
    if scope.is_fixed or not isinstance(values, dict):
        return values
    try:
        answers = _agreed(scope, values, context, now)
    except (feel.FeelError, feel.FeelFault) as error:
        raise problem("no-answer", reason_zh=error.sentence.zh, reason_en=error.sentence.en) from None
    answered = deepcopy(values)
    _answer(scope, answered, answers, ())
    return answered


def _agreed(scope: Scope, values: Data, context: Mapping[str, object], now: datetime | None) -> Answers:
    answers: Answers = {}
    for _ in range(MOST_ROUNDS):
        data = _over(context, _shown(scope, values, answers, ()))
        for part in scope.parts:
            if _is_hidden(part, answers.get((), {})):
                _remove(data, part.place)
        found = dict(_found(scope, _Standing(data, data, None, None, ()), now))
        if found == answers:
            return answers
        answers = found
    raise problem("circle")


class _Standing:
    """Where expressions are evaluated: the form itself, or one row."""

    def __init__(self, data: Data, this: Data, parent: Data | None, number: int | None, place: Place) -> None:
        self.data, self.this, self.parent, self.number, self.place = data, this, parent, number, place

    def names(self, inside: Segments) -> Data:
        """What an expression in a group sees."""
        return {"this": _at(self.this, inside), "parent": self.parent, "i": self.number, **self.data}

    def rows(self, place: Segments) -> list["_Standing"]:
        """Each row of a list; what is no row has no answers, and is reported for what it is."""
        found = _at(self.this, place)
        listed = found[:MOST_ROWS] if isinstance(found, list) else []
        around = self.names(())
        return [
            _Standing(self.data, row, around, number + 1, (*self.place, *place, number))
            for number, row in enumerate(listed)
            if isinstance(row, dict)
        ]


def _found(scope: Scope, standing: _Standing, now: datetime | None) -> Iterator[tuple[Place, Mapping[Asked, object]]]:
    for place, answers in _asked_of([standing], scope.asked, now):
        yield place, answers
        for part in scope.parts:
            if part.rows is not None and not _is_hidden(part, answers):
                yield from _found_in_rows(part.rows, standing.rows(part.place), now)


def _found_in_rows(
    scope: Scope, rows: Sequence[_Standing], now: datetime | None
) -> Iterator[tuple[Place, Mapping[Asked, object]]]:
    """Rows without lists of their own are asked together."""
    if any(part.rows is not None for part in scope.parts):
        for row in rows:
            yield from _found(scope, row, now)
    elif rows:
        yield from _asked_of(rows, scope.asked, now)


def _asked_of(
    standings: Sequence[_Standing], asked: Sequence[Asked], now: datetime | None
) -> Iterator[tuple[Place, Mapping[Asked, object]]]:
    """What the expressions come to in each of the places, which have the same data and the same parent."""
    answers: dict[Place, dict[Asked, object]] = {one.place: {} for one in standings}
    for inside in dict.fromkeys(one.inside for one in asked):
        here = [one for one in asked if one.inside == inside]
        for standing, found in zip(standings, _evaluated(standings, inside, here, now), strict=True):
            answers[standing.place] |= zip(here, found, strict=True)
    yield from answers.items()


def _evaluated(
    standings: Sequence[_Standing], inside: Segments, asked: Sequence[Asked], now: datetime | None
) -> list[list[object]]:
    """One evaluation for all rows. That each text is an expression by itself was checked when the form was compiled; a
    line's end closes a comment."""
    listed = ", ".join(f"(\n{one.expression}\n)" for one in asked)
    each = f"{{this: {ROW}.this, i: {ROW}.i, answers: [{listed}]}}.answers"
    names = [one.names(inside) for one in standings]
    rows = [{"this": one["this"], "i": one["i"]} for one in names]
    found = feel.evaluate(f"for {ROW} in {ROWS} return {each}", {**names[0], ROWS: rows}, now=now)
    return [[_storable(answer) for answer in one] for one in found]


ROW, ROWS = "lianban_row", "lianban_rows"


def _storable(value: object) -> object:
    """A value of FEEL as a form holds it: dates and times in the notation of ISO 8601."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise problem("no-form-value")


def _shown(scope: Scope, values: Data, answers: Answers, place: Place) -> Data:
    """What expressions see of a submission: nothing that is hidden, or not the submitter's to say; what is computed."""
    found = answers.get(place, {})
    shown: Data = {}
    for part in scope.parts:
        value = _at(values, part.place, missing)
        if part.computed is not None and not _is_hidden(part, found):
            _put(shown, part.place, found.get(part.computed))
        elif value is missing or _is_left_out(part, found):
            continue
        elif part.rows is not None and isinstance(value, list):
            rows = enumerate(value[:MOST_ROWS])
            inner = [(_data(row), (*place, *part.place, number)) for number, row in rows]
            _put(shown, part.place, [_shown(part.rows, row, answers, at) for row, at in inner])
        else:
            _put(shown, part.place, value)
    return shown


def _answer(scope: Scope, this: Data, answers: Answers, place: Place) -> None:
    """Puts to each value what its expressions came to."""
    found = answers.get(place, {})
    for part in scope.parts:
        if part.rows is not None and not _is_hidden(part, found):
            for number, row in _rows(this, part.place):
                _answer(part.rows, row, answers, (*place, *part.place, number))
        elif part.asked:
            _put(this, part.place, _answered(part, found, this))


def _answered(part: Part, found: Mapping[Asked, object], this: Data) -> Answered:
    if _is_left_out(part, found):
        return Answered(is_left_out=True)
    if part.computed is not None:
        return Answered(found.get(part.computed))
    return Answered(
        _at(this, part.place, missing),
        is_required=bool(part.required and found.get(part.required) is True),
        limits={name: found.get(asked) for name, asked in part.limits.items()},
        options=found.get(part.options) if part.options else None,
    )


def _is_hidden(part: Part, found: Mapping[Asked, object]) -> bool:
    return any(found.get(one) is True for one in part.hides)


def _is_left_out(part: Part, found: Mapping[Asked, object]) -> bool:
    is_readonly = part.readonly is not None and found.get(part.readonly) is True
    return part.is_ignored or is_readonly or _is_hidden(part, found)


def _at(this: object, place: Segments, otherwise: object = None) -> object:
    for segment in place:
        if not isinstance(this, dict) or segment not in this:
            return otherwise
        this = this[segment]
    return this


def _data(row: object) -> Data:
    """A row; what is none has no values, and is reported for what it is."""
    return row if isinstance(row, dict) else {}


def _rows(this: Data, place: Segments) -> Iterator[tuple[int, Data]]:
    found = _at(this, place)
    for number, row in enumerate(found[:MOST_ROWS] if isinstance(found, list) else []):
        if isinstance(row, dict):
            yield number, row


def _remove(this: object, place: Segments) -> None:
    holder = _at(this, place[:-1])
    if isinstance(holder, dict):
        holder.pop(place[-1], None)


def _put(this: Data, place: Segments, value: object) -> None:
    """Groups that were left out are made; what stands in the place of one is reported for what it is."""
    for segment in place[:-1]:
        if this.get(segment) is None:
            this[segment] = {}
        inner = this[segment]
        if not isinstance(inner, dict):
            return
        this = inner
    this[place[-1]] = value


def _over(context: Mapping[str, object], values: Data) -> Data:
    """What was filled in, over what the form was shown with."""
    shown = {name: value for name, value in context.items() if name not in values}
    both = {
        name: _over(before, value)
        if isinstance(value, dict) and isinstance(before := context.get(name), dict)
        else value
        for name, value in values.items()
    }
    return shown | both
