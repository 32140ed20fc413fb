"""The senders in the box: what they write and post, whom they trust, and when a notice counts as not sent."""

import hashlib
import hmac
import json
import stat
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.notices import Message, NoticeKind, NotSent
from casework.senders import FileSender, PostSender, SecretTooShort, UnsafeAddress
from engine.errors import Sentence
from tests.receiver import Gateway, Received

SECRET = b"sixteen bytes and more"
KEY = "0199c2d4-0000-7000-8000-000000000001"
SENT_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MESSAGE = Message(
    kind=NoticeKind.CASE_ACCEPTED,
    title=Sentence("受理通知", "notice of acceptance"),
    text=Sentence("您的申请已受理。", "Your application is accepted."),
    region="000000",
    case_number="000000202603020001",
    receiver_kind="APPLICANT",
    receiver=None,
    name="陆嘉禾",
    phone="13905710001",
    created_at=SENT_AT,
    sent_at=SENT_AT,
)
DOCUMENT = {
    "id": KEY,
    "kind": "case-accepted",
    "title": {"zh": "受理通知", "en": "notice of acceptance"},
    "text": {"zh": "您的申请已受理。", "en": "Your application is accepted."},
    "region": "000000",
    "case_number": "000000202603020001",
    "to": {"kind": "applicant", "code": None, "name": "陆嘉禾", "phone": "13905710001"},
    "created_at": "2026-03-02T01:00:00.000+00:00",
    "sent_at": "2026-03-02T01:00:00.000+00:00",
}


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway().up() as gateway:
        yield gateway


def vouched_for(received: Received, secret: bytes) -> bool:
    """What a receiver checks, as docs/notices.md tells it to."""
    signed = received.headers["lianban-timestamp"].encode() + b"." + received.body
    expected = "v1=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, received.headers["lianban-signature"])


def test_the_post_is_json_under_the_notices_own_key(gateway: Gateway) -> None:
    PostSender(gateway.url, SECRET)(MESSAGE, key=KEY)

    [received] = gateway.received
    assert received.path == "/notices"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["idempotency-key"] == KEY
    assert json.loads(received.body) == DOCUMENT


def test_the_signature_covers_body_and_instant_and_needs_the_secret(gateway: Gateway) -> None:
    PostSender(gateway.url, SECRET)(MESSAGE, key=KEY)

    [received] = gateway.received
    later = {**received.headers, "lianban-timestamp": "1772413201"}
    assert received.headers["lianban-timestamp"] == "1772413200"
    assert vouched_for(received, SECRET)
    assert not vouched_for(received, b"another secret of the same")
    assert not vouched_for(replace(received, body=received.body + b" "), SECRET)
    assert not vouched_for(replace(received, headers=later), SECRET)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_any_answer_but_2xx_means_not_sent(gateway: Gateway, status: int) -> None:
    gateway.status = status

    with pytest.raises(NotSent) as refused:
        PostSender(gateway.url, SECRET)(MESSAGE, key=KEY)

    assert str(status) in refused.value.detail.en


def test_a_redirect_is_not_followed(gateway: Gateway) -> None:
    """Whoever can answer could otherwise send a telephone number anywhere."""
    with Gateway().up() as elsewhere:
        gateway.status, gateway.headers = 307, {"Location": elsewhere.url}
        with pytest.raises(NotSent):
            PostSender(gateway.url, SECRET)(MESSAGE, key=KEY)

        assert elsewhere.received == []


def test_nobody_at_the_address_means_not_sent_and_tells_neither_secret_nor_person() -> None:
    with Gateway().up() as gone:
        pass

    with pytest.raises(NotSent) as refused:
        PostSender(f"{gone.url}?token=hidden", SECRET)(MESSAGE, key=KEY)

    assert "ConnectError" in refused.value.detail.en
    for told in refused.value.detail:
        assert not [hidden for hidden in ("hidden", SECRET.decode(), "13905710001") if hidden in told]


def test_no_proxy_of_the_environment_sees_a_notice(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    with Gateway().up() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        PostSender(gateway.url, SECRET)(MESSAGE, key=KEY)

        assert proxy.received == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/x", "http://[::1]/", "http://localhost/", "https://gateway.gov.cn/notices"],
    ids=["ipv4", "ipv6", "localhost", "https"],
)
def test_addresses_that_let_nobody_listen_in(url: str) -> None:
    PostSender(url, SECRET)


@pytest.mark.parametrize(
    "url",
    ["", "http://", "http://10.0.0.1/", "http://127.0.0.1.example.cn/", "ftp://127.0.0.1/", "file:///etc/passwd"],
    ids=["empty", "no host", "plain", "look-alike", "ftp", "file"],
)
def test_addresses_where_somebody_could_listen_in_are_refused(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        PostSender(url, SECRET)


def test_plain_http_inside_the_office_has_to_be_asked_for() -> None:
    PostSender("http://10.0.0.1/notices", SECRET, allows_plain_http=True)

    with pytest.raises(UnsafeAddress):
        PostSender("ftp://10.0.0.1/notices", SECRET, allows_plain_http=True)


def test_a_secret_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(SecretTooShort):
        PostSender("https://gateway.gov.cn/", b"fifteen bytes!!")


def lines(path: Path) -> list[Mapping[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_file_has_one_line_a_notice_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "notices.jsonl"
    sender = FileSender(path)

    for _ in range(2):
        sender(MESSAGE, key=KEY)

    assert lines(path) == [DOCUMENT, DOCUMENT]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lines_written_side_by_side_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    long = replace(MESSAGE, text=Sentence("补" * 100_000, "c" * 100_000))

    with ThreadPoolExecutor(8) as threads:
        for number in range(24):
            threads.submit(FileSender(path), long, key=str(number))

    assert sorted(int(str(line["id"])) for line in lines(path)) == list(range(24))


def test_a_disk_that_takes_nothing_means_not_sent_and_leaves_no_half_line(tmp_path: Path) -> None:
    with pytest.raises(NotSent):
        FileSender(tmp_path)(MESSAGE, key=KEY)

    with pytest.raises(NotSent):
        FileSender(Path("/dev/full"))(MESSAGE, key=KEY)
