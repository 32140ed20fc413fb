"""A layout may be hostile: whatever stands in it, the picture is bounded, well-formed and harmless."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drawing import Mark, Markings, State, draw, read_layout
from engine.drawing.reading import FARTHEST, MOST_SHAPES
from tests.diagrams import diagram, end, flows, start, user_task
from tests.drawn import SVG, Picture, laid_out, picture

DRAWN = ("svg", "title", "desc", "g", "a", "rect", "circle", "path", "polyline", "text", "tspan")
HARMLESS = {f"{SVG}{name}" for name in DRAWN}
NUMBERS = st.one_of(
    st.floats().map(str),
    st.integers(-(10**12), 10**12).map(str),
    st.sampled_from(["", "NaN", "-inf", "1e999", "0", "-5", "1_0", "٣", "0x10", "1;2", "100", "36", "1e-300"]),
)
IDS = st.sampled_from(["start", "work", "end", "start-work", "work-end", "nobody", "approval", "bpmn:work"])
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["<script>alert(1)</script>", "]]>", "&#0;", "javascript:alert(1)", '" onload="x', "审查" * 300, "\n" * 80]
    ),
)
BOXES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)


def drawn_as(boxes: dict[str, tuple[str, ...]], corners: dict[str, list[tuple[str, str]]]) -> bytes:
    source = diagram(start(), user_task("work"), end(), flows("start", "work", "end"))
    return laid_out(source, boxes, corners)


def check(svg: str) -> Picture:
    shown = Picture(svg)
    assert {one.tag for one in shown.root.iter()} <= HARMLESS
    for one in shown.root.iter():
        assert not [name for name in one.attrib if name.lower().startswith("on") or name.endswith("}href")]
        for name, value in one.attrib.items():
            numbers = (
                re.findall(r"-?(?:nan|inf|\d[\d.]*(?:e[+-]?\d+)?)", value) if name not in {"href", "aria-label"} else []
            )
            assert name in {"data-element-id", "xmlns"} or all(math.isfinite(float(number)) for number in numbers)
    box = [float(number) for number in shown.root.attrib["viewBox"].split()]
    assert all(abs(number) <= 4 * FARTHEST for number in box)
    return shown


@given(
    st.dictionaries(IDS, BOXES, max_size=6),
    st.dictionaries(IDS, st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5), max_size=4),
)
def test_whatever_numbers_a_layout_has_the_picture_is_finite(
    boxes: dict[str, tuple[str, ...]], corners: dict[str, list[tuple[str, str]]]
) -> None:
    check(draw(read_layout(drawn_as(boxes, corners), "approval"), Markings("流程图")))


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(State))
def test_whatever_is_said_stays_text(name: str, told: str, note: str, state: State) -> None:
    said = Markings(
        name,
        told,
        {"work": Mark(state, counts=note[:5], note=note, told=(told,))},
        frozenset({name}),
        {state: name},
        {"work": name},
    )
    layout = read_layout(drawn_as({"work": ("0", "0", "100", "80")}, {}), "approval")

    shown = check(draw(layout, said))

    assert list(shown.all("script")) == []


def test_a_name_with_markup_is_written_as_it_stands() -> None:
    source = diagram(user_task("work")).replace(b'id="work"', b'id="work" name="&lt;/text&gt;&lt;script&gt;"')

    shown = picture(laid_out(source, {"work": (0, 0, 300, 80)}))

    assert "<script>" not in shown.svg
    assert "".join(shown.texts()) == "</text><script>"


def test_an_element_that_is_placed_twice_stands_where_it_was_first() -> None:
    twice = laid_out(laid_out(diagram(user_task("work")), {"work": (0, 0, 100, 80)}), {"work": (500, 0, 100, 80)})
    shape = (
        b'<bpmndi:BPMNShape bpmnElement="work"><dc:Bounds x="900" y="0" width="100" height="80"/></bpmndi:BPMNShape>'
    )

    shown = picture(twice.replace(b"</bpmndi:BPMNPlane>", shape + b"</bpmndi:BPMNPlane>", 1))

    assert next(shown.all("rect", shown.of("work"))).attrib["x"] == "0"


def test_the_largest_file_is_drawn_as_far_as_the_limit() -> None:
    shapes = {f"t{number}": (number % 100 * 120, number // 100 * 100, 100, 80) for number in range(6_000)}
    source = diagram(*(user_task(id) for id in shapes))

    layout = read_layout(laid_out(source, shapes), "approval")

    assert len(layout.shapes) == MOST_SHAPES
    assert len(draw(layout, Markings("流程图"))) < 8_000_000


@pytest.mark.parametrize("far", ["1e308", str(FARTHEST * 2), "-1e300"])
def test_what_lies_beyond_reach_is_not_drawn(far: str) -> None:
    shown = picture(laid_out(diagram(start(), end()), {"start": (far, 0, 36, 36), "end": (0, 0, 36, 36)}))

    assert shown.ids() == ["end"]


def test_the_picture_of_a_deep_and_wide_diagram_is_scaled_down() -> None:
    shown = picture(laid_out(diagram(start(), end()), {"start": (0, 0, 36, 36), "end": (40_000, 0, 36, 36)}))

    assert float(shown.root.attrib["width"]) <= 6_000
