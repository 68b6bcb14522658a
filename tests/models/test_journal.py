"""The journal keeps what was done, and shows when somebody changed it."""

from __future__ import annotations

import threading
import uuid

import pytest
from sqlalchemy import func, select, text

from models.db import Database
from models.journal import Entry, note, verify
from tests.factories import NOON


def _write(database: Database, acts: int = 3) -> None:
    for number in range(acts):
        with database.transaction() as session:
            note(session, "test.act", uuid.uuid4(), organisation_id=None, actor_id=None, at=NOON, number=number)


def _note_and_fail(database: Database) -> None:
    with database.transaction() as session:
        note(session, "test.act", "x", organisation_id=None, actor_id=None)
        raise RuntimeError


def test_an_untouched_journal_holds(database: Database) -> None:
    _write(database)
    with database.reading() as session:
        assert verify(session) is None
        assert [entry.number for entry in session.scalars(select(Entry).order_by(Entry.number))] == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET act = 'test.other' WHERE number = 2",
        "UPDATE journal SET detail = '{}' WHERE number = 2",
        "UPDATE journal SET actor_id = NULL, thing_id = 'another' WHERE number = 2",
        "UPDATE journal SET seal = previous WHERE number = 2",
        "DELETE FROM journal WHERE number = 2",
    ],
)
def test_a_changed_or_missing_entry_is_named(database: Database, change: str) -> None:
    _write(database)
    with database.engine.begin() as connection:
        connection.execute(text(change))
    with database.reading() as session:
        broken = verify(session)
    assert broken is not None
    assert broken.number == 2


def test_entries_cut_off_at_the_end_are_noticed(database: Database) -> None:
    _write(database)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM journal WHERE number = 3"))
    with database.reading() as session:
        broken = verify(session)
    assert broken is not None
    assert broken.number == 3


def test_a_transaction_that_fails_leaves_no_trace(database: Database) -> None:
    with pytest.raises(RuntimeError):
        _note_and_fail(database)
    _write(database, acts=1)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 1
        assert verify(session) is None


def test_many_writers_at_once_make_one_unbroken_chain(database: Database) -> None:
    threads = [threading.Thread(target=_write, args=(database, 5)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 30
        assert verify(session) is None
