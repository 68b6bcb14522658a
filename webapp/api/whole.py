"""What is true of all of the API: who calls and as whom, and the suppliers that the caller may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations import naming, scope
from models.operations.naming import Named
from models.people import Person, Role
from models.supplychain import Site, Supplier
from models.tokens import ApiToken, Reach
from webapp.api.cursors import cursor, place
from webapp.api.door import Call, Door
from webapp.api.shapes import Listed, said

MOST = 200
"""Rows of one page of a list."""


@dataclass(frozen=True, slots=True)
class Me:
    """Whom the token acts for, and how far it reaches."""

    person: UUID
    role: Role
    organisation: UUID
    organisation_name: str
    reach: Reach
    token: UUID = field(metadata=said("Key of the token: the journal names it beside whatever it did."))
    expires_at: datetime = field(metadata=said("From then on it opens nothing."))


@dataclass(frozen=True, slots=True)
class SiteShape:
    """A place of work."""

    id: UUID
    name: str
    country: str = field(metadata=said("ISO 3166-1 alpha-2."))
    place: str


@dataclass(frozen=True, slots=True)
class SupplierShape:
    """A purchasing relation: one buyer and one supplying company."""

    id: UUID = field(
        metadata=said("Key of the relation: what documents, findings, plans and questionnaires name as `supplier`.")
    )
    name: str
    buyer: UUID
    buyer_name: str
    sites: tuple[SiteShape, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of a list."""

    after: str = field(default="", metadata=said("`next` of the page before; empty for the first.", most=400))
    limit: int = field(default=50, metadata=said("How many rows.", most=MOST))


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a list as it is written."""

    items: list[object]
    next: str | None


def show_me(_session: Session, by: Person, _call: Call) -> Me:
    token: ApiToken = g.api_token
    return Me(by.id, by.role, by.organisation_id, by.organisation.name, token.reach, token.id, token.expires_at)


def list_suppliers(session: Session, by: Person, call: Call) -> Rows:
    """By name. The names are read whole, for companies have thousands of suppliers and not millions."""
    rows = naming.in_order(session, by=by)
    if call.asked.after:
        behind = tuple(place(call.asked.after, 2))
        rows = [row for row in rows if _order(row) > behind]
    shown = rows[: limit(call)]
    more = cursor(*_order(shown[-1])) if len(rows) > len(shown) and shown else None
    query = select(Supplier).where(scope.sees(by), Supplier.id.in_([row.id for row in shown]))
    found = {row.id: row for row in session.scalars(query)}
    sites = _sites(session, list(found.values()))
    return Rows([_supplier(found[row.id], sites) for row in shown], more)


def show_supplier(session: Session, by: Person, call: Call) -> SupplierShape:
    found = scope.supplier(session, call.id("supplier_id"), by=by)
    return _supplier(found, _sites(session, [found]))


def limit(call: Call) -> int:
    """How many rows the caller wants: one at least."""
    return max(1, int(call.asked.limit))


def _order(row: Named) -> tuple[str, str]:
    return row.name.casefold(), str(row.id)


def _sites(session: Session, rows: list[Supplier]) -> dict[UUID, list[Site]]:
    found: dict[UUID, list[Site]] = {}
    query = select(Site).where(Site.organisation_id.in_([row.organisation_id for row in rows]))
    for site in session.scalars(query.order_by(Site.name, Site.id)):
        found.setdefault(site.organisation_id, []).append(site)
    return found


def _supplier(row: Supplier, sites: dict[UUID, list[Site]]) -> SupplierShape:
    places = tuple(
        SiteShape(site.id, site.name, site.country, site.place) for site in sites.get(row.organisation_id, [])
    )
    return SupplierShape(row.id, row.name, row.buyer_id, row.buyer.name, places)


DOORS = (
    Door(
        name="me", method="GET", path="/me", beside="account.show", group="Who you are",
        says="Whom the token acts for, in which role, and how far it reaches.", gives=Me, show=show_me,
    ),
    Door(
        name="suppliers", method="GET", path="/suppliers", beside="documents.index", group="Suppliers",
        says="The suppliers that you may see, by name; a supplier sees its own relations.",
        gives=Listed(SupplierShape), show=list_suppliers, asks=Page,
    ),
    Door(
        name="supplier", method="GET", path="/suppliers/<uuid:supplier_id>", beside="api.supplier", group="Suppliers",
        says="One supplier with its places of work.", gives=SupplierShape, show=show_supplier,
    ),
)  # fmt: skip
