"""Case numbers: region, day and a serial number without gaps, given at receipt; and the applicant's query code."""

import re
import secrets
from datetime import date

from sqlalchemy import update

from casework.tables import CaseNumberSequence
from engine.store.dialect import insert_missing
from engine.transaction import Transaction

CASE_NUMBER = re.compile(r"[0-9]{6,12}2[0-9]{7}[0-9]{6,}")
QUERY_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
QUERY_CODE_LENGTH = 8


def next_number(tx: Transaction, region: str, day: date) -> str:
    """The next number of a region on a day, such as 000000202611220001; others who need one wait for this command."""
    connection = tx.session.connection()
    insert_missing(connection, CaseNumberSequence, {"region": region, "day": day, "last": 0, "revision": 1})
    raised = (
        update(CaseNumberSequence)
        .where(CaseNumberSequence.region == region, CaseNumberSequence.day == day)
        .values(last=CaseNumberSequence.last + 1, revision=CaseNumberSequence.revision + 1)
        .returning(CaseNumberSequence.last)
    )
    last = tx.session.execute(raised, execution_options={"synchronize_session": False}).scalar_one()
    return f"{region}{day:%Y%m%d}{last:06d}"


def query_code() -> str:
    """What an applicant needs beside the number to follow a case without a login; letters that are not mistaken."""
    return "".join(secrets.choice(QUERY_CODE_ALPHABET) for _ in range(QUERY_CODE_LENGTH))
