"""Camunda Modeler 5 as a program: the requests behind its Deploy and Start buttons, written byte for byte as its client
builds them."""

from base64 import b64encode

import httpx

from tests.clients.camunda import PASSWORD, SYSTEM, Camunda

BOUNDARY = "----WebKitFormBoundaryLianban"
ACCEPTS = {"accept": "application/json"}
LOGIN = {**ACCEPTS, "authorization": "Basic " + b64encode(f"{SYSTEM}:{PASSWORD}".encode()).decode()}
WINDOW = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) camunda-modeler/5.50.1 Chrome/140.0 Electron/38.1.2"}


class Modeler:
    """Its HTTP client: every call ends after five seconds."""

    def __init__(self, camunda: Camunda) -> None:
        self._http = httpx.Client(base_url=camunda.address, timeout=5, trust_env=False, headers=WINDOW)

    def get(self, path: str, headers: dict[str, str] = LOGIN) -> httpx.Response:
        return self._http.get(path, headers=headers)

    def deploy(self, content: bytes, *attached: tuple[str, bytes], name: str = "modelled") -> httpx.Response:
        parts = [
            text_part("deployment-name", name),
            text_part("deployment-source", "Camunda Modeler"),
            text_part("enable-duplicate-filtering", "true"),
            file_part(f"{name}.bpmn", content, "text/xml"),
            *(file_part(*one, "application/octet-stream") for one in attached),
        ]
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "sec-fetch-site": "cross-site"}
        return self._http.post("/deployment/create", content=body, headers={**LOGIN, **kind})

    def start(self, definition_id: str, body: bytes) -> httpx.Response:
        kind = {"content-type": "application/json"}
        return self._http.post(f"/process-definition/{definition_id}/start", content=body, headers={**LOGIN, **kind})


def text_part(name: str, text: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()


def file_part(name: str, content: bytes, kind: str) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
    return f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"
