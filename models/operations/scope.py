"""Who sees what: the one place that says which suppliers, and so which plans and documents, a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.documents import Document
from models.errors import NotAllowed, NotFound
from models.people import Person, Role
from models.supplychain import Supplier

T = TypeVar("T")

AT_ONCE = 500
"""Keys that one question to the database names."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some rows of a longer list, in its order. `more` says whether others follow the last of these."""

    rows: tuple[T, ...]
    more: bool

    @classmethod
    def cut(cls, rows: list[T], limit: int) -> Slice[T]:
        """From a query that asked for one row more than is wanted."""
        return cls(tuple(rows[:limit]), len(rows) > limit)


def newest(
    session: Session, query: Select[T], at: InstrumentedAttribute[Any], *, last: T | None, limit: int
) -> Slice[T]:
    """The rows of a query by the time in the column `at`, newest first; those that follow `last` where it is given."""
    key = at.class_.id
    if last is not None:
        query = query.where(tuple_(at, key) < (getattr(last, at.key), getattr(last, key.key)))
    return Slice.cut(list(session.scalars(query.order_by(at.desc(), key.desc()).limit(limit + 1))), limit)


def one(session: Session, query: Select[T], *, lock: type[T] | None = None) -> T:
    """The one row of a query that says whose it may be. Raises NotFound where there is none.

    `lock` is its kind where it is to be held until the commit, so that two who write at once wait for each other.
    """
    if lock is not None:
        query = query.with_for_update(of=lock).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def sees(person: Person) -> ColumnElement[bool]:
    """The condition on `Supplier` rows: a buyer's people see its suppliers, a supplier's people see themselves."""
    if person.works_for_a_buyer:
        return Supplier.buyer_id == person.organisation_id
    return Supplier.organisation_id == person.organisation_id


def reads(person: Person) -> ColumnElement[bool]:
    """The condition on `Document` rows joined with their `Supplier`.

    A supplier's people read what their own organisation sent. What a buyer holds about them, such as a complaint or the
    notes of an auditor, may name those who spoke in confidence.
    """
    if person.works_for_a_buyer:
        return sees(person)
    return and_(sees(person), sent_by(person.organisation_id))


def sent_by(organisation_id: UUID) -> ColumnElement[bool]:
    """The condition on `Document` rows: somebody of this organisation sent it."""
    return Document.uploaded_by_id.in_(select(Person.id).where(Person.organisation_id == organisation_id))


def allow(person: Person, *roles: Role) -> None:
    """Raises NotAllowed unless the person is active and has one of the roles."""
    if not person.is_active or person.role not in roles:
        raise NotAllowed("Your role does not allow this: ask a colleague whose role does.")


def supplier(session: Session, supplier_id: UUID, *, by: Person) -> Supplier:
    """The supplier, if the person may see it. Raises NotFound."""
    found = session.scalar(select(Supplier).where(Supplier.id == supplier_id, sees(by)))
    if found is None:
        raise NotFound()
    return found


def refuse_foreign(session: Session, supplier_ids: Sequence[UUID], *, by: Person) -> None:
    """Raises NotFound unless all of these, each named once, are the person's to see."""
    for first in range(0, len(supplier_ids), AT_ONCE):
        some = supplier_ids[first : first + AT_ONCE]
        query = select(func.count()).select_from(Supplier).where(Supplier.id.in_(some), sees(by))
        if session.scalar(query) != len(some):
            raise NotFound()


def suppliers(session: Session, *, by: Person) -> list[Supplier]:
    """All suppliers that the person may see, by name. For a list to choose from, see `naming`: it may be long."""
    rows = session.scalars(select(Supplier).where(sees(by)))
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def first_suppliers(session: Session, limit: int, *, by: Person) -> list[Supplier]:
    """As many as `limit` of those whom the person may see: enough to know whether there is one, or only one."""
    return list(session.scalars(select(Supplier).where(sees(by)).order_by(Supplier.id).limit(limit)))
