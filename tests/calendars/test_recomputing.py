"""Open deadlines are counted again after a change of the calendar: batch by batch, each with everything that hangs on
it, whatever happens in the middle."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from casework import calendars, departments, moved_deadlines, recomputing
from casework.calendars import Year
from casework.departments import NewDepartment
from casework.recomputing import Change
from casework.tables import ClockKind, Department, Notice, Recomputation, Role
from casework.workdays import Calendar, DayRule, Limit, deadline
from engine import evidence, jobs
from engine.events import Event
from engine.ports import ENGINE, Actor
from engine.store import instance_rows
from engine.tables import Job, UserTask
from engine.transaction import Database, Transaction
from tests.choreography import DONE, race
from tests.clocked import Office, at, joint_approval
from tests.diagrams import boundary, end, flows, timer, user_task
from tests.scenario import REGION
from tests.statements import statements
from tests.world import World

SNOW = date(2026, 3, 5)
ORDER, NUMBER = "云溪市人民政府关于暴雪停工的通告", "云政告〔2026〕3号"
TAXATION = (ClockKind.DEPARTMENT, "taxation")
SUPERVISOR = Actor(login="supervisor", name="监察", groups=frozenset({Role.SUPERVISOR}))


def furnished(database: Database, world: World) -> Office:
    """An office whose cases are reviewed by taxation, within five days, with a timer on the review."""
    world.now = at("2026-03-02 09:00")
    office = Office(database, world)
    database.ports = replace(database.ports, job_kinds={recomputing.KIND: recomputing.run})
    follows = timer(date="${due('taxation', 'promised')}")
    chase = [user_task("chase", candidateGroups="lead"), end("chased"), flows("late", "chase", "chased")]
    office.deploy(joint_approval(boundary("late", "review", follows, interrupting=False), *chase))
    return office


@pytest.fixture
def office(database: Database, world: World) -> Office:
    return furnished(database, world)


def accepted(office: Office, number: int = 1) -> list[str]:
    """So many cases under review."""
    roots = []
    for _ in range(number):
        office.submit(shares={"taxation": "5WD"})
        office.answers("accept", "accept")
        roots.append(office.root_id)
    return roots


def closed(office: Office, day: date = SNOW) -> str:
    """A day is closed in the office's division; the id of the counting that it sets off."""
    return ruled(office, {day: DayRule(False, "暴雪停工")})


def ruled(office: Office, rules: Mapping[date, DayRule]) -> str:
    """The country's days of 2026 with others; the id of the counting that it sets off."""
    with office.database.begin(ENGINE) as tx:
        held = calendars.current(tx).noticed[REGION]
        days = {day: rule for day, (year, rule) in held.items() if year == 2026} | dict(rules)
        calendars.publish(tx, Year(REGION, 2026, days, ORDER))
        return recomputing.begin(tx, Change(REGION, ORDER, NUMBER, 2026, min(rules), max(rules))).id


def run_out(office: Office) -> None:
    while jobs.run_due(office.database, "worker", only=Job.kind == recomputing.KIND):
        pass


def figures(office: Office, counting: str) -> Recomputation:
    with office.database.view(ENGINE) as tx:
        return moved_deadlines.one(tx, counting)


def moved(office: Office, counting: str, **wanted: Any) -> list[Any]:
    with office.database.view(SUPERVISOR) as tx:
        return moved_deadlines.listed(tx, counting, wanted, after=None, limit=200).rows


def test_a_closure_moves_every_deadline_behind_it(office: Office) -> None:
    accepted(office)

    counting = closed(office)
    run_out(office)

    assert office.described(*TAXATION)["due_at"] == at("2026-03-10 23:59:59")
    assert office.described(ClockKind.PROMISED)["due_at"] == at("2026-03-31 23:59:59")
    assert office.described(ClockKind.STATUTORY)["due_at"] == at("2026-05-09 23:59:59")
    found = figures(office, counting)
    assert (found.clocks, found.done, found.moved, found.into_past) == (3, 3, 3, 0)


def test_each_mark_vanishes_by_itself(office: Office, world: World) -> None:
    """Twenty working days from 23 November end in 2026 and forty-five in 2027: the promise never had a mark to lose."""
    world.now = at("2026-11-23 10:00")
    accepted(office)
    promised = office.described(ClockKind.PROMISED)
    assert (promised["provisional"], promised["statutory_provisional"]) == (False, True)

    with office.database.begin(ENGINE) as tx:
        calendars.publish(tx, Year(REGION, 2027, {date(2027, 1, 1): DayRule(False, "元旦")}, ORDER))
        change = Change(REGION, ORDER, NUMBER, 2027, date(2026, 12, 25), date(2027, 12, 31))
        counting = recomputing.begin(tx, change).id
    run_out(office)

    promised, statutory = office.described(ClockKind.PROMISED), office.described(ClockKind.STATUTORY)
    assert (promised["statutory_provisional"], statutory["provisional"]) == (False, False)
    assert (figures(office, counting).moved, figures(office, counting).confirmed) == (0, 1)


