"""Holds submitted answers against what the same supplier answered before: who told of a problem and now does not.

The other way round raises nothing: whoever admits today what was not admitted yesterday is not held to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from models.findings import Finding, FindingEarlier, Severity, Verdict
from models.operations.stating import READ
from models.submissions import Answer, Submission, SubmissionState
from models.taxonomy import shipped
from screening.told import Told, contradicting

COUNTS_FOR = timedelta(days=730)
"""Older answers are not held against new ones: 24 months, as long as they are offered for using again."""

EVEN = 0.5
"""The score of a changed answer. A repaired problem and a concealed one look the same: only a person can tell."""

ADMITTED = "self_disclosed"
STOOD = (*READ, SubmissionState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier answer that told of a problem, in words."""

    answer_id: uuid.UUID
    text: str
    language: str | None
    said_on: date


def admitted_before(session: Session, found: Submission) -> dict[str, Before]:
    """The newest earlier answer to each question of the same place of work, where it told of a problem."""
    newest: dict[str, Before | None] = {}
    query = (
        select(Answer, Submission.submitted_at)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(*_stood_before(found))
        .order_by(Submission.submitted_at.desc(), Answer.question)
        .limit(20_000)
    )
    for row, submitted_at in session.execute(query):
        told = row.told
        if told is None or submitted_at is None or row.question in newest:
            continue
        said = Before(row.id, f"{told['question']} {told['answer']}", told["language"], submitted_at.date())
        newest[row.question] = said if told.get("admits") else None
    return {question: said for question, said in newest.items() if said is not None}


def flags_before(session: Session, found: Submission) -> Sequence[Finding]:
    """What was flagged in the free words of earlier answers and nobody rejected, the gravest first."""
    earlier = select(Answer.id).join(Submission, Submission.id == Answer.submission_id).where(*_stood_before(found))
    query = (
        select(Finding)
        .where(
            Finding.answer_id.in_(earlier),
            Finding.document_id.is_(None),
            Finding.other_quote == "",
            (Finding.verdict.is_(None)) | (Finding.verdict != Verdict.REJECTED),
        )
        .order_by(Finding.severity_rank, Finding.score.desc(), Finding.id)
        .limit(500)
    )
    return session.scalars(query).all()


def findings(found: Submission, before: Mapping[str, Before], told: Iterable[Told], version: str) -> list[Finding]:
    """Who told of a problem before and now tells of none: repaired or not, somebody has to look."""
    return [
        _finding(found, before[row.asked], row, version)
        for row in told
        if row.asked in before and not row.admits and row.text != before[row.asked].text
    ]


def day_of(session: Session, answer_id: uuid.UUID) -> date:
    """When the answers were submitted that this one belongs to."""
    query = select(Submission.submitted_at).join(Answer, Answer.submission_id == Submission.id)
    moment = session.scalars(query.where(Answer.id == answer_id)).one()
    if moment is None:
        raise LookupError("answers that were never submitted are compared with nothing")
    return moment.date()


def severity_of(signals: Iterable[str]) -> Severity:
    """As grave as the gravest that the question is about; medium where it is about none."""
    known = [shipped().signals[code].floor.value for code in signals if code in shipped().signals]
    return min((Severity(word) for word in known), key=lambda each: each.rank, default=Severity.MEDIUM)


def _finding(found: Submission, before: Before, answer: Told, version: str) -> Finding:
    """A finding in the newer answer; its quote is the earlier one."""
    signals = sorted(answer.signals)
    severity = severity_of(signals)
    row = Finding(
        supplier_id=found.supplier_id, buyer_id=found.supplier.buyer_id, answer_id=answer.answer_id,
        answer_version=answer.version, start=0, end=len(before.text), quote=before.text, other_quote=answer.text,
        boxes=[], assertion=ADMITTED, severity=severity, severity_rank=severity.rank, score=EVEN,
        language=before.language, engine_version=version, before="", remark="",
        explanation={"rules": [], "words": [], "assertion": "", "note": ""},
    )  # fmt: skip
    row.signal_list = contradicting(signals)
    row.earlier = FindingEarlier(answer_id=before.answer_id, said_on=before.said_on)
    return row


def _stood_before(found: Submission) -> tuple[ColumnElement[bool], ...]:
    """The conditions on answers joined with their submissions."""
    if found.submitted_at is None:
        return (false(),)
    return (
        Submission.supplier_id == found.supplier_id,  # Of one buyer: nobody reads what another customer was told.
        Submission.id != found.id,
        Submission.site_id.is_(None) if found.site_id is None else Submission.site_id == found.site_id,
        Submission.state.in_(STOOD),
        Submission.submitted_at < found.submitted_at,
        Submission.submitted_at >= found.submitted_at - COUNTS_FOR,
    )
