"""Choosing among suppliers on a page: a list where it is short, a search by name beside it where it is not."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import request

from models.operations import naming
from models.operations.naming import Offered
from webapp.doors import person, reading

WORDS = "supplier_name"
"""The field of the search, in the address or in a form."""

FIND = "find"
"""The button of the search, where it stands inside a form that would otherwise be sent."""


def offered(*chosen: UUID | None) -> Offered:
    """What the list of this page offers: what its search found, and what was chosen before."""
    return naming.offered(reading(), _words(), by=person(), chosen=[key for key in chosen if key is not None])


def offered_ticks() -> Offered:
    """As `offered`, for a form on which several are ticked: the ticks of a search before are kept."""
    return offered(*ticked())


def ticked() -> list[UUID]:
    """The keys that are ticked in the form that was sent; what is no key is left out."""
    return [key for text in request.form.getlist("supplier") if (key := _key(text)) is not None]


def is_searching() -> bool:
    """Whether the form was sent by the button of its search, so that nothing is to be done but to look again."""
    return request.form.get(FIND) == "supplier"


def is_searched() -> bool:
    """Whether the page was asked for by a search, so that its list stands open."""
    return WORDS in request.values


def every(chosen: Collection[UUID]) -> list[UUID]:
    """Whom a form means: all of them where that is ticked, otherwise those that are."""
    if request.form.get("every") == "1":
        return [row.id for row in naming.in_order(reading(), by=person())]
    return list(chosen)


def _words() -> str:
    return request.values.get(WORDS, "").replace("\x00", "").strip()[:100]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
