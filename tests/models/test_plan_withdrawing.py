"""Evidence given by mistake is withdrawn by the side that gave it, while nobody has judged it, and never vanishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.journal import Entry
from models.operations import plan_record, plan_verifying, planning
from models.operations.plan_withdrawing import can_withdraw, withdraw
from models.operations.plan_working import add_evidence
from models.people import Person, Role
from models.plan_life import PlanState
from models.plan_parts import Evidence
from models.plans import Verification
from tests.factories import NOON, make_document, make_person, make_plan


@dataclass(frozen=True, slots=True)
class Case:
    """A plan under way with one file in it, and its people."""

    plan_id: UUID
    document_id: UUID
    sender: Person
    partner: Person
    """Of the supplier too."""
    reviewer: Person
    other: Person


@pytest.fixture
def case(database: Database) -> Case:
    with database.transaction() as session:
        reviewer = make_person(session)
        plan = make_plan(session, state=PlanState.IN_PROGRESS)
        sides = plan.supplier
        people = [
            make_person(session, role=Role.SUPPLIER_USER, organisation=sides.organisation),
            make_person(session, role=Role.SUPPLIER_USER, organisation=sides.organisation),
            make_person(session, organisation=sides.buyer),
        ]
        document = make_document(session, supplier=sides, by=people[0])
        add_evidence(session, plan.id, document.id, by=people[0], now=at(0))
        return Case(plan.id, document.id, *people, reviewer)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def taken_out(database: Database, case: Case, by: Person, minutes: int = 9) -> None:
    with database.transaction() as session:
        withdraw(session, case.plan_id, case.document_id, by=session.merge(by), now=at(minutes))


def evidence(session: Session, case: Case) -> list[Evidence]:
    return list(session.scalars(select(Evidence).where(Evidence.plan_id == case.plan_id).order_by(Evidence.added_at)))


def test_a_colleague_of_who_gave_it_withdraws_it_and_it_stays_with_who_and_when(database: Database, case: Case) -> None:
    taken_out(database, case, case.partner)
    with database.reading() as session:
        plan = planning.plan(session, case.plan_id, by=case.reviewer)
        for by in (case.sender, case.reviewer):
            (row,) = plan_record.record(session, plan, by=by).evidence
            assert (row.added_by_id, row.withdrawn_by_id, row.withdrawn_at) == (case.sender.id, case.partner.id, at(9))
        event = plan_record.record(session, plan, by=case.sender).events[-1]
        assert (event.act, event.by_id) == ("plan.evidence_withdrawn", case.partner.id)
        entry = session.scalars(select(Entry).where(Entry.act == "plan.evidence_withdrawn")).one()
        assert str(case.document_id) in str(entry.detail)


def test_it_is_withdrawn_once_and_can_be_given_again(database: Database, case: Case) -> None:
    taken_out(database, case, case.sender)
    with pytest.raises(Invalid, match="withdrawn already"):
        taken_out(database, case, case.sender)
    for minutes, fails in ((10, False), (11, True)):
        with database.transaction() as session:
            if fails:
                with pytest.raises(Conflict, match="part of the plan already"):
                    add_evidence(session, case.plan_id, case.document_id, by=case.sender, now=at(minutes))
            else:
                add_evidence(session, case.plan_id, case.document_id, by=case.sender, now=at(minutes))
    with database.reading() as session:
        assert [row.withdrawn_at for row in evidence(session, case)] == [at(9), None]


def test_the_database_itself_keeps_a_file_once_and_a_person_behind_each_withdrawal(
    database: Database, case: Case
) -> None:
    wrong: list[Callable[[Evidence], object]] = [
        lambda row: setattr(row, "withdrawn_at", NOON),
        lambda row: setattr(row, "withdrawn_by_id", case.sender.id),
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), database.transaction() as session:
            change(evidence(session, case)[0])
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(
            Evidence(plan_id=case.plan_id, document_id=case.document_id, added_by_id=case.sender.id, added_at=NOON)
        )


def test_the_other_side_and_strangers_withdraw_nothing(database: Database, case: Case) -> None:
    with pytest.raises(NotAllowed, match="only that side"):
        taken_out(database, case, case.reviewer)
    with pytest.raises(NotFound):
        taken_out(database, case, case.other)


def test_what_was_judged_stays_and_what_came_after_can_be_withdrawn(database: Database, case: Case) -> None:
    def version(session: Session) -> int:
        return planning.plan(session, case.plan_id, by=case.reviewer).version

    with database.transaction() as session:
        plan_verifying.submit_evidence(
            session, case.plan_id, text="Done", by=case.sender, now=at(1), version=version(session)
        )
    with database.reading() as session:
        assert shown(session, case, case.sender) == {case.document_id}, "sent, and nobody has looked"
        assert shown(session, case, case.reviewer) == set()
    with database.transaction() as session:
        plan_verifying.take_up(
            session, case.plan_id, how=Verification.PAPERS, by=case.reviewer, now=at(2), version=version(session)
        )
    with pytest.raises(Conflict, match="looked at already"):
        taken_out(database, case, case.sender)
    with database.transaction() as session:
        plan_verifying.send_back(
            session, case.plan_id, text="A photograph is missing", by=case.reviewer, now=at(3), version=version(session)
        )
        supplier = planning.plan(session, case.plan_id, by=case.reviewer).supplier
        later = make_document(session, supplier=supplier, by=session.merge(case.sender)).id
        add_evidence(session, case.plan_id, later, by=case.sender, now=at(4))
    with database.reading() as session:
        assert shown(session, case, case.sender) == {later}
    with pytest.raises(Conflict, match="looked at already"):
        taken_out(database, case, case.sender)


def test_who_withdrew_their_own_file_may_verify_the_others(database: Database, case: Case) -> None:
    with database.transaction() as session:
        supplier = planning.plan(session, case.plan_id, by=case.reviewer).supplier
        mistaken = make_document(session, supplier=supplier, by=session.merge(case.reviewer)).id
        add_evidence(session, case.plan_id, mistaken, by=case.reviewer, now=at(1))
        found = planning.plan(session, case.plan_id, by=case.reviewer)
        plan_verifying.submit_evidence(
            session, case.plan_id, text="Done", by=case.sender, now=at(2), version=found.version
        )
        with pytest.raises(NotAllowed, match="their own evidence"):
            plan_verifying.take_up(
                session, case.plan_id, how=Verification.PAPERS, by=case.reviewer, now=at(3), version=found.version
            )
        withdraw(session, case.plan_id, mistaken, by=case.reviewer, now=at(4))
        plan_verifying.take_up(
            session, case.plan_id, how=Verification.PAPERS, by=case.reviewer, now=at(5), version=found.version
        )
        assert found.state is PlanState.VERIFICATION


def shown(session: Session, case: Case, by: Person) -> set[UUID]:
    found = planning.plan(session, case.plan_id, by=by)
    return set(can_withdraw(session, found, plan_record.record(session, found, by=by).evidence, by=by))
