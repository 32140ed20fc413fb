"""The ladder of an item: rows that are right become rungs, of what no row names the default holds."""

from typing import Any

import pytest

from casework import item_document, ladders
from casework.ladders import Action, Light, Recipient
from engine.errors import DiagramRefused
from tests.served import item

ROW = {"clock": "department", "used": 80, "signal": "blue", "recipients": ["holder"], "action": "notify"}


def with_ladder(*rows: dict[str, Any]) -> bytes:
    text = item().decode()
    for row in rows:
        said = "".join(f"{name} = {value!r}\n" for name, value in row.items())
        text += f"[[ladder]]\n{said}"
    return text.encode()


def test_an_items_row_replaces_the_default_of_its_clock_alone() -> None:
    ladder = item_document.read("item.toml", with_ladder(ROW)).ladder
    (own,) = (rung for rung in ladder if rung.clock == "department")
    assert (own.used, own.signal, own.recipients, own.action) == (
        80,
        Light.BLUE,
        frozenset({Recipient.HOLDER}),
        Action.NOTIFY,
    )
    assert [rung.signal for rung in ladder if rung.clock == "promised"] == [Light.YELLOW, Light.RED]


def test_the_default_is_yellow_at_nine_tenths_and_red_at_the_deadline() -> None:
    found = {rung.key for rung in ladders.DEFAULT if rung.clock == "department"}
    assert found == {"yellow@90%", "red@+0WD"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"clock": "correction"}, "ladder[0].clock"),
        ({"used": 0}, "ladder[0].used"),
        ({"used": 101}, "ladder[0].used"),
        ({"before": "1WD"}, "ladder[0].used"),
        ({"against": "statutory"}, "ladder[0].against"),
        ({"against": "step"}, "ladder[0].against"),
        ({"signal": "green"}, "ladder[0].signal"),
        ({"recipients": []}, "ladder[0].recipients"),
        ({"action": "deem"}, "ladder[0].action"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(f"{key}" for key in value),
)
def test_a_row_that_means_nothing_is_refused_where_it_stands(change: dict[str, Any], place: str) -> None:
    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", with_ladder(ROW | change))
    assert [fault.sentence.en.split(":")[0] for fault in refused.value.faults] == [f"item.toml {place}"]


def test_the_same_rung_twice_is_refused() -> None:
    with pytest.raises(DiagramRefused):
        item_document.read("item.toml", with_ladder(ROW, ROW))
