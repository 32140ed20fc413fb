"""The process packages that come with the product: their scenarios hold, and their files fit each other."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from casework import meaning_faults
from casework.lint import OFFICE_ROLES
from casework.scenarios import DatabaseFactory, run_package
from casework.scenarios.package import COMMON, Package, files_of
from engine.diagram import read_diagram
from engine.diagram.model import Process
from engine.errors import DiagramRefused
from engine.transaction import Database
from forms import compile_form
from lianban import ports

PROCESSES = Path(__file__).parents[2] / "processes"
PACKAGES = sorted(folder for folder in PROCESSES.iterdir() if (folder / "item.toml").exists())
FOLDERS = [*PACKAGES, PROCESSES / COMMON]
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
REGISTRATION = PROCESSES / "enterprise-registration"

NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}


def name_of(path: Path) -> str:
    return path.stem if path.is_file() else path.name


@pytest.fixture
def databases(database_url: str) -> DatabaseFactory:
    """The office's own ports on either database, with the scenario's present."""

    @contextmanager
    def opened(present: Callable[[], datetime]) -> Iterator[Database]:
        with closing(Database(database_url, replace(ports(), now=present))) as database:
            yield database

    return opened


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_packages__every_scenario_holds(package: Path, databases: DatabaseFactory) -> None:
    results = run_package(package, databases)

    assert [(result.file.name, result.failure) for result in results if result.failure] == []
    assert len(results) == len(list((package / "scenarios").glob("*.yaml"))) > 0


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the enterprise registration without its scenarios, and beside it what it calls."""
    for name in (COMMON, REGISTRATION.name):
        shutil.copytree(PROCESSES / name, tmp_path / name)
    for file in (tmp_path / REGISTRATION.name / "scenarios").glob("*.yaml"):
        file.unlink()
    return tmp_path / REGISTRATION.name


def tell(package: Path, name: str, steps: tuple[str, ...]) -> None:
    told = "".join(f"  - {step}\n" for step in steps)
    (package / "scenarios" / f"{name}.yaml").write_text(f"scenario: 试办\nsteps:\n{told}", encoding="utf-8")


class Told(NamedTuple):
    """What a scenario says wrongly, and what is answered: the line, and words of what was expected and found."""

    steps: tuple[str, ...]
    line: int
    expected: str
    found: str


BEGUN = (
    "at: 2026-03-02 09:00",
    "submit: {by: applicant, application: applications/xingye.yaml}",
)
TOLD_WRONG = (
    Told((*BEGUN, "expect:\n      state: RECEIVED\n      open: [登记审核]"), 7, "登记审核", "受理"),
    Told((*BEGUN, "inbox: {taxation: [税务信息确认]}"), 5, "税务信息确认", "无"),
    Told((*BEGUN, "complete: {step: 登记审核, by: window}"), 5, "环节“登记审核”", "受理"),
    Told((*BEGUN, "decline: {by: window, comment: ''}"), 5, "可以办理", "须说明理由"),
    Told((*BEGUN, "accept: {by: window}\n    refused: {code: conflict}"), 5, "被拒绝：conflict", "已办理"),
    Told((*BEGUN, "accept: {by: taxation}\n    refused: {code: conflict}"), 5, "conflict", "not-found"),
    Told((*BEGUN, "accept: {by: zhao-li}"), 5, "登录名", "zhao-li"),
    Told((*BEGUN, "at: 2026-03-01"), 5, "不早于", "2026-03-01"),
    Told((*BEGUN, "at: 下周一"), 5, "2026-02-13 09:00", "下周一"),
    Told((*BEGUN, "accept: {by: window}", "expect: {deadline: 2026-03-02}"), 6, "2026-03-02", "2026-03-03"),
    Told((*BEGUN, "expect: {variables: {employees: 30}}"), 5, "employees = 30", "employees = 3"),
    Told(("accept: {by: window}",), 3, "先有 submit", "还没有办件"),
    Told(("inbox: {window: []}",), 3, "先有 submit", "还没有办件"),
    Told(("submit: {by: applicant, application: applications/none.yaml}",), 3, "可读的 YAML", "none.yaml:1"),
    Told(("submit:\n      by: applicant\n      application: 00.yaml",), 5, "applicant", "scenario"),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_failure__shows_line_expected_and_found(package: Path, databases: DatabaseFactory) -> None:
    for place, told in enumerate(TOLD_WRONG):
        tell(package, f"{place:02}", told.steps)

    failures = [result.failure for result in run_package(package, databases)]

    assert [failure and failure.line for failure in failures] == [told.line for told in TOLD_WRONG]
    for told, failure in zip(TOLD_WRONG, failures, strict=True):
        assert failure is not None
        assert told.expected in failure.expected.zh
        assert told.found in failure.found.zh


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("day", ["2026-03-03", "2031-01-01"])
def test_package__plays_before_the_day_on_which_its_item_begins(
    package: Path, databases: DatabaseFactory, day: str
) -> None:
    """A change is tried before it counts: the day it is published for need not be taken out."""
    item = package / "item.toml"
    item.write_text(re.sub(r"(?m)^in_force_on = .*$", f"in_force_on = {day}", item.read_text()))
    tell(package, "00", (*BEGUN, "accept: {by: window}", "days_pass: 1", "expect: {state: ACCEPTED}"))

    assert [result.failure for result in run_package(package, databases)] == [None]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_package__plays_with_a_department_that_the_demonstration_does_not_have(
    package: Path, databases: DatabaseFactory
) -> None:
    """Who lets one more department take part tries it before anybody works there; its people go by its role."""
    for file in (package / "item.toml", package / "enterprise-registration.bpmn"):
        file.write_text(file.read_text().replace('"taxation"', '"customs"'))
    tell(
        package,
        "00",
        (
            *BEGUN,
            "accept: {by: window}",
            "inbox: {customs: [税务信息确认], customs-head: [税务信息确认], taxation: []}",
            "claim: {step: 税务信息确认, by: customs-2}",
        ),
    )

    assert [result.failure for result in run_package(package, databases)] == [None]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_package__with_faults_runs_nothing(package: Path, databases: DatabaseFactory) -> None:
    (package / "item.toml").write_text('code = "x"\n')

    with pytest.raises(DiagramRefused) as refused:
        run_package(package, databases)
    assert any("promised" in fault.sentence.en or "limits" in fault.sentence.en for fault in refused.value.faults)


def processes_of(diagram: Path) -> tuple[Process, ...]:
    read = read_diagram(diagram.read_bytes(), functions=ports().function_names, delegates=())
    assert read.warnings == ()
    return read.processes


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=name_of)
def test_diagrams__are_named_by_their_key_and_say_nothing_misspelt(diagram: Path) -> None:
    [process] = processes_of(diagram)

    assert process.key == diagram.stem
    assert meaning_faults.faults(process) == []


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=name_of)
def test_diagrams__hold_no_limit_of_their_own(diagram: Path) -> None:
    timers = [node.event.timer for [process] in [processes_of(diagram)] for node in process.nodes.values()
              if node.event and node.event.timer]  # fmt: skip

    assert [timer.expression.text for timer in timers if timer.expression.is_literal] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_packages__name_the_forms_that_lie_beside_and_the_departments_that_take_part(folder: Path) -> None:
    processes = [process for diagram in folder.glob("*.bpmn") for process in processes_of(diagram)]
    drawn = [node.assignment for process in processes for node in process.nodes.values() if node.assignment]
    forms = {one.form.reference.text for one in drawn if one.form and one.form.reference}
    roles = {group.text for one in drawn for group in one.candidate_groups if group.is_literal}
    item = Package(folder).item
    examining = {matter.role for matter in item.matters} if item else set()

    assert forms == {file.stem for file in folder.glob("*.form")}
    assert (roles | examining) - OFFICE_ROLES == (set(item.participants) if item else set())


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=name_of)
def test_diagrams__everything_drawn_has_its_place(diagram: Path) -> None:
    root = etree.fromstring(diagram.read_bytes())
    placed = set(root.xpath("//bpmndi:*/@bpmnElement", namespaces=NAMESPACES))
    [process] = processes_of(diagram)

    assert {*process.nodes, *process.flows, process.key} - placed == set()


