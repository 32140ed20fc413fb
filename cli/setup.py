"""setup-demo: everything a newcomer's first server needs; a second time it changes nothing."""

from pathlib import Path

import click

from casework import calendars, cleaning, demo_people, phrases
from casework.supervision import watch
from cli.database import bring_up_to_date
from cli.host import Host, operator, pass_host
from cli.packages import deploy_all
from cli.terminal import refusals_shown, say
from engine import history_cleanup, moving

PROCESSES = Path(__file__).parent.parent / "processes"


@click.command()
@pass_host
def setup_demo(host: Host) -> None:
    """Create the tables, the published calendars, the demonstration's people, and deploy the packages.

    建表，导入已公布的工作日历，添加演示人员，部署流程包。
    """
    bring_up_to_date(host)
    database = host.open_database()
    with refusals_shown():
        with database.begin(operator()) as tx:
            calendars.seed(tx)
            cleaning.seed(tx)
            history_cleanup.seed(tx)
            moving.seed(tx)
            watch.seed(tx)
            phrases.seed(tx)
            added = demo_people.seed(tx)
        deploy_all(database, [PROCESSES])
    say(f"演示环境就绪，新增 {added} 人。", f"The demonstration is ready; {added} people were added.")
    database.close()
