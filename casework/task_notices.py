"""What is told about a task to the person or department it now concerns."""

from collections.abc import Mapping

from casework import names, notices, parties
from casework.notices import NoticeKind
from casework.tables import Case
from engine.errors import Sentence
from engine.tables import Party, UserTask
from engine.transaction import Transaction

TOLD: Mapping[NoticeKind, Sentence] = {
    NoticeKind.TASK_TRANSFERRED: Sentence("向您转办{what}：{words}", "{what} was transferred to you: {words}"),
    NoticeKind.TASK_DELEGATED: Sentence("委派您办理{what}：{words}", "{what} was delegated to you: {words}"),
    NoticeKind.TASK_RESOLVED: Sentence(
        "您委派的{what}已有反馈：{words}", "What you delegated of {what} is done: {words}"
    ),
    NoticeKind.TASK_REMINDED: Sentence("催办{what}：{words}", "Please see to {what}: {words}"),
    NoticeKind.TASK_CONSULTED: Sentence(
        "就{what}征求您的意见：{words}", "Your opinion is asked for on {what}: {words}"
    ),
    NoticeKind.TASK_ANSWERED: Sentence(
        "就{what}征求的意见已反馈：{words}", "Your question on {what} was answered: {words}"
    ),
    NoticeKind.CASE_COPIED: Sentence("向您抄送{what}：{words}", "{what} was copied to you: {words}"),
}

UNNAMED = Sentence("任务", "a task")


def tell(
    tx: Transaction,
    to: Party,
    kind: NoticeKind,
    words: str | Sentence,
    *,
    case: Case | None,
    task: UserTask | None = None,
) -> None:
    """Tells a party of a task, or of the case as a whole, with the words of whoever gave the occasion."""
    what, phrase = _called(case, task), TOLD[kind]
    zh, en = words if isinstance(words, Sentence) else (words, words)
    text = Sentence(phrase.zh.format(what=what.zh, words=zh), phrase.en.format(what=what.en, words=en))
    notices.tell(tx, parties.receiver(to), kind, text, case=case)


def _called(case: Case | None, task: UserTask | None) -> Sentence:
    """A task by its step and its case."""
    step = names.step(task.name) if task else None
    if case is None:
        return step or UNNAMED
    if step is None:
        return Sentence(f"办件{case.number}", f"case {case.number}")
    return Sentence(f"办件{case.number}“{step.zh}”", f"“{step.en}” of case {case.number}")
