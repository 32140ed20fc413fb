"""One client process: sends its requests one after another over one connection, each under its own key.

Light on purpose: it shares the machine with the server that is measured.
"""

import http.client
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks import crew

Answered = dict[str, Any]


def begin(work: dict[str, Any]) -> Callable[[], Answered]:
    """`work` has the server's host and port, and requests of path, token and body."""
    requests = [(path, json.dumps(body).encode(), _headers(token)) for path, token, body in work["requests"]]
    connection = http.client.HTTPConnection(work["host"], work["port"], timeout=60)
    connection.connect()
    return lambda: _send_all(connection, requests)


def _headers(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }


def _send_all(connection: http.client.HTTPConnection, requests: list[tuple[str, bytes, dict[str, str]]]) -> Answered:
    milliseconds, refusals = [], []
    for path, body, headers in requests:
        began = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        milliseconds.append((time.perf_counter() - began) * 1000)
        if answer.status not in (200, 201):
            refusals.append(f"{answer.status} {text.decode()[:300]}")
    return {"milliseconds": milliseconds, "refusals": refusals}


if __name__ == "__main__":
    crew.serve(begin)
