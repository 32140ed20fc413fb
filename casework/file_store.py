"""The file store: where uploaded files lie outside the database, at any address that fsspec understands.

The one place of fsspec. Knows no table: a file is a name that says nothing and cannot be guessed.
"""

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import fsspec
from fsspec.config import conf
from fsspec.implementations.local import LocalFileSystem
from fsspec.utils import get_protocol

from casework.disk import sync
from engine.errors import EngineError, FilesUnreachable, Sentence

NAME = re.compile(r"[0-9a-f]{32}")
MARK = "lianban-files.txt"
MARKED = "联办的文件存放于此，请勿改动。\nFiles of Lianban: leave them as they are.\n".encode()
PARTIAL = ".partial"
ANOTHER = Sentence(
    "LIANBAN_FILES 所指的位置不是原来存放文件的那个（缺少标记文件 lianban-files.txt）。请检查该位置是否已挂载、"
    "各节点是否共用同一位置；更换位置时请把原有文件一并复制过去。",
    "LIANBAN_FILES is not the place in which the files lie (its mark lianban-files.txt is missing). Check that it is "
    "mounted and that every node has the same; when you change it, copy the files there first.",
)
READERS, PATIENCE = 8, 2.0
"""How many read at once, and how many seconds others wait for their turn: a store that hangs holds up no more."""
BUSY = Sentence(
    "同时下载的文件过多，或文件存储响应缓慢，请稍后重试。",
    "Too many files are being fetched, or the file store is slow; try again in a moment.",
)
SECONDS = {"connect_timeout": 5, "read_timeout": 20, "retries": {"max_attempts": 2}}
"""How long an object store is waited for, unless the settings of fsspec say otherwise."""

conf.setdefault("s3", {}).setdefault("config_kwargs", SECONDS)
log = logging.getLogger(__name__)


class FileStore:
    """The engine's port `Files`. Raises ImportError for an address whose driver is not installed,
    ValueError for one that nobody understands.

    The address may hold a password: nothing of it, nor of what a driver says, is ever told.
    """

    def __init__(self, url: str) -> None:
        fsspec.get_filesystem_class(get_protocol(url))
        self._url = url
        self._turns = threading.BoundedSemaphore(READERS)

    def prepare(self, *, is_new: bool) -> None:
        """A new store is marked as ours. Without its mark it is another one, or an empty folder on which the right one
        is to be mounted."""
        with _outages_told():
            system, root = self._opened()
            if _is_marked(system, root):
                return
            if not is_new:
                raise FilesUnreachable(ANOTHER)
            _write(system, f"{root}/{MARK}", MARKED)

    def write(self, name: str, content: bytes) -> None:
        """The content is there, whole and for good, or not at all."""
        with _outages_told():
            system, root = self._opened()
            _write(system, _place(root, name), content)

    def read(self, name: str, most: int) -> bytes | None:
        """At most so many bytes of it, None when this store is the right one and does not have it."""
        with self._turn(), _outages_told():
            return _read(*self._opened(), name, most)

    def remove(self, name: str) -> None:
        """What is not there is removed already."""
        with _outages_told():
            system, root = self._opened()
            place = _place(root, name)
            for path in (place, place + PARTIAL):
                with suppress(FileNotFoundError):
                    system.rm_file(path)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE):
            raise FilesUnreachable(BUSY)
        try:
            yield
        finally:
            self._turns.release()

    def _opened(self) -> tuple[fsspec.AbstractFileSystem, str]:
        """Anew in each thread and process; fsspec keeps what it opened for them."""
        system, root = fsspec.url_to_fs(self._url)
        return system, root.rstrip("/")


def _place(root: str, name: str) -> str:
    """In one of 256 folders, so that none is too full to be looked at."""
    if not NAME.fullmatch(name):
        raise ValueError
    return f"{root}/{name[:2]}/{name}"


def _read(system: fsspec.AbstractFileSystem, root: str, name: str, most: int) -> bytes | None:
    try:
        found: bytes = system.cat_file(_place(root, name), start=0, end=most)
    except FileNotFoundError:
        if _is_marked(system, root):
            return None
        raise FilesUnreachable(ANOTHER) from None
    return found


def _is_marked(system: fsspec.AbstractFileSystem, root: str) -> bool:
    try:
        system.cat_file(f"{root}/{MARK}")
    except FileNotFoundError:
        return False
    return True


def _write(system: fsspec.AbstractFileSystem, path: str, content: bytes) -> None:
    """An object store takes an object whole; a folder is told to put it on the disk before anybody relies on it."""
    if not isinstance(system, LocalFileSystem):
        system.pipe_file(path, content)
        return
    folder, partial = Path(path).parent, Path(path + PARTIAL)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    for changed in (folder, folder.parent):
        sync(changed)


@contextmanager
def _outages_told() -> Iterator[None]:
    """Each kind of store fails in words of its own, which may hold its address: only what kind of failure is told."""
    try:
        yield
    except EngineError:
        raise
    except Exception as failed:
        reason = os.strerror(failed.errno) if isinstance(failed, OSError) and failed.errno else ""
        log.warning("the file store cannot be used: %s %s", type(failed).__name__, reason)
        raise FilesUnreachable from None
