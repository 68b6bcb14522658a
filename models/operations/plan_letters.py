"""Letters about plans, in numbers alone: what waits for each person once a day, and what climbed the ladder."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.findings import Severity
from models.mail import Mail, MailKind, MailPart
from models.operations import posting, weekly
from models.operations.plan_steps import side_of
from models.operations.planning import PlanFilter, conditions, visible
from models.operations.scope import sees
from models.people import Organisation, Person, Role
from models.plan_life import OPEN, PlanState, Side
from models.plan_policy import DEFAULT, Policy
from models.plan_records import Escalation, Event
from models.plans import Plan
from models.review import Asking
from models.supplychain import Supplier

MOST = 2000
"""Plans of one person that are counted. Who has more needs no more exact number."""

AGAIN_AFTER = timedelta(days=7)
"""So long after a letter another comes about what was said already, while something is late or due soon."""

TELL_LEADS, TELL_ADMINS = 2, 3
"""From these rungs on the compliance team, and the administrators, are told too."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person: the numbers for each customer, and whether any of it was not told yet."""

    parts: tuple[MailPart, ...]
    has_news: bool

    @property
    def presses(self) -> bool:
        return any(part.late or part.soon or part.looks for part in self.parts)


def look(session: Session, *, now: datetime, policy: Policy = DEFAULT, limit: int = 200) -> tuple[int, int]:
    """Ask for the digests of today. Answers how many people were looked at, and how many get a letter.

    Each person is looked at once a day, by one of however many clocks there are.
    """
    today = now.date()
    query = (
        select(Person)
        .where(
            Person.wants_digest, Person.disabled_at.is_(None), _something_is_open(),
            or_(Person.digest_on.is_(None), Person.digest_on < today),
        )
        .order_by(Person.id)
        .limit(limit)
        .with_for_update(of=Person, skip_locked=True)
    )  # fmt: skip
    people = session.scalars(query).all()
    return len(people), sum(_ask(session, person, now, policy) for person in people)


def waiting(session: Session, person: Person, *, now: datetime, policy: Policy = DEFAULT) -> Waiting:
    """Count what waits for the person, and tell whether any of it is news since the last digest."""
    today, last = now.date(), _last_digest(session, person)
    rows = _plans(session, person)
    stirred = _stirred(session, person, rows, last)
    parts: dict[uuid.UUID, MailPart] = {}
    has_news = False
    for row in rows:
        begins = None if row.clock_on is None else row.clock_on - timedelta(days=policy.remind_days)
        if row.state not in OPEN and (begins is None or today < begins):
            continue  # Closed: the day of looking again is far away.
        _count(_part(session, parts, row.buyer_id), row.clock_on, begins, today)
        has_news = has_news or row.id in stirred or _has_come(row.clock_on, begins, last, today)
    for buyer_id, asked_at in _questions(session, person):
        _part(session, parts, buyer_id).questions += 1
        has_news = has_news or last is None or asked_at > last
    looks, is_new = weekly.waiting_for(session, person, told_at=last, now=now)
    if looks:
        _part(session, parts, person.organisation_id).looks = looks
    return Waiting(tuple(parts.values()), has_news or is_new)


def tell_of_climbing(session: Session, plans: Sequence[Plan], *, by: Person | None, now: datetime) -> int:
    """Ask for a letter to everybody whom these plans, which just climbed a rung, concern. Answers how many.

    Whoever lifted them by hand needs none.
    """
    people: dict[uuid.UUID, Person] = {}
    for row in plans:
        people |= {person.id: person for person in _concerned(session, row) if by is None or person.id != by.id}
    mails = posting.post(session, MailKind.PLANS_LATE, people.values(), now=now)
    for mail in mails:
        recount(session, mail, now=now)
    return len(mails)


def recount(session: Session, mail: Mail, *, now: datetime, policy: Policy = DEFAULT) -> bool:
    """Bring the numbers of a letter about plans up to the moment at which it leaves. False: nothing is left to say."""
    person = session.get_one(Person, mail.person_id)
    if mail.kind is MailKind.DIGEST:
        parts: Iterable[MailPart] = waiting(session, person, now=now, policy=policy).parts
    else:
        parts = _climbed(session, person, mail)
    mail.parts.clear()
    session.flush()
    mail.parts.extend(part for part in parts if not part.is_empty)
    session.flush()
    return bool(mail.parts)


def _ask(session: Session, person: Person, now: datetime, policy: Policy) -> bool:
    person.digest_on = now.date()
    last = _last_digest(session, person)
    found = waiting(session, person, now=now, policy=policy)
    is_time_again = last is not None and found.presses and now.date() - last.date() >= AGAIN_AFTER
    if not found.parts or not (found.has_news or is_time_again):
        return False
    made = posting.post(session, MailKind.DIGEST, [person], now=now)
    for mail in made:
        mail.parts.extend(found.parts)
    session.flush()
    return bool(made)


@dataclass(frozen=True, slots=True)
class _Row:
    id: uuid.UUID
    buyer_id: uuid.UUID
    state: PlanState
    clock_on: date | None


def _plans(session: Session, person: Person) -> list[_Row]:
    """The plans that wait for a person: at a buyer those that the person answers for, at a supplier all of it."""
    side = side_of(person)
    query = (
        select(Plan.id, Supplier.buyer_id, Plan.state, Plan.clock_on)
        .join(Plan.supplier)
        .where(sees(person), *visible(person), *conditions(PlanFilter(waits_for=side)))
        .order_by(Plan.clock_on, Plan.id)
        .limit(MOST)
    )
    if side is Side.BUYER:
        query = query.where(Plan.accountable_id == person.id)
    return [_Row(*row) for row in session.execute(query)]


