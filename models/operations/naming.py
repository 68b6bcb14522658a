"""What a person may choose from by name, suppliers or colleagues: however many there are, each is found by words."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.operations import scope
from models.people import Organisation, Person
from models.supplychain import Supplier

SHOWN = 200
"""Names in one list to choose from. Nobody reads on in a longer one; by words every other is found."""


@dataclass(frozen=True, slots=True)
class Named:
    """One of a list to choose from, by key and name alone. Of suppliers, a supplier's people read the customer's
    name there."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What a list shows, out of how many. Those that were chosen before stand first, whatever the words are."""

    rows: tuple[Named, ...]
    words: str
    fitting: int
    """How many have the words in their name."""
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether more fit than are shown."""
        return self.fitting > SHOWN

    @property
    def shown(self) -> int:
        """How many names a list shows at most."""
        return SHOWN

    @property
    def needs_search(self) -> bool:
        """Whether there are so many that a list alone would not do."""
        return self.total > SHOWN


def in_order(session: Session, *, by: Person) -> list[Named]:
    """All whom the person may see, by name."""
    other = aliased(Organisation)
    named = Supplier.organisation_id if by.works_for_a_buyer else Supplier.buyer_id
    query = select(Supplier.id, other.name).join(other, other.id == named).where(scope.sees(by))
    rows = [Named(row.id, row.name) for row in session.execute(query)]
    return sorted(rows, key=lambda row: (row.name.casefold(), str(row.id)))


def offered(session: Session, words: str = "", *, by: Person, chosen: Collection[uuid.UUID] = ()) -> Offered:
    """The suppliers whose name has all of the words, and those that were chosen already."""
    return narrowed(in_order(session, by=by), words, chosen)


def colleagues(
    session: Session, organisation_id: uuid.UUID, words: str = "", *, chosen: Collection[uuid.UUID] = ()
) -> Offered:
    """The active people of an organisation whose name has all of the words, and those that were chosen already."""
    query = select(Person.id, Person.name)
    query = query.where(Person.organisation_id == organisation_id, Person.disabled_at.is_(None))
    rows = [Named(row.id, row.name) for row in session.execute(query)]
    return narrowed(sorted(rows, key=lambda row: (row.name.casefold(), str(row.id))), words, chosen)


def narrowed(rows: Sequence[Named], words: str = "", chosen: Collection[uuid.UUID] = ()) -> Offered:
    """Of a list in its order, those whose name has all of the words, and those that were chosen already.

    Case and accents do not matter. A list that is short enough is shown whole.
    """
    parts = plain(words).split() if len(rows) > SHOWN else []
    fit = [row for row in rows if all(part in plain(row.name) for part in parts)] if parts else rows
    kept = set(chosen)
    first = [row for row in rows if row.id in kept] if len(rows) > SHOWN else []
    shown = [row for row in fit[:SHOWN] if not first or row.id not in kept]
    return Offered((*first, *shown), " ".join(words.split()), len(fit), len(rows))


def plain(text: str) -> str:
    """The text without case and accents, as people type it who search."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_CROSSED)


_CROSSED = str.maketrans("łøđħı", "lodhi")
"""Letters that no form of Unicode takes apart."""
