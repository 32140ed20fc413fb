"""Records of liability (责任记录) at the door: who let a time pass whose silence the law holds for consent."""

from typing import Any

import marshmallow as ma

from api.office.fields import DepartmentShown, PersonShown, Said
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import liabilities, names
from engine.transaction import Transaction

SHORT = ma.validate.Length(1, 100)

routes = Routes("liabilities", "Records of liability (责任记录).", prefix="/api/liabilities")


class LiabilityQuery(PageQuery):
    """Which records."""

    department = ma.fields.String(load_default=None, validate=SHORT)
    case_number = ma.fields.String(load_default=None, validate=SHORT)
    since = Instant(load_default=None)
    until = Instant(load_default=None)


class LiabilityShown(ma.Schema):
    """One default: who held the step when its time was over (nobody while it was unclaimed), and who headed it."""

    id = ma.fields.String(required=True)
    at = Instant(required=True)
    case_number = ma.fields.String(required=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)
    step = Said(allow_none=True)
    holder = ma.fields.Nested(PersonShown, allow_none=True)
    heads = ma.fields.List(ma.fields.Nested(PersonShown), required=True)
    ground = ma.fields.String(required=True)
    basis = ma.fields.String(required=True)


@routes.get("", "责任记录", "liabilities.read", query=LiabilityQuery, answer=page_of(LiabilityShown))
def list_liabilities(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the records of liability, newest first"""
    page = liabilities.listed(tx, query, after=query["cursor"], limit=query["limit"])
    heads = {row.id: row.heads.split() for row in page.rows}
    logins = {row.holder for row in page.rows} | {login for named in heads.values() for login in named}
    known = names.directory(tx, logins)
    rows = [
        row._asdict()
        | {
            "department": known.department(row.department),
            "step": names.step(row.step),
            "holder": known.person(row.holder),
            "heads": [known.person(login) for login in heads[row.id]],
        }
        for row in page.rows
    ]
    return {"rows": rows, "after": page.after}
