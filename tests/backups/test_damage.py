"""A file that is not a whole backup of this release is refused with a sentence, and the database stays as it was."""

import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from casework import backups, cleaning, demo_people, migrations
from casework.backups.archive import MANIFEST
from engine.columns import Instant
from engine.errors import Conflict, Unreadable
from engine.ports import ENGINE, Ports
from engine.transaction import Database
from tests.backups.conftest import restored, unheard
from tests.office import office_ports

__all__ = ["office_ports"]

Members = dict[str, bytes]
LOCAL_HEADER = 30
"""Bytes before a member's name in a ZIP."""


@pytest.fixture
def whole(sqlite_url: str, office_ports: Ports, file: Path) -> Path:
    """A good backup of an office with people."""
    with closing(Database(sqlite_url, office_ports)) as office:
        with office.begin(ENGINE) as tx:
            demo_people.seed(tx)
            cleaning.seed(tx)
        backups.write(office, file, unheard)
    return file


def packed(file: Path, change: Callable[[Members], None]) -> None:
    """Opens a backup, changes its members, and packs it again as somebody with a ZIP program would."""
    with zipfile.ZipFile(file) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w") as again:
        for name, content in members.items():
            again.writestr(name, content)


def manifest(**changes: Any) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | changes).encode()

    return change


def renamed_person(members: Members) -> None:
    rows = members["person.jsonl"]
    assert b"taxation" in rows
    members["person.jsonl"] = rows.replace(b"taxation", b"taxatiom")


def lost_row(members: Members) -> None:
    members["person.jsonl"] = b"".join(members["person.jsonl"].splitlines(keepends=True)[:-1])


def one_more_row(members: Members) -> None:
    members["person.jsonl"] += members["person.jsonl"].splitlines(keepends=True)[0]


def lost_table(members: Members) -> None:
    del members["membership.jsonl"]


def no_manifest(members: Members) -> None:
    del members[MANIFEST]


def another_column(members: Members) -> None:
    said = json.loads(members[MANIFEST])
    said["tables"][0]["columns"].append("colour")
    members[MANIFEST] = json.dumps(said).encode()


CHANGES: Mapping[str, tuple[Callable[[Members], None], str]] = {
    "a changed name": (renamed_person, "damaged"),
    "a lost row": (lost_row, "damaged"),
    "a row too many": (one_more_row, "damaged"),
    "a lost table": (lost_table, "damaged"),
    "no manifest": (no_manifest, "no backup"),
    "a torn manifest": (lambda members: members.update({MANIFEST: b'{"format": '}), "no backup"),
    "a manifest of nothing": (lambda members: members.update({MANIFEST: b"[]"}), "no backup"),
    "another program's manifest": (manifest(format="somebody-else-1"), "no backup"),
    "a newer schema": (manifest(schema=["9999"], release="9.0.0"), "made by Lianban 9.0.0"),
    "tables with another column": (another_column, "Restore it with the release that made it"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_backup_is_refused(whole: Path, empty: Engine, change: str) -> None:
    alter, said = CHANGES[change]
    packed(whole, alter)

    with pytest.raises(Unreadable, match=said):
        restored(empty, whole)

    assert inspect(empty).get_table_names() == []


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_backup_is_refused(whole: Path, empty: Engine, kept: float) -> None:
    content = whole.read_bytes()
    whole.write_bytes(content[: int(len(content) * kept)])

    with pytest.raises(Unreadable, match="damaged"):
        restored(empty, whole)

    assert inspect(empty).get_table_names() == []


@pytest.mark.parametrize("member", ["person.jsonl", "membership.jsonl", MANIFEST])
def test_a_backup_with_a_flipped_bit_is_refused(whole: Path, empty: Engine, member: str) -> None:
    with zipfile.ZipFile(whole) as opened:
        packed_member = opened.getinfo(member)
    content = bytearray(whole.read_bytes())
    content[packed_member.header_offset + LOCAL_HEADER + len(member) + packed_member.compress_size // 2] ^= 0x10
    whole.write_bytes(content)

    with pytest.raises(Unreadable, match="damaged"):
        restored(empty, whole)

    assert inspect(empty).get_table_names() == []


def test_a_file_of_another_kind_is_refused(file: Path, empty: Engine) -> None:
    file.write_text("Dear sir or madam, " * 100)

    with pytest.raises(Unreadable, match="damaged"):
        restored(empty, file)


def test_a_database_with_anything_in_it_is_left_as_it_is(whole: Path, empty: Engine) -> None:
    migrations.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("INSERT INTO region (code, name, revision) VALUES ('429000', '湖北', 1)"))
    empty.dispose()

    with pytest.raises(Conflict, match="not empty"):
        restored(empty, whole)

    with empty.connect() as connection:
        assert connection.scalars(text("SELECT code FROM region")).all() == ["429000"]


def test_a_database_that_somebody_has_open_is_left_alone(whole: Path, empty: Engine, empty_url: str) -> None:
    """Such as a server that still runs."""
    migrations.upgrade(empty)
    server = empty.connect()
    server.execute(text("SELECT count(*) FROM region"))

    with pytest.raises(Conflict, match="Stop lianban serve"):
        restored(empty, whole)
    server.close()
    empty.dispose()

    assert restored(empty, whole).rows > 0


def test_what_the_database_keeps_otherwise_than_the_backup_is_undone(
    whole: Path, empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_another_year(self: Instant, value: Any, dialect: Any) -> Any:
        return None if value is None else as_it_is(self, value.replace(year=2027), dialect)

    as_it_is = Instant.process_bind_param
    monkeypatch.setattr(Instant, "process_bind_param", in_another_year)

    with pytest.raises(Conflict, match="everything was undone"):
        restored(empty, whole)

    assert inspect(empty).get_table_names() == []
