"""The V8 contexts in which FEEL is evaluated: made when first needed, lent to one thread at a time, bounded in time and
memory, and made anew after one that ran away.

A process that forks does so before its first evaluation: V8 does not survive a fork.
"""

import asyncio
import atexit
import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path

from py_mini_racer import JSOOMException, JSTimeoutException, MiniRacer, mini_racer

from feel.errors import FeelError, Sentence

BUNDLE = Path(__file__).with_name("feelin.js")
MOST_SECONDS = 0.5
MOST_BYTES = 32 * 1024 * 1024  # V8 looks when it collects garbage: what is held at most is several times as much
MOST_CONTEXTS = 2
MOST_WAIT_SECONDS = 5


class _Context:
    """One context with the evaluator in it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, program: str) -> None:
        self._open: AbstractContextManager[MiniRacer] = mini_racer(loop)
        self._machine = self._open.__enter__()
        self._machine.eval(program)
        self._machine.set_hard_memory_limit(MOST_BYTES)

    def ask(self, question: str) -> str:
        """The evaluator's answer; FeelError when it takes too long or too much memory."""
        try:
            return str(self._machine.eval(f"ask({json.dumps(question)})", timeout_sec=MOST_SECONDS))
        except JSTimeoutException:
            raise FeelError(
                Sentence(
                    f"表达式计算超过 {MOST_SECONDS} 秒，已停止。",
                    f"The expression took longer than {MOST_SECONDS} seconds and was stopped.",
                )
            ) from None
        except JSOOMException:
            raise FeelError(
                Sentence("表达式占用内存过多，已停止。", "The expression took too much memory and was stopped.")
            ) from None

    def close(self) -> None:
        """Gives back what V8 holds."""
        with suppress(Exception):
            self._open.__exit__(None, None, None)


class Machine:
    """The contexts of this process."""

    def __init__(self) -> None:
        self._program = BUNDLE.read_text(encoding="utf-8")
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="feel", daemon=True).start()
        self._places = threading.BoundedSemaphore(MOST_CONTEXTS)
        self._idle: list[_Context] = []

    def close(self) -> None:
        """Lends no more: a V8 that is still there when Python ends waits for Python, and Python for it."""
        for _ in range(MOST_CONTEXTS):
            self._places.acquire(timeout=2 * MOST_SECONDS)
        while self._idle:
            self._idle.pop().close()

    def ask(self, question: str) -> str:
        """What the evaluator answers to a question of `feel.values.question`."""
        with self._lent() as context:
            return context.ask(question)

    @contextmanager
    def _lent(self) -> Iterator[_Context]:
        """A context for this thread alone; after anything went wrong in it, nobody gets it again."""
        if not self._places.acquire(timeout=MOST_WAIT_SECONDS):
            raise FeelError(
                Sentence("同时计算的表达式过多，请稍后重试。", "Too many expressions are evaluated at once; try again.")
            )
        try:
            context = self._idle.pop() if self._idle else _Context(self._loop, self._program)
            try:
                yield context
            except BaseException:
                context.close()
                raise
            self._idle.append(context)
        finally:
            self._places.release()


@cache
def machine() -> Machine:
    """The machine of this process."""
    only = Machine()
    atexit.register(only.close)
    return only
