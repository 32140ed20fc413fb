"""A few words that spell a DMN file, so that a test shows the decision it is about.

    dmn(table("fee", ["area", "use"], ["amount"], (["> 100", '"school"'], ["0"])))

An input is an expression, or (expression, typeRef); an output a name, or (name, typeRef). A rule is its cells.
"""

from collections.abc import Sequence
from html import escape

DMN_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
CAMUNDA = "http://camunda.org/schema/1.0/dmn"

Column = str | tuple[str, str]
Rule = tuple[Sequence[str], Sequence[str]]


def dmn(*decisions: str, id: str = "definitions", namespace: str = DMN_1_3) -> bytes:
    """The file of these decisions."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{namespace}" xmlns:camunda="{CAMUNDA}" '
        f'id="{id}" name="{id}" namespace="{CAMUNDA}">\n' + "".join(decisions) + "</definitions>\n"
    ).encode()


def table(
    id: str,
    inputs: Sequence[Column],
    outputs: Sequence[Column],
    *rules: Rule,
    hit_policy: str = "UNIQUE",
    aggregation: str | None = None,
    values: str | None = None,
    default: str | None = None,
    requires: Sequence[str] = (),
    **attributes: str,
) -> str:
    """A decision by a table; `values` are those of the first output, `default` its default."""
    said = "".join(f' {name.replace("_", ":", 1)}="{escape(value)}"' for name, value in attributes.items())
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    return "\n".join(
        [
            f'<decision id="{id}" name="{id}"{said}>',
            *_required(id, requires),
            f'<decisionTable id="{id}_table" hitPolicy="{hit_policy}"{aggregated}>',
            *(_input(id, number, column) for number, column in enumerate(inputs)),
            *(_output(id, number, column, values, default) for number, column in enumerate(outputs)),
            *(_rule(id, number, rule) for number, rule in enumerate(rules, 1)),
            "</decisionTable></decision>\n",
        ]
    )


def literal(id: str, expression: str, name: str = "result", requires: Sequence[str] = ()) -> str:
    """A decision by one expression."""
    return "\n".join(
        [
            f'<decision id="{id}" name="{id}"><variable id="{id}_v" name="{name}" />',
            *_required(id, requires),
            f'<literalExpression id="{id}_e"><text>{escape(expression)}</text></literalExpression></decision>\n',
        ]
    )


def _required(id: str, requires: Sequence[str]) -> list[str]:
    return [
        f'<informationRequirement id="{id}_r{number}"><requiredDecision href="#{key}" /></informationRequirement>'
        for number, key in enumerate(requires)
    ]


def _typed(column: Column) -> tuple[str, str]:
    name, kind = (column, None) if isinstance(column, str) else column
    return escape(name), f' typeRef="{kind}"' if kind else ""


def _input(id: str, number: int, column: Column) -> str:
    text, kind = _typed(column)
    return (
        f'<input id="{id}_i{number}" label="{text}"><inputExpression id="{id}_ie{number}"{kind}><text>{text}</text>'
        "</inputExpression></input>"
    )


def _output(id: str, number: int, column: Column, values: str | None, default: str | None) -> str:
    name, kind = _typed(column)
    inside = ""
    if values and number == 0:
        inside += f'<outputValues id="{id}_ov"><text>{escape(values)}</text></outputValues>'
    if default and number == 0:
        inside += f'<defaultOutputEntry id="{id}_d"><text>{escape(default)}</text></defaultOutputEntry>'
    return f'<output id="{id}_o{number}" name="{name}"{kind}>{inside}</output>'


def _rule(id: str, number: int, rule: Rule) -> str:
    tests, answers = rule
    cells = [
        f'<{kind}Entry id="{id}_{number}{kind}{place}"><text>{escape(text)}</text></{kind}Entry>'
        for kind, texts in (("input", tests), ("output", answers))
        for place, text in enumerate(texts)
    ]
    return f'<rule id="{id}_rule{number}">' + "".join(cells) + "</rule>"
