"""Who the demonstration company is: its people, its suppliers and their sites, from `texts/company.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from models.people import Role
from webapp.demo.texts import FOLDER

SUPPLIER_DOMAIN = "suppliers.example"
"""`.example` belongs to nobody and never will (RFC 2606), so that no message can reach a stranger."""


@dataclass(frozen=True, slots=True)
class Somebody:
    key: str
    role: Role
    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    name: str
    place: str
    country: str
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class Seller:
    key: str
    name: str
    person: Somebody
    sites: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    people: tuple[Somebody, ...]
    sellers: tuple[Seller, ...]


def read() -> Company:
    """The company as it stands in the file."""
    raw = tomllib.loads((FOLDER / "company.toml").read_text(encoding="utf-8"))
    buyer = raw["buyer"]
    people = tuple(
        Somebody(
            key=entry["key"],
            role=Role(entry["role"]),
            name=entry["name"],
            email=f"{entry['key']}@{buyer['domain']}",
            language=entry.get("language", "en"),
        )
        for entry in buyer["person"]
    )
    return Company(buyer["name"], people, tuple(_seller(entry) for entry in raw["supplier"]))


def _seller(entry: dict[str, Any]) -> Seller:
    person = Somebody(
        key=entry["key"],
        role=Role.SUPPLIER_USER,
        name=entry["person"],
        email=f"{entry['key']}@{SUPPLIER_DOMAIN}",
        language=entry["language"],
    )
    return Seller(entry["key"], entry["name"], person, tuple(Place(**site) for site in entry["sites"]))
