"""Which instances, jobs or external tasks one request means: those named and those that its queries find, each once.

Only what the caller may know of is found; the name of anything else is answered as the name of nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, select

from api.engine_rest import external_task_lists, history_process_instances, job_queries
from api.engine_rest.paging import Column
from api.engine_rest.process_instance_queries import QUERY, asked
from api.engine_rest.wire import Listed
from casework.visibility import of_the_office
from engine.batches import MOST_PARTS
from engine.errors import Forbidden, Invalid, NotFound, Sentence
from engine.tables import RUNNING, ExternalTask, Job, ProcessInstance
from engine.transaction import Transaction

Rows = Select[*tuple[Any, ...]]
NONE_SUCH = Sentence("没有“{name}”，未执行任何操作。", "{name} does not exist; nothing was done.")
TOO_MANY = Sentence("一次最多处理 {name} 个，请缩小范围。", "At most {name} at once; narrow the query.")
OF_THE_OFFICE = Sentence(
    "其中的“{name}”是办件或督办单的流程，只能按办件的操作办理；未执行任何操作。",
    "{name} is the process of a case or a supervision order, to which only the office's own acts are done; nothing was "
    "done to any.",
)


class Way(NamedTuple):
    """One way to say which are meant: a field, and the rows that it finds. `names`: it gives their very ids."""

    field: ma.fields.Field[Any]
    found: Callable[[Transaction, Any], Rows]
    names: bool = False


class Subjects(NamedTuple):
    """What a request can be about: by which columns they are put in order, the id last, and the ways to say which."""

    columns: Sequence[Column]
    ways: Mapping[str, Way]

    @property
    def fields(self) -> dict[str, ma.fields.Field[Any]]:
        """The ways as fields of a body."""
        return {name: way.field for name, way in self.ways.items()}

    def are_said(self, said: Mapping[str, Any]) -> bool:
        """Whether a body says at all which are meant."""
        return any(said.get(name) is not None for name in self.ways)

    def meant(
        self, tx: Transaction, said: Mapping[str, Any], *which: ColumnElement[bool], most: int = MOST_PARTS
    ) -> list[str]:
        """Their ids in order. Raises NotFound for the first named that there is not, Invalid for more than `most`."""
        rows = set()
        for name, way in self.ways.items():
            if said.get(name) is None:
                continue
            wanted = way.found(tx, said[name]).where(*which).with_only_columns(*self.columns).order_by(None)
            found = {tuple(row) for row in tx.session.execute(wanted.params(present=tx.now).limit(most + 1))}
            rows |= found
            if len(rows) > most:
                raise Invalid(about(TOO_MANY, str(most)))
            if way.names:
                _check_named(said[name], {row[-1] for row in found})
        return [row[-1] for row in sorted(rows)]


def _check_named(named: Sequence[str], found: set[str]) -> None:
    gone = next((name for name in named if name not in found), None)
    if gone is not None:
        raise NotFound(about(NONE_SUCH, gone))


def about(said: Sentence, name: str) -> Sentence:
    """A sentence about something by its name."""
    return Sentence(said.zh.format(name=name[:200]), said.en.format(name=name[:200]))


def refuse_the_offices(tx: Transaction, instance_ids: Sequence[str]) -> None:
    """Nothing of the kind is done to the process of a case. Raises Forbidden, which names the first."""
    theirs = select(ProcessInstance.business_key, ProcessInstance.id).where(
        ProcessInstance.id.in_(instance_ids), of_the_office(ProcessInstance.root_id)
    )
    first = tx.session.execute(theirs.order_by(ProcessInstance.root_id, ProcessInstance.id).limit(1)).first()
    if first is not None:
        raise Forbidden(about(OF_THE_OFFICE, first.business_key or first.id))


def ids() -> Listed:
    """The very ids."""
    return Listed(ma.fields.String(), load_default=None, validate=ma.validate.Length(max=MOST_PARTS))


def queried(body: type[ma.Schema]) -> ma.fields.Nested:
    """A query, as the list's own address takes it by POST."""
    return ma.fields.Nested(body, load_default=None)


def _past(tx: Transaction, query: Mapping[str, Any]) -> Rows:
    return PAST_LIST.query.narrowed(tx, PAST_LIST.known(tx), query)


def _past_named(tx: Transaction, named: Sequence[str]) -> Rows:
    return _past(tx, {"process_instance_ids": named})


def _jobs(tx: Transaction, query: Mapping[str, Any]) -> Rows:
    return job_queries.LIST.query.narrowed(tx, job_queries.LIST.known(tx), query)


def _tasks(tx: Transaction, query: Mapping[str, Any]) -> Rows:
    return external_task_lists.QUERY.narrowed(tx, external_task_lists.open_work(tx), query)


def _within(found: Callable[[Transaction, Any], Rows], column: Column, way: str) -> Callable[[Transaction, Any], Rows]:
    """What belongs to the running instances that are meant."""
    return lambda tx, said: found(tx, {}).where(column.in_(RUNNING_INSTANCES.meant(tx, {way: said})))


PAST_LIST = history_process_instances.LIST
PAST_QUERY = queried(PAST_LIST.query.body)
BY_INSTANCES = {
    "process_instance_query": queried(QUERY.body),
    "historic_process_instance_query": PAST_QUERY,
}
INSTANCE_COLUMNS = (ProcessInstance.root_id, ProcessInstance.id)
"""In the order of their case trees, in which all who lock several trees do so."""
RUNNING_INSTANCES = Subjects(
    INSTANCE_COLUMNS,
    {
        "process_instance_ids": Way(ids(), lambda tx, named: asked(tx, {"process_instance_ids": named}), names=True),
        "process_instance_query": Way(queried(QUERY.body), asked),
        "historic_process_instance_query": Way(
            PAST_QUERY, lambda tx, query: _past(tx, query).where(ProcessInstance.state.in_(RUNNING))
        ),
    },
)
PAST_INSTANCES = Subjects(
    INSTANCE_COLUMNS,
    {
        "historic_process_instance_ids": Way(ids(), _past_named, names=True),
        "historic_process_instance_query": Way(
            PAST_QUERY, lambda tx, query: _past(tx, query).where(ProcessInstance.parent_id.is_(None))
        ),
    },
)
TO_RESTART = Subjects(
    INSTANCE_COLUMNS,
    {
        "process_instance_ids": Way(ids(), _past_named, names=True),
        "historic_process_instance_query": Way(PAST_QUERY, _past),
    },
)
JOBS = Subjects(
    (Job.id,),
    {
        "job_ids": Way(ids(), lambda tx, named: _jobs(tx, {"job_ids": named}), names=True),
        "job_query": Way(queried(job_queries.LIST.query.body), _jobs),
    },
)
JOBS_OF_INSTANCES = Subjects(
    (Job.id,),
    {
        "process_instances": Way(ids(), _within(_jobs, Job.instance_id, "process_instance_ids")),
        **{way: Way(field, _within(_jobs, Job.instance_id, way)) for way, field in BY_INSTANCES.items()},
    },
)
EXTERNAL_TASKS = Subjects(
    (ExternalTask.id,),
    {
        "external_task_ids": Way(ids(), lambda tx, named: _tasks(tx, {"external_task_id_in": named}), names=True),
        "external_task_query": Way(queried(external_task_lists.QUERY.filter), _tasks),
        "process_instance_ids": Way(ids(), _within(_tasks, ExternalTask.instance_id, "process_instance_ids")),
        **{way: Way(field, _within(_tasks, ExternalTask.instance_id, way)) for way, field in BY_INSTANCES.items()},
    },
)
