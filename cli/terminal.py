"""What the command line says, in Chinese or English by LANG, and how it shows long work and refusals."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from sqlalchemy import Row

from casework.paging import Mark, Page
from engine.errors import EngineError, Fault, Sentence, told

WIDE = 1_000
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def said(sentence: Sentence) -> str:
    """The sentence in the terminal's language; Chinese unless LANG asks for English."""
    asked = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return sentence.en if asked.startswith("en") else sentence.zh


def say(zh: str, en: str) -> None:
    """Prints one sentence."""
    console.print(said(Sentence(zh, en)), markup=False)


@contextmanager
def refusals_shown() -> Iterator[None]:
    """A refusal ends the command with its sentence and every fault, not with a traceback."""
    try:
        yield
    except EngineError as refused:
        errors.print(said(refused.detail), style="red", markup=False)
        show_faults(refused.faults)
        raise SystemExit(1) from refused


def show_faults(faults: Sequence[Fault]) -> None:
    """One line a fault: where, and what."""
    for fault in told(faults):
        sentence = said(fault.sentence)
        file = fault.resource if fault.resource and not sentence.startswith(fault.resource) else None
        line = f"{fault.line}:{fault.column or 1}" if fault.line else None
        element = f"[{fault.element_id}]" if fault.element_id else None
        place = ":".join(filter(None, [file, line]))
        errors.print("  " + " ".join(filter(None, [place, element, sentence])), markup=False)


def show_table(columns: Sequence[Sentence], rows: Iterable[Sequence[str]]) -> None:
    """A table with its heads in the terminal's language; what goes into a file or a pipe is never shortened."""
    table = Table(*(Column(said(column), overflow="fold") for column in columns), box=None)
    for row in rows:
        table.add_row(*map(escape, row))
    Console(highlight=False, width=None if console.is_terminal else WIDE).print(table)


def all_rows(page: Callable[[Mark | None], Page]) -> Iterator[Row[Any]]:
    """Every row of a list, page after page."""
    after: Mark | None = None
    while True:
        found = page(after)
        yield from found.rows
        after = found.after
        if after is None:
            return


def progress() -> Progress:
    """A bar for work that takes a while."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def stop(zh: str, en: str) -> click.exceptions.Exit:
    """Ends the command with a sentence: `raise stop(…)`."""
    errors.print(said(Sentence(zh, en)), style="red", markup=False)
    return click.exceptions.Exit(1)
