"""Holds every cell of every decision against FEEL's grammar, all at once."""

from collections.abc import Iterable, Iterator, Sequence

import feel
from engine.diagram.element import Element
from engine.dmn.model import Decision, Literal
from engine.dmn.reading import Reading, text_of
from feel import FeelFault


def check_feel(decisions: Iterable[Decision], reading: Reading) -> None:
    """A fault for each text that is no FEEL, at its cell."""
    tests: list[tuple[Element, str]] = []
    expressions: list[tuple[Element, str]] = []
    for decision in decisions:
        at = reading.places[decision.key]
        expressions += _expressions(decision, at)
        tests += [(cell, text_of(cell)) for cell in at.walk() if cell.name in ("dmn:inputEntry", "dmn:outputValues")]
    _check(expressions, feel.expression_faults([text for _, text in expressions]), reading)
    _check(tests, feel.unary_tests_faults([text for _, text in tests]), reading)


def _expressions(decision: Decision, at: Element) -> Iterator[tuple[Element, str]]:
    if isinstance(decision.logic, Literal):
        yield at.all("dmn:literalExpression")[0], decision.logic.expression
        return
    for cell in at.walk():
        if cell.name in ("dmn:inputExpression", "dmn:outputEntry", "dmn:defaultOutputEntry") and text_of(cell):
            yield cell, text_of(cell)


def _check(cells: Sequence[tuple[Element, str]], faults: Sequence[FeelFault | None], reading: Reading) -> None:
    for (cell, _), fault in zip(cells, faults, strict=True):
        if fault is not None:
            reading.fault(cell, f"{{it}}：{fault.sentence.zh}", f"{{it}}: {fault.sentence.en}")
