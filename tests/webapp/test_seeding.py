"""The invented installation for measuring: as asked for, sound, the same each time, and never beside real records."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from models.db import Database
from models.documents import Document, Page
from models.errors import NotAllowed
from models.findings import Finding, Verdict
from models.journal import FIRST, verify
from models.operations import planning, triage
from models.operations.searching import documents_saying
from models.people import Organisation, Person, Role
from models.plans import Plan
from tests.factories import make_person
from webapp.cli import main
from webapp.seeding import Size, load
from webapp.seeding.company import Company, Relation
from webapp.seeding.deciding import Deeds
from webapp.seeding.papers import papers

SMALL = Size.of(400, documents=40, suppliers=6, reviewers=4, today=date(2026, 3, 2))


def test_as_many_rows_as_asked_for_each_in_its_place(database: Database) -> None:
    company = load.fill(database, SMALL)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Finding)) == 400
        assert session.scalar(select(func.count()).select_from(Document)) == 40
        assert len(company.reviewers) == 4
        rows = session.execute(select(Finding.quote, Finding.start, Finding.end, Page.text).join(Finding.page))
        assert all(row.text[row.start : row.end] == row.quote for row in rows)
        assert verify(session) is None
        verdicts = set(session.scalars(select(Finding.verdict)))
        assert verdicts == {Verdict.CONFIRMED, Verdict.REJECTED, None}
        by_supplier = sorted(
            session.scalars(select(func.count(Finding.id)).group_by(Finding.supplier_id)), reverse=True
        )
        assert by_supplier[0] > 2 * by_supplier[-1]
        assert session.scalar(select(func.count()).select_from(Plan))


def test_the_pages_operations_work_on_what_was_invented(database: Database) -> None:
    company = load.fill(database, SMALL)
    with database.reading() as session:
        reviewer = session.get_one(Person, company.reviewers[0])
        lead = session.scalars(select(Person).where(Person.role == Role.COMPLIANCE)).one()
        waiting = triage.queue(session, by=lead, limit=500).rows
        assert sum(triage.counts(session, by=lead).values()) == len(waiting) > 0
        assert all(one.queue_rank <= other.queue_rank for one, other in pairwise(waiting))
        assert documents_saying(session, "visited notice", by=reviewer)
        quote = waiting[0].quote
        filters = triage.QueueFilter(settled=None, words=quote.split()[-1])
        assert triage.queue(session, by=reviewer, filters=filters).rows
        assert planning.plans(session, by=lead).rows


def test_the_same_seed_invents_the_same_and_another_seed_something_else() -> None:
    assert _invented(7) == _invented(7)
    assert _invented(7) != _invented(8)


def test_indexes_search_and_checks_are_as_they_were(database: Database) -> None:
    before = _names(database)
    load.fill(database, SMALL)
    assert _names(database) == before
    with database.transaction() as session:
        document = session.scalars(select(Document).limit(1)).one()
        document.name = "renamed quite afresh.pdf"  # The index learns of changes again.
    with database.reading() as session:
        reviewer = session.scalars(select(Person).where(Person.role == Role.REVIEWER).limit(1)).one()
        assert [hit.document_id for hit in documents_saying(session, "afresh", by=reviewer)] == [document.id]


def test_a_database_with_an_organisation_is_refused_and_left_as_it_is(database: Database) -> None:
    with database.transaction() as session:
        make_person(session)
    with pytest.raises(NotAllowed, match="holds organisations already"):
        load.fill(database, SMALL)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_nothing_is_invented_in_production(database: Database) -> None:
    with pytest.raises(NotAllowed, match="production"):
        load.fill(database, SMALL, production=True)


def test_the_command_says_what_it_made_and_who_may_log_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALIENT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    first, again = (CliRunner().invoke(main, ["seed", "--findings", "30", "--today", "2026-03-02"]) for _ in range(2))
    assert first.exit_code == 0, first.output
    assert "30 findings in 3 documents of 3 suppliers" in first.output
    assert "reviewer1@seed.example" in first.output
    assert again.exit_code == 1
    assert "holds organisations already" in again.output


def _invented(seed: int) -> list[dict[str, object]]:
    key = UUID(int=1)
    relation = Relation(key, key, key, "PT")
    company = Company(key, (key, UUID(int=2)), key, key, (relation,), (1.0, 2.0), (1.0,), ())
    draw = random.Random(seed)
    deeds, found = Deeds(company, draw, 0, FIRST), []
    for paper in papers(replace(SMALL, seed=seed), company, draw):
        deeds.decide(paper)
        found += [paper.document, *paper.pages, *paper.findings, *paper.signals]
    return [*found, *deeds.plans, *deeds.journal, *deeds.opinions, *deeds.askings]


def _names(database: Database) -> set[str]:
    """The names of all indexes and triggers."""
    where = (
        "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') AND name NOT LIKE 'sqlite_%'"
        if database.engine.dialect.name == "sqlite"
        else "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
    )
    with database.engine.connect() as connection:
        return set(connection.scalars(text(where)))
