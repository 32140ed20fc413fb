"""Slips over HTTP: who reads them, prints them and records their service; and the check that anybody may make."""

from typing import Any

import pytest

from casework import cases
from casework.slips import SlipKind, issue
from engine.ports import ENGINE
from tests.served import APPLICANT, Served
from tests.slips.conftest import Issuer, Submits
from tests.slips.pages import code, text
from tests.statements import statements


def rows(served: Served, login: str, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.person(login).json(f"/cases/{number}/slips")["rows"]
    return found


def test_the_slips_of_a_case_say_what_they_are_and_how_they_were_served(served: Served, counter: Submits) -> None:
    number = counter()
    served.person("window").post(f"/cases/{number}/accept")

    receipt, acceptance = rows(served, "window", number)

    assert (receipt["kind"], receipt["kind_name"], receipt["number"]) == (
        "receipt",
        "收件凭证",
        "000000SJ20260302000001",
    )
    assert (acceptance["kind"], acceptance["served_at"], acceptance["means"]) == ("acceptance", None, None)
    assert acceptance["issued_by"]["login"] == "window"


def test_an_applicant_sees_the_own_slips_and_no_officials(served: Served, online: Submits) -> None:
    number = online()

    [receipt] = rows(served, "applicant", number)

    assert (receipt["means"], receipt["means_name"], receipt["receiver"]) == ("electronic", "电子送达", "陆嘉禾")
    assert receipt["issued_by"] is None


@pytest.mark.parametrize("path", ["slips", "slips/000000SJ20260302000001.pdf"])
def test_slips_of_a_case_that_one_may_not_know_of_are_not_there(served: Served, online: Submits, path: str) -> None:
    number = online()

    assert served.person("agent").get(f"/cases/{number}/{path}").status_code == 404


def test_who_takes_part_from_outside_sees_no_slips(served: Served, online: Submits) -> None:
    number = online()
    served.person("window").post(f"/cases/{number}/accept")

    assert rows(served, "bank", number) == []
    assert served.person("bank").get(f"/cases/{number}/slips/000000SJ20260302000001.pdf").status_code == 404
    served_by_bank = served.person("bank").post(
        f"/cases/{number}/slips/000000SJ20260302000001/serve", {"means": "post", "receiver": "陆嘉禾"}
    )
    assert served_by_bank.status_code == 404


def test_the_page_is_an_attachment_with_the_code_that_opens_the_case(served: Served, online: Submits) -> None:
    number = online()

    answer = served.person("applicant").get(f"/cases/{number}/slips/000000SJ20260302000001.pdf")

    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="000000SJ20260302000001.pdf"'
    assert "收件凭证" in text(answer.data)
    link = code(answer.data)
    assert link is not None
    opened = served.anybody.json(link.partition("/api")[2])
    assert opened["number"] == number


def test_an_official_gets_a_copy_and_the_window_what_it_hands_over(served: Served, online: Submits) -> None:
    number = online()
    served.person("window").post(f"/cases/{number}/accept")
    address = f"/cases/{number}/slips/000000SL20260302000001.pdf"

    assert code(served.person("taxation").get(address).data) is None
    assert code(served.person("window").get(address).data) is not None


def test_a_slip_of_another_case_is_not_printed_with_this_one(served: Served, online: Submits) -> None:
    online()
    number = online()

    assert served.person("applicant").get(f"/cases/{number}/slips/000000SJ20260302000001.pdf").status_code == 404


def test_printing_is_done_when_the_reading_is_over(
    served: Served, online: Submits, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = online()
    busy: list[int] = []

    def looked(*_: object, **__: object) -> bytes:
        busy.append(served.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return b""

    monkeypatch.setattr("api.office.slips.pdf", looked)
    served.person("applicant").get(f"/cases/{number}/slips/000000SJ20260302000001.pdf")

    assert busy == [0]


def test_the_clerk_records_the_service_and_the_course_tells_it(served: Served, counter: Submits) -> None:
    number = counter()
    served.world.days_pass(2)

    answer = served.person("window").post(
        f"/cases/{number}/slips/000000SJ20260302000001/serve",
        {"means": "post", "receiver": "陆嘉禾（本人签收）", "served_at": "2026-03-03T15:30:00"},
    )

    recorded = answer.get_json()
    assert (answer.status_code, recorded["means_name"]) == (200, "邮寄送达")
    assert recorded["served_at"] == "2026-03-03T15:30:00.000+08:00"
    course = served.person("window").json(f"/cases/{number}")["timeline"]
    assert course[-1]["text"] == "送达收件凭证（邮寄送达）"
    assert course[-1]["who"]["login"] == "window"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"receiver": "陆嘉禾"}, "means"),
        ({"means": "by-pigeon", "receiver": "陆嘉禾"}, "means"),
        ({"means": "post"}, "receiver"),
        ({"means": "post", "receiver": " "}, "receiver"),
        ({"means": "post", "receiver": "陆嘉禾", "served_at": "2026-03-02T09:01:00"}, "served_at"),
        ({"means": "post", "receiver": "陆嘉禾", "served_at": "2026-03-02T08:59:00"}, "served_at"),
        ({"means": "public-notice", "receiver": "公告栏"}, "served_at"),
    ],
    ids=["no means", "unknown means", "no receiver", "blank", "in the future", "before its issue", "published today"],
)
def test_a_service_that_cannot_be_is_refused(served: Served, counter: Submits, body: dict[str, str], path: str) -> None:
    number = counter()

    answer = served.person("window").post(f"/cases/{number}/slips/000000SJ20260302000001/serve", body)

    assert (answer.status_code, [one["path"] for one in answer.get_json()["errors"]]) == (422, [path])
    assert rows(served, "window", number)[0]["served_at"] is None


