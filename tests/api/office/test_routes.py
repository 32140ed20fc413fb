"""Every route of the office says what it is in two languages and lets in whom it says, before anything is read."""

import re

from api.routes import Door, doors
from casework.demo_people import people
from casework.matrix import MATRIX
from casework.tables import Role
from tests.served import Served

OPEN_TO_ALL = {
    "/api/public/progress",
    "/api/public/progress/diagram.svg",
    "/api/public/slips",
    "/api/health",
    "/api/openapi.json",
    "/api/engine-rest/openapi.json",
    "/api/docs",
    "/api/calendars/<region>/deadline",
    "/engine-rest/engine",
    "/engine-rest/version",
    "/.well-known/camunda-automation-platform/webapps",
    "/engine-rest/shown/repository",
    "/engine-rest/shown/process-instance/<instance_id>",
}
OFFICE = "/api/"
BUILT_IN = ("/api/tokens", "/api/health", "/api/openapi.json", "/api/engine-rest/openapi.json", "/api/docs")
ROUTE_TABLE = {
    "GET /api/items",
    "GET /api/items/<code>",
    "GET /api/items/<code>/form",
    "PUT /api/items/<code>",
    "GET /api/items/<code>/versions",
    "GET /api/items/<code>/versions/<version>",
    "GET /api/items/<code>/changes",
    "POST /api/items/import",
    "POST /api/items/<code>/suspend",
    "POST /api/items/<code>/resume",
    "POST /api/items/<code>/repeal",
    "POST /api/cases",
    "GET /api/cases",
    "GET /api/cases/<number>",
    "POST /api/cases/<number>/accept",
    "POST /api/cases/<number>/decline",
    "POST /api/cases/<number>/withdraw",
    "PUT /api/cases/<number>/confidentiality",
    "POST /api/cases/<number>/supplement",
    "POST /api/cases/<number>/correction-notice",
    "GET /api/cases/<number>/clocks",
    "GET /api/clock-reasons",
    "POST /api/cases/<number>/clocks/<clock_id>/pause",
    "POST /api/cases/<number>/clocks/<clock_id>/resume",
    "POST /api/cases/<number>/clocks/<clock_id>/exclude",
    "POST /api/cases/<number>/clocks/<clock_id>/extend",
    "POST /api/cases/<number>/clocks/<clock_id>/reverse",
    "POST /api/cases/<number>/extension-applications",
    "POST /api/cases/<number>/special-procedures",
    "GET /api/cases/<number>/materials/<material_id>",
    "POST /api/materials",
    "POST /api/files",
    "GET /api/files/<file_id>",
    "GET /api/files/<file_id>/content",
    "DELETE /api/files/<file_id>",
    "GET /api/public/progress",
    "GET /api/public/progress/diagram.svg",
    "GET /api/cases/<number>/diagram.svg",
    "GET /api/process-definitions/<definition_id>/diagram.svg",
    "GET /api/inbox",
    "GET /api/inbox/count",
    "GET /api/inbox/done",
    "GET /api/inbox/<task_id>",
    "PUT /api/inbox/<task_id>/draft",
    "POST /api/inbox/<task_id>/claim",
    "POST /api/inbox/<task_id>/release",
    "POST /api/inbox/<task_id>/assign",
    "POST /api/inbox/<task_id>/complete",
    "POST /api/inbox/<task_id>/request-correction",
    "POST /api/inbox/<task_id>/sign",
    "POST /api/inbox/<task_id>/transfer",
    "POST /api/inbox/<task_id>/delegate",
    "POST /api/inbox/<task_id>/resolve",
    "POST /api/inbox/<task_id>/consultations",
    "POST /api/inbox/<task_id>/copies",
    "POST /api/inbox/complete",
    "POST /api/inbox/claim",
    "GET /api/consultations",
    "POST /api/consultations/<consultation_id>/answer",
    "POST /api/consultations/<consultation_id>/withdraw",
    "POST /api/cases/<number>/remind",
    "GET /api/cases/<number>/slips",
    "GET /api/cases/<number>/slips/<slip>.pdf",
    "POST /api/cases/<number>/slips/<slip>/serve",
    "GET /api/public/slips",
    "GET /api/cases/<number>/copies",
    "POST /api/cases/<number>/copies",
    "GET /api/copies",
    "POST /api/copies/<copy_id>/read",
    "GET /api/phrases",
    "POST /api/phrases",
    "PUT /api/phrases/<phrase_id>",
    "DELETE /api/phrases/<phrase_id>",
    "POST /api/deployments",
    "GET /api/deployments",
    "GET /api/deployments/<deployment_id>",
    "GET /api/process-definitions",
    "GET /api/process-definitions/<key>/versions",
    "GET /api/process-definitions/<definition_id>/xml",
    "GET /api/jobs",
    "GET /api/liabilities",
    "GET /api/supervision/board",
    "GET /api/supervision/tasks",
    "GET /api/supervision/irregularities",
    "GET /api/supervision/pauses",
    "GET /api/supervision/cards",
    "POST /api/supervision/cards",
    "GET /api/supervision/cards/<card_id>",
    "POST /api/supervision/cards/<card_id>/explain",
    "POST /api/supervision/cards/<card_id>/uphold",
    "POST /api/supervision/cards/<card_id>/cancel",
    "GET /api/supervision-orders",
    "POST /api/supervision-orders",
    "GET /api/supervision-orders/<order_id>",
    "POST /api/jobs/<job_id>/retry",
    "GET /api/events",
    "GET /api/notices",
    "GET /api/notices/mine",
    "POST /api/notices/<notice_id>/retry",
    "GET /api/cases/<number>/notices",
    "GET /api/incidents",
    "POST /api/incidents/<incident_id>/resolve",
    "GET /api/regions",
    "POST /api/regions",
    "GET /api/regions/<code>",
    "PUT /api/regions/<code>",
    "GET /api/departments",
    "POST /api/departments",
    "GET /api/departments/<code>",
    "PUT /api/departments/<code>",
    "DELETE /api/departments/<code>",
    "GET /api/people",
    "POST /api/people",
    "GET /api/people/<login>",
    "PUT /api/people/<login>",
    "POST /api/people/<login>/disable",
    "POST /api/people/<login>/enable",
    "PUT /api/people/<login>/password",
    "POST /api/people/<login>/hand-over",
    "PUT /api/own-password",
    "GET /api/bills/<number>",
    "GET /api/bills/<number>/split",
    "GET /api/calendars/<region>/<int:year>",
    "GET /api/calendars/<region>/deadline",
    "GET /api/calendars/recomputations",
    "GET /api/calendars/recomputations/<recomputation_id>",
    "GET /api/calendars/recomputations/<recomputation_id>/moved",
    "GET /api/cases/<number>/bill",
    "GET /api/cases/<number>/deferral",
    "POST /api/bills/<number>/payments",
    "POST /api/cases/<number>/deferral",
    "POST /api/cases/<number>/deferral/hand-in",
    "PUT /api/calendars/<region>/<int:year>",
}


