"""A buyer with three suppliers in a campaign, for the tests of campaigns, letters and their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.campaigns import Campaign, Invitation
from models.people import Person, Role
from models.supplychain import Supplier
from questionnaires import campaigning, issuing, returning
from questionnaires.campaigning import Plan
from tests.factories import NOON, TODAY, make_person, make_supplier

DUE = TODAY + timedelta(days=30)
SMALL = """
id: small
version: "1"
title: A few questions
sections:
  - id: people
    title: People
    questions:
      - {id: workers, kind: number, label: How many people?, required: true, minimum: 0}
"""
DUTCH = {"nl": "title: Een paar vragen\npeople.title: Mensen\nworkers.label: Hoeveel mensen?\n"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Everybody who plays a part. The rows may be read after their session has ended."""

    compliance: Person
    suppliers: tuple[Supplier, ...]
    people: tuple[Person, ...]
    """One at each supplier."""
    campaign: Campaign
    invitations: tuple[Invitation, ...]
    """Of those who are invited already, in the order of the suppliers."""


def ask(
    session: Session, *, suppliers: int = 3, due_on: date = DUE, languages: tuple[str, ...] = ("en", "nl")
) -> Asked:
    compliance = make_person(session, role=Role.COMPLIANCE)
    made = tuple(make_supplier(session, buyer=compliance.organisation) for _ in range(suppliers))
    people = tuple(make_person(session, role=Role.SUPPLIER_USER, organisation=each.organisation) for each in made)
    if len(people) > 1:
        people[1].language = "nl"
    row = issuing.publish(session, SMALL, DUTCH, by=compliance, now=NOON)
    plan = Plan("Spring round", row.id, [each.id for each in made], due_on, languages)
    campaign = campaigning.start(session, plan, by=compliance, now=NOON)
    found = {row.supplier_id: row for row in returning.full(session, returning.lines(session, campaign))}
    return Asked(compliance, made, people, campaign, tuple(found[each.id] for each in made if each.id in found))
