"""The verbs that act: each is one command of the office or the engine, by the person the scenario names."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from casework import cases, corrections, deferrals, fees, items, materials, signing, tariff, term_applications
from casework.applicants import Applicant
from casework.applications import Application
from casework.fees import Payment
from casework.scenarios.mismatch import Mismatch, plain
from casework.scenarios.reading import read_values
from casework.scenarios.stage import Stage
from engine import user_tasks
from engine.errors import Sentence
from engine.ports import Submission
from engine.transaction import Transaction

Told = Mapping[str, Any]
Act = Callable[[Stage, Any], None]

APPLICATION_KEYS = frozenset({"applicant", "form", "materials"})
A_PDF = b"%PDF-1.7\n"


def at(stage: Stage, text: str) -> None:
    """The calendar shows this instant."""
    stage.pass_until(stage.at(text))


def days_pass(stage: Stage, days: float) -> None:
    """So many calendar days go by."""
    stage.days_pass(days)


def submit(stage: Stage, told: Told) -> None:
    """Somebody hands in the application of a file; `form` replaces single fields of it."""
    application = _application((stage.folder / told["application"]).resolve())
    with stage.acting(told["by"]) as tx:
        received = told.get("received_at")
        handed_in = _handed_in(tx, told.get("materials", application.get("materials", _required(tx, stage))))
        case = cases.submit(
            tx,
            Application(
                item=stage.item,
                applicant=Applicant(**application["applicant"]),
                form={**application["form"], **told.get("form", {})},
                materials=handed_in,
                channel=told.get("channel"),
                received_at=None if received is None else stage.at(received),
            ),
        )
    stage.submitted.append(case)


def _application(file: Path) -> Told:
    try:
        said = read_values(file)
    except Mismatch as wrong:
        where = f"{file.name}:{wrong.line}"
        found = Sentence(f"{where} {wrong.found.zh}", f"{where} {wrong.found.en}")
        raise Mismatch(wrong.expected, found, key="application") from wrong
    if not said.keys() <= APPLICATION_KEYS or not {"applicant", "form"} <= said.keys():
        expected = Sentence(
            "键 applicant、form，另可有 materials", "the keys applicant and form, and perhaps materials"
        )
        raise Mismatch(expected, plain(", ".join(said)), key="application")
    return said


def _required(tx: Transaction, stage: Stage) -> list[str]:
    document = items.of(items.in_force(tx, stage.item))
    return [str(material["code"]) for material in document.required_materials]


def _handed_in(tx: Transaction, kinds: Sequence[str]) -> list[materials.Named]:
    return [materials.Named(kind, materials.upload(tx, f"{kind}.pdf", A_PDF).id) for kind in kinds]


def accept(stage: Stage, told: Told) -> None:
    """受理."""
    with stage.acting(told["by"]) as tx:
        cases.accept(tx, stage.number, comment=told.get("comment"))


def decline(stage: Stage, told: Told) -> None:
    """不予受理."""
    with stage.acting(told["by"]) as tx:
        cases.decline(tx, stage.number, comment=told["comment"])


def claim(stage: Stage, told: Told) -> None:
    """签收."""
    task_id = stage.task(told["step"], told["by"])
    with stage.acting(told["by"]) as tx:
        user_tasks.claim(tx, task_id)


def release(stage: Stage, told: Told) -> None:
    """取消签收."""
    task_id = stage.task(told["step"], told["by"])
    with stage.acting(told["by"]) as tx:
        user_tasks.release(tx, task_id)


def assign(stage: Stage, told: Told) -> None:
    """分派."""
    task_id = stage.task(told["step"], told["by"])
    with stage.acting(told["by"]) as tx:
        user_tasks.assign(tx, task_id, told["to"])


def draft(stage: Stage, told: Told) -> None:
    """保存草稿."""
    task_id = stage.task(told["step"], told["by"])
    with stage.acting(told["by"]) as tx:
        user_tasks.save_draft(tx, task_id, told["form"])


def sign(stage: Stage, told: Told) -> None:
    """会签."""
    task_id = stage.task(told["step"], told["by"])
    with stage.acting(told["by"]) as tx:
        signing.sign(tx, task_id, told.get("outcome"), told.get("comment"))


def complete(stage: Stage, told: Told) -> None:
    """办结一个环节."""
    task_id = stage.task(told["step"], told["by"])
    with stage.acting(told["by"]) as tx:
        submission = Submission(told.get("form", {}), told.get("outcome"), told.get("comment"))
        user_tasks.complete(tx, task_id, submission)


def request_correction(stage: Stage, told: Told) -> None:
    """提出补正要求."""
    task_id = stage.task(told["step"], told["by"])
    with stage.acting(told["by"]) as tx:
        corrections.request(tx, task_id, told["items"], reason=told.get("reason"))


def send_correction_notice(stage: Stage, told: Told) -> None:
    """发出补正通知."""
    with stage.acting(told["by"]) as tx:
        corrections.send(tx, stage.number)


def supplement(stage: Stage, told: Told) -> None:
    """补正."""
    with stage.acting(told["by"]) as tx:
        cases.supplement(tx, stage.number, told.get("form", {}), _handed_in(tx, told.get("materials", [])))


def withdraw(stage: Stage, told: Told) -> None:
    """撤件."""
    with stage.acting(told["by"]) as tx:
        cases.withdraw(tx, stage.number, reason=told.get("reason"))


def apply_for_extension(stage: Stage, told: Told) -> None:
    """申请延期."""
    with stage.acting(told["by"]) as tx:
        term_applications.for_extension(tx, stage.number)


def apply_for_procedure(stage: Stage, told: Told) -> None:
    """申请特别程序."""
    with stage.acting(told["by"]) as tx:
        term_applications.for_procedure(tx, stage.number)


def defer(stage: Stage, told: Told) -> None:
    """容缺受理."""
    with stage.acting(told["by"]) as tx:
        deferrals.offer(tx, stage.number, told["materials"], told["how"], told.get("within"))


def hand_in(stage: Stage, told: Told) -> None:
    """补齐容缺材料."""
    with stage.acting(told["by"]) as tx:
        deferrals.hand_in(tx, stage.number, _handed_in(tx, told["materials"]))


def pay(stage: Stage, told: Told) -> None:
    """缴费: the paying system says that the case's bill is paid, by default all of it."""
    with stage.acting(told["by"]) as tx:
        bill = fees.latest(tx, stage.root_id)
        if bill is None:
            raise Mismatch(Sentence("有缴费通知", "a bill"), Sentence("没有", "there is none"))
        amount = bill.total if "amount" not in told else tariff.fen(told["amount"])
        fees.receive(tx, bill.number, Payment(told.get("number", f"{bill.number}-1"), amount, tx.now))


ACTS: Mapping[str, Act] = {
    "at": at,
    "days_pass": days_pass,
    "submit": submit,
    "accept": accept,
    "decline": decline,
    "claim": claim,
    "release": release,
    "assign": assign,
    "draft": draft,
    "sign": sign,
    "complete": complete,
    "request_correction": request_correction,
    "send_correction_notice": send_correction_notice,
    "supplement": supplement,
    "withdraw": withdraw,
    "apply_for_extension": apply_for_extension,
    "apply_for_procedure": apply_for_procedure,
    "defer": defer,
    "hand_in": hand_in,
    "pay": pay,
}
