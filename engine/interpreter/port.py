"""The one way to move an instance: `advance` takes its state and a stimulus and tells everything that follows.

Pure: no storage, request or clock. The same arguments give the same step, but for the ids that `new_id` makes.
"""

from collections.abc import Callable, Mapping

from engine.diagram.model import EventKind
from engine.errors import Conflict
from engine.interpreter.definition import Definition
from engine.interpreter.instance import Instance
from engine.interpreter.listening import Listeners
from engine.interpreter.reactions import obey
from engine.interpreter.state import dump, load
from engine.interpreter.step import Step
from engine.interpreter.stimulus import Start, Stimulus
from engine.interpreter.throwing import interrupts
from engine.interpreter.variables import Stored

NO_LISTENERS: Listeners = {}


def nobody_called(kind: EventKind, name: str) -> bool:
    """A root has no caller."""
    return False


def advance(
    definition: Definition,
    state: str | None,
    variables: Stored,
    stimulus: Stimulus,
    *,
    new_id: Callable[[], str],
    functions: Mapping[str, Callable[..., object]],
    listeners: Listeners = NO_LISTENERS,
    ends_call: Callable[[EventKind, str], bool] = nobody_called,
) -> Step:
    """One step of one instance: from a stimulus until everything waits again, or stands back behind a call.

    `state` is the last step's, None before the start. `variables` are the stored ones by scope (an activity instance's
    id, None: the process); a scope is read only when an expression asks for it. `listeners` are those that the diagram
    may name. `ends_call` says whether an event that
    leaves the instance interrupts its call or one further up: nothing follows it then. Whatever is raised, nothing has
    happened: NotFound when the stimulus names nothing open, Conflict when what it names waits for something else,
    ExpressionFailed and NoFlowTaken with the element's id, EngineError when more than 10,000 nodes are passed.
    """
    if (state is None) is not isinstance(stimulus, Start) or state == "":
        raise Conflict
    instance = Instance(definition, variables, new_id, functions, ends_call, listeners)
    if state is not None:
        load(instance, state)
    obey(instance, stimulus)
    instance.settle()
    return Step(
        dump(instance),
        tuple(instance.changes),
        instance.ended,
        instance.error,
        instance.error_at,
        instance.is_unfinished,
    )


def interrupts_call(definition: Definition, state: str, caller_id: str, kind: EventKind, name: str) -> bool | None:
    """Whether an event that leaves a called process interrupts the call `caller_id` of the instance above.

    None: what is above that instance has to be asked too.
    """
    instance = Instance(definition, {}, str, {}, nobody_called, NO_LISTENERS)
    load(instance, state)
    call = instance.tasks.get(caller_id)
    return False if call is None else interrupts(call, kind, name)
