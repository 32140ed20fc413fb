"""Seeing it: a case on its diagram, what is done, at work and waiting, who and when; for the public without people."""

from tests.acceptance.registration import OTHERS, Registration
from tests.drawn import Picture
from tests.statements import statements


def seen(office: Registration, login: str, number: str, query: str = "") -> Picture:
    answer = office.person(login).get(f"/cases/{number}/diagram.svg{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "image/svg+xml"
    return Picture(answer.text)


def states(shown: Picture) -> dict[str, str]:
    """The elements that bear a state."""
    groups = {group.get("data-element-id"): group.get("data-state") for group in shown.all("g")}
    return {id: state for id, state in groups.items() if id is not None and state is not None}


def taken(shown: Picture) -> set[str]:
    return {str(group.get("data-element-id")) for group in shown.all("g") if group.get("data-taken")}


def test_the_steps_of_a_case_show_what_is_done_at_work_and_waiting(office: Registration) -> None:
    number = office.is_received(departments=["taxation"])
    office.time_passes(0.01)
    assert office.person("window").post(f"/cases/{number}/accept").status_code == 200

    shown = states(seen(office, "lead", number))

    assert shown["acceptance"] == "done"
    assert shown["registration"] == "current"
    assert shown["tax_registration"] == "waiting", "market regulation has to decide first"
    assert "seal_filing" not in shown
    office.time_passes(0.01)
    office.is_signed(number, "market-regulation")
    assert (later := states(seen(office, "lead", number)))["tax_registration"] == "current"
    assert later["registration"] == "done"


def test_the_flows_by_which_a_case_came_stand_out(office: Registration) -> None:
    number = office.is_received(departments=["taxation"])
    office.time_passes(0.01)
    office.person("window").post(f"/cases/{number}/accept")
    shown = seen(office, "lead", number)

    drawn = {edge.get("data-element-id") for edge in shown.all("g")}
    assert taken(shown) < drawn
    names = {line for id in taken(shown) for line in shown.texts(shown.of(id))}
    assert names == set()
    office.time_passes(0.01)
    office.is_signed(number, "market-regulation", "taxation")
    assert taken(shown) < taken(seen(office, "lead", number))


def test_a_correction_pauses_every_step_and_its_own_process_is_a_link_away(office: Registration) -> None:
    number = office.is_accepted(departments=["taxation"])
    officer = office.person("market-regulation")
    officer.post(f"/inbox/{officer.task(number)}/request-correction", {"items": ["章程缺少签署日期"]})
    assert office.person("lead").post(f"/cases/{number}/correction-notice").status_code == 201

    shown = seen(office, "lead", number)

    assert {states(shown)[id] for id in ("registration", "tax_registration")} == {"waiting"}
    links = [link.attrib["href"] for link in shown.all("a")]
    assert len(links) == 1
    called = seen(office, "lead", number, links[0])
    assert "waiting" in states(called).values()
    other = office.is_accepted()
    assert office.person("lead").get(f"/cases/{other}/diagram.svg{links[0]}").status_code == 404
    assert office.person("lead").get(f"/cases/{number}/diagram.svg?instance=x").status_code == 404


def test_who_and_when_are_told_to_those_who_may_know(office: Registration) -> None:
    number = office.is_accepted()
    office.is_signed(number, "market-regulation", comment="住所证明齐全")

    tips = {login: seen(office, login, number).svg for login in ("taxation", "bank", "applicant")}

    assert "周文清 03-02 09:00" in tips["taxation"]
    assert "准予" in tips["taxation"]
    assert "周文清" not in tips["bank"]
    assert "住所证明齐全" not in "".join(tips.values())


def test_the_public_sees_states_and_dates_and_no_people(office: Registration) -> None:
    receipt = office.applies(departments=["taxation"])
    office.person("window").post(f"/cases/{receipt['number']}/accept")
    office.is_signed(receipt["number"], "market-regulation")

    answer = office.anybody.get(
        f"/public/progress/diagram.svg?number={receipt['number']}&query_code={receipt['query_code']}"
    )

    shown = Picture(answer.text)
    assert states(shown)["registration"] == "done"
    assert "03-02 09:00" in answer.text
    assert list(shown.all("a")) == []
    people = ("顾清和", "周文清", "叶知秋", "42910119870316041X", "13972801617")
    assert [name for name in people if name in answer.text] == []


def test_a_process_is_shown_as_it_was_drawn_to_those_who_may_read_it(office: Registration) -> None:
    definition = office.person("designer").json("/process-definitions?q=enterprise-registration")["rows"][0]
    path = f"/process-definitions/{definition['id']}/diagram.svg"

    answer = office.person("designer").get(path)

    shown = Picture(answer.text)
    assert states(shown) == {}
    assert {"登记审核", "Registration"} <= set(shown.texts())
    assert office.person("taxation").get(path).status_code == 403
    assert office.person("designer").get("/process-definitions/no-such/diagram.svg").status_code == 404


def test_a_picture_can_do_nothing_but_be_seen_and_is_not_sent_twice(office: Registration) -> None:
    number = office.is_accepted()
    window = office.person("window")

    first = window.get(f"/cases/{number}/diagram.svg")
    again = window.get(f"/cases/{number}/diagram.svg", If_None_Match=first.headers["ETag"])

    assert first.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert (again.status_code, again.data) == (304, b"")
    english = office.person("window", "en").get(f"/cases/{number}/diagram.svg")
    assert Picture(english.text).root.get("aria-label") == f"Diagram of case {number}"


def test_a_picture_takes_as_many_statements_for_seven_departments_as_for_two(office: Registration) -> None:
    sent_for = []
    for taking_part in (["taxation"], list(OTHERS)):
        number = office.is_accepted(departments=taking_part)
        seen(office, "lead", number)
        with statements(office.database.engine) as sent:
            seen(office, "lead", number)
        sent_for.append(len(sent))

    assert sent_for[0] == sent_for[1]
