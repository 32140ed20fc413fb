"""A file is handed in or taken back, never both, however close together."""

import pytest
from sqlalchemy import select

from casework import materials, uploaded_files
from casework.materials import Named
from casework.tables import Case, Material
from engine.errors import Conflict
from engine.queries.definitions import EVERYWHERE
from engine.store import contents
from engine.transaction import Database, Transaction
from tests.choreography import DONE, Act, command, race
from tests.scenario import Scenario
from tests.world import OFFICER

PDF = b"%PDF-1.7"


@pytest.fixture
def office(postgresql: Scenario) -> Database:
    return postgresql.database


@pytest.fixture
def file(office: Database) -> str:
    with office.begin(OFFICER) as tx:
        return materials.upload(tx, "章程.pdf", PDF).id


def handing_in(office: Database, file: str) -> Act:
    def run(tx: Transaction) -> None:
        materials.attach(tx, Case(root_id=tx.new_id(), region=EVERYWHERE), [Named("articles", file)])

    return command(office, run)


def taking_back(office: Database, file: str) -> Act:
    return command(office, lambda tx: uploaded_files.take_back(tx, file))


def test_a_file_that_is_being_handed_in_is_not_taken_back(office: Database, file: str) -> None:
    assert race(office, handing_in(office, file), taking_back(office, file)) == (DONE, Conflict)

    with office.view(OFFICER) as tx:
        kept = tx.session.get_one(Material, file)
        assert contents.get(tx, kept.blob_id).read() == PDF


def test_a_file_that_is_being_taken_back_is_not_handed_in(office: Database, file: str) -> None:
    assert race(office, taking_back(office, file), handing_in(office, file)) == (DONE, Conflict)

    with office.view(OFFICER) as tx:
        assert tx.session.scalar(select(Material.id)) is None
