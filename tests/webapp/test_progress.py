"""The line of progress says what is done, how long it may take, and is silent when there is nothing to say."""

from __future__ import annotations

import uuid

from models.db import Database
from models.documents import DocumentState
from tests.factories import make_document, make_finding, make_supplier
from webapp.progress import Progress


def test_it_is_silent_without_work(database: Database) -> None:
    assert Progress(database).line(0.0) is None


def test_it_counts_documents_and_tells_the_time_left_and_the_end_once(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        waiting = [make_document(session, supplier=supplier, name=f"{number}.pdf") for number in range(4)]
        ids = [document.id for document in waiting]
    progress = Progress(database)
    assert progress.line(0.0) == "Screening: 0 of 4 documents, 0 findings"
    assert progress.line(0.1) is None, "it was asked too soon after the last time"
    finish(database, ids[:2])
    assert progress.line(10.0) == "Screening: 2 of 4 documents, 0 findings, about 10 s left"
    finish(database, ids[2:])
    with database.transaction() as session:
        make_finding(session)
    last = progress.line(20.0)
    assert last == "1 of 5 documents are screened; 4 could not be read, or not in full: 1 finding.\n"
    assert progress.line(30.0) is None


def finish(database: Database, ids: list[uuid.UUID]) -> None:
    from sqlalchemy import select

    from models.base import utcnow
    from models.documents import Document
    from models.work import Work

    with database.transaction() as session:
        for work in session.scalars(select(Work).where(Work.document_id.in_(ids))):
            work.claim(utcnow())
            work.finish(utcnow())
            document = session.get_one(Document, work.document_id)
            document.state, document.reason = DocumentState.REJECTED, "broken"
