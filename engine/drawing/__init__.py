"""Draws a BPMN file as the designer laid it out, as SVG, with marks on what was done and where it stands.

Pure: from bytes to a picture. Knows nothing of storage, of people or of what a step means.
"""

from engine.drawing.layout import Layout
from engine.drawing.marks import Mark, Markings, State
from engine.drawing.picture import draw
from engine.drawing.reading import read_layout

__all__ = ["Layout", "Mark", "Markings", "State", "draw", "read_layout"]
