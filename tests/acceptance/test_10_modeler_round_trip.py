"""Acceptance scenario 10, Modeler round trip: accepted with warnings and returned byte for byte, or refused whole."""

from collections.abc import Mapping

from sqlalchemy import func, select

from casework.tables import Item
from engine.ports import ENGINE
from engine.tables import Deployment, FormDefinition, ProcessDefinition, Resource
from tests.acceptance.registration import Registration, edited, files

DIAGRAM = "enterprise-registration.bpmn"
ROOT = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
FOREIGN: Mapping[str, str] = {
    ROOT: f'{ROOT} xmlns:audit="http://audit.example/2026"',
    '<camunda:property name="outcome" value="registration_outcome" />\n          </camunda:properties>': (
        '<camunda:property name="outcome" value="registration_outcome" />\n          </camunda:properties>\n'
        '          <audit:trail level="3"><audit:keep years="10" /></audit:trail>'
    ),
    '<bpmn:userTask id="seal_filing" ': '<bpmn:userTask id="seal_filing" audit:checked="yes" ',
    "</bpmn:definitions>": "</bpmn:definitions>\n<!-- 经办：信息中心 -->  ",
}
FOREIGN_NAMES = {"registration": "trail", "seal_filing": "checked"}
UNSUPPORTED = """
    <bpmn:adHocSubProcess id="joint_visit" name="联合踏勘" />
    <bpmn:complexGateway id="vote" name="表决" />
"""
REFUSED = {"joint_visit": "联合踏勘", "vote": "表决"}


def test_10_modeler_round_trip__unknown_extensions_are_warned_of_and_returned(office: Registration) -> None:
    """As an editor on Windows leaves the file, with a comment after its end."""
    drawn = edited(DIAGRAM, FOREIGN).replace(b"\n", b"\r\n")

    made = office.publishes({DIAGRAM: drawn})

    assert made.status_code == 201, made.text
    told = {one["element_id"]: (one["line"], one["detail"]) for one in made.get_json()["warnings"]}
    assert told.keys() == FOREIGN_NAMES.keys()
    for element_id, name in FOREIGN_NAMES.items():
        line, detail = told[element_id]
        assert name in detail
        assert f"audit:{name}" in line_of(drawn, line)
    definition = made.get_json()["definitions"][0]
    assert office.person("designer").get(f"/process-definitions/{definition['id']}/xml").data == drawn
    assert len(office.inbox("market-regulation", office.is_accepted())) == 1


def line_of(drawn: bytes, number: int) -> str:
    return drawn.decode().splitlines()[number - 1]


def test_10_modeler_round_trip__unsupported_elements_are_refused_all_at_once(office: Registration) -> None:
    end = "  </bpmn:process>"
    drawn = edited(DIAGRAM, {end: UNSUPPORTED + end})
    form = files()["enterprise-registration-bank.form"] + b"\n"
    item = edited("item.toml", {'promised = "1WD" ': 'promised = "2WD" '})
    before = stored(office)

    refused = office.publishes({DIAGRAM: drawn, "enterprise-registration-bank.form": form, "item.toml": item})

    assert refused.status_code == 400
    faults = {fault["element_id"]: fault for fault in refused.get_json()["errors"]}
    assert faults.keys() >= REFUSED.keys()
    for element_id, name in REFUSED.items():
        assert f'id="{element_id}"' in line_of(drawn, faults[element_id]["line"])
        assert name in faults[element_id]["detail"]
        assert "不支持" in faults[element_id]["detail"]
    assert stored(office) == before
    office.is_signed(office.is_accepted(), "market-regulation")


def stored(office: Registration) -> list[int | None]:
    """How many rows there are of everything that a deployment writes."""
    tables = (Deployment, Resource, ProcessDefinition, FormDefinition, Item)
    with office.database.view(ENGINE) as tx:
        return [tx.session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_10_modeler_round_trip__only_a_designer_publishes(office: Registration) -> None:
    logins = ("window", "market-regulation", "applicant", "lead", "supervisor")

    answers = [office.publishes({DIAGRAM: files()[DIAGRAM]}, login).status_code for login in logins]

    assert answers == [403] * len(logins)
