"""Who is told what, as one table: of each kind of notice that the course of a case gives rise to, receiver and words.

What people tell each other of a task (transfer, reminder …) has words of its own, where they say it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from casework.notices.kinds import NoticeKind
from casework.tables import ReceiverKind
from engine.errors import Sentence


class Told(NamedTuple):
    """Who is told, and in which words. `{…}` are facts of the case: `item`, `number`, `query_code`, and those below.

    `more` are sentences that are added when the fact they are named after is known: `until`, a deadline; `reason`;
    `step`.
    """

    to: ReceiverKind
    text: Sentence
    more: Mapping[str, Sentence] = {}

    def filled(self, facts: Mapping[str, Sentence]) -> Sentence:
        """The words with the facts in them."""
        parts = [self.text, *(sentence for fact, sentence in self.more.items() if fact in facts)]
        zh = "".join(part.zh for part in parts).format(**{name: fact.zh for name, fact in facts.items()})
        en = " ".join(part.en for part in parts).format(**{name: fact.en for name, fact in facts.items()})
        return Sentence(zh, en)


def _applicant(zh: str, en: str, **more: Sentence) -> Told:
    return Told(ReceiverKind.APPLICANT, Sentence(zh, en), more)


REASON = Sentence("理由：{reason}", "Reasons: {reason}")


TOLD: Mapping[NoticeKind, Told] = {
    NoticeKind.CASE_RECEIVED: _applicant(
        "您申请的“{item}”已收件，办件编号 {number}，查询码 {query_code}，凭此可随时查询进度。",
        "Your application “{item}” was received under number {number}. With the query code {query_code} you can "
        "follow it at any time.",
    ),
    NoticeKind.CASE_ACCEPTED: _applicant(
        "您申请的“{item}”（{number}）已受理。",
        "Your application “{item}” ({number}) is accepted.",
        until=Sentence("承诺于 {until} 前办结。", "We promise to finish it by {until}."),
    ),
    NoticeKind.CASE_DECLINED: _applicant(
        "您申请的“{item}”（{number}）不予受理。",
        "Your application “{item}” ({number}) is declined.",
        reason=REASON,
    ),
    NoticeKind.CORRECTION_SENT: _applicant(
        "您申请的“{item}”（{number}）需要补正，请一次补齐：{listed}。",
        "Your application “{item}” ({number}) needs corrections. Please hand in all of this: {listed}.",
        until=Sentence("请于 {until} 前提交。", "Please do so by {until}."),
    ),
    NoticeKind.PROCEDURE_BEGUN: _applicant(
        "您申请的“{item}”（{number}）须进行{procedure}，预计至 {until}，所需时间不计入办理期限，详见告知书。",
        "Your application “{item}” ({number}) needs: {procedure}. It is expected to take until {until}; that time does "
        "not count towards the limit. The written notice has the details.",
    ),
    NoticeKind.TERM_EXTENDED: _applicant(
        "经批准，您申请的“{item}”（{number}）办理期限延长 {amount}。理由：{reason}",
        "The time to decide your application “{item}” ({number}) is extended by {amount}. Reasons: {reason}",
    ),
    NoticeKind.CASE_PAUSED: _applicant(
        "您申请的“{item}”（{number}）中止办理，预计至 {until}。事由：{reason}",
        "Your application “{item}” ({number}) is paused, as foreseen until {until}. Reason: {reason}",
    ),
    NoticeKind.ACT_REVERSED: _applicant(
        "此前告知您的“{item}”（{number}）{act}已撤销，办理期限按未作该操作计算。",
        "What you were told of your application “{item}” ({number}) is reversed: {act}. The time counts as if it had "
        "never been.",
        until=Sentence("承诺于 {until} 前办结。", "We promise to finish it by {until}."),
    ),
    NoticeKind.MATERIAL_DEFERRED: _applicant(
        "您申请的“{item}”（{number}）容缺受理，请按承诺补齐：{listed}。",
        "Your application “{item}” ({number}) goes on while this is outstanding on your promise: {listed}.",
        until=Sentence("请于 {until} 前提交，逾期将按承诺处理。", "Please hand it in by {until}, as you promised."),
    ),
    NoticeKind.FEES_DUE: _applicant(
        "您申请的“{item}”（{number}）须缴费 {total} 元，缴费通知编号 {bill}，请一次缴清；缴清后核发结果。",
        "Your application “{item}” ({number}) costs {total} yuan, bill {bill}. Please pay it in one payment; the "
        "result is issued after that.",
    ),
    NoticeKind.CASE_REVOKED: _applicant(
        "经核查，您申请“{item}”（{number}）时的承诺不实，许可已撤销。",
        "What you declared for your application “{item}” ({number}) was found untrue; the approval is revoked.",
        reason=REASON,
    ),
    NoticeKind.APPLICANT_ASKED: _applicant(
        "您申请的“{item}”（{number}）有一项须由您办理，请登录办理或到窗口办理。",
        "Your application “{item}” ({number}) needs something from you. Please log in, or come to the window.",
        step=Sentence("事项：{step}。", "It is: {step}."),
    ),
    NoticeKind.CORRECTION_LAPSED: _applicant(
        "您申请的“{item}”（{number}）补正期限已过，未收到补正材料，将依法处理。",
        "The time to correct your application “{item}” ({number}) has passed without an answer; the law now takes its "
        "course.",
    ),
    NoticeKind.CASE_APPROVED: _applicant(
        "您申请的“{item}”（{number}）已准予许可。", "Your application “{item}” ({number}) is approved."
    ),
    NoticeKind.CASE_REFUSED: _applicant(
        "您申请的“{item}”（{number}）不予许可，理由和救济途径见决定书。",
        "Your application “{item}” ({number}) is refused. The written decision gives the reasons and how to appeal.",
    ),
    NoticeKind.RESULT_READY: _applicant(
        "您申请的“{item}”（{number}）结果已出，即将送达；选择窗口领取的，请携带有效证件前来领取。",
        "The result of your application “{item}” ({number}) is ready for delivery. If you chose to fetch it, please "
        "bring proof of identity.",
    ),
    NoticeKind.RESULT_DELIVERED: _applicant(
        "您申请的“{item}”（{number}）结果已送达。", "The result of your application “{item}” ({number}) was delivered."
    ),
    NoticeKind.CASE_WITHDRAWN: _applicant(
        "您申请的“{item}”（{number}）已撤件。", "Your application “{item}” ({number}) is withdrawn."
    ),
    NoticeKind.CASE_CANCELLED: _applicant(
        "您申请的“{item}”（{number}）已终止办理。",
        "Your application “{item}” ({number}) was ended by the office.",
        reason=REASON,
    ),
    NoticeKind.TASKS_CLOSED: Told(
        ReceiverKind.DEPARTMENT,
        Sentence(
            "“{item}”办件 {number} 已撤件或终止，贵部门未办结的任务随之关闭。",
            "Case {number} “{item}” was withdrawn or ended; your department's open tasks in it are closed.",
        ),
    ),
}
