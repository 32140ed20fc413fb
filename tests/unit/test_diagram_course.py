"""Where an instance stands on its diagram and by which flows it came there, told from the visits of its activities."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.diagrams.course import BODY, Visit, taken, visited
from engine.drawing import State
from tests.diagrams import diagram, end, exclusive, flow, flows, inclusive, only_process, parallel, start, user_task

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def visit(activity: str, began: float, ended: float | None = None, type: str = "userTask", **said: object) -> Visit:
    """Began and ended are minutes after nine; `seq` is the beginning unless said."""
    return Visit(
        id=str(said.pop("id", f"{activity}-{began}")),
        activity_id=activity,
        type=type,
        parent_id=said.pop("parent", None),  # type: ignore[arg-type]
        seq=int(str(said.pop("seq", int(began * 100)))),
        started_at=NINE + timedelta(minutes=began),
        ended_at=None if ended is None else NINE + timedelta(minutes=ended),
        **said,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("visits", "state"),
    [
        ([visit("review", 0)], State.CURRENT),
        ([visit("review", 0, 5)], State.DONE),
        ([visit("review", 0, 5, cancelled=True)], State.CLOSED),
        ([visit("review", 0, 5), visit("review", 7)], State.CURRENT),
        ([visit("review", 0, 5, cancelled=True), visit("review", 7, 8)], State.DONE),
        ([visit("review", 0, type="receiveTask")], State.WAITING),
        ([visit("review", 0, type="inclusiveGateway")], State.WAITING),
    ],
    ids=["open", "completed", "cancelled", "open again", "completed the second time", "for a message", "for others"],
)
def test_an_activity_stands_as_its_visits_say(visits: list[Visit], state: State) -> None:
    assert visited(visits)["review"].state == state


def test_a_multi_instance_activity_counts_the_items_of_its_newest_body() -> None:
    old = [visit("review", 0, 2, type=BODY, id="old"), visit("review", 0, 1, parent="old", seq=1)]
    new = [
        visit("review", 5, type=BODY, id="new"),
        visit("review", 5, 6, parent="new", seq=501),
        visit("review", 5, 7, parent="new", seq=502, cancelled=True),
        visit("review", 5, parent="new", seq=503),
    ]

    seen = visited([*old, *new])["review"]

    assert (seen.state, seen.counts) == (State.CURRENT, "1/3")


def test_work_side_by_side_is_counted_and_work_that_came_again_is_numbered() -> None:
    side_by_side = [visit("review", 0, 1, parent="a"), visit("review", 0.5, parent="b")]
    again = [visit("review", 0, 1, parent="a"), visit("review", 2, parent="a")]

    assert visited(side_by_side)["review"].counts == "1/2"
    assert visited(again)["review"].counts == "×2"
    assert visited(again[:1])["review"].counts is None


CHOICE = only_process(
    diagram(
        start(),
        exclusive("choice"),
        user_task("extra"),
        exclusive("merge"),
        end(),
        flows("start", "choice"),
        flow("choice", "extra", "${wanted}"),
        flow("choice", "merge", "${!wanted}"),
        flows("extra", "merge", "end"),
    )
)


def test_a_choice_led_to_what_began_at_that_instant() -> None:
    through = [
        visit("start", 0, 0, "startEvent"),
        visit("choice", 0, 0, "exclusiveGateway", seq=1),
        visit("extra", 0, 9, seq=2),
        visit("merge", 9, 9, "exclusiveGateway"),
    ]
    past = [
        visit("start", 0, 0, "startEvent"),
        visit("choice", 0, 0, "exclusiveGateway", seq=1),
        visit("merge", 0, 0, "exclusiveGateway", seq=2),
    ]

    assert taken(CHOICE, visited(through)) == {"start-choice", "choice-extra", "extra-merge", "merge-end"}
    assert taken(CHOICE, visited(past)) == {"start-choice", "choice-merge", "merge-end"}


def test_a_choice_led_to_the_join_that_stood_open_when_nothing_began() -> None:
    drawn = only_process(
        diagram(
            start(),
            inclusive("fork"),
            user_task("long"),
            user_task("short"),
            exclusive("enough"),
            inclusive("join"),
            end("lacking"),
            end(),
            flows("start", "fork", "long", "join", "end"),
            flows("fork", "short", "enough"),
            flow("enough", "join", "${enough}"),
            flow("enough", "lacking", "${!enough}"),
        )
    )
    visits = [
        visit("start", 0, 0, "startEvent"),
        visit("fork", 0, 0, "inclusiveGateway", seq=1),
        visit("long", 0, 4, seq=2),
        visit("short", 0, 6, seq=3),
        visit("join", 4, 6, "inclusiveGateway"),
        visit("enough", 6, 6, "exclusiveGateway"),
        visit("end", 6, 6, "endEvent", seq=601),
    ]

    found = taken(drawn, visited(visits))

    assert {"enough-join", "long-join", "join-end", "fork-long", "fork-short"} <= found
    assert "enough-lacking" not in found


def test_a_choice_led_to_what_began_next_when_the_engine_went_on_later() -> None:
    """An asynchronous step begins in a transaction of its own."""
    visits = [
        visit("start", 0, 0, "startEvent"),
        visit("choice", 0, 0, "exclusiveGateway", seq=1),
        visit("extra", 2),
    ]

    assert taken(CHOICE, visited(visits)) == {"start-choice", "choice-extra"}


def test_a_parallel_gateway_takes_every_flow_and_what_was_cancelled_none() -> None:
    branches = flows("start", "fork", "a", "end"), flows("fork", "b", "end")
    drawn = only_process(diagram(start(), parallel("fork"), user_task("a"), user_task("b"), end(), *branches))
    visits = [
        visit("start", 0, 0, "startEvent"),
        visit("fork", 0, 0, "parallelGateway", seq=1),
        visit("a", 0, 3, seq=2, cancelled=True),
        visit("b", 0, seq=3),
    ]

    assert taken(drawn, visited(visits)) == {"start-fork", "fork-a", "fork-b"}
