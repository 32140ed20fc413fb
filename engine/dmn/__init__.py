"""Decisions of DMN 1.3: decision tables, literal expressions and what they require, evaluated by FEEL. Pure."""

from engine.dmn.evaluation import Decided, DecisionFailed, Instance, decide
from engine.dmn.model import Decision, Requirements
from engine.dmn.reader import read_decisions

__all__ = ["Decided", "Decision", "DecisionFailed", "Instance", "Requirements", "decide", "read_decisions"]
