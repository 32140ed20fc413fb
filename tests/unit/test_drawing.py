"""A diagram is drawn where its designer put it, each element in the form that BPMN 2.0 gives it (chapters 7, 10)."""

import pytest

from engine.drawing import Mark, Markings, State
from engine.drawing.lettering import SIZE, width_of
from tests.diagrams import (
    boundary,
    call,
    cancel,
    compensation,
    conditional,
    definitions,
    diagram,
    element,
    end,
    error,
    escalation,
    event_sub_process,
    exclusive,
    flow,
    flows,
    message,
    multi_instance,
    node,
    parallel,
    process,
    signal,
    start,
    terminate,
    timer,
    user_task,
)
from tests.drawn import Box, Picture, laid_out, picture

TASK, EVENT = (100, 100, 100, 80), (300, 120, 36, 36)


def one(drawn: object, box: Box = TASK, **said: str) -> Picture:
    """The picture of a diagram with one element, called `it`."""
    return picture(laid_out(diagram(drawn), {"it": box}, said=said))


def circles(drawn: object) -> list[float]:
    """The widths of an event's rings."""
    shown = one(drawn, EVENT)
    return [float(ring.attrib["stroke-width"]) for ring in shown.all("circle", shown.of("it"))]


def test_a_start_event_is_thin_an_intermediate_one_double_an_end_event_thick() -> None:
    thin, double, thick = (
        circles(start("it")),
        circles(node("intermediateCatchEvent", "it", timer(duration="PT1H"))),
        circles(end("it")),
    )

    assert (len(thin), len(double), len(thick)) == (1, 2, 1)
    assert thin[0] < thick[0]


def test_what_does_not_interrupt_is_dashed() -> None:
    for interrupting, dashed in ((True, False), (False, True)):
        drawn = boundary("it", "work", timer(duration="PT1H"), interrupting=interrupting)
        shown = picture(laid_out(diagram(user_task("work"), drawn), {"work": TASK, "it": EVENT}))
        assert {"stroke-dasharray" in ring.attrib for ring in shown.all("circle", shown.of("it"))} == {dashed}


DEFINITIONS = {
    "none": [],
    "message": [message("m")],
    "timer": [timer(duration="PT1H")],
    "signal": [signal("s")],
    "error": [error("e")],
    "escalation": [escalation("e")],
    "conditional": [conditional("${true}")],
    "link": [element("linkEventDefinition", name="l")],
    "terminate": [terminate()],
    "compensate": [compensation()],
    "cancel": [cancel()],
}


def test_every_kind_of_event_has_a_sign_of_its_own() -> None:
    signs = {}
    for kind, definition in DEFINITIONS.items():
        shown = one(node("intermediateCatchEvent", "it", *definition), EVENT)
        signs[kind] = tuple(path.attrib["d"] for path in shown.all("path", shown.of("it")))

    assert signs.pop("none") == ()
    assert len(set(signs.values())) == len(DEFINITIONS) - 1


def test_a_sign_is_filled_where_the_event_throws() -> None:
    for tag, filled in (("intermediateCatchEvent", False), ("intermediateThrowEvent", True)):
        shown = one(node(tag, "it", signal("s")), EVENT)
        assert [path.attrib["fill"] != "none" for path in shown.all("path", shown.of("it"))] == [filled]


def test_gateways_are_told_apart_by_their_marks_and_an_exclusive_one_may_have_none() -> None:
    tags = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
    marked = [one(node(tag, "it"), (0, 0, 50, 50), isMarkerVisible="true") for tag in tags]
    bare = one(exclusive("it"), (0, 0, 50, 50))

    paths = [[path.attrib["d"] for path in shown.all("path", shown.of("it"))] for shown in marked]
    assert [len(found) for found in paths] == [2, 2, 2, 2]
    assert len({found[1] for found in paths}) == 4
    assert len(list(bare.all("path", bare.of("it")))) == 1


