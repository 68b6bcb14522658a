"""A log-in lives as long as it should, and ends everywhere at once when it must."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.operations import accounts
from models.people import IDLE, LONGEST, OrganisationKind, Person, Role
from tests.factories import NOON, make_organisation, make_person


def _admin(database: Database) -> Person:
    with database.transaction() as session:
        return make_person(session, role=Role.ADMIN)


def _log_in(database: Database, person: Person) -> str:
    with database.transaction() as session:
        return accounts.open_log_in(session, person, now=NOON)


def _who(database: Database, token: str, *, after: timedelta = timedelta()) -> Person | None:
    with database.reading() as session:
        return accounts.person_behind(session, token, now=NOON + after)


def test_a_log_in_ends_when_it_is_idle_and_when_it_is_old(database: Database) -> None:
    person = _admin(database)
    token = _log_in(database, person)
    found = _who(database, token, after=IDLE - timedelta(seconds=1))
    assert found is not None
    assert found.id == person.id
    assert _who(database, token, after=IDLE) is None
    for minute in range(1, int(LONGEST / IDLE) * 2):
        with database.transaction() as session:
            accounts.touch(session, token, now=NOON + minute * IDLE / 2)
    assert _who(database, token, after=LONGEST - timedelta(seconds=1)) is not None
    assert _who(database, token, after=LONGEST) is None


def test_a_made_up_secret_opens_nothing(database: Database) -> None:
    _log_in(database, _admin(database))
    assert _who(database, "made-up") is None


def test_logging_out_ends_this_log_in_only(database: Database) -> None:
    person = _admin(database)
    here, there = _log_in(database, person), _log_in(database, person)
    with database.transaction() as session:
        accounts.close_log_in(session, here)
    assert _who(database, here) is None
    assert _who(database, there) is not None


@pytest.mark.parametrize("act", ["password", "role", "disable"])
def test_a_new_password_a_new_role_and_a_disabled_person_end_every_log_in(database: Database, act: str) -> None:
    admin = _admin(database)
    with database.transaction() as session:
        person = make_person(session, role=Role.REVIEWER, organisation=admin.organisation)
    tokens = [_log_in(database, person) for _ in range(2)]
    with database.transaction() as session:
        if act == "password":
            accounts.change_password(session, accounts.colleague(session, person.id, by=admin), "x", by=admin, now=NOON)
        elif act == "role":
            accounts.change_role(session, person.id, Role.COMPLIANCE, by=admin, now=NOON)
        else:
            accounts.disable(session, person.id, by=admin, now=NOON)
    assert [_who(database, token) for token in tokens] == [None, None]


def test_a_disabled_person_is_not_found_by_the_address(database: Database) -> None:
    admin = _admin(database)
    with database.transaction() as session:
        person = make_person(session, organisation=admin.organisation, email="a@example.org")
        assert accounts.find_by_email(session, " A@Example.org ") is person
        accounts.disable(session, person.id, by=admin, now=NOON)
        assert accounts.find_by_email(session, "a@example.org") is None


def _add(database: Database, by: Person, *, email: str = "new@example.org", role: Role = Role.REVIEWER) -> Person:
    with database.transaction() as session:
        return accounts.add_person(
            session, name="New", email=email, role=role, password_hash="x", language="en", by=by, now=NOON
        )


def test_an_administrator_adds_people_to_the_own_organisation_only(database: Database) -> None:
    admin = _admin(database)
    assert _add(database, admin).organisation_id == admin.organisation_id
    with pytest.raises(Conflict, match="already"):
        _add(database, admin, email="NEW@example.org")
    with pytest.raises(Invalid):
        _add(database, admin, email="nonsense")
    with pytest.raises(Invalid, match="role"):
        _add(database, admin, email="other@example.org", role=Role.SUPPLIER_USER)


def test_nobody_reaches_into_another_organisation(database: Database) -> None:
    admin, other = _admin(database), _admin(database)
    with database.transaction() as session:
        reviewer = make_person(session, organisation=admin.organisation)
    with pytest.raises(NotFound), database.transaction() as session:
        accounts.disable(session, reviewer.id, by=other, now=NOON)
    with pytest.raises(NotAllowed), database.transaction() as session:
        accounts.people(session, by=reviewer)


def test_nobody_locks_themselves_out(database: Database) -> None:
    admin = _admin(database)
    with pytest.raises(Conflict, match="another administrator"), database.transaction() as session:
        accounts.disable(session, admin.id, by=admin, now=NOON)


def test_a_supplying_company_has_no_buyer_roles(database: Database) -> None:
    with database.transaction() as session:
        organisation = make_organisation(session, kind=OrganisationKind.SUPPLIER)
        person = make_person(session, role=Role.SUPPLIER_USER, organisation=organisation)
    with pytest.raises(NotAllowed):
        _add(database, person)
