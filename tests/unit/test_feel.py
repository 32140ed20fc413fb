"""FEEL as DMN 1.3 (chapter 10) has it, evaluated on the server; values there and back; runaways stopped."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from time import monotonic

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel import FeelError, FeelFault, Range

ROOT = Path(__file__).parent.parent.parent
SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the 23rd in Shanghai
BUILDING = {"用途": "学校", "建筑面积": 5200, "建设单位 名称": "云溪市教育局", "site": {"features": ["hillside"]}}

VALUES = {
    "1 + 2 * 3": 7,
    "7 / 2": 3.5,
    "1 / 0": None,
    '"云" + "溪"': "云溪",
    '"a" + 1': None,
    "用途": "学校",
    "建设单位 名称": "云溪市教育局",
    '用途 in ("学校", "医院")': True,
    'string length("联办𠮷")': 3,
    'substring("政务服务中心", 3, 2)': "服务",
    'contains("不予许可", "许可")': True,
    'matches("91410100MA12345678", "^[0-9A-Z]{18}$")': True,
    'upper case("abc")': "ABC",
    "site.features[1]": "hillside",
    'some one in site.features satisfies one in ("hillside", "river-zone")': True,
    "every one in site.features satisfies one = null": False,
    "for n in [1, 2, 3] return n * n": [1, 4, 9],
    "[1, 2, 3, 4][item > 2]": [3, 4],
    "sum([1, 2, 3])": 6,
    "count(null)": None,
    'if 建筑面积 > 5000 then "大" else "小"': "大",
    "null = null": True,
    "null > 1": None,
    "not(null)": None,
    "true and null": None,
    "false and null": False,
    'date("2026-02-28") + duration("P1M")': date(2026, 3, 28),
    'date("2024-01-31") + duration("P1M")': date(2024, 2, 29),
    '(date("2026-03-10") - date("2026-03-01")) / duration("P1D")': 9,
    'date("2026-02-30")': None,
    'date("2026-03-01").year': 2026,
    'day of week(date("2026-11-22"))': "Sunday",
    'date and time("2026-03-01T09:00:00")': datetime(2026, 3, 1, 9, tzinfo=SHANGHAI),
    'date and time("2026-03-01T09:00:00+08:00")': datetime(2026, 3, 1, 9, tzinfo=SHANGHAI),
    'time("09:30:00")': time(9, 30),
    'duration("P1DT2H")': timedelta(days=1, hours=2),
    'duration("P1Y2M")': relativedelta(years=1, months=2),
    'duration("P2D") > duration("PT47H")': True,
    'years and months duration(date("2024-01-01"), date("2026-03-01"))': relativedelta(years=2, months=2),
    "[1..5)": Range(1, 5, True, False),
    "3 in (1..5)": True,
    "5 in [1..5)": False,
    '{code: "fire", role: {name: "消防"}}': {"code": "fire", "role": {"name": "消防"}},
    "today()": date(2026, 11, 23),
    "now()": datetime(2026, 11, 23, 7, 30, tzinfo=SHANGHAI),
    "nobody": None,
}

TESTS = {
    ("> 5", 6): True,
    ("> 5", None): False,
    ("[1000..5000)", 5000): False,
    ('"学校", "医院"', "医院"): True,
    ('not("学校", "医院")', "仓库"): True,
    ("null", None): True,
    ("-", None): True,
    ("", "任何值"): True,
    ("true", False): False,
    ('[date("2026-01-01")..date("2026-12-31")]', date(2026, 5, 1)): True,
    ('< duration("P5D")', timedelta(days=4)): True,
    ('> date and time("2026-03-01T09:00:00+08:00")', datetime(2026, 3, 1, 1, 0, 1, tzinfo=UTC)): True,
    ('starts with(?, "豫")', "豫A12345"): True,
    ("? * 2 > 建筑面积", 3000): True,
}


@pytest.mark.parametrize("expression", VALUES)
def test_an_expression_has_the_value_that_dmn_gives_it(expression: str) -> None:
    assert feel.evaluate(expression, BUILDING, now=NOW) == VALUES[expression]


def test_unary_tests_hold_as_dmn_has_them() -> None:
    assert {said: feel.unary_test(said[0], said[1], BUILDING) for said in TESTS} == TESTS


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e15, 1e15)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.dates(date(1901, 1, 1), date(9000, 1, 1))
    | st.timedeltas(timedelta(-9999), timedelta(9999)).map(lambda one: one - one % timedelta(milliseconds=1))
)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(ANYTHING)
def test_a_value_comes_back_as_it_went_in(value: object) -> None:
    assert feel.evaluate("it", {"it": value}) == value


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (Decimal("12.50"), 12.5),
        (3.0, 3),
        (datetime(2026, 3, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)),
        (datetime(2026, 3, 1, 9), datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)),
        (time(9, 30), time(9, 30)),
        (relativedelta(years=1, months=2), relativedelta(years=1, months=2)),
        (Range(date(2026, 1, 1), None, False, False), Range(date(2026, 1, 1), None, False, False)),
        ((1, "二"), [1, "二"]),
    ],
    ids=["decimal", "whole float", "instant", "local time", "time", "months", "range", "tuple"],
)
def test_what_json_lacks_crosses_too(sent: object, received: object) -> None:
    assert feel.evaluate("it", {"it": sent}) == received


def test_numbers_are_binary_as_in_the_browser() -> None:
    """docs/decisions.md says so: money is kept in whole fen."""
    assert feel.evaluate("0.1 + 0.2 = 0.3") is False


def test_a_strict_name_that_is_no_variable_is_refused() -> None:
    with pytest.raises(FeelError, match="“missing”"):
        feel.evaluate("missing + 1", strict=True)


def test_without_a_present_there_is_no_today() -> None:
    with pytest.raises(FeelError):
        feel.evaluate("today()")


@pytest.mark.parametrize(
    ("text", "position"), [("1 +", 3), ('"未完', 0), ("5 5", 1), ("${area}", 0), ("if a then b else", 16)]
)
def test_what_is_no_feel_is_a_fault_with_its_place(text: str, position: int) -> None:
    fault = feel.expression_fault(text)

    assert fault is not None
    assert abs(fault.position - position) <= 1
    assert text in fault.sentence.zh
    with pytest.raises(FeelFault):
        feel.evaluate(text)


def test_what_is_feel_is_no_fault() -> None:
    assert feel.expression_faults(["a + 1", "建筑面积 > 5000", "[1..5]"]) == [None] * 3
    assert feel.unary_tests_faults(["> 5", "", "-", '"a","b"']) == [None] * 4


RUNAWAYS = {
    "endless": "count(for i in 1..100000000000 return i)",
    "hungry": "for i in 1..100000000 return [i, i, i, i, i, i]",
    "backtracking": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
    "doubling": 'string length((for i in 1..28 return if i = 1 then "0123456789" else partial[-1] + partial[-1])[-1])',
    "long": "for i in 1..200000 return i",
    "replacing": 'replace((for i in 1..16 return if i = 1 then "a" else partial[-1] + partial[-1])[-1], "a", "'
    + "b" * 1_000
    + '")',
    "nested": "[" * 9_000,
}


@pytest.mark.parametrize("expression", RUNAWAYS)
def test_a_runaway_is_stopped_and_the_next_is_evaluated(expression: str) -> None:
    begun = monotonic()

    with pytest.raises((FeelError, FeelFault)):
        feel.evaluate(RUNAWAYS[expression])

    assert monotonic() - begun < 10, "half a second, on a machine with other work"
    assert feel.evaluate("1 + 1") == 2


def test_what_is_too_long_is_not_even_read() -> None:
    with pytest.raises(FeelFault):
        feel.evaluate("1" * 20_000)
    with pytest.raises(FeelError):
        feel.evaluate("it", {"it": "x" * 2_000_000})


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}], ids=["object", "bytes", "set"])
def test_what_feel_has_no_type_for_is_refused(value: object) -> None:
    with pytest.raises(FeelError):
        feel.evaluate("it", {"it": value})


NESTED = "(for i in 1..{0} return if i = 1 then {1} else {2})[-1]"
UNKEEPABLE = {
    "before the calendar": 'date("0000-01-01")',
    "after the calendar": 'date("9999-12-31") + duration("P1Y")',
    "no local time elsewhere": 'date and time("9999-12-31T23:59:59-18:00")',
    "none in the west": 'date and time("0001-01-01T00:00:00+14:00")',
    "too long a duration": 'duration("P99999999999D")',
    "half a character": '"\\ud83d"',
    "half a character in a name": '{"\\ud83d": 1}',
    "half a character in the reason": '[1.."' + "a" * 177 + "😀" * 20 + '"]',
    "a deep list": NESTED.format(480, "[]", "[partial[-1]]"),
    "a deep context": NESTED.format(480, "{a: 1}", "{a: partial[-1]}"),
    "a list deeper than python reads": NESTED.format(2_000, "[]", "[partial[-1]]"),
}


@pytest.mark.parametrize("expression", UNKEEPABLE)
def test_what_nobody_could_keep_is_no_value(expression: str) -> None:
    with pytest.raises(FeelError) as refused:
        feel.evaluate(UNKEEPABLE[expression])

    assert all(one.encode() for one in refused.value.sentence)


def test_a_function_is_no_value() -> None:
    with pytest.raises(FeelError):
        feel.evaluate("function(a) a")


@pytest.mark.parametrize(
    "expression",
    ['constructor.constructor("return 1")()', "__proto__", "globalThis", "process.env", "it.constructor.name"],
)
def test_nothing_of_the_machine_is_reached(expression: str) -> None:
    assert feel.evaluate(expression, {"it": {}}) is None


def test_many_threads_evaluate_side_by_side() -> None:
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda number: feel.evaluate("n * n", {"n": number}), range(200)))

    assert found == [number * number for number in range(200)]


def test_a_program_that_evaluated_ends() -> None:
    """V8 and Python must not wait for each other at the end."""
    done = subprocess.run(
        [sys.executable, "-c", "import feel; print(feel.evaluate('1 + 1'))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout == "2\n"


def test_memory_stays_within_bounds() -> None:
    """200 MB are the most that any runaway may take beyond what the program has."""
    measured = (
        "import feel, resource\n"
        "feel.evaluate('1')\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"for text in {list(RUNAWAYS.values())!r}:\n"
        "    try: feel.evaluate(text)\n"
        "    except (feel.FeelError, feel.FeelFault): pass\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured], cwd=ROOT, capture_output=True, text=True, timeout=100, check=True
    )

    assert int(done.stdout) < 200
