"""What the two OpenAPI documents say holds for any request: no answer is a fault of ours, each is as described, and the
office's door refuses what its document does not allow.

20 examples an operation, the same in every run; `make fuzz` takes 500.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import lianban
from engine.transaction import Database
from tests.documents.furnished import names

Operation = APIOperation[Any, Any, Any, Any]
Request = Case[Any]

EXAMPLES = 20 if settings.get_current_profile_name() == "suite" else settings().max_examples
REFUSALS = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429"]
CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
AS_DESCRIBED: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OFFICE, ENGINE_REST = "/api/openapi.json", "/api/engine-rest/openapi.json"
CHECKS: Mapping[str, list[CheckFunction]] = {
    OFFICE: [*AS_DESCRIBED, negative_data_rejection],
    ENGINE_REST: AS_DESCRIBED,  # which is read as leniently as Camunda's clients write
}


def document(path: str) -> dict[str, Any]:
    """A document as it is served."""
    with closing(Database("sqlite:///unused", lianban.ports())) as database:
        found: dict[str, Any] = lianban.create_app(database).test_client().get(path).get_json()
    return found


def operations() -> Iterator[Any]:
    """Every operation of both documents."""
    for path, checks in CHECKS.items():
        described = schemathesis.openapi.from_dict(document(path), config=SchemathesisConfig.from_dict(CONFIG))
        for found in described.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            yield pytest.param(operation, [check for check in checks if _tells(check, operation)], id=operation.label)


def _tells(check: CheckFunction, operation: Operation) -> bool:
    """A form's field is a text, whatever it was before it was written: false is the name “False”, and in order."""
    return check is not negative_data_rejection or all(body.media_type == "application/json" for body in operation.body)


def requests(operation: Operation, known: Mapping[str, str]) -> st.SearchStrategy[Request]:
    """Requests that the document allows, about what there is and what there is not; and such as it does not allow."""
    found = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE, path_parameters=dict(known))]
    if known:
        found.append(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    if operation.body or operation.query:
        found.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, path_parameters=dict(known)))
    return st.one_of(found)


# werkzeug leaves the file of a form that is cut off to the collector
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize(("operation", "checks"), tuple(operations()))
def test_every_answer_is_as_its_document_says(
    operation: Operation, checks: list[CheckFunction], app: Flask, office: Database, token: str
) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=requests(operation, names(office, operation.path)))
    def holds(case: Request) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks, app=app)

    holds()
