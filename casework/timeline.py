"""The course of a case (办理过程): what people did and what the process went through, by time, in words.

Acts are the evidence of what people did; the rows of steps and activities say what came of it. Names of people are
looked up by whoever shows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from casework import clock_course, names, opinions, step_names
from casework.course_entries import Entry
from casework.notices import NOTICE_KINDS, NoticeKind
from casework.progress import PRECONDITION_FAILED
from casework.sight import Sight
from casework.slips.kinds import FORMS, SERVICE_MEANS
from casework.tables import Case, Notice, ReceiverKind, ServiceMeans, SlipKind
from engine import definitions
from engine.errors import Sentence
from engine.tables import Act, ActivityInstance, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

MILESTONES = (
    "callActivity",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "boundaryEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "endEvent",
)
"""The types of activities that stand in the course by their name; user tasks stand in it by what people did."""

TOLD_TO_ALL = frozenset(
    {
        "case.started",
        "case.cancelled",
        "case.withdrawn",
        "case.supplemented",
        "case.accepted_by_law",
        "case.referred",
        "case.granted_by_law",
        "correction.noticed",
        "extension.reversed",
        "procedure.reversed",
        "deferral.offered",
        "deferral.handed_in",
        "bill.issued",
        "bill.paid",
        "bill.voided",
        "slip.issued",
        "slip.served",
        "task.completed",
    }
)
"""What everybody reads who may see the case. All else is the office's own business: open to officials, of a step to
those whose opinions they read, and to whoever did it."""


PHRASES: Mapping[str, Sentence] = {
    "case.started": Sentence("收件，办件编号{new}", "received under number {new}"),
    "case.cancelled": Sentence("终止办件", "ended the case"),
    "case.withdrawn": Sentence("撤件", "withdrew the application"),
    "case.supplemented": Sentence("提交补正", "handed in what was asked for"),
    "case.classified": Sentence("列为涉密办件", "made the case confidential"),
    "case.declassified": Sentence("解除涉密", "made the case no longer confidential"),
    "case.accepted_by_law": Sentence("依法视为受理", "accepted by operation of law"),
    "liability.recorded": Sentence(
        "“{step}”超时默认，记入责任", "“{step}”: its time passed in silence, and is recorded"
    ),
    "case.granted_by_law": Sentence("依法视为准予延续", "renewed by operation of law"),
    "case.not_granted_by_law": Sentence("有效期届满，不视为准予延续", "the permit expired and is not renewed by law"),
    "decision.made": Sentence("由决策表作出判断", "decided by a decision table"),
    "case.referred": Sentence("告知向{new}申请", "referred the applicant to {new}"),
    "case.extension-requested": Sentence("申请延期", "applied for an extension"),
    "case.special-procedure-requested": Sentence("申请特别程序", "applied for a special procedure"),
    "extension.reversed": Sentence("撤销尚未送达的延期", "reversed an extension that was not served yet"),
    "procedure.reversed": Sentence("撤销尚未送达的特别程序", "reversed a special procedure that was not served yet"),
    "extension.lapsed": Sentence("延期告知书送达时期限已届满，延期不生效", "an extension was told too late to hold"),
    "correction.requested": Sentence("提出补正要求", "asked for a correction"),
    "correction.requested_again": Sentence("说明理由，再次提出补正要求", "asked for a correction again, with reasons"),
    "correction.noticed": Sentence("一次性告知补正内容", "sent the notice of corrections"),
    "task.claimed": Sentence("签收“{step}”", "claimed “{step}”"),
    "task.released": Sentence("取消签收“{step}”", "released “{step}”"),
    "task.assigned": Sentence("分派“{step}”", "assigned “{step}”"),
    "task.transferred": Sentence("转办“{step}”", "transferred “{step}”"),
    "task.handed_over": Sentence("移交“{step}”", "handed over “{step}”"),
    "task.delegated": Sentence("委派“{step}”", "delegated “{step}”"),
    "task.resolved": Sentence("反馈委派的“{step}”", "gave back “{step}”, which was delegated"),
    "task.reminded": Sentence("催办“{step}”", "sent a reminder of “{step}”"),
    "bill.issued": Sentence("发出缴费通知，合计{new}元", "issued a bill of {new} yuan"),
    "bill.paid": Sentence("已缴费{new}元", "{new} yuan were paid"),
    "bill.voided": Sentence("缴费通知作废", "the bill became void"),
    "deferral.offered": Sentence("容缺受理：{new}", "lets follow after acceptance: {new}"),
    "deferral.handed_in": Sentence("补齐容缺材料", "handed in what was deferred"),
    "consultation.asked": Sentence("就“{step}”征求意见", "consulted on “{step}”"),
    "consultation.answered": Sentence("就“{step}”反馈意见", "answered a consultation on “{step}”"),
    "consultation.withdrawn": Sentence("收回就“{step}”征求的意见", "withdrew a consultation on “{step}”"),
    "consultation.handed_over": Sentence("移交就“{step}”征求的意见", "handed over a consultation on “{step}”"),
    "copy.sent": Sentence("抄送办件", "sent a copy of the case"),
    "copy.read": Sentence("已阅抄送", "read a copy of the case"),
    "task.attached": Sentence("为“{step}”的意见附上文件", "attached files to the opinion on “{step}”"),
    "task.commented": Sentence("在“{step}”留言：{new}", "commented on “{step}”: {new}"),
    "task.comment_changed": Sentence("将在“{step}”的留言改为：{new}", "changed a comment on “{step}” to: {new}"),
    "task.comment_deleted": Sentence("删除在“{step}”的留言", "deleted a comment on “{step}”"),
    "task.threw": Sentence("从“{step}”抛出“{new}”", "threw “{new}” from “{step}”"),
    "task.signed": Sentence("会签“{step}”", "signed “{step}”"),
    "task.completed": Sentence("办结“{step}”", "completed “{step}”"),
    "card.issued": Sentence("发出预警牌", "issued a supervision card"),
    "card.explained": Sentence("对预警牌作出说明", "explained a supervision card"),
    "card.upheld": Sentence("维持预警牌", "upheld a supervision card"),
    "card.cancelled": Sentence("撤销预警牌", "cancelled a supervision card"),
    "order.issued": Sentence("发出督办单", "issued a supervision order"),
    "incident.resolved": Sentence("处理异常", "resolved an incident"),
    "job.executed": Sentence("立即执行后台作业", "had a job carried out at once"),
    "job.changed": Sentence("调整后台作业", "changed a job"),
    "job.deleted": Sentence("删除后台作业", "deleted a job"),
}
SLIP_PHRASES: Mapping[str, Sentence] = {
    "slip.issued": Sentence("签发{slip}", "issued the {slip}"),
    "slip.served": Sentence("送达{slip}（{means}）", "served the {slip} ({means})"),
}
ARRIVED = Sentence("“{step}”待办", "“{step}” is waiting")
CLOSED = Sentence("“{step}”随流程关闭", "“{step}” was closed by the process")
PRECONDITION = Sentence("“{step}”前置未通过，予以关闭", "“{step}” was closed: what it waited for was refused")
CLOSED_FOR: Mapping[str | None, Sentence] = {PRECONDITION_FAILED: PRECONDITION}
REACHED = Sentence("{step}", "{step}")
Called = Mapping[str, Sentence | None]
NOTICE_SENT = Sentence("向申请人发出{notice}", "{notice} sent to the applicant")


def of(tx: Transaction, case: Case, steps: Sequence[UserTask], sight: Sight) -> list[Entry]:
    """The course of a case as a reader may see it, oldest first; what happened in one instant in the order it did."""
    called = {step.id: step_names.of(tx, step, sight) for step in steps}
    acts = _acts(tx, case, {step.id: step for step in steps}, called, sight)
    of_steps = [*_closed(steps, called), *_arrived(steps, called)]
    rows = [*acts, *_milestones(tx, case), *of_steps, *_notices_sent(tx, case, sight)]
    return sorted(rows, key=lambda entry: entry.at)


def _acts(tx: Transaction, case: Case, steps: Mapping[str, UserTask], called: Called, sight: Sight) -> Iterator[Entry]:
    rows = tx.session.scalars(select(Act).where(Act.root_id == case.root_id).order_by(Act.seq)).all()
    told = clock_course.told(rows, sight)
    for act in rows:
        if act.seq in told:
            yield clock_course.line(tx, act, sight)
        elif not act.kind.startswith("clock.") and _is_open(tx, act, step := steps.get(act.subject or ""), sight):
            yield _act(tx, act, step, called.get(act.subject or ""), sight)


def _is_open(tx: Transaction, act: Act, step: UserTask | None, sight: Sight) -> bool:
    if act.kind in TOLD_TO_ALL or act.actor == tx.actor.login:
        return True
    return sight.is_official and sight.opinion_of(step.department if step else None)


def _act(tx: Transaction, act: Act, step: UserTask | None, name: Sentence | None, sight: Sight) -> Entry:
    phrase = _slip_phrase(act) or PHRASES.get(act.kind, Sentence(act.kind, act.kind))
    said = step if act.kind == "task.completed" else None
    open_to_reader = act.actor == tx.actor.login or sight.person_of(step.department if step else None)
    return Entry(
        at=act.at,
        kind=act.kind,
        text=_filled(phrase, name, new=act.new or ""),
        who=act.actor if open_to_reader else None,
        on_behalf_of=act.on_behalf_of if open_to_reader else None,
        to_person=act.new if act.property == "assignee" and act.new != act.actor else None,
        to_department=act.new if act.property == "department" else None,
        department=step.department if step else None,
        step=name,
        outcome=opinions.label_of(tx, said) if said and opinions.is_told(said, sight) else None,
        reason=opinions.reasons(said, sight) if said else act.reason if open_to_reader else None,
        basis=act.basis,
        document=act.document,
    )


def _slip_phrase(act: Act) -> Sentence | None:
    """What became of a slip, which the act names by its kind."""
    phrase = SLIP_PHRASES.get(act.kind)
    if phrase is None or act.property is None:
        return None
    slip = FORMS[SlipKind(act.property)].title
    means = SERVICE_MEANS[ServiceMeans(act.new)] if act.new else Sentence("", "")
    return Sentence(phrase.zh.format(slip=slip.zh, means=means.zh), phrase.en.format(slip=slip.en, means=means.en))


def _filled(phrase: Sentence, step: Sentence | None, **words: str) -> Sentence:
    """The phrase with the step's name in its own language."""
    zh, en = step or Sentence("", "")
    return Sentence(phrase.zh.format(step=zh, **words), phrase.en.format(step=en, **words))


