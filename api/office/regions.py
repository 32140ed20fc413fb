"""Administrative divisions (行政区划) at the door."""

from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.fields import Words
from api.pages import PageQuery, page_of
from api.routes import Routes
from casework import regions
from casework.tables import Region
from engine.transaction import Transaction

LONGEST_NAME = 100

routes = Routes("regions", "Administrative divisions (行政区划).", prefix="/api/regions")


class RegionQuery(PageQuery):
    """Which divisions; `q` is a part of the name or the beginning of the code."""

    q = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 100))
    parent = ma.fields.String(load_default=None)


class RegionGiven(ma.Schema):
    """What is said of a division. `parent` is the code of the one above."""

    name = Words(required=True, validate=ma.validate.Length(1, LONGEST_NAME))
    name_en = Words(load_default=None, allow_none=True, validate=ma.validate.Length(max=LONGEST_NAME))
    parent = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=12))


class NewRegion(RegionGiven):
    """A division that is added."""

    code = ma.fields.String(required=True, metadata={"description": "GB/T 2260"})


class RegionShown(ma.Schema):
    """A division; the ETag of a single one is its revision."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(allow_none=True)
    parent = ma.fields.String(allow_none=True)


@routes.get("", "行政区划列表", "regions.read", query=RegionQuery, answer=page_of(RegionShown))
def list_regions(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the administrative divisions"""
    page = regions.listed(tx, query, after=query["cursor"], limit=query["limit"])
    return {"rows": [row.Region for row in page.rows], "after": page.after}


@routes.get("/<code>", "行政区划", "regions.read", answer=RegionShown)
def show_region(tx: Transaction, code: str) -> Region:
    """Show an administrative division"""
    return _shown(regions.one(tx, code))


@routes.post("", "添加行政区划", "regions.add", body=NewRegion, answer=RegionShown, status=201)
def add_region(tx: Transaction, body: dict[str, Any]) -> Region:
    """Add an administrative division"""
    return _shown(regions.add(tx, body["code"], body["name"], body["name_en"], parent=body["parent"]))


@routes.put("/<code>", "修改行政区划", "regions.change", body=RegionGiven, answer=RegionShown)
def change_region(tx: Transaction, body: dict[str, Any], code: str) -> Region:
    """Change an administrative division's names and the one above it"""
    said = (body["name"], body["name_en"])
    return _shown(regions.change(tx, code, *said, parent=body["parent"], revision=expected_revision()))


def _shown(region: Region) -> Region:
    show_revision(region.revision)
    return region
