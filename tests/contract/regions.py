"""What should happen in a diagram of nested blocks, told by regions that end or are interrupted as a whole.

The interpreter is compared with it, so it knows nothing of tokens or of the interpreter.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

Then = Callable[[], None]
NUMBERS = count()


@dataclass(eq=False)
class Open:
    """What can be answered now: a task, a job, or an event that something waits for. `answer` takes a decision."""

    name: str
    answer: Callable[[bool], None]
    is_event: bool = False
    number: int = field(default_factory=lambda: next(NUMBERS))


@dataclass(eq=False)
class Region:
    """A part of the instance that ends or is interrupted as a whole; `name` is the activity it is a visit to.

    A scope is a region that its threads hold open. `catch` takes an error thrown inside.
    """

    around: "Region | None" = None
    name: str | None = None
    then: Then | None = None
    catch: Then | None = None
    threads: int = 1
    inner: list["Region"] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    is_over: bool = False
    has_failed: bool = False

    def part(self, name: str | None = None, then: Then | None = None, catch: Then | None = None) -> "Region":
        made = Region(self, name, then, catch, ends=self.ends)
        self.inner.append(made)
        return made

    def wait(self, name: str, answer: Callable[[bool], None], is_event: bool = False) -> Open:
        """Something is asked for; what is no event is asked for once."""

        def answered(decision: bool) -> None:
            if not is_event:
                self.open.remove(asked)
            answer(decision)

        asked = Open(name, answered, is_event)
        self.open.append(asked)
        return asked

    def everything_open(self) -> Iterator[Open]:
        yield from self.open
        for region in self.inner:
            yield from region.everything_open()

    def interrupt(self) -> None:
        """Nothing inside goes on."""
        for region in list(self.inner):
            region.leave("cancelled")
        self.open.clear()

    def leave(self, how: str) -> None:
        self.interrupt()
        self.is_over = True
        if self.around is not None:
            self.around.inner.remove(self)
        if self.name is not None:
            self.ends[self.name, how] += 1

    def end(self) -> None:
        """The visit is over in the ordinary way, and what follows begins."""
        self.leave("ended")
        if self.then is not None:
            self.then()

    def thread_ends(self) -> None:
        """A scope ends with its last thread."""
        self.threads -= 1
        if not self.threads:
            self.end()

    def throw(self) -> None:
        """The nearest catcher takes the error; without one the instance is over."""
        if self.catch is not None:
            self.catch()
        elif self.around is not None:
            self.around.throw()
        else:
            self.has_failed = True
            self.interrupt()
