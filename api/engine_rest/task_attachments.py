"""Attachments of user tasks: the files of an opinion, typed and capped as at the office's own door."""

from pathlib import PurePath
from typing import Any

import marshmallow as ma
from flask import Response
from werkzeug.datastructures import FileStorage

from api.engine_rest.process_instances import LinkShown, link
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Moment
from api.office.materials import MULTIPART_OVERHEAD, download
from api.routes import Hall
from casework import attachments, materials
from casework.tables import Material
from engine.errors import Invalid, NotFound, Sentence
from engine.ports import Actor
from engine.store import contents
from engine.tables import UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task-attachment", "Attachments of user tasks.")

NO_CONTENT = Sentence(
    "请上传文件（content）；只有地址（url）而没有文件的附件不能作为办理依据。",
    "Send the file itself (content): an address alone (url) proves nothing later.",
)
NOT_KEPT = Sentence(
    "附件的说明不予保存；请写入文件名或任务留言。",
    "A description is not kept; say it in the file's name or in a comment on the task.",
)


class AttachmentForm(Dto):
    """A file. Its type is read from its content, so that `attachment-type` says nothing more."""

    name = ma.fields.String(data_key="attachment-name", load_default=None)
    description = ma.fields.String(data_key="attachment-description", load_default=None)
    url = ma.fields.String(load_default=None)
    content = ma.fields.Raw(load_default=None, metadata={"type": "string", "format": "binary"})


class AttachmentShown(Camel):
    """An attachment as Camunda shows it; its type is the file's media type."""

    links = ma.fields.List(ma.fields.Nested(LinkShown), required=True)
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True, allow_none=True)
    task_id = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    url = ma.fields.String(required=True, allow_none=True)
    create_time = Moment(required=True)
    removal_time = Moment(required=True, allow_none=True)
    root_process_instance_id = ma.fields.String(required=True)


def _readable(tx: Transaction, task_id: str) -> UserTask:
    task = tx.session.get(UserTask, task_id)
    if task is None:
        raise NotFound
    tx.ports.may(tx, "user_tasks.read", task)
    return task


def _shown(task: UserTask, file: Material, *, linked: bool = False) -> dict[str, Any]:
    return {
        "links": [link(f"/task/{task.id}/attachment/{file.id}")] if linked else [],
        "id": file.id,
        "name": file.filename,
        "description": None,
        "task_id": task.id,
        "type": file.media_type,
        "url": None,
        "create_time": file.uploaded_at,
        "removal_time": None,
        "root_process_instance_id": task.root_id,
    }


@routes.get("/task/<task_id>/attachment", "任务附件", "user_tasks.read", answer=AttachmentShown(many=True))
def list_attachments(tx: Transaction, task_id: str) -> list[dict[str, Any]]:
    """List the attachments of a task"""
    task = _readable(tx, task_id)
    return [_shown(task, file) for file in attachments.of_task(tx, task)]


@routes.get("/task/<task_id>/attachment/<attachment_id>", "任务附件", "user_tasks.read", answer=AttachmentShown)
def show_attachment(tx: Transaction, task_id: str, attachment_id: str) -> dict[str, Any]:
    """Show an attachment of a task"""
    task = _readable(tx, task_id)
    return _shown(task, attachments.one(tx, task, attachment_id))


@routes.get("/task/<task_id>/attachment/<attachment_id>/data", "下载任务附件", "user_tasks.read", waits=True)
def show_attachment_data(hall: Hall, actor: Actor, task_id: str, attachment_id: str) -> Response:
    """Download an attachment of a task"""
    with hall.database.view(actor) as tx:
        file = attachments.one(tx, _readable(tx, task_id), attachment_id)
        content = contents.get(tx, file.blob_id)
    return download(file, content)


@routes.post(
    "/task/<task_id>/attachment/create",
    "添加任务附件",
    "user_tasks.save_draft",
    body=AttachmentForm,
    multipart=True,
    most=materials.MOST_BYTES + MULTIPART_OVERHEAD,
    answer=AttachmentShown,
)
def create_attachment(tx: Transaction, body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Attach a file to an open task

    PDF, PNG, JPEG, DOCX, XLSX or OFD, at most 20 MB; the content must be what the name says.
    """
    content = body["content"]
    if not isinstance(content, FileStorage):
        raise Invalid(NO_CONTENT)
    if body["description"]:
        raise Invalid(NOT_KEPT)
    file = attachments.add(tx, task_id, _name(body["name"], content.filename or ""), content.stream.read())
    return _shown(tx.session.get_one(UserTask, task_id), file, linked=True)


def _name(given: str | None, filename: str) -> str:
    """What the file is called: the name given to it, with the ending that says what it is."""
    ending = PurePath(filename).suffix
    return f"{given.removesuffix(ending)}{ending}" if given else filename


@routes.delete("/task/<task_id>/attachment/<attachment_id>", "移除任务附件", "user_tasks.save_draft", status=204)
def delete_attachment(tx: Transaction, task_id: str, attachment_id: str) -> Response:
    """Take an attachment away from an open task"""
    attachments.remove(tx, task_id, attachment_id)
    return Response(status=204)
