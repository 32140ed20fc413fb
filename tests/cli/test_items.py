"""The catalogue goes into a file and comes back from the command line; a bad line is told and nothing is stored."""

import json
import tomllib
from pathlib import Path
from typing import Any

from tests.cli.terminal import done, refused
from tests.served import Served, item


def document(code: str, **changes: Any) -> str:
    said = tomllib.loads(item(code=code).decode())
    paper = {"in_force_on": "2026-03-02", "document_number": "云政办发〔2026〕7号"}
    return json.dumps(said | paper | changes, ensure_ascii=False)


def test_what_is_exported_is_imported_without_a_change(staffed_url: str, served: Served, tmp_path: Path) -> None:
    served.opens()
    file = tmp_path / "items.jsonl"
    file.write_text("\n".join(document(f"item-{number}") for number in range(3)))

    assert "3 created, 0 changed, 0 unchanged." in done(staffed_url, "items", "import", str(file))
    assert "4 items exported." in done(staffed_url, "items", "export", str(file))

    assert [json.loads(line)["code"] for line in file.read_text().splitlines()] == [
        "item-0",
        "item-1",
        "item-2",
        "opening",
    ]
    assert "0 created, 0 changed, 4 unchanged." in done(staffed_url, "items", "import", str(file))
    assert [path.name for path in tmp_path.glob("items*")] == ["items.jsonl"]


def test_every_bad_line_is_told_however_many(staffed_url: str, served: Served, tmp_path: Path) -> None:
    served.opens()
    file = tmp_path / "items.jsonl"
    good, bad = document("item-0"), [document(f"Item {number}") for number in range(150)]
    file.write_text("\n".join([good, *bad]))

    said = refused(staffed_url, "items", "import", str(file))

    assert "150 faults in 150 lines; no item was imported." in said
    assert all(f"line {number} code: " in said for number in range(2, 152))
    assert served.person("admin").get("/items/item-0").status_code == 404


def test_a_dry_run_stores_nothing(staffed_url: str, served: Served, tmp_path: Path) -> None:
    served.opens()
    file = tmp_path / "items.jsonl"
    file.write_text(document("item-0"))

    assert "It would be: 1 created" in done(staffed_url, "items", "import", "--dry-run", str(file))
    assert served.person("admin").get("/items/item-0").status_code == 404
