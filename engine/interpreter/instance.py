"""One process instance during one step: the tree of its tokens, what moves them, and the report of what happened.

SpiffWorkflow's Workflow, without its own tree walking: tokens on their way lie on a stack, so that each branch runs as
far as it can before the next one, in document order (Camunda 7). Knows nothing of rows, requests or the clock.
"""

# mypy: disallow-subclassing-any=False

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from SpiffWorkflow import TaskState, Workflow

from engine.diagram.model import EventKind, Moment
from engine.errors import EngineError, ExpressionFailed, Sentence
from engine.expressions import Expression, ExpressionError
from engine.interpreter import listening
from engine.interpreter.step import ActivityEnded, Change, FlowTaken, Forgotten, WorkCancelled, WorkKind, WorkOpened
from engine.interpreter.token import ROOT_ID, STANDS_FOR, Token
from engine.interpreter.variables import Stored, Variables, Visible

if TYPE_CHECKING:
    from engine.interpreter.definition import Definition
    from engine.interpreter.events import EventNode
    from engine.interpreter.flow_nodes import FlowNode, SequenceFlow

MOST_VISITS = 5_000


class Instance(Workflow):
    """`answered` is the id of the work whose end was the stimulus: it is not reported as cancelled.

    `agenda` are the tokens on their way, the next one last; those below `floor` stand back behind a call of an earlier
    step. `is_calling`: a process was called, and what is on its way stands back behind it. `is_interrupted`: what left
    the instance interrupts the call that began it, so that nothing goes on here.
    """

    tasks: dict[str, Token]

    def __init__(
        self,
        definition: "Definition",
        variables: Stored,
        new_id: Callable[[], str],
        functions: Mapping[str, Callable[..., object]],
        ends_call: Callable[[EventKind, str], bool],
        listeners: listening.Listeners,
    ) -> None:
        super().__init__(definition.spec, deserializing=True)
        self.definition = definition
        self.new_id, self.functions, self.ends_call, self.listeners = new_id, functions, ends_call, listeners
        self.variables = Variables(variables, tells_new_apart=definition.tells_new_apart)
        self.changes: list[Change] = []
        self.agenda: list[Token] = []
        self.floor = 0
        self.is_calling = self.is_interrupted = False
        self.visits = 0
        self.answered: str | None = None
        self.ended = False
        self.error: tuple[str, str | None] | None = None
        self.error_at: str | None = None
        self.root = self.task_tree = Token(self, definition.root, None, TaskState.STARTED, ROOT_ID, is_new=False)

    def report(self, change: Change) -> None:
        """Adds to what the step tells."""
        self.changes.append(change)

    def evaluate(self, expression: Expression, token: Token) -> object:
        """An expression in the scope of a token. Raises ExpressionFailed."""
        try:
            return expression.evaluate(Visible(self.variables, token), self.functions)
        except ExpressionError as error:
            raise ExpressionFailed(error.sentence, element_id=token.task_spec.node.id) from error

    def seen_from(self, token: Token) -> Mapping[str, object]:
        """All variables that are seen from a token."""
        return dict(Visible(self.variables, token))

    def holds(self, condition: Expression, token: Token, element_id: str) -> bool:
        """Whether a condition is true in the scope of a token. Raises ExpressionFailed."""
        try:
            return condition.evaluate_condition(Visible(self.variables, token), self.functions)
        except ExpressionError as error:
            raise ExpressionFailed(error.sentence, element_id=element_id) from error

    def set_variables(self, token: Token, variables: Mapping[str, object], seen_from: Token | None = None) -> None:
        """Writes each where it is seen from the token or another, else into the process (Camunda's setVariables)."""
        by = (token.parent if token.is_armed else token).scope_id
        if variables:
            self.variables.preload(token)
        for name, value in variables.items():
            self.report(self.variables.write(self.variables.home(seen_from or token, name), name, value, by))

    def scope_ids(self, token: Token) -> tuple[str, ...]:
        """The scopes that an expression at a token reads, innermost first, without the process itself."""
        ids = []
        here = token
        while here is not self.root:
            if here.task_spec.holds_variables:
                ids.append(str(here.scope_id))
            here = here.parent
        return tuple(ids)

    def open_work(self, token: Token, kind: WorkKind, attributes: Mapping[str, object]) -> None:
        """Something outside is asked for; the token's id names it."""
        token.has_work = True
        node, owner = token.task_spec.node, token.parent if token.is_armed else token
        self.report(WorkOpened(token.id, kind, node.id, owner.scope_id, self.scope_ids(token), attributes))

    def new_token(self, spec: "FlowNode", scope: Token, state: int = TaskState.FUTURE) -> Token:
        """A token in a scope. Raises EngineError when the step does not come to rest."""
        self.visits += 1
        if self.visits > MOST_VISITS:
            endless = Sentence(
                f"一次推进中经过的环节超过 {MOST_VISITS} 个，流程可能陷入循环。请检查循环中是否有等待环节。",
                f"One step passed more than {MOST_VISITS} nodes; the process seems to loop without a wait.",
            )
            raise EngineError(endless, element_id=spec.node.id)
        return Token(self, spec, scope, state, self.new_id())

    def put(self, specs: Sequence["FlowNode"], scope: Token) -> None:
        """Tokens enter these nodes next, one branch after another."""
        self.agenda.extend(reversed([self.new_token(spec, scope) for spec in specs]))

    def arm(self, events: Sequence["EventNode"], owner: Token) -> None:
        """Events watch over an activity or a scope from now on; a condition that holds already fires (Camunda 7)."""
        armed = [self.new_token(event, owner, TaskState.WAITING) for event in events if event.is_watching]
        for token in armed:
            token.task_spec.listen(token)
        self.set_going(armed, lambda token: token.task_spec.try_condition(token))

    def set_going(self, tokens: Iterable[Token], go: Callable[[Token], None]) -> None:
        """Several tokens may go on at once: the branch of the first one runs first."""
        floor, branches = len(self.agenda), []
        for token in tokens:
            if token.is_live:
                go(token)
                branches.append(self.agenda[floor:])
                del self.agenda[floor:]
        for branch in reversed(branches):
            self.agenda.extend(branch)

    @property
    def is_unfinished(self) -> bool:
        """Whether tokens stand back behind a call of this step."""
        return self.is_calling and not self.ended and bool(self.agenda)

    def settle(self) -> None:
        """Moves the tokens on their way until each of them waits, or stands back."""
        self.react()
        while self._goes_on():
            token = self.agenda.pop() if self.agenda else None
            if token is not None and token.is_live:
                self.enter(token)
                self.react()

    def _goes_on(self) -> bool:
        if self.is_interrupted or self.is_unfinished:
            return False
        return len(self.agenda) > self.floor or (not self.agenda and self._fire_join())

    def enter(self, token: Token) -> None:
        """A token enters its node, or waits to be continued first."""
        if token.task_spec.async_before:
            self.postpone(token, TaskState.READY)
        else:
            self.run(token)

    def run(self, token: Token) -> None:
        """The node takes the token in."""
        token.task_spec._update(token)
        if token.is_live and token.has_state(TaskState.READY):
            token.run()

    def postpone(self, token: Token, state: int) -> None:
        """Puts a stand-in in a token's place until an asynchronous job continues it."""
        waiting = Token(self, token.task_spec, token.parent, state, self.new_id())
        waiting.internal_data = {**token.internal_data, STANDS_FOR: token.scope_id}
        self.forget(token)
        self.open_work(waiting, WorkKind.CONTINUATION, token.task_spec.priorities(token))

    def resume(self, waiting: Token) -> None:
        """Continues the token that a stand-in waited for."""
        state = TaskState.FUTURE if waiting.has_state(TaskState.READY) else TaskState.COMPLETED
        token = Token(
            self, waiting.task_spec, waiting.parent, state, waiting.internal_data.pop(STANDS_FOR), is_new=False
        )
        token.internal_data, token.has_work = waiting.internal_data, False
        self.forget(waiting)
        if state == TaskState.FUTURE:
            self.run(token)
        else:
            self.leave(token)

    def leave(self, token: Token) -> None:
        """A token whose activity has ended goes on, or ends where no flow leads on."""
        spec, scope = token.task_spec, token.parent
        if spec.body is not None:
            spec.body.item_ended(scope, token)
            return
        flows = spec.choose(token)
        self.forget(token)
        for flow in flows:
            self.take(flow, scope)
        self.put([flow.target for flow in flows], scope)
        if not flows:
            spec.ended(scope)

    def take(self, flow: "SequenceFlow", scope: Token) -> None:
        """A token passes a sequence flow of a scope."""
        if flow.is_drawn:
            self.report(FlowTaken(flow.name))
            listening.tell_of_flow(flow, scope)

    def react(self) -> None:
        """Tries the conditional events that may see a variable written since the last time."""
        changed, self.variables.changed = self.variables.changed, []
        if changed and self.definition.has_conditions:
            self.set_going(self._watching(changed), lambda token: token.task_spec.try_condition(token))

    def _watching(self, changed: Sequence[tuple[str | None, str]]) -> Iterator[Token]:
        for scope_id, name in changed:
            how = self.variables.how(scope_id, name)
            for token in self.definition.conditional_tokens(self.tasks):
                if token.is_live and token.task_spec.watches(name, how) and self._sees(token, scope_id):
                    yield token

    def _sees(self, token: Token, scope_id: str | None) -> bool:
        here: Token | None = token
        while here is not None and here.scope_id != scope_id:
            here = here.parent
        return here is not None

    def _fire_join(self) -> bool:
        for token in self.definition.inclusive_tokens(self.tasks):
            if token.task_spec.is_complete(token):
                token.task_spec.fire(token)
                return True
        return False

    def forget(self, token: Token) -> None:
        """Takes a token out of the tree that ended in the ordinary way."""
        token.parent._children.remove(token.id)
        del self.tasks[token.id]

    def cancel(self, token: Token) -> None:
        """Takes a token out of the tree with all below it, deepest first; what was open is reported as cancelled."""
        self._remove_task(token.id)

    def hang(self, token: Token, scope: Token) -> None:
        """Moves a token with all below it into another scope, behind all that is there."""
        token.parent._children.remove(token.id)
        token._parent = scope.id
        scope._children.append(token.id)
        moved = [token]
        for one in moved:
            self.tasks[one.id] = self.tasks.pop(one.id)
            moved.extend(one.children)

    def drop_children(self, token: Token, but_done: bool = False) -> None:
        """Cancels all that is below a token, or all but what can still be compensated."""
        for child in token.children:
            if not (but_done and child.is_done):
                self.cancel(child)

    def interrupt(self, scope: Token, by: Token | None = None) -> None:
        """Cancels what runs in a scope and the events armed in it; what has completed can still be compensated.

        The boundary events attached to the scope go on watching it (BPMN 2.0, 13.4.4); Camunda 7 forgets them here.
        """
        for child in scope.children:
            attached = child.is_armed and child.task_spec in scope.task_spec.boundaries
            if child is not by and not attached and not child.is_done:
                self.cancel(child)

    def finish(self, error: tuple[str, str | None] | None = None, at: str | None = None) -> None:
        """The instance is over; `error` is what only its caller can still catch, thrown at an element."""
        self.drop_children(self.root)
        listening.tell(self.root, Moment.END)
        self.ended, self.error, self.error_at = True, error, at

    def _task_removed_notify(self, token: Token) -> None:
        kind = token.work
        if kind is not None and token.id != self.answered:
            self.report(WorkCancelled(token.id, kind))
        if token.is_done:
            self.report(Forgotten(str(token.scope_id)))
        if token.has_state(TaskState.STARTED):
            spec = token.task_spec
            spec.told_of_cancellation(token)
            self.report(ActivityEnded(token.id, spec.node.id, spec.type, cancelled=True))

    def _task_completed_notify(self, token: Token) -> None:
        if token.task_spec.async_after:
            self.postpone(token, TaskState.COMPLETED)
        else:
            self.leave(token)
