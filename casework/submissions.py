"""The engine's port `check_submission`: what is handed in on a task, held against form, outcomes and 默认前置."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from casework import (
    acceptance,
    attachments,
    deferrals,
    departments,
    filled_forms,
    form_files,
    items,
    meaning,
    preconditions,
    signatures,
    step_dates,
)
from casework.filled_forms import Shown
from casework.meaning import Does, Meaning
from casework.reasons import LONGEST, is_said
from casework.tables import Case, CaseState, Department
from engine.diagram.model import Node
from engine.errors import Conflict, Fault, Invalid, Sentence
from engine.interpreter.step import meaning as said
from engine.ports import Submission
from engine.queries import scopes
from engine.store.values import Binary, as_json, value_of
from engine.tables import UserTask
from engine.transaction import Transaction

OUTCOME_FIELD, COMMENT_FIELD = "outcome", "comment"
ACCEPTED, DECLINED = "accept", "decline"
OUT = Sentence(
    "补正通知已发出，尚待申请人补正，补正后方可受理。",
    "A notice of corrections is out; the case can be accepted once the applicant has answered it.",
)
DECIDED_BY_LAW = Sentence(
    "该延续申请依法视为准予，不再另作决定。", "The law has granted this renewal; nothing is left to decide."
)
TOO_LONG = Sentence(f"理由、意见最长 {LONGEST} 个字符。", f"A comment has at most {LONGEST} characters.")
NO_FILES = Sentence(
    "草稿不保存文件变量；请改为任务附件，或在办结时提交。",
    "A draft keeps no file; attach it to the task, or hand it in with the completion.",
)
NO_FORM = Sentence("该环节没有表单，请勿填写内容。", "This step has no form; hand in no values.")


class Awaited(Conflict):
    """The step waits for another department's decision (默认前置)."""

    code = "awaited"
    title = Sentence("须待前置部门作出决定后方可办结。", "Another department has to decide first.")


def check(
    tx: Transaction, task: UserTask, node: Node, document: bytes | None, submission: Submission, *, draft: bool
) -> Submission:
    """Keeps what holds. Raises Invalid with a fault for each field, the outcome and the missing reasons; Awaited.

    Where several officers sign, who completes the step signs last; raises Unsigned before that.
    """
    means = meaning.of(node.properties)
    submission = _said(submission, means)
    if not draft:
        _precondition(tx, task, means)
        _nothing_is_missing(tx, task, means, submission)
    faults = [] if draft else [*_outcome_faults(means, submission), *_comment_faults(submission)]
    values: dict[str, object] = {}
    try:
        values = _filled(tx, task, document, submission, means, draft=draft)
    except Invalid as invalid:
        faults += invalid.faults
    faults += [] if draft else step_dates.faults(tx, task, means.dates, values)
    faults += attachments.put(tx, task, submission.attachments, draft=draft)
    form = filled_forms.compiled(document) if document is not None and not draft else None
    faults += form_files.faults(tx, form, values, task.root_id) if form else []
    if faults:
        raise Invalid(faults=faults)
    if form:
        form_files.put(tx, task, form, values)
    if means.signers is not None and not draft:
        signed = _filled(tx, task, document, submission, means, draft=True)
        signatures.require(tx, task, means.signers, submission.outcome, signed)
    if means.outcome_variable and submission.outcome is not None and not draft:
        values[means.outcome_variable] = submission.outcome
    return replace(submission, values=values)


def check_signed(tx: Transaction, task: UserTask, node: Node, document: bytes | None, submission: Submission) -> None:
    """What a second officer signs could be completed; the reasons are for who completes it to give. Raises Invalid."""
    means = meaning.of(node.properties)
    faults = [fault for fault in _outcome_faults(means, submission) if fault.element_id != COMMENT_FIELD]
    if faults:
        raise Invalid(faults=faults)
    _filled(tx, task, document, submission, means, draft=False)


def _filled(
    tx: Transaction, task: UserTask, document: bytes | None, submission: Submission, means: Meaning, *, draft: bool
) -> dict[str, object]:
    """What is kept of the form; where reasons are asked for it may be left unfilled."""
    if document is None:
        if submission.values and task.form_key is None and tx.session.get(Case, task.root_id) is not None:
            raise Invalid(faults=[Fault(NO_FORM)])
        return _drafted(submission.values) if draft else dict(submission.values)
    form, chosen = filled_forms.compiled(document), means.outcome(submission.outcome)
    unfilled = chosen is not None and chosen.comment_required
    seen = {} if draft else _seen(tx, task, form.names)
    shown = Shown(items.local_day(tx), tx.now, seen)
    return filled_forms.checked(form, submission.values, shown, draft=draft, unfilled=unfilled)


