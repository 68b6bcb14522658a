"""Questionnaires of the demonstration: one that an audit contradicts, one half answered, two not begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import Person
from models.submissions import Submission
from models.supplychain import Supplier
from questionnaires import answering, issuing
from questionnaires.answering import Given
from questionnaires.values import Json

DUE = timedelta(days=21)

SUBMITTED: Mapping[str, Json] = MappingProxyType(
    {
        "activity": "chemicals",
        "countries": "Malaysia",
        "workers_total": "640",
        "workers_women": "210",
        "workers_migrant": "455",
        "workers_agency": "120",
        "workers_young": "0",
        "fees_paid": "no_believed",
        "documents_kept": "workers",
        "free_to_leave": "yes",
        "age_check": "yes",
        "longest_week": "58",
        "rest_day": "yes",
        "lowest_wage": {"amount": "1700", "currency": "MYR"},
        "paid_on_time": "yes",
        "exits_clear": "yes",
        "accidents_serious": "2",
        "accommodation_provided": "yes",
        "accommodation_checked": "partly",
        "representation": "appointed",
        "complaint_channel": "partly",
        "outside_work": ["none"],
        "worry": "Some of the workers from Nepal still owe money to agents at home and are afraid to talk about it.",
        "plan": "The hostel gets twelve more beds and a second exit in May. The head of personnel checks each month.",
        "buyer_harder": ["changes", "short_time"],
        "attested_by": "Nurul Hayati Samad",
        "attestation": True,
    }
)
"""By the glove maker, whose audit of this year tells of kept passports and longer weeks."""

HALF_WAY: Mapping[str, Json] = MappingProxyType(
    {
        "activity": "farming",
        "countries": "Nederland",
        "workers_total": "86",
        "workers_women": "41",
        "workers_migrant": "64",
        "fees_paid": "unknown",
        "documents_kept": "workers",
        "longest_week": "62",
    }
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A supplier of the demonstration with the person who answers for it."""

    supplier: Supplier
    person: Person


def ask(session: Session, relations: Mapping[str, Relation], lead: Person, *, now: datetime) -> None:
    """Issue the questionnaires, and answer what is answered; nothing when it was done before."""
    if session.scalar(select(Submission.id).limit(1)) is not None:
        return
    entry = issuing.publish_shipped(session, "entry", now=now)
    full = issuing.publish_shipped(session, "full", now=now)
    due, period = (now + DUE).date(), str(now.year)

    def issue(key: str) -> Submission:
        supplier_id = relations[key].supplier.id
        return issuing.issue(session, entry.id, supplier_id, by=lead, now=now, due_on=due, period=period)

    done = issue("suriya")
    _answer(session, done, SUBMITTED, by=relations["suriya"].person, now=now)
    answering.submit(session, done.id, by=relations["suriya"].person, now=now)
    _answer(session, issue("hessel"), HALF_WAY, by=relations["hessel"].person, now=now)
    issue("meridan")
    issuing.issue(
        session, full.id, relations["yeltepe"].supplier.id, by=lead, now=now, due_on=due, period=period,
        prefilled={"inherent_risk": "high"},
    )  # fmt: skip


def _answer(session: Session, found: Submission, values: Mapping[str, Json], *, by: Person, now: datetime) -> None:
    for place, (question, value) in enumerate(values.items()):
        # Half a minute each, so that the answers look as if somebody had thought about them.
        moment = now - timedelta(seconds=30 * (len(values) - place))
        given = Given(question, value, f"demonstration-{question}"[:64], 0)
        answering.save_answer(session, found.id, given, by=by, now=moment)
