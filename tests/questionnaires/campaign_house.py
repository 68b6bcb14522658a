"""A buyer with three suppliers in a campaign, for the tests of campaigns, letters and their pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.base import new_key
from models.campaigns import Campaign, Invitation
from models.people import Organisation, OrganisationKind, Person, Role
from models.submissions import Submission, SubmissionState
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


def many_suppliers(session: Session, buyer_id: uuid.UUID, count: int, *, people: bool = False) -> list[uuid.UUID]:
    """Suppliers of a buyer, written as rows since there are thousands; with `people`, somebody to write to at each."""
    companies = [
        {"id": new_key(), "kind": OrganisationKind.SUPPLIER, "name": f"Mill {number:05}", "created_at": NOON}
        for number in range(count)
    ]
    session.execute(insert(Organisation), companies)
    rows = [
        {"id": new_key(), "buyer_id": buyer_id, "organisation_id": company["id"], "created_at": NOON}
        for company in companies
    ]
    session.execute(insert(Supplier), rows)
    if people:
        session.execute(insert(Person), [
            {
                "id": new_key(), "organisation_id": company["id"], "role": Role.SUPPLIER_USER, "name": "P",
                "email": f"p{number}@many.example.org", "password_hash": "", "language": "en", "created_at": NOON,
            }
            for number, company in enumerate(companies)
        ])  # fmt: skip
    return [row["id"] for row in rows]


def many_invited(session: Session, campaign: Campaign, count: int) -> None:
    """So many invitations in a campaign, as rows: one in ten is late, one in three has sent its answers."""
    suppliers = many_suppliers(session, campaign.buyer_id, count)
    laid = [
        {
            "id": new_key(), "questionnaire_id": campaign.questionnaire_id, "supplier_id": supplier_id,
            "issued_by_id": campaign.started_by_id, "issued_at": NOON,
            "due_on": TODAY - timedelta(days=1) if number % 10 == 1 else DUE,
            "state": SubmissionState.DRAFT if number % 3 else SubmissionState.SUBMITTED,
            "submitted_at": None if number % 3 else NOON,
            "submitted_by_id": None if number % 3 else campaign.started_by_id,
        }
        for number, supplier_id in enumerate(suppliers)
    ]  # fmt: skip
    session.execute(insert(Submission), laid)
    session.execute(insert(Invitation), [
        {
            "id": new_key(), "campaign_id": campaign.id, "supplier_id": row["supplier_id"], "submission_id": row["id"],
            "language": "en", "invited_by_id": campaign.started_by_id, "invited_at": NOON,
        }
        for row in laid
    ])  # fmt: skip
