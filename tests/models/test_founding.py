"""How a company begins: the first administrator, the first suppliers, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from models import journal
from models.db import Database
from models.errors import Conflict, DomainError, Invalid, NotAllowed
from models.operations import accounts, scope
from models.operations.founding import add_supplier, found_buyer
from models.people import OrganisationKind, Person, Role
from models.supplychain import Supplier
from tests.factories import NOON, make_person


def begun(session: Session, company: str = "Lindenhove", email: str = "Ada@Example.org") -> Person:
    return found_buyer(session, company, admin="Ada", email=email, password_hash="x", language="en", now=NOON)


def taken_up(session: Session, by: Person, company: str = "Meridan", email: str = "m@example.org") -> Supplier:
    return add_supplier(session, company, person="Mo", email=email, password_hash="x", language="nl", by=by, now=NOON)


def test_a_company_begins_with_an_administrator_who_can_give_log_ins(database: Database) -> None:
    with database.transaction() as session:
        admin = begun(session)
        assert (admin.role, admin.email, admin.organisation.kind) == (
            Role.ADMIN,
            "ada@example.org",
            OrganisationKind.BUYER,
        )
        accounts.add_person(
            session, name="Bo", email="bo@example.org", role=Role.REVIEWER, password_hash="x", language="en", by=admin,
            now=NOON,
        )  # fmt: skip
        assert [person.name for person in accounts.people(session, by=admin).listed.rows] == ["Ada", "Bo"]
    with database.reading() as session:
        assert journal.verify(session) is None


def test_a_supplier_is_seen_by_its_buyer_and_by_itself_alone(database: Database) -> None:
    with database.transaction() as session:
        admin, other = begun(session), begun(session, "Another", "other@example.org")
        supplier = taken_up(session, admin)
        its_own = accounts.find_by_email(session, "m@example.org")
        assert its_own is not None
        assert its_own.role is Role.SUPPLIER_USER
        assert scope.suppliers(session, by=admin) == scope.suppliers(session, by=its_own) == [supplier]
        assert scope.suppliers(session, by=other) == []


@pytest.mark.parametrize(
    ("company", "email", "error"),
    [
        ("LINDENHOVE", "new@example.org", Conflict),
        ("New", "ada@example.org", Conflict),
        ("  ", "new@example.org", Invalid),
        ("N" * 201, "new@example.org", Invalid),
        ("New", "no address", Invalid),
    ],
)
def test_a_second_company_of_the_same_name_or_address_is_refused(
    database: Database, company: str, email: str, error: type[DomainError]
) -> None:
    with database.transaction() as session:
        begun(session)
    with pytest.raises(error), database.transaction() as session:
        begun(session, company, email)


def test_the_same_supplier_is_not_taken_up_twice_but_another_buyer_may(database: Database) -> None:
    with database.transaction() as session:
        admin, other = begun(session), begun(session, "Another", "other@example.org")
        taken_up(session, admin)
        with pytest.raises(Conflict):
            taken_up(session, admin, "meridan", "second@example.org")
        taken_up(session, other, "Meridan", "third@example.org")


def test_only_an_administrator_takes_up_a_supplier(database: Database) -> None:
    with database.transaction() as session:
        for role in set(Role) - {Role.ADMIN}:
            with pytest.raises(NotAllowed):
                taken_up(session, make_person(session, role=role))
