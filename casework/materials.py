"""Materials (申请材料): uploaded once, then handed in with a case; typed, capped, their hash kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select, update

from casework.item_document import ItemDocument
from casework.tables import Case, Material
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.store import contents
from engine.store.contents import Content
from engine.transaction import Transaction

MOST_BYTES = 20 << 20
MAGIC: Mapping[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".ofd": ("application/ofd", (b"PK\x03\x04",)),
}
"""The types an office takes, and how their first bytes must read: a name alone proves nothing."""

LONGEST_NAME = 200
MOST_WAITING = 300
MOST_WAITING_BYTES = 1 << 30
"""What one person may keep uploaded without a case; a week clears it away (casework.cleaning)."""

TOO_MANY_WAITING = Sentence(
    f"您已上传而未提交的文件达到上限（{MOST_WAITING} 个或 1 GB）。请先随办件提交；未提交的文件七天后清除。",
    f"Your uploaded files that belong to no case have reached the limit ({MOST_WAITING} files or 1 GB). Hand them in "
    "with a case first; what is not handed in is cleared away after seven days.",
)
EMPTY = Sentence("文件是空的。", "The file is empty.")
GONE = Sentence(
    "有材料已被清除或已用于其他办件，请重新上传。",
    "A material was cleared away or serves another case; upload it again.",
)


class Named(NamedTuple):
    """An uploaded material, and as which of the item's materials it is handed in."""

    kind: str
    id: str


def upload(
    tx: Transaction, filename: str, content: bytes, region: str = EVERYWHERE, *, act: str = "materials.upload"
) -> Material:
    """Keeps one file for a later submission or supplement, or for whatever form names it.

    Raises Invalid for a type or size not taken, Conflict when too much of the person's waits for a case already.
    """
    tx.ports.may(tx, act, None)
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].strip()
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    _check(name, suffix, content)
    _check_room(tx, len(content))
    kept = contents.put_file(tx, content)
    material = Material(
        id=tx.new_id(),
        region=region,
        filename=name,
        media_type=MAGIC[suffix][0],
        size=kept.size,
        sha256=kept.sha256,
        blob_id=kept.id,
        uploaded_by=tx.actor.login,
        uploaded_at=tx.now,
    )
    tx.add(material)
    tx.flush()
    return material


def _check(name: str, suffix: str, content: bytes) -> None:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(faults=[fault("file", Sentence("文件名无效或过长。", "The file name is invalid or too long."))])
    if not content:
        raise Invalid(faults=[fault("file", EMPTY)])
    if suffix not in MAGIC:
        taken = "、".join(sorted(MAGIC))
        raise Invalid(
            faults=[fault("file", Sentence(f"只接收这些类型：{taken}。", f"Only these types are taken: {taken}."))]
        )
    if len(content) > MOST_BYTES:
        mib = MOST_BYTES >> 20
        raise Invalid(faults=[fault("file", Sentence(f"文件超过 {mib} MB。", f"The file is larger than {mib} MB."))])
    if not content.startswith(MAGIC[suffix][1]):
        raise Invalid(
            faults=[
                fault("file", Sentence("文件内容与其扩展名不符。", "The file's content is not what its name says."))
            ]
        )


def _check_room(tx: Transaction, size: int) -> None:
    waiting = select(func.count(), func.coalesce(func.sum(Material.size), 0)).where(
        Material.uploaded_by == tx.actor.login, Material.root_id.is_(None)
    )
    files, room = tx.session.execute(waiting).one()
    if files >= MOST_WAITING or room + size > MOST_WAITING_BYTES:
        raise Conflict(TOO_MANY_WAITING)


def fault(path: str, sentence: Sentence) -> Fault:
    """A fault of one field of the request."""
    return Fault(sentence, element_id=path)


def faults(tx: Transaction, item: ItemDocument, handed_in: Sequence[Named]) -> list[Fault]:
    """What is wrong with the materials named in an application: unknown kinds, files that are not the caller's."""
    known = {said["code"] for said in item.published["materials"]}
    mine = _mine(tx, handed_in)
    found = []
    for place, named in enumerate(handed_in):
        if named.kind not in known:
            unknown = Sentence(f"事项没有材料“{named.kind}”。", f"The item has no material “{named.kind}”.")
            found.append(fault(f"materials[{place}].kind", unknown))
        if named.id not in mine:
            missing = Sentence("没有这份已上传的材料。", "There is no such uploaded material.")
            found.append(fault(f"materials[{place}].id", missing))
    return found


def _mine(tx: Transaction, handed_in: Sequence[Named]) -> set[str]:
    if not handed_in:
        return set()
    return set(
        tx.session.scalars(
            select(Material.id).where(
                Material.id.in_([named.id for named in handed_in]),
                Material.uploaded_by == tx.actor.login,
                Material.root_id.is_(None),
            )
        )
    )


def attach(tx: Transaction, case: Case, handed_in: Sequence[Named]) -> None:
    """The materials now belong to the case. Raises Conflict for one that was cleared away since it was looked up."""
    for named in handed_in:
        handed = tx.session.connection().execute(
            update(Material)
            .where(Material.id == named.id, Material.root_id.is_(None))
            .values(root_id=case.root_id, region=case.region, kind=named.kind, revision=Material.revision + 1)
        )
        if handed.rowcount != 1:
            raise Conflict(GONE)


def of_case(tx: Transaction, case: Case) -> Sequence[Material]:
    """The files of a case, materials of the application and attachments to opinions, in the order of their upload."""
    return tx.session.scalars(
        select(Material).where(Material.root_id == case.root_id).order_by(Material.uploaded_at, Material.id)
    ).all()


def attached(files: Iterable[Material]) -> Mapping[str, Sequence[Material]]:
    """Of the files of a case those attached to opinions, by task."""
    found: defaultdict[str, list[Material]] = defaultdict(list)
    for file in files:
        if file.task_id is not None:
            found[file.task_id].append(file)
    return found


def one(tx: Transaction, case: Case, material_id: str) -> tuple[Material, Content]:
    """One material of a case with what is in it. Raises NotFound."""
    found = tx.session.scalar(select(Material).where(Material.id == material_id, Material.root_id == case.root_id))
    if found is None:
        raise NotFound
    return found, contents.get(tx, found.blob_id)
