"""What the workers need to learn a classifier and to weigh findings: rows to learn from, turns, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from models.db import later
from models.documents import Document
from models.findings import Finding, FindingSignal, Severity, Verdict
from models.journal import note
from models.measured import Measured
from models.operations.teaching import LEARN, WEIGH
from models.own_classifiers import TRIES, ClassifierState, Hindrance, OwnClassifier, SecondOpinion
from models.submissions import Answer

MOST = 3_000
"""Rows to learn from and to measure on, the latest decisions: more would take a worker beyond its gigabyte."""
PATIENCE = timedelta(seconds=20)
SETTLES = timedelta(minutes=5)
"""A finding may be written so long after its key was made: those are looked for again."""


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as learning sees it."""

    id: uuid.UUID
    whole: str
    """What stays whole: the file in which it stands by its hash, so that copies are one; or the questionnaire."""
    quote: str
    wording: str
    """Equal for passages that say the same but for numbers, case and punctuation."""
    signal: str
    severity: Severity
    language: str | None
    confirmed: bool | None
    """None while it waits."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A try at learning."""

    classifier_id: uuid.UUID
    buyer_id: uuid.UUID
    token: int
    current_id: uuid.UUID | None
    current_files: str | None
    """The hash of the files of the one in use; None where there is none."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a classifier thinks of one finding: how likely people would confirm it, and on which side of its line."""

    finding_id: uuid.UUID
    probability: float
    is_finding: bool


def claim(session: Session, classifier_id: uuid.UUID, *, now: datetime, lease: timedelta) -> Claimed | None:
    """Begin to learn. None when it is done, in other hands, or was tried too often and is given up now."""
    found = session.scalar(_locked(classifier_id))
    if found is None or not found.may_be_claimed(now):
        return None
    if found.attempts >= TRIES:
        _failed(session, found, Hindrance.ENDED_ITS_WORKER, {"tries": TRIES}, now=now)
        return None
    current = session.scalar(
        select(OwnClassifier).where(
            OwnClassifier.buyer_id == found.buyer_id, OwnClassifier.state == ClassifierState.IN_USE
        )
    )
    found.compared_with_id = None if current is None else current.id
    return Claimed(
        found.id, found.buyer_id, found.claim(now, lease=lease), found.compared_with_id,
        None if current is None else current.files_sha256,
    )  # fmt: skip


def renew(session: Session, task: Claimed, *, now: datetime, lease: timedelta) -> bool:
    """Keep the turn. False when another worker has it."""
    return _changed(session, task, lease_until=now + lease)


def told(session: Session, task: Claimed, step: int) -> bool:
    """Say how far learning is. False when another worker has the turn."""
    return _changed(session, task, step=step)


def decided(session: Session, buyer_id: uuid.UUID) -> list[Row]:
    """The findings that people decided, the latest `MOST`; whole documents together and in reading order."""
    latest = (
        select(Finding.id)
        .where(Finding.buyer_id == buyer_id, Finding.verdict.is_not(None))
        .order_by(Finding.judged_at.desc(), Finding.id)
        .limit(MOST)
    )
    return _rows(session, Finding.id.in_(latest))


def waiting_first(session: Session, buyer_id: uuid.UUID, *, limit: int) -> list[uuid.UUID]:
    """The first findings of the queue, whoever they wait for."""
    own = (Finding.buyer_id == buyer_id, Finding.verdict.is_(None))
    order = (Finding.queue_rank, Finding.raised_at, Finding.id)
    return list(session.scalars(select(Finding.id).where(*own).order_by(*order).limit(limit)))


def waiting(session: Session, buyer_id: uuid.UUID) -> int:
    own = (Finding.buyer_id == buyer_id, Finding.verdict.is_(None))
    return int(session.scalar(select(func.count()).select_from(Finding).where(*own)) or 0)


def unweighed(session: Session, classifier_id: uuid.UUID, *, limit: int) -> list[uuid.UUID]:
    """Findings that wait, that the classifier in use has not looked at yet; none when it is not in use any more."""
    found = session.get(OwnClassifier, classifier_id)
    if found is None or found.state is not ClassifierState.IN_USE:
        return []
    seen = exists().where(SecondOpinion.finding_id == Finding.id, SecondOpinion.classifier_id == classifier_id)
    query = select(Finding.id).where(Finding.buyer_id == found.buyer_id, Finding.verdict.is_(None), ~seen)
    if found.weighed_to is not None:
        query = query.where(Finding.id > found.weighed_to)
    return list(session.scalars(query.order_by(Finding.id).limit(limit)))


def around(session: Session, finding_ids: Sequence[uuid.UUID]) -> list[Row]:
    """These findings with all others of their documents, whole and in reading order: neighbours tell something too."""
    documents = select(Finding.document_id).where(Finding.id.in_(finding_ids), Finding.document_id.is_not(None))
    return _rows(session, or_(Finding.id.in_(finding_ids), Finding.document_id.in_(documents)))


def files(session: Session, classifier_id: uuid.UUID) -> str | None:
    """The hash of a classifier's files in the vault."""
    return session.scalar(select(OwnClassifier.files_sha256).where(OwnClassifier.id == classifier_id))


