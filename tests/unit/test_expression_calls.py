"""What an expression may call: the closed lists of methods and functions, execution, and what the root lends."""

from collections.abc import Mapping

import pytest

from engine.expressions import ExpressionError, ExpressionFault, compile_expression

CASE: Mapping[str, object] = {
    "amount": 1500,
    "status": "open",
    "nothing": None,
    "order": {"total": 20, "lines": [1, 2, 3], "buyer": {"name": "林晓梅"}},
    "departments": ["tax", "bank", "market"],
}


def value(text: str, variables: Mapping[str, object] = CASE) -> object:
    return compile_expression(text).evaluate(variables, {})


def inside(expression: str) -> object:
    return value(f"${{{expression}}}")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("size(departments)", 3),
        ("size(order)", 3),
        ("size(status)", 4),
        ("size(nothing)", 0),
        ("contains(departments, 'tax')", True),
        ("contains(departments, 'fire')", False),
        ("contains(status, 'pe')", True),
        ("contains(order, 'total')", True),
        ("contains(nothing, 'x')", False),
        ("listOf()", []),
        ("listOf('tax', amount, nothing)", ["tax", 1500, None]),
        ("append(nothing, 'tax')", ["tax"]),
        ("append(order.lines, '4')", [1, 2, 3, "4"]),
        ("append(listOf(), departments)", [["tax", "bank", "market"]]),
        ("without(departments, 'bank')", ["tax", "market"]),
        ("without(order.lines, 2.0)", [1, 3]),
        ("without(order.lines, '2')", [1, 2, 3]),
        ("without(listOf('a', 'b', 'a'), 'a')", ["b"]),
        ("without(nothing, 'x')", []),
        ("departments.size()", 3),
        ("departments.isEmpty()", False),
        ("departments.contains('bank')", True),
        ("departments.get(0)", "tax"),
        ("order.lines.contains(2)", True),
        ("order.lines.contains('2')", False),
        ("order.lines.contains(true)", False),
        ("order.get('total')", 20),
        ("order.get('missing')", None),
        ("order.containsKey('total')", True),
        ("order.containsKey(departments)", False),
        ("order.size()", 3),
        ("status.length()", 4),
        ("status.isEmpty()", False),
        ("status.contains('en')", True),
        ("status.startsWith('op')", True),
        ("status.endsWith('op')", False),
        ("status.equals('open')", True),
        ("amount.equals('1500')", False),
        ("status.toUpperCase()", "OPEN"),
        ("status.toUpperCase().toLowerCase()", "open"),
        ("' a '.trim()", "a"),
        ("order.buyer.name.length()", 3),
    ],
)
def test_methods_and_functions_of_everyday_diagrams(expression: str, expected: object) -> None:
    assert inside(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "nothing.size()",
        "nothing.equals(null)",
        "amount.length()",
        "status.size()",
        "departments.length()",
        "departments.get(7)",
        "status.contains(1)",
        "contains(amount, 1)",
        "size(amount)",
        "departments.containsKey(1)",
        "append(status, 'x')",
        "append(order, 'x')",
        "without(amount, 1)",
    ],
)
def test_method_that_the_value_does_not_have_is_an_error(expression: str) -> None:
    with pytest.raises(ExpressionError):
        inside(expression)


def test_a_list_that_grows_is_a_new_one() -> None:
    departments: list[object] = ["tax"]

    grown = value("${append(departments, 'fire')}", {"departments": departments})

    assert (departments, grown) == (["tax"], ["tax", "fire"])


def test_a_list_of_ten_thousand_does_not_grow() -> None:
    with pytest.raises(ExpressionError):
        value("${append(long, 1)}", {"long": [0] * 10_000})


def test_execution_reads_variables_and_nothing_else() -> None:
    expression = compile_expression("${execution.getVariable('amount') > 1 && !execution.hasVariable('missing')}")
    assert expression.names == {"amount", "missing"}
    assert expression.evaluate(CASE, {}) is True
    assert inside("execution.getVariable('missing')") is None


@pytest.mark.parametrize(
    "expression",
    [
        "execution",
        "execution.processDefinitionId",
        "execution.getVariable(status)",
        "execution.getVariable('a', 'b')",
        "execution.getVariable",
        "execution.setVariable('a', 1)",
        "execution['id']",
    ],
)
def test_other_uses_of_execution_are_faults(expression: str) -> None:
    with pytest.raises(ExpressionFault, match=r"getVariable"):
        inside(expression)


def test_lent_function_gets_the_values() -> None:
    expression = compile_expression("${workingDays(amount / 500, 'tax')}", functions={"workingDays"})
    assert expression.functions == {"workingDays"}
    assert expression.evaluate(CASE, {"workingDays": lambda days, code: [days, code]}) == [3.0, "tax"]


def test_function_that_is_not_lent_at_run_time_is_an_error() -> None:
    with pytest.raises(ExpressionError, match="workdays"):
        inside("workdays(5)")


@pytest.mark.parametrize(
    "failure", [ValueError("x"), TypeError("x"), KeyError("x"), ZeroDivisionError(), RecursionError()]
)
def test_failure_of_a_lent_function_is_the_expressions(failure: Exception) -> None:
    def fails() -> object:
        raise failure

    with pytest.raises(ExpressionError) as refusal:
        compile_expression("${fails()}").evaluate(CASE, {"fails": fails})
    assert refusal.value.__cause__ is failure


def test_function_that_nobody_lends_is_a_fault_at_deploy() -> None:
    with pytest.raises(ExpressionFault, match="workingDays") as refusal:
        compile_expression("${1 + workdays(5)}", functions={"workingDays"})
    assert refusal.value.position == 6


@pytest.mark.parametrize(
    "text", ["#{execution.processBusinessKey}", "${execution.getProcessBusinessKey()}", "${execution.businessKey}"]
)
def test_the_business_key_as_the_modeler_writes_it(text: str) -> None:
    assert compile_expression(text, []).evaluate({}, {"processBusinessKey": lambda: "A-1"}) == "A-1"
