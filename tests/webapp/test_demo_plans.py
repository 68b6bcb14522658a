"""The plans of the demonstration: one a stage, by real operations, and never over somebody's own work."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from models.base import utcnow
from models.db import Database
from models.documents import DocumentState
from models.findings import Severity
from models.journal import verify
from models.people import Person
from models.plans import Plan, PlanState
from models.supplychain import Supplier
from models.vault import FolderVault
from models.work import Work, WorkState
from tests.factories import make_document, make_finding, make_plan
from webapp.demo import company, repairing, texts
from webapp.demo.load import load

SECRET = "a key of an installation that is long enough"
NOW = utcnow()


def screened(database: Database, *, but: str = "") -> None:
    """The company, with a finding on each passage that a plan is for, as if a screening had raised it."""
    emails = {seller.key: seller.person.email for seller in company.read().sellers}
    passages = [truth.quote for text in texts.load_all() for truth in text.truths if truth.flag]
    with database.transaction() as session:
        for work in session.scalars(select(Work)):
            work.state = WorkState.DONE
        for story in repairing.stories():
            quote = next(quote for quote in passages if story.words in quote)
            query = (
                select(Supplier)
                .join(Person, Person.organisation_id == Supplier.organisation_id)
                .where(Person.email == emails[story.supplier])
            )
            if story.words != but:
                document = make_document(session, supplier=session.scalars(query).one(), state=DocumentState.SCREENED)
                make_finding(session, document=document, quote=quote.replace(" ", "\n", 1), severity=Severity.CRITICAL)


def states(database: Database) -> list[PlanState]:
    with database.reading() as session:
        return sorted(session.scalars(select(Plan.state)))


def test_every_story_is_about_a_passage_that_the_archive_prints_once() -> None:
    truths = [(text.supplier, truth.quote) for text in texts.load_all() for truth in text.truths if truth.flag]
    for story in repairing.stories():
        assert [supplier for supplier, quote in truths if story.words in quote] == [story.supplier]


def test_the_plans_stand_in_four_stages_once_nothing_waits(database: Database, vault: FolderVault) -> None:
    load(database, vault, secret=SECRET, production=False, now=NOW)
    assert not repairing.plan_when_screened(database, now=NOW)
    assert states(database) == []
    screened(database)
    assert repairing.plan_when_screened(database, now=NOW)
    wanted = [PlanState.PROPOSED, PlanState.IN_PROGRESS, PlanState.EVIDENCE_SUBMITTED, PlanState.CLOSED]
    assert states(database) == sorted(wanted)
    with database.reading() as session:
        assert verify(session) is None
        plans = {plan.state: plan for plan in session.scalars(select(Plan))}
        yesterday = NOW.date() - timedelta(days=1)
        assert next(step.due_on for step in plans[PlanState.IN_PROGRESS].milestones if not step.done_at) == yesterday
        assert plans[PlanState.CLOSED].closed_by_id != plans[PlanState.CLOSED].opened_by_id
        assert len({plan.supplier_id for plan in plans.values()}) == len(wanted)


def test_a_second_start_and_somebodys_own_plan_are_left_alone(database: Database, vault: FolderVault) -> None:
    load(database, vault, secret=SECRET, production=False, now=NOW)
    screened(database)
    with database.transaction() as session:
        make_plan(session)
    assert repairing.plan_when_screened(database, now=NOW)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 1


def test_a_passage_that_was_not_flagged_gets_no_plan(database: Database, vault: FolderVault) -> None:
    load(database, vault, secret=SECRET, production=False, now=NOW)
    screened(database, but=repairing.stories()[0].words)
    assert repairing.plan_when_screened(database, now=NOW)
    assert PlanState.PROPOSED not in states(database)
    assert len(states(database)) == len(repairing.stories()) - 1
