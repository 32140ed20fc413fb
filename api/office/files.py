"""Files of forms at the door: uploaded before the form is handed in, and named in it by their reference."""

from typing import Any

import marshmallow as ma
from flask import Response

from api.office.materials import MULTIPART_OVERHEAD, FileShown, Upload, download, named_file
from api.routes import Hall, Routes
from casework import materials, uploaded_files
from casework.tables import Material
from engine.ports import Actor
from engine.store import contents
from engine.transaction import Transaction
from forms import REFERENCE

routes = Routes("files", "Files of forms (表单的文件).", prefix="/api/files")


class FileOfForm(FileShown):
    """An uploaded file. `reference` is what a filepicker of a Camunda Form holds; the `id` alone will do as well."""

    reference = ma.fields.String(required=True)


def _shown(file: Material) -> dict[str, Any]:
    row = {column.key: getattr(file, column.key) for column in file.__table__.columns}
    return row | {"reference": REFERENCE + file.id}


@routes.post(
    "",
    "上传表单的文件",
    "files.upload",
    body=Upload,
    multipart=True,
    most=materials.MOST_BYTES + MULTIPART_OVERHEAD,
    answer=FileOfForm,
    status=201,
)
def upload(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Upload a file for a form

    PDF, PNG, JPEG, DOCX, XLSX or OFD, at most 20 MB; the content must be what the name says. Whatever is handed in with
    no form within seven days is cleared away.
    """
    name, content = named_file(body["file"])
    return _shown(materials.upload(tx, name, content, act="files.upload"))


@routes.get("/<file_id>", "表单的文件", "files.read", answer=FileOfForm)
def show(tx: Transaction, file_id: str) -> dict[str, Any]:
    """Show a file of a form

    By its id or reference: one's own until it is handed in, then as far as one may read what it was handed in with.
    """
    return _shown(uploaded_files.one(tx, file_id.removeprefix(REFERENCE)))


@routes.get("/<file_id>/content", "下载表单的文件", "files.read", waits=True)
def show_content(hall: Hall, actor: Actor, file_id: str) -> Response:
    """Download a file of a form"""
    with hall.database.view(actor) as tx:
        file = uploaded_files.one(tx, file_id.removeprefix(REFERENCE))
        content = contents.get(tx, file.blob_id)
    return download(file, content)


@routes.delete("/<file_id>", "撤回未用的文件", "files.upload", status=204)
def take_back(tx: Transaction, file_id: str) -> Response:
    """Take back a file that was handed in with no form yet"""
    uploaded_files.take_back(tx, file_id.removeprefix(REFERENCE))
    return Response(status=204)
