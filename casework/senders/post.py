"""The sender `http`: a signed POST to one address, by which the receiver knows who sent it and that it is fresh."""

import hashlib
import hmac
import ipaddress
import json
import ssl
from urllib.parse import urlsplit

import httpx

from casework.notices.messages import Message, NotSent
from engine.errors import Sentence

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
SHORTEST_SECRET = 16
KEY, TIMESTAMP, SIGNATURE = "Idempotency-Key", "Lianban-Timestamp", "Lianban-Signature"


class UnsafeAddress(ValueError):
    """The address is neither https nor on this machine: notices hold personal data."""


class SecretTooShort(ValueError):
    """A secret of fewer than 16 bytes could be guessed."""


class PostSender:
    """Posts each message as JSON. Follows no redirect, takes no proxy from the environment, reads no answer's body."""

    def __init__(self, url: str, secret: bytes, *, allows_plain_http: bool = False) -> None:
        if not (_is_safe(url) or (allows_plain_http and urlsplit(url).scheme == "http")):
            raise UnsafeAddress
        if len(secret) < SHORTEST_SECRET:
            raise SecretTooShort
        self._url, self._secret = url, secret
        self._certificates = ssl.create_default_context()

    def __call__(self, message: Message, *, key: str) -> None:
        """A 2xx answer means taken. Raises NotSent for any other, and when there is none in time."""
        body = json.dumps(message.document(key), ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = str(int(message.sent_at.timestamp()))
        headers = {
            "Content-Type": "application/json",
            KEY: key,
            TIMESTAMP: timestamp,
            SIGNATURE: f"v1={signature(self._secret, timestamp, body)}",
        }
        try:
            status = self._status(body, headers)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as unreachable:
            kind = type(unreachable).__name__
            raise NotSent(
                Sentence(f"接收方没有应答（{kind}）。", f"The receiver did not answer ({kind}).")
            ) from unreachable
        if not httpx.codes.is_success(status):
            raise NotSent(Sentence(f"接收方应答 {status}，未接收。", f"The receiver answered {status}."))

    def _status(self, body: bytes, headers: dict[str, str]) -> int:
        options = {"timeout": TIMEOUT, "follow_redirects": False, "trust_env": False}
        with (
            httpx.Client(verify=self._certificates, **options) as client,  # type: ignore[arg-type]
            client.stream("POST", self._url, content=body, headers=headers) as answer,
        ):
            return answer.status_code


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a full stop and the body, in hexadecimal."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _is_safe(url: str) -> bool:
    """https to anywhere, or plain http that does not leave this machine."""
    parts = urlsplit(url)
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