Box = tuple[float, float, float, float]


def box(element: etree._Element) -> Box:
    x, y, width, height = (float(element.get(name, "")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=name_of)
def test_diagrams__labels_cover_nothing(diagram: Path) -> None:
    """No label lies on a shape, on a flow or on another label; sub-processes are the ground they lie on."""
    root = etree.fromstring(diagram.read_bytes())
    [process] = processes_of(diagram)
    grounds = {node.id for node in process.nodes.values() if node.type == "subProcess"}
    shapes = [
        box(bounds)
        for shape in root.iterfind(".//bpmndi:BPMNShape", NAMESPACES)
        for bounds in shape.iterfind("dc:Bounds", NAMESPACES)
        if shape.get("bpmnElement") not in grounds
    ]
    labels = [box(bounds) for bounds in root.iterfind(".//bpmndi:BPMNLabel/dc:Bounds", NAMESPACES)]
    lines = [line for edge in root.iterfind(".//bpmndi:BPMNEdge", NAMESPACES) for line in lines_of(edge)]

    for place, label in enumerate(labels):
        others = [*shapes, *lines, *labels[place + 1 :]]
        assert [other for other in others if overlap(label, other)] == [], label


def lines_of(edge: etree._Element) -> list[Box]:
    """The straight pieces of a flow, each as a box without breadth."""
    points = [
        (float(point.get("x", "")), float(point.get("y", ""))) for point in edge.iterfind("di:waypoint", NAMESPACES)
    ]
    return [(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in pairwise(points)]


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_packages__a_deployment_holds_diagrams_forms_decisions_and_item_only(folder: Path) -> None:
    assert all(re.fullmatch(r"[a-z-]+\.(bpmn|dmn|form)|item\.toml", name) for name in files_of(folder))


@pytest.mark.parametrize("folder", PACKAGES, ids=name_of)
def test_packages__an_item_names_a_process_a_form_and_fields_that_there_are(folder: Path) -> None:
    item = Package(folder).item
    files = files_of(folder)
    forms = [compile_form(content) for name, content in files.items() if name.endswith(".form")]
    paths = [re.sub(r"\[.*?\]", "", one.path).split(".") for form in forms for one in form.fields]
    fields = {".".join(path[:length]) for path in paths for length in range(1, len(path) + 1)}

    assert item is not None
    assert {f"{item.process}.bpmn", f"{item.form}.form"} <= files.keys()
    assert item.published["title"] in fields
    assert {field for part in item.participants.values() for field in part.fields or ()} - fields == set()
