"""Acceptance scenario 18: silence approves only where the item names the law; elsewhere a late step only escalates."""

import json
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from casework.tables import Liability
from engine import jobs
from engine.errors import DiagramRefused
from engine.ports import ENGINE
from engine.tables import TaskState, UserTask
from tests.acceptance.registration import Registration
from tests.clocked import at
from tests.diagrams import (
    call,
    end,
    escalation,
    event_sub_process,
    flow,
    flows,
    mapped_in,
    multi_instance,
    node,
    properties,
    script_task,
    start,
    sub_process,
    timer,
    user_task,
)
from tests.diagrams import diagram as drawn_as
from tests.served import APPLICATION_FORM, REVIEW, REVIEW_FORM, accept, item

BASIS = "国务院关于部分告知性备案的规定第三条"
TACIT = f'[[tacit]]\nrole = "taxation"\nbasis = "{BASIS}"\n'
A, B = "taxation", "market-regulation"
BOTH_TACIT = (TACIT + TACIT.replace(A, B)).encode()
MONDAY, OVERDUE = at("2026-03-02 10:00"), at("2026-03-10 00:00")
NEXT_DAY = "2026-03-11T23:59:59.000+08:00"
"""One working day after the Tuesday on which the paper was asked for."""


def reviewed(**safety: str) -> bytes:
    """Taxation reviews within five working days, then the window delivers; a timer waits for its silence."""
    meaning = properties(act="review", outcomes=REVIEW, outcome="opinion", **safety)
    return drawn_as(
        start(),
        accept(),
        user_task("review", meaning, candidateGroups="taxation", formRef="review", formRefBinding="latest"),
        node(
            "boundaryEvent",
            "silence",
            timer(date="${tacit('taxation')}"),
            properties(act="deem-approve"),
            attachedToRef="review",
            cancelActivity=False,
        ),
        call("paper", "common-tacit-approval", mapped_in(sourceExpression="${'taxation'}", target="department")),
        end("given"),
        user_task("deliver", properties(act="deliver"), name="送达", candidateGroups="window"),
        end("objected"),
        end(),
        flows("start", "accept", "review"),
        flow("review", "objected", "${opinion == 'object'}"),
        flow("review", "deliver", "${opinion != 'object'}"),
        flows("deliver", "end"),
        flows("silence", "paper", "given"),
    )


def reviewed_at_once() -> bytes:
    """Both departments review in a multi-instance sub-process; a silent one's paper is written beside it, so that the
    delivery does not wait."""
    meaning = properties(act="review", outcomes=REVIEW, outcome="opinion")
    return drawn_as(
        start(),
        accept(),
        sub_process(
            "departments",
            multi_instance(collection=f"${{listOf('{A}', '{B}')}}", elementVariable="department"),
            start("asked"),
            user_task("review", meaning, candidateGroups="${department}", formRef="review", formRefBinding="latest"),
            node(
                "boundaryEvent",
                "silence",
                timer(date="${tacit(department)}"),
                properties(act="deem-approve"),
                attachedToRef="review",
                cancelActivity=False,
            ),
            script_task("named", "silent_department = ${department}"),
            end("told", escalation("silence")),
            end("reviewed"),
            flows("asked", "review", "reviewed"),
            flows("silence", "named", "told"),
        ),
        user_task("deliver", properties(act="deliver"), name="送达", candidateGroups="window"),
        end(),
        flows("start", "accept", "departments", "deliver", "end"),
        event_sub_process(
            "late-paper",
            start("heard", escalation("silence"), isInterrupting=False),
            call("paper", "common-tacit-approval", mapped_in(source="silent_department", target="department")),
            end("given"),
            flows("heard", "paper", "given"),
        ),
    )


def opened(
    office: Registration, more: bytes, diagram: bytes | None = None, departments: Sequence[str] = ("taxation",)
) -> str:
    """The number of a case that the departments have had since Monday."""
    office.deploy(
        approval_bpmn=diagram or reviewed(),
        application_form=json.dumps(APPLICATION_FORM).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=item(departments) + more,
    )
    office.world.now = MONDAY
    return office.accepted()


def due_work(office: Registration) -> None:
    while jobs.run_due(office.database, "worker"):
        pass


def review_of(office: Registration) -> UserTask:
    with office.database.view(ENGINE) as tx:
        return tx.session.scalars(select(UserTask).where(UserTask.activity_id == "review")).one()


def outcomes(office: Registration) -> dict[str | None, str | None]:
    """How each department's review ended; None while it is open."""
    with office.database.view(ENGINE) as tx:
        reviews = tx.session.scalars(select(UserTask).where(UserTask.activity_id == "review"))
        return {one.department: one.outcome for one in reviews}


def liabilities(office: Registration) -> list[Liability]:
    with office.database.view(ENGINE) as tx:
        return list(tx.session.scalars(select(Liability)))


def test_18_tacit_approval__the_item_with_a_basis_is_completed_by_silence(office: Registration) -> None:
    number = opened(office, TACIT.encode())
    officer = office.person("taxation")
    officer.post(f"/inbox/{officer.task(number)}/claim")

    office.world.now = OVERDUE
    due_work(office)

    review = review_of(office)
    assert (review.state, review.outcome, review.assignee) == (TaskState.COMPLETED, "deemed_approved", "taxation")
    assert [row["name"] for row in office.inbox("window", number)] == ["送达"]
    [opinion] = [one for one in office.case(number)["opinions"] if one["act"] == "review"]
    assert opinion["label"] == "超时默认"


