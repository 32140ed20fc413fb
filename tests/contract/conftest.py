"""Every contract holds twice: step after step, and with nothing but the stored text surviving between steps."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.case import Case

Run = Callable[..., Case]


@pytest.fixture(params=[False, True], ids=["straight", "reloading"])
def run(request: pytest.FixtureRequest) -> Run:
    """Begins a case of a diagram, not yet started."""

    def case(xml: bytes, **options: Any) -> Case:
        return Case(xml, reloading=request.param, **options)

    return case
