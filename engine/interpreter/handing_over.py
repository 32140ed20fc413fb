"""camunda:in and camunda:out: which variables go along with a call, its return, or a thrown signal."""

from collections.abc import Mapping, Sequence

from engine.diagram.model import Mapped
from engine.errors import ExpressionFailed
from engine.expressions import ExpressionError
from engine.interpreter.token import Token
from engine.interpreter.variables import Visible


def handed_over(ins: Sequence[Mapped], token: Token) -> dict[str, object]:
    """What goes along, as seen from a token; nothing without mappings. Raises ExpressionFailed."""
    instance = token.workflow
    local = instance.variables.own(token) if ins else {}
    given: dict[str, object] = {}
    for mapping in ins:
        seen: Mapping[str, object] = local if mapping.local else Visible(instance.variables, token)
        given |= mapped(mapping, seen, token)
    return given


def mapped(mapping: Mapped, seen: Mapping[str, object], token: Token) -> dict[str, object]:
    """What one camunda:in or camunda:out yields."""
    if mapping.all_variables:
        return dict(seen)
    if mapping.target is None:
        return {}
    if mapping.source_name is not None or mapping.source is None:
        return {mapping.target: seen.get(mapping.source_name or "")}
    try:
        return {mapping.target: mapping.source.evaluate(seen, token.workflow.functions)}
    except ExpressionError as error:
        raise ExpressionFailed(error.sentence, element_id=token.task_spec.node.id) from error
