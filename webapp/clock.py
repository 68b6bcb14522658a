"""The clock: every few seconds it rings again for work that stalled, and lets the letters go that are due."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from models.base import utcnow
from models.operations import (
    accounts,
    announcing,
    deciding_many,
    learning_rows,
    ledger,
    plan_following,
    repeating,
    stating,
    sweeping,
)
from questionnaires import inviting, issuing, issuing_many
from webapp import mail
from webapp.logging import trace
from webapp.plan_settings import policy_of
from webapp.queues import Doorbell
from webapp.runtime import Runtime, open_runtime
from webapp.settings import Settings

log = logging.getLogger(__name__)

UNFINISHED = timedelta(hours=1)
"""A file that nobody has written to for so long is not being uploaded any more."""

TIDY_EVERY = 600.0
"""Seconds between two clearings of what nobody needs any more, such as log-ins that have ended."""


def run(settings: Settings, stop: threading.Event) -> None:
    """Sweep until told to stop. Several clocks may run at once: a ring too many has no effect."""
    doorbell = Doorbell(settings.queue)
    opened = open_runtime(settings, ring=doorbell.ring_unless_waiting, pool_size=1)
    log.info("clock_ready")
    tidied = -TIDY_EVERY
    try:
        while not stop.is_set():
            sweep(opened, doorbell, now=utcnow())
            mail.deliver(opened, now=utcnow())
            if time.monotonic() - tidied >= TIDY_EVERY:
                tidied = time.monotonic()
                tidy(opened, now=utcnow())
                mail.follow(opened, now=utcnow())
            stop.wait(settings.sweep_seconds)
    finally:
        opened.close()
    log.info("clock_stopped")


def sweep(opened: Runtime, doorbell: Doorbell, *, now: datetime) -> sweeping.Swept | None:
    """One look at the work. A database that is away or not yet migrated is waited for: answers None."""
    doorbell.look()
    try:
        with opened.database.transaction() as session:
            swept = sweeping.sweep(session, now=now)
            ledger.sweep(session, now=now)
            stating.sweep(session, now=now)
            deciding_many.sweep(session, now=now)
            inviting.sweep(session, now=now)
            issuing_many.sweep(session, now=now)
            learning_rows.sweep(session, now=now)
            announcing.read_on(session, now=now)
            announcing.sweep(session, now=now)
    except SQLAlchemyError as error:
        log.warning("sweep_failed", extra=trace(error))
        return None
    if swept.set_aside:
        log.warning("documents_set_aside", extra={"count": swept.set_aside})
    return swept


def tidy(opened: Runtime, *, now: datetime) -> None:
    """Forget what has ended long ago, and uploads whose process was killed half-way."""
    opened.vault.clear_partial(before=now - UNFINISHED)
    try:
        with opened.database.transaction() as session:
            accounts.forget_old_log_ins(session, now=now)
            plan_following.climb(session, now=now, policy=policy_of(opened.settings))
            issuing.expire_old(session, now=now)
            repeating.forget_old(session, now=now)
            learning_rows.look_on(session)
            announcing.forget_old(session, now=now)
    except SQLAlchemyError as error:
        log.warning("tidy_failed", extra=trace(error))
