"""From what the engine says to rows that people work on: once, whatever happens to the worker half-way."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.db import later
from models.documents import Document, DocumentState, Page, PageStatus
from models.findings import Finding, FindingSignal, Severity
from models.journal import note
from models.operations import stating, unfolding
from models.operations.receiving import JOB
from models.operations.sweeping import give_up
from models.operations.unfolding import Taken
from models.work import LEASE, TRIES, Work, WorkKind, WorkState
from screening import keeping
from screening.engine import results
from screening.extracting import extract

DRAW = "draw_pages"


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed piece of work: which file to read, and the fencing token that lets its holder finish."""

    document_id: uuid.UUID
    sha256: str
    token: int


def claim(session: Session, document_id: uuid.UUID, *, now: datetime, lease: timedelta = LEASE) -> Task | None:
    """Begin a try at a document; None when it is done, in other hands, or has failed too often (then: set aside)."""
    work = _locked(session, document_id)
    if work is None or not work.may_be_claimed(now):
        return None
    if work.attempts >= TRIES:
        give_up(session, work, now=now)
        return None
    document = session.get_one(Document, document_id)
    document.begin_reading()
    return Task(document.id, document.sha256, work.claim(now, lease=lease))


def renew(session: Session, task: Task, *, now: datetime, lease: timedelta = LEASE) -> bool:
    """Say "still at it"; False when somebody else has taken over."""
    work = _held(session, task)
    if work is not None:
        work.lease_until = now + lease
    return work is not None


def fail(session: Session, task: Task, *, now: datetime) -> None:
    """A try failed in a way that the engine did not foresee: the sweep rings again, or the document is set aside."""
    work = _held(session, task)
    if work is None:
        return
    if work.attempts >= TRIES:
        give_up(session, work, now=now)
    else:
        work.state, work.lease_until, work.asked_at = WorkState.WAITING, None, now


def let_go(session: Session, document_id: uuid.UUID, *, now: datetime) -> None:
    """Whoever held this document is known to be dead: ring at once, nobody need wait for the lease to run out.

    Were it in other hands already, those would be taken over too early: an extra try, and one late result refused.
    """
    work = _locked(session, document_id)
    if work is not None and work.state is WorkState.RUNNING:
        work.lease_until = now
        later(session, JOB, document_id=document_id)


def record(
    session: Session,
    task: Task,
    screened: results.Screened,
    *,
    seconds: float,
    now: datetime,
    inside: Sequence[Taken] = (),
) -> bool:
    """Write down what the engine found and end the work, in one transaction.

    The files that were inside become documents of their own, which the workers are given in the same transaction.
    Answers False, and writes nothing, when the task was taken over meanwhile: the late result is refused.
    Recording twice has the effect of recording once. Findings that a person has judged are never touched.
    """
    work = _held(session, task)
    if work is None:
        return False
    document = session.get_one(Document, task.document_id)
    pages = _write_pages(session, document, screened.reading)
    _write_document(document, screened, seconds=seconds, now=now)
    raised = _write_findings(session, document, pages, screened, now=now)
    extract(session, document.id, screened)
    keeping.keep(session, document, pages, screened, now=now)
    unfolding.take_in(session, document, inside, now=now)
    work.finish(now)
    note(
        session, "document.screened", document.id, organisation_id=document.supplier.buyer_id, actor_id=None, at=now,
        state=document.state.value, reason=document.reason, pages=document.pages, pages_read=document.pages_read,
        findings=raised, engine_version=screened.engine_version,
    )  # fmt: skip
    if raised:
        later(session, DRAW, document_id=document.id)
    stating.ask_again_for(session, document.supplier_id, now=now)
    return True


def _locked(session: Session, document_id: uuid.UUID) -> Work | None:
    return session.scalar(
        select(Work)
        .where(Work.document_id == document_id, Work.kind == WorkKind.SCREEN)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _held(session: Session, task: Task) -> Work | None:
    """The work, if the task's token is still the newest and nobody ended it."""
    work = _locked(session, task.document_id)
    if work is None or work.state is not WorkState.RUNNING or work.token != task.token:
        return None
    return work


def _write_document(document: Document, screened: results.Screened, *, seconds: float, now: datetime) -> None:
    reading = screened.reading
    languages = Counter(page.language for page in reading.pages if page.language)
    document.state = DocumentState(reading.state.value)
    document.reason = None if reading.reason is None else reading.reason.value
    document.pages, document.pages_read = len(reading.pages), reading.pages_read
    document.pages_doubted = sum(bool(page.doubts) for page in reading.pages)
    document.languages = [language for language, _ in sorted(languages.items(), key=lambda item: (-item[1], item[0]))]
    document.document_type, document.scheme = reading.facts.document_type, reading.facts.scheme
    document.audit_date = reading.facts.audit_date
    document.supplier_name = reading.facts.supplier_name and reading.facts.supplier_name[:200]
    document.engine_version, document.screened_at = screened.engine_version, now
    document.seconds = round(seconds, 3)


def _write_pages(session: Session, document: Document, reading: results.Reading) -> dict[int, Page]:
    """Every page with its status. A page that was there from an earlier reading keeps its key and its picture."""
    kept = {page.number: page for page in session.scalars(select(Page).where(Page.document_id == document.id))}
    for read in reading.pages:
        page = kept.get(read.number)
        if page is None:
            page = Page(document_id=document.id, number=read.number, status=PageStatus(read.status.value))
            session.add(page)
            kept[read.number] = page
        page.status = PageStatus(read.status.value)
        page.reason = None if read.reason is None else read.reason.value
        page.text, page.language, page.hidden_text = read.text, read.language, read.hidden_text
        page.doubts = [doubt.value for doubt in read.doubts]
        page.width, page.height, page.confidence = read.width, read.height, read.confidence
    session.flush()
    return kept


def _write_findings(
    session: Session, document: Document, pages: dict[int, Page], screened: results.Screened, *, now: datetime
) -> int:
    """Replace what the machine raised before by what it raises now, around the passages that people have touched."""
    of_this = (Finding.document_id == document.id, Finding.answer_id.is_(None))
    session.execute(delete(Finding).where(*of_this, Finding.verdict.is_(None), Finding.touched_at.is_(None)))
    judged = {
        (row.page_number, row.start, row.end)
        for row in session.execute(select(Finding.page_number, Finding.start, Finding.end).where(*of_this))
    }
    raised = 0
    for found in screened.findings:
        place = (found.passage.page, found.passage.start, found.passage.end)
        if not found.judgement.flag or place in judged:
            continue
        judged.add(place)
        session.add(_finding(document, pages[found.passage.page], found, screened.engine_version, now))
        raised += 1
    session.flush()
    return raised


def _finding(document: Document, page: Page, found: results.Finding, engine_version: str, now: datetime) -> Finding:
    passage, judgement = found.passage, found.judgement
    severity = Severity(judgement.severity)
    row = Finding(
        supplier_id=document.supplier_id,
        document_id=document.id,
        page_id=page.id,
        buyer_id=document.supplier.buyer_id,
        page_number=passage.page,
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        before=passage.before,
        boxes=[list(box) for box in found.boxes],
        assertion=judgement.assertion.value,
        severity=severity,
        severity_rank=severity.rank,
        score=judgement.score,
        people=judgement.people,
        language=judgement.language,
        in_table=passage.in_table,
        explanation=asdict(judgement.explanation),
        engine_version=engine_version,
        raised_at=now,
    )
    row.signal_list = [FindingSignal(signal=signal, place=place) for place, signal in enumerate(judgement.signals)]
    return row
