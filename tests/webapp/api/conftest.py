"""Programs with tokens, and a small world: one buyer with its people, one supplier, a finding and a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.db import Database
from models.documents import Document, DocumentState
from models.findings import Finding, Severity
from models.people import BUYER_ROLES, Person, Role
from models.plans import Plan, PlanState
from models.supplychain import Supplier
from models.tokens import Reach
from tests.factories import TODAY, make_document, make_finding, make_person, make_plan, make_supplier
from tests.webapp.api.programs import Program, program

Connect = Callable[..., Program]


@dataclass(frozen=True, slots=True)
class Small:
    """What most tests need; everything in it is new, and somebody else's people are in it too."""

    supplier: Supplier
    sender: Person
    reviewer: Person
    compliance: Person
    admin: Person
    colleague: Person
    document: Document
    finding: Finding
    plan: Plan
    stranger: Person
    """The administrator of another buyer."""


@pytest.fixture
def small(database: Database) -> Small:
    with database.transaction() as session:
        supplier = make_supplier(session)
        people = [
            make_person(session, role=role, organisation=supplier.buyer)
            for role in (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN, Role.REVIEWER)
        ]
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        document = make_document(session, supplier=supplier, by=sender, state=DocumentState.SCREENED)
        finding = make_finding(session, document=document, severity=Severity.HIGH)
        plan = make_plan(
            session, finding=make_finding(session, document=document), by=people[0], state=PlanState.AGREED,
            supplier_person=sender, steps=(("Lockers", TODAY),),
        )  # fmt: skip
        stranger = make_person(session, role=Role.ADMIN)
        return Small(supplier, sender, *people, document, finding, plan, stranger)  # type: ignore[arg-type]


@pytest.fixture
def connect(app: Flask, database: Database) -> Connect:
    """Makes a program that acts for a person; an administrator makes the token where it must."""

    def made(person: Person, *, reach: Reach = Reach.WRITE) -> Program:
        query = select(Person).where(Person.organisation_id == person.organisation_id, Person.role == Role.ADMIN)
        with database.reading() as session:
            admin = session.scalars(query.limit(1)).first() if person.role in BUYER_ROLES else None
        return program(app, database, person, by=admin, reach=reach)

    return made


ON_BOTH = (
    "test_two_that_come_at_once", "test_two_reviewers_by_two_doors", "test_a_sender_that_fell_silent",
    "test_the_queue_is_down", "test_the_same_call_with_the_same_key",
)  # fmt: skip
"""What locks, waits or repeats is tried on both kinds of database; the rest is the same on either."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second round of the other tests, so that the whole run stays a matter of minutes."""
    here = Path(__file__).parent
    again = [
        item
        for item in items
        if item.path.parent == here and not item.name.startswith(ON_BOTH) and item.get_closest_marker("postgres")
    ]
    if again:
        config.hook.pytest_deselected(items=again)
        left_out = set(map(id, again))
        items[:] = [item for item in items if id(item) not in left_out]