def _arrived(steps: Sequence[UserTask], called: Called) -> list[Entry]:
    return [_of_step(step, called[step.id], "task.created", ARRIVED, step.created_at) for step in steps]


def _closed(steps: Sequence[UserTask], called: Called) -> list[Entry]:
    cancelled = [step for step in steps if step.state == TaskState.CANCELLED and step.ended_at is not None]
    return [
        _of_step(
            step,
            called[step.id],
            "task.cancelled",
            CLOSED_FOR.get(step.end_reason, CLOSED),
            step.ended_at or step.created_at,
        )
        for step in cancelled
    ]


def _of_step(step: UserTask, name: Sentence | None, kind: str, phrase: Sentence, at: datetime) -> Entry:
    return Entry(at=at, kind=kind, text=_filled(phrase, name), department=step.department, step=name)


def _notices_sent(tx: Transaction, case: Case, sight: Sight) -> list[Entry]:
    """What left the office for the applicant; applicants have the notices themselves."""
    if not (sight.is_official and sight.sees_opinions):
        return []
    to_applicant = Notice.receiver_kind == ReceiverKind.APPLICANT
    sent = select(Notice).where(Notice.root_id == case.root_id, to_applicant, Notice.sent_at.is_not(None))
    return [_notice_sent(one) for one in tx.session.scalars(sent.order_by(Notice.id))]


def _notice_sent(notice: Notice) -> Entry:
    called = NOTICE_KINDS[NoticeKind(notice.kind)]
    text = Sentence(NOTICE_SENT.zh.format(notice=called.zh), NOTICE_SENT.en.format(notice=called.en))
    return Entry(at=notice.sent_at or notice.created_at, kind="notice.sent", text=text)


def _milestones(tx: Transaction, case: Case) -> list[Entry]:
    visits = tx.session.execute(
        select(ActivityInstance, ProcessInstance.definition_id)
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .where(ActivityInstance.root_id == case.root_id, ActivityInstance.type.in_(MILESTONES))
        .order_by(ActivityInstance.started_at, ActivityInstance.instance_id, ActivityInstance.seq)
    ).all()
    told = [_milestone(tx, visit.ActivityInstance, visit.definition_id) for visit in visits]
    return [entry for entry in told if entry is not None]


def _milestone(tx: Transaction, visit: ActivityInstance, definition_id: str) -> Entry | None:
    node = definitions.load(tx, definition_id).process.nodes.get(visit.activity_id)
    if node is None or not node.name:
        return None
    name = names.step(node.name)
    return Entry(at=visit.started_at, kind=f"activity.{visit.type}", text=_filled(REACHED, name), step=name)
