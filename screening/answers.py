"""Reading what suppliers answered: free words like any passage, and every answer against what documents say."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.findings import Finding, FindingEarlier, Severity, Verdict
from models.journal import note
from models.operations.stating import READ, TRIES
from models.submissions import Answer, Submission
from screening import earlier
from screening.comparing import Kind, Pair, Relation
from screening.earlier import Before
from screening.engine import results
from screening.engine.results import Page, PageStatus, Reading, State
from screening.jobs import at_hand
from screening.told import FREE_WORDS, Told, contradicting, in_words, signal_rows

log = logging.getLogger(__name__)

MOST_PASSAGES = 30
"""Passages that one answer is held against, the gravest first."""

MOST_PAIRS = 3000
"""Pairs of one submission; an entry set against forty documents stays far below."""


@dataclass(frozen=True, slots=True)
class Known:
    """A passage in which a flag was raised: of the supplier's documents, complaints among them, or earlier answers."""

    finding_id: uuid.UUID
    quote: str
    language: str | None
    signals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be read, as it stood when it was taken up."""

    submission_id: uuid.UUID
    stamp: int
    asked_at: datetime
    told: tuple[Told, ...]
    known: tuple[Known, ...]
    before: dict[str, Before]
    """Earlier answers that told of a problem, by question."""


def screen_answers(submission_id: str) -> None:
    """Read and compare the answers of one submission. Does nothing when they were recalled or read already."""
    bench = at_hand()
    with bench.database.transaction() as session:
        task = _take_up(session, UUID(submission_id))
    if task is None:
        return
    seen = bench.judge(_as_reading(task.told)) if any(_words(task.told)) else ()
    pairs = _pairs(task)
    relations = bench.hold([pair for _, _, pair in pairs]) if pairs else []
    against = [
        (told, known, relation)
        for (told, known, _), relation in zip(pairs, relations, strict=True)
        if relation.relation is Kind.CONTRADICTS
    ]
    with bench.database.transaction() as session:
        kept = _record(session, task, seen, against, version=bench.comparing(), now=bench.now())
    log.info("answers_screened", extra={"submission_id": submission_id, "pairs": len(pairs), "kept": kept})


def _take_up(session: Session, submission_id: uuid.UUID) -> Task | None:
    found = _locked(session, submission_id)
    if found is None or found.screening_due_at is None or found.state not in READ or found.screening_tries >= TRIES:
        return None
    found.screening_tries += 1
    query = select(Answer).where(Answer.submission_id == found.id, Answer.told.is_not(None)).order_by(Answer.question)
    told = tuple(each for row in session.scalars(query) if (each := in_words(row)) is not None)
    return Task(
        found.id,
        found.stamp,
        found.screening_due_at,
        told,
        tuple(_known(session, found)),
        earlier.admitted_before(session, found),
    )


def _known(session: Session, found: Submission) -> Iterable[Known]:
    """What documents say of this supplier, and its own earlier answers: every flag that nobody rejected."""
    query = (
        select(Finding)
        .where(
            Finding.supplier_id == found.supplier_id,
            Finding.document_id.is_not(None),
            Finding.answer_id.is_(None),
            (Finding.verdict.is_(None)) | (Finding.verdict != Verdict.REJECTED),
        )
        .order_by(Finding.severity_rank, Finding.score.desc(), Finding.id)
        .limit(2000)
    )
    rows = (*session.scalars(query), *earlier.flags_before(session, found))
    return (Known(row.id, row.quote, row.language, frozenset(row.signals)) for row in rows)


def _words(told: Iterable[Told]) -> Iterable[Told]:
    return (row for row in told if row.kind in FREE_WORDS and row.answer.strip())


def _as_reading(told: tuple[Told, ...]) -> Reading:
    """The free answers as a document of one page each, so that they are judged like any other."""
    pages = tuple(
        Page(number=number, status=PageStatus.READ, text=row.answer) for number, row in enumerate(_words(told), start=1)
    )
    return Reading(State.SCREENED, pages=pages)


def _pairs(task: Task) -> list[tuple[Told, Known, Pair]]:
    """Each answer with the passages on the same subject: those that share a signal; of free words, a category too."""
    found = []
    for row in task.told:
        near = [each for each in task.known if row.signals & each.signals]
        if row.kind in FREE_WORDS:
            categories = _categories(row.signals)
            near += [each for each in task.known if each not in near and categories & _categories(each.signals)]
        for each in near[:MOST_PASSAGES]:
            pair = Pair(row.question, row.answer, each.quote, row.language, None, each.language)
            found.append((row, each, pair))
    return found[:MOST_PAIRS]


def _categories(signals: Iterable[str]) -> set[str]:
    return {code.partition(".")[0] for code in signals}


def _record(
    session: Session,
    task: Task,
    seen: tuple[results.Finding, ...],
    against: list[tuple[Told, Known, Relation]],
    *,
    version: str,
    now: datetime,
) -> int:
    """Replace what the machine raised about these answers, around what people touched. Nothing when they changed."""
    found = _locked(session, task.submission_id)
    if found is None or found.stamp != task.stamp or found.state not in READ:
        return 0
    raised = {
        _place(row): row
        for row in (
            *_from_words(found, task, seen, version),
            *_from_pairs(session, found, against, version),
            *earlier.findings(found, task.before, task.told, version),
        )
    }
    standing = {_place(row): row for row in _raised_before(session, found)}
    for place, row in list(standing.items()):
        if not _is_touched(row) and not _says_the_same(row, raised.get(place)):
            session.delete(standing.pop(place))
    session.flush()
    kept = [row for place, row in raised.items() if place not in standing]
    for row in kept:
        row.raised_at = now
        session.add(row)
    if found.screening_due_at == task.asked_at:  # Otherwise it was asked for again meanwhile, and is still to be done.
        found.screening_due_at = None
    note(
        session, "submission.screened", found.id, organisation_id=found.supplier.buyer_id, actor_id=None,
        findings=len(raised), engine_version=version,
    )  # fmt: skip
    session.flush()
    return len(kept)


def _raised_before(session: Session, found: Submission) -> Iterable[Finding]:
    answers = select(Answer.id).where(Answer.submission_id == found.id)
    return session.scalars(select(Finding).where(Finding.answer_id.in_(answers)))


def _place(row: Finding) -> tuple[object, ...]:
    return row.answer_id, row.page_id, row.start, row.end, row.earlier and row.earlier.answer_id


def _is_touched(row: Finding) -> bool:
    """Whether a person judged, changed or asked about it, or gave an opinion: a fresh reading leaves it be."""
    return row.verdict is not None or row.touched_at is not None


def _says_the_same(standing: Finding, raised: Finding | None) -> bool:
    """Whether a finding may stay as it is: reviewers have its address open."""
    return raised is not None and (
        (standing.quote, standing.other_quote, standing.engine_version, standing.severity, standing.signals)
        == (raised.quote, raised.other_quote, raised.engine_version, raised.severity, raised.signals)
    )


def _from_words(found: Submission, task: Task, seen: tuple[results.Finding, ...], version: str) -> list[Finding]:
    told = list(_words(task.told))
    rows = []
    for each in seen:
        if not each.judgement.flag:
            continue
        answer, judgement = told[each.passage.page - 1], each.judgement
        severity = Severity(judgement.severity)
        row = Finding(
            supplier_id=found.supplier_id, buyer_id=found.supplier.buyer_id, answer_id=answer.answer_id,
            answer_version=answer.version, start=each.passage.start, end=each.passage.end, quote=each.passage.text,
            before=answer.question, boxes=[], assertion=judgement.assertion.value, severity=severity,
            severity_rank=severity.rank, score=judgement.score, people=judgement.people, language=judgement.language,
            explanation=asdict(judgement.explanation), engine_version=version, other_quote="", remark="",
        )  # fmt: skip
        row.signal_list = signal_rows(judgement.signals)
        rows.append(row)
    return rows


def _from_pairs(
    session: Session, found: Submission, against: list[tuple[Told, Known, Relation]], version: str
) -> list[Finding]:
    """A contradiction stands where the passage stands, with both sides quoted."""
    rows = []
    for answer, known, relation in against:
        passage = session.get(Finding, known.finding_id)
        if passage is None:
            continue
        row = Finding(
            supplier_id=found.supplier_id, buyer_id=found.supplier.buyer_id, answer_id=answer.answer_id,
            answer_version=answer.version, document_id=passage.document_id, page_id=passage.page_id,
            page_number=passage.page_number, start=passage.start, end=passage.end, quote=passage.quote,
            before=passage.before, other_quote=answer.text, boxes=passage.boxes,
            assertion=passage.assertion, severity=passage.severity, severity_rank=passage.severity_rank,
            score=round(relation.score, 4), people=passage.people, language=passage.language,
            in_table=passage.in_table, engine_version=version, remark="",
            explanation={"rules": [], "words": [], "assertion": "", "note": relation.why},
        )  # fmt: skip
        row.signal_list = contradicting(passage.signals)
        if passage.document_id is None and passage.answer_id is not None:
            said_on = earlier.day_of(session, passage.answer_id)
            row.earlier = FindingEarlier(answer_id=passage.answer_id, said_on=said_on)
        rows.append(row)
    return rows


def _locked(session: Session, submission_id: uuid.UUID) -> Submission | None:
    return session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update(of=Submission)
        .execution_options(populate_existing=True)
    )
