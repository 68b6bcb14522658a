"""Choosing by name on a page, a supplier or a colleague: a list, with a search beside it where it is long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from flask import request

from models.operations import naming
from models.operations.naming import Named, Offered
from webapp.doors import person, reading

FIND = "find"
"""The button of the search, where it stands inside a form that would otherwise be sent."""


def offered(*chosen: UUID | None) -> Offered:
    """What the list of this page offers: what its search found, and what was chosen before."""
    return naming.offered(
        reading(), words_for("supplier"), by=person(), chosen=[key for key in chosen if key is not None]
    )


def offered_ticks() -> Offered:
    """As `offered`, for a form on which several are ticked: the ticks of a search before are kept."""
    return offered(*ticked())


def ticked() -> list[UUID]:
    """The keys that are ticked in the form that was sent; what is no key is left out."""
    return [key for text in request.form.getlist("supplier") if (key := _key(text)) is not None]


def colleagues(organisation_id: UUID, *chosen: UUID | None) -> Offered:
    """The people of an organisation, as the search of this page narrows them down, and who was chosen before."""
    keys = [key for key in chosen if key is not None]
    return naming.colleagues(reading(), organisation_id, words_for("person"), chosen=keys)


def narrowed(rows: Sequence[Named], what: str, *chosen: UUID | None) -> Offered:
    """Any other list in its order, as the search of this page narrows it down; `what` names its field."""
    return naming.narrowed(rows, words_for(what), [key for key in chosen if key is not None])


def is_searching() -> bool:
    """Whether the form was sent by the button of a search, so that nothing is to be done but to look again."""
    return FIND in request.form


def is_searched(what: str = "supplier") -> bool:
    """Whether the page was asked for by a search, so that its list stands open."""
    return f"{what}_name" in request.values


def every(chosen: Collection[UUID]) -> list[UUID]:
    """Whom a form means: all of them where that is ticked, otherwise those that are."""
    if request.form.get("every") == "1":
        return [row.id for row in naming.in_order(reading(), by=person())]
    return list(chosen)


def words_for(what: str) -> str:
    """What was typed into the search for a thing of this kind."""
    return request.values.get(f"{what}_name", "").replace("\x00", "").strip()[:100]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
