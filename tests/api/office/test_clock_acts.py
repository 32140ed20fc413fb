"""What people do to clocks directly (时限操作): whose decision it is, what has to be said, what the law refuses."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.served import opened
from tests.slips.pages import text
from tests.terms import DEPARTMENTS, Terms, drawn
from tests.world import World

PAUSE: Any = {
    "reason_code": "applicant-request",
    "legal_basis": "申请人书面申请",
    "document_number": "临政审中〔2026〕7号",
    "expected_end": "2026-03-20T18:00:00+08:00",
}
RESUME: Any = {"reason_code": "cause-ended"}
EXCLUDE: Any = {
    "reason_code": "testing",
    "legal_basis": "行政许可法第四十五条",
    "expected_end": "2026-03-20T18:00:00+08:00",
}
EXTEND: Any = {"reason_code": "complex", "legal_basis": "行政许可法第四十二条", "reason": "须补充勘察"}
REVERSE: Any = {"reason_code": "by-mistake", "legal_basis": "行政机关自行纠正"}
SERVED: Any = {"means": "counter", "receiver": "陆嘉禾"}
EVIDENT = {"pause": "paused", "exclude": "excluded", "extend": "extended"}
AS_ACCEPTED = {
    "PROMISED": "2026-03-16",
    "STATUTORY": "2026-05-08",
    "planning": "2026-03-09",
    "fire": "2026-03-09",
    "civil-defence": "2026-03-09",
}


@pytest.fixture
def terms(staffed_url: str, world: World) -> Iterator[Terms]:
    with opened(staffed_url, world) as database:
        yield Terms(database, world).opens_for()


@pytest.fixture
def number(terms: Terms) -> str:
    return terms.accepted_at("2026-03-02 10:00")


def test_the_head_of_a_department_pauses_its_share_and_no_other(terms: Terms, number: str) -> None:
    paused = terms.does(number, "fire-head", "pause", "fire", **PAUSE)

    assert (paused.status_code, paused.get_json()["state"]) == (200, "PAUSED")
    assert terms.last_days(number) == AS_ACCEPTED | {"fire": None}
    (pause,) = paused.get_json()["pauses"]
    assert (pause["reason_name"], pause["basis"], pause["document"]) == (
        "申请人申请中止",
        PAUSE["legal_basis"],
        PAUSE["document_number"],
    )
    assert (pause["asked_by"]["login"], pause["department"]["code"]) == ("fire-head", "fire")

    terms.comes("2026-03-11 10:00")
    resumed = terms.does(number, "fire-head", "resume", "fire", **RESUME)
    assert (resumed.status_code, terms.last_days(number)["fire"]) == (200, "2026-03-18")


@pytest.mark.parametrize("act", ["resume", "reverse"])
def test_what_was_decided_for_the_whole_case_is_not_undone_by_way_of_a_share(
    terms: Terms, number: str, act: str
) -> None:
    assert terms.does(number, "planning-head", "pause", "PROMISED", **PAUSE).status_code == 200
    ground = RESUME if act == "resume" else REVERSE

    assert terms.does(number, "fire-head", act, "fire", **ground).status_code == 403
    assert terms.last_days(number)["civil-defence"] is None
    assert terms.does(number, "planning-head", act, "PROMISED", **ground).status_code == 200
    assert terms.last_days(number) == AS_ACCEPTED


@pytest.mark.parametrize(
    ("login", "act", "clock", "status"),
    [
        ("fire", "pause", "fire", 403),
        ("planning-head", "pause", "fire", 403),
        ("fire-head", "pause", "PROMISED", 403),
        ("government-leader", "pause", "PROMISED", 403),
        ("lead", "pause", "PROMISED", 403),
        ("supervisor", "pause", "fire", 403),
        ("supervisor", "extend", "STATUTORY", 403),
        ("supervisor", "reverse", "STATUTORY", 403),
        ("admin", "exclude", "fire", 403),
        ("planning-head", "extend", "STATUTORY", 403),
        ("taxation-head", "pause", "fire", 404),
    ],
    ids=lambda said: str(said),
)
def test_everybody_else_is_refused(terms: Terms, number: str, login: str, act: str, clock: str, status: int) -> None:
    said = {"pause": PAUSE, "extend": EXTEND, "exclude": EXCLUDE, "reverse": REVERSE}[act]

    answer = terms.does(number, login, act, clock, **said)

    assert answer.status_code == status
    assert terms.last_days(number) == AS_ACCEPTED


@pytest.mark.parametrize(
    ("act", "lacking", "field", "rule"),
    [
        ("pause", "expected_end", "expected_end", "预计结束时间"),
        ("pause", "legal_basis", "legal_basis", "依据"),
        ("exclude", "legal_basis", "legal_basis", "第四十五条"),
        ("exclude", "expected_end", "expected_end", "第四十五条"),
        ("reverse", "legal_basis", "legal_basis", "依据"),
    ],
)
def test_what_an_act_has_to_say_is_named_with_its_rule(
    terms: Terms, number: str, act: str, lacking: str, field: str, rule: str
) -> None:
    said = {"pause": PAUSE, "exclude": EXCLUDE, "reverse": REVERSE}[act]

    answer = terms.does(number, "fire-head", act, "fire", **{name: said[name] for name in said if name != lacking})

    assert answer.status_code == 422
    assert [(one["path"], rule in one["detail"]) for one in answer.get_json()["errors"]] == [(field, True)]
    assert terms.last_days(number) == AS_ACCEPTED


@pytest.mark.parametrize(
    ("act", "said", "field"),
    [
        ("pause", PAUSE | {"reason_code": "testing"}, "reason_code"),
        ("exclude", EXCLUDE | {"reason_code": "lunch"}, "reason_code"),
        ("pause", PAUSE | {"expected_end": "2026-03-02T09:00:00+08:00"}, "expected_end"),
        ("pause", PAUSE | {"expected_end": "9999-12-31T23:59:59+08:00"}, "expected_end"),
        ("exclude", EXCLUDE | {"expected_end": "2029-03-20T00:00:00+08:00"}, "expected_end"),
        ("exclude", EXCLUDE | {"legal_basis": " \u200b "}, "legal_basis"),
    ],
    ids=[
        "reason of another list",
        "no reason of any",
        "end in the past",
        "end nobody lives to see",
        "end more than three years away",
        "a basis nobody can read",
    ],
)
def test_what_is_said_has_to_be_of_the_lists_and_of_the_future(
    terms: Terms, number: str, act: str, said: Any, field: str
) -> None:
    answer = terms.does(number, "fire-head", act, "fire", **said)

    assert (answer.status_code, [one["path"] for one in answer.get_json()["errors"]]) == (422, [field])


def test_nothing_is_resumed_that_was_not_paused_and_nothing_paused_twice(terms: Terms, number: str) -> None:
    assert terms.does(number, "fire-head", "resume", "fire", **RESUME).status_code == 409
    terms.does(number, "fire-head", "pause", "fire", **PAUSE)
    assert terms.does(number, "fire-head", "pause", "fire", **PAUSE).status_code == 409


def test_a_clock_that_stands_still_for_the_applicant_is_not_resumed_by_hand(terms: Terms, number: str) -> None:
    fire = terms.person("fire")
    fire.post(f"/inbox/{fire.task(number)}/request-correction", {"items": ["总平面图"]})
    assert terms.person("lead").post(f"/cases/{number}/correction-notice").status_code == 201

    answer = terms.does(number, "fire-head", "resume", "fire", **RESUME)

    assert answer.status_code == 409
    assert "补正" in answer.get_json()["detail"]


def test_a_clock_that_has_ended_is_left_alone_and_those_of_the_law_are_nobodys(terms: Terms, number: str) -> None:
    ended = terms.does(number, "planning-head", "pause", "RECEIPT", **PAUSE)
    assert (ended.status_code, "停止" in ended.get_json()["detail"]) == (409, True)
    fire = terms.person("fire")
    fire.post(f"/inbox/{fire.task(number)}/request-correction", {"items": ["总平面图"]})
    terms.person("lead").post(f"/cases/{number}/correction-notice")

    by_law = terms.does(number, "planning-head", "pause", "CORRECTION", **PAUSE)
    assert (by_law.status_code, "依法计算" in by_law.get_json()["detail"]) == (409, True)


def test_an_exclusion_of_the_share_excludes_the_case_and_no_other_department(terms: Terms, number: str) -> None:
    excluded = terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE)

    assert (excluded.status_code, excluded.get_json()["state"]) == (200, "EXCLUDED")
    still = {"fire": None, "PROMISED": None, "STATUTORY": None}
    assert terms.last_days(number) == AS_ACCEPTED | still

    terms.comes("2026-03-04 10:00")
    over = terms.does(number, "fire-head", "resume", "fire", reason_code="procedure-ended")
    assert over.status_code == 200
    assert terms.last_days(number) == AS_ACCEPTED | {
        "fire": "2026-03-11",
        "PROMISED": "2026-03-18",
        "STATUTORY": "2026-05-11",
    }


def test_what_art_45_does_not_name_is_excluded_from_the_promise_alone(terms: Terms, number: str) -> None:
    local = EXCLUDE | {"reason_code": "site-survey", "legal_basis": "滨州市并联审批规定第十九条"}

    assert terms.does(number, "fire-head", "exclude", "fire", **local).status_code == 200

    days = terms.last_days(number)
    assert (days["fire"], days["PROMISED"], days["STATUTORY"]) == (None, None, AS_ACCEPTED["STATUTORY"])
    assert terms.clocks(number)["PROMISED"]["statutory_due_at"] is not None


def test_at_the_window_the_notice_is_served_before_time_is_excluded(terms: Terms) -> None:
    number = terms.accepted_at("2026-03-02 10:00", "window")

    unserved = terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE)
    assert (unserved.status_code, [one["path"] for one in unserved.get_json()["errors"]]) == (422, ["service"])

    served = terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE, service=SERVED)
    assert (served.status_code, served.get_json()["state"]) == (200, "EXCLUDED")


def test_a_term_that_is_over_is_not_extended(terms: Terms, number: str) -> None:
    terms.comes("2026-05-09 10:00")

    answer = terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND)

    assert answer.status_code == 409
    assert "届满" in answer.get_json()["detail"]
    assert "第四十二条" in answer.get_json()["detail"]


def test_only_the_terms_of_art_42_are_extended(terms: Terms) -> None:
    terms.opens_for(added='[limits.steps]\nquick = "2WD"\n')
    quick = drawn(DEPARTMENTS).replace(b'name="act" value="review"', b'name="limit" value="quick"')
    terms.deploy(approval_bpmn=quick)
    number = terms.accepted_at("2026-03-02 10:00")
    before = terms.last_days(number)

    rows = terms.person("lead").json(f"/cases/{number}/clocks")["rows"]
    step = next(one["id"] for one in rows if one["kind"] == "TASK")
    answer = terms.person("government-leader").post(f"/cases/{number}/clocks/{step}/extend", EXTEND)

    assert answer.status_code == 409, answer.text
    assert "第四十二条" in answer.get_json()["detail"]
    assert terms.last_days(number) == before
    assert [one["kind"] for one in terms.person("applicant").json(f"/cases/{number}/slips")["rows"]].count(
        "extension"
    ) == 0


def test_a_promise_that_was_broken_stays_broken_when_the_law_gives_more_time(terms: Terms, number: str) -> None:
    terms.comes("2026-03-18 10:00")

    terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND)

    promised = terms.clocks(number)["PROMISED"]
    assert (promised["signal"], promised["extension"], promised["statutory_extension"]) == ("red", None, "15WD")
    assert terms.last_days(number)["PROMISED"] == AS_ACCEPTED["PROMISED"]


def test_alone_an_authority_extends_by_ten_days_with_the_approval_of_its_head(terms: Terms) -> None:
    terms.opens_for("planning", changed={"statutory": "20WD"})
    number = terms.accepted_at("2026-03-02 10:00")
    assert terms.last_days(number)["STATUTORY"] == "2026-03-30"

    refused = terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND)
    granted = terms.does(number, "planning-head", "extend", "STATUTORY", **EXTEND)

    assert (refused.status_code, granted.status_code) == (403, 200)
    assert "本行政机关负责人" in refused.get_json()["detail"]
    assert terms.last_days(number)["STATUTORY"] == "2026-04-14"


def test_an_item_may_say_its_own_extension(terms: Terms) -> None:
    terms.opens_for(changed={"promised": '10WD"\nextension = "5WD'})
    number = terms.accepted_at("2026-03-02 10:00")

    assert terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND).status_code == 200
    assert terms.last_days(number)["STATUTORY"] == "2026-05-14"


def test_a_clock_seen_at_another_revision_is_stale_and_a_key_repeats_nothing(terms: Terms, number: str) -> None:
    clock = terms.clocks(number)["fire"]
    head, path = terms.person("fire-head"), f"/cases/{number}/clocks/{clock['id']}/pause"

    first = head.post(path, PAUSE, Idempotency_Key="pause-1", If_Match=f'"{clock["revision"]}"')
    again = head.post(path, PAUSE, Idempotency_Key="pause-1", If_Match=f'"{clock["revision"]}"')
    stale = head.post(path, PAUSE | {"reason_code": "force-majeure"}, If_Match=f'"{clock["revision"]}"')

    assert (first.status_code, again.status_code, stale.status_code) == (200, 200, 412)
    assert first.get_json() == again.get_json()
    assert len(terms.clocks(number)["fire"]["pauses"]) == 1


def test_a_clock_of_another_case_is_not_there(terms: Terms, number: str) -> None:
    other = terms.accepted_at("2026-03-02 11:00")
    clock_id = terms.clocks(other)["fire"]["id"]

    assert terms.person("fire-head").post(f"/cases/{number}/clocks/{clock_id}/pause", PAUSE).status_code == 404


def test_an_extension_may_be_for_less_than_the_law_allows(terms: Terms, number: str) -> None:
    answer = terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND, amount=5)

    assert (answer.status_code, answer.get_json()["extension"]) == (200, "5WD")
    assert terms.last_days(number)["STATUTORY"] == "2026-05-14"
    again = terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND, amount=5)
    assert (again.status_code, "只能延长一次" in again.get_json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("stands_still", "until"),
    [(False, "延长后的期限2026年5月28日（含当日）"), (True, "延长后的期限自时限恢复计算后顺延")],
    ids=["running", "standing still"],
)
def test_what_tells_of_an_extension_is_printed_also_while_the_clock_stands_still(
    terms: Terms, number: str, stands_still: bool, until: str
) -> None:
    if stands_still:
        assert terms.does(number, "planning-head", "pause", "STATUTORY", **PAUSE).status_code == 200
    assert terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND).status_code == 200

    assert until in slip_of(terms, number, "extension")


def slip_of(terms: Terms, number: str, kind: str) -> str:
    """What the applicant reads on the page."""
    slips = terms.person("applicant").json(f"/cases/{number}/slips")["rows"]
    (told,) = (slip["number"] for slip in slips if slip["kind"] == kind)
    page = terms.person("applicant").get(f"/cases/{number}/slips/{told}.pdf")
    assert page.status_code == 200, page.text
    return text(page.data)


BY_LAW, BESIDE_LAW = (
    ["第四十五条", "不计算在办理期限内"],
    ["本市公示办法第三条", "不计入承诺办结时限", "法定办结期限照常计算"],
)


@pytest.mark.parametrize(
    ("kind", "basis", "said", "not_said"),
    [
        ("testing", "行政许可法第四十五条", BY_LAW, BESIDE_LAW),
        ("publicity", "本市公示办法第三条", BESIDE_LAW, BY_LAW),
        ("site-survey", "本市公示办法第三条", BESIDE_LAW, BY_LAW),
        ("technical-review", "本市公示办法第三条", BESIDE_LAW, BY_LAW),
    ],
    ids=["testing", "publicity", "site survey", "technical review"],
)
def test_the_slip_of_a_special_procedure_cites_the_ground_it_has_and_names_the_limit_that_stands_still(
    terms: Terms, number: str, kind: str, basis: str, said: list[str], not_said: list[str]
) -> None:
    excluded = EXCLUDE | {"reason_code": kind, "legal_basis": basis}
    assert terms.does(number, "fire-head", "exclude", "fire", **excluded).status_code == 200

    page = slip_of(terms, number, "special-procedure")

    assert [words for words in said if words not in page] == []
    assert [words for words in not_said if words in page] == []
    assert "至2026年3月20日18时00分" in page


@pytest.mark.parametrize("amount", [0, 16])
def test_an_extension_is_never_for_more_than_the_law_allows(terms: Terms, number: str, amount: int) -> None:
    answer = terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND, amount=amount)

    assert (answer.status_code, [one["path"] for one in answer.get_json()["errors"]]) == (422, ["amount"])
    assert terms.last_days(number) == AS_ACCEPTED


def test_the_reasons_are_a_closed_list_in_both_languages(terms: Terms) -> None:
    reasons = {(one["act"], one["code"]): one for one in terms.person("fire").json("/clock-reasons")["rows"]}
    english = {one["code"]: one["name"] for one in terms.person("fire", "en").json("/clock-reasons")["rows"]}

    assert reasons["exclude", "expert-review"]["name"] == "专家评审"
    assert reasons["exclude", "expert-review"]["basis"] == "行政许可法第四十五条"
    assert english["expert-review"] == "expert review"
