"""The column types that both databases share: ids, instants, numbers, small enums and JSON text."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, Numeric, String, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Later than any instant a person gives: where no due instant stands, a list sorted by due ends."""
INTEGER_END, PLACES = 2**63, 10


def to_millisecond(instant: datetime) -> datetime:
    """The instant in UTC, cut to the millisecond that both databases keep."""
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class Id(TypeDecorator[str]):
    """A UUID, written as text in Python, kept in 16 bytes on either database."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL has a type for it; SQLite keeps the bytes."""
        return dialect.type_descriptor(Uuid(as_uuid=False) if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | bytes | None:
        """Text that is no UUID names no row."""
        if value is None:
            return None
        try:
            parsed = uuid.UUID(value)
        except ValueError:
            parsed = uuid.UUID(int=0)
        return str(parsed) if dialect.name == "postgresql" else parsed.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Always the canonical text with hyphens."""
        if value is None or isinstance(value, str):
            return value
        return str(uuid.UUID(bytes=bytes(value)))


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC to the millisecond; SQLite keeps it as milliseconds since 1970."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL: timestamptz. SQLite: an integer, which sorts and compares."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """A naive datetime is a mistake in the program: astimezone would guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = to_millisecond(value)
        return value if dialect.name == "postgresql" else (value - EPOCH) // MILLISECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return EPOCH + int(value) * MILLISECOND


class Number(TypeDecorator[Decimal]):
    """A number that filters compare: whole numbers exactly, fractions to ten places."""

    impl = Numeric(30, 10)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no decimals; its integer column keeps a fraction as the double it is."""
        return dialect.type_descriptor(Numeric(30, 10) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | float | None:
        """On SQLite 64-bit integers and doubles."""
        if value is None or dialect.name == "postgresql":
            return value
        whole = int(value)
        return whole if whole == value and abs(whole) < INTEGER_END else round(float(value), PLACES)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """A double is the shortest decimal that means it."""
        return None if value is None else Decimal(str(value))


class State(TypeDecorator[StrEnum]):
    """One of the values of a StrEnum, stored as its text."""

    impl = String(20)
    cache_ok = True

    def __init__(self, values: type[StrEnum]) -> None:
        super().__init__()
        self.values = values

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Only a known value is stored."""
        return None if value is None else self.values(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """The enum's member."""
        return None if value is None else self.values(value)


class JsonText(TypeDecorator[dict[str, Any]]):
    """A small JSON object that only the program reads."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        """Compact, in UTF-8."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        """The object."""
        return None if value is None else json.loads(value)
