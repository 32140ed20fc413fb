"""backup and restore on the command line: beside a server that runs, and with one sentence for whatever is wrong."""

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import lianban
from casework.tables import Region
from engine.ports import ENGINE, Ports
from engine.transaction import Database
from tests.running import running

ENGLISH = {"LANG": "en_GB.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}


def run(url: str, *verb: str) -> Result:
    return CliRunner().invoke(lianban.cli, verb, env=ENGLISH | {"LIANBAN_DATABASE_URL": url})


def told(result: Result) -> str:
    """What a refused command says."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return " ".join(result.output.split())


def test_a_server_goes_on_while_it_is_backed_up_and_is_not_restored_over(
    database_url: str, ports: Ports, tmp_path: Path, file: Path
) -> None:
    with closing(Database(database_url, ports)) as database, database.begin(ENGINE) as tx:
        tx.add(Region(code="429000", name="湖北省"))
    with running(database_url) as server:
        server.start()

        assert run(database_url, "backup", str(file)).exit_code == 0
        over_the_server = told(run(database_url, "restore", str(file)))
        server.stop()

    assert "Stop lianban serve" in over_the_server
    elsewhere = f"sqlite:///{tmp_path}/elsewhere/lianban.db"
    assert f"restored into {tmp_path}/elsewhere/lianban.db." in run(elsewhere, "restore", str(file)).output
    assert "not empty" in told(run(elsewhere, "restore", str(file)))


def test_what_is_wrong_with_a_file_is_told(sqlite_url: str, tmp_path: Path, file: Path) -> None:
    assert "cannot be read or written" in told(run(sqlite_url, "backup", str(tmp_path / "nowhere" / "office.backup")))
    assert run(sqlite_url, "backup", str(file)).exit_code == 0
    assert "Choose another name" in told(run(sqlite_url, "backup", str(file)))
    file.write_text("Dear sir or madam")
    fresh = tmp_path / "fresh.db"

    assert "damaged" in told(run(f"sqlite:///{fresh}", "restore", str(file)))

    assert not fresh.exists()


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_a_database_that_cannot_be_reached_is_told_without_its_password(verb: str, file: Path) -> None:
    if verb == "restore":
        file.touch()

    said = told(run("postgresql://u:secret@127.0.0.1:1/d", verb, str(file)))

    assert "secret" not in said
