"""Progress without a login: number and query code open it, personal data stay masked, guessing stops."""

from sqlalchemy import update

from api.office.progress import MOST_GUESSES
from casework.tables import Case
from engine.ports import ENGINE
from tests.served import Served


def asked(receipt: dict[str, str], **changes: str) -> str:
    said = {"number": receipt["number"], "query_code": receipt["query_code"]} | changes
    return f"/public/progress?number={said['number']}&query_code={said['query_code']}"


def test_the_applicant_follows_the_case_without_a_login(served: Served) -> None:
    receipt = served.opens().submits()
    served.person("window").post(f"/cases/{receipt['number']}/accept")

    progress = served.anybody.json(asked(receipt))

    assert (progress["state"], progress["state_name"]) == ("ACCEPTED", "已受理")
    assert progress["applicant_name"] == "陆*禾"
    assert [(step["name"], step["state_name"]) for step in progress["steps"]] == [
        ("受理", "已办结"),
        ("market-regulation 审查", "办理中"),
        ("taxation 审查", "办理中"),
        ("bank 审查", "办理中"),
    ]
    promised = next(clock for clock in progress["deadlines"] if clock["kind"] == "PROMISED")
    assert promised["due_at"] == "2026-03-16T23:59:59.000+08:00"


def test_nothing_personal_is_told(served: Served) -> None:
    receipt = served.opens().submits()
    served.person("window").post(f"/cases/{receipt['number']}/accept")
    served.person("taxation").does(receipt["number"], "object", "欠税未清")

    told = served.anybody.get(asked(receipt)).text

    for secret in ("陆嘉禾", "11010519491231002X", "13905710001", "唐雨桐", "欠税未清", receipt["query_code"]):
        assert secret not in told


def test_the_open_notice_says_what_to_correct(served: Served) -> None:
    receipt = served.opens().submits()
    served.person("window").post(f"/cases/{receipt['number']}/accept")
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task()}/request-correction", {"items": ["补充银行账号"]})
    assert served.anybody.json(asked(receipt))["correction"] is None

    served.person("lead").post(f"/cases/{receipt['number']}/correction-notice")

    notice = served.anybody.json(asked(receipt))["correction"]
    assert (notice["number"], notice["items"]) == ("000000BZ20260302000001", [{"text": "补充银行账号"}])


def test_a_code_is_read_in_either_case(served: Served) -> None:
    receipt = served.opens().submits()

    assert served.anybody.get(asked(receipt, query_code=receipt["query_code"].lower())).status_code == 200


def test_a_wrong_number_a_wrong_code_and_a_confidential_case_are_alike(served: Served) -> None:
    receipt = served.opens().submits()
    wrong = [
        served.anybody.get(asked(receipt, query_code="22222222")),
        served.anybody.get(asked(receipt, number="000000202603020099")),
        served.anybody.get(asked(receipt, number="000000202603020099", query_code="%20" * 8)),
    ]
    with served.database.begin(ENGINE) as tx:
        tx.session.execute(update(Case).values(is_confidential=True))
    wrong.append(served.anybody.get(asked(receipt)))

    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.text for answer in wrong}) == 1


def test_guessing_is_stopped_and_allowed_again_later(served: Served) -> None:
    receipt = served.opens().submits()
    for _ in range(MOST_GUESSES):
        assert served.anybody.get(asked(receipt, query_code="22222222")).status_code == 404

    stopped = served.anybody.get(asked(receipt))

    assert stopped.status_code == 429
    assert served.anybody.get(asked(receipt).replace("progress", "progress/diagram.svg")).status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0
    served.world.days_pass(0.1)
    assert served.anybody.get(asked(receipt)).status_code == 200
