"""Whatever a diagram or a variable holds: an expression stays bounded, and fails only in its own way."""

import contextlib
import json
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import Expression, ExpressionError, ExpressionFault, compile_expression

CASE: Mapping[str, object] = {
    "amount": 1500,
    "status": "open",
    "approved": True,
    "nothing": None,
    "order": {"total": 20},
    "departments": ["tax", "bank", "market"],
    "received": datetime(2026, 3, 2, 9, tzinfo=UTC),
}


def value(text: str, variables: Mapping[str, object] = CASE) -> object:
    return compile_expression(text).evaluate(variables, {})


def inside(expression: str) -> object:
    return value(f"${{{expression}}}")


@pytest.mark.parametrize(
    "name", ["__class__", "__dict__", "_closure", "mro", "__init__", "func_globals", "format", "real"]
)
@pytest.mark.parametrize(
    "base", ["order", "departments", "status", "amount", "approved", "received", "nothing", "''", "(1)"]
)
def test_no_python_attribute_is_ever_reached(base: str, name: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert inside(f"{base}.{name}") is None
    with pytest.raises(ExpressionFault):
        inside(f"{base}.{name}()")


def test_every_precedence_nested_fifty_levels_deep_is_answered() -> None:
    text = f"${{{'a||b&&c==d<e+f*(' * 49}a{')' * 49}}}"
    with pytest.raises(ExpressionError):
        compile_expression(text).evaluate(CASE, {})


def test_text_grows_only_to_a_bound() -> None:
    with pytest.raises(ExpressionError, match="100000"):
        value("${a}" * 900, {"a": "x" * 10_000})
    assert value("${a}", {"a": "x" * 200_000}) == "x" * 200_000


@pytest.mark.parametrize(
    "bad", [float("nan"), float("inf"), 2**63, -(2**63) - 1, pytest.param(10**5_000, id="5001 digits")]
)
@pytest.mark.parametrize("text", ["${a}", "${a + 1}", "${-a}", "a ${a}"])
def test_number_beyond_long_or_double_never_appears(text: str, bad: object) -> None:
    with pytest.raises(ExpressionError):
        value(text, {"a": bad})


def test_comparing_values_of_any_depth_ends() -> None:
    deep: object = []
    other: object = []
    for _ in range(sys.getrecursionlimit() * 50):
        deep, other = [deep], [other]
    with pytest.raises(ExpressionError):
        value("${a == b}", {"a": deep, "b": other})


def test_number_that_cannot_be_compared_inside_a_list_is_an_error() -> None:
    with pytest.raises(ExpressionError):
        value("${a == b}", {"a": [Decimal("sNaN")], "b": [1]})


def test_one_expression_serves_many_threads() -> None:
    expression = compile_expression("${size(a) * b + b}")
    wrong: list[int] = []

    def evaluate(b: int) -> None:
        results = {expression.evaluate({"a": [b], "b": b}, {}) for _ in range(500)}
        if results != {2 * b}:
            wrong.append(b)

    threads = [threading.Thread(target=evaluate, args=(b,)) for b in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


NAMES = ("amount", "status", "order", "departments", "approved", "nothing", "received", "missing", "blob")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ANY_VALUE = (
    JSON | st.datetimes() | st.datetimes(timezones=st.just(UTC)) | st.dates() | st.decimals() | st.binary(max_size=3)
)
VARIABLES = st.dictionaries(st.sampled_from(NAMES), ANY_VALUE)
ATOMS = st.sampled_from([*NAMES, "1", "0", "2.5", "1e300", "9223372036854775807", "'10'", "''", "'a'", "null", "true"])


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "and", "mod", "eq"])
    methods = st.sampled_from(["size()", "length()", "isEmpty()", "trim()", "toUpperCase()", "toLowerCase()"])
    asked = st.sampled_from(["contains", "get", "containsKey", "equals", "startsWith", "endsWith"])
    return st.one_of(
        st.tuples(inner, signs, inner).map(" ".join),
        st.tuples(inner, inner).map("{0[0]}[{0[1]}]".format),
        st.tuples(inner, st.sampled_from(["name", "a", "__class__"])).map("({0[0]}).{0[1]}".format),
        st.tuples(inner, methods).map("({0[0]}).{0[1]}".format),
        st.tuples(inner, asked, inner).map("({0[0]}).{0[1]}({0[2]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} ? {0[1]} : {0[2]})".format),
        st.tuples(st.sampled_from(["!", "-", "empty ", "not "]), inner).map("({0[0]}{0[1]})".format),
        st.tuples(st.sampled_from(["size", "lent"]), inner).map("{0[0]}({0[1]})".format),
        st.tuples(inner, inner).map("contains({0[0]}, {0[1]})".format),
        inner.map("({})".format),
    )


EXPRESSIONS = st.recursive(ATOMS, _wider, max_leaves=12)
LENT: Mapping[str, Callable[..., object]] = {"lent": lambda given: given}


@given(text=EXPRESSIONS, template=st.booleans(), variables=VARIABLES)
def test_evaluation_raises_nothing_but_its_own_error(
    text: str, template: bool, variables: Mapping[str, object]
) -> None:
    expression = compile_expression(f"x ${{{text}}}" if template else f"${{{text}}}", functions=LENT.keys())
    assert expression.names <= set(NAMES)
    try:
        result = expression.evaluate(variables, LENT)
    except ExpressionError:
        return
    if isinstance(result, (int, float)):
        json.dumps(result, allow_nan=False)
        assert not isinstance(result, int) or -(2**63) <= result < 2**63


@given(text=st.text(max_size=60) | st.text(alphabet="${}#()[].,'\"\\ab1?:!-+*/%<>=&|e ", max_size=60))
def test_compiling_any_text_raises_nothing_but_a_fault(text: str) -> None:
    for candidate in (text, f"${{{text}}}"):
        with contextlib.suppress(ExpressionFault):
            assert isinstance(compile_expression(candidate), Expression)


@given(left=st.integers(-(2**31), 2**31), right=st.integers(-(2**31), 2**31))
def test_whole_numbers_divide_as_in_java(left: int, right: int) -> None:
    if right == 0:
        return
    remainder = value("${a % b}", {"a": left, "b": right})
    assert isinstance(remainder, int)
    assert (left - remainder) % right == 0
    assert abs(remainder) < abs(right)
    assert remainder == 0 or (remainder < 0) == (left < 0)
