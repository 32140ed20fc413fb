"""Items in and out by the thousand: all of a file or nothing; every bad line is told; what is the same stays."""

import io
import json
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from casework import item_changes, item_import, item_lines, item_versions, items
from casework.item_changes import Ground
from casework.item_import import Summary
from casework.item_lines import Lines
from casework.tables import Item
from engine.errors import Forbidden, Invalid
from engine.ports import ENGINE
from engine.transaction import Database
from tests.office import actor
from tests.served import Served, item
from tests.statements import statements

TODAY = date(2026, 3, 2)


def document(code: str = "opening", **changes: Any) -> dict[str, Any]:
    said = tomllib.loads(item(code=code).decode())
    return said | {"in_force_on": TODAY.isoformat(), "document_number": "云政办发〔2026〕7号"} | changes


def text(*documents: dict[str, Any] | str) -> bytes:
    return b"".join(
        (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)).encode() + b"\n" for one in documents
    )


@contextmanager
def lines_of(content: bytes) -> Iterator[Lines]:
    with closing(item_lines.read(io.BytesIO(content))) as lines:
        yield lines


def imported(office: Database, content: bytes) -> Summary:
    with lines_of(content) as lines, office.begin(actor(office, "admin")) as tx:
        return item_import.publish(tx, lines)


