"""Deployments: read every file, refuse all faults at once, number the versions, arm what starts by itself."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import PurePosixPath

from sqlalchemy import Select, select

from engine import decisions, process_starts
from engine.diagram import read_diagram
from engine.diagram.model import Binding, Diagram, Node, Process
from engine.diagram.references import Kind, Reference, references
from engine.dmn import Requirements, read_decisions
from engine.errors import DiagramRefused, Fault, Sentence
from engine.events import Deployed
from engine.store.dialect import take_turns
from engine.tables import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition, Resource
from engine.transaction import Transaction

DIAGRAM_SUFFIXES = (".bpmn", ".bpmn20.xml")
DECISION_SUFFIXES = (".dmn", ".dmn11.xml")
FORM_SUFFIX = ".form"
EMPTY = Sentence("部署中没有文件。", "The deployment contains no file.")


class Unchanged(Enum):
    """What becomes of a file whose bytes are those of its latest version.

    KEPT: it keeps that version (Camunda's deploy-changed-only). KEPT_WITH_ALL: only if every file of the deployment is
    unchanged, else all get new versions (enable-duplicate-filtering). RENEWED: it gets a new version (neither).
    """

    KEPT = "KEPT"
    KEPT_WITH_ALL = "KEPT_WITH_ALL"
    RENEWED = "RENEWED"


@dataclass(frozen=True, slots=True)
class Published:
    """What a deployment did: the versions that now count, new or unchanged, and what the designer should know."""

    deployment: Deployment
    definitions: tuple[ProcessDefinition, ...]
    unchanged: tuple[str, ...]
    warnings: tuple[Fault, ...]
    decisions: tuple[DecisionDefinition, ...] = ()


@dataclass(slots=True)
class _Read:
    """The files of a deployment, all read before any is stored."""

    diagrams: dict[str, Diagram] = field(default_factory=dict)
    decisions: dict[str, Requirements] = field(default_factory=dict)
    form_keys: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def processes(self) -> list[Process]:
        """Every executable process."""
        return [process for diagram in self.diagrams.values() for process in diagram.processes]

    def bound_to(self, process: Process) -> set[str]:
        """The files of the deployment that a process means by a binding to it, with those that they mean themselves."""
        found: set[str] = set()
        waiting = [process]
        while waiting:
            nodes = waiting.pop().nodes.values()
            named = [one for node in nodes for one in references(node) if one.binding is Binding.DEPLOYMENT]
            fresh = {path for one in named for path in self._files_of(one)} - found
            found |= fresh
            waiting += [one for path in fresh if path in self.diagrams for one in self.diagrams[path].processes]
        return found

    def _files_of(self, one: Reference) -> list[str]:
        keys = {
            Kind.FORM: {path: {key} for path, key in self.form_keys.items()},
            Kind.FILE: {one.key: {one.key}},
            Kind.DECISION: {path: set(file.decisions) for path, file in self.decisions.items()},
            Kind.PROCESS: {path: {each.key for each in file.processes} for path, file in self.diagrams.items()},
        }
        return [path for path, held in keys[one.kind].items() if one.key in held]

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What the designer should know although it can run."""
        return tuple(
            replace(warning, resource=path) for path, diagram in self.diagrams.items() for warning in diagram.warnings
        )


@dataclass(frozen=True, slots=True)
class _Press:
    """A deployment at work, and the files of it that keep their latest version."""

    deployment: Deployment
    keeps: bool
    unchanged: list[str] = field(default_factory=list)

    def leaves(self, resource: Resource, latest: str | None) -> bool:
        """Whether a file stays what its latest version is, of which the hash is known."""
        if not self.keeps or latest != resource.sha256:
            return False
        self.unchanged.append(resource.name)
        return True


def deploy(
    tx: Transaction,
    files: Mapping[str, bytes],
    *,
    region: str,
    name: str | None = None,
    source: str | None = None,
    unchanged: Unchanged = Unchanged.KEPT,
) -> Published:
    """Publishes files; a diagram or form whose bytes are those of its latest version keeps that version, unless
    `unchanged` says otherwise.

    The same files under the same name as last time are no new deployment. Raises DiagramRefused with every fault of
    every file, and stores nothing then. Emits Deployed. Deployments of a
    region take turns, so that each finds the version before its own.
    """
    tx.ports.may(tx, "deployments.deploy", None)
    read = _read(tx, files)
    if read.faults:
        raise DiagramRefused(faults=read.faults)
    take_turns(tx.session.connection(), f"deployments of {region}")
    repeated = None if unchanged == Unchanged.RENEWED else _repeated(tx, files, region, name)
    if repeated is not None:
        latest = [tx.session.scalars(_versions(region, process.key).limit(1)).one() for process in read.processes]
        decided = [one for file in read.decisions.values() for one in decisions.latest_of(tx, region, file)]
        return Published(repeated, tuple(latest), tuple(files), read.warnings, tuple(decided))
    deployment = Deployment(region=region, name=name, source=source)
    return _store_all(tx, read, files, deployment, keeps=unchanged == Unchanged.KEPT)


def _repeated(tx: Transaction, files: Mapping[str, bytes], region: str, name: str | None) -> Deployment | None:
    """The latest deployment of this name, if it has exactly these files."""
    if name is None:
        return None
    latest = tx.session.scalars(
        select(Deployment)
        .where(Deployment.region == region, Deployment.name == name)
        .order_by(Deployment.deployed_at.desc(), Deployment.id.desc())
        .limit(1)
    ).first()
    if latest is None:
        return None
    kept = select(Resource.name, Resource.sha256).where(Resource.deployment_id == latest.id)
    same = {(row.name, row.sha256) for row in tx.session.execute(kept)} == {
        (path, _digest(content)) for path, content in files.items()
    }
    return latest if same else None


def _store_all(
    tx: Transaction, read: _Read, files: Mapping[str, bytes], deployment: Deployment, *, keeps: bool
) -> Published:
    deployment.id, deployment.deployed_at, deployment.deployed_by = tx.new_id(), tx.now, tx.actor.login
    tx.add(deployment)
    tx.flush()
    resources = {path: _store(tx, deployment, path, content) for path, content in files.items()}
    tx.flush()
    press = _Press(deployment, keeps)
    for path, key in read.form_keys.items():
        _publish_form(tx, press, key, resources[path])
    decided = [
        one for path, file in read.decisions.items() for one in _publish_decisions(tx, press, file, resources[path])
    ]
    published = [
        _publish(
            tx, press, process, resources[path], [resources[one] for one in read.bound_to(process) if one in files]
        )
        for path, diagram in read.diagrams.items()
        for process in diagram.processes
    ]
    tx.flush()
    tx.emit(Deployed(deployment.region, deployment.id, tuple(one.id for one in published), tuple(files)))
    return Published(deployment, tuple(published), tuple(press.unchanged), read.warnings, tuple(decided))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(tx: Transaction, files: Mapping[str, bytes]) -> _Read:
    read = _Read(faults=[] if files else [Fault(EMPTY)])
    for path, content in files.items():
        try:
            if path.endswith(DIAGRAM_SUFFIXES):
                read.diagrams[path] = _diagram(tx, content)
            elif path.endswith(DECISION_SUFFIXES):
                read.decisions[path] = read_decisions(content)
            elif (reader := tx.ports.file_kinds.get(PurePosixPath(path).suffix)) and (key := reader(path, content)):
                read.form_keys[path] = key
        except DiagramRefused as refused:
            read.faults += [_in_file(path, fault, several=len(files) > 1) for fault in refused.faults]
    read.faults += _told_twice(read)
    return read


def _diagram(tx: Transaction, content: bytes) -> Diagram:
    """A diagram whose drawn forms can be read too. Raises DiagramRefused."""
    diagram = read_diagram(
        content,
        functions=tx.ports.function_names,
        delegates=frozenset(tx.ports.delegates),
        listeners=frozenset(tx.ports.diagram_listeners),
    )
    nodes = [node for process in diagram.processes for node in process.nodes.values()]
    faults = [fault for node in nodes for fault in _faults_of_drawn_form(tx, node)]
    if faults:
        raise DiagramRefused(faults=faults)
    return diagram


def _faults_of_drawn_form(tx: Transaction, node: Node) -> list[Fault]:
    """What is wrong with the fields of a camunda:formData, at the activity that shows them."""
    form, reader = node.assignment.form if node.assignment else None, tx.ports.file_kinds.get(FORM_SUFFIX)
    try:
        if form is not None and form.document is not None and reader is not None:
            reader(node.id, form.document)
    except DiagramRefused as refused:
        return [replace(fault, element_id=node.id, line=node.line) for fault in refused.faults]
    return []


def _told_twice(read: _Read) -> list[Fault]:
    """Two files of one deployment must not describe the same process, decision or form: nobody could say which one is
    meant."""
    named: dict[str, list[str]] = defaultdict(list)
    for path, diagram in read.diagrams.items():
        for process in diagram.processes:
            named[process.key].append(path)
    for path, key in read.form_keys.items():
        named[f"{key}.form"].append(path)
    for path, file in read.decisions.items():
        for key in {*file.decisions, file.key}:
            named[f"{key}.dmn"].append(path)
    return [
        Fault(
            Sentence(
                f"“{key}”在同一次部署中出现多次：{'、'.join(paths)}。",
                f"“{key}” stands in this deployment more than once: {', '.join(paths)}.",
            ),
            resource=paths[-1],
        )
        for key, paths in named.items()
        if len(paths) > 1
    ]


def _in_file(path: str, fault: Fault, *, several: bool) -> Fault:
    """Says in which file it is, and in words too, once, when there is more than one."""
    said = fault.sentence
    if several and not said.en.startswith(path):
        said = Sentence(f"{path}：{said.zh}", f"{path}: {said.en}")
    return replace(fault, sentence=said, resource=path)


def _store(tx: Transaction, deployment: Deployment, path: str, content: bytes) -> Resource:
    resource = Resource(
        id=tx.new_id(),
        deployment_id=deployment.id,
        name=path,
        sha256=_digest(content),
        content=content,
    )
    tx.add(resource)
    return resource


def _versions(region: str, key: str) -> Select[ProcessDefinition]:
    """All versions of a process of one region, newest first."""
    return (
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key, ProcessDefinition.region == region)
        .order_by(ProcessDefinition.version.desc())
    )


