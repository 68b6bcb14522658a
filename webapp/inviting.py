"""The jobs behind large campaigns and large issuings: portion after portion, until all is done or the time is up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from questionnaires import inviting, issuing_many
from screening.jobs import at_hand

log = logging.getLogger(__name__)

TURN = 60.0
"""Seconds after which it rings again and lets others have their turn: documents wait in the same queue."""


class Portion(Protocol):
    """Does the next portion of something, and answers whether more is to do."""

    def __call__(self, session: Session, key: UUID, /, *, now: datetime) -> bool: ...


def invite_suppliers(campaign_id: str) -> None:
    """Invite whom a campaign was started for. May be run by several workers, and be ended at any line."""
    more = _in_turn(UUID(campaign_id), inviting.work, inviting.ring_again)
    log.info("suppliers_invited" if not more else "inviting_in_turn", extra={"campaign_id": campaign_id})


def issue_questionnaires(issuing_id: str) -> None:
    """Lay a questionnaire before whom it was issued to. May be run by several workers, and be ended at any line."""
    more = _in_turn(UUID(issuing_id), issuing_many.work, issuing_many.ring_again)
    log.info("questionnaires_issued" if not more else "issuing_in_turn", extra={"issuing_id": issuing_id})


def _in_turn(key: UUID, work: Portion, ring_again: Callable[[Session, UUID], None]) -> bool:
    """One turn of a worker, a transaction a portion. Answers whether more is to do; then it has rung again."""
    bench = at_hand()
    began, more = time.monotonic(), True
    while more and time.monotonic() - began < TURN:
        with bench.database.transaction() as session:
            more = work(session, key, now=bench.now())
    if more:
        with bench.database.transaction() as session:
            ring_again(session, key)
    return more