def refusal(office: Database, content: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        imported(office, content)
    return refused.value


def told(refused: Invalid) -> list[tuple[int | None, str | None]]:
    return [(fault.line, fault.element_id) for fault in refused.faults]


def exported(office: Database) -> bytes:
    with office.view(ENGINE) as tx:
        return text(*item_import.exported(tx))


def stored(office: Database) -> int:
    with office.view(ENGINE) as tx:
        return tx.session.scalar(select(func.count()).select_from(Item)) or 0


@pytest.fixture
def catalogue(served: Served) -> Database:
    """An office in which the process and the form of the items are deployed."""
    return served.opens().database


@pytest.mark.parametrize("content", [b"# README\n\nA page of text.\n", b"PK\x03\x04\xff\n\xfe\n", b'["opening"]\n'])
def test_a_file_of_something_else_is_told_in_one_sentence(catalogue: Database, content: bytes) -> None:
    refused = refusal(catalogue, content)

    assert "没有一行是 JSON 对象" in refused.detail.zh
    assert refused.faults == ()


@pytest.fixture
def many() -> list[dict[str, Any]]:
    return [document(f"item-{number:04}") for number in range(1_200)]


def test_what_is_new_is_created_what_differs_is_changed_the_rest_is_left_alone(catalogue: Database) -> None:
    first = imported(catalogue, text(document("one"), document("two"), document("three")))
    second = imported(catalogue, text(document("one"), document("two", body="行政审批局"), document("four")))

    assert (first, second) == (Summary(3, 0, 0), Summary(1, 1, 1))
    with catalogue.view(ENGINE) as tx:
        now = {code: items.current(tx, code) for code in ("one", "two", "three", "four")}
    assert {code: found.version for code, found in now.items()} == {"one": 1, "two": 2, "three": 1, "four": 1}
    assert now["two"].published_by == "admin"
    assert items.of(now["two"]).published["body"] == "行政审批局"


def test_importing_what_was_exported_changes_nothing(catalogue: Database, many: list[dict[str, Any]]) -> None:
    imported(catalogue, text(*many, document("one", questions=[{"question": "“引号”？\n", "answer": "\\ \u2028 𠮷"}])))
    before = exported(catalogue)

    again = imported(catalogue, before)

    assert again == Summary(0, 0, len(many) + 2)
    assert exported(catalogue) == before


def test_a_planned_version_is_exported_because_it_is_the_newest(catalogue: Database) -> None:
    imported(catalogue, text(document("one")))
    imported(catalogue, text(document("one", in_force_on="2026-07-01")))

    assert imported(catalogue, exported(catalogue)).changed == 0


def test_a_wrong_code_in_one_line_of_many_stores_nothing(catalogue: Database, many: list[dict[str, Any]]) -> None:
    before = stored(catalogue)
    many[811]["code"] = "Item 812"

    refused = refusal(catalogue, text(*many))

    assert told(refused) == [(812, "code")]
    assert refused.faults[0].sentence.zh == "格式不对。"
    assert stored(catalogue) == before


def test_every_bad_line_is_told_with_its_number_and_its_key(catalogue: Database) -> None:
    wrong = [
        document("one"),
        "{",
        document("two", process="nothing", form="nothing"),
        '["a list"]',
        document("one"),
        document("three", limits={"promised": "soon"}, visits=1),
        document("four", in_force_on=None, document_number=None),
        document("five", participants=[{"role": "customs", "lead": True}]),
        "",
        document("six", body="某局\x00"),
        document("seven", body="某局\ud800"),
    ]
    raw = b"\n".join((one if isinstance(one, str) else json.dumps(one)).encode() for one in wrong)

    refused = refusal(catalogue, raw + b"\n\xff\n")

    assert told(refused) == [
        (2, None),
        (3, "process"),
        (3, "form"),
        (4, None),
        (5, "code"),
        (6, "limits.promised"),
        (6, "visits"),
        (7, "in_force_on"),
        (7, "document_number"),
        (8, "participants[0].role"),
        (10, None),
        (11, None),
        (12, None),
    ]
    assert refused.detail.en == "13 faults in 10 lines; no item was imported."
    assert stored(catalogue) == 1


def test_the_list_of_bad_lines_is_capped_and_their_number_is_not(catalogue: Database) -> None:
    content = text(*("{" for _ in range(1_500)), document())
    with lines_of(content) as lines, pytest.raises(Invalid) as refused, catalogue.begin(ENGINE) as tx:
        item_import.publish(tx, lines, most_listed=10)

    assert [fault.line for fault in refused.value.faults] == list(range(1, 11))
    assert refused.value.detail.en.startswith("1500 faults in 1500 lines")


def test_a_preview_tells_what_would_be_and_stores_nothing(catalogue: Database) -> None:
    before = exported(catalogue)
    with lines_of(text(document("one"))) as lines, catalogue.view(actor(catalogue, "admin")) as tx:
        assert item_import.preview(tx, lines) == Summary(created=1)

    assert exported(catalogue) == before


def test_a_repealed_item_is_not_exported_and_gets_no_version(catalogue: Database) -> None:
    imported(catalogue, text(document("one"), document("two")))
    with catalogue.begin(ENGINE) as tx:
        item_changes.repeal(tx, "one", Ground(TODAY, "法律修改", "云政发〔2026〕3号"))

    assert [json.loads(line)["code"] for line in exported(catalogue).splitlines()] == ["opening", "two"]
    assert told(refusal(catalogue, text(document("one", body="二局")))) == [(1, "code")]
    assert imported(catalogue, text(document("one"))).unchanged == 1


def test_a_table_over_a_field_that_the_form_does_not_have_is_told(catalogue: Database) -> None:
    matter = {"code": "fire", "name": "消防", "name_en": "Fire", "role": "bank", "when": [{"floor_area": "> 500"}]}

    refused = refusal(catalogue, text(document("one"), document("two", matters=[matter])))

    assert [fault.line for fault in refused.faults] == [2]


def test_an_import_takes_few_statements(catalogue: Database, many: list[dict[str, Any]]) -> None:
    with lines_of(text(*many)) as lines, statements(catalogue.engine) as sent, catalogue.begin(ENGINE) as tx:
        item_import.publish(tx, lines)

    batches = -(-len(many) // item_import.AT_ONCE)
    assert len(sent) <= 8 + 2 * batches, "\n".join(sent)


def test_only_an_administrator_imports(catalogue: Database) -> None:
    with lines_of(text(document())) as lines:
        for login in ("designer", "lead"):
            with pytest.raises(Forbidden), catalogue.begin(actor(catalogue, login)) as tx:
                item_import.publish(tx, lines)


def test_a_line_that_is_too_long_is_told_and_the_next_one_read() -> None:
    long = b'{"name": "' + b"x" * item_lines.LONGEST_LINE * 2 + b'"}\n'
    with lines_of(long + text(document("one"), "{")) as lines:
        assert [fault.line for fault in lines.faults.in_order()] == [1, 3]
        assert [line.number for line in lines] == [2]


@given(st.lists(st.one_of(st.binary(max_size=60), st.just(b'{"code": "a"}'), st.just(text(document("one")).strip()))))
def test_any_file_is_read_to_its_end_and_every_line_is_right_or_told(parts: list[bytes]) -> None:
    content = b"\n".join(parts)
    with lines_of(content) as lines:
        numbers = [line.number for line in lines]
    said = {number for number, raw in enumerate(content.split(b"\n"), start=1) if raw.strip()}

    assert said == set(numbers) | lines.faults.lines
    assert not set(numbers) & lines.faults.lines


def test_a_version_published_meanwhile_is_seen(catalogue: Database) -> None:
    """What is in the file is compared under the lock, not when it was read."""
    with lines_of(text(document("one", body="二局"))) as lines:
        imported(catalogue, text(document("one")))
        with catalogue.begin(ENGINE) as tx:
            assert item_import.publish(tx, lines) == Summary(changed=1)
    with catalogue.view(ENGINE) as tx:
        assert item_versions.one(tx, "one", 2).code == "one"
