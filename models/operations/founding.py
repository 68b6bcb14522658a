"""How a company begins: a buyer with its first administrator, and the suppliers that it takes up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid
from models.journal import note
from models.operations.accounts import free_address
from models.operations.scope import allow
from models.people import Organisation, OrganisationKind, Person, Role
from models.supplychain import Supplier


def found_buyer(
    session: Session, company: str, *, admin: str, email: str, password_hash: str, language: str, now: datetime
) -> Person:
    """Begin a buying company with its first administrator, who then gives log-ins to colleagues.

    Nobody is logged in yet, so this is for the operator of the machine, and no page offers it. Raises Invalid,
    or Conflict for a known address or a buyer of this name.
    """
    name = _named(company)
    query = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.BUYER, func.lower(Organisation.name) == name.lower()
    )
    if session.scalar(query) is not None:
        raise Conflict("There is a buyer of this name already.")
    organisation = Organisation(kind=OrganisationKind.BUYER, name=name, created_at=now)
    person = _first_person(
        session, organisation, Role.ADMIN, name=admin, email=email, password_hash=password_hash, language=language,
        now=now,
    )  # fmt: skip
    note(session, "buyer.founded", organisation.id, organisation_id=organisation.id, actor_id=None, at=now)
    return person


def add_supplier(
    session: Session,
    company: str,
    *,
    person: str,
    email: str,
    password_hash: str,
    language: str,
    by: Person,
    now: datetime,
) -> Supplier:
    """Take up a supplier, with the first person who may log in for it.

    Raises NotAllowed, Invalid, or Conflict for a known address or a supplier of this name.
    """
    allow(by, Role.ADMIN)
    name = _named(company)
    query = (
        select(Supplier.id)
        .join(Supplier.organisation)
        .where(Supplier.buyer_id == by.organisation_id, func.lower(Organisation.name) == name.lower())
    )
    if session.scalar(query) is not None:
        raise Conflict("You have a supplier of this name already.")
    organisation = Organisation(kind=OrganisationKind.SUPPLIER, name=name, created_at=now)
    _first_person(
        session, organisation, Role.SUPPLIER_USER, name=person, email=email, password_hash=password_hash,
        language=language, now=now,
    )  # fmt: skip
    supplier = Supplier(buyer_id=by.organisation_id, organisation=organisation, created_at=now)
    session.add(supplier)
    session.flush()
    note(session, "supplier.added", supplier.id, organisation_id=by.organisation_id, actor_id=by.id, at=now)
    return supplier


def _first_person(
    session: Session, organisation: Organisation, role: Role, *, name: str, email: str, password_hash: str,
    language: str, now: datetime,
) -> Person:  # fmt: skip
    if not name.strip():
        raise Invalid("Give the person's name.", field="name")
    person = Person(
        organisation=organisation, role=role, name=name.strip(), email=free_address(session, email),
        password_hash=password_hash, language=language, created_at=now,
    )  # fmt: skip
    session.add_all([organisation, person])
    session.flush()
    return person


def _named(company: str) -> str:
    name = " ".join(company.split())
    if not 0 < len(name) <= 200:
        raise Invalid("Give the company's name, of at most 200 characters.", field="company")
    return name
