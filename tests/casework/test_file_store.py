"""Where uploaded files lie: in the database first, then in the file store, and never in neither."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.exceptions import Exit
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from casework import cleaning, materials
from casework.file_store import BUSY, FileStore
from casework.tables import Material
from cli.files import file_store
from engine import moving
from engine.errors import ContentLost, FilesUnreachable
from engine.moving import Load
from engine.ports import ENGINE, Ports
from engine.store import contents
from engine.store.contents import Content
from engine.tables import Blob, ForgottenFile, Incident, Job
from engine.transaction import Database
from tests.files import Folder, minutes_pass
from tests.world import World

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


def storing(database_url: str, ports: Ports, store: FileStore | None) -> Database:
    return Database(database_url, replace(ports, errands={moving.KIND: moving.Moving()}, files=store))


@pytest.fixture
def office(database_url: str, ports: Ports, folder: Folder) -> Iterator[Database]:
    with closing(storing(database_url, ports, folder.store)) as database:
        with database.begin(ENGINE) as tx:
            moving.seed(tx)
        yield database


def upload(office: Database, content: bytes = PDF) -> str:
    with office.begin(ENGINE) as tx:
        return materials.upload(tx, "身份证.pdf", content).blob_id


def kept(office: Database, id: str) -> Content:
    with office.view(ENGINE) as tx:
        return contents.get(tx, id)


def in_database(office: Database) -> list[str]:
    with office.view(ENGINE) as tx:
        return list(tx.session.scalars(select(Blob.id).where(Blob.content.is_not(None)).order_by(Blob.id)))


def ordered(office: Database) -> Callable[[], Load | None]:
    """The next errand, which has to do with whatever waits."""
    with office.begin(ENGINE) as tx:
        job = tx.session.get_one(Job, moving.JOB_ID)
        tx.session.delete(job)
        moving.Moving().settle(tx, job, Load({}, [], is_new=True))
    with office.view(ENGINE) as tx:
        return moving.Moving().order(tx, tx.session.get_one(Job, moving.JOB_ID))


def test_a_file_leaves_the_database_for_the_store_and_reads_the_same(
    office: Database, world: World, folder: Folder
) -> None:
    id = upload(office)
    before = kept(office, id).read()

    minutes_pass(office, world, 1)

    assert in_database(office) == []
    assert folder.contents == [PDF]
    assert before == kept(office, id).read() == PDF


def test_the_bytes_of_a_variable_stay_in_the_database(office: Database, world: World, folder: Folder) -> None:
    with office.begin(ENGINE) as tx:
        id = contents.put(tx, b"seal")

    minutes_pass(office, world, 1)

    assert in_database(office) == [id]
    assert not folder.files


def test_files_that_were_uploaded_before_the_store_was_set_move_too(
    database_url: str, ports: Ports, world: World, folder: Folder
) -> None:
    with closing(storing(database_url, ports, None)) as without:
        with without.begin(ENGINE) as tx:
            moving.seed(tx)
        ids = [upload(without, PDF + bytes([number])) for number in range(moving.MOST + 1)]
        minutes_pass(without, world, 1)
        assert in_database(without) == sorted(ids)

    with closing(storing(database_url, ports, folder.store)) as office:
        minutes_pass(office, world, 1)

        assert in_database(office) == []
        assert len(folder.files) == len(ids)
        assert {kept(office, id).read() for id in ids} == set(folder.contents)


def test_a_batch_is_no_larger_than_an_errand_carries(
    office: Database, world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MOST_BYTES", len(PDF))
    for number in range(3):
        upload(office, PDF + bytes([number]))

    minutes_pass(office, world, 1)

    assert len(folder.files) == 3


def test_a_name_in_the_store_says_nothing_of_the_file(office: Database, world: World, folder: Folder) -> None:
    id = upload(office)

    minutes_pass(office, world, 1)

    [file] = folder.files
    assert len(file.name) == 32
    assert set(file.name) <= set("0123456789abcdef")
    assert file.name not in (id.replace("-", ""), kept(office, id).sha256[:32])
    assert file.stat().st_mode & 0o077 == 0


def test_a_forgotten_file_is_gone_from_the_store_a_day_later(office: Database, world: World, folder: Folder) -> None:
    upload(office)
    minutes_pass(office, world, 1)
    world.days_pass(cleaning.KEPT.days)

    with office.begin(ENGINE) as tx:
        cleaning.clean(tx)
    minutes_pass(office, world, 1)
    within_the_day = len(folder.files)
    minutes_pass(office, world, 24 * 60)

    assert (within_the_day, folder.files) == (1, [])
    with office.view(ENGINE) as tx:
        assert tx.session.scalar(select(ForgottenFile.name)) is None


def test_a_file_forgotten_while_it_is_being_written_does_not_stay(
    office: Database, world: World, folder: Folder
) -> None:
    id = upload(office)
    write = ordered(office)

    with office.begin(ENGINE) as tx:
        tx.session.delete(tx.session.scalars(select(Material)).one())
        tx.flush()
        contents.forget(tx, [id])
    write()
    written = len(folder.files)
    minutes_pass(office, world, 24 * 60 + 1)

    assert (written, folder.files) == (1, [])


def test_of_a_slow_store_no_more_is_asked_than_the_lease_of_the_job_allows(
    office: Database, world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        upload(office)
    monkeypatch.setattr(moving, "SECONDS", 0.0)

    done = ordered(office)()
    begun = len(folder.files)
    minutes_pass(office, world, 1)

    assert done is not None
    assert (len(done.contents), begun) == (1, 1)
    assert (in_database(office), len(folder.files)) == ([], 3)


def test_a_crash_before_the_file_left_the_database_writes_it_again_under_the_same_name(
    office: Database, world: World, folder: Folder
) -> None:
    id = upload(office)
    minutes_pass(office, world, 1)
    with office.begin(ENGINE) as tx:
        tx.session.execute(update(Blob).values(content=PDF))

    minutes_pass(office, world, 1)

    assert folder.contents == [PDF]
    assert in_database(office) == []
    assert kept(office, id).read() == PDF


@pytest.mark.parametrize(
    "damage", [b"", PDF[:-1], PDF + b"more", b"x" * len(PDF)], ids=["empty", "cut", "long", "other"]
)
def test_what_is_not_what_was_uploaded_is_never_given_out(
    office: Database, world: World, folder: Folder, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    id = upload(office)
    minutes_pass(office, world, 1)
    folder.files[0].write_bytes(damage)

    with pytest.raises(ContentLost):
        kept(office, id).read()

    assert id in caplog.text


def test_a_file_that_somebody_removed_is_lost_and_the_log_says_which(
    office: Database, world: World, folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    id = upload(office)
    minutes_pass(office, world, 1)
    folder.files[0].unlink()

    with pytest.raises(ContentLost):
        kept(office, id).read()

    assert f"{id} is missing" in caplog.text


def test_what_was_forgotten_before_it_was_written_holds_up_nothing(
    office: Database, world: World, folder: Folder
) -> None:
    with office.begin(ENGINE) as tx:
        tx.add(ForgottenFile(name="0" * 32, forgotten_at=tx.now))

    minutes_pass(office, world, 24 * 60 + 1)

    with office.view(ENGINE) as tx:
        assert tx.session.scalar(select(ForgottenFile.name)) is None


def test_an_altered_content_in_the_database_is_not_given_out_either(office: Database) -> None:
    id = upload(office)
    with office.begin(ENGINE) as tx:
        tx.session.execute(update(Blob).values(content=b"%PDF-forged"))

    with pytest.raises(ContentLost):
        kept(office, id).read()


def test_while_the_folder_is_gone_uploads_go_on_and_nothing_is_lost(
    office: Database, world: World, folder: Folder
) -> None:
    moved = upload(office)
    minutes_pass(office, world, 1)
    folder.path.rename(folder.path.with_name("unmounted"))

    waiting = upload(office, PDF + b"later")
    minutes_pass(office, world, 1)
    with pytest.raises(FilesUnreachable):
        kept(office, moved).read()
    assert kept(office, waiting).read() == PDF + b"later"
    assert not folder.path.exists(), "an empty mount point takes no file that the mount would hide"

    folder.path.with_name("unmounted").rename(folder.path)
    minutes_pass(office, world, 1)
    assert in_database(office) == []
    assert kept(office, moved).read() == PDF


def test_a_folder_that_cannot_be_written_becomes_an_incident_and_files_stay_where_they_are(
    office: Database, world: World, folder: Folder
) -> None:
    folder.path.write_bytes(b"a file stands where the folder should be")
    id = upload(office)

    for _ in range(8):
        minutes_pass(office, world, 5 * 60)

    assert kept(office, id).read() == PDF
    with office.view(ENGINE) as tx:
        [incident] = tx.session.scalars(select(Incident)).all()
    assert FilesUnreachable.title.zh in incident.message


def test_without_its_setting_a_file_in_the_store_is_out_of_reach_but_not_lost(
    office: Database, world: World, database_url: str, ports: Ports
) -> None:
    id = upload(office)
    minutes_pass(office, world, 1)

    with closing(storing(database_url, ports, None)) as unset, pytest.raises(FilesUnreachable):
        kept(unset, id).read()


@pytest.mark.parametrize("kind", ["folder", "objects"])
def test_a_store_keeps_reads_and_removes_by_name(kind: str, folder: Folder) -> None:
    store = folder.store if kind == "folder" else FileStore("memory://bucket/prefix")
    name = "0" * 32

    store.prepare(is_new=True)
    store.write(name, PDF)
    store.write(name, PDF)
    found = store.read(name, 4), store.read(name, 1000), store.read("1" * 32, 10)
    store.remove(name)
    store.remove(name)

    assert found == (PDF[:4], PDF, None)
    assert store.read(name, 10) is None


@given(st.text(max_size=40) | st.sampled_from(["../" * 4 + "etc/passwd", "/etc/passwd", "0" * 31 + "/", "0" * 33]))
def test_no_name_leads_out_of_the_store(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    store = Folder(tmp_path_factory.getbasetemp() / "anywhere").store

    with pytest.raises(FilesUnreachable):
        store.write(name, PDF)


def test_who_finds_all_readers_waiting_for_the_store_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch, folder: Folder
) -> None:
    monkeypatch.setattr("casework.file_store.READERS", 0)
    monkeypatch.setattr("casework.file_store.PATIENCE", 0)

    with pytest.raises(FilesUnreachable) as refused:
        folder.store.read("0" * 32, 10)

    assert refused.value.detail == BUSY


@pytest.mark.parametrize(
    "url",
    ["memory://files", "data:,x", "nosuch://bucket", "simplecache::file:///srv/files", "https://host/files"],
    ids=["memory", "data", "unknown", "cache", "web"],
)
def test_an_address_that_keeps_no_files_stops_the_program_and_is_not_printed(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Exit):
        file_store({"LIANBAN_FILES": url})

    said = capsys.readouterr().err
    assert "LIANBAN_FILES" in said
    assert url not in said


def test_a_password_in_the_address_is_told_to_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="casework")
    (tmp_path / "officer:s3cret@host").write_bytes(b"")
    store = FileStore(f"file://{tmp_path}/officer:s3cret@host/files")

    with pytest.raises(FilesUnreachable) as told:
        store.write("0" * 32, PDF)

    assert "s3cret" not in caplog.text + str(told.value) + repr(store)
    assert told.value.__suppress_context__


def test_without_a_setting_files_stay_in_the_database() -> None:
    assert file_store({}) is file_store({"LIANBAN_FILES": " "}) is None