def test_18_tacit_approval__the_department_owes_the_paper_within_a_working_day(office: Registration) -> None:
    number = opened(office, TACIT.encode())
    office.world.now = OVERDUE
    due_work(office)

    [paper] = office.inbox("taxation", number)

    assert (paper["name"], paper["due_at"]) == ("补出具意见", NEXT_DAY)
    form = {"tacit_document_number": "税函〔2026〕3号", "tacit_explanation": "系统交接"}
    office.is_done(number, "taxation", "补出具意见", "given", **form)


def test_18_tacit_approval__a_record_of_liability_names_holder_head_and_law(office: Registration) -> None:
    number = opened(office, TACIT.encode())
    officer = office.person("taxation")
    officer.post(f"/inbox/{officer.task(number)}/claim")
    office.world.now = OVERDUE
    due_work(office)

    [row] = office.person("supervisor").json("/liabilities")["rows"]

    assert (row["case_number"], row["department"]["code"], row["basis"]) == (number, "taxation", BASIS)
    assert (row["holder"]["login"], [head["login"] for head in row["heads"]]) == ("taxation", ["taxation-head"])
    assert office.person("taxation").get("/liabilities").status_code == 403


def critical(text: bytes) -> bytes:
    return text.replace(b'role = "taxation"', b'role = "taxation"\nsafety_critical = true', 1)


@pytest.mark.parametrize(
    ("more", "diagram"),
    [(b"", reviewed), (TACIT.encode(), lambda: reviewed(safety_critical="true"))],
    ids=["no basis", "safety-critical step"],
)
def test_18_tacit_approval__without_a_basis_or_where_safety_is_at_stake_it_only_escalates(
    office: Registration, more: bytes, diagram: Callable[[], bytes]
) -> None:
    number = opened(office, more, diagram())

    office.world.now = OVERDUE
    due_work(office)

    assert review_of(office).state == TaskState.CREATED
    assert liabilities(office) == []
    assert office.clocks(number)["taxation"]["signal"] == "red"


def agrees(office: Registration, number: str, login: str) -> None:
    officer = office.person(login)
    body = {"outcome": "agree", "form": {"finding": "符合规定"}}
    assert officer.post(f"/inbox/{officer.task(number)}/complete", body).status_code == 200


@pytest.mark.parametrize("answers_late", [False, True], ids=["B answered in time", "B answers afterwards"])
def test_18_tacit_approval__of_departments_at_once_only_the_silent_ones_step_is_approved(
    office: Registration, *, answers_late: bool
) -> None:
    number = opened(office, TACIT.encode() if answers_late else BOTH_TACIT, reviewed_at_once(), (B, A))
    if not answers_late:
        agrees(office, number, B)

    office.world.now = OVERDUE
    due_work(office)
    if answers_late:
        assert (outcomes(office), office.inbox("window", number)) == ({A: "deemed_approved", B: None}, [])
        agrees(office, number, B)

    assert outcomes(office) == {A: "deemed_approved", B: "agree"}
    assert [one.department for one in liabilities(office)] == [A]
    assert [(row["name"], row["due_at"]) for row in office.inbox(A, number)] == [("补出具意见", NEXT_DAY)]
    assert office.inbox(B, number) == []


def test_18_tacit_approval__of_departments_at_once_nobody_waits_for_the_silent_ones_paper(
    office: Registration,
) -> None:
    number = opened(office, BOTH_TACIT, reviewed_at_once(), (B, A))
    agrees(office, number, B)
    office.world.now = OVERDUE
    due_work(office)

    office.is_done(number, "window", "送达", None)

    assert [one["name"] for one in office.case(number)["open_steps"]] == ["补出具意见"]
    form = {"tacit_document_number": "税函〔2026〕3号", "tacit_explanation": "系统交接"}
    office.is_done(number, A, "补出具意见", "given", **form)
    assert office.case(number)["state"] == "CONCLUDED"


def test_18_tacit_approval__of_departments_silent_at_once_each_owes_its_own_paper(office: Registration) -> None:
    number = opened(office, BOTH_TACIT, reviewed_at_once(), (B, A))

    office.world.now = OVERDUE
    due_work(office)

    assert outcomes(office) == {A: "deemed_approved", B: "deemed_approved"}
    assert {one.department for one in liabilities(office)} == {A, B}
    assert [[row["name"] for row in office.inbox(login, number)] for login in (A, B)] == [["补出具意见"]] * 2
    assert [row["name"] for row in office.inbox("window", number)] == ["送达"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (item(["taxation"]) + b'[[tacit]]\nrole = "taxation"\n', "item.toml tacit[0].basis"),
        (item(["taxation"]) + b'[[tacit]]\nrole = "taxation"\nbasis = " "\n', "item.toml tacit[0].basis"),
        (item(["taxation"]) + b'[[tacit]]\nrole = "bank"\nbasis = "x"\n', "item.toml tacit[0].role"),
        (critical(item(["taxation"])) + TACIT.encode(), "item.toml tacit[0].role"),
    ],
    ids=["no basis", "blank basis", "no participant", "safety-critical"],
)
def test_18_tacit_approval__an_item_that_may_not_have_it_is_refused_at_deployment(
    office: Registration, text: bytes, fault: str
) -> None:
    with pytest.raises(DiagramRefused) as refused:
        office.deploy(item_toml=text)

    assert [one.sentence.en.split(":")[0] for one in refused.value.faults] == [fault]
