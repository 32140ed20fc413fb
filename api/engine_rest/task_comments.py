"""Comments on user tasks: read as long as there is a trace of the task, written while it is open."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import Response

from api.engine_rest.kept_elsewhere import Refused, state
from api.engine_rest.process_instances import LinkShown, link
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Moment
from casework import comments
from casework.tables import TaskComment
from engine.errors import NotFound, Sentence
from engine.tables import UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task-comment", "Comments on user tasks.")

OWN_ALONE = Sentence(
    "留言是办理过程的记录，只能由本人在任务中删除（DELETE /task/{id}/comment）。",
    "Comments are part of the course of the work: everybody deletes their own, task by task, by "
    "DELETE /task/{id}/comment.",
)
WORDS = ma.validate.Length(1, 4_000)


class CommentDto(Dto):
    """What is said. The process instance is the task's, whatever a client says."""

    message = ma.fields.String(required=True, validate=WORDS)


class ChangedCommentDto(CommentDto):
    """What is said in the place of what was."""

    id = ma.fields.String(required=True)


class CommentShown(Camel):
    """A comment as Camunda shows it."""

    links = ma.fields.List(ma.fields.Nested(LinkShown), required=True)
    id = ma.fields.String(required=True)
    user_id = ma.fields.String(required=True, allow_none=True)
    task_id = ma.fields.String(required=True)
    process_instance_id = ma.fields.String(required=True)
    time = Moment(required=True)
    message = ma.fields.String(required=True)
    removal_time = Moment(required=True, allow_none=True)
    root_process_instance_id = ma.fields.String(required=True)


def _of_task(tx: Transaction, task_id: str) -> tuple[UserTask, Sequence[TaskComment]]:
    task = tx.session.get(UserTask, task_id)
    if task is None:
        raise NotFound
    return task, comments.of_task(tx, task)


def _shown(task: UserTask, comment: TaskComment, *, linked: bool = False) -> dict[str, Any]:
    return {
        "links": [link(f"/task/{task.id}/comment/{comment.id}")] if linked else [],
        "id": comment.id,
        "user_id": comment.said_by,
        "task_id": task.id,
        "process_instance_id": task.instance_id,
        "time": comment.said_at,
        "message": comment.message,
        "removal_time": None,
        "root_process_instance_id": task.root_id,
    }


@routes.get("/task/<task_id>/comment", "任务留言", "user_tasks.read", answer=CommentShown(many=True))
def list_comments(tx: Transaction, task_id: str) -> list[dict[str, Any]]:
    """List the comments on a task, newest first"""
    task, found = _of_task(tx, task_id)
    return [_shown(task, one) for one in found]


@routes.get("/task/<task_id>/comment/<comment_id>", "任务留言", "user_tasks.read", answer=CommentShown)
def show_comment(tx: Transaction, task_id: str, comment_id: str) -> dict[str, Any]:
    """Show a comment on a task"""
    task, found = _of_task(tx, task_id)
    for one in found:
        if one.id == comment_id:
            return _shown(task, one)
    raise NotFound


@routes.get("/process-instance/<instance_id>/comment", "任务留言", "user_tasks.read", answer=CommentShown(many=True))
def list_comments_of_instance(tx: Transaction, instance_id: str) -> list[dict[str, Any]]:
    """List the comments on the tasks of a process instance that the caller sees, newest first"""
    return [_shown(task, one) for task, one in comments.of_instance(tx, instance_id)]


@routes.post("/task/<task_id>/comment/create", "留言", "user_tasks.comment", body=CommentDto, answer=CommentShown)
def create_comment(tx: Transaction, body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Comment on an open task"""
    comment = comments.add(tx, task_id, body["message"])
    return _shown(tx.session.get_one(UserTask, task_id), comment, linked=True)


@routes.put("/task/<task_id>/comment", "修改留言", "user_tasks.comment", body=ChangedCommentDto, status=204)
def change_comment(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
    """Change a comment of one's own"""
    comments.change(tx, task_id, body["id"], body["message"])
    return Response(status=204)


@routes.delete("/task/<task_id>/comment/<comment_id>", "删除留言", "user_tasks.comment", status=204)
def delete_comment(tx: Transaction, task_id: str, comment_id: str) -> Response:
    """Delete a comment of one's own"""
    comments.remove(tx, task_id, comment_id)
    return Response(status=204)


@routes.delete("/task/<task_id>/comment", "删除留言", "user_tasks.comment", status=204)
def delete_comments(tx: Transaction, task_id: str) -> Response:
    """Delete all comments of one's own on a task"""
    comments.remove(tx, task_id)
    return Response(status=204)


state(
    routes,
    [
        Refused(
            "DELETE",
            "/process-instance/<instance_id>/comment",
            "user_tasks.comment",
            "删除流程实例的留言",
            "Delete the comments of a process instance",
            OWN_ALONE,
        )
    ],
)
