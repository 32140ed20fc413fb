"""A week after nobody came back for it, an answer or an uploaded file is gone; what belongs to a case stays."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from casework import cleaning, materials
from casework.tables import Case, Material
from engine import jobs
from engine.errors import Conflict
from engine.ports import ENGINE, Ports
from engine.queries.definitions import EVERYWHERE
from engine.tables import Answer, Blob, Job
from engine.transaction import Database
from tests.world import World


@pytest.fixture
def office(database_url: str, ports: Ports) -> Iterator[Database]:
    with closing(Database(database_url, replace(ports, job_kinds={cleaning.KIND: cleaning.run}))) as database:
        yield database


def upload(office: Database) -> str:
    with office.begin(ENGINE) as tx:
        return materials.upload(tx, "身份证.pdf", b"%PDF-1.7").id


def kept(office: Database) -> tuple[list[str], int]:
    with office.view(ENGINE) as tx:
        blobs = tx.session.scalar(select(func.count()).select_from(Blob)) or 0
        return sorted(tx.session.scalars(select(Material.id))), blobs


def clean(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        cleaning.clean(tx)


def test_a_file_of_no_case_is_forgotten_with_its_bytes_after_seven_days(
    office: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "BATCH", 2)
    handed_in = upload(office)
    with office.begin(ENGINE) as tx:
        tx.session.execute(update(Material).values(root_id="case"))
    for _ in range(3):
        upload(office)
    world.days_pass(1)
    young = upload(office)
    world.days_pass(6.1)

    clean(office)

    assert kept(office) == (sorted([handed_in, young]), 2)


def test_a_file_that_was_cleared_away_meanwhile_is_not_handed_in(office: Database, world: World) -> None:
    material = upload(office)
    world.days_pass(7.1)
    clean(office)

    with pytest.raises(Conflict) as refused, office.begin(ENGINE) as tx:
        materials.attach(tx, Case(root_id="case", region=EVERYWHERE), [materials.Named("identity", material)])

    assert refused.value.detail == materials.GONE


def test_what_one_person_keeps_without_a_case_is_bounded(
    office: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "MOST_WAITING", 2)
    first, _ = upload(office), upload(office)

    with pytest.raises(Conflict):
        upload(office)

    with office.begin(ENGINE) as tx:
        materials.attach(tx, Case(root_id="case", region=EVERYWHERE), [materials.Named("identity", first)])
    upload(office)
    with office.begin(replace(ENGINE, login="another")) as tx:
        materials.upload(tx, "身份证.pdf", b"%PDF-1.7")


def test_the_bytes_one_person_keeps_without_a_case_are_bounded(
    office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "MOST_WAITING_BYTES", 2 * len(b"%PDF-1.7"))
    upload(office)
    upload(office)

    with pytest.raises(Conflict):
        upload(office)


def test_an_answer_is_forgotten_after_seven_days(office: Database, world: World) -> None:
    with office.begin(ENGINE) as tx:
        tx.add(
            Answer(
                actor="bank",
                key="k",
                method="POST",
                path="/",
                body_sha256=b"",
                status=200,
                answer="{}",
                answered_at=tx.now,
            )
        )
    for days, left in ((6.9, 1), (0.2, 0)):
        world.days_pass(days)
        clean(office)
        with office.view(ENGINE) as tx:
            assert tx.session.scalar(select(func.count()).select_from(Answer)) == left


def test_the_office_cleans_once_a_day(office: Database, world: World) -> None:
    for _ in range(2):
        with office.begin(ENGINE) as tx:
            cleaning.seed(tx)
    upload(office)

    cleaned = []
    for days in (0, 0.5, 0.6, 7):
        world.days_pass(days)
        cleaned.append(jobs.run_due(office, "worker"))

    assert cleaned == [1, 0, 1, 1]
    assert kept(office) == ([], 0)
    with office.view(ENGINE) as tx:
        assert tx.session.scalars(select(Job.due_at)).all() == [world.now + cleaning.EVERY]
