"""One transaction per command: one present, one commit, listeners in order, and all or nothing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import InternalError

from engine.errors import NotFound
from engine.events import Deployed
from engine.store import contents
from engine.store.instance_rows import lock_tree_of
from engine.tables import Blob, ProcessInstance
from engine.transaction import Database, Transaction
from tests.rows import running_instance
from tests.statements import statements
from tests.world import OFFICER, World


@pytest.fixture
def ends(database: Database) -> Iterator[list[str]]:
    """How the transactions of this test ended."""
    seen: list[str] = []

    def committed(_: Any) -> None:
        seen.append("commit")

    def rolled_back(_: Any) -> None:
        seen.append("rollback")

    event.listen(database.engine, "commit", committed)
    event.listen(database.engine, "rollback", rolled_back)
    yield seen
    event.remove(database.engine, "commit", committed)
    event.remove(database.engine, "rollback", rolled_back)


def count_blobs(database: Database) -> int:
    with database.view(OFFICER) as tx:
        return tx.session.scalars(select(func.count()).select_from(Blob)).one()


def add_blob(tx: Transaction) -> None:
    contents.put(tx, b"seal")


def add_blob_and_fail(database: Database) -> None:
    with database.begin(OFFICER) as tx:
        add_blob(tx)
        raise ZeroDivisionError


def test_a_command_commits_once(database: Database, ends: list[str]) -> None:
    with database.begin(OFFICER) as tx:
        add_blob(tx)
        add_blob(tx)

    assert ends == ["commit"]
    assert count_blobs(database) == 2


def test_a_command_that_fails_leaves_nothing(database: Database, ends: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        add_blob_and_fail(database)

    assert ends == ["rollback"]
    assert count_blobs(database) == 0


def test_a_view_leaves_nothing_whatever_it_wrote(database: Database) -> None:
    with suppress(InternalError), database.view(OFFICER) as tx:
        add_blob(tx)

    assert count_blobs(database) == 0


def test_a_view_does_not_wait_for_a_command_and_does_not_see_its_half(database: Database) -> None:
    with database.begin(OFFICER) as tx:
        add_blob(tx)

        assert count_blobs(database) == 0

    assert count_blobs(database) == 1


def test_a_command_has_one_present_however_long_it_takes(database: Database, world: World) -> None:
    with database.begin(OFFICER) as tx:
        before = tx.now
        world.days_pass(1)

        assert tx.now == before


def test_the_present_is_in_utc_and_cut_to_the_millisecond(database: Database, world: World) -> None:
    world.now = datetime.fromisoformat("2026-03-02T09:00:00.123987+08:00")

    with database.begin(OFFICER) as tx:
        assert tx.now == datetime(2026, 3, 2, 1, 0, 0, 123000, tzinfo=UTC)
        assert tx.now.utcoffset() == timedelta(0)


def test_all_evidence_of_a_command_shares_one_operation_and_no_other(database: Database) -> None:
    with database.begin(OFFICER) as tx:
        first = tx.operation
        assert tx.operation == first

    with database.begin(OFFICER) as tx:
        assert tx.operation != first


def lock(tx: Transaction, id: str) -> ProcessInstance:
    return tx.lock_root(select(ProcessInstance).where(ProcessInstance.id == id))


def started(database: Database) -> str:
    with database.begin(OFFICER) as tx:
        return running_instance(tx).id


def test_locking_a_case_that_does_not_exist_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound), database.begin(OFFICER) as tx:
        lock(tx, tx.new_id())


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_a_command_is_never_dated_before_the_last_act_of_its_case(
    database: Database, world: World, hours: float
) -> None:
    id, started_at = started(database), world.now
    last_act_at = started_at + timedelta(hours=hours)
    with database.begin(OFFICER) as tx:
        lock(tx, id).last_act_at = last_act_at

    with database.begin(OFFICER) as tx:
        lock(tx, id)

        assert tx.now == max(started_at, last_act_at)


def test_a_present_read_before_the_lock_is_moved_to_the_last_act_too(database: Database, world: World) -> None:
    id, last_act_at = started(database), world.now + timedelta(hours=1)
    with database.begin(OFFICER) as tx:
        lock(tx, id).last_act_at = last_act_at

    with database.begin(OFFICER) as tx:
        assert tx.now < last_act_at
        lock(tx, id)

        assert tx.now == last_act_at


def test_locking_reads_the_row_again(database: Database) -> None:
    id = started(database)
    with database.begin(OFFICER) as tx:
        assert tx.session.get_one(ProcessInstance, id).business_key is None
        tx.session.execute(
            update(ProcessInstance).values(business_key="A-1"), execution_options={"synchronize_session": False}
        )

        assert lock(tx, id).business_key == "A-1"


def test_locking_a_case_is_one_statement(database: Database) -> None:
    id = started(database)

    with statements(database.engine) as sent, database.begin(OFFICER) as tx:
        lock(tx, id)

    assert len(sent) == 1


@dataclass
class Heard:
    """Two listeners of one root; the first answers the event "asked" with one of its own."""

    told: list[tuple[str, str]]

    def first(self, tx: Transaction, event: object) -> None:
        assert isinstance(event, Deployed)
        self.told.append(("first", event.deployment_id))
        if event.deployment_id == "asked":
            tx.emit(deployed("answered"))

    def second(self, tx: Transaction, event: object) -> None:
        assert isinstance(event, Deployed)
        self.told.append(("second", event.deployment_id))


def deployed(id: str) -> Deployed:
    return Deployed(region="000000", deployment_id=id, definition_ids=(), resource_names=())


@pytest.fixture
def heard(database: Database) -> Heard:
    heard = Heard([])
    database.ports = replace(database.ports, listeners=(heard.first, heard.second))
    return heard


def test_every_event_reaches_every_listener_before_the_next_event_reaches_any(database: Database, heard: Heard) -> None:
    with database.begin(OFFICER) as tx:
        tx.emit(deployed("one"), deployed("two"))

    assert heard.told == [("first", "one"), ("second", "one"), ("first", "two"), ("second", "two")]


def test_an_event_of_a_listener_waits_for_those_before_it(database: Database, heard: Heard) -> None:
    with database.begin(OFFICER) as tx:
        tx.emit(deployed("asked"), deployed("next"))

    assert [id for listener, id in heard.told if listener == "second"] == ["asked", "next", "answered"]
    assert heard.told.index(("second", "asked")) < heard.told.index(("first", "answered"))


def test_listeners_are_told_within_the_command(database: Database, heard: Heard) -> None:
    with database.begin(OFFICER) as tx:
        tx.emit(deployed("one"))

        assert heard.told == [("first", "one"), ("second", "one")]


def test_a_listener_that_fails_undoes_the_command(database: Database) -> None:
    def fails(tx: Transaction, event: object) -> None:
        add_blob(tx)
        raise ZeroDivisionError

    database.ports = replace(database.ports, listeners=(fails,))

    with pytest.raises(ZeroDivisionError), database.begin(OFFICER) as tx:
        tx.emit(deployed("one"))

    assert count_blobs(database) == 0


def test_locking_again_keeps_what_the_command_has_changed(database: Database) -> None:
    with database.begin(OFFICER) as tx:
        root_id = running_instance(tx).id
    with database.begin(OFFICER) as tx:
        lock_tree_of(tx, root_id).next_act = 7
        assert lock_tree_of(tx, root_id).next_act == 7
