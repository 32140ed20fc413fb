"""The command by which a second officer signs what a colleague is about to complete."""

from casework import meaning, signatures, submissions
from casework.tables import Signature
from engine import definitions, evidence, user_tasks
from engine.errors import Conflict, Sentence
from engine.ports import Submission
from engine.store.task_rows import lock_open
from engine.tables import UserTask
from engine.transaction import Transaction

NOT_ASKED = Sentence("该环节不需要他人签名，直接办结即可。", "This step needs no other signature; complete it.")
NOTHING_TO_SIGN = Sentence(
    "还没有可签的内容：请先由承办人填写并保存草稿。",
    "There is nothing to sign yet: fill in the form and keep a draft first.",
)
SIGNED_ALREADY = Sentence(
    "您已对该内容签名；须由本部门另一名工作人员签名（行政许可法第三十四条）。",
    "You have signed this already; another officer of the department has to (行政许可法 art. 34).",
)


def sign(
    tx: Transaction, task_id: str, outcome: str | None, comment: str | None, *, revision: int | None = None
) -> Signature:
    """会签: an officer of the task's department signs the draft as it stands, with the outcome it is meant for.

    Raises NotFound when the caller may not know of the task, Invalid when the draft could not be completed, Conflict
    when the step asks for no signatures, is closed, has no draft, is another department's or was signed by the caller
    before, Stale when the task is no longer at `revision`.
    """
    root, task = lock_open(tx, task_id, "user_tasks.sign", revision)
    said = _checked(tx, task, outcome)
    signature = signatures.add(tx, task, outcome, comment, said)
    evidence.record(tx, root, "task.signed", subject=task.id, property="outcome", new=outcome, reason=comment)
    tx.flush()
    return signature


def _checked(tx: Transaction, task: UserTask, outcome: str | None) -> bytes:
    """What the actor would sign, if all of it may be signed."""
    node = definitions.load(tx, task.definition_id).node(task.activity_id)
    if meaning.of(node.properties).signers is None:
        raise Conflict(NOT_ASKED)
    signatures.check_department(tx, task)
    document = user_tasks.form_document(tx, task)
    if document is not None and task.draft is None:
        raise Conflict(NOTHING_TO_SIGN)
    drafted = Submission(task.draft or {}, outcome)
    submissions.check_signed(tx, task, node, document, drafted)
    said = signatures.digest(outcome, drafted.values)
    if any(one.login == tx.actor.login and one.digest == said for one in signatures.of_task(tx, task.id)):
        raise Conflict(SIGNED_ALREADY)
    return said
