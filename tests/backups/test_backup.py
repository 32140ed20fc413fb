"""A backup is one moment of an office at work; what is restored from it goes on as if nothing had happened."""

import stat
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from casework import backups, cleaning, migrations
from casework.tables import AccessToken, Case, Correction, CorrectionState
from engine import evidence
from engine.errors import Conflict
from engine.ports import ENGINE
from engine.store import contents
from engine.tables import Act, ActivityInstance, Answer, Job, Variable
from engine.transaction import Database
from tests.acceptance.conftest import office, prepared
from tests.acceptance.registration import ALL_SEVEN, Registration
from tests.backups.conftest import restored, unheard
from tests.served import opened
from tests.world import World

__all__ = ["office", "prepared"]

MEGABYTE = 1 << 20
NUMBERS = {"whole": Decimal(2**53 + 1), "fraction": Decimal("-123456.0625"), "tiny": Decimal("0.1")}
"""The first is beyond what a double tells apart."""


def signing(office: Registration, numbers: list[str]) -> Iterator[None]:
    """Every next signature that the cases need, all cases in turn."""
    for login in chain(ALL_SEVEN, ("window",)):
        for number in numbers:
            office.is_signed(number, login)
            yield


@pytest.fixture
def another(empty: Engine, world: World) -> Iterator[Registration]:
    """An office on the database that is restored."""
    url = empty.url.render_as_string(hide_password=False)
    with opened(url, world) as database:
        yield Registration(database, world)


def test_a_backup_taken_while_people_sign_is_one_moment_of_every_case(
    office: Registration, another: Registration, empty: Engine, file: Path
) -> None:
    numbers = [office.is_accepted() for _ in range(6)]
    signatures = signing(office, numbers)
    for _ in range(8):
        next(signatures)

    with ThreadPoolExecutor(1) as colleagues:

        def sign_meanwhile(done: int, whole: int) -> None:
            colleagues.submit(next, signatures, None).result()

        before = acts(office.database)
        backups.write(office.database, file, sign_meanwhile)
        after = acts(office.database)
    restored(empty, file)

    assert after > before == acts(another.database)
    with another.database.view(ENGINE) as tx:
        assert [evidence.verify(tx, root_id) for root_id in tx.session.scalars(select(Case.root_id))] == [None] * 6
    carry_to_the_end(another, numbers)


def acts(database: Database) -> int:
    with database.view(ENGINE) as tx:
        return tx.session.scalar(select(func.count()).select_from(Act)) or 0


def carry_to_the_end(office: Registration, numbers: list[str]) -> None:
    """Everybody completes what is still open."""
    for number in numbers:
        for login in (*ALL_SEVEN, "window"):
            if office.inbox(login, number):
                office.is_signed(number, login)
        assert office.case(number)["state"] == "CONCLUDED"


def test_a_timer_fires_once_where_it_is_restored_though_a_worker_held_it(
    office: Registration, another: Registration, empty: Engine, file: Path
) -> None:
    number = office.is_received()
    window = office.person("window")
    window.post(f"/inbox/{window.task(number)}/request-correction", {"items": ["公司章程未经全体股东签署"]})
    assert window.post(f"/cases/{number}/correction-notice").status_code == 201
    held = {"locked_by": "a worker of then", "locked_until": office.world.now + timedelta(days=365)}
    with office.database.begin(ENGINE) as tx:
        tx.session.execute(update(Job).values(held))
    backups.write(office.database, file, unheard)
    restored(empty, file)

    another.time_passes(30)
    another.time_passes(30)

    with another.database.view(ENGINE) as tx:
        assert list(tx.session.scalars(select(Correction.state))) == [CorrectionState.LAPSED]
        fired = select(func.count()).where(ActivityInstance.activity_id == "lapsed")
        assert tx.session.scalar(fired) == 1
    assert [row["name"] for row in another.inbox("window", number)] == ["退回材料"]


def test_a_second_backup_of_what_was_restored_is_the_same(office: Registration, empty: Engine, file: Path) -> None:
    """Ids, instants to the millisecond, numbers to the last digit, bytes, JSON: on either database the same rows."""
    office.is_signed(office.is_accepted(), *ALL_SEVEN[:3])
    office.person("applicant").uploads("照片.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    scope = "00000000-0000-7000-8000-000000000001"
    with office.database.begin(ENGINE) as tx:
        for name, number in NUMBERS.items():
            tx.add(Variable(scope_id=scope, instance_id=scope, name=name, type="Double", number=number, revision=1))
    first = backups.write(office.database, file, unheard)

    restored(empty, file)
    with opened(empty.url.render_as_string(hide_password=False), office.world) as database:
        second = backups.write(database, file.with_suffix(".second"), unheard)
        with database.view(ENGINE) as tx:
            assert tx.session.get_one(Variable, (scope, "whole")).number == NUMBERS["whole"]

    assert second.tables == first.tables
    assert first.rows > 500


def test_nobody_is_logged_in_after_a_restore_but_answers_are_kept(
    office: Registration, another: Registration, empty: Engine, file: Path
) -> None:
    number, request = office.is_received(), {"Idempotency_Key": "acceptance-1"}
    window = office.person("window")
    first = window.post(f"/cases/{number}/accept", **request)
    backups.write(office.database, file, unheard)
    restored(empty, file)

    with another.database.view(ENGINE) as tx:
        assert tx.session.scalars(select(AccessToken)).all() == []
        assert len(tx.session.scalars(select(Answer)).all()) == 1
    again = another.person("window").post(f"/cases/{number}/accept", **request)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.get_json() == first.get_json()


def test_a_database_fresh_from_migrate_is_empty_enough(office: Registration, empty: Engine, file: Path) -> None:
    """It has its tables and the daily clean-up, of which the backup brings another."""
    url = empty.url.render_as_string(hide_password=False)
    migrations.upgrade(empty)
    empty.dispose()
    with opened(url, office.world) as database:
        for seeded in (office.database, database):
            with seeded.begin(ENGINE) as tx:
                cleaning.seed(tx)
    backups.write(office.database, file, unheard)

    restored(empty, file)

    with opened(url, office.world) as database, database.view(ENGINE) as tx:
        assert tx.session.scalars(select(Job.kind)).all() == [cleaning.KIND]


def test_only_its_owner_reads_a_backup(office: Registration, file: Path) -> None:
    backups.write(office.database, file, unheard)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.glob(".*")) == []


def test_a_file_that_exists_is_never_written_over(office: Registration, file: Path) -> None:
    file.write_text("the only copy of something")

    with pytest.raises(Conflict, match="exists"):
        backups.write(office.database, file, unheard)

    assert file.read_text() == "the only copy of something"


def test_a_backup_that_breaks_off_leaves_nothing(office: Registration, file: Path) -> None:
    def full(done: int, whole: int) -> None:
        raise OSError(28, "No space left on device")

    before = set(file.parent.iterdir())
    with pytest.raises(OSError, match="space"):
        backups.write(office.database, file, full)

    assert set(file.parent.iterdir()) == before


def test_files_pass_through_memory_one_by_one(office: Registration, empty: Engine, file: Path) -> None:
    with office.database.begin(ENGINE) as tx:
        for number in range(20):
            contents.put(tx, number.to_bytes() * MEGABYTE)
            tx.session.expunge_all()

    assert peak(lambda: backups.write(office.database, file, unheard)) < 10 * MEGABYTE
    assert peak(lambda: restored(empty, file)) < 20 * MEGABYTE


def peak(act: Callable[[], object]) -> int:
    """The most bytes Python held at once for an act."""
    tracemalloc.start()
    act()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most
