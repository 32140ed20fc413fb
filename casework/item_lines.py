"""Items as JSON Lines, one document a line: the whole file is read and checked, and what is right is kept on disk.

Pure but for that: knows nothing of the database. Memory does not grow with the documents.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from casework import item_document
from engine.errors import Fault, Sentence

LONGEST_LINE = 1 << 20  # bytes
MOST_LINES = 200_000
MOST_FAULTS = 20_000

TOO_LONG = Sentence(f"一行超过 {LONGEST_LINE} 字节。", f"A line is longer than {LONGEST_LINE} bytes.")
TOO_MANY = Sentence(f"超过 {MOST_LINES} 行，请分批导入。", f"More than {MOST_LINES} lines: import them in parts.")
ANOTHER_FILE = Sentence(
    "文件中没有一行是 JSON 对象，未导入任何事项。请选择每行一个事项的文件，如 lianban items export 导出的文件。",
    "No line of the file is a JSON object; no item was imported. It takes a file with one item a line, such as "
    "lianban items export writes.",
)
NO_JSON = Sentence("不是有效的 JSON 对象（UTF-8）。", "This is no JSON object in UTF-8.")
BAD_TEXT = Sentence("含有无法保存的字符。", "It has characters that cannot be kept.")

Tell = Callable[[int], None]
"""Is told how many lines were done since the last time."""


class Line(NamedTuple):
    """A document that is right in itself: where it stands, and its text as it would be stored."""

    number: int
    content: str

    @property
    def document(self) -> item_document.ItemDocument:
        """The document, read once more."""
        return item_document.ItemDocument(json.loads(self.content))


@dataclass(slots=True)
class Faults:
    """What is wrong with a file, line by line; the list is capped, the numbers are not."""

    listed: list[Fault] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    total: int = 0

    def add(self, line: int, *faults: Fault) -> None:
        """Faults of one line."""
        self.total += len(faults)
        if faults:
            self.lines.add(line)
        room = max(0, MOST_FAULTS - len(self.listed))
        self.listed += [Fault(one.sentence, one.element_id, line) for one in faults[:room]]

    def in_order(self) -> list[Fault]:
        """By line."""
        return sorted(self.listed, key=lambda fault: fault.line or 0)


class Lines:
    """A file that was read: its faults, and its documents that are right, to be gone through as often as wanted."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.numbers: dict[str, int] = {}
        self.holds_objects = False
        self._kept: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - `close`

    def keep(self, number: int, code: str, content: str) -> None:
        """A document that is right in itself; the same item twice is a fault."""
        if code in self.numbers:
            first = self.numbers[code]
            said = Sentence(f"事项“{code}”已在第 {first} 行。", f"Item “{code}” stands in line {first} already.")
            self.faults.add(number, Fault(said, "code"))
            return
        self.numbers[code] = number
        self._kept.write(f"{number}\t{content}\n")

    def __iter__(self) -> Iterator[Line]:
        self._kept.seek(0)
        for text in self._kept:
            number, _, content = text.rstrip("\n").partition("\t")
            yield Line(int(number), content)

    def close(self) -> None:
        """The documents are gone."""
        self._kept.close()


def read(stream: IO[bytes], tell: Tell = lambda done: None) -> Lines:
    """Every line of a file, checked as an item.toml is. The caller closes what is returned."""
    lines = Lines()
    for number, raw in enumerate(_raw(stream), start=1):
        if number > MOST_LINES:
            lines.faults.add(number, Fault(TOO_MANY))
            break
        if raw.strip():
            _read_line(lines, number, raw)
        tell(1)
    return lines


def _raw(stream: IO[bytes]) -> Iterator[bytes]:
    """The file's lines; of one that is too long, only its beginning."""
    while raw := stream.readline(LONGEST_LINE + 1):
        yield raw
        while len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            raw = stream.readline(LONGEST_LINE + 1)


def _read_line(lines: Lines, number: int, raw: bytes) -> None:
    if len(raw) > LONGEST_LINE:
        lines.faults.add(number, Fault(TOO_LONG))
        return
    said = _object(raw)
    if said is None:
        lines.faults.add(number, Fault(NO_JSON))
        return
    lines.holds_objects = True
    document, faults = item_document.checked(said)
    lines.faults.add(number, *faults)
    if document is None:
        return
    content = item_document.written(document)
    if "\\u0000" in content or not _is_storable(content):
        lines.faults.add(number, Fault(BAD_TEXT))
        return
    lines.keep(number, str(document.published["code"]), content)


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _is_storable(content: str) -> bool:
    """Half a surrogate pair is no text."""
    try:
        content.encode()
    except UnicodeEncodeError:
        return False
    return True
