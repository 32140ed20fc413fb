"""What the applicant for a registration is told in its whole course, on the package as it stands in processes/."""

from tests.acceptance.registration import ALL_SEVEN, Body, Registration


def told(office: Registration, number: str) -> list[Body]:
    rows: list[Body] = office.person("applicant").json(f"/cases/{number}/notices")["rows"]
    return rows


def kinds(office: Registration, number: str) -> list[str]:
    return [row["kind"] for row in told(office, number)]


def asked_to_correct(office: Registration) -> str:
    """The number of a case whose applicant has to correct something."""
    number = office.is_received()
    window = office.person("window")
    window.post(f"/inbox/{window.task(number)}/request-correction", {"items": ["公司章程未经全体股东签署"]})
    assert window.post(f"/cases/{number}/correction-notice").status_code == 201
    return number


def test_from_receipt_to_delivery(office: Registration) -> None:
    number = office.is_accepted()
    office.is_signed(number, *ALL_SEVEN, "window")

    assert kinds(office, number) == [
        "case-received",
        "case-accepted",
        "case-approved",
        "result-ready",
        "result-delivered",
    ]


def test_a_notice_of_corrections_says_till_when(office: Registration) -> None:
    """The office's present is the morning of 4 January 2026."""
    number = asked_to_correct(office)

    last = told(office, number)[-1]

    until = next(
        clock["due_at"]
        for clock in office.person("applicant").json(f"/cases/{number}")["deadlines"]
        if clock["kind"] == "CORRECTION"
    )
    assert last["kind"] == "correction-sent"
    assert f"请于 {until[:10]} " in last["text"]


def test_who_lets_the_time_for_corrections_pass_is_told_so_and_what_follows(office: Registration) -> None:
    number = asked_to_correct(office)

    office.time_passes(40)

    assert kinds(office, number)[-2:] == ["correction-lapsed", "case-withdrawn"]


def test_who_withdraws_while_corrections_are_due_has_let_nothing_lapse(office: Registration) -> None:
    number = asked_to_correct(office)

    office.person("applicant").post(f"/cases/{number}/withdraw", {})

    assert kinds(office, number)[-2:] == ["correction-sent", "case-withdrawn"]