def _publish(
    tx: Transaction, press: _Press, process: Process, resource: Resource, bound: Sequence[Resource]
) -> ProcessDefinition:
    """A new version, unless it would be the latest again: its file and all that is `bound` to its deployment."""
    deployment = press.deployment
    earlier = tx.session.scalars(_versions(deployment.region, process.key)).all()
    latest = earlier[0] if earlier and _were_together(tx, earlier[0].deployment_id, bound) else None
    if latest and press.leaves(resource, tx.session.get_one(Resource, latest.resource_id).sha256):
        return latest
    definition = ProcessDefinition(
        id=tx.new_id(),
        region=deployment.region,
        key=process.key,
        version=earlier[0].version + 1 if earlier else 1,
        version_tag=process.version_tag,
        name=process.name,
        category=process.category,
        description=process.description,
        is_startable_in_tasklist=process.is_startable_in_tasklist,
        history_time_to_live=tx.ports.days_kept(process),
        deployment_id=deployment.id,
        resource_id=resource.id,
    )
    tx.add(definition)
    tx.flush()
    tx.add(*process_starts.named(definition.id, process))
    process_starts.rearm(tx, definition, [one.id for one in earlier])
    return definition


def _were_together(tx: Transaction, deployment_id: str, files: Sequence[Resource]) -> bool:
    """Whether an earlier deployment had these very files too; else what is bound to it would mean other ones."""
    kept = select(Resource.sha256).where(Resource.deployment_id == deployment_id)
    return {file.sha256 for file in files} <= (set(tx.session.scalars(kept)) if files else set())


def _publish_decisions(
    tx: Transaction, press: _Press, file: Requirements, resource: Resource
) -> Sequence[DecisionDefinition]:
    latest = decisions.latest_of(tx, press.deployment.region, file)
    if press.leaves(resource, decisions.file_of(tx, latest, file)):
        return latest
    return decisions.publish(tx, press.deployment, resource, file)


def _publish_form(tx: Transaction, press: _Press, key: str, resource: Resource) -> None:
    deployment = press.deployment
    latest = tx.session.execute(
        select(FormDefinition.version, Resource.sha256)
        .join(Resource, Resource.id == FormDefinition.resource_id)
        .where(FormDefinition.key == key, FormDefinition.region == deployment.region)
        .order_by(FormDefinition.version.desc())
        .limit(1)
    ).first()
    if latest is not None and press.leaves(resource, latest.sha256):
        return
    tx.add(
        FormDefinition(
            id=tx.new_id(),
            region=deployment.region,
            key=key,
            version=latest.version + 1 if latest else 1,
            deployment_id=deployment.id,
            resource_id=resource.id,
        )
    )
