"""What templates offer, read from a database or from the folders of packages."""

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from casework import filled_forms, item_document, item_import, items
from casework.element_templates.offer import Offer, roles_of
from casework.item_document import ItemDocument
from casework.scenarios.package import files_of
from casework.tables import Department
from engine.errors import Invalid, Sentence
from engine.tables import FormDefinition
from engine.transaction import Transaction

MOST_ITEMS = 500
TOO_MANY = Sentence(
    f"事项超过 {MOST_ITEMS} 个，下拉框将过长：请用 --item 指明所设计的事项。",
    f"There are more than {MOST_ITEMS} items, too many for a drop-down: name those you design for by --item.",
)


def of_database(tx: Transaction, codes: Collection[str] = ()) -> Offer:
    """What this server has; only the items of these codes where some are named. Raises Invalid for too many items."""
    standing = select(Department).where(Department.removed_at.is_(None)).order_by(Department.role, Department.code)
    named = {one.role: Sentence(one.name, one.name_en) for one in tx.session.scalars(standing)}
    documents = (ItemDocument(json.loads(text)) for text in item_import.exported(tx))
    keys = tx.session.scalars(select(FormDefinition.key).distinct())
    return Offer(named, _wanted(documents, codes), sorted(keys))


def of_packages(folders: Iterable[Path], codes: Collection[str] = ()) -> Offer:
    """What the packages below these folders have; departments are called by their roles. Raises DiagramRefused for
    files with faults, Invalid for too many items."""
    named = [
        (name, content)
        for above in folders
        for folder in (above, *sorted(one for one in above.iterdir() if one.is_dir()))
        for name, content in files_of(folder).items()
    ]
    documents = (item_document.read(name, content) for name, content in named if name == items.FILE_NAME)
    keys = {filled_forms.read_file(name, content) for name, content in named if name.endswith(".form")}
    wanted = _wanted(documents, codes)
    return Offer(roles_of(wanted), wanted, sorted(keys))


def _wanted(documents: Iterable[ItemDocument], codes: Collection[str]) -> Sequence[ItemDocument]:
    wanted = [*islice((one for one in documents if not codes or one.published["code"] in codes), MOST_ITEMS + 1)]
    if len(wanted) > MOST_ITEMS:
        raise Invalid(TOO_MANY)
    return wanted
