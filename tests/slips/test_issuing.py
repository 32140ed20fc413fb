"""A slip has a number without gaps, says what was so when it was issued, and has no effect until it is served."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from casework.events import SlipServed
from casework.slips import Service, ServiceMeans, SlipKind
from casework.slips.recording import record_service
from casework.tables import Slip
from engine import evidence
from engine.errors import Conflict, Invalid, NotFound
from engine.ports import ENGINE, Actor
from engine.tables import Act
from tests.slips.conftest import Issuer, Submits

BY_HAND = Service(ServiceMeans.COUNTER, "陆嘉禾")
CLERK = Actor("window", "综合窗口", frozenset({"window"}))


def test_numbers_run_without_gaps_for_each_word_and_day(issues: Issuer, counter: Submits) -> None:
    number = counter()
    first, second = issues(number), issues(number)
    with pytest.raises(Invalid):  # what goes wrong after the number was taken gives it back
        issues(number, service=Service(ServiceMeans.COUNTER, ""))
    third = issues(number)
    other = issues(number, SlipKind.CORRECTION, {"listed": ["身份证明"]})
    issues.served.world.days_pass(1)

    assert [first.number, second.number, third.number] == [f"000000BSL20260302{place:06}" for place in (1, 2, 3)]
    assert other.number == "000000BZ20260302000001"
    assert issues(number).number == "000000BSL20260303000001"


def test_the_day_of_a_number_is_the_offices(issues: Issuer, counter: Submits) -> None:
    number = counter()
    issues.served.world.now = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)

    assert issues(number).number == "000000BSL20260303000001"


def test_what_a_slip_says_stays_as_it_was(issues: Issuer, counter: Submits) -> None:
    number = counter()
    facts = {"bill": "B-1", "charges": [{"name": "登记费", "amount": Decimal("0.10")}], "total": Decimal("0.10")}
    slip = issues(number, SlipKind.PAYMENT, {**facts, "until": date(2026, 3, 9)})
    said = json.loads(slip.content)

    assert (said["item"], said["authority"], said["applicant"]) == ("企业开办", "市场监督管理局", "陆嘉禾")
    assert said["issued_at"] == "2026-03-02T09:00:00+08:00"
    assert said["facts"]["charges"] == [{"name": "登记费", "amount": "0.10"}]
    assert said["facts"]["until"] == "2026-03-09"


def test_a_slip_that_lacks_what_its_kind_has_to_say_is_not_issued(issues: Issuer, counter: Submits) -> None:
    with pytest.raises(ValueError, match="reason"):
        issues(counter(), SlipKind.EXTENSION, {"time": "十个工作日", "until": date(2026, 3, 9)})


def test_online_a_slip_is_served_as_it_is_issued(issues: Issuer, online: Submits) -> None:
    slip = issues(online())

    assert (slip.means, slip.receiver, slip.served_at) == (ServiceMeans.ELECTRONIC, "陆嘉禾", slip.issued_at)
    assert [(one.number, one.served_at) for one in issues.heard if isinstance(one, SlipServed)][-1] == (
        slip.number,
        slip.issued_at,
    )


def test_at_the_counter_a_slip_is_served_when_a_clerk_says_so(issues: Issuer, counter: Submits) -> None:
    number = counter()
    slip = issues(number)
    assert (slip.served_at, slip.means) == (None, None)
    assert not [one for one in issues.heard if isinstance(one, SlipServed)]
    issues.served.world.days_pass(1)

    with issues.command(CLERK) as tx:
        served = record_service(tx, number, slip.number, BY_HAND)
        stored = tx.session.scalars(select(Slip).where(Slip.number == slip.number)).one()

    assert (served.served_at, stored.receiver) == (issues.served.world.now, "陆嘉禾")
    [heard] = [one for one in issues.heard if isinstance(one, SlipServed)]
    assert (heard.kind, heard.number, heard.served_at) == (SlipKind.DECLINE, slip.number, issues.served.world.now)


def test_a_slip_handed_over_at_once_is_served_with_its_issue(issues: Issuer, counter: Submits) -> None:
    slip = issues(counter(), service=BY_HAND)

    assert (slip.means, slip.served_at) == (ServiceMeans.COUNTER, slip.issued_at)


def test_a_slip_is_served_once(issues: Issuer, counter: Submits) -> None:
    number = counter()
    slip = issues(number, service=BY_HAND)

    with pytest.raises(Conflict), issues.command(CLERK) as tx:
        record_service(tx, number, slip.number, BY_HAND)


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        (datetime(2026, 3, 2, 0, 59, tzinfo=UTC), "served_at"),
        (datetime(2026, 3, 5, 1, 1, tzinfo=UTC), "served_at"),
    ],
    ids=["before its issue", "in the future"],
)
def test_service_lies_between_the_issue_and_now(issues: Issuer, counter: Submits, at: datetime, wrong: str) -> None:
    number = counter()
    slip = issues(number)
    issues.served.world.days_pass(3)

    with pytest.raises(Invalid) as refused, issues.command(CLERK) as tx:
        record_service(tx, number, slip.number, Service(ServiceMeans.POST, " ", at))

    assert [fault.element_id for fault in refused.value.faults] == ["receiver", wrong]


def test_a_public_notice_serves_after_thirty_days(issues: Issuer, counter: Submits) -> None:
    number = counter()
    slip = issues(number)
    issues.served.world.days_pass(29)
    with pytest.raises(Invalid), issues.command(CLERK) as tx:
        record_service(tx, number, slip.number, Service(ServiceMeans.PUBLIC_NOTICE, "政务服务中心公告栏"))
    issues.served.world.days_pass(1)

    with issues.command(CLERK) as tx:
        served = record_service(tx, number, slip.number, Service(ServiceMeans.PUBLIC_NOTICE, "政务服务中心公告栏"))

    assert served.served_at == issues.served.world.now


def test_a_slip_of_another_case_is_not_there(issues: Issuer, counter: Submits) -> None:
    slip, another = issues(counter()), counter()

    with pytest.raises(NotFound), issues.command(CLERK) as tx:
        record_service(tx, another, slip.number, BY_HAND)


def test_issue_and_service_are_in_the_evidence(issues: Issuer, online: Submits) -> None:
    slip = issues(online())

    with issues.served.database.view(ENGINE) as tx:
        acts = tx.session.scalars(select(Act).where(Act.document == slip.number).order_by(Act.seq)).all()
        assert evidence.verify(tx, slip.root_id) is None
    assert [(act.kind, act.property, act.new, act.basis) for act in acts] == [
        ("slip.issued", "decline", None, "行政许可法第三十二条"),
        ("slip.served", "decline", "electronic", None),
    ]


def test_the_course_of_the_case_names_the_slip_and_how_it_was_served(issues: Issuer, online: Submits) -> None:
    number = online()
    slip = issues(number)

    course = issues.served.person("applicant", "zh").json(f"/cases/{number}")["timeline"]

    told = [entry["text"] for entry in course if entry["document"] == slip.number]
    assert told == ["签发不予受理通知书", "送达不予受理通知书（电子送达）"]
