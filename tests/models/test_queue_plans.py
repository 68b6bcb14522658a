"""How the databases find what the desk asks for: from the index, so that a long queue stays as quick as a short one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event

from models.db import Database
from models.documents import DocumentState
from models.findings import Severity
from models.operations import triage
from models.operations.triage import QueueFilter
from tests.factories import make_document, make_finding, make_person, make_supplier

FROM_INDEX = re.compile("USING COVERING INDEX ix_finding_queue|Index (Only )?Scan using ix_finding_queue")


@pytest.mark.parametrize(
    "filters", [QueueFilter(), QueueFilter(signal="FL"), QueueFilter(language="en"), QueueFilter(severity=Severity.LOW)]
)
def test_what_waits_is_listed_and_counted_from_the_index(database: Database, filters: QueueFilter) -> None:
    with database.transaction() as session:
        reviewer = make_person(session)
        make_finding(session, document=make_document(session, state=DocumentState.SCREENED))
    asked: list[tuple[str, Any]] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _r, statement, values, *_: asked.append((statement, values)),
    )
    with database.reading() as session:
        triage.queue(session, by=reviewer, filters=filters)
        triage.counts(session, by=reviewer, filters=filters)
        triage.count_up_to(session, 10, by=reviewer, filters=filters)
    selects = [(text, values) for text, values in asked if "ix_" not in text and "FROM finding" in text]
    assert len(selects) == 3
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # It would read so small a table, whatever index there is.
            connection.exec_driver_sql("SET enable_seqscan = off")
            connection.exec_driver_sql("SET enable_bitmapscan = off")
        for text, values in selects:
            how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
            plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {text}", values))
            assert FROM_INDEX.search(plan), plan


def test_counting_stops_one_above_the_most(database: Database) -> None:
    with database.transaction() as session:
        reviewer = make_person(session)
        supplier = make_supplier(session, buyer=reviewer.organisation)
        document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
        for _ in range(5):
            make_finding(session, document=document)
    with database.reading() as session:
        assert [triage.count_up_to(session, most, by=reviewer) for most in (3, 4, 5, 9)] == [4, 5, 5, 5]
