"""Care for those who read and those who are read about: hard passages stay closed until asked for, names hidden."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Conflict
from models.journal import note
from models.operations.queueing import DESK, LEAD, finding
from models.operations.scope import allow
from models.people import Person
from models.review import HardReading
from models.severity import PER_DAY
from models.taxonomy import shipped

HARD = frozenset({"VH.SEX", "VH.PHYS", "CL.WORST", "FL.VIOL", "OSH.FATAL", "SEC.FORCE"})
"""Signals whose passages tell of violence or death. Our own list; what the taxonomy handles with care is added."""


def is_hard(signals: Iterable[str]) -> bool:
    """Whether a passage with these signals is closed until somebody asks for it."""
    return any(code in HARD or _handling(code) for code in signals)


def is_survivor_centred(signals: Iterable[str]) -> bool:
    """Whether the affected person decides who may know."""
    return any(_handling(code) == "survivor_centred" for code in signals)


def opened(session: Session, finding_id: uuid.UUID, *, by: Person, today: date) -> bool:
    """Whether this person opened this hard passage today."""
    return session.get(HardReading, (by.id, finding_id, today)) is not None


def opened_today(session: Session, *, by: Person, today: date) -> int:
    """How many hard passages this person opened today."""
    own = (HardReading.person_id == by.id, HardReading.day == today)
    return int(session.scalar(select(func.count()).select_from(HardReading).where(*own)) or 0)


def open_hard(session: Session, finding_id: uuid.UUID, *, by: Person, now: datetime, per_day: int = PER_DAY) -> None:
    """Let this person read a hard passage. Raises Conflict when they have read enough of them today."""
    allow(by, *DESK)
    found = finding(session, finding_id, by=by)
    if opened(session, found.id, by=by, today=now.date()):
        return
    if opened_today(session, by=by, today=now.date()) >= per_day:
        raise Conflict("You have read enough of this today. Leave it for tomorrow or for a colleague; nothing is lost.")
    session.add(HardReading(person_id=by.id, finding_id=found.id, day=now.date()))
    session.flush()


def unmask(session: Session, finding_id: uuid.UUID, *, by: Person, now: datetime) -> None:
    """Take down that a person looks at the names and numbers in a passage. Compliance may, and nobody else."""
    allow(by, *LEAD)
    found = finding(session, finding_id, by=by)
    note(session, "finding.unmasked", found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now)


def _handling(code: str) -> str:
    known = shipped().signals.get(code)
    return "" if known is None else known.handling
