"""Asking the machine to read submitted answers: when they are submitted, and again when a document says more."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import later
from models.submissions import Submission, SubmissionState

JOB = "screen_answers"

PATIENCE = timedelta(seconds=20)
"""How long it may wait before it is rung for again: its first ring may be lost, or still in the queue."""

TRIES = 3
"""Answers that end their worker so often are left to people; the page goes on saying that no machine read them."""

READ = (SubmissionState.SUBMITTED, SubmissionState.UNDER_REVIEW, SubmissionState.ACCEPTED)
"""Answers that stand, so that they may be compared."""


def ask(session: Session, found: Submission, *, now: datetime) -> None:
    """Have the answers read and compared."""
    found.screening_due_at, found.screening_tries = now, 0
    later(session, JOB, submission_id=found.id)


def ask_again_for(session: Session, supplier_id: uuid.UUID, *, now: datetime) -> int:
    """A document of this supplier was read: what its answers say is compared anew. Answers how many submissions."""
    query = select(Submission).where(Submission.supplier_id == supplier_id, Submission.state.in_(READ)).limit(50)
    rows = list(session.scalars(query))
    for row in rows:
        ask(session, row, now=now)
    return len(rows)


def sweep(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Ring for answers that wait unheard. Answers how many; may run as often as wanted."""
    query = (
        select(Submission.id)
        .where(
            Submission.screening_due_at <= now - PATIENCE,
            Submission.screening_tries < TRIES,
            Submission.state.in_(READ),
        )
        .order_by(Submission.screening_due_at)
        .limit(limit)
    )
    waiting = list(session.scalars(query))
    for submission_id in waiting:
        later(session, JOB, submission_id=submission_id)
    return len(waiting)
