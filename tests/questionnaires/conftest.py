"""A buyer, its supplier with two people, and questionnaires that are laid before them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from models.db import Database
from models.people import Person, Role
from models.submissions import Submission
from models.supplychain import Supplier
from questionnaires import issuing
from tests.factories import NOON, make_person, make_supplier

SMALL = """
id: small
version: "1"
title: Small
sections:
  - id: people
    title: People
    questions:
      - {id: workers, kind: number, label: How many people?, required: true, minimum: 0}
      - {id: women, kind: number, label: How many women?, constraint: women <= workers, message: Check both.}
      - {id: housed, kind: yes_no, label: Do you house them?, required: true}
  - id: housing
    title: Housing
    relevant: housed in ['yes', 'partly']
    questions:
      - {id: safe, kind: yes_no, label: Is it safe?, required: true}
      - {id: words, kind: text, label: In your own words}
      - {id: share, kind: computed, label: Share, value: women / workers * 100}
      - {id: risk, kind: single, label: Risk, choices: [{id: low, label: Low}, {id: high, label: High}]}
"""


@dataclass(frozen=True, slots=True)
class House:
    """Everybody who plays a part. The rows may be read after their session has ended."""

    supplier: Supplier
    compliance: Person
    reviewer: Person
    first: Person
    second: Person
    questionnaire_id: object
    submission: Submission


@pytest.fixture
def house(database: Database) -> House:
    with database.transaction() as session:
        return furnish(session)


def furnish(session: Session, source: str = SMALL) -> House:
    """One relation with a questionnaire issued, nobody having opened it."""
    supplier = make_supplier(session)
    compliance = make_person(session, role=Role.COMPLIANCE, organisation=supplier.buyer)
    reviewer = make_person(session, role=Role.REVIEWER, organisation=supplier.buyer)
    first, second = (
        make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation) for _ in range(2)
    )
    row = issuing.publish(session, source, {}, by=compliance, now=NOON)
    issued = issuing.issue(
        session,
        row.id,
        supplier.id,
        by=compliance,
        now=NOON,
        prefilled={"risk": "high"} if "id: risk" in source else {},
    )
    return House(supplier, compliance, reviewer, first, second, row.id, issued)