def _stirred(session: Session, person: Person, rows: Sequence[_Row], last: datetime | None) -> set[uuid.UUID]:
    """Which of the plans somebody of the other side has acted on since, or laid into the person's hands."""
    if last is None:
        return {row.id for row in rows}
    from_elsewhere = or_(Person.organisation_id != person.organisation_id, Event.act == "plan.assigned")
    query = (
        select(Event.plan_id)
        .join(Person, Person.id == Event.by_id)
        .where(Event.plan_id.in_([row.id for row in rows]), Event.at > last, Event.by_id != person.id, from_elsewhere)
    )
    return set(session.scalars(query))


def _has_come(clock_on: date | None, begins: date | None, last: datetime | None, today: date) -> bool:
    """Whether a plan became due soon, or late, since the last letter."""
    if clock_on is None or begins is None or last is None:
        return False
    return any(last.date() < day <= today for day in (begins, clock_on + timedelta(days=1)))


def _count(part: MailPart, clock_on: date | None, begins: date | None, today: date) -> None:
    if clock_on is None or begins is None or today < begins:
        part.later += 1
    elif clock_on < today:
        part.late += 1
    else:
        part.soon += 1
        part.next_on = min(clock_on, part.next_on or clock_on)


def _part(session: Session, parts: dict[uuid.UUID, MailPart], buyer_id: uuid.UUID) -> MailPart:
    if buyer_id not in parts:
        buyer = session.get_one(Organisation, buyer_id)
        parts[buyer_id] = MailPart(
            buyer_id=buyer_id, buyer=buyer, late=0, soon=0, later=0, questions=0, looks=0, level=0
        )
    return parts[buyer_id]


def _questions(session: Session, person: Person) -> list[tuple[uuid.UUID, datetime]]:
    """Customer and moment of each question about a passage that waits for the person's supplier."""
    if person.works_for_a_buyer:
        return []
    query = (
        select(Supplier.buyer_id, Asking.asked_at)
        .join(Supplier, Supplier.id == Asking.supplier_id)
        .where(sees(person), Asking.answered_at.is_(None), Asking.withdrawn_at.is_(None))
        .limit(MOST)
    )
    return [(buyer_id, asked_at) for buyer_id, asked_at in session.execute(query)]


def _something_is_open() -> ColumnElement[bool]:
    """Whether there can be anything at all to tell a person, so that nobody else is looked at."""
    plans = select(Supplier.organisation_id).join(Plan, Plan.supplier_id == Supplier.id)
    asked = select(Supplier.organisation_id).join(Asking, Asking.supplier_id == Supplier.id)
    unanswered = (Asking.answered_at.is_(None), Asking.withdrawn_at.is_(None))
    ours = select(Plan.accountable_id).where(Plan.state != PlanState.EFFECTIVE)
    critical = select(Supplier.buyer_id).join(Plan, Plan.supplier_id == Supplier.id)
    critical = critical.where(Plan.severity == Severity.CRITICAL, Plan.state.in_(OPEN))
    return or_(
        Person.organisation_id.in_(plans.where(Plan.state.in_(OPEN), Plan.sent_at.is_not(None))),
        Person.organisation_id.in_(asked.where(*unanswered)),
        Person.id.in_(ours),
        and_(Person.role == Role.COMPLIANCE, Person.organisation_id.in_(critical)),
    )


def _concerned(session: Session, row: Plan) -> list[Person]:
    """Who is told that a plan climbed: who answers for it, the supplier if it is its turn, above that others."""
    found = [session.get_one(Person, row.accountable_id)]
    if Side.SUPPLIER in row.waits_for():
        found += posting.readers(session, row.supplier.organisation_id)
    roles = [role for role, rung in ABOVE.items() if row.level >= rung]
    query = select(Person).where(
        Person.organisation_id == row.supplier.buyer_id, Person.role.in_(roles), Person.disabled_at.is_(None)
    )
    return found + list(session.scalars(query.order_by(Person.id)))


ABOVE = {Role.COMPLIANCE: TELL_LEADS, Role.ADMIN: TELL_ADMINS}


def _climbed(session: Session, person: Person, mail: Mail) -> list[MailPart]:
    """The open plans of a person that climbed since the letter of the ladder before this one, for each customer."""
    told = select(func.max(Mail.sent_at)).where(Mail.person_id == person.id, Mail.kind == mail.kind, Mail.id != mail.id)
    since = session.scalar(told) or mail.asked_at - timedelta(days=1)
    query = (
        select(Supplier.buyer_id, Plan.id, func.max(Escalation.level))
        .join(Plan, Plan.id == Escalation.plan_id)
        .join(Supplier, Supplier.id == Plan.supplier_id)
        .where(sees(person), *visible(person), Plan.state.in_(OPEN), _is_told(person), Escalation.at > since)
        .group_by(Supplier.buyer_id, Plan.id)
    )
    parts: dict[uuid.UUID, MailPart] = {}
    for buyer_id, _plan_id, level in session.execute(query):
        part = _part(session, parts, buyer_id)
        part.late, part.level = part.late + 1, max(part.level, level)
    return list(parts.values())


def _is_told(person: Person) -> ColumnElement[bool]:
    if not person.works_for_a_buyer:
        return conditions(PlanFilter(waits_for=Side.SUPPLIER))[0]
    own = Plan.accountable_id == person.id
    rung = ABOVE.get(person.role)
    return own if rung is None else or_(own, Escalation.level >= rung)


def _last_digest(session: Session, person: Person) -> datetime | None:
    """When a digest was last asked for."""
    query = select(func.max(Mail.asked_at)).where(Mail.person_id == person.id, Mail.kind == MailKind.DIGEST)
    return session.scalar(query)
