"""The sender `file`: one JSON line a notice, on the disk before it counts as sent."""

import fcntl
import json
import os
from pathlib import Path

from casework.notices.messages import Message, NotSent
from engine.errors import Sentence

FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT
OWNER_ONLY = 0o600
"""The lines hold telephone numbers."""


class FileSender:
    """Appends to one file, which several processes may share; its folder is made when it is missing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, message: Message, *, key: str) -> None:
        """Writes the line whole or not at all. Raises NotSent when the disk does not take it."""
        line = json.dumps(message.document(key), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(self._path, FLAGS, OWNER_ONLY), "ab", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                before = os.fstat(file.fileno()).st_size
                if file.write(line) != len(line):
                    os.ftruncate(file.fileno(), before)
                    raise OSError(f"{self._path} is full")
                os.fsync(file.fileno())
        except OSError as refused:
            raise NotSent(
                Sentence(f"无法写入 {self._path}：{refused.strerror}。", f"{self._path}: {refused.strerror}.")
            ) from refused
