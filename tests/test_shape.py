"""The architecture as tests: what a reader may rely on in every file, table, error and route."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from api.application import create_app
from api.errors import STATUS
from api.routes import Routes
from casework.matrix import MATRIX
from engine.errors import EngineError
from engine.ports import Ports
from engine.tables import Base
from engine.transaction import Database
from tests import third_party

ROOT = Path(__file__).parent.parent
PACKAGES = ["engine", "forms", "casework", "api", "cli"]
LONGEST_FILE, LONGEST_FUNCTION = 400, 50
EMPTY_NAMES = {"common", "data", "helper", "helpers", "info", "manager", "misc", "service", "services", "util", "utils"}


def written(*folders: str) -> list[Path]:
    """Every Python file of these folders that a person wrote; a revision is generated."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in files if path.parent.name != "versions")


PRODUCT = [*written(*PACKAGES), *ROOT.glob("*.py")]
EVERYTHING = [*PRODUCT, *written("tests", "benchmarks")]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def modules() -> list[ModuleType]:
    """The product, imported."""
    packages = [path for path in PRODUCT if path.parent != ROOT and path.name not in {"env.py", "__main__.py"}]
    return [import_module(named(path).removesuffix(".py").replace("/", ".")) for path in packages]


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in EVERYTHING}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{named(path)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = dict(found for path in EVERYTHING for found in functions(path))

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_owns() -> None:
    modules = {named(path): ast.parse(path.read_text()) for path in EVERYTHING}

    assert [name for name, module in modules.items() if module.body and not ast.get_docstring(module)] == []


def test_no_file_is_named_after_nothing() -> None:
    assert [named(path) for path in EVERYTHING if path.stem in EMPTY_NAMES] == []


def test_nothing_is_put_off() -> None:
    put_off = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

    assert [
        named(path) for path in EVERYTHING if path.name != "test_shape.py" and put_off.search(path.read_text())
    ] == []


def test_one_place_commits() -> None:
    commits = Counter({named(path): path.read_text().count(".commit(") for path in PRODUCT})

    assert +commits == {"engine/transaction.py": 1}


def test_nothing_imports_the_composition_root() -> None:
    asks = re.compile(r"^\s*(import|from) lianban\b", re.MULTILINE)

    assert [named(path) for path in PRODUCT if asks.search(path.read_text())] == []


def subclasses(error: type[EngineError]) -> Iterator[type[EngineError]]:
    for derived in error.__subclasses__():
        if derived.__module__.split(".")[0] in PACKAGES:
            yield derived
        yield from subclasses(derived)


def test_every_error_has_a_code_a_title_and_a_status_of_its_own(modules: list[ModuleType]) -> None:
    errors = list(subclasses(EngineError))

    assert [error.__name__ for error in errors if not {"code", "title"} <= vars(error).keys()] == []
    assert [code for code, count in Counter(error.code for error in errors).items() if count > 1] == []
    assert [error.__name__ for error in errors if error not in STATUS] == []


def test_every_table_says_what_becomes_of_its_rows(modules: list[ModuleType]) -> None:
    """A row has a revision, is never changed, or is gone when it is done with."""
    fate = re.compile(r"append-only|deleted|closed when", re.IGNORECASE)
    tables = [mapper.class_ for mapper in Base.registry.mappers]

    assert [
        table.__name__ for table in tables if not (hasattr(table, "revision") or fate.search(table.__doc__ or ""))
    ] == []


def test_every_state_of_an_enum_is_explained(modules: list[ModuleType]) -> None:
    enums = [enum for enum in StrEnum.__subclasses__() if ".tables." in enum.__module__]
    unexplained = [
        f"{enum.__name__}.{state.name}" for enum in enums for state in enum if state.name not in (enum.__doc__ or "")
    ]

    assert unexplained == []


def test_every_route_says_who_may_call_it(modules: list[ModuleType], sqlite_url: str, ports: Ports) -> None:
    own = {module.routes for module in modules if isinstance(getattr(module, "routes", None), Routes)}
    with closing(Database(sqlite_url, ports)) as database:
        built_in = create_app(database)
        app = create_app(database, [routes for routes in own if routes.name not in built_in.blueprints])

    stated = {rule.rule: getattr(app.view_functions[rule.endpoint], "door", None) for rule in app.url_map.iter_rules()}

    assert [path for path, door in stated.items() if door is None] == []
    assert [path for path, door in stated.items() if door and door.act is not None and door.act not in MATRIX] == []


def test_every_dependency_is_pinned_and_pinned_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.sub(r"\[.*\]", "", line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]}
    pinned = set((ROOT / "constraints.txt").read_text().split())

    assert asked <= pinned
    assert [line for line in pinned if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_page_of_third_party_software_names_what_is_installed() -> None:
    """`python -m tests.third_party` writes it again."""
    page = third_party.PAGE.read_text()

    assert [row for row in third_party.table().splitlines() if row not in page] == []


def test_every_link_of_a_page_leads_to_a_file() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "processes").rglob("*.md")]
    links = {(page, link) for page in pages for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text())}

    assert [f"{named(page)}: {link}" for page, link in links if not (page.parent / link).exists()] == []