def test_a_slip_that_is_served_is_not_served_again(served: Served, online: Submits) -> None:
    number = online()
    said = {"means": "counter", "receiver": "陆嘉禾"}

    answer = served.person("window").post(f"/cases/{number}/slips/000000SJ20260302000001/serve", said)

    assert answer.status_code == 409


def test_an_applicant_does_not_record_a_service(served: Served, online: Submits) -> None:
    number = online()
    said = {"means": "counter", "receiver": "陆嘉禾"}

    answer = served.person("applicant").post(f"/cases/{number}/slips/000000SJ20260302000001/serve", said)

    assert answer.status_code == 403


def test_whoever_holds_a_slip_checks_it_by_its_number_and_code(served: Served, online: Submits) -> None:
    number = online()
    receipt = served.submits()
    checked = f"/public/slips?number=000000SJ20260302000002&query_code={receipt['query_code']}"

    found = served.anybody.json(checked)

    [listed] = rows(served, "applicant", receipt["number"])
    assert (found["case_number"], found["item_name"]) == (receipt["number"], "企业开办")
    assert (found["kind_name"], found["check_code"]) == ("收件凭证", listed["check_code"])
    assert served.anybody.get(checked.replace("000002", "000001")).status_code == 404
    assert number != receipt["number"]


def test_a_confidential_case_and_an_unknown_slip_are_alike_to_who_checks(served: Served, issues: Issuer) -> None:
    body = {"item": "opening", "applicant": APPLICANT, "form": {"company": "临安某厂"}, "confidential": True}
    receipt = served.person("window").post("/cases", body).get_json()
    code_of = receipt["query_code"]

    hidden = served.anybody.get(f"/public/slips?number=000000SJ20260302000001&query_code={code_of}")
    unknown = served.anybody.get(f"/public/slips?number=000000SJ20260302000099&query_code={code_of}")

    assert hidden.status_code == unknown.status_code == 404
    assert hidden.get_json()["detail"] == unknown.get_json()["detail"]


def test_guessing_codes_of_slips_is_stopped(served: Served, online: Submits) -> None:
    online()
    wrong = "/public/slips?number=000000SJ20260302000001&query_code=22222222"

    answers = [served.anybody.get(wrong).status_code for _ in range(21)]

    assert answers == [404] * 20 + [429]


def test_a_list_takes_as_many_statements_for_many_slips_as_for_one(served: Served, online: Submits) -> None:
    number = online()
    rows(served, "window", number)
    sent_for = []
    for _ in range(2):
        with statements(served.database.engine) as sent:
            rows(served, "window", number)
        sent_for.append(len(sent))
        with served.database.begin(ENGINE) as tx:
            case = cases.locked(tx, number, "cases.read")
            for _ in range(20):
                issue(tx, case, SlipKind.DECLINE, {"reason": "不属于本机关职权范围"})

    assert sent_for[0] == sent_for[1]
