"""Acceptance scenario 9, new version, old cases: what a case began with it is finished with."""

import json

import pytest

from tests.acceptance.registration import ALL_SEVEN, Registration, edited, files, signatures

DIAGRAM, FORM, ITEM = (
    "enterprise-registration.bpmn",
    "enterprise-registration-registration.form",
    "item.toml",
)
CHECKED_BY = {"id": "checked", "type": "textfield", "key": "checked_by", "label": "复核人"}

LICENCE_OF_SECOND_VERSION = signatures()["market-regulation"]["form"] | {"checked_by": "郑国梁"}


def second_version() -> dict[str, bytes]:
    """The bank takes no part any more, taxation's step has another name, the promise is longer,
    the licence has a checker."""
    form = json.loads(files()[FORM])
    form["components"].append(CHECKED_BY | {"validate": {"required": True}})
    drawn = {
        "${departments.contains('bank')}": "${false}",
        "税务信息确认&#10;": "税费信息确认&#10;",
    }
    return {
        DIAGRAM: edited(DIAGRAM, drawn),
        FORM: json.dumps(form).encode(),
        ITEM: edited(ITEM, {'promised = "1WD" ': 'promised = "2WD" '}),
    }


@pytest.fixture
def cases(office: Registration) -> tuple[str, str, str]:
    """Three cases: accepted and received under the first version, received under the second; all are accepted now."""
    accepted, received = office.is_accepted(), office.is_received()
    made = office.publishes(second_version()).get_json()
    assert [(one["key"], one["version"]) for one in made["definitions"]] == [("enterprise-registration", 2)]
    assert office.person("window").post(f"/cases/{received}/accept").status_code == 200
    return accepted, received, office.is_accepted()


def test_09_new_version_old_cases__the_drawn_process(office: Registration, cases: tuple[str, str, str]) -> None:
    accepted, received, new = cases
    assert [len(office.inbox("bank", number)) for number in cases] == [1, 1, 0]
    steps = [[row["name"] for row in office.inbox("taxation", number)] for number in cases]
    assert steps == [["税务信息确认"], ["税务信息确认"], ["税费信息确认"]]

    office.is_signed(accepted, *ALL_SEVEN)
    office.is_signed(received, "market-regulation", form=LICENCE_OF_SECOND_VERSION)
    office.is_signed(new, "market-regulation", form=LICENCE_OF_SECOND_VERSION)
    office.is_signed(received, *ALL_SEVEN[1:])
    office.is_signed(new, *ALL_SEVEN[1:-1])

    deliveries = [[row["name"] for row in office.inbox("window", number)] for number in cases]
    assert deliveries == [["送达"], ["送达"], ["送达"]]
    versions = office.person("designer").json("/process-definitions/enterprise-registration/versions")["rows"]
    assert [row["version"] for row in versions] == [2, 1]


def test_09_new_version_old_cases__item_and_forms(office: Registration, cases: tuple[str, str, str]) -> None:
    """A case shows its item's version and keeps its limits; an open task keeps its form, a later one has the new."""
    shown = [office.case(number) for number in cases]
    assert [case["item_version"] for case in shown] == [1, 1, 2]
    assert [case["process_version"] for case in shown] == [1, 1, 2]
    assert [office.clocks(number)["PROMISED"]["limit"] for number in cases] == ["1WD", "1WD", "2WD"]

    answers = [office.signs(number, "market-regulation") for number in cases]

    assert [answer.status_code for answer in answers] == [200, 422, 422]
    assert [[fault["path"] for fault in answer.get_json()["errors"]] for answer in answers[1:]] == [["checked_by"]] * 2
