"""The bytes of a variable: downloaded with their name and type, uploaded as the file of a form."""

from typing import Any

import marshmallow as ma
from flask import Response
from werkzeug.datastructures import FileStorage

from api.downloads import attachment
from api.engine_rest.variable_types import CLASS_NAME, file
from api.engine_rest.variables import typed
from api.engine_rest.wire import Dto
from api.office.materials import MULTIPART_OVERHEAD
from casework.materials import MOST_BYTES
from engine.errors import Invalid, NotFound, Sentence
from engine.store import contents
from engine.store.values import BYTES, FILE, FORMAT, JSON_FORMAT, OBJECT, Binary, value_of
from engine.tables import Variable, VariableChange
from engine.transaction import Transaction

MOST = MOST_BYTES + MULTIPART_OVERHEAD
NO_BYTES = Sentence("该变量不是文件或二进制数据。", "The value of this variable is not a binary value.")
NO_DATA = Sentence(
    "请以文件上传内容：multipart 表单的 data 字段，带文件名。",
    "Upload the content as a file: the part data of a multipart form, with a filename.",
)
NO_TYPE = Sentence("valueType 应为 Bytes 或 File。", "valueType is Bytes or File.")


class DataForm(Dto):
    """A variable as a form's file. `type` is the class of an object, whose JSON `data` then is."""

    data = ma.fields.Raw(required=True, metadata={"type": "string", "format": "binary"})
    value_type = ma.fields.String(load_default=BYTES)
    type = ma.fields.String(load_default=None)


def uploaded(body: dict[str, Any]) -> object:
    """The value that an upload means. Raises Invalid."""
    data, of = body["data"], body["type"]
    try:
        if of is not None:
            text = data.stream.read().decode(errors="replace") if isinstance(data, FileStorage) else data
            return typed(OBJECT, text, {CLASS_NAME: of, FORMAT: JSON_FORMAT})
        return _binary(data, body["value_type"].lower())
    except ma.ValidationError as invalid:
        why: Any = invalid.messages
        raise Invalid(*why) from invalid


def _binary(data: object, kind: str) -> Binary:
    if kind not in (BYTES.lower(), FILE.lower()):
        raise Invalid(NO_TYPE)
    if not isinstance(data, FileStorage):
        raise Invalid(NO_DATA)
    content = data.stream.read()
    if kind == BYTES.lower():
        return Binary(BYTES, {"size": len(content)}, content=content)
    info = {"filename": data.filename, "mimetype": data.mimetype, "encoding": data.mimetype_params.get("charset")}
    return file(content, info)


def downloaded(tx: Transaction, row: Variable | VariableChange) -> Response:
    """What a variable holds, as a file to save. Raises Invalid for one that is no File and no Bytes."""
    value = value_of(row)
    if not isinstance(value, Binary):
        raise Invalid(NO_BYTES)
    if value.id is None:
        raise NotFound
    content = contents.get(tx, value.id).read()
    name, kind, charset = (value.info.get(one) for one in ("filename", "mimetype", "encoding"))
    media_type = f"{kind}; charset={charset}" if kind and charset and "charset=" not in str(kind) else kind
    return attachment(content, str(name or row.name), None if media_type is None else str(media_type))
