"""Two commands at the same moment: who waits, who loses, and what the loser is told."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import select, text

from engine.errors import Conflict
from engine.ports import Ports
from engine.store import dialect
from engine.tables import ProcessInstance
from engine.transaction import Database, Transaction
from tests.choreography import until_waiting
from tests.rows import running_instance
from tests.world import OFFICER


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(24) as threads:
        yield threads


def lock(tx: Transaction, id: str) -> ProcessInstance:
    return tx.lock_root(select(ProcessInstance).where(ProcessInstance.id == id))


def started(database: Database) -> str:
    with database.begin(OFFICER) as tx:
        return running_instance(tx).id


def number_of_acts(database: Database, id: str) -> int:
    with database.view(OFFICER) as tx:
        return tx.session.get_one(ProcessInstance, id).next_act


def act(database: Database, id: str) -> int:
    """A command that numbers an act of the case."""
    with database.begin(OFFICER) as tx:
        instance = lock(tx, id)
        instance.next_act += 1
        return instance.next_act


def test_a_command_waits_for_the_one_that_holds_its_case_and_sees_what_it_did(
    database: Database, threads: ThreadPoolExecutor
) -> None:
    id = started(database)

    with database.begin(OFFICER) as tx:
        instance = lock(tx, id)
        other = threads.submit(act, database, id)
        until_waiting(database)
        instance.next_act = 41

    assert other.result() == 42


def test_a_command_that_waited_for_one_that_failed_sees_nothing_of_it(
    database: Database, threads: ThreadPoolExecutor
) -> None:
    id = started(database)

    def fail() -> None:
        with database.begin(OFFICER) as tx:
            lock(tx, id).next_act = 41
            tx.flush()
            other.append(threads.submit(act, database, id))
            until_waiting(database)
            raise ZeroDivisionError

    other: list[Future[int]] = []
    with pytest.raises(ZeroDivisionError):
        fail()

    assert other[0].result() == 2


def test_twenty_signatures_in_one_instant_all_count(database: Database, threads: ThreadPoolExecutor) -> None:
    id = started(database)

    with database.begin(OFFICER) as tx:
        lock(tx, id)
        numbers = [threads.submit(act, database, id) for _ in range(20)]
        until_waiting(database, 15)

    assert sorted(number.result() for number in numbers) == list(range(2, 22))


def test_writers_pass_sqlites_gate_in_the_order_they_came(sqlite_url: str, ports: Ports) -> None:
    passed: list[int] = []

    def write(number: int) -> None:
        with database.begin(OFFICER):
            passed.append(number)

    with closing(Database(sqlite_url, ports)) as database, ThreadPoolExecutor(8) as threads:
        with database.begin(OFFICER):
            for number in range(8):
                threads.submit(write, number)
                until_waiting(database, number + 1)

        write(8)

    assert passed == list(range(9))


@pytest.fixture
def postgresql(postgresql_url: str, ports: Ports) -> Iterator[Database]:
    with closing(Database(postgresql_url, ports)) as database:
        yield database


def test_of_two_commands_in_a_deadlock_one_goes_on_and_one_is_told_to_try_again(
    postgresql: Database, threads: ThreadPoolExecutor
) -> None:
    one, two = started(postgresql), started(postgresql)

    def act_on_both() -> None:
        with postgresql.begin(OFFICER) as tx:
            lock(tx, two).next_act = 7
            tx.flush()
            lock(tx, one).next_act = 7

    def run_into_it() -> None:
        with postgresql.begin(OFFICER) as tx:
            tx.session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
            lock(tx, one).next_act = 8
            tx.flush()
            other.append(threads.submit(act_on_both))
            until_waiting(postgresql)
            lock(tx, two)

    other: list[Future[None]] = []
    with pytest.raises(Conflict) as told:
        run_into_it()
    other[0].result()

    assert "try again" in told.value.detail.en
    assert (number_of_acts(postgresql, one), number_of_acts(postgresql, two)) == (7, 7)


def test_a_command_that_gives_up_waiting_for_a_lock_is_told_to_try_again(postgresql: Database) -> None:
    id = started(postgresql)

    def give_up_soon() -> None:
        with postgresql.begin(OFFICER) as tx:
            tx.session.execute(text("SET LOCAL lock_timeout = '10ms'"))
            lock(tx, id)

    with postgresql.begin(OFFICER) as tx:
        lock(tx, id)
        with pytest.raises(Conflict):
            give_up_soon()


def test_a_writer_of_another_process_is_waited_for_on_sqlite(
    sqlite_url: str, ports: Ports, threads: ThreadPoolExecutor
) -> None:
    with closing(Database(sqlite_url, ports)) as ours, closing(Database(sqlite_url, ports)) as theirs:
        id = started(ours)

        numbers = [threads.submit(act, database, id) for _ in range(10) for database in (ours, theirs)]

        assert sorted(number.result() for number in numbers) == list(range(2, 22))


def test_a_writer_of_another_process_that_never_ends_is_a_lost_race_on_sqlite(
    sqlite_url: str, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "BUSY_SECONDS", 0)

    with closing(Database(sqlite_url, ports)) as ours, closing(Database(sqlite_url, ports)) as theirs:
        id = started(ours)
        with theirs.begin(OFFICER) as tx:
            lock(tx, id)
            with pytest.raises(Conflict):
                act(ours, id)

        assert act(ours, id) == 2
