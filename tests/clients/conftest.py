"""The whole office on a port of the loopback address, for programs that speak Camunda's REST API."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from tests.clients.camunda import Camunda
from tests.served import Served


@pytest.fixture
def camunda(served: Served) -> Iterator[Camunda]:
    server = make_server("127.0.0.1", 0, served.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield Camunda(served, server.server_port)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
