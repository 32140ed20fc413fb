"""The page 《时限怎么算》: the calculator gives every example as the page has it, in both of its languages."""

import json
import re
from pathlib import Path

import lianban
from casework import departments, regions
from casework.departments import NewDepartment
from engine.ports import ENGINE
from tests.served import Served

PAGE = (Path(lianban.__file__).parent / "docs" / "working-days.md").read_text()
EXAMPLE = re.compile(
    r"`/api(/calendars/\S+/deadline\?\S+)` → `([-0-9: ]+|—)`((?:，暂定|, provisional)?)$", re.MULTILINE
)
CLOSURE = re.compile(r'^`(\{"source".*\})`$', re.MULTILINE)
YUNXI = "429101"

Example = tuple[str, str, bool]


def examples(text: str) -> list[Example]:
    """Address, deadline, whether it is provisional."""
    return [(address, due, bool(mark)) for address, due, mark in EXAMPLE.findall(text)]


def furnish(served: Served) -> None:
    """What the page supposes: a division with a closure of its own, and its customs."""
    with served.database.begin(ENGINE) as tx:
        regions.add(tx, YUNXI, "云溪市")
        customs = NewDepartment(
            "customs",
            "海关",
            "Customs",
            region=YUNXI,
            office_hours="08:30-12:00,13:30-16:30",
            ends_at_close=True,
            defers_late_receipt=True,
        )
        departments.add(tx, customs)
    [closure, _] = CLOSURE.findall(PAGE)
    answer = served.person("admin").put(f"/calendars/{YUNXI}/2026", json.loads(closure))
    assert answer.status_code == 200, answer.text


def test_the_calculator_gives_every_example_of_the_page(served: Served) -> None:
    furnish(served)
    for address, due, provisional in set(examples(PAGE)):
        found = served.anybody.json(address)

        told = "—" if found["due"] is None else found["due"][:19].replace("T", " ")
        assert (told, found["provisional"]) == (due, provisional), address


def test_both_languages_have_the_same_examples() -> None:
    chinese, _, english = PAGE.partition("## English")

    assert examples(chinese) == examples(english)
    assert len(examples(chinese)) == chinese.count("/deadline?") > 30