TASKS = ("userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "scriptTask", "businessRuleTask")


def test_every_type_of_task_has_an_icon_of_its_own() -> None:
    icons = set()
    for tag in TASKS:
        shown = one(node(tag, "it"))
        icons.add(tuple((path.attrib["d"], path.attrib["fill"]) for path in shown.all("path", shown.of("it"))))

    assert len(icons) == len(TASKS)
    plain = one(node("task", "it"))
    assert list(plain.all("path", plain.of("it"))) == []


SUB_PROCESSES = ("subProcess", "transaction")


def frame(shown: Picture) -> dict[str, str]:
    return next(shown.all("rect", shown.of("it"))).attrib


def test_a_call_activity_is_thick_and_an_event_sub_process_dotted() -> None:
    task, called = one(user_task("it")), one(call("it", "other"))
    listens = one(event_sub_process("it", start("begun", message("m")), end("done"), flows("begun", "done")))

    assert float(frame(called)["stroke-width"]) > 2 * float(frame(task)["stroke-width"])
    assert "stroke-dasharray" in frame(listens)
    assert "stroke-dasharray" not in frame(task)


def test_a_transaction_has_a_double_frame() -> None:
    frames = [list(shown.all("rect", shown.of("it"))) for shown in (one(node(tag, "it")) for tag in SUB_PROCESSES)]

    assert [len(found) for found in frames] == [1, 2]


def test_what_undoes_bears_the_sign_of_the_event_that_asks_for_it() -> None:
    handler, event = one(user_task("it", isForCompensation=True)), one(end("it", compensation()), EVENT)
    plain = one(user_task("it"))

    def signs(shown: Picture) -> set[str]:
        return {path.attrib["d"] for path in shown.all("path", shown.of("it"))}

    assert signs(handler) - signs(plain) == signs(event)


def test_an_event_that_catches_compensation_is_never_dashed() -> None:
    shown = one(boundary("it", "work", compensation(), interrupting=False), EVENT)

    assert all("stroke-dasharray" not in ring.attrib for ring in shown.all("circle", shown.of("it")))


def test_markers_tell_repetition_and_what_is_folded_away() -> None:
    def signs(drawn: object, **said: str) -> list[str]:
        shown = one(drawn, TASK, **said)
        return [path.attrib["d"] for path in shown.all("path", shown.of("it"))]

    side_by_side = signs(node("task", "it", multi_instance(cardinality=3)))
    in_turn = signs(node("task", "it", multi_instance(cardinality=3, isSequential=True)))
    folded = signs(node("subProcess", "it"), isExpanded="false")
    opened = signs(node("subProcess", "it"), isExpanded="true")

    assert side_by_side != in_turn
    assert [len(found) for found in (side_by_side, in_turn, folded, opened)] == [1, 1, 1, 0]


def test_a_flow_follows_its_corners_and_ends_in_an_arrowhead_at_the_target() -> None:
    shown = picture(
        laid_out(
            diagram(start(), end(), flows("start", "end")),
            {"start": EVENT, "end": (300, 320, 36, 36)},
            {"start-end": [(336, 138), (400, 138), (400, 338), (336, 338)]},
        )
    )
    drawn = shown.of("start-end")

    assert next(shown.all("polyline", drawn)).attrib["points"].startswith("336.0,138.0 400.0,138.0 400.0,338.0 ")
    assert "L336.0,338.0" in next(shown.all("path", drawn)).attrib["d"]


def test_a_default_flow_bears_a_slash_and_a_conditional_one_from_a_task_a_diamond() -> None:
    line = [(0, 0), (100, 0)]
    drawn = diagram(
        node("task", "it", default="usual"),
        exclusive("choice"),
        end("end"),
        flow("it", "end", id="usual"),
        flow("it", "end", "${true}", id="special"),
        flow("choice", "end", "${true}", id="chosen"),
    )
    shown = picture(laid_out(drawn, {}, {"usual": line, "special": line, "chosen": line}))

    marks = {id: len(list(shown.all("path", shown.of(id)))) - 1 for id in ("usual", "special", "chosen")}
    assert marks == {"usual": 1, "special": 1, "chosen": 0}


def test_pools_lanes_messages_and_what_is_written_beside_are_drawn() -> None:
    drawn = definitions(
        process(
            element("laneSet", element("lane", id="window", name="综合窗口")),
            user_task("work"),
            element("textAnnotation", element("text", "默认前置"), id="note"),
            element("association", id="about", sourceRef="work", targetRef="note"),
            element("dataObjectReference", id="paper", name="申请书"),
            element("dataStoreReference", id="store", name="证照库"),
            element("group", id="together"),
        ),
        element(
            "collaboration",
            element("participant", id="office", name="政务服务中心", processRef="approval"),
            element("participant", id="applicant", name="申请人"),
            element("messageFlow", id="asks", sourceRef="applicant", targetRef="work"),
            id="both",
        ),
    )
    box = (0, 0, 600, 120)
    boxes = dict.fromkeys(("office", "window", "applicant", "work", "note", "paper", "store", "together"), box)
    shown = picture(laid_out(drawn, boxes, {"asks": [(0, 0), (9, 9)], "about": [(0, 0), (9, 9)]}, plane="both"))

    assert set(shown.ids()) == {*boxes, "asks", "about"}
    assert {"综合窗口", "默认前置", "申请书", "证照库", "政务服务中心", "申请人"} <= set(shown.texts())
    dashes = {id: next(shown.all("polyline", shown.of(id))).get("stroke-dasharray") for id in ("asks", "about")}
    assert all(dashes.values())


def test_both_lines_of_a_label_are_written_and_a_long_one_is_cut_within_its_task() -> None:
    two = one(user_task("it", name="登记审核\nRegistration"))
    long = one(user_task("it", name="很长的环节名称" * 30))

    assert two.texts() == ["登记审核", "Registration"]
    assert len(long.texts()) <= 5
    assert long.texts()[-1].endswith("…")


def test_a_page_of_a_folded_sub_process_stands_below_and_another_process_is_left_out() -> None:
    drawn = definitions(
        process(node("subProcess", "folded", user_task("inside"))), process(user_task("foreign"), key="other")
    )
    drawn = laid_out(drawn, {"folded": (0, 0, 100, 80)})
    drawn = laid_out(drawn, {"inside": (0, 0, 100, 80)}, plane="folded")
    drawn = laid_out(drawn, {"foreign": (0, 0, 100, 80)}, plane="other")
    shown = picture(drawn)

    assert shown.ids() == ["folded", "inside"]
    assert float(next(shown.all("rect", shown.of("inside"))).attrib["y"]) > 80


def test_the_designers_colours_are_kept_and_what_is_no_colour_is_not() -> None:
    painted = diagram(user_task("it")).replace(
        b"<definitions", b'<definitions xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"'
    )
    shown = [
        picture(laid_out(painted, {"it": TASK}, said={"bioc:fill": fill})) for fill in ("#ffe0b2", "url(http://x/y)")
    ]

    assert [frame(one)["fill"] for one in shown] == ["#ffe0b2", "#ffffff"]


STATES = (State.DONE, State.CURRENT, State.WAITING, State.CLOSED)


def marked(state: State, **said: object) -> Picture:
    marks = {"it": Mark(state, **said)}  # type: ignore[arg-type]
    return picture(laid_out(diagram(user_task("it", name="审查")), {"it": TASK}), Markings("办件", "说明", marks))


def test_a_state_shows_by_colour_and_by_the_form_of_its_badge() -> None:
    pictures = [marked(state) for state in STATES]

    assert len({frame(shown)["stroke"] for shown in pictures}) == 4
    badges = [[path.attrib["d"] for path in shown.all("path")][-1] for shown in pictures]
    assert len(set(badges)) == 4
    assert [shown.of("it").get("data-state") for shown in pictures] == ["done", "current", "waiting", "closed"]


def test_a_mark_tells_counts_who_and_when_and_links_to_a_called_process() -> None:
    shown = marked(State.CURRENT, counts="2/5", note="周文清 03-02 09:14", told=("办理中",), links=("?instance=7",))

    assert {"2/5", "周文清 03-02 09:14"} <= set(shown.texts())
    assert next(shown.all("title", shown.of("it"))).text == "审查\n办理中"
    assert [link.attrib["href"] for link in shown.all("a")] == ["?instance=7"]


def test_a_caption_gives_way_to_the_events_on_the_lower_border() -> None:
    said = Markings("办件", "说明", {"it": Mark(State.CURRENT, note="周文清 03-02 09:14")})
    for place, is_above in (((140, 162, 36, 36), True), (EVENT, False)):
        drawn = diagram(user_task("it", name="审查"), boundary("late", "it", timer(duration="PT1H")))
        shown = picture(laid_out(drawn, {"it": TASK, "late": place}), said)
        [caption] = [line for line in shown.all("tspan") if line.text == "周文清 03-02 09:14"]
        assert (float(caption.attrib["y"]) < TASK[1]) is is_above


BELOW, BESIDE, OVER = (150, 180), (200, 140), (150, 100)


@pytest.mark.parametrize(
    ("docks", "is_above"),
    [([BELOW], True), ([BESIDE], False), ([OVER], False), ([BELOW, OVER], False), ([BESIDE, BELOW], True)],
    ids=["below", "beside", "above", "below and above", "beside and below"],
)
def test_a_caption_gives_way_to_the_flows_at_the_lower_border(docks: list[tuple[int, int]], is_above: bool) -> None:
    said = Markings("办件", "说明", {"it": Mark(State.CURRENT, note="周文清 03-02 09:14")})
    ends = [f"end{place}" for place in range(len(docks))]
    drawn = diagram(user_task("it", name="审查"), *map(end, ends), *(flow("it", one) for one in ends))
    edges = {f"it-{one}": [dock, (900, 900)] for one, dock in zip(ends, docks, strict=True)}

    shown = picture(laid_out(drawn, {"it": TASK}, edges), said)

    [caption] = [line for line in shown.all("tspan") if line.text == "周文清 03-02 09:14"]
    assert (float(caption.attrib["y"]) < TASK[1]) is is_above


SIGN = 124  # the lower edge of the sign of a task at 100


@pytest.mark.parametrize(
    "name",
    ["结束勘验：云溪市图书馆滨河分馆\nClose the visit: 云溪市图书馆滨河分馆", "审查" * 40, "审查\nReview"],
    ids=["a long one", "one without an end", "a short one"],
)
def test_a_name_leaves_the_sign_of_its_task_free_and_stays_within_the_task(name: str) -> None:
    shown = one(user_task("it", name=name))

    lines = [line for line in shown.all("tspan") if line.text]
    tops = [float(line.attrib["y"]) - 0.85 * SIZE for line in lines]
    free = [width_of(line.text or "") < TASK[2] - 2 * (SIGN - TASK[1]) for line in lines]
    assert [line.text for line, top, is_free in zip(lines, tops, free, strict=True) if top < SIGN and not is_free] == []
    assert max(float(line.attrib["y"]) for line in lines) < TASK[1] + TASK[3]


def test_each_of_several_called_processes_has_a_numbered_link() -> None:
    shown = marked(State.CURRENT, links=("?instance=7", "?instance=8"))

    links = {link.attrib["href"]: shown.texts(link) for link in shown.all("a")}
    assert links == {"?instance=7": ["1"], "?instance=8": ["2"]}


def test_taken_flows_stand_out_by_their_width() -> None:
    drawn = laid_out(
        diagram(start(), parallel("fork"), end(), end("other"), flows("start", "fork", "end"), flows("fork", "other")),
        {},
        {"fork-end": [(0, 0), (50, 0)], "fork-other": [(0, 0), (0, 50)]},
    )
    shown = picture(drawn, Markings("办件", marks={"start": Mark(State.DONE)}, taken=frozenset({"fork-end"})))

    taken, other = (
        float(next(shown.all("polyline", shown.of(id))).attrib["stroke-width"]) for id in ("fork-end", "fork-other")
    )
    assert taken > other


def test_a_picture_is_named_and_described_for_those_who_hear_it() -> None:
    shown = marked(State.DONE)

    assert (shown.root.get("role"), shown.root.get("aria-label")) == ("img", "办件")
    assert [child.text for child in list(shown.root)[:2]] == ["办件", "说明"]


def test_the_legend_names_the_states_that_occur() -> None:
    legend = {State.DONE: "已办", State.WAITING: "等待"}
    shown = picture(laid_out(diagram(user_task("it")), {"it": TASK}), Markings("办件", legend=legend))

    assert shown.texts() == ["已办", "等待"]


@pytest.mark.parametrize("source", [diagram(start(), end(), flows("start", "end")), laid_out(diagram(start()), {})])
def test_a_file_without_a_layout_is_an_empty_picture(source: bytes) -> None:
    assert picture(source).ids() == []
