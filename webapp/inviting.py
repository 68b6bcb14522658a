"""The job behind a large campaign: portion after portion is invited until all are, or the time is up."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from questionnaires import inviting
from screening.jobs import at_hand

log = logging.getLogger(__name__)

TURN = 60.0
"""Seconds after which it rings again and lets others have their turn: documents wait in the same queue."""


def invite_suppliers(campaign_id: str) -> None:
    """Invite whom a campaign was started for. May be run by several workers, and be ended at any line."""
    bench = at_hand()
    began, more = time.monotonic(), True
    while more and time.monotonic() - began < TURN:
        with bench.database.transaction() as session:
            more = inviting.work(session, UUID(campaign_id), now=bench.now())
    if more:
        with bench.database.transaction() as session:
            inviting.ring_again(session, UUID(campaign_id))
    log.info("suppliers_invited" if not more else "inviting_in_turn", extra={"campaign_id": campaign_id})
