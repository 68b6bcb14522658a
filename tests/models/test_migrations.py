"""The tables are what the code says, and can be brought forward and back with data in every state."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text

from models import migrations
from models.db import Database
from models.documents import Document, DocumentState, Page, PageStatus
from models.findings import RejectReason, Severity
from models.journal import note, verify
from models.migrations import desk_search
from models.nouns import Base
from models.plans import Plan, PlanState
from tests.factories import make_document, make_finding, make_plan


def _is_described(_thing: object, name: str | None, *_more: object) -> bool:
    """The search keeps tables of its own, which are no nouns."""
    return not desk_search.is_ours(name)


def _fill(database: Database) -> None:
    with database.transaction() as session:
        for state in DocumentState:
            make_document(session, state=state)
        for severity in Severity:
            make_finding(session, severity=severity)
        for state in PlanState:
            plan = make_plan(session, state=state)
        finding = make_finding(session)
        finding.reject(RejectReason.POLICY, by=plan.opened_by, remark="", at=plan.opened_at)
        note(session, "test.filled", finding.id, organisation_id=None, actor_id=None)


def test_the_newest_revision_gives_the_tables_that_the_code_describes(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_described})
        assert compare_metadata(context, Base.metadata) == []
    assert migrations.current(database.engine) == migrations.head()


def test_upgrading_again_changes_nothing(database: Database) -> None:
    _fill(database)
    migrations.upgrade(database.engine)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == len(_documents_made())
        assert verify(session) is None


def _documents_made() -> list[str]:
    """One document a state, and one for each finding that a severity, a plan and the rejection brought."""
    return [*DocumentState, *Severity, *PlanState, "rejected"]


@pytest.mark.parametrize("revision", ["base"])
def test_every_revision_can_be_taken_back_with_data_in_every_state(database: Database, revision: str) -> None:
    _fill(database)
    migrations.downgrade(database.engine, revision)
    assert migrations.current(database.engine) is None
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(database.engine)
    _fill(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == len(PlanState)
        assert session.execute(text("SELECT number FROM journal_head")).scalar() == 1


def test_pages_that_a_person_should_look_at_are_counted_for_what_was_read_before(database: Database) -> None:
    with database.transaction() as session:
        doubted, plain = make_document(session), make_document(session)
        for document, doubts, is_hidden in ((doubted, ["other_letters"], False), (plain, [], False)):
            page = Page(
                document_id=document.id, number=90, status=PageStatus.READ, doubts=doubts, hidden_text=is_hidden
            )
            session.add(page)
        session.add(Page(document_id=doubted.id, number=91, status=PageStatus.READ, hidden_text=True))
        session.add(Page(document_id=plain.id, number=91, status=PageStatus.READ))
        keys = doubted.id, plain.id
    migrations.downgrade(database.engine, "0019")
    migrations.upgrade(database.engine)
    with database.reading() as session:
        assert [session.get_one(Document, key).pages_doubted for key in keys] == [2, 0]
