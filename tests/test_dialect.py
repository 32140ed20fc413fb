"""What the two databases promise alike: durability, references, inserting or updating, and one URL each."""

from contextlib import closing

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.ports import Ports
from engine.store import contents
from engine.store.dialect import insert_missing, is_lost_race, open_engine, upsert
from engine.tables import Candidate, Resource, Variable
from engine.transaction import Database, Transaction
from tests.world import OFFICER


def test_sqlite_survives_a_power_cut_after_an_acknowledged_act(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
    engine.dispose()


def test_a_postgresql_url_needs_no_driver_in_it(postgresql_url: str) -> None:
    engine = open_engine(postgresql_url)
    with engine.connect() as connection:
        assert str(connection.scalar(text("SHOW server_encoding"))) == "UTF8"
    engine.dispose()


def test_a_read_leaves_a_connection_its_prepared_statements(postgresql_url: str, ports: Ports) -> None:
    prepared = text("SELECT count(*) FROM pg_prepared_statements")
    with closing(Database(postgresql_url, ports, pool_size=1)) as database:
        for _ in range(10):
            with database.view(OFFICER) as tx:
                found = tx.session.scalar(prepared)

    assert found == 1


def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    def refer_to_nothing() -> None:
        with database.begin(OFFICER) as tx:
            id = tx.new_id()
            tx.add(Resource(id=id, deployment_id=id, name="r.bpmn", sha256="0" * 64, content=b""))

    with pytest.raises(IntegrityError) as refused:
        refer_to_nothing()

    assert not is_lost_race(refused.value)


def set_variable(tx: Transaction, scope: str, name: str, value: str) -> None:
    row = {"scope_id": scope, "instance_id": scope, "name": name, "type": "String", "text": value, "revision": 1}
    upsert(tx.session.connection(), Variable, [row], ["scope_id", "name"], ["text"])


def test_upsert_inserts_what_is_missing_and_updates_what_is_there(database: Database) -> None:
    with database.begin(OFFICER) as tx:
        scope = tx.new_id()
        set_variable(tx, scope, "licence", "first")
        set_variable(tx, scope, "seal", "only")
        set_variable(tx, scope, "licence", "second")

    with database.view(OFFICER) as tx:
        kept = {row.name: (row.text, row.revision) for row in tx.session.scalars(select(Variable))}

    assert kept == {"licence": ("second", 2), "seal": ("only", 1)}


def test_insert_missing_says_whether_it_inserted(database: Database) -> None:
    with database.begin(OFFICER) as tx:
        candidate = {"task_id": tx.new_id(), "kind": "group", "name": "taxation"}

        assert insert_missing(tx.session.connection(), Candidate, candidate)
        assert not insert_missing(tx.session.connection(), Candidate, candidate)

    with database.view(OFFICER) as tx:
        assert len(tx.session.scalars(select(Candidate)).all()) == 1


def test_a_mistake_in_a_statement_is_no_lost_race(database: Database) -> None:
    with database.view(OFFICER) as tx, pytest.raises(DBAPIError) as refused:
        tx.session.execute(text("SELECT nothing FROM nowhere"))

    assert not is_lost_race(refused.value)


def test_bytes_and_chinese_come_back_as_they_were(database: Database) -> None:
    everything, sentence = bytes(range(256)), "统一社会信用代码：91350100M000100Y43"
    with database.begin(OFFICER) as tx:
        id = contents.put(tx, everything)
        set_variable(tx, id, "代码", sentence)

    with database.view(OFFICER) as tx:
        assert contents.get(tx, id).read() == everything
        assert tx.session.get_one(Variable, (id, "代码")).text == sentence
