"""The job behind a decision about many findings: portion after portion until all is written, or the time is up."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from models.operations import deciding_many
from screening.jobs import at_hand

log = logging.getLogger(__name__)

TURN = 60.0
"""Seconds after which it rings again and lets others have their turn: documents wait in the same queue."""


def decide_many(bulk_id: str) -> None:
    """Write down a decision about many findings. May be run by several workers, and be ended at any line."""
    bench = at_hand()
    began, more = time.monotonic(), True
    while more and time.monotonic() - began < TURN:
        with bench.database.transaction() as session:
            more = deciding_many.work(session, UUID(bulk_id), now=bench.now(), policy=bench.policy)
    if more:
        with bench.database.transaction() as session:
            deciding_many.ring_again(session, UUID(bulk_id))
    log.info("many_decided" if not more else "many_in_turn", extra={"bulk_id": bulk_id})
