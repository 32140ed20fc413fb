"""Ids are UUIDv7 (RFC 9562, 5.7): they bear their instant, never repeat, and sort as they were made."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from engine.ids import IdSource

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(milliseconds=1)


def test_an_id_is_a_uuid_of_version_7_and_variant_10() -> None:
    id = uuid.UUID(IdSource()(NOON))

    assert id.version == 7
    assert id.variant == uuid.RFC_4122


def test_an_id_bears_its_instant_in_its_first_48_bits() -> None:
    id = uuid.UUID(IdSource()(NOON))

    assert id.int >> 80 == NOON.timestamp() * 1000


def test_ids_of_one_millisecond_sort_as_they_were_made() -> None:
    new_id = IdSource()

    made = [new_id(NOON) for _ in range(4096)]

    assert made == sorted(made)


def test_ids_of_two_commands_that_overlap_sort_as_each_made_them() -> None:
    new_id = IdSource()

    made = [(new_id(NOON), new_id(LATER)) for _ in range(100)]

    for of_one_command in zip(*made, strict=True):
        assert list(of_one_command) == sorted(of_one_command)


def test_more_ids_in_one_millisecond_than_the_counter_holds_never_repeat() -> None:
    new_id = IdSource()

    made = [new_id(NOON) for _ in range(10_000)]

    assert len(set(made)) == 10_000


def test_threads_never_get_the_same_id() -> None:
    new_id = IdSource()

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(NOON), range(4_000)))

    assert len(set(made)) == 4_000
