"""Keeping filters of the queue under a name, for each person their own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Invalid, NotFound
from models.operations.queueing import DESK
from models.operations.scope import allow
from models.people import Person
from models.review import SavedSearch

MOST = 30


def saved(session: Session, *, by: Person) -> list[SavedSearch]:
    """The person's own, by name."""
    query = select(SavedSearch).where(SavedSearch.person_id == by.id).order_by(SavedSearch.name)
    return list(session.scalars(query))


def keep(session: Session, name: str, filters: Mapping[str, str], *, by: Person, now: datetime) -> SavedSearch:
    """Keep a filter; the same name again replaces what it stood for. Raises Invalid without name or filter."""
    allow(by, *DESK)
    if not name.strip():
        raise Invalid("Give it a name.", field="name")
    if not filters:
        raise Invalid("Narrow the queue down first: without a filter there is nothing to keep.")
    known = saved(session, by=by)
    found = next((row for row in known if row.name == name.strip()), None)
    if found is None:
        if len(known) >= MOST:
            raise Invalid("You keep thirty searches already: forget one first.")
        found = SavedSearch(person_id=by.id, name=name.strip())
        session.add(found)
    found.filters, found.saved_at = dict(filters), now
    session.flush()
    return found


def forget(session: Session, search_id: uuid.UUID, *, by: Person) -> None:
    """Raises NotFound when it is not the person's own."""
    allow(by, *DESK)
    found = session.get(SavedSearch, search_id)
    if found is None or found.person_id != by.id:
        raise NotFound()
    session.delete(found)
