"""What an item leads to: the process its cases run by and the form of its application. Not what is in them."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from sqlalchemy import select

from casework import item_document, items
from engine.errors import Fault, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.tables import FormDefinition, ProcessDefinition
from engine.transaction import Transaction

NO_PROCESS = Sentence(
    "{file}：没有已部署的流程“{key}”，请部署该流程，否则事项无法受理办件。",
    "{file}: no process “{key}” is deployed; deploy it, or no case of the item can begin.",
)
NO_FORM = Sentence(
    "{file}：没有已部署的表单“{key}”，请部署该表单，否则申请无法填写。",
    "{file}: no form “{key}” is deployed; deploy it, or no application can be filled in.",
)


def faults(tx: Transaction, files: Mapping[str, bytes]) -> Iterable[Fault]:
    """The items among the files of a deployment, once it is made, whose process or form nobody has deployed."""
    for name, content in files.items():
        if PurePosixPath(name).name != items.FILE_NAME:
            continue
        document = item_document.read(name, content)
        if not _is_deployed(tx, ProcessDefinition, document.process):
            yield _fault(NO_PROCESS, name, document.process)
        if not _is_deployed(tx, FormDefinition, document.form):
            yield _fault(NO_FORM, name, document.form)


def _is_deployed(tx: Transaction, kind: type[ProcessDefinition] | type[FormDefinition], key: str) -> bool:
    found = select(kind.id).where(kind.key == key, kind.region == EVERYWHERE).limit(1)
    return tx.session.scalar(found) is not None


def _fault(said: Sentence, file: str, key: str) -> Fault:
    return Fault(Sentence(said.zh.format(file=file, key=key), said.en.format(file=file, key=key)))
