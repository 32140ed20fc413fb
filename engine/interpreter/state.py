"""The document that is stored between steps: every live node, and nothing else.

{"v": 1, "nodes": [name, …], "tokens": [[id, parent, node, status, {…}], …]}

`parent` is the place of the enclosing token in the list, -1 the process; `node` the place of the node's name: its
BPMN id, or "id#multiInstanceBody"; the last member, counters and the like, is left out when empty. A parent stands
before its children, and what is done in the order of its completion. Within a command, "next" lists the places of the
tokens that stand back behind a call, the first to go on last. The document of an instance that has ended is empty text.
Documents of every version that was ever written can be read.
"""

import json
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import TaskState

from engine.errors import Conflict, Sentence
from engine.interpreter.token import DONE, Token

if TYPE_CHECKING:
    from engine.interpreter.instance import Instance

VERSION = 1
STATUSES = {
    DONE: "done",
    TaskState.FUTURE: "next",
    TaskState.READY: "before",
    TaskState.WAITING: "armed",
    TaskState.STARTED: "started",
    TaskState.COMPLETED: "after",
}
STATES = {status: state for state, status in STATUSES.items()}


def dump(instance: "Instance") -> str:
    """The document of an instance whose tokens all wait or stand back."""
    if instance.ended:
        return ""
    places = {instance.root.id: -1}
    nodes: dict[str, int] = {}
    rows: list[list[Any]] = []
    for token in instance.tasks.values():
        if token is instance.root:
            continue
        places[token.id] = len(rows)
        node = nodes.setdefault(token.task_spec.name, len(nodes))
        row = [token.id, places[token._parent], node, STATUSES[token._state]]
        if token.internal_data:
            row.append(token.internal_data)
        rows.append(row)
    document: dict[str, Any] = {"v": VERSION, "nodes": list(nodes), "tokens": rows}
    standing_back = [places[token.id] for token in instance.agenda if token.is_live]
    if standing_back:
        document["next"] = standing_back
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def load(instance: "Instance", state: str) -> None:
    """Hangs the document's tokens under the instance. Raises Conflict when the definition has no such node."""
    document = json.loads(state)
    known = instance.definition.specs
    gone = [name for name in document["nodes"] if name not in known]
    if gone:
        unknown = Sentence(f"流程定义中没有环节：{'、'.join(gone)}。", f"The definition has no node {', '.join(gone)}.")
        raise Conflict(unknown)
    specs = [known[name] for name in document["nodes"]]
    tokens: list[Token] = []
    for id, parent, node, status, *data in document["tokens"]:
        scope = instance.root if parent < 0 else tokens[parent]
        token = Token(instance, specs[node], scope, STATES[status], id, is_new=False)
        if data:
            token.internal_data = data[0]
        tokens.append(token)
    for place in document.get("next", ()):
        tokens[place].has_work = False
        instance.agenda.append(tokens[place])
    instance.floor = len(instance.agenda)
