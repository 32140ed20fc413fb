"""A bill at the door: when the notice has effect, whether time stands still, and what happens when nothing is owed."""

import json

from casework import cases
from engine import instances
from engine.ports import ENGINE
from tests.diagrams import diagram, end, flow, flows, properties, receive_task, start, user_task
from tests.served import APPLICATION_FORM, Served, accept, item

FEE = """
[[fees]]
code = "registration"
name = "登记费"
name_en = "Registration fee"
role = "taxation"
amount = "12.34"
per = "staff"
basis = "价费字〔1992〕414号"
[[fees.shares]]
account = "县级国库"
percent = 100
"""
PAUSES, RUNS_ON = "", "[payment]\npauses = false\n"


def opened(served: Served, more: str = PAUSES) -> Served:
    """The window accepts, the applicant pays 12.34 yuan for each employee, the window delivers."""
    drawn = diagram(
        start(),
        accept(),
        receive_task("pay", "fees-paid", properties(act="pay")),
        user_task("deliver", properties(act="deliver"), name="送达\nDelivery", candidateGroups="window"),
        end(),
        end("declined"),
        flows("start", "accept"),
        flow("accept", "pay", "${acceptance == 'accept'}"),
        flow("accept", "declined", "${acceptance == 'decline'}"),
        flows("pay", "deliver", "end"),
    )
    served.deploy(
        approval_bpmn=drawn,
        application_form=json.dumps(APPLICATION_FORM).encode(),
        item_toml=item() + FEE.encode() + more.encode(),
    )
    return served


def promised(office: Served, number: str) -> str:
    """The state of the clock of the item's promise."""
    shown = office.person("lead").json(f"/cases/{number}")["deadlines"]
    return next(str(one["state"]) for one in shown if one["kind"] == "PROMISED")


def payment(office: Served, amount: str = "148.08") -> dict[str, str]:
    return {"number": "HB1", "amount": amount, "paid_at": office.world.now.isoformat()}


def test_a_case_handed_in_online_is_served_at_once_and_time_stands_still_until_the_payment(served: Served) -> None:
    office = opened(served)
    number = office.accepted()

    assert promised(office, number) == "PAUSED"
    bill = office.person("applicant").json(f"/cases/{number}/bill")
    assert (bill["total"], bill["lines"][0]["quantity"], bill["lines"][0]["rate"]) == ("148.08", "12", "12.34")
    assert office.person("payments").post(f"/bills/{bill['number']}/payments", payment(office)).status_code == 200
    # Nothing but delivery is left, so the promise is kept.
    assert promised(office, number) == "STOPPED"


def test_at_the_counter_time_runs_on_until_the_notice_is_served(served: Served) -> None:
    office = opened(served)
    window = office.person("window")
    number = str(office.submits("window")["number"])
    window.post(f"/cases/{number}/accept")
    assert promised(office, number) == "RUNNING"

    [slip] = [one for one in window.json(f"/cases/{number}/slips")["rows"] if one["kind"] == "payment"]
    service = {"means": "counter", "receiver": "陆嘉禾"}
    assert window.post(f"/cases/{number}/slips/{slip['number']}/serve", service).status_code == 200

    assert promised(office, number) == "PAUSED"


def test_an_item_may_let_time_run_on_while_the_applicant_pays(served: Served) -> None:
    office = opened(served, RUNS_ON)

    assert promised(office, office.accepted()) == "RUNNING"


def test_what_cannot_be_counted_is_refused_and_nothing_is_changed(served: Served) -> None:
    office = opened(served)
    number = str(office.submits(form={"company": "临安知微生物科技有限公司"})["number"])

    refused = office.person("window").post(f"/cases/{number}/accept")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "expression-failed")
    assert "staff" in refused.get_json()["detail"]
    assert office.person("lead").json(f"/cases/{number}")["state"] == "RECEIVED"


def test_nothing_is_owed_for_a_case_that_was_ended(served: Served) -> None:
    office = opened(served)
    number = office.accepted()
    bill = office.person("applicant").json(f"/cases/{number}/bill")["number"]
    with office.database.begin(ENGINE) as tx:
        instances.cancel(tx, root_of(office, number), "重复申报")

    late = office.person("payments").post(f"/bills/{bill}/payments", payment(office))

    assert office.person("payments").json(f"/bills/{bill}")["state"] == "VOID"
    assert late.status_code == 409
    assert "退还" in late.get_json()["detail"]


def root_of(office: Served, number: str) -> str:
    with office.database.view(ENGINE) as tx:
        return cases.by_number(tx, number).root_id


def test_an_amount_is_written_in_yuan_to_the_cent(served: Served) -> None:
    office = opened(served)
    bill = office.person("applicant").json(f"/cases/{office.accepted()}/bill")["number"]

    for amount in ("148.080", "1e2", "-148.08", "148,08", "", 148.08):
        said = payment(office) | {"amount": amount}
        assert office.person("payments").post(f"/bills/{bill}/payments", said).status_code == 422
