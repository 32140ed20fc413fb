"""The expression dialect of diagrams: `${…}`, JUEL's everyday subset as Camunda 7 evaluates it. Pure."""

from engine.expressions.expression import Expression, compile_expression
from engine.expressions.faults import ExpressionError, ExpressionFault

__all__ = ["Expression", "ExpressionError", "ExpressionFault", "compile_expression"]
