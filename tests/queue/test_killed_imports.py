"""Workers are ended by force in the middle of an import: no file is lost, and none becomes two documents."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.base import utcnow
from models.documents import Document
from models.imports import EntryState, Import, ImportEntry, ImportKind, ImportState
from models.operations import importing
from models.operations.importing import Place
from models.operations.mapping import everything_of
from models.people import Role
from models.supplychain import Supplier
from tests.factories import make_person
from tests.queue.house import House, kill, make_pdf

FILES = 60


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_worker_loses_no_file_of_an_import_and_doubles_none(house: House, tmp_path: Path) -> None:
    place = tmp_path / "archive"
    place.mkdir()
    for number in range(FILES):
        (place / f"{number:03}.pdf").write_bytes(make_pdf(0, extra=f"Number {number}."))
    house.environ["JUDGE_SECONDS"] = "0"
    house.start()
    with house.runtime.database.transaction() as session:
        supplier = session.get_one(Supplier, house.supplier_id)
        lead = make_person(session, role=Role.COMPLIANCE, organisation=supplier.buyer)
        made = importing.begin(
            session, Place(ImportKind.FOLDER, str(place), "archive"), everything_of(supplier.id), by=lead, now=utcnow()
        )
    kills = 0
    for share in (0.1, 0.5):
        house.wait(lambda share=share: settled(house) >= share * FILES, seconds=60, what="the import stands still")
        if settled(house) < FILES:
            for worker in list(house.workers):
                kill(worker)
                house.workers.remove(worker)
                kills += 1
            time.sleep(0.2)
            house.start_worker()
            house.start_worker()
    house.wait(lambda: state(house) is ImportState.DONE, seconds=90, what="the import did not end")
    with house.runtime.database.reading() as session:
        entries = session.scalars(select(ImportEntry).where(ImportEntry.import_id == made.id)).all()
        documents = session.scalar(select(func.count()).select_from(Document))
    assert kills >= 2
    assert [row.state for row in entries] == [EntryState.TAKEN] * FILES
    assert len({row.document_id for row in entries}) == FILES == documents


def settled(house: House) -> int:
    with house.runtime.database.reading() as session:
        query = select(func.count()).select_from(ImportEntry).where(ImportEntry.state != EntryState.WAITING)
        return int(session.scalar(query) or 0)


def state(house: House) -> ImportState:
    with house.runtime.database.reading() as session:
        return session.scalars(select(Import)).one().state
