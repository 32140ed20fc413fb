"""The order of changes while commands run side by side. PostgreSQL only: SQLite has one writer at a time."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from casework.feed import numbering, reading
from casework.feed.reading import Place
from casework.tables import Change, ChangeSequence
from engine import user_tasks
from engine.ports import ENGINE
from tests.choreography import DONE, Act, command, held_before_commit, outcome, race
from tests.office import actor
from tests.served import Served, serving
from tests.world import World


@pytest.fixture
def office(postgresql_url: str, world: World) -> Iterator[Served]:
    """Two accepted cases."""
    with serving(postgresql_url, world) as served:
        served.opens()
        for _ in range(2):
            served.accepted()
        yield served


def claims(office: Served, task_id: str) -> Act:
    taxation = actor(office.database, "taxation")

    def act() -> None:
        with office.database.begin(taxation) as tx:
            user_tasks.claim(tx, task_id)

    return act


def tasks(office: Served) -> list[str]:
    return [row["id"] for row in office.person("taxation").json("/inbox")["rows"]]


class Reader:
    """Taxation's own system, from now on."""

    def __init__(self, office: Served) -> None:
        self._office, self._actor = office, actor(office.database, "taxation")
        self.place: Place = reading.latest(office.database, self._actor).after

    def hears(self) -> list[str | None]:
        """The tasks of the changes that are new."""
        page = reading.follow(self._office.database, self._actor, self.place, limit=100, is_patient=lambda: False)
        self.place = page.after
        return [row.Change.task_id for row in page.rows]


def test_what_a_slow_command_commits_after_the_reader_has_read_is_not_skipped(office: Served) -> None:
    """T1 writes its change first, T2 writes and commits, the reader reads, T1 commits: the reader still gets T1's."""
    slow, quick = tasks(office)
    reader = Reader(office)

    with held_before_commit(office.database, claims(office, slow)) as held:
        claims(office, quick)()
        assert reader.hears() == [quick]
        assert reader.hears() == []
    assert outcome(held) == DONE

    assert reader.hears() == [slow]
    assert reader.hears() == []


def test_a_reader_that_numbers_changes_keeps_nobody_from_signing(office: Served) -> None:
    one, other = tasks(office)
    claims(office, one)()

    with held_before_commit(office.database, command(office.database, numbering.number)) as held:
        claims(office, other)()
    assert outcome(held) == DONE

    assert is_one_sequence(office)


def test_two_readers_at_once_number_each_change_once(office: Served) -> None:
    reader = Reader(office)
    one, other = tasks(office)
    claims(office, one)()
    claims(office, other)()
    number = command(office.database, numbering.number)

    assert race(office.database, number, number) == (DONE, DONE)

    assert reader.hears() == [one, other]
    assert is_one_sequence(office)


def test_the_first_two_readers_ever_make_one_sequence(office: Served) -> None:
    number = command(office.database, numbering.number)

    assert race(office.database, number, number) == (DONE, DONE)

    assert is_one_sequence(office)


def is_one_sequence(office: Served) -> bool:
    """Whether the positions are one, two, three … and the sequence says how far they go."""
    with office.database.view(ENGINE) as tx:
        positions = tx.session.scalars(
            select(Change.position).where(Change.position.is_not(None)).order_by(Change.position)
        ).all()
        last = tx.session.scalar(select(ChangeSequence.last))
    return len(positions) > 0 and list(positions) == list(range(1, (last or 0) + 1))
