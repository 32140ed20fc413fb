"""What a scenario file may say, and that whatever is wrong with it is told with its line."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.scenarios.grammar import VERBS
from casework.scenarios.mismatch import Mismatch
from casework.scenarios.reading import Scenario, read_scenario, read_values
from casework.scenarios.runner import VERBS as RUNNING

PAGE = Path(__file__).parents[2] / "processes" / "README.md"


def written(folder: Path, text: str) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def scenario(folder: Path, *steps: str) -> Scenario:
    lines = "".join(f"  - {step}\n" for step in steps)
    return read_scenario(written(folder, f"scenario: 撤件\nsteps:\n{lines}"))


def wrong(folder: Path, *steps: str) -> Mismatch:
    with pytest.raises(Mismatch) as found:
        scenario(folder, *steps)
    return found.value


def test_every_verb_of_the_list_runs_and_no_other() -> None:
    assert RUNNING.keys() == VERBS.keys()


def test_the_page_lists_every_verb_with_its_arguments() -> None:
    row = re.compile(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|", re.MULTILINE)
    listed = {
        verb: (set(re.findall(r"\w+", required)), set(re.findall(r"\w+", optional)))
        for verb, required, optional in row.findall(PAGE.read_text(encoding="utf-8"))
    }

    assert listed == {verb: (set(form.required), set(form.optional)) for verb, form in VERBS.items()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-02-13", "2026-02-13"),
        ("2026-02-13 09:00:00", "2026-02-13 09:00:00"),
        ("10:30", "10:30"),
        ("yes", "yes"),
        ("on", "on"),
        ("0571", "0571"),
        ("1_000", "1_000"),
        ("429101199008221326", "429101199008221326"),
        ('"18"', "18"),
        ("18", 18),
        ("-3", -3),
        ("0.5", 0.5),
        ("true", True),
        ("null", None),
        ("", None),
        ("[8, 无]", [8, "无"]),
        ("!!python/name:os.system x", "x"),
    ],
)
def test_values__look_the_same_to_every_reader(tmp_path: Path, text: str, value: object) -> None:
    assert read_values(written(tmp_path, f"value: {text}\n")) == {"value": value}


def test_steps__know_their_lines(tmp_path: Path) -> None:
    read = scenario(tmp_path, "at: 2026-03-02 09:00", "complete:\n      by: bank\n      step: 银行预约开户")

    assert [(step.verb, step.line) for step in read.steps] == [("at", 3), ("complete", 4)]
    assert read.steps[1].line_of("step") == 6
    assert read.steps[1].line_of("form") == 4


def test_steps__may_say_what_the_office_refuses(tmp_path: Path) -> None:
    read = scenario(tmp_path, "withdraw: {by: agent}\n    refused: {code: conflict, mentions: 已结束}")

    assert read.steps[0].refused == {"code": "conflict", "mentions": "已结束"}


@pytest.mark.parametrize(
    ("steps", "line", "expected"),
    [
        (["approve: {by: window}"], 3, "one verb"),
        (["at: 2026-03-02", "accept: {by: window}\n    decline: {by: window}"], 4, "one verb"),
        (["accept"], 3, "name: value"),
        (["accept: window"], 3, "name: value"),
        (["accept: {}"], 3, "the argument by"),
        (["accept:\n      by: window\n      with: 意见"], 5, "one of by, comment"),
        (["complete:\n      by: bank\n      step: 银行预约开户\n      form: [1]"], 6, "name: value"),
        (["submit:\n      by: 5\n      application: a.yaml"], 4, "text"),
        (["days_pass: 三天"], 3, "a number"),
        (["days_pass: true"], 3, "a number"),
        (["inbox: {bank: 银行预约开户}"], 3, "a list"),
        (["withdraw: {by: agent}\n    refused: {mentions: 已结束}"], 4, "the argument code"),
        (["accept: {by: window, by: lead}"], 3, "each name once"),
        (["accept: {by: *window}"], 3, "valid YAML"),
        (["accept: {by: window"], 4, "valid YAML"),
    ],
)
def test_steps__what_is_wrong_is_told_with_its_line(tmp_path: Path, steps: list[str], line: int, expected: str) -> None:
    found = wrong(tmp_path, *steps)

    assert found.line == line
    assert expected in found.expected.en


@pytest.mark.parametrize("text", ["", "5", "- at: 5", "scenario: 撤件", "scenario: 撤件\nsteps: {}", "[" * 5000])
def test_files__that_are_no_scenario(tmp_path: Path, text: str) -> None:
    with pytest.raises(Mismatch) as found:
        read_scenario(written(tmp_path, text))
    assert found.value.line is not None


def test_files__that_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"scenario: \xff\xfe")

    for file in (broken, tmp_path / "missing.yaml"):
        with pytest.raises(Mismatch) as found:
            read_scenario(file)
        assert found.value.expected.en == "a readable YAML file"


@given(text=st.text(alphabet="scenariostep: \n-[]{},&*!|>'\"#%@`0123\t撤件", max_size=200))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files__any_text_is_a_scenario_or_told_to_be_none(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    try:
        line = len(read_scenario(file).steps) + 1
    except Mismatch as found:
        line = found.line or 0

    assert line >= 1
