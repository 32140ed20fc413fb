"""The composition root: settings, what the engine is lent, the application, the command `lianban`.

Imports everything; nothing imports it.
"""

import os
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path

import click
from flask import Flask

from api import engine_rest
from api.application import create_app as create_flask
from api.engine_rest.batch_commands import COMMANDS
from api.office import ROUTES
from casework import (
    attachments,
    cleaning,
    clocks,
    deemed_acceptance,
    deferrals,
    departments,
    extensions,
    feed,
    fees,
    filled_forms,
    held_variables,
    item_versions,
    items,
    logins,
    notices,
    permissions,
    progress,
    recomputing,
    renewals,
    special_procedures,
    start_forms,
    submissions,
    tacit_approvals,
)
from casework.slips import occasions as slip_occasions
from casework.supervision import issuing, orders, outlasting, watch
from cli import (
    addresses,
    backup,
    demo,
    files,
    linting,
    packages,
    people,
    retention,
    senders,
    serving,
    setup,
    templates,
    testing,
)
from cli import calendars as calendar_verbs
from cli import departments as department_verbs
from cli import items as item_verbs
from cli import regions as region_verbs
from cli.host import Host
from cli.terminal import stop
from cli.usage import Verbs
from engine import batches, evidence, history_cleanup, moving
from engine.ports import Ports
from engine.transaction import Database

PROCESSES = Path(__file__).parent / "processes"
LISTENERS = (
    item_versions.listen,
    start_forms.listen,
    evidence.listen,
    attachments.listen,
    feed.listen,
    progress.listen,
    slip_occasions.listen,
    fees.listen,
    deferrals.listen,
    notices.listen,
    clocks.listen,
    orders.listen,
    special_procedures.listen,
    extensions.listen,
)
"""Told of what a command has changed, in this order."""


def now() -> datetime:
    """The one place where the machine's clock is read."""
    return datetime.now(UTC)


def ports() -> Ports:
    """Everything the engine is lent by the office."""
    return Ports(
        now=now,
        may=permissions.may,
        check_submission=submissions.check,
        due_at=clocks.due_at,
        resolve_groups=departments.resolve_groups,
        who_is=logins.who_is,
        functions=lambda tx, instance: {**clocks.functions(tx, instance), **fees.functions(tx, instance)},
        function_names=clocks.FUNCTION_NAMES | fees.FUNCTION_NAMES,
        may_bring=held_variables.check,
        listeners=LISTENERS,
        delegates={point.name: point.load() for point in entry_points(group="lianban.delegates")},
        diagram_listeners={point.name: point.load() for point in entry_points(group="lianban.listeners")},
        records=cleaning.records,
        history_time_to_live=retention.history_time_to_live(os.environ),
        job_kinds={
            history_cleanup.KIND: history_cleanup.run,
            batches.PART: batches.carried_out_by(COMMANDS),
            cleaning.KIND: cleaning.run,
            deemed_acceptance.KIND: deemed_acceptance.run,
            tacit_approvals.KIND: tacit_approvals.run,
            renewals.KIND: renewals.run,
            watch.KIND: watch.run,
            issuing.OPENING: orders.open_for_card,
            outlasting.KIND: outlasting.run,
        },
        errands={
            notices.KIND: senders.post_room(os.environ),
            recomputing.KIND: recomputing.Batches(),
            moving.KIND: moving.Moving(),
        },
        file_kinds={".form": filled_forms.read_file, ".toml": items.read_file},
        files=files.file_store(os.environ),
    )


def create_app(database: Database) -> Flask:
    """The HTTP application with every route of the office."""
    return create_flask(
        database,
        (*ROUTES, *engine_rest.ROUTES),
        waiting_seats=serving.THREADS // 2,
        progress_page=addresses.progress_page(os.environ),
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= 5 and 1 <= int(text) <= 65535):
        raise stop(
            "PORT 应为 1 至 65535 的整数，例如 8080。", "PORT must be a whole number from 1 to 65535, such as 8080."
        )
    return int(text)


@click.group(cls=Verbs)
@click.pass_context
def cli(context: click.Context) -> None:
    """Lianban 联办: joint government approvals driven by BPMN."""
    url = os.environ.get("LIANBAN_DATABASE_URL", "sqlite:///var/lianban.db")
    context.obj = Host(url, _port(os.environ.get("PORT", "8080")), ports, create_app)


for verb in (
    serving.serve,
    serving.work,
    serving.migrate,
    packages.deploy,
    linting.lint,
    templates.templates,
    testing.test,
    demo.demo,
    setup.setup_demo,
    people.users,
    department_verbs.departments,
    region_verbs.regions,
    item_verbs.items,
    calendar_verbs.calendars,
    backup.backup,
    backup.restore,
):
    cli.add_command(verb)

if __name__ == "__main__":
    cli()
