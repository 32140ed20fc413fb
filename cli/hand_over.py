"""users hand-over: what somebody who leaves holds goes to a colleague, or back to the department's inbox."""

import click

from casework import hand_over
from casework.hand_over import HandOver, Holding
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import errors, progress, refusals_shown, said, say, show_table
from engine.errors import EngineError, Sentence
from engine.transaction import Database

COLUMNS = (Sentence("事项", "what"), Sentence("办件", "case"), Sentence("环节", "step"))


@click.command("hand-over")
@click.argument("login")
@click.option("--to", help="login of a colleague; without it everything goes back to the department 接收人")
@click.option("--reason", required=True, help="移交原因")
@click.option("--disable", is_flag=True, help="shut the leaver out 同时停用")
@click.option("--dry-run", is_flag=True, help="list what would move, change nothing 只列出")
@pass_host
def hand_over_all(host: Host, login: str, to: str | None, reason: str, disable: bool, dry_run: bool) -> None:
    """Hand over everything a person holds, case by case; what is refused does not stop the rest.

    逐件移交人员所持的全部工作；个别办件移交不成不影响其余。
    """
    leaving = HandOver(login, to, reason)
    database = ready(host)
    if dry_run:
        with refusals_shown(), database.view(operator()) as tx:
            found = hand_over.begin(tx, leaving, disable=False)
        show_table(COLUMNS, [(one.kind, one.case_number or "-", said(one.step) if one.step else "-") for one in found])
        say(f"将移交 {len(found)} 项。", f"{len(found)} would be handed over.")
        return
    with refusals_shown(), database.begin(operator()) as tx:
        found = hand_over.begin(tx, leaving, disable=disable)
    with progress() as bar:
        task = bar.add_task(said(Sentence("移交", "handing over")), total=len(found))
        moved = 0
        for one in found:
            moved += _moves(database, leaving, one)
            bar.advance(task)
    with database.begin(operator()) as tx:
        hand_over.tell(tx, leaving, moved)
    say(f"已移交 {moved} 项，{len(found) - moved} 项未成。", f"{moved} handed over, {len(found) - moved} refused.")
    if moved < len(found):
        raise SystemExit(1)


def _moves(database: Database, leaving: HandOver, one: Holding) -> bool:
    """Whether one thing was handed over; if not, why not is told."""
    try:
        with database.begin(operator()) as tx:
            hand_over.carry_out(tx, leaving, one)
    except EngineError as refused:
        zh, en = refused.faults[0].sentence if refused.faults else refused.detail
        which = one.case_number or one.id
        told = Sentence(f"{which}：{zh}", f"{which}: {en}")
        errors.print(f"  {said(told)}", markup=False)
        return False
    return True
