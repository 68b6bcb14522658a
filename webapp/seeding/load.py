"""Puts an invented installation into an empty database, all of it or nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select, update

from models.db import Database
from models.documents import Document, Page
from models.errors import NotAllowed
from models.findings import Finding, FindingSignal
from models.journal import Entry, JournalHead
from models.people import Organisation
from models.plan_parts import Action, Milestone, PlanFinding
from models.plans import Plan
from models.review import Asking, Opinion
from webapp.seeding import Size
from webapp.seeding.company import Company, found
from webapp.seeding.deciding import Deeds
from webapp.seeding.papers import Paper, papers
from webapp.seeding.writing import Writer, settle, without_indexes

PORTION = 500
"""So many documents are written together."""

Told = Callable[[int], object]
"""Is told how many findings were written since it was told last."""


def fill(
    database: Database, size: Size, *, password_hash: str = "", production: bool = False, told: Told = lambda _: None
) -> Company:
    """Invent an installation of this size. Answers who is in it; without `password_hash` nobody can log in.

    Documents have their texts but no files behind them. Raises NotAllowed in production, and where the database
    holds an organisation already, before anything is written.
    """
    if production:
        raise NotAllowed("Invented records have no place in production: nothing was written.")
    with database.engine.connect() as connection, connection.begin():
        if connection.scalar(select(Organisation.id).limit(1)) is not None:
            raise NotAllowed("This database holds organisations already: seed an empty one, in a new data folder.")
        company = _write(connection, size, password_hash, told)
    settle(database.engine)
    return company


def _write(connection: Connection, size: Size, password_hash: str, told: Told) -> Company:
    draw, writer = random.Random(size.seed), Writer(connection)  # noqa: S311 It is to be the same each time.
    company = found(writer, size, draw, password_hash)
    head = connection.execute(select(JournalHead.number, JournalHead.seal)).one()
    deeds, portion = Deeds(company, draw, head.number, head.seal), list[Paper]()
    filled = [_table(noun) for noun in (Document, Page, Finding, FindingSignal, Entry, Plan, PlanFinding)]
    with without_indexes(connection, filled):
        for paper in papers(size, company, draw):
            deeds.decide(paper)
            portion.append(paper)
            if len(portion) == PORTION:
                told(_put(writer, portion, deeds))
                portion = []
        told(_put(writer, portion, deeds))
    connection.execute(update(JournalHead).where(JournalHead.id == 1).values(number=deeds.number, seal=deeds.seal))
    return company


def _put(writer: Writer, portion: list[Paper], deeds: Deeds) -> int:
    findings = [row for paper in portion for row in paper.findings]
    for noun, rows in (
        (Document, [paper.document for paper in portion]),
        (Page, [row for paper in portion for row in paper.pages]),
        (Finding, findings),
        (FindingSignal, [row for paper in portion for row in paper.signals]),
        (Opinion, deeds.opinions),
        (Asking, deeds.askings),
        (Plan, deeds.plans),
        (PlanFinding, deeds.plan_findings),
        (Action, deeds.actions),
        (Milestone, deeds.milestones),
        (Entry, deeds.journal),
    ):
        writer.write(_table(noun), rows)
    deeds.clear()
    return len(findings)


def _table(noun: Any) -> Any:
    return noun.__table__
