"""docs/engine-rest.md lists what is served under /engine-rest, no more and no less."""

import re
from contextlib import closing
from pathlib import Path

import lianban
from api.engine_rest.errors import PREFIX
from api.routes import doors
from engine.transaction import Database

PAGE = Path(__file__).parent.parent.parent / "docs" / "engine-rest.md"
ROW = re.compile(r"\| `((?:GET|POST|PUT|DELETE|OPTIONS) /\S+)` \| (?:same|better|refused) \|")


def test_the_page_lists_every_endpoint() -> None:
    with closing(Database("sqlite:///unused", lianban.ports())) as database:
        served = [
            f"{door.method} {path.removeprefix(PREFIX)}"
            for path, door in doors(lianban.create_app(database))
            if path.startswith(PREFIX)
        ]
    assert sorted(ROW.findall(PAGE.read_text())) == sorted(served)


def test_what_is_better_says_how_and_what_is_refused_says_why() -> None:
    differs = [line for line in PAGE.read_text().splitlines() if "| better |" in line or "| refused |" in line]
    assert [line for line in differs if line.endswith("| |")] == []
