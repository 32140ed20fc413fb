"""Where the codes on slips lead, as the environment says it: what is accepted, what is refused with a sentence."""

import click
import pytest

from cli.addresses import progress_page


@pytest.mark.parametrize(
    "address",
    ["https://zwfw.yunxi.gov.cn/progress", "https://zwfw.yunxi.gov.cn/?page=progress", "http://10.0.0.5:8080/p"],
    ids=["page", "query", "plain"],
)
def test_an_address_is_kept_as_it_is(address: str) -> None:
    assert progress_page({"LIANBAN_PROGRESS_PAGE": address}) == address


def test_without_a_setting_it_is_this_servers_own() -> None:
    assert progress_page({}) == "http://127.0.0.1:8080/api/public/progress"
    assert progress_page({"PORT": "8081"}) == "http://127.0.0.1:8081/api/public/progress"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zwfw.yunxi.gov.cn",
        "ftp://zwfw/p",
        "https://",
        "https://zwfw/p#x",
        "https://zwfw/a b",
        "https://[",
        "https://z/" + "p" * 300,
    ],
    ids=["empty", "no scheme", "other scheme", "no host", "fragment", "blank", "broken", "long"],
)
def test_what_is_no_address_stops_the_server_with_a_sentence(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit):
        progress_page({"LIANBAN_PROGRESS_PAGE": address})

    assert "LIANBAN_PROGRESS_PAGE" in capsys.readouterr().err
