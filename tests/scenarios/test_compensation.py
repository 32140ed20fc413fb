"""Compensation in the store: what can be undone survives every command, the history shows what undid it."""

from collections.abc import Sequence

from sqlalchemy import select

from engine.tables import ActivityInstance, InstanceState, Variable
from tests.diagrams import (
    boundary,
    call,
    cancel,
    compensation,
    diagram,
    end,
    exclusive,
    external_task,
    flow,
    flows,
    multi_instance,
    script_task,
    start,
    straight,
    sub_process,
    throw,
    transaction,
    undone_by,
    user_task,
)
from tests.scenario import Scenario

SURVEY = straight(user_task("visit"), key="survey")
UNDO = throw("undo", compensation())


def visits(scenario: Scenario, *activities: str) -> Sequence[ActivityInstance]:
    """The visits of these activities in the whole tree, in the order in which they began."""
    with scenario.database.view(scenario.actor) as tx:
        found = select(ActivityInstance).where(
            ActivityInstance.root_id == scenario.root_id, ActivityInstance.activity_id.in_(activities)
        )
        return tx.session.scalars(found.order_by(ActivityInstance.seq)).all()


def local_variables(scenario: Scenario) -> int:
    """How many variables there are in inner scopes."""
    with scenario.database.view(scenario.actor) as tx:
        return len(tx.session.scalars(select(Variable.name).where(Variable.scope_id != scenario.root_id)).all())


def test_people_workers_and_called_processes_undo_one_after_another(scenario: Scenario) -> None:
    scenario.deploy(
        SURVEY,
        diagram(
            start(),
            user_task("seal"),
            undone_by(user_task("unseal"), "seal"),
            external_task("register", "register"),
            undone_by(external_task("unregister", "unregister"), "register"),
            call("inspect", "survey"),
            undone_by(call("inspect_again", "survey"), "inspect"),
            UNDO,
            user_task("after"),
            end(),
            flows("start", "seal", "register", "inspect", "undo", "after", "end"),
        ),
    )
    scenario.start()
    scenario.complete("seal")
    (registration,) = scenario.worker_fetches("register")
    scenario.worker_completes(registration)
    scenario.complete("visit")
    assert scenario.waits_at() == ["visit"]
    assert scenario.worker_fetches("unregister") == []
    scenario.complete("visit")
    (undoing,) = scenario.worker_fetches("unregister")
    assert scenario.waits_at() == []
    scenario.worker_completes(undoing)
    assert scenario.waits_at() == ["unseal"]
    scenario.complete("unseal")
    assert scenario.waits_at() == ["after"]
    undone = visits(scenario, "unseal", "unregister", "inspect_again")
    assert [visit.activity_id for visit in undone] == ["inspect_again", "unregister", "unseal"]
    assert all(visit.ended_at and not visit.cancelled for visit in undone)


def test_what_a_sub_process_knew_is_kept_until_it_is_undone(scenario: Scenario) -> None:
    inner = sub_process(
        "inner",
        start("s"),
        script_task("reserve", "local room = ${wanted}"),
        user_task("book"),
        undone_by(user_task("cancel_room", candidateGroups="${room}"), "book"),
        end("e"),
        flows("s", "reserve", "book", "e"),
    )
    scenario.deploy(
        diagram(
            start(),
            inner,
            user_task("ask"),
            UNDO,
            user_task("after"),
            end(),
            flows("start", "inner", "ask", "undo", "after", "end"),
        )
    )
    scenario.start(wanted="hall-101")
    scenario.complete("book")
    assert local_variables(scenario) == 1
    scenario.complete("ask", wanted="nothing")
    assert scenario.waits_at() == ["cancel_room"]
    (inside,) = visits(scenario, "inner")
    (undoing,) = visits(scenario, "cancel_room")
    assert undoing.parent_id == inside.id
    scenario.complete("cancel_room")
    assert local_variables(scenario) == 0
    assert scenario.waits_at() == ["after"]


def test_each_department_undoes_what_it_did(scenario: Scenario) -> None:
    each = multi_instance(collection="${departments}", elementVariable="department")
    scenario.deploy(
        diagram(
            start(),
            user_task("review", each),
            undone_by(user_task("reverse", candidateGroups="${department}"), "review"),
            UNDO,
            end(),
            flows("start", "review", "undo", "end"),
        )
    )
    scenario.start(departments=["fire", "taxation"])
    scenario.complete("review")
    scenario.complete("review")
    assert scenario.waits_at() == ["reverse", "reverse"]
    scenario.complete("reverse")
    scenario.complete("reverse")
    assert scenario.has_ended()
    assert not scenario.open_work()


def booking() -> bytes:
    return diagram(
        start(),
        transaction(
            "tx",
            start("s"),
            user_task("hotel"),
            undone_by(user_task("undo_hotel"), "hotel"),
            user_task("confirm"),
            exclusive("way", default="way-ok"),
            end("ok"),
            end("failed", cancel()),
            flows("s", "hotel", "confirm", "way", "ok"),
            flow("way", "failed", "${refused}"),
        ),
        boundary("cancelled", "tx", cancel()),
        user_task("sorry"),
        end(),
        end("given_up"),
        flows("start", "tx", "end"),
        flows("cancelled", "sorry", "given_up"),
    )


def test_a_cancelled_transaction_is_undone_and_left_by_its_cancel_event(scenario: Scenario) -> None:
    scenario.deploy(booking())
    scenario.start()
    scenario.complete("hotel")
    scenario.complete("confirm", refused=True)
    assert scenario.waits_at() == ["undo_hotel"]
    scenario.complete("undo_hotel")
    assert scenario.waits_at() == ["sorry"]
    (tx,) = visits(scenario, "tx")
    assert tx.cancelled
    scenario.complete("sorry")
    assert scenario.has_ended()
    assert not scenario.open_work()


def test_cancelling_a_case_undoes_nothing(scenario: Scenario) -> None:
    scenario.deploy(booking())
    scenario.start()
    scenario.complete("hotel")
    scenario.cancel()
    assert scenario.state() == InstanceState.CANCELLED
    assert visits(scenario, "undo_hotel") == []
    assert not scenario.open_work()