def test_a_mark_vanishes_where_the_deadline_stands_and_nothing_else_is_said(office: Office, world: World) -> None:
    """Accepted on Monday 21 December with five days: the 28th, which next year's notice might have moved."""
    world.now = at("2026-12-21 10:00")
    accepted(office)
    assert office.described(*TAXATION)["provisional"]
    notice = {date(2027, 1, 1): DayRule(False, "元旦")}

    with office.database.begin(ENGINE) as tx:
        calendars.publish(tx, Year(REGION, 2027, notice, ORDER))
        change = Change(REGION, ORDER, NUMBER, 2027, date(2026, 12, 25), date(2027, 12, 31))
        counting = recomputing.begin(tx, change).id
    run_out(office)

    taxation = office.described(*TAXATION)
    assert (taxation["provisional"], taxation["due_at"]) == (False, at("2026-12-28 23:59:59"))
    found = figures(office, counting)
    assert (found.done, found.moved, found.confirmed) == (3, 0, 3)
    assert office.acts("clock.moved") == []


def test_timers_and_the_order_of_open_work_move_with_the_clock(office: Office) -> None:
    accepted(office)

    closed(office)
    run_out(office)

    assert office.timers() == {"department:taxation/promised": at("2026-03-11 00:00")}
    with office.database.view(ENGINE) as tx:
        [task] = tx.session.scalars(select(UserTask).where(UserTask.activity_id == "review"))
    assert task.pressing_at == at("2026-03-11 00:00")


def test_each_moved_date_is_evidence_with_its_ground_and_the_chain_holds(office: Office) -> None:
    accepted(office)

    closed(office)
    run_out(office)

    acts = {act.subject: act for act in office.acts("clock.moved")}
    assert set(acts) == {"department:taxation", "case/promised", "case/statutory"}
    assert (acts["case/promised"].old, acts["case/promised"].new) == ("2026-03-30T16:00:00Z", "2026-03-31T16:00:00Z")
    assert {(act.reason, act.basis, act.document) for act in acts.values()} == {("calendar-changed", ORDER, NUMBER)}
    with office.database.view(ENGINE) as tx:
        assert evidence.verify(tx, office.root_id) is None


def test_a_deadline_before_the_first_changed_day_is_not_even_looked_at(office: Office) -> None:
    accepted(office)

    counting = closed(office, date(2026, 4, 20))
    run_out(office)

    assert [row.kind for row in moved(office, counting)] == ["STATUTORY"]
    assert office.described(*TAXATION)["due_at"] == at("2026-03-09 23:59:59")
    assert figures(office, counting).done == 2


def test_a_division_elsewhere_stays_as_it_is(office: Office) -> None:
    accepted(office)

    with office.database.begin(ENGINE) as tx:
        counting = recomputing.begin(tx, Change("330100", ORDER, None, 2026, SNOW, SNOW)).id
    run_out(office)

    assert figures(office, counting).clocks == 0
    assert office.acts("clock.moved") == []


def test_a_paused_clock_has_nothing_to_move_and_goes_on_by_the_new_calendar(office: Office, world: World) -> None:
    accepted(office)
    office.notice()

    counting = closed(office)
    run_out(office)
    world.now = at("2026-03-03 10:00")
    office.message("case-supplemented")

    assert figures(office, counting).moved == 0
    assert office.described(*TAXATION)["due_at"] == at("2026-03-11 23:59:59")


def test_what_is_moved_into_the_past_is_listed_apart(office: Office, world: World) -> None:
    """Monday 9 March was to be the last day; once Sunday the 8th is worked, it was Sunday."""
    accepted(office)
    world.now = at("2026-03-09 10:00")
    counting = ruled(office, {date(2026, 3, 8): DayRule(True, "补班")})
    run_out(office)

    assert figures(office, counting).into_past == 1
    [row] = moved(office, counting, is_into_past=True)
    assert (row.kind, row.subject, row.due_at) == ("DEPARTMENT", "taxation", at("2026-03-09 00:00"))