def office_doors(served: Served) -> list[tuple[str, Door]]:
    return [
        (path, door) for path, door in doors(served.app) if path.startswith(OFFICE) and not path.startswith(BUILT_IN)
    ]


def address(path: str) -> str:
    """An address that leads to the route, as tests write it."""
    plain = re.sub(r"<[^>]+>", "x", re.sub(r"<int:[^>]+>", "1", path))
    return plain if plain.startswith("/engine-rest") else plain.removeprefix("/api")


def test_the_routes_are_those_of_the_office(served: Served) -> None:
    assert {f"{door.method} {path}" for path, door in office_doors(served)} == ROUTE_TABLE


def test_every_route_has_a_title_in_both_languages(served: Served) -> None:
    for path, door in office_doors(served):
        assert re.search("[一-鿿]", door.title.zh), path
        assert re.fullmatch(r"[A-Z][ -~]+[a-z]", door.title.en), path


def test_without_a_login_only_the_progress_of_a_case_is_told(served: Served) -> None:
    for path, door in doors(served.app):
        answered = served.anybody(door.method, address(path), {}).status_code
        assert (answered == 401) == (path not in OPEN_TO_ALL and not path.startswith("/api/docs/")), path


def test_whom_the_matrix_does_not_let_in_is_refused_whatever_they_send(served: Served) -> None:
    """Tasks are the exception: who may not know of one is told that there is nserved."""
    roles = {person.login: {appointment.role for appointment in person.appointments} for person in people()}
    for path, door in office_doors(served):
        if door.act is None or door.act.startswith("user_tasks."):
            continue
        for login in ("applicant", "window", "taxation", "taxation-head", "supervisor", "designer", "lead"):
            if not roles[login] & MATRIX[door.act].roles:
                assert served.person(login)(door.method, address(path), {}).status_code == 403, (path, login)


def test_every_role_has_something_to_do_here(served: Served) -> None:
    allowed = {role for _, door in office_doors(served) if door.act for role in MATRIX[door.act].roles}

    assert allowed == set(Role)


def test_the_document_describes_every_route(served: Served) -> None:
    document = served.anybody.json("/openapi.json")

    for path, door in office_doors(served):
        operation = document["paths"][re.sub(r"<(?:int:)?([^>]+)>", r"{\1}", path)][door.method.lower()]
        assert operation["summary"] == door.title.zh
        assert operation["responses"].keys() & {"200", "201", "204"}


def test_a_yes_or_no_in_a_body_is_read_to_the_letter(served: Served) -> None:
    """A text or a number that may mean either is refused, not guessed."""
    application = {"item": "enterprise-registration", "applicant": {"name": "甲", "id_type": "USCC"}, "form": {}}
    leaving = {"reason": "退休"}

    for told in ("yes", "true", 1, 0.0, "0"):
        for login, path, given, field in (
            ("admin", "/people/fire/hand-over", leaving, "disable"),
            ("admin", "/people/fire/hand-over", leaving, "dry_run"),
            ("window", "/cases", application, "confidential"),
            ("admin", "/departments", {"role": "fire", "name": "消防", "name_en": "Fire"}, "is_external"),
        ):
            answered = served.person(login).post(path, {**given, field: told})
            faults = {fault.get("path") for fault in answered.get_json()["errors"]}
            assert (answered.status_code, field in faults) == (422, True), (path, field, told)


def test_every_list_answers_its_rows_and_where_they_go_on(served: Served) -> None:
    document = served.person("admin", "en").json("/openapi.json")
    gets = [path["get"] for path in document["paths"].values() if "get" in path]
    lists = [get["responses"]["200"]["content"] for get in gets if get["summary"].startswith("List ")]
    names = [content["application/json"]["schema"]["$ref"].rpartition("/")[2] for content in lists]

    assert "NoticeShownPage" in names
    without = [
        name for name in names if not {"rows", "next"} <= set(document["components"]["schemas"][name]["properties"])
    ]
    assert without == []
