"""Wrong settings end a command with one sentence in the reader's language, never with a traceback."""

import shutil
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import lianban
from tests.diagrams import diagram, element, end, flows, properties, start, straight, user_task
from tests.running import free_port


def run(*verb: str, **settings: str) -> Result:
    return CliRunner().invoke(
        lianban.cli, verb, env={"LANG": "en_GB.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""} | settings
    )


def told(result: Result) -> str:
    """What a refused command says."""
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return " ".join(result.output.split())


MISTYPED = {
    "servee": ("没有命令“servee”；是否应为：serve？", "No such command 'servee'. Did you mean 'serve'?"),
    "users x": ("没有命令“x”。", "No such command 'x'."),
    "lint --zzz x": ("没有选项“--zzz”。", "No such option '--zzz'."),
    "lint": ("缺少参数 PATHS...。应为已有的文件或文件夹的路径。", "Missing argument 'PATHS...'."),
    "lint no-such-file": ("PATHS... 的值不对。应为已有的文件或文件夹的路径。", "Path 'no-such-file' does not exist."),
    "migrate now": ("多余的参数：now。", "Got unexpected extra argument (now)"),
    "users add x --role": ("选项 --role 缺少值，或不应带值。", "Option '--role' requires an argument."),
    "users add x --role king": ("--role 的值不对。可选：applicant、agent、", "'king' is not one of 'applicant', "),
}


@pytest.mark.parametrize("typed", MISTYPED)
def test_what_is_typed_wrongly_is_told_in_the_terminal_s_language(typed: str) -> None:
    for language, sentence in zip(("zh_CN", "en_GB"), MISTYPED[typed], strict=True):
        result = run(*typed.split(), LANG=f"{language}.UTF-8")
        assert result.exit_code == 2
        assert sentence in result.output
        assert "--help" in result.output


@pytest.mark.parametrize("port", ["abc", "99999", "0", "-1", "", "８０８０"])
def test_a_port_that_is_none_is_told(port: str) -> None:
    assert told(run("migrate", PORT=port)).startswith("PORT must be")
    assert told(run("migrate", PORT=port, LANG="zh_CN.UTF-8")).startswith("PORT 应为")


def test_a_taken_port_is_told_before_anything_is_announced(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lianban.db"
    assert run("migrate", LIANBAN_DATABASE_URL=url).exit_code == 0
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = told(run("serve", LIANBAN_DATABASE_URL=url, PORT=str(port)))
    assert said.startswith(f"Port {port} is taken")


@pytest.mark.parametrize("url", ["nonsense", "", "oracle9://u:secret@h/d", "postgresql://u:secret@h:port/d"])
@pytest.mark.parametrize("verb", ["migrate", "serve"])
def test_a_database_url_that_is_none_is_told_without_its_password(verb: str, url: str) -> None:
    said = told(run(verb, LIANBAN_DATABASE_URL=url))
    assert "LIANBAN_DATABASE_URL" in said
    assert "secret" not in said


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    said = told(run("migrate", LIANBAN_DATABASE_URL=f"postgresql://u:secret@127.0.0.1:{free_port()}/d"))
    assert "check that it runs" in said
    assert "secret" not in said


def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear sir or madam, " * 100)
    assert "is a database" in told(run("migrate", LIANBAN_DATABASE_URL=f"sqlite:///{letter}"))
    assert letter.read_text() == "Dear sir or madam, " * 100


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = told(run("migrate", LIANBAN_DATABASE_URL=f"sqlite:///{tmp_path}/file/below/lianban.db"))
    assert "folder cannot be made" in said


def test_the_packages_that_come_with_the_product_lint_clean() -> None:
    linted = run("lint", str(lianban.PROCESSES))
    assert linted.exit_code == 0
    assert "enterprise-registration: 0 faults" in linted.output


def test_a_package_is_held_against_its_item(tmp_path: Path) -> None:
    package = tmp_path / "enterprise-registration"
    shutil.copytree(lianban.PROCESSES / package.name, package)
    said = told(run("lint", str(package)))
    assert "There is no folder common beside the package" in said
    shutil.copytree(lianban.PROCESSES / "common", tmp_path / "common")
    assert run("lint", str(package)).exit_code == 0
    (tmp_path / "common" / "common-withdrawal.bpmn").write_text("<torn")
    told(run("lint", str(package)))


def test_where_a_scenario_fails_is_one_word_however_narrow_the_terminal(tmp_path: Path) -> None:
    package = tmp_path / "a-package-with-a-name-that-is-not-short"
    (package / "scenarios").mkdir(parents=True)
    (package / "approval.bpmn").write_bytes(straight(user_task("review", candidateGroups="fire")))
    file = package / "scenarios" / "01-nothing-was-handed-in.yaml"
    file.write_text("scenario: 未提交 · Nothing handed in\nsteps:\n  - accept: {by: window}\n")

    assert f"{file}:3" in run("test", str(package), COLUMNS="40").output.split()


def test_of_a_flood_of_faults_the_first_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    drawn = tmp_path / "approval.bpmn"
    booked = (element("transaction", id=f"n{number}") for number in range(150))
    drawn.write_bytes(diagram(start(), end(), flows("start", "end"), *booked))
    linted = run("lint", str(drawn))
    assert "approval: 150 faults" in linted.output
    assert "[n99]" in linted.output
    assert "[n100]" not in linted.output
    assert "There are 50 more" in linted.output


def test_a_folder_with_nothing_to_deploy_is_told() -> None:
    assert "holds nothing to deploy" in told(run("lint", str(lianban.PROCESSES.parent / "docs")))


def test_a_deployment_warns_of_a_property_that_means_nothing(tmp_path: Path) -> None:
    drawn = tmp_path / "approval.bpmn"
    drawn.write_bytes(straight(user_task("review", properties(akt="review"), candidateGroups="fire")))
    url = f"sqlite:///{tmp_path}/lianban.db"
    assert run("migrate", LIANBAN_DATABASE_URL=url).exit_code == 0
    deployed = run("deploy", str(drawn), LIANBAN_DATABASE_URL=url)
    assert deployed.exit_code == 0
    assert "is “act” meant?" in " ".join(deployed.output.split())


def test_a_deployment_warns_of_a_participant_that_no_department_plays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lianban.db"
    assert run("migrate", LIANBAN_DATABASE_URL=url).exit_code == 0
    packages = [str(lianban.PROCESSES / name) for name in ("common", "enterprise-registration")]
    deployed = run("deploy", *packages, LIANBAN_DATABASE_URL=url)
    assert deployed.exit_code == 0
    assert "No department is in the role taxation; add it, or nobody sees its tasks." in deployed.output


def test_a_fault_of_an_item_names_its_file_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lianban.db"
    assert run("migrate", LIANBAN_DATABASE_URL=url).exit_code == 0
    package = tmp_path / "enterprise-registration"
    shutil.copytree(lianban.PROCESSES / package.name, package)
    item = package / "item.toml"
    item.write_text(item.read_text().replace('promised = "1WD"', 'promised = "soon"'))

    assert "stored. item.toml limits.promised: " in told(run("deploy", str(package), LIANBAN_DATABASE_URL=url))
