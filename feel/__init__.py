"""FEEL, the language of decisions and of Camunda Forms, by the evaluator that the form viewer uses in the browser.

Owns the way there and back: values, bounds of time and memory, sentences. Knows nothing of decisions, forms, the
engine, storage or HTTP, and reads no clock: whoever evaluates says what time it is.
"""

from feel.errors import FeelError, FeelFault, Sentence
from feel.evaluation import (
    evaluate,
    evaluate_all,
    expression_fault,
    expression_faults,
    unary_test,
    unary_tests,
    unary_tests_fault,
    unary_tests_faults,
)
from feel.values import Range

__all__ = [
    "FeelError",
    "FeelFault",
    "Range",
    "Sentence",
    "evaluate",
    "evaluate_all",
    "expression_fault",
    "expression_faults",
    "unary_test",
    "unary_tests",
    "unary_tests_fault",
    "unary_tests_faults",
]
