"""Thousands of items at once at the door: a file of JSON Lines, all of it or nothing."""

from typing import Any

import marshmallow as ma
from flask import Response, after_this_request
from werkzeug.datastructures import FileStorage

from api.routes import MEGABYTE, Routes
from casework import item_import, item_lines
from casework.item_import import Summary
from engine.errors import Sentence
from engine.transaction import Transaction

MOST_BYTES = 256 * MEGABYTE
NO_FILE = Sentence("请上传文件。", "Send a file.")

routes = Routes("item-import", "Thousands of items at once.", prefix="/api/items/import")


class ItemFile(ma.Schema):
    """A file of items: one JSON document a line."""

    file = ma.fields.Raw(required=True, metadata={"type": "string", "format": "binary"})

    @ma.post_load
    def read(self, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Its lines, checked: that takes seconds, and no transaction has begun yet."""
        if not isinstance(body["file"], FileStorage):
            raise ma.ValidationError([NO_FILE], "file")
        lines = item_lines.read(body["file"].stream)

        @after_this_request
        def close(response: Response) -> Response:
            lines.close()
            return response

        return {"lines": lines}


class ImportQuery(ma.Schema):
    """`dry_run`: only say what the import would do."""

    dry_run = ma.fields.Boolean(load_default=False)


class ImportShown(ma.Schema):
    """What an import did, or would do; an unchanged item keeps its version."""

    created = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)


@routes.post(
    "",
    "批量导入事项",
    "items.administer",
    query=ImportQuery,
    body=ItemFile,
    multipart=True,
    most=MOST_BYTES,
    answer=ImportShown,
)
def import_items(tx: Transaction, query: dict[str, Any], body: dict[str, Any]) -> Summary:
    """Import items, one JSON document a line

    All or nothing: every bad line is told with its number, its key and what is wrong.
    """
    carry_out = item_import.preview if query["dry_run"] else item_import.publish
    return carry_out(tx, body["lines"])
