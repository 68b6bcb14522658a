"""Who is in an invented installation: one buyer with its desk, suppliers with a site and a person each."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from typing import Any

from models.people import Organisation, OrganisationKind, Person, Role
from models.supplychain import Site, Supplier
from webapp.seeding import Size, texts
from webapp.seeding.writing import Row, Writer

DAYS = 1100
"""So long ago the first document came."""
DOMAIN = "seed.example"
"""`.example` belongs to nobody and never will (RFC 2606), so that no letter can reach a stranger."""


class Keys:
    """Keys that sort by the moment they are made for, as `models.base.new_key` makes them, but from the draw."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw

    def at(self, moment: datetime) -> uuid.UUID:
        value = (int(moment.timestamp() * 1000) << 80) | self._draw.getrandbits(80)
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        return uuid.UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))


@dataclass(frozen=True, slots=True)
class Relation:
    """A supplier of the buyer, with what its rows point to."""

    supplier_id: uuid.UUID
    site_id: uuid.UUID
    person_id: uuid.UUID
    country: str


@dataclass(frozen=True, slots=True)
class Company:
    """The buyer, and who works on both sides."""

    buyer_id: uuid.UUID
    reviewers: tuple[uuid.UUID, ...]
    lead_id: uuid.UUID
    admin_id: uuid.UUID
    relations: tuple[Relation, ...]
    busy: tuple[float, ...]
    """Running sums of how much of the desk's work each reviewer does: a few do most of it."""
    large: tuple[float, ...]
    """Running sums of how many documents each supplier sends."""
    logins: tuple[str, ...]
    """The addresses of the buyer's people."""


def begin_of(size: Size) -> datetime:
    """The moment at which the invented history begins."""
    return datetime.combine(size.today, time(), UTC) - timedelta(days=DAYS)


def found(writer: Writer, size: Size, draw: random.Random, password_hash: str) -> Company:
    """Write the companies and their people."""
    keys, moment, known = Keys(draw), begin_of(size), set[str]()
    buyer = keys.at(moment)
    organisations: list[Row] = [_organisation(buyer, OrganisationKind.BUYER, texts.company(draw, known), moment)]
    desk = [(Role.REVIEWER, f"reviewer{number}") for number in range(1, size.reviewers + 1)]
    desk += [(Role.COMPLIANCE, "compliance"), (Role.ADMIN, "admin")]
    people = [_person(keys.at(moment), buyer, role, f"{name}@{DOMAIN}", draw, moment) for role, name in desk]
    relations: list[Relation] = []
    suppliers: list[Row] = []
    sites: list[Row] = []
    for number in range(1, size.suppliers + 1):
        firm, country = keys.at(moment), draw.choice(texts.COUNTRIES)
        one = Relation(keys.at(moment), keys.at(moment), keys.at(moment), country)
        organisations.append(_organisation(firm, OrganisationKind.SUPPLIER, texts.company(draw, known), moment))
        address = f"supplier{number}@suppliers.{DOMAIN}"
        people.append(_person(one.person_id, firm, Role.SUPPLIER_USER, address, draw, moment))
        suppliers.append({"id": one.supplier_id, "buyer_id": buyer, "organisation_id": firm, "created_at": moment})
        sites.append(
            {"id": one.site_id, "organisation_id": firm, "name": "Main plant", "country": country, "created_at": moment}
        )
        relations.append(one)
    for row in people:
        row["password_hash"] = password_hash
    for noun, rows in ((Organisation, organisations), (Person, people), (Supplier, suppliers), (Site, sites)):
        writer.write(_table(noun), rows)
    reviewers = tuple(row["id"] for row in people[: size.reviewers])
    lead, admin = people[size.reviewers]["id"], people[size.reviewers + 1]["id"]
    return Company(
        buyer, reviewers, lead, admin, tuple(relations), tuple(accumulate(1 / (3 + n) for n in range(size.reviewers))),
        tuple(texts.by_rank(size.suppliers)), tuple(row["email"] for row in people[: len(desk)]),
    )  # fmt: skip


def _organisation(key: uuid.UUID, kind: OrganisationKind, name: str, moment: datetime) -> Row:
    return {"id": key, "kind": kind, "name": name, "created_at": moment}


def _person(
    key: uuid.UUID, organisation: uuid.UUID, role: Role, email: str, draw: random.Random, moment: datetime
) -> Row:
    return {
        "id": key, "organisation_id": organisation, "role": role, "name": texts.somebody(draw), "email": email,
        "password_hash": "", "language": "en", "created_at": moment,
    }  # fmt: skip


def _table(noun: Any) -> Any:
    return noun.__table__
