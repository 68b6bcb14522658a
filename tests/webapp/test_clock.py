"""The clock rings for what stalled, gives up what failed too often, and outlives a database that is away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.base import utcnow
from models.db import Database
from models.vault import FolderVault
from models.work import LEASE, Work, WorkState
from tests.factories import make_document
from webapp import clock
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.settings import Settings


@pytest.fixture
def opened(database: Database, vault: FolderVault, tmp_path: Path) -> Runtime:
    settings = Settings(data=tmp_path)
    return Runtime(settings, database, vault, Doorbell(settings.queue))


def test_it_rings_for_waiting_work_and_for_work_whose_worker_fell_silent(
    opened: Runtime, rung: list[tuple[str, dict[str, str]]]
) -> None:
    now = utcnow()
    with opened.database.transaction() as session:
        silent = make_document(session)
        heard = make_document(session)
        session.scalars(select(Work).where(Work.document_id == silent.id)).one().claim(
            now - LEASE - timedelta(seconds=1)
        )
        session.scalars(select(Work).where(Work.document_id == heard.id)).one().claim(now)
        waiting = make_document(session)
    swept = clock.sweep(opened, opened.doorbell, now=now)
    assert swept is not None
    assert (swept.rung, swept.set_aside) == (2, 0)
    assert {ids["document_id"] for _, ids in rung} == {str(silent.id), str(waiting.id)}


def test_it_sets_aside_what_failed_too_often(opened: Runtime) -> None:
    now = utcnow()
    with opened.database.transaction() as session:
        document = make_document(session)
        work = session.scalars(select(Work).where(Work.document_id == document.id)).one()
        for _ in range(3):
            work.claim(now - LEASE - timedelta(seconds=1))
    swept = clock.sweep(opened, opened.doorbell, now=now)
    assert swept is not None
    assert swept.set_aside == 1
    with opened.database.reading() as session:
        assert session.get_one(Work, work.id).state is WorkState.SET_ASIDE


def test_a_database_that_is_not_ready_is_waited_for(tmp_path: Path, vault: FolderVault) -> None:
    settings = Settings(data=tmp_path)
    empty = Database.open(f"sqlite:///{tmp_path}/empty.db")
    opened = Runtime(settings, empty, vault, Doorbell(settings.queue))
    assert clock.sweep(opened, opened.doorbell, now=utcnow()) is None
    clock.tidy(opened, now=utcnow())
    opened.close()
