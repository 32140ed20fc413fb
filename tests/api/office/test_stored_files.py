"""Files in the file store, at both doors: the same answers as before, and a sentence while the store is gone."""

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import lianban
from casework.file_store import FileStore
from engine import moving
from engine.ports import ENGINE
from engine.transaction import Database
from tests.diagrams import straight, user_task
from tests.files import Folder, minutes_pass
from tests.served import PDF, Served
from tests.world import World


class Watched(FileStore):
    """A real store that notes how many connections the server held while it was read."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.held: list[int] = []
        self.database: Database | None = None

    def read(self, name: str, most: int) -> bytes | None:
        if self.database is not None:
            self.held.append(self.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return super().read(name, most)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


@pytest.fixture
def store(folder: Folder) -> Watched:
    return Watched(folder.path.as_uri())


@pytest.fixture
def stored(staffed_url: str, world: World, store: Watched) -> Iterator[Served]:
    ports = replace(lianban.ports(), now=lambda: world.now, files=store)
    with closing(Database(staffed_url, ports)) as database:
        store.database = database
        with database.begin(ENGINE) as tx:
            moving.seed(tx)
        yield Served(database, world)


def test_a_material_that_moved_is_read_as_before_and_no_connection_waits_for_it(
    stored: Served, store: Watched, folder: Folder, world: World
) -> None:
    stored.opens()
    material = stored.person("applicant").uploads()
    number = stored.accepted(materials=[{"kind": "premises", "id": material}])
    minutes_pass(stored.database, world, 1)
    clerk = stored.person("window")

    by_case = clerk.get(f"/cases/{number}/materials/{material}")
    by_id = clerk.get(f"/files/{material}/content")

    assert folder.contents == [PDF]
    assert by_case.data == by_id.data == PDF
    assert store.held == [0, 0]


def test_while_the_store_is_gone_a_moved_file_is_503_and_everything_else_goes_on(
    stored: Served, folder: Folder, world: World
) -> None:
    clerk = stored.person("window", "en")
    moved = clerk.uploads()
    minutes_pass(stored.database, world, 1)
    folder.path.rename(folder.path.with_name("unmounted"))

    gone = clerk.get(f"/files/{moved}/content")

    assert (gone.status_code, gone.get_json()["code"]) == (503, "files-unreachable")
    assert "LIANBAN_FILES" in gone.get_json()["detail"]
    assert str(folder.path) not in gone.text
    assert clerk.json(f"/files/{moved}")["size"] == len(PDF)
    assert clerk.get(f"/files/{clerk.uploads()}/content").data == PDF


def test_a_file_that_was_tampered_with_is_shown_to_nobody(stored: Served, folder: Folder, world: World) -> None:
    clerk = stored.person("window")
    moved = clerk.uploads()
    minutes_pass(stored.database, world, 1)
    folder.files[0].write_bytes(PDF.replace(b"1.7", b"1.6"))

    shown = clerk.get(f"/files/{moved}/content")

    assert (shown.status_code, shown.get_json()["code"]) == (500, "content-lost")


def test_an_attachment_of_a_task_is_answered_alike_by_camundas_api(
    stored: Served, folder: Folder, world: World
) -> None:
    stored.deploy(tried_bpmn=straight(user_task("check", candidateGroups="window")))
    stored.person("designer").post("/engine-rest/process-definition/key/approval/start", {})
    clerk = stored.person("window")
    task = clerk.task()
    said = {"attachment-name": "核查表", "content": (io.BytesIO(PDF), "核查表.pdf")}
    attached = clerk.post(f"/engine-rest/task/{task}/attachment/create", said).get_json()["id"]
    minutes_pass(stored.database, world, 1)
    path = f"/engine-rest/task/{task}/attachment/{attached}/data"

    before = clerk.get(path)
    folder.path.rename(folder.path.with_name("unmounted"))
    after = clerk.get(path)

    assert (before.status_code, before.data) == (200, PDF)
    assert (after.status_code, after.get_json()["type"]) == (503, "ProcessEngineException")


def test_what_is_forgotten_with_its_process_leaves_the_store(stored: Served, folder: Folder, world: World) -> None:
    stored.deploy(tried_bpmn=straight(user_task("check", candidateGroups="window")))
    started = stored.person("designer").post("/engine-rest/process-definition/key/approval/start", {})
    clerk = stored.person("window")
    task = clerk.task()
    done = clerk.post(f"/inbox/{task}/complete", {"attachments": [clerk.uploads()]})
    assert done.status_code == 200, done.text
    minutes_pass(stored.database, world, 1)
    assert folder.contents == [PDF]

    path = f"/engine-rest/history/process-instance/{started.get_json()['id']}"
    assert stored.person("admin")("DELETE", path).status_code == 204
    minutes_pass(stored.database, world, 24 * 60 + 1)

    assert folder.files == []