def keep_opinions(
    session: Session, classifier_id: uuid.UUID, found: Sequence[Weighed], *, to: uuid.UUID | None, now: datetime
) -> None:
    """Keep second opinions, each once; `to` is the key up to which all that waited has been looked at."""
    there = select(SecondOpinion.finding_id).where(
        SecondOpinion.classifier_id == classifier_id, SecondOpinion.finding_id.in_([one.finding_id for one in found])
    )
    known = set(session.scalars(there))
    exist = set(session.scalars(select(Finding.id).where(Finding.id.in_([one.finding_id for one in found]))))
    rows: list[dict[str, Any]] = [
        {"finding_id": one.finding_id, "classifier_id": classifier_id, "probability": one.probability,
         "is_finding": one.is_finding}
        for one in found
        if one.finding_id in exist - known
    ]  # fmt: skip
    if rows:
        session.execute(insert(SecondOpinion), rows)
    if to is not None:
        settled = uuid.UUID(int=int((now - SETTLES).timestamp() * 1000) << 80)
        session.execute(
            update(OwnClassifier).where(OwnClassifier.id == classifier_id).values(weighed_to=min(to, settled))
        )


def finish(
    session: Session, task: Claimed, *, files_sha256: str, version: str, measured: Measured,
    opinions: Sequence[Weighed], now: datetime,
) -> bool:  # fmt: skip
    """The candidate is learned and measured, and waits for a person. False when another worker has the turn."""
    found = session.scalar(_locked(task.classifier_id))
    if found is None or found.token != task.token or found.state is not ClassifierState.LEARNING:
        return False
    found.finish(files_sha256, version, measured, now)
    session.flush()
    keep_opinions(session, found.id, opinions, to=None, now=now)
    note(
        session, "classifier.learned", found.id, organisation_id=found.buyer_id, actor_id=None, at=now,
        version=version, rows=measured.rows,
    )  # fmt: skip
    return True


def hindered(session: Session, task: Claimed, why: Hindrance, shortage: dict[str, int], *, now: datetime) -> None:
    """Nothing can be learned yet: say what there is and what is needed."""
    found = session.scalar(_locked(task.classifier_id))
    if found is not None and found.token == task.token and found.state is ClassifierState.LEARNING:
        _failed(session, found, why, shortage, now=now)


def ring_again(session: Session, classifier_id: uuid.UUID) -> None:
    """Go on later: other work waits too."""
    later(session, WEIGH, classifier_id=classifier_id)


def sweep(session: Session, *, now: datetime) -> None:
    """Ring for learning whose first ring was lost or whose worker fell silent."""
    stalled = or_(
        and_(OwnClassifier.state == ClassifierState.WAITING, OwnClassifier.asked_at <= now - PATIENCE),
        and_(OwnClassifier.state == ClassifierState.LEARNING, OwnClassifier.lease_until <= now),
    )
    for key in session.scalars(select(OwnClassifier.id).where(stalled).limit(50)):
        later(session, LEARN, classifier_id=key)


def look_on(session: Session) -> None:
    """Have what came in since looked at by the classifiers in use."""
    query = select(OwnClassifier.id).where(OwnClassifier.state == ClassifierState.IN_USE)
    for key in session.scalars(query.order_by(OwnClassifier.id)):
        ring_again(session, key)


def _locked(classifier_id: uuid.UUID) -> Select[OwnClassifier]:
    query = select(OwnClassifier).where(OwnClassifier.id == classifier_id)
    return query.with_for_update().execution_options(populate_existing=True)


def _changed(session: Session, task: Claimed, **values: Any) -> bool:
    own = (
        OwnClassifier.id == task.classifier_id, OwnClassifier.token == task.token,
        OwnClassifier.state == ClassifierState.LEARNING,
    )  # fmt: skip
    # The row in memory, if any, is not looked at again by whoever says how far it is.
    result = session.execute(update(OwnClassifier).where(*own).values(**values).returning(OwnClassifier.id))
    return result.one_or_none() is not None


def _failed(session: Session, found: OwnClassifier, why: Hindrance, shortage: dict[str, int], *, now: datetime) -> None:
    found.fail(why, shortage, now)
    note(
        session, "classifier.not_learned", found.id, organisation_id=found.buyer_id, actor_id=None, at=now,
        why=why.value,
    )  # fmt: skip


def _rows(session: Session, which: ColumnElement[bool]) -> list[Row]:
    query = (
        select(
            Finding.id, Finding.quote, Finding.wording, Finding.severity, Finding.language, Finding.verdict,
            Document.sha256, Answer.submission_id, FindingSignal.signal,
        )
        .outerjoin(Document, Document.id == Finding.document_id)
        .outerjoin(Answer, Answer.id == Finding.answer_id)
        .outerjoin(FindingSignal, and_(FindingSignal.finding_id == Finding.id, FindingSignal.place == 0))
        .where(which)
        .order_by(Document.sha256, Finding.document_id, Answer.submission_id, Finding.page_number, Finding.start,
                  Finding.id)
    )  # fmt: skip
    return [
        Row(row.id, row.sha256 or str(row.submission_id), row.quote, row.wording, row.signal or "", row.severity,
            row.language, None if row.verdict is None else row.verdict is Verdict.CONFIRMED)
        for row in session.execute(query)
    ]  # fmt: skip
