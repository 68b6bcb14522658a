"""Hunting for what was missed: passages without a flag are looked at by lot, and what is missed becomes a finding."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import LARGEST_NUMBER
from models.documents import Document, Page
from models.errors import Conflict, Invalid, NotFound
from models.findings import Finding, FindingSignal, Severity
from models.journal import note
from models.operations.queueing import DESK
from models.operations.scope import allow
from models.people import Person
from models.samples import Look, PassageSample
from models.taxonomy import shipped

NOTE = "A person found it among passages that were not flagged."


def waiting(session: Session, *, by: Person) -> int:
    """How many sampled passages nobody has looked at."""
    allow(by, *DESK)
    own = (PassageSample.buyer_id == by.organisation_id, PassageSample.look.is_(None))
    return int(session.scalar(select(func.count()).select_from(PassageSample).where(*own)) or 0)


def next_sample(session: Session, *, by: Person, after: int = -1) -> PassageSample | None:
    """The next one in the order of the lot, behind `after`; None when all have been looked at."""
    allow(by, *DESK)
    if after > LARGEST_NUMBER:
        return None
    query = (
        select(PassageSample)
        .where(PassageSample.buyer_id == by.organisation_id, PassageSample.look.is_(None), PassageSample.lot > after)
        .order_by(PassageSample.lot, PassageSample.id)
        .limit(1)
    )
    return session.scalar(query)


def sample(session: Session, sample_id: uuid.UUID, *, by: Person) -> tuple[PassageSample, Document, Page]:
    """One of them with its document and page. Raises NotFound."""
    allow(by, *DESK)
    row = session.execute(
        select(PassageSample, Document, Page)
        .join(Document, Document.id == PassageSample.document_id)
        .join(Page, Page.id == PassageSample.page_id)
        .where(PassageSample.id == sample_id, PassageSample.buyer_id == by.organisation_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1], row[2]


def look(
    session: Session, sample_id: uuid.UUID, seen: Look, *, signal: str | None = None, by: Person, now: datetime
) -> Finding | None:
    """Record what a person saw. What was missed becomes a finding with the signal that they name, and waits.

    Raises NotFound, Conflict when somebody was first, Invalid for a miss without its signal.
    """
    allow(by, *DESK)
    found = session.scalar(
        select(PassageSample)
        .where(PassageSample.id == sample_id, PassageSample.buyer_id == by.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    if found.look is not None:
        raise Conflict("Somebody looked at this passage already.")
    if seen is Look.MISSED and (signal is None or signal not in shipped().signals):
        raise Invalid("Say which signal was missed.", field="signal")
    found.look, found.looked_by_id, found.looked_at = seen, by.id, now
    note(
        session, "sample.looked_at", found.id, organisation_id=by.organisation_id, actor_id=by.id, at=now,
        look=seen.value,
    )  # fmt: skip
    return _raised(session, found, signal, now=now) if signal is not None and seen is Look.MISSED else None


def _raised(session: Session, found: PassageSample, signal: str, *, now: datetime) -> Finding:
    document = session.get_one(Document, found.document_id)
    severity = Severity(shipped().signal(signal).floor.value)
    row = Finding(
        supplier_id=document.supplier_id, document_id=document.id, page_id=found.page_id,
        buyer_id=found.buyer_id, page_number=found.page_number, start=found.start, end=found.end, quote=found.quote,
        before=found.before, boxes=[], assertion="finding_confirmed", severity=severity, severity_rank=severity.rank,
        score=found.score, language=found.language, explanation={"note": NOTE}, engine_version=found.engine_version,
        raised_at=now, touched_at=now,
    )  # fmt: skip
    row.signal_list = [FindingSignal(signal=signal, place=0)]
    session.add(row)
    session.flush()
    return row
