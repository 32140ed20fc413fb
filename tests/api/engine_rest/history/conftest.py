"""What tests of the history share."""

import pytest

from tests.api.engine_rest.history.past import Past
from tests.served import Served


@pytest.fixture
def past(served: Served) -> Past:
    return Past(served)
