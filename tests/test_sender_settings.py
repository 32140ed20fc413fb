"""Which senders a server has, as its environment says: what is accepted, what is refused with a sentence."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from casework.notices import PostRoom
from casework.senders import FileSender, PostSender
from cli.senders import post_room

SECRET = "sixteen bytes and more"
HTTP = {
    "LIANBAN_NOTICES": "*=http",
    "LIANBAN_NOTICES_URL": "https://gateway.gov.cn/notices",
    "LIANBAN_NOTICES_SECRET": SECRET,
}


def refused(environment: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence with which the program ends."""
    with pytest.raises(click.exceptions.Exit):
        post_room(environment)
    return " ".join(capsys.readouterr().err.split())


def test_without_a_setting_nothing_leaves_the_office() -> None:
    assert post_room({}) == PostRoom({}, {})


def test_kinds_have_senders_of_their_own_and_a_star_stands_for_the_others(tmp_path: Path) -> None:
    room = post_room(
        HTTP | {"LIANBAN_NOTICES": " case-approved = http , *=file", "LIANBAN_NOTICES_FILE": str(tmp_path / "n")}
    )

    assert (room.sender_of("case-approved"), room.sender_of("case-refused")) == ("http", "file")
    assert isinstance(room.senders["http"], PostSender)
    assert isinstance(room.senders["file"], FileSender)


def test_only_what_is_named_leaves_the_office_where_there_is_no_star() -> None:
    assert post_room({"LIANBAN_NOTICES": "case-approved=file"}).sender_of("case-refused") is None


@pytest.mark.parametrize("text", ["file", "case-approved", "case-aproved=file", "*=", "=file"])
def test_a_setting_that_says_nothing_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused({"LIANBAN_NOTICES": text}, capsys)

    assert "LIANBAN_NOTICES" in said
    assert "case-received" in said


def test_a_sender_that_is_not_installed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "pigeon" in refused({"LIANBAN_NOTICES": "*=pigeon"}, capsys)


@pytest.mark.parametrize("url", ["", "http://10.0.0.1/", "http://[", "gateway.gov.cn"])
def test_an_address_where_somebody_could_listen_in_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "LIANBAN_NOTICES_URL" in refused(HTTP | {"LIANBAN_NOTICES_URL": url}, capsys)


def test_plain_http_inside_the_office_is_allowed_by_name() -> None:
    post_room(HTTP | {"LIANBAN_NOTICES_URL": "http://10.0.0.1/", "LIANBAN_NOTICES_PLAIN_HTTP": "yes"})


def test_a_short_secret_is_refused_and_never_printed(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(HTTP | {"LIANBAN_NOTICES_SECRET": "guessable"}, capsys)

    assert "LIANBAN_NOTICES_SECRET" in said
    assert "guessable" not in said


def test_a_secret_may_stand_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET[:15] + "\n")
    from_file = {**HTTP, "LIANBAN_NOTICES_SECRET": "", "LIANBAN_NOTICES_SECRET_FILE": str(file)}

    assert "16" in refused(from_file, capsys)
    file.write_text(SECRET + "\n")
    post_room(from_file)
    assert "missing" in refused(from_file | {"LIANBAN_NOTICES_SECRET_FILE": str(tmp_path / "missing")}, capsys)


def test_senders_plug_in_by_an_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an installed distribution declares it."""
    distribution = tmp_path / "smsgate-1.0.dist-info"
    distribution.mkdir()
    (distribution / "METADATA").write_text("Metadata-Version: 2.1\nName: smsgate\nVersion: 1.0\n")
    (distribution / "entry_points.txt").write_text("[lianban.senders]\nsms = smsgate:send\n")
    (tmp_path / "smsgate.py").write_text("def send(message, *, key):\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    room = post_room({"LIANBAN_NOTICES": "case-approved=sms"})

    assert room.senders["sms"] is sys.modules["smsgate"].send