def _drafted(values: Mapping[str, object]) -> dict[str, object]:
    """What is kept half-filled is text. Raises Invalid for files."""
    files = [name for name, value in values.items() if isinstance(said(value), Binary)]
    if files:
        raise Invalid(faults=[Fault(NO_FILES, name) for name in files])
    return as_json(values)


def _seen(tx: Transaction, task: UserTask, names: Collection[str]) -> dict[str, object]:
    """The variables that a form asks for, as an expression of the task sees them."""
    if not names:
        return {}
    found = scopes.visible(tx, scopes.around(tx, task.id, task.instance_id), names)
    return {name: value_of(variable) for name, variable in found.items()}


def _said(submission: Submission, means: Meaning) -> Submission:
    """A client that knows only variables says the outcome and the reasons among them."""
    if submission.outcome is not None or not means.outcomes:
        return submission
    values = dict(submission.values)
    named = means.outcome_variable or OUTCOME_FIELD
    outcome, comment = values.pop(named, None), submission.comment or values.pop(COMMENT_FIELD, None)
    return replace(submission, values=values, outcome=_text(outcome), comment=_text(comment))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _outcome_faults(means: Meaning, submission: Submission) -> list[Fault]:
    if not means.outcomes:
        if submission.outcome is None:
            return []
        return [Fault(Sentence("该环节没有可选结论。", "This step offers no outcomes."), OUTCOME_FIELD)]
    chosen = means.outcome(submission.outcome)
    if chosen is None:
        offered = "、".join(f"{one.value}（{one.label.zh}）" for one in means.outcomes)
        listed = ", ".join(f"{one.value} ({one.label.en})" for one in means.outcomes)
        return [Fault(Sentence(f"请选择结论：{offered}。", f"Choose an outcome: {listed}."), OUTCOME_FIELD)]
    if chosen.comment_required and not is_said(submission.comment):
        wanted = Sentence(f"选择“{chosen.label.zh}”须说明理由。", f"“{chosen.label.en}” needs reasons.")
        return [Fault(wanted, COMMENT_FIELD)]
    return []


def _comment_faults(submission: Submission) -> list[Fault]:
    return [Fault(TOO_LONG, COMMENT_FIELD)] if len(submission.comment or "") > LONGEST else []


def _precondition(tx: Transaction, task: UserTask, means: Meaning) -> None:
    """默认前置: prepared at once, decided when the earlier result has come (滨州市并联审批规定 art. 16)."""
    if means.after is None:
        return
    code = departments.codes_by_role(tx, task.region).get(means.after, means.after)
    if preconditions.decided_at(tx, task.root_id, code) is None:
        awaited = tx.session.get(Department, code)
        zh, en = (awaited.name, awaited.name_en) if awaited else (code, code)
        raise Awaited(
            Sentence(
                f"须待{zh}作出准予决定后方可办结，现可先行准备。", f"Awaits the approval of {en}; you may prepare."
            )
        )


def _nothing_is_missing(tx: Transaction, task: UserTask, means: Meaning, submission: Submission) -> None:
    """受理: while a notice of corrections is out, the application is not complete (行政许可法 art. 32); 容缺: nor is it
    while a promise is unsigned, or to be approved while what was promised is missing."""
    if means.act not in (Does.ACCEPT, Does.DECIDE) or (case := tx.session.get(Case, task.root_id)) is None:
        return
    if means.act == Does.ACCEPT and submission.outcome == ACCEPTED and case.state == CaseState.CORRECTING:
        raise Conflict(OUT)
    if means.act == Does.ACCEPT and submission.outcome == DECLINED:
        acceptance.may_decline(tx, case)
    if means.act == Does.DECIDE and case.is_decided_by_law:
        raise Conflict(DECIDED_BY_LAW)
    deferrals.require_nothing(tx, case, means.act, submission.outcome)


def outcomes(properties: Mapping[str, str]) -> list[dict[str, object]]:
    """The choices of a step as its inbox shows them."""
    return [
        {"value": one.value, "label": one.label, "comment_required": one.comment_required}
        for one in meaning.of(properties).outcomes
    ]
