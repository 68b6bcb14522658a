"""Letters about plans: who gets one, when, and that they are numbers: one a day at most, none about nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import Database
from models.findings import Severity
from models.mail import Mail, MailKind
from models.operations import accounts, plan_disputes, plan_following, plan_letters, plan_working, planning, posting
from models.operations import plan_agreeing as agreeing
from models.people import Person, Role
from tests.factories import NOON, TODAY, make_desk_things, make_person
from tests.models.plan_table import DUE, Table

DAY = timedelta(days=1)
AT_DUE = NOON + (DUE - TODAY)


def look(database: Database, now: datetime) -> set[str]:
    """The clock of one day. Answers to whom a letter was asked for."""
    with database.transaction() as session:
        known = set(session.scalars(select(Mail.id)))
        looked, asked = plan_letters.look(session, now=now)
        new = [row for row in session.scalars(select(Mail).order_by(Mail.id)) if row.id not in known]
        assert len(new) == asked <= looked
        assert {row.kind for row in new} <= {MailKind.DIGEST}
        for row in new:
            row.sent(now)
        return {row.person.email for row in new}


def suppliers(table: Table) -> set[str]:
    """The addresses of everybody at the supplier."""
    with table.database.reading() as session:
        own = Person.organisation_id == table.supplier.organisation_id
        return set(session.scalars(select(Person.email).where(own)))


def numbers(session: Session, person: Person, now: datetime) -> list[tuple[int, int, int, int]]:
    found = plan_letters.waiting(session, person, now=now)
    return [(part.late, part.soon, part.later, part.questions) for part in found.parts]


def test_each_side_is_told_of_what_waits_for_it_alone(database: Database) -> None:
    table = Table(database)
    table.agreed()
    with database.reading() as session:
        for days, told in ((-8, (0, 0, 1, 0)), (-7, (0, 1, 0, 0)), (0, (0, 1, 0, 0)), (1, (1, 0, 0, 0))):
            assert numbers(session, table.supplier, AT_DUE + days * DAY) == [told]
        assert numbers(session, table.reviewer, AT_DUE) == []


def test_a_letter_comes_when_there_is_news_and_again_after_a_week_while_something_is_due(database: Database) -> None:
    table = Table(database)
    table.agreed()
    supplier = suppliers(table)
    first = AT_DUE - 15 * DAY
    assert look(database, first) == supplier
    assert look(database, first + timedelta(hours=9)) == set()
    assert [look(database, first + days * DAY) for days in range(1, 8)] == [set()] * 7, "nothing is due yet"
    assert look(database, AT_DUE - 7 * DAY) == supplier, "it is due soon now"
    assert [look(database, AT_DUE + days * DAY) for days in range(-6, 0)] == [set()] * 6
    assert look(database, AT_DUE) == supplier, "a week later"
    assert look(database, AT_DUE + DAY) == supplier, "it is late now"
    table.now = AT_DUE + 2 * DAY
    table.do(plan_working.say, table.supplier, text="Our own words are no news to us.")
    assert look(database, table.now + timedelta(hours=1)) == set()
    table.do(plan_working.say, table.reviewer, text="What do you need?")
    assert look(database, table.now + DAY) == supplier, "the other side wrote"


def test_who_answers_for_a_plan_is_told_and_no_colleague(database: Database) -> None:
    table = Table(database)
    table.submitted()
    assert look(database, NOON + DAY) == {table.reviewer.email}
    table.now = NOON + DAY + timedelta(hours=2)
    table.do(plan_working.assign, table.reviewer, person_id=table.colleague.id)
    assert look(database, table.now + DAY) == {table.colleague.email}


def test_who_wants_no_letter_gets_none_and_may_want_one_again(database: Database) -> None:
    table = Table(database)
    table.agreed()
    for wanted, told in ((False, suppliers(table) - {table.supplier.email}), (True, {table.supplier.email})):
        with database.transaction() as session:
            accounts.choose_digest(session, wanted, by=session.get_one(Person, table.supplier.id), now=NOON)
        assert look(database, NOON + DAY) == told


def test_a_supplier_of_two_customers_gets_one_letter_and_each_customer_sees_its_own_part(database: Database) -> None:
    table, other = Table(database), Table(database)
    table.agreed()
    with database.transaction() as session:
        theirs = planning.plan(session, other.id, by=other.reviewer)
        theirs.supplier.organisation = session.get_one(Person, table.supplier.id).organisation
        other.supplier = session.get_one(Person, table.supplier.id)
    other.write(other.reviewer)
    other.do(agreeing.send, other.reviewer, signed=False)
    assert look(database, NOON + DAY) == suppliers(table)
    with database.reading() as session:
        mail = session.scalars(select(Mail).where(Mail.person_id == table.supplier.id)).one()
        assert len(mail.parts) == 2
        for each in (table, other):
            found = posting.letter(session, mail.id, by=each.lead)
            (part,) = posting.parts_for(found, each.lead.organisation_id)
            assert (part.buyer_id, part.soon + part.later) == (each.reviewer.organisation_id, 1)
        assert mail.id in [row.id for row in posting.letters(session, by=other.lead).rows]


def test_a_question_about_a_passage_is_a_letter_and_a_line_of_the_digest_until_it_is_answered(
    database: Database,
) -> None:
    table = Table(database)
    with database.transaction() as session:
        plan = planning.plan(session, table.id, by=table.reviewer)
        make_desk_things(session, plan.findings[0], by=table.reviewer)
    with database.reading() as session:
        assert numbers(session, table.supplier, NOON) == [(0, 0, 0, 1)]
    assert look(database, NOON) == {*suppliers(table), table.reviewer.email}, "the reviewer's draft waits too"


def test_the_ladder_tells_more_people_the_higher_a_plan_climbs(database: Database) -> None:
    table = Table(database)
    with database.transaction() as session:
        buyer = session.get_one(Person, table.reviewer.id).organisation
        admin = make_person(session, role=Role.ADMIN, organisation=buyer)
    table.agreed()
    below = {*suppliers(table), table.reviewer.email}
    for days, told in (
        (2, set()), (3, below), (4, set()), (10, below | {table.lead.email}),
        (20, below | {table.lead.email, admin.email}),
    ):  # fmt: skip
        now = AT_DUE + days * DAY
        with database.transaction() as session:
            plan_following.climb(session, now=now)
            mails = list(session.scalars(select(Mail).where(Mail.asked_at == now)))
            assert {row.person.email for row in mails} == told
            assert all([part.late for part in row.parts] == [1] for row in mails)
            for row in mails:
                row.sent(now)
    with database.reading() as session:
        assert [part.level for part in mails[0].parts] == [3]


def test_who_lifts_a_plan_by_hand_needs_no_letter_about_it(database: Database) -> None:
    table = Table(database)
    table.agreed()
    table.do(plan_disputes.escalate, table.reviewer, reason="Nobody answers the telephone.")
    with database.reading() as session:
        assert {row.person.email for row in session.scalars(select(Mail))} == suppliers(table)


def test_what_is_settled_before_a_letter_leaves_is_not_in_it(database: Database) -> None:
    table = Table(database, severity=Severity.MEDIUM)
    table.agreed()
    look(database, NOON + DAY)
    table.now = NOON + DAY
    with database.transaction() as session:
        mail = session.scalars(select(Mail).where(Mail.person_id == table.supplier.id)).one()
        assert plan_letters.recount(session, mail, now=table.now)
    table.do(plan_working.begin, table.supplier)
    table.do(plan_disputes.suspend, table.reviewer, reason="The factory is closed.")
    with database.transaction() as session:
        mail = session.scalars(select(Mail).where(Mail.person_id == table.supplier.id)).one()
        assert not plan_letters.recount(session, mail, now=table.now)


def test_a_clock_that_looks_twice_asks_for_one_letter(database: Database) -> None:
    table = Table(database)
    table.agreed()
    assert [look(database, NOON + DAY), look(database, NOON + DAY)] == [suppliers(table), set()]
