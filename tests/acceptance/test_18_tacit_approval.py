"""Acceptance scenario 18: silence approves only where the item names the law; elsewhere a late step only escalates."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework.tables import Liability
from engine import jobs
from engine.errors import DiagramRefused
from engine.ports import ENGINE
from engine.tables import TaskState, UserTask
from tests.acceptance.registration import Registration
from tests.clocked import at
from tests.diagrams import call, end, flow, flows, mapped_in, node, properties, start, timer, user_task
from tests.diagrams import diagram as drawn_as
from tests.served import APPLICATION_FORM, REVIEW, REVIEW_FORM, accept, item

BASIS = "国务院关于部分告知性备案的规定第三条"
TACIT = f'[[tacit]]\nrole = "taxation"\nbasis = "{BASIS}"\n'
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


def opened(office: Registration, more: bytes, diagram: bytes | None = None) -> str:
    """The number of a case that taxation has had since Monday."""
    office.deploy(
        approval_bpmn=diagram or reviewed(),
        application_form=json.dumps(APPLICATION_FORM).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=item(["taxation"]) + more,
    )
    office.world.now = MONDAY
    return office.accepted()


def due_work(office: Registration) -> None:
    while jobs.run_due(office.database, "worker"):
        pass


def review_of(office: Registration) -> UserTask:
    with office.database.view(ENGINE) as tx:
        return tx.session.scalars(select(UserTask).where(UserTask.activity_id == "review")).one()


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
