"""What of an instance can be cancelled, and in what something can be started: its open activity instances, and the
tokens that wait for a job."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from sqlalchemy import select

from engine.errors import Invalid, Sentence
from engine.interpreter.step import WorkKind
from engine.modifications.instructions import Cancel
from engine.tables import ActivityInstance, Job, ProcessInstance
from engine.transaction import Transaction

BODY = "multiInstanceBody"
NOT_OPEN = Sentence("该环节没有未结束的实例，无法取消。", "Nothing of the activity is open, so nothing is cancelled.")


class OpenWork:
    """What is open in an instance at this point of the command."""

    def __init__(self, tx: Transaction, instance: ProcessInstance) -> None:
        self.instance_id = instance.id
        self.visits = _visits(tx, instance)
        self.jobs = _postponed(tx, instance)
        self._parents = {visit.id: visit.parent_id for visit in self.visits}

    def __contains__(self, id: str) -> bool:
        return id in self._parents or any(job.id == id for job in self.jobs)

    @cached_property
    def outermost(self) -> set[str]:
        """What stands in the process itself: without it the instance is over."""
        visits = {visit.id for visit in self.visits if visit.parent_id is None}
        return visits | {job.id for job in self.jobs if not self._parents.keys() & set(job.payload["scopes"])}

    def meant(self, cancel: Cancel) -> list[str]:
        """The ids that an instruction cancels. Raises Invalid where nothing so called is open."""
        if cancel.id is not None:
            found = [cancel.id] if cancel.id in self else []
        else:
            found = self._of_activity(*named(cancel.activity_id or ""))
        if not found:
            raise Invalid(NOT_OPEN)
        return found

    def _of_activity(self, activity_id: str, is_body: bool) -> list[str]:
        visits = [
            visit.id for visit in self.visits if visit.activity_id == activity_id and (visit.type == BODY) is is_body
        ]
        return visits + [job.id for job in self.jobs if job.activity_id == activity_id and not is_body]

    def running(self, activity_id: str, ancestor_id: str | None, *, is_body: bool = False) -> list[str]:
        """The open visits of a scope, within an ancestor where that is said."""
        found = self._of_activity(activity_id, is_body)
        return [id for id in found if ancestor_id in (None, self.instance_id, *self._upwards(id))]

    def _upwards(self, id: str | None) -> Iterator[str]:
        """An activity instance and those around it."""
        while id is not None:
            yield id
            id = self._parents.get(id)


def named(activity_id: str) -> tuple[str, bool]:
    """An activity's id in the diagram, and whether the body around its instances is meant."""
    found, _, suffix = activity_id.partition("#")
    return found, suffix == BODY


def _visits(tx: Transaction, instance: ProcessInstance) -> Sequence[ActivityInstance]:
    return tx.session.scalars(
        select(ActivityInstance)
        .where(ActivityInstance.instance_id == instance.id, ActivityInstance.ended_at.is_(None))
        .order_by(ActivityInstance.seq)
    ).all()


def _postponed(tx: Transaction, instance: ProcessInstance) -> Sequence[Job]:
    return tx.session.scalars(
        select(Job)
        .where(Job.root_id == instance.root_id, Job.instance_id == instance.id, Job.kind == WorkKind.CONTINUATION)
        .order_by(Job.id)
    ).all()
