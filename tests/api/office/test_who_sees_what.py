"""Who reads what of a case: for each reader all that the office answers, held against what is theirs to know."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from api.routes import doors
from tests.served import PDF, Served

ID, PHONE, COMPANY = "11010519491231002X", "13905710001", "临安知微生物科技有限公司"
UNNAMED, FINDING, REASON, ASKED = "N-17", "住所未通过实地核查", "住所不符合登记条件", "更正欠税说明"
IDENTITY, PREMISES, OFFICER, CLERK = "身份证.pdf", "租赁合同.pdf", "周文清", "叶知秋"

OVERSIGHT = {COMPANY, REASON, ASKED, IDENTITY, PREMISES, OFFICER, CLERK}
SEES: Mapping[str, set[str]] = {
    "window": OVERSIGHT | {ID, PHONE, UNNAMED},
    "lead": OVERSIGHT,
    "supervisor": OVERSIGHT,
    "admin": OVERSIGHT,
    "taxation": OVERSIGHT | {ID, PHONE, UNNAMED, FINDING},
    "bank": {COMPANY, PREMISES},
    "applicant": {ID, PHONE, COMPANY, IDENTITY, PREMISES, OFFICER, CLERK},
    "agent": set(),
    "public-security": set(),
    "designer": set(),
}
EVERYTHING = set().union(*SEES.values())


@pytest.fixture
def receipt(served: Served) -> dict[str, Any]:
    """A case on which market regulation objected, taxation asked for a correction and the bank has kept a draft."""
    served.opens()
    applicant = served.person("applicant")
    materials = [
        {"kind": "identity", "id": applicant.uploads(IDENTITY, PDF + IDENTITY.encode())},
        {"kind": "premises", "id": applicant.uploads(PREMISES, PDF + PREMISES.encode())},
    ]
    receipt = served.submits(materials=materials)
    number = receipt["number"]
    served.person("window").post(f"/cases/{number}/accept")
    served.person("market-regulation").does(number, "object", REASON, finding=FINDING)
    taxation, bank = served.person("taxation"), served.person("bank")
    taxation.post(f"/inbox/{taxation.task(number)}/request-correction", {"items": [ASKED]})
    bank.put(f"/inbox/{bank.task(number)}/draft", {"form": {"finding": "印鉴齐全"}})
    return receipt


def everything_read(served: Served, login: str, number: str) -> str:
    """What every read of the office answers the person, of this case, its tasks and files, and of all there is."""
    person, whole = served.person(login), served.person("window").json(f"/cases/{number}")
    tasks = [one["task_id"] for one in (*whole["opinions"], *whole["open_steps"])]
    files = [material["id"] for material in whole["materials"]]
    named = {"number": [number], "task_id": tasks, "material_id": files}
    reads = [path.removeprefix("/api") for path, door in doors(served.app) if door.method == "GET" and door.act]
    answers = [person.get(path) for read in reads for path in addresses(read, named)]
    answers += [person.get(path) for path in (f"/cases?q={number}", "/cases?mine=true", "/inbox/done?mine=true")]
    return "".join(answer.data.decode(errors="replace") for answer in answers)


def addresses(read: str, named: Mapping[str, list[str]]) -> Iterator[str]:
    """A route's addresses with all that can stand in it; none where it takes something that is no part of a case."""
    places = re.findall("<(.*?)>", read)
    if set(places) <= named.keys():
        for chosen in product(*(named[place] for place in places)):
            address = read
            for place, value in zip(places, chosen, strict=True):
                address = address.replace(f"<{place}>", value)
            yield address


def held_against(served: Served, number: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Who reads what is not theirs to know, and who does not read what is."""
    told = {login: everything_read(served, login, number) for login in SEES}
    leaks = [(login, secret) for login, text in told.items() for secret in EVERYTHING - SEES[login] if secret in text]
    withheld = [(login, secret) for login, text in told.items() for secret in SEES[login] if secret not in text]
    return sorted(leaks), sorted(withheld)


def test_nobody_reads_more_of_an_open_case_than_their_part_and_nobody_less(
    served: Served, receipt: dict[str, Any]
) -> None:
    assert held_against(served, receipt["number"]) == ([], [])


def test_nobody_reads_more_of_a_finished_case(served: Served, receipt: dict[str, Any]) -> None:
    number = receipt["number"]
    served.person("taxation").does(number, "agree", finding="已结清税款")
    served.person("bank").does(number, "agree", finding="印鉴齐全")
    served.person("window").does(number)
    assert served.person("window").json(f"/cases/{number}")["state"] == "CONCLUDED"

    leaks, _ = held_against(served, number)
    assert leaks == []


def test_the_public_reads_state_steps_and_dates(served: Served, receipt: dict[str, Any]) -> None:
    query = f"number={receipt['number']}&query_code={receipt['query_code']}"

    told = "".join(served.anybody.get(f"/public/progress{page}?{query}").text for page in ("", "/diagram.svg"))

    assert "陆*禾" in told
    assert [secret for secret in {"陆嘉禾", "唐雨桐"} | EVERYTHING if secret in told] == []


def test_an_outside_participant_keeps_its_own_draft(served: Served, receipt: dict[str, Any]) -> None:
    bank = served.person("bank")

    shown = bank.json(f"/inbox/{bank.task(receipt['number'])}")

    assert shown["values"] == {"company": COMPANY, "finding": "印鉴齐全"}
