"""Materials (申请材料) at the door: uploaded once, downloaded by those who may see the case."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from api.downloads import attachment
from api.office.fields import PersonShown, Said
from api.routes import Routes
from api.wire import Instant
from casework import materials
from casework.tables import Material
from engine.errors import Invalid, Sentence
from engine.store.contents import Content
from engine.transaction import Transaction

MULTIPART_OVERHEAD = 64 << 10
ONE_FILE = Sentence("请一次上传一个文件。", "Send one file at a time.")

routes = Routes("materials", "Materials (申请材料).", prefix="/api/materials")


class Upload(ma.Schema):
    """One file."""

    file = ma.fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class FileShown(ma.Schema):
    """An uploaded file."""

    id = ma.fields.String(required=True)
    filename = ma.fields.String(required=True)
    media_type = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    sha256 = ma.fields.String(required=True)
    uploaded_at = Instant(required=True)


class AttachmentShown(FileShown):
    """A file attached to an opinion, and who uploaded it."""

    uploaded_by = ma.fields.Nested(PersonShown)


class MaterialShown(FileShown):
    """An uploaded file. `kind` says as which of the item's materials it was handed in."""

    kind = ma.fields.String(allow_none=True)


class MaterialOfCase(MaterialShown):
    """A material of a case, and who brought it."""

    name = Said(allow_none=True)
    uploaded_by = ma.fields.Nested(PersonShown)


@routes.post(
    "",
    "上传材料",
    "materials.upload",
    body=Upload,
    multipart=True,
    most=materials.MOST_BYTES + MULTIPART_OVERHEAD,
    answer=MaterialShown,
    status=201,
)
def upload(tx: Transaction, body: dict[str, Any]) -> Material:
    """Upload a material for a later submission

    PDF, PNG, JPEG, DOCX, XLSX or OFD, at most 20 MB; the content must be what the name says.
    """
    return materials.upload(tx, *named_file(body["file"]))


def named_file(file: Any) -> tuple[str, bytes]:
    """The only file of a request, with its name. Raises Invalid for none or several."""
    if not hasattr(file, "stream") or len(request.files.getlist("file")) != 1:
        raise Invalid(faults=[materials.fault("file", ONE_FILE)])
    return file.filename or "", file.stream.read()


def download(file: Material, content: Content) -> Response:
    """A file for its reader, once no transaction is open: always as an attachment, never shown by the browser within
    the office's pages."""
    return attachment(content.read(), file.filename, file.media_type)
