"""Deadlines (时限) as answers show them: the clock, what is left of it, its light."""

import marshmallow as ma

from api.office.fields import Called, DepartmentShown, Said
from api.wire import Instant
from casework.clocks import Signal, Standing
from casework.tables import ClockKind
from casework.words import CLOCK_KINDS, STANDINGS


class RemainingShown(ma.Schema):
    """What is left in the limit's unit (WD, ND, WH, H), below 0 what is overdue; and in words."""

    amount = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True)
    text = Said(required=True)


class PauseShown(ma.Schema):
    """One stretch in which a clock stood still: why, on what ground, until when as foreseen and when in fact.

    A reversed one counts for nothing.
    """

    begins_at = Instant(required=True)
    ends_at = Instant(allow_none=True)
    expected_end_at = Instant(allow_none=True)
    reason = ma.fields.String(required=True)
    reason_name = Said(required=True)
    is_exclusion = ma.fields.Boolean(required=True)
    basis = ma.fields.String(allow_none=True)
    document = ma.fields.String(allow_none=True)
    reversed_at = Instant(allow_none=True)
    working_days = ma.fields.Integer(required=True)


class DeadlineInBrief(ma.Schema):
    """A clock in a list. Deadlines are the last second in time; null while the clock stands still.

    `remaining` is null once it has stopped; `provisional` (暂定): `due_at` reaches into a year without a published
    calendar, `statutory_provisional`: `statutory_due_at` does.
    """

    kind = ma.fields.Enum(ClockKind, required=True)
    name = Called(CLOCK_KINDS, of="kind", required=True)
    state = ma.fields.Enum(Standing, required=True)
    state_name = Called(STANDINGS, of="state", required=True)
    limit = ma.fields.String(required=True, metadata={"description": "amount and unit, such as 1WD"})
    statutory_limit = ma.fields.String(allow_none=True)
    due_at = Instant(allow_none=True)
    statutory_due_at = Instant(allow_none=True)
    remaining = ma.fields.Nested(RemainingShown, allow_none=True)
    signal = ma.fields.Enum(Signal, by_value=True, required=True)
    provisional = ma.fields.Boolean(required=True)
    statutory_provisional = ma.fields.Boolean(required=True)


class DeadlineShown(DeadlineInBrief):
    """One clock with its course."""

    started_at = Instant(required=True)
    stopped_at = Instant(allow_none=True)
    used = ma.fields.Float(allow_none=True)
    pauses = ma.fields.List(ma.fields.Nested(PauseShown), required=True)


class DeadlineOfCase(DeadlineShown):
    """One clock of a case, and whose share it measures."""

    department = ma.fields.Nested(DepartmentShown, allow_none=True)
