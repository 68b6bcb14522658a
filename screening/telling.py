"""The job behind webhooks: one message after the other to one address, until none is due or one does not arrive."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from models.operations import delivering
from models.operations.delivering import Message, NotTaken
from screening.jobs import Workbench, at_hand

log = logging.getLogger(__name__)

TURN = 60.0
"""Seconds after which others have their turn: documents wait in the same queue. The clock rings for the rest."""


def deliver_messages(hook_id: str) -> None:
    """Send what is due to one address. May be run by several workers, and be ended at any line.

    A message can arrive twice, when a worker ends between sending and noting it: it carries its id for that.
    """
    bench = at_hand()
    began, sent = time.monotonic(), 0
    while time.monotonic() - began < TURN:
        with bench.database.transaction() as session:
            message = delivering.claim(session, UUID(hook_id), now=bench.now())
        if message is None or not _hand_over(bench, message):
            break
        sent += 1
    log.info("messages_delivered", extra={"hook_id": hook_id, "count": sent})


def _hand_over(bench: Workbench, message: Message) -> bool:
    """Send one, with no transaction open meanwhile, and write down what became of it."""
    try:
        status = bench.call(message)
    except NotTaken as why:
        with bench.database.transaction() as session:
            delivering.failed(session, message, reason=why.reason, status=why.status, now=bench.now())
        log.warning(
            "message_not_taken", extra={"hook_id": str(message.hook_id), "why": why.reason, "status": why.status}
        )
        return False
    with bench.database.transaction() as session:
        delivering.arrived(session, message, status=status, now=bench.now())
    return True
