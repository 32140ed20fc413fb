"""Every try that failed is kept: what was tried, what went wrong, what was left."""

from typing import Any

from engine.tables import ExternalTask, Failure, Job
from engine.transaction import Transaction


def record(tx: Transaction, work: Job | ExternalTask, message: str, **tried: Any) -> None:
    """Keeps a failed try of work that has been counted already; `tried` are the columns that only its kind has."""
    tx.add(
        Failure(
            id=tx.new_id(),
            region=work.region,
            source_id=work.id,
            instance_id=work.instance_id,
            root_id=work.root_id,
            activity_id=work.activity_id,
            priority=work.priority,
            retries=work.retries,
            message=message,
            failed_at=tx.now,
            **tried,
        )
    )
