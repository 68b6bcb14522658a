"""What the workers run: read and screen a document, and draw the pages that a reviewer will look at.

A job carries ids only. It may run twice, or die at any line, without losing or doubling anything.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models.base import utcnow
from models.db import Database
from models.imports import ImportKind
from models.operations import picturing, unfolding
from models.operations.delivering import Message
from models.operations.unfolding import Taken
from models.plan_policy import DEFAULT, Policy
from models.vault import Vault
from models.work import LEASE
from screening import recording
from screening.engine.members import Unpacked
from screening.engine.reading import Limits
from screening.engine.results import Finding, Reading, Screened
from screening.engine.stated import Facts
from screening.engine.unfolding import Ledger, Room, settled, take_out
from screening.leases import held
from screening.sources import Source

if TYPE_CHECKING:
    from screening.comparing import Pair, Relation

log = logging.getLogger(__name__)

PICTURE_LIMIT = 20 * 1024 * 1024
"""Bytes: no picture of a page is larger."""


def _not_at_hand(*_arguments: Any) -> Any:
    raise RuntimeError("This workbench was laid for other work.")


@dataclass(frozen=True, slots=True)
class Workbench:
    """What a worker has at hand. Made once a worker, and laid ready around each job by `at`."""

    database: Database
    vault: Vault
    screen: Callable[[bytes], Screened]
    """Reads and judges a file; never raises for what is in the file."""
    draw: Callable[[bytes, list[int]], dict[int, bytes]]
    """Pictures (PNG) of these pages of a file; pages that cannot be drawn are left out."""
    limits: Limits = field(default_factory=Limits)
    """Of these, what one sent file may bring along."""
    unpack: Callable[[bytes, int], Unpacked] = _not_at_hand
    """A batch of the files inside an archive, from this number on."""
    describe: Callable[[bytes], Facts] = _not_at_hand
    """What a file says about itself, without judging it."""
    source: Callable[[ImportKind, str], Source] = _not_at_hand
    """The place of an import: a folder, or a prefix in an object store."""
    judge: Callable[[Reading], tuple[Finding, ...]] = _not_at_hand
    """What a reading that is at hand raises: for words that came without a file."""
    hold: Callable[[list[Pair]], list[Relation]] = _not_at_hand
    """Answers held against passages, one relation a pair, in order."""
    comparing: Callable[[], str] = _not_at_hand
    """The version of what `judge` and `hold` go by."""
    call: Callable[[Message], int] = _not_at_hand
    """Hands a message over to its address, and answers with what that answered. Raises NotTaken."""
    file_bytes: int = 100 * 1024 * 1024
    """No file of an import is larger."""
    policy: Policy = DEFAULT
    """How long everything about a plan may take."""
    lease: timedelta = LEASE
    now: Callable[[], datetime] = utcnow


_bench: ContextVar[Workbench] = ContextVar("workbench")


@contextmanager
def at(bench: Workbench) -> Iterator[None]:
    """Lay this workbench ready for the jobs that run inside the block."""
    token = _bench.set(bench)
    try:
        yield
    finally:
        _bench.reset(token)


def at_hand() -> Workbench:
    """What is laid ready. Raises LookupError outside of `at`."""
    return _bench.get()


def screen_document(document_id: str) -> None:
    """Read one document and raise its findings. Does nothing when it is done already or in other hands."""
    bench = at_hand()
    with bench.database.transaction() as session:
        task = recording.claim(session, UUID(document_id), now=bench.now(), lease=bench.lease)
    if task is None:
        return
    try:
        with held(
            bench.database,
            bench.lease,
            lambda session: recording.renew(session, task, now=bench.now(), lease=bench.lease),
        ):
            began = time.monotonic()
            data = bench.vault.get(task.sha256)
            screened = bench.screen(data)  # Seconds for a long file: no transaction is open.
            screened, inside = _take_out(bench, task, data, screened)
            seconds = time.monotonic() - began
        with bench.database.transaction() as session:
            kept = recording.record(session, task, screened, seconds=seconds, now=bench.now(), inside=inside)
    except Exception:
        with bench.database.transaction() as session:
            recording.fail(session, task, now=bench.now())
        raise
    log.info(
        "document_screened" if kept else "late_result_refused",
        extra={"document_id": document_id, "pages": len(screened.reading.pages), "seconds": round(seconds, 3)},
    )


def _take_out(bench: Workbench, task: recording.Task, data: bytes, screened: Screened) -> tuple[Screened, list[Taken]]:
    """Keep the files inside a document in the vault, and say how far that went."""
    if not screened.reading.members:
        return screened, []
    limits = bench.limits
    with bench.database.reading() as session:
        used = unfolding.used(session, task.document_id)
    room = Room(limits.members - used.members, limits.unpacked_bytes - used.bytes, limits.depth - used.depth)
    ledger = Ledger()
    inside = [
        Taken(member.name, member.size, reason=member.reason.value)
        if member.reason is not None
        else Taken(member.name, member.size, bench.vault.put(io.BytesIO(member.data), limit=limits.file_bytes))
        for member in take_out(data, screened.reading, bench.unpack, room, ledger)
    ]
    return replace(screened, reading=settled(screened.reading, ledger)), inside


def draw_pages(document_id: str) -> None:
    """Draw the pages with findings that have no picture yet. Asked for again whenever one is missed."""
    bench = at_hand()
    with bench.database.reading() as session:
        wanted = picturing.undrawn(session, UUID(document_id))
    if not wanted:
        return
    pictures = bench.draw(bench.vault.get(wanted[0].sha256), [page.number for page in wanted])
    for page in wanted:
        if page.number in pictures:
            stored = bench.vault.put(io.BytesIO(pictures[page.number]), limit=PICTURE_LIMIT)
            with bench.database.transaction() as session:
                picturing.keep(session, page.page_id, stored.sha256)
