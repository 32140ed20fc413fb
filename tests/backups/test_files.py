"""A backup holds the files wherever they lie, and what is restored of it depends on no other office's store."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select

import lianban
from casework import backups, materials
from casework.tables import Material
from engine import moving
from engine.errors import ContentLost, FilesUnreachable
from engine.ports import ENGINE, Files, Ports
from engine.store import contents
from engine.store.dialect import open_engine
from engine.transaction import Database
from tests.backups.conftest import restored, unheard
from tests.conftest import Lend
from tests.files import Folder, minutes_pass
from tests.world import World

PAPERS = [b"%PDF-1.7 first", b"%PDF-1.7 second", b"%PDF-1.7 third"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


@pytest.fixture
def empty(lend: Lend, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without a table, of the other kind than the office's."""
    is_sqlite = "sqlite" in request.node.callspec.id
    with lend("postgresql" if is_sqlite else "sqlite") as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def opened(url: str, ports: Ports, store: Files | None) -> Database:
    return Database(url, replace(ports, errands={moving.KIND: moving.Moving()}, files=store))


@pytest.fixture
def office(database_url: str, ports: Ports, folder: Folder, world: World) -> Iterator[Database]:
    """Two files lie in the folder, a third is still in the database."""
    with closing(opened(database_url, ports, folder.store)) as database:
        with database.begin(ENGINE) as tx:
            moving.seed(tx)
            for number in (0, 1):
                materials.upload(tx, f"材料{number + 1}.pdf", PAPERS[number])
        minutes_pass(database, world, 1)
        with database.begin(ENGINE) as tx:
            materials.upload(tx, "材料3.pdf", PAPERS[2])
        yield database


def papers(office: Database) -> list[bytes]:
    with office.view(ENGINE) as tx:
        kept = [contents.get(tx, blob_id) for blob_id in tx.session.scalars(select(Material.blob_id))]
    return sorted(one.read() for one in kept)


def test_files_of_a_folder_are_restored_into_a_database_and_move_on_under_other_names(
    office: Database, empty: Engine, ports: Ports, world: World, folder: Folder, file: Path, tmp_path: Path
) -> None:
    manifest = backups.write(office, file, unheard)
    restored(empty, file)
    url = empty.url.render_as_string(hide_password=False)
    before = {one.name for one in folder.files}

    with closing(opened(url, ports, None)) as small:
        assert papers(small) == PAPERS
    elsewhere = Folder(tmp_path / "elsewhere")
    with closing(opened(url, ports, elsewhere.store)) as moved:
        minutes_pass(moved, world, 24 * 60)
        assert papers(moved) == PAPERS

    assert manifest.lost == ()
    assert elsewhere.contents == PAPERS
    assert {one.name for one in elsewhere.files}.isdisjoint(before)
    assert {one.name for one in folder.files} == before, "the office that was backed up keeps its own"


def test_files_of_a_database_are_restored_where_a_folder_is_set(
    office: Database, empty: Engine, ports: Ports, world: World, file: Path, tmp_path: Path
) -> None:
    backups.write(office, file, unheard)
    restored(empty, file)
    first = file.with_name("first")
    url = empty.url.render_as_string(hide_password=False)
    with closing(opened(url, ports, None)) as small:
        backups.write(small, first, unheard)

    with closing(opened(url, ports, Folder(tmp_path / "new").store)) as large:
        minutes_pass(large, world, 1)
        backups.write(large, first.with_name("second"), unheard)
        assert papers(large) == PAPERS

    rows = [{kept.name: kept.sha256 for kept in made(path).tables} for path in (first, first.with_name("second"))]
    assert rows[0]["blob"] == rows[1]["blob"], "where a file lies is not part of what is backed up"


def made(path: Path) -> backups.Manifest:
    with backups.archive.opened(path) as archive:
        return backups.archive.manifest(archive)


def test_a_file_that_is_gone_is_named_and_everything_else_is_backed_up(
    office: Database, empty: Engine, ports: Ports, folder: Folder, file: Path
) -> None:
    gone = next(one for one in folder.files if one.read_bytes() == PAPERS[1])
    gone.unlink()

    manifest = backups.write(office, file, unheard)
    restored(empty, file)

    assert [name.partition(" (")[0] for name in manifest.lost] == ["材料2.pdf"]
    assert made(file).lost == manifest.lost
    url = empty.url.render_as_string(hide_password=False)
    with closing(opened(url, ports, None)) as again, pytest.raises(ContentLost):
        papers(again)


def test_a_store_that_goes_away_half_way_leaves_no_half_backup(office: Database, folder: Folder, file: Path) -> None:
    def leaves(done: int, whole: int) -> None:
        if folder.path.exists():
            folder.path.rename(folder.path.with_name("unmounted"))

    before = set(file.parent.iterdir())
    with pytest.raises(FilesUnreachable):
        backups.write(office, file, leaves)

    assert set(file.parent.iterdir()) == before


def test_the_command_says_which_file_is_missing_and_fails(
    office: Database, folder: Folder, file: Path, database_url: str
) -> None:
    settings = {"LIANBAN_DATABASE_URL": database_url, "LIANBAN_FILES": folder.path.as_uri(), "LANG": "en_GB.UTF-8"}
    for one in folder.files:
        one.unlink()

    told = CliRunner().invoke(lianban.cli, ["backup", str(file)], env=settings | {"LC_ALL": "", "LC_MESSAGES": ""})

    assert told.exit_code == 1
    assert "材料1.pdf" in told.output
    assert "材料2.pdf" in told.output
    assert file.exists()
