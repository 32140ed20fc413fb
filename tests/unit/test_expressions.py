"""What an expression means: JUEL's everyday subset as Camunda 7 evaluates it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.expressions import ExpressionError, compile_expression

CASE: Mapping[str, object] = {
    "amount": 1500,
    "ratio": 0.5,
    "price": Decimal("12.50"),
    "status": "open",
    "approved": True,
    "nothing": None,
    "企业名称": "华清精密仪器有限公司",
    "order": {"total": 20, "lines": [1, 2, 3], "buyer": {"name": "林晓梅"}},
    "departments": ["tax", "bank", "market"],
    "received": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "due": datetime(2026, 3, 9, 9, tzinfo=UTC),
    "day": date(2026, 3, 2),
    "empty_list": [],
    "empty_map": {},
}


def value(text: str, variables: Mapping[str, object] = CASE) -> object:
    return compile_expression(text).evaluate(variables, {})


def inside(expression: str) -> object:
    return value(f"${{{expression}}}")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("42", 42),
        ("9223372036854775807", 2**63 - 1),
        ("4.25", 4.25),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.5E-1", 0.15),
        ("'it\\'s'", "it's"),
        ('"a \\"b\\" \\\\ c"', 'a "b" \\ c'),
        ("'双引号 \" 在内'", '双引号 " 在内'),
        ("true", True),
        ("false", False),
        ("null", None),
    ],
)
def test_literals(expression: str, expected: object) -> None:
    result = inside(expression)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("amount - -1", 1501),
        ("-amount", -1500),
        ("7 % 3", 1),
        ("7 mod 3", 1),
        ("-7 % 3", -1),
        ("7 % -3", 1),
        ("-7.5 % 2", -1.5),
        ("10 / 4", 2.5),
        ("10 div 5", 2.0),
        ("nothing + 5", 5),
        ("nothing + nothing", 0),
        ("-nothing", 0),
        ("'' + 5", 5),
        ("'10' + 5", 15),
        ("'1.5' * 2", 3.0),
        ("price * 2", 25.0),
    ],
)
def test_arithmetic_is_juels(expression: str, expected: object) -> None:
    result = inside(expression)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    "expression",
    [
        "'a' + 'b'",
        "status + 1",
        "1 + true",
        "departments + 1",
        "received + 1",
        "1 / 0",
        "1 / nothing",
        "1 % 0",
        "1.0 % 0",
        "-status",
        "9223372036854775807 + 1",
        "-9223372036854775807 - 2",
        "1e308 * 10",
        "1e308 * 10 > 1",
        "9223372036854775807 + 1 > 0",
        "4611686018427387904 * 2",
        "'1e999' + 1",
        "'99999999999999999999' + 1",
        "' 1' + 1",
        "'١' + 1",
    ],
)
def test_arithmetic_that_has_no_number_is_an_error(expression: str) -> None:
    with pytest.raises(ExpressionError):
        inside(expression)


def test_joining_texts_by_plus_points_to_the_template() -> None:
    with pytest.raises(ExpressionError) as refusal:
        inside("status + '!'")
    assert "${" in refusal.value.sentence.zh
    assert "${" in refusal.value.sentence.en


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("amount == 1500", True),
        ("amount eq 1500.0", True),
        ("amount != 1500", False),
        ("amount ne 1", True),
        ("amount > 1000", True),
        ("amount gt 1500", False),
        ("amount >= 1500", True),
        ("amount ge 1501", False),
        ("amount < 1501", True),
        ("amount lt 1500", False),
        ("amount <= 1500", True),
        ("amount le 1499", False),
        ("'10' == 10", True),
        ("10 == '10'", True),
        ("'10' == '10.0'", False),
        ("'10' == 10.0", True),
        ("'9' < 10", True),
        ("'9' < '10'", False),
        ("'a' < 'b'", True),
        ("price == 12.5", True),
        ("price > 12", True),
        ("'true' == approved", True),
        ("'no' == approved", False),
        ("null == null", True),
        ("nothing == null", True),
        ("nothing == 0", False),
        ("null != 0", True),
        ("nothing < 1", False),
        ("1 < nothing", False),
        ("nothing <= null", True),
        ("nothing < null", False),
        ("received < due", True),
        ("due >= received", True),
        ("received == due", False),
        ("day == '2026-03-02'", True),
        ("departments == 'tax'", False),
        ("order.lines == order.lines", True),
        ("1 < 2 == true", True),
        ("1 + 1 == 2 && 3 > 2", True),
    ],
)
def test_comparison_is_juels(expression: str, expected: bool) -> None:
    assert inside(expression) is expected


@pytest.mark.parametrize(
    "expression",
    ["status < 5", "status == 5", "approved == 1", "departments < 1", "departments < departments", "day < due"],
)
def test_values_that_do_not_compare_are_an_error(expression: str) -> None:
    with pytest.raises(ExpressionError):
        inside(expression)


def test_instants_with_and_without_time_zone_do_not_compare() -> None:
    naive = datetime(2026, 3, 2, 9)
    with pytest.raises(ExpressionError, match="time zone"):
        value("${a < b}", {"a": naive, "b": CASE["due"]})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("approved && amount > 1", True),
        ("approved and amount > 5000", False),
        ("amount > 5000 || approved", True),
        ("amount > 5000 or not approved", False),
        ("!approved", False),
        ("!nothing", True),
        ("!'true'", False),
        ("'TRUE' && true", True),
        ("true || false && false", True),
        ("(true || false) && false", False),
        ("not empty departments && approved", True),
        ("false && missing", False),
        ("true || missing", True),
        ("empty nothing", True),
        ("empty ''", True),
        ("empty empty_list", True),
        ("empty empty_map", True),
        ("empty 0", False),
        ("empty false", False),
        ("empty departments", False),
        ("empty status", False),
    ],
)
def test_logic_reads_only_what_decides(expression: str, expected: bool) -> None:
    assert inside(expression) is expected


@pytest.mark.parametrize("expression", ["amount && true", "departments || true", "!amount", "amount ? 1 : 2"])
def test_number_or_list_is_no_boolean(expression: str) -> None:
    with pytest.raises(ExpressionError):
        inside(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("amount > 1000 ? 'large' : 'small'", "large"),
        ("false ? 1 : true ? 2 : 3", 2),
        ("true ? false ? 1 : 2 : 3", 2),
        ("approved ? amount : missing", 1500),
    ],
)
def test_choice(expression: str, expected: object) -> None:
    assert inside(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("order.total", 20),
        ("order.buyer.name", "林晓梅"),
        ("order['total']", 20),
        ("order[status == 'open' ? 'total' : 'lines']", 20),
        ("order.lines[1]", 2),
        ("order.lines['1']", 2),
        ("order.lines[2.0]", 3),
        ("status[0]", "o"),
        ("order.missing", None),
        ("order.missing.deeper[3]", None),
        ("nothing.anything", None),
        ("order.size", None),
        ("企业名称", "华清精密仪器有限公司"),
    ],
)
def test_path_reads_maps_lists_and_text(expression: str, expected: object) -> None:
    assert inside(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "departments[3]",
        "departments[-1]",
        "departments[0.5]",
        "departments[null]",
        "departments[true]",
        "departments.first",
        "status[9]",
        "status.upper",
        "amount.real",
        "approved.real",
        "received.year",
        "order[departments]",
    ],
)
def test_path_that_leads_nowhere_is_an_error(expression: str) -> None:
    with pytest.raises(ExpressionError):
        inside(expression)


def test_unknown_variable_is_an_error_that_names_it() -> None:
    with pytest.raises(ExpressionError) as refusal:
        inside("amuont > 5")
    assert "amuont" in refusal.value.sentence.zh
    assert "amuont" in refusal.value.sentence.en


@pytest.mark.parametrize(
    ("text", "expected"), [("${amount > 1}", True), ("${approved}", True), ("${amount < 1}", False)]
)
def test_condition_is_a_boolean(text: str, expected: bool) -> None:
    assert compile_expression(text).evaluate_condition(CASE, {}) is expected


@pytest.mark.parametrize("text", ["${amount}", "${'true'}", "${nothing}", "true", "${approved} "[:-1] + "!"])
def test_condition_of_another_type_is_an_error(text: str) -> None:
    with pytest.raises(ExpressionError, match="true or false"):
        compile_expression(text).evaluate_condition(CASE, {})
