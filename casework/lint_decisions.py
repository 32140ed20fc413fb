"""How the decision by which an item chooses its matters fits the item and its application form. Pure."""

import re
from collections.abc import Iterator

from casework.item_document import ItemDocument
from casework.matter_decisions import FIELD
from engine.dmn import Requirements
from engine.dmn.graph import order
from engine.dmn.model import Decision, Rule, Table
from engine.errors import Fault, Sentence
from forms import Form

TEXT = re.compile(r'"([^"\\]*)"')


def faults(requirements: Requirements, item: ItemDocument, form: Form | None) -> Iterator[Fault]:
    """Codes that the item does not have, by rule; inputs that are no field of the application form, which would always
    be empty. What an expression answers is known only when a case runs."""
    key = item.matters_decision
    if key is None or key not in requirements.decisions:
        return
    yield from _codes(requirements.decisions[key], {matter.code for matter in item.matters})
    if form is not None:
        yield from _inputs(requirements, key, {one.path.split(".")[0].removesuffix("[]") for one in form.fields})


def _codes(decision: Decision, known: set[str]) -> Iterator[Fault]:
    if not isinstance(decision.logic, Table):
        return
    listed = ", ".join(sorted(known))
    for rule in decision.logic.rules:
        for code in _texts(rule):
            if code not in known:
                yield Fault(
                    Sentence(
                        f"决策“{decision.key}”第 {rule.number} 条规则给出的专项“{code}”不在事项中；事项有：{listed}。",
                        f"Rule {rule.number} of the decision “{decision.key}” names “{code}”, no matter of the item, "
                        f"which has: {listed}.",
                    ),
                    rule.id,
                    rule.line,
                )


def _texts(rule: Rule) -> Iterator[str]:
    for answer in rule.answers:
        found = TEXT.fullmatch(answer)
        if found is not None:
            yield found[1]


def _inputs(requirements: Requirements, key: str, fields: set[str]) -> Iterator[Fault]:
    """Of the decision and of those that it requires; what those answer is no field of the form."""
    decided = order(requirements.decisions, key)
    answered = {name for one in decided for name in _answers(one)}
    for decision in decided:
        for column in decision.logic.inputs if isinstance(decision.logic, Table) else ():
            name = column.expression.split(".")[0]
            if FIELD.fullmatch(column.expression) and name not in fields | answered:
                yield Fault(
                    Sentence(
                        f"决策“{decision.key}”的输入“{column.expression}”不是申请表的字段，始终为空。",
                        f"The input “{column.expression}” of the decision “{decision.key}” is no field of the "
                        "application form: it would always be empty.",
                    ),
                    column.id,
                    column.line,
                )


def _answers(decision: Decision) -> list[str]:
    logic = decision.logic
    return [one.name for one in logic.outputs] if isinstance(logic, Table) else [logic.name]
