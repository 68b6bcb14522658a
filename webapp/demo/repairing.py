"""Plans of the demonstration, in four stages of their life, made for findings of its archive once that is screened."""

from __future__ import annotations

import logging
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.db import Database
from models.errors import DomainError
from models.findings import Finding
from models.operations import plan_agreeing as agreeing
from models.operations import plan_verifying as verifying
from models.operations import plan_working as working
from models.operations import triage
from models.people import Person
from models.plan_paper import terms_of
from models.plan_policy import DEFAULT, Policy
from models.plan_terms import Terms, line_of
from models.plans import Plan, Verification
from models.supplychain import Supplier
from models.work import Work, WorkState
from webapp.demo import company
from webapp.demo.company import Somebody
from webapp.demo.texts import FOLDER
from webapp.logging import trace

log = logging.getLogger(__name__)


class Stage(StrEnum):
    """How far a plan of the demonstration has come; each holds what those before it went through."""

    PROPOSED = "proposed"
    """By the supplier: the buyer is to answer."""
    UNDER_WAY = "under_way"
    TO_VERIFY = "to_verify"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Story:
    """One plan as the file tells it. `steps` are titles, days from today, and what will show that they were taken."""

    supplier: str
    words: str
    """Stand in the passage that the plan is for."""
    stage: Stage
    head: Terms
    actions: tuple[dict[str, str], ...]
    steps: tuple[tuple[str, int, str], ...]
    said: str = ""
    closed: str = ""
    remedy: str = ""

    def terms(self, draft: Terms, today: date) -> dict[str, str]:
        """The paper of the plan: the days of the draft, and the words of the story. No step ends after the plan."""
        paper = {name: text for name, text in draft.items() if line_of(name) is None} | dict(self.head)
        for number, action in enumerate(self.actions, start=1):
            paper |= {f"action.{number}.{name}": text for name, text in action.items()}
        for number, (title, days, evidence) in enumerate(self.steps, start=1):
            day, line = (today + timedelta(days=days)).isoformat(), f"milestone.{number}"
            paper |= {f"{line}.title": title, f"{line}.evidence": evidence}
            paper[f"{line}.due_on"] = min(day, paper["due_on"])
        return paper


@dataclass(frozen=True, slots=True)
class _Cast:
    reviewer: Person
    second: Person
    supplier: Person


def stories() -> tuple[Story, ...]:
    """The plans of the file."""
    raw = tomllib.loads((FOLDER / "plans.toml").read_text(encoding="utf-8"))
    return tuple(_story(entry) for entry in raw["plan"])


def plan_when_screened(database: Database, *, now: datetime, policy: Policy = DEFAULT) -> bool:
    """Make the plans as soon as no document waits. Answers whether there is nothing left to do.

    Nothing is made where a plan exists: somebody works here already. A passage that the screening did not flag,
    or that somebody has judged, gets no plan. All or none are made; a database that is away is asked again.
    """
    try:
        with database.transaction() as session:
            open_work = select(Work.id).where(Work.state.in_((WorkState.WAITING, WorkState.RUNNING))).limit(1)
            if session.scalar(open_work) is not None:
                return False
            if session.scalar(select(Plan.id).limit(1)) is None:
                _make_all(session, now, policy)
    except SQLAlchemyError as error:
        log.warning("demonstration_plans_wait", extra=trace(error))
        return False
    except DomainError as error:
        log.warning("demonstration_without_plans", extra=trace(error))
    return True


def _make_all(session: Session, now: datetime, policy: Policy) -> None:
    invented = company.read()
    sellers = {seller.key: seller for seller in invented.sellers}
    buyers = {somebody.key: _find(session, somebody) for somebody in invented.people}
    for story in stories():
        people = (buyers["reviewer"], buyers["reviewer2"], _find(session, sellers[story.supplier].person))
        if None in people:
            continue
        cast = _Cast(*(person for person in people if person is not None))
        finding = _finding(session, cast.supplier, story)
        if finding is not None:
            _play(session, story, finding, cast, now, policy)


def _play(session: Session, story: Story, finding: Finding, cast: _Cast, now: datetime, policy: Policy) -> None:
    made = triage.confirm(session, finding.id, by=cast.reviewer, now=now, policy=policy)
    if made is None:
        return
    words = story.terms(terms_of(made), now.date())
    if story.stage is Stage.PROPOSED:
        agreeing.send(session, made.id, signed=False, by=cast.reviewer, now=now, version=made.version)
        agreeing.propose(session, made.id, words, on=made.edition, by=cast.supplier, now=now)
        return
    agreeing.write(session, made.id, words, on=made.edition, by=cast.reviewer, now=now)
    agreeing.send(session, made.id, signed=True, by=cast.reviewer, now=now, version=made.version)
    agreeing.sign(session, made.id, by=cast.supplier, now=now, version=made.version)
    working.begin(session, made.id, by=cast.supplier, now=now, version=made.version)
    if story.stage is not Stage.UNDER_WAY:
        _finish(session, story, made, cast, now, policy)


def _finish(session: Session, story: Story, made: Plan, cast: _Cast, now: datetime, policy: Policy) -> None:
    for step in list(made.milestones):
        working.finish_milestone(session, made.id, step.id, by=cast.supplier, now=now)
    verifying.submit_evidence(
        session, made.id, text=story.said, by=cast.supplier, now=now, version=made.version, policy=policy
    )
    if story.stage is Stage.CLOSED:
        working.decide_remedy(session, made.id, needed=False, reason=story.remedy, by=cast.reviewer, now=now)
        verifying.take_up(
            session, made.id, how=Verification.VISIT, by=cast.second, now=now, version=made.version
        )  # fmt: skip
        verifying.close(session, made.id, reason=story.closed, by=cast.second, now=now, version=made.version)


def _finding(session: Session, person: Person, story: Story) -> Finding | None:
    """The flag on the passage that the story is about, if nobody has judged it."""
    query = (
        select(Finding)
        .join(Supplier, Supplier.id == Finding.supplier_id)
        .where(Supplier.organisation_id == person.organisation_id, Finding.verdict.is_(None))
        .order_by(Finding.id)
    )
    return next((row for row in session.scalars(query) if story.words in " ".join(row.quote.split())), None)


def _find(session: Session, somebody: Somebody) -> Person | None:
    return session.scalar(select(Person).where(Person.email == somebody.email))


def _story(entry: dict[str, Any]) -> Story:
    return Story(
        supplier=entry["supplier"], words=entry["words"], stage=Stage(entry["stage"]),
        head={name: entry[name] for name in ("root_cause", "responsible", "indicator")},
        actions=tuple(entry["actions"]),
        steps=tuple((step["title"], step["days"], step["evidence"]) for step in entry["steps"]),
        said=entry.get("said", ""), closed=entry.get("closed", ""), remedy=entry.get("remedy", ""),
    )  # fmt: skip
