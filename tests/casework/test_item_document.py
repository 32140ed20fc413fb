"""What is refused in an item.toml, and what a case is called."""

import re

import pytest

from casework import item_document
from engine.errors import DiagramRefused
from tests.served import item


def with_lines(*lines: str) -> bytes:
    return "\n".join(lines).encode() + b"\n" + item()


@pytest.mark.parametrize(
    "hostile",
    [
        with_lines("x = " + "[" * 20_000),
        with_lines("x = " + "9" * 5_000),
        with_lines("x = [" + "{y = " * 5_000),
        item().replace(b'body = "', b'body = "\\u0000'),
        item().replace(b"visits = 1", b"visits = 0x1" + b"0" * 9_000),
        b"\xff",
    ],
)
def test_a_hostile_file_is_refused_and_never_breaks_the_reader(hostile: bytes) -> None:
    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", hostile)

    assert len(refused.value.faults) == 1


@pytest.mark.parametrize("code", ["", "-opening", "Opening", "a/b", "企业", "opening\\n", "a" * 65])
def test_a_code_that_cannot_stand_in_an_address_is_refused(code: str) -> None:
    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", item(code=code))

    assert refused.value.faults[0].sentence.en.startswith("item.toml code: ")


@pytest.mark.parametrize("blank", ["", "  ", "\\u200b", "\\n"])
@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('article = "第三条"', "basis[0].article"),
        ('conditions = ["名称符合规定"]', "guide.conditions[0]"),
        ('body = "市场监督管理局"', "body"),
    ],
)
def test_a_text_that_says_nothing_is_refused(line: str, key: str, blank: str) -> None:
    content = item().decode()
    assert line in content
    emptied = re.sub('".*"', lambda _: f'"{blank}"', line)

    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", content.replace(line, emptied).encode())

    assert [fault.sentence.en.partition(":")[0] for fault in refused.value.faults] == [f"item.toml {key}"]


def test_more_than_two_hundred_participants_are_refused() -> None:
    departments = [f"department-{number}" for number in range(201)]

    assert len(item_document.read("item.toml", item(departments[:200])).participants) == 200
    with pytest.raises(DiagramRefused):
        item_document.read("item.toml", item(departments))


def test_every_fault_of_a_file_is_found() -> None:
    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", with_lines(*(f"unknown{number} = 1" for number in range(150))))

    assert len(refused.value.faults) == 150


@pytest.mark.parametrize(
    ("named", "title"),
    [
        ("临安知微", "临安知微"),
        ("", "陆嘉禾"),
        (None, "陆嘉禾"),
        (["x"], "陆嘉禾"),
        (7, "陆嘉禾"),
        ("x" * 201, "陆嘉禾"),
    ],
)
def test_a_case_is_called_by_a_short_text_else_by_its_applicant(named: object, title: str) -> None:
    assert item_document.read("item.toml", item()).title_of({"company": named}, "陆嘉禾") == title


def with_rounds(said: str) -> bytes:
    return item().replace(b"[guide]", f"[limits.rounds]\n{said}\n[guide]".encode())


def test_rounds_are_no_time_limits() -> None:
    document = item_document.read("item.toml", with_rounds("coordination = 2"))

    assert dict(document.rounds) == {"coordination": 2}
    assert "rounds" not in document.limits


@pytest.mark.parametrize("said", ["coordination = -1", "coordination = 101", 'coordination = "2WD"', "Second-try = 1"])
def test_rounds_are_small_whole_numbers_under_names_that_expressions_can_read(said: str) -> None:
    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", with_rounds(said))

    assert refused.value.faults[0].sentence.en.startswith("item.toml limits.rounds.")


def test_whoever_takes_part_may_read_what_cases_are_called() -> None:
    untold = item().replace(b'fields = ["company"]', b'fields = ["staff"]')

    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", untold)

    assert [fault.sentence.en for fault in refused.value.faults] == [
        "item.toml participants[2].fields: Lists call a case by “company”, so fields must name it."
    ]


FEE = """
[[fees]]
code = "fee"
name = "登记费"
name_en = "Fee"
role = "taxation"
amount = "10.00"
basis = "价费字〔1992〕414号"
[[fees.shares]]
account = "县级国库"
percent = 100
"""


@pytest.mark.parametrize(
    ("line", "wrong", "key"),
    [
        ('amount = "10.00"', 'amount = "10.005"', "fees[0].amount"),
        ('amount = "10.00"', 'amount = "-1"', "fees[0].amount"),
        ("percent = 100", "percent = 99", "fees[0].shares"),
        ('role = "taxation"', 'role = "water"', "fees[0].role"),
        ('basis = "价费字〔1992〕414号"', "", "fees[0].basis"),
    ],
    ids=["half a cent", "below nothing", "shares of less than all", "no participant", "no law"],
)
def test_a_fee_that_no_law_or_no_sum_supports_is_refused(line: str, wrong: str, key: str) -> None:
    """行政许可法 art. 58: what no law allows is not charged."""
    assert item_document.read("item.toml", item() + FEE.encode()).fees[0].rate == 1000

    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", item() + FEE.replace(line, wrong).encode())

    assert [fault.sentence.en.partition(":")[0] for fault in refused.value.faults] == [f"item.toml {key}"]
