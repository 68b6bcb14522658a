"""Puts the demonstration company into a database, once, and hands its archive to the real workers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import utcnow
from models.db import Database
from models.documents import Document
from models.errors import NotAllowed
from models.operations.receiving import receive
from models.people import Organisation, OrganisationKind, Person, Role
from models.supplychain import Site, Supplier
from models.vault import Vault
from webapp.demo import asking, company
from webapp.demo.asking import Relation
from webapp.demo.company import Company, Seller, Somebody
from webapp.passwords import hashed

LARGEST = 10_000_000
"""Bytes. No document of the archive comes near it."""

_SHOWN_SUPPLIERS = 2
"""How many supplier log-ins the terminal names; the others follow the same pattern."""


@dataclass(frozen=True, slots=True)
class DemoLogins:
    """Who may log in to the demonstration. Iterating over it gives the lines for the terminal."""

    people: tuple[Somebody, ...]
    password: str
    """The same for all; another one in each installation."""

    def of(self, role: Role) -> Somebody:
        """The first person with this role."""
        return next(person for person in self.people if person.role is role)

    def __iter__(self) -> Iterator[str]:
        suppliers = [person for person in self.people if person.role is Role.SUPPLIER_USER]
        shown = [person for person in self.people if person not in suppliers] + suppliers[:_SHOWN_SUPPLIERS]
        width = max(len(person.email) for person in shown)
        yield f"Log in with one of these addresses and the password  {self.password}"
        for person in shown:
            yield f"  {person.email:<{width}}  {person.role.value.replace('_', ' ')}"


def load(database: Database, vault: Vault, *, secret: str, production: bool, now: datetime | None = None) -> DemoLogins:
    """Make the company and receive its documents, unless they are there already; answer the log-ins.

    The password follows from `secret`, the installation's own key: it is the same after a restart, and nobody
    can know it elsewhere. Raises NotAllowed in production, before anything is written.
    """
    if production:
        raise NotAllowed("The demonstration company has a shared password: it cannot be loaded in production.")
    moment, invented, password = now or utcnow(), company.read(), password_from(secret)
    with database.transaction() as session:
        if _find(session, invented.people[0]) is None:
            _make(session, invented, hashed(password), moment)
    with database.reading() as session:
        has_documents = session.scalar(select(Document.id).limit(1)) is not None
    if not has_documents:
        _receive_archive(database, vault, invented, moment)
    with database.transaction() as session:
        _ask(session, invented, moment)
    return DemoLogins((*invented.people, *(seller.person for seller in invented.sellers)), password)


def password_from(secret: str) -> str:
    """Four groups of four letters and digits (80 bits)."""
    digest = hmac.digest(secret.encode(), b"password of the demonstration company", hashlib.sha256)
    letters = base64.b32encode(digest[:10]).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _make(session: Session, invented: Company, password_hash: str, now: datetime) -> None:
    buyer = Organisation(kind=OrganisationKind.BUYER, name=invented.name, created_at=now)
    session.add(buyer)
    for somebody in invented.people:
        session.add(_person(somebody, buyer, password_hash, now))
    for seller in invented.sellers:
        organisation = Organisation(kind=OrganisationKind.SUPPLIER, name=seller.name, created_at=now)
        session.add(organisation)
        session.add(_person(seller.person, organisation, password_hash, now))
        session.add(Supplier(buyer=buyer, organisation=organisation, created_at=now))
        session.flush()
        for site in seller.sites:
            session.add(
                Site(
                    organisation_id=organisation.id, name=site.name, place=site.place, country=site.country,
                    created_at=now,
                )
            )  # fmt: skip


def _person(somebody: Somebody, organisation: Organisation, password_hash: str, now: datetime) -> Person:
    return Person(
        organisation=organisation, role=somebody.role, name=somebody.name, email=somebody.email,
        password_hash=password_hash, language=somebody.language, created_at=now,
    )  # fmt: skip


def _receive_archive(database: Database, vault: Vault, invented: Company, now: datetime) -> None:
    """Every file first goes to the vault; then all are received in one transaction, so that none is left out."""
    from webapp.demo import archive  # Drawing PDFs loads a library that a second start does not need.

    kept = [(item, vault.put(io.BytesIO(item.data), limit=LARGEST)) for item in archive.items()]
    with database.transaction() as session:
        senders = {seller.key: _sender(session, seller) for seller in invented.sellers}
        for item, stored in kept:
            sender = senders[item.supplier]
            receive(
                session, sender.supplier_id, item.file, stored, by=sender.person, now=now,
                site_id=sender.sites[item.site],
            )  # fmt: skip


def _ask(session: Session, invented: Company, now: datetime) -> None:
    lead = _find(session, next(person for person in invented.people if person.role is Role.COMPLIANCE))
    relations: dict[str, Relation] = {}
    for seller in invented.sellers:
        person = _find(session, seller.person)
        if person is None:
            continue
        supplier = session.scalars(select(Supplier).where(Supplier.organisation_id == person.organisation_id)).one()
        relations[seller.key] = Relation(supplier, person)
    if lead is not None:
        asking.ask(session, relations, lead, now=now)


@dataclass(frozen=True, slots=True)
class _Sender:
    person: Person
    supplier_id: uuid.UUID
    sites: dict[str, uuid.UUID]


def _sender(session: Session, seller: Seller) -> _Sender:
    person = _find(session, seller.person)
    if person is None:  # Somebody changed the address by hand: the documents then have no sender.
        raise NotAllowed("The demonstration company was changed: begin again with an empty data folder.")
    supplier_id = session.scalars(select(Supplier.id).where(Supplier.organisation_id == person.organisation_id)).one()
    rows = session.scalars(select(Site).where(Site.organisation_id == person.organisation_id))
    ids = {site.name: site.id for site in rows}
    return _Sender(person, supplier_id, {site.key: ids[site.name] for site in seller.sites})


def _find(session: Session, somebody: Somebody) -> Person | None:
    return session.scalar(select(Person).where(Person.email == somebody.email))
