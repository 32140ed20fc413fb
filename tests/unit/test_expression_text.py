"""How the text of a diagram becomes an expression, a template, a literal or a fault with its place."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.expressions import ExpressionError, ExpressionFault, compile_expression

CASE: Mapping[str, object] = {
    "amount": 1500,
    "price": Decimal("12.50"),
    "status": "open",
    "approved": True,
    "nothing": None,
    "order": {"buyer": {"name": "林晓梅"}},
    "departments": ["tax", "bank", "market"],
    "received": datetime(2026, 3, 2, 9, tzinfo=UTC),
}


def value(text: str, variables: Mapping[str, object] = CASE) -> object:
    return compile_expression(text).evaluate(variables, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT${amount}S", "PT1500S"),
        ("${order.buyer.name}的申请：${status}", "林晓梅的申请：open"),
        ("#{status}-${status}", "open-open"),
        ("[${nothing}]", "[]"),
        ("${approved}!", "true!"),
        ("${10 / 4} and ${price}", "2.5 and 12.50"),
        ("at ${received}", "at 2026-03-02T09:00:00+00:00"),
        ("${'}'}}", "}}"),
        ("\\${amount} is ${amount}", "${amount} is 1500"),
        ("  ${status} ${status}  ", "open open"),
    ],
)
def test_template_is_text(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ["all: ${departments}", "all: ${order}", "all: ${blob}"])
def test_list_or_map_cannot_stand_in_a_template(text: str) -> None:
    with pytest.raises(ExpressionError):
        value(text, {**CASE, "blob": b"x"})


@pytest.mark.parametrize("text", ["  ${departments} ", "#{departments}", "${ departments }"])
def test_lone_expression_keeps_its_values_type(text: str) -> None:
    assert value(text) is CASE["departments"]


@pytest.mark.parametrize(
    ("text", "literal"),
    [("PT5M", "PT5M"), (" a\n", "a"), ("", ""), ("{a}", "{a}"), ("$5", "$5"), ("a } b", "a } b"), ("\\${a}", "${a}")],
)
def test_text_without_expression_is_a_literal(text: str, literal: str) -> None:
    expression = compile_expression(text)
    assert expression.is_literal
    assert expression.evaluate({}, {}) == literal


def test_expression_of_a_constant_is_no_literal() -> None:
    assert not compile_expression("${5}").is_literal


def test_expression_tells_what_it_reads_and_calls() -> None:
    expression = compile_expression("${a.b[c] > f(d) ? 'e' : size(g)} and ${empty h}")
    assert expression.names == {"a", "c", "d", "g", "h"}
    assert expression.functions == {"f"}


def test_expressions_of_the_same_text_are_equal() -> None:
    assert compile_expression(" ${a}") == compile_expression("${a}")
    assert len({compile_expression("${a}"), compile_expression("${a}"), compile_expression("${b}")}) == 2


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("${}", 2),
        ("${a", 3),
        ("x ${a +}", 7),
        ("${a b}", 4),
        ("${(a}", 4),
        ("${a[1}", 5),
        ("${a ? b}", 7),
        ("${a.}", 4),
        ("${a.1}", 3),
        ("${'a}", 2),
        ("${'\\n'}", 3),
        ("${a = 1}", 4),
        ("${a & b}", 4),
        ("${a; b}", 3),
        ("${a @ b}", 4),
        ("${{}}", 2),
        ("${f(a,)}", 6),
        ("${f(,a)}", 4),
        ("${size()}", 2),
        ("${a.size(1)}", 4),
        ("${a.b.format()}", 6),
        ("${9223372036854775808}", 2),
        ("${1e999}", 2),
        ("${a == == b}", 7),
        ("${amount} ${", 12),
        ("${fn:size(a)}", 4),
        ("${a -> b}", 5),
        ("${[1, 2]}", 2),
    ],
)
def test_malformed_text_is_a_fault_with_its_place(text: str, position: int) -> None:
    with pytest.raises(ExpressionFault) as refusal:
        compile_expression(text)
    assert refusal.value.position == position
    assert refusal.value.sentence.zh.endswith("。")
    assert refusal.value.sentence.en.endswith(".")


@pytest.mark.parametrize(
    ("sign", "meant"),
    [("＞", ">"), ("（", "("), ("：", ":"), ("“", '"'), ("’", "'"), ("≥", ">="), ("＝", "="), ("，", ",")],
)
def test_sign_of_a_chinese_keyboard_is_a_fault_that_says_what_to_write(sign: str, meant: str) -> None:
    with pytest.raises(ExpressionFault) as refusal:
        compile_expression(f"${{a {sign} 1}}")
    assert f"请写“{meant}”" in refusal.value.sentence.zh


def test_text_is_bounded() -> None:
    assert compile_expression("x" * 4_000).is_literal
    with pytest.raises(ExpressionFault, match="4000"):
        compile_expression("x" * 4_001)


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("!", ""), ("-", ""), ("a[", "]"), ("f(", ")"), ("true ? ", " : 1")]
)
def test_depth_is_bounded(opening: str, closing: str) -> None:
    compile_expression(f"${{{opening * 48}a{closing * 48}}}")
    with pytest.raises(ExpressionFault, match="deep"):
        compile_expression(f"${{{opening * 51}a{closing * 51}}}")


@pytest.mark.parametrize("sign", ["+", "||", "=="])
def test_long_chain_is_not_deep(sign: str) -> None:
    text = f"${{{sign.join(['a'] * 1_000)}}}"
    assert compile_expression(text).evaluate({"a": False if sign != "+" else 1}, {}) in (1_000, False, True)
