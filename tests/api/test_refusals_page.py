"""docs/refusals.md lists every refusal that leaves the doors, with its status and its titles."""

import re
from pathlib import Path

import lianban
from api.errors import STATUS

PAGE = (Path(lianban.__file__).parent / "docs" / "refusals.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d{3}) \| `([a-z-]+)` \| (.+) \| (.+) \|$", re.MULTILINE)


def test_every_refusal_is_on_the_page_with_its_status_and_titles() -> None:
    listed = {(int(status), code, zh, en) for status, code, zh, en in ROW.findall(PAGE)}

    told = {(status, kind.code, kind.title.zh, kind.title.en) for kind, status in STATUS.items()}
    assert listed - {(500, "internal", "系统内部出错。", "Something went wrong inside.")} == told