def test_people_are_told_once_and_only_where_a_date_moved(office: Office) -> None:
    accepted(office, 2)

    counting = closed(office)
    run_out(office)

    with office.database.view(ENGINE) as tx:
        told = tx.session.scalars(select(Notice).order_by(Notice.created_at)).all()
    assert [one.kind for one in told].count("deadline-moved") == 2
    [department] = [one for one in told if one.kind == "deadlines-moved"]
    assert (department.receiver, "2 件办件" in department.text_zh) == ("taxation", True)
    assert f"/api/calendars/recomputations/{counting}/moved" in department.text_zh


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a single case."""
    monkeypatch.setattr(recomputing, "BATCH", 1)


def crash(database: Database) -> None:
    """A server dies in the middle of a batch: everything is written and nothing committed."""
    with database.begin(ENGINE) as tx:
        job = tx.session.scalars(select(Job).where(Job.kind == recomputing.KIND)).one()
        recomputing.run(tx, job)
        tx.flush()
        raise ZeroDivisionError


@pytest.mark.usefixtures("one_by_one")
def test_after_a_crash_in_the_middle_the_rest_is_done_and_nothing_twice(office: Office) -> None:
    roots = accepted(office, 3)
    counting = closed(office)
    assert jobs.run_due(office.database, "worker", only=Job.kind == recomputing.KIND) == 1

    with pytest.raises(ZeroDivisionError):
        crash(office.database)
    assert figures(office, counting).done == 3

    run_out(office)
    assert (figures(office, counting).done, figures(office, counting).moved) == (9, 9)
    for office.root_id in roots:
        assert len(office.acts("clock.moved")) == 3


def test_a_batch_costs_the_same_statements_however_many_cases_it_has(office: Office) -> None:
    def sent(cases: int, day: int) -> int:
        accepted(office, cases)
        closed(office, date(2026, 3, day))
        with statements(office.database.engine) as told:
            jobs.run_due(office.database, "worker", only=Job.kind == recomputing.KIND)
        run_out(office)
        return len(told)

    sent(1, 3)
    few, many = sent(2, 4), sent(6, 5)
    assert few == many


def test_a_case_begun_on_the_old_calendar_at_that_moment_is_looked_at_once_more(office: Office, world: World) -> None:
    with office.database.view(ENGINE) as tx:
        old = calendars.current(tx)
    counting = closed(office)
    run_out(office)

    def on_the_old_calendar(tx: Transaction, event: Event) -> None:
        tx.session.info[calendars.IN_USE] = old

    ports = office.database.ports
    office.database.ports = replace(ports, listeners=(on_the_old_calendar, *ports.listeners))
    office.submit(shares={"taxation": "5WD"})
    office.database.ports = ports
    assert office.clock(ClockKind.RECEIPT).due_at == at("2026-03-10 00:00")

    world.now += recomputing.SETTLING
    run_out(office)

    assert [row.kind for row in moved(office, counting)] == ["RECEIPT"]
    assert office.clock(ClockKind.RECEIPT).due_at == at("2026-03-11 00:00")


def test_a_department_that_changes_its_hours_moves_its_deadlines(office: Office) -> None:
    with office.database.begin(ENGINE) as tx:
        tx.add(Department(code="taxation", region=REGION, role="taxation", name="税务局", name_en="Taxation"))
    accepted(office)

    with office.database.begin(ENGINE) as tx:
        said = NewDepartment("taxation", "税务局", "Taxation", office_hours="08:30-12:00,13:30-16:30")
        departments.change(tx, "taxation", replace(said, ends_at_close=True))
    run_out(office)

    assert office.described(*TAXATION)["due_at"] == at("2026-03-09 16:29:59")
    assert office.described(ClockKind.PROMISED)["due_at"] == at("2026-03-30 23:59:59")
    assert [act.basis for act in office.acts("clock.moved")] == ["税务局调整办公时间"]


@pytest.fixture
def shared(postgresql_url: str, world: World, ports: Any) -> Iterator[Office]:
    """An office on PostgreSQL, where commands lock cases beside each other."""
    database = Database(postgresql_url, ports)
    yield furnished(database, world)
    database.close()


def test_a_case_that_somebody_holds_is_left_for_the_end_and_nobody_waits(shared: Office) -> None:
    roots = accepted(shared, 3)
    counting = closed(shared)

    with shared.database.begin(ENGINE) as tx:
        instance_rows.lock_tree_of(tx, roots[1])
        assert jobs.run_due(shared.database, "worker", only=Job.kind == recomputing.KIND) == 1
        assert figures(shared, counting).done == 6
    run_out(shared)

    assert figures(shared, counting).done == 9


def test_a_department_that_signs_during_a_batch_waits_for_it_and_is_not_refused(shared: Office) -> None:
    accepted(shared)
    closed(shared)

    ended = race(shared.database, lambda: batch(shared.database), lambda: shared.answers("review", "agree"))

    assert ended == (DONE, DONE)
    assert shared.clock(*TAXATION).state == "STOPPED"
    assert [act.kind for act in shared.acts("clock.moved")] == ["clock.moved"] * 3


def batch(database: Database) -> None:
    with database.begin(ENGINE) as tx:
        job = tx.session.scalars(select(Job).where(Job.kind == recomputing.KIND)).one()
        recomputing.run(tx, job)
        tx.session.delete(job)


FIRST = date(2026, 1, 1)
days_of_spring = st.integers(0, 120).map(lambda number: FIRST + timedelta(days=number))
limits = st.builds(
    lambda amount, unit: Limit.parse(f"{amount}{unit}"), st.integers(1, 30), st.sampled_from(["WD", "ND"])
)


@given(days_of_spring, limits, st.dictionaries(days_of_spring, st.booleans(), min_size=1, max_size=8))
def test_no_other_deadline_can_move_than_those_that_are_looked_at(
    start: date, limit: Limit, changed: dict[date, bool]
) -> None:
    before = Calendar({}, frozenset({2026}))
    after = Calendar({day: DayRule(works, "") for day, works in changed.items()}, frozenset({2026}))
    found = deadline(start, limit, before)
    assert found.last_day is not None

    if found.last_day < min(changed) or start >= max(changed):
        assert deadline(start, limit, after).at == found.at
