"""What the workers run for a bulk import: look through the place, then take file after file, a stretch at a time.

A stretch may run twice, or die at any line, without losing or doubling a file: what the ledger says is done is done.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from uuid import UUID

from models.errors import Invalid, NotAllowed, NotFound, OutOfSpace
from models.imports import ImportKind
from models.operations import ledger
from models.operations.ledger import Guess, Listed, Stint, Wanted
from models.operations.mapping import Names
from models.operations.scope import suppliers
from models.vault import Stored
from screening.engine.reasons import Reason
from screening.engine.stated import FactName, Facts
from screening.jobs import Workbench, at_hand
from screening.sources import HIDDEN, Source, SourceGone, Unreadable, is_hidden, opened

log = logging.getLogger(__name__)

STRETCH = 20.0
"""Seconds after which a stretch ends, so that documents are screened in between and a pause takes hold."""
AT_ONCE = 500
"""Files that are written into the ledger in one transaction."""

T = TypeVar("T")


def import_files(import_id: str) -> None:
    """Work on one import for a while. Does nothing when it is paused, done, or in other hands."""
    here = at_hand()
    with here.database.transaction() as session:
        stint = ledger.claim(session, UUID(import_id), now=here.now(), lease=here.lease)
    if stint is None:
        return
    work = _Stretch(here, stint, time.monotonic() + STRETCH)
    try:
        settled = work.look_through() if stint.is_listing else work.take_files()
    except SourceGone as gone:
        work.stop(gone.reason)
    except OutOfSpace:
        work.stop("no_room")
    except NotAllowed:
        work.stop("owner_gone")
    else:
        log.info("import_stretch", extra={"import_id": import_id, "count": settled})
        with here.database.transaction() as session:
            ledger.finish(session, stint, now=here.now())


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One stint of one worker."""

    bench: Workbench
    stint: Stint
    until: float
    """Of the monotonic clock."""

    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def stop(self, reason: str) -> None:
        with self.bench.database.transaction() as session:
            ledger.fail(session, self.stint, reason, now=self.bench.now())

    def look_through(self) -> int:
        """Write every file of the place into the ledger. Answers how many were named."""
        if self.stint.kind is ImportKind.ZIP:
            return self._unpack()
        count = 0
        for some in _batches(self._source().listing(), AT_ONCE):
            count += len(some)
            if not self._add(some, self.stint.cursor):
                return count
        self._add([], None)
        return count

    def _unpack(self) -> int:
        """Take an archive apart, batch by batch: its files go to the vault, their names into the ledger."""
        data, first, count = self._archive(), self.stint.cursor, 0
        while True:
            batch = self.bench.unpack(data, first)
            if batch.reason is not None and not batch.members:
                raise SourceGone(batch.reason.value)
            listed = [self._member(member.name, member.data, member.reason, member.size) for member in batch.members]
            if batch.reason is not None:
                listed.append(Listed(f"#{first + len(batch.members)}", 0, batch.reason.value))
            count += len(listed)
            more = self._add(listed, batch.next)
            if not more or batch.next is None or self.is_over():
                return count
            first = batch.next

    def _archive(self) -> bytes:
        try:
            return self.bench.vault.get(self.stint.place)
        except NotFound:
            raise SourceGone("place_gone") from None

    def _member(self, name: str, data: bytes, reason: Reason | None, size: int) -> Listed:
        if is_hidden(name):
            return Listed(name, size, HIDDEN)
        if reason is not None or not data:
            return Listed(name, size, (reason or Reason.EMPTY_FILE).value)
        stored = self.bench.vault.put(io.BytesIO(data), limit=len(data))
        return Listed(name, stored.size, None, stored.sha256)

    def _add(self, listed: list[Listed], cursor: int | None) -> bool:
        with self.bench.database.transaction() as session:
            return ledger.add(session, self.stint, listed, cursor=cursor, now=self.bench.now())

    def take_files(self) -> int:
        """Take in the files that wait, until the stretch is over. Answers how many were settled."""
        count = 0
        while not self.is_over():
            with self.bench.database.reading() as session:
                waiting = ledger.wanted(session, self.stint)
            if not waiting:
                break
            for file in waiting:
                if not self._settle(file):
                    return count  # Paused, cancelled, or in other hands.
                count += 1
                if self.is_over():
                    break
        return count

    def _settle(self, file: Wanted) -> bool:
        """One file, from its place to the ledger. Answers False when the stint is over."""
        try:
            stored = self._stored(file)
        except Unreadable as why:
            return self._refuse(file, why.reason)
        if stored.size == 0:
            return self._refuse(file, Reason.EMPTY_FILE.value)
        if not file.has_owner:
            guess = self._guess(stored)
            with self.bench.database.transaction() as session:
                return ledger.hold(session, self.stint, file.entry_id, stored, guess, now=self.bench.now())
        with self.bench.database.transaction() as session:
            return ledger.take(session, self.stint, file.entry_id, stored, now=self.bench.now())

    def _stored(self, file: Wanted) -> Stored:
        if file.sha256 is not None:
            return Stored(file.sha256, file.size)
        if file.size > self.bench.file_bytes:
            raise Unreadable(Reason.TOO_LARGE.value)
        with opened(self._source(), file.path) as stream:
            try:
                return self.bench.vault.put(stream, limit=self.bench.file_bytes)
            except Invalid:  # It has grown since it was listed.
                raise Unreadable(Reason.TOO_LARGE.value) from None

    def _refuse(self, file: Wanted, reason: str) -> bool:
        with self.bench.database.transaction() as session:
            return ledger.refuse(session, self.stint, file.entry_id, reason, now=self.bench.now())

    def _guess(self, stored: Stored) -> Guess:
        """Whose the file is, by the name that it prints. A person confirms it."""
        facts = self.bench.describe(self.bench.vault.get(stored.sha256))
        with self.bench.database.reading() as session:
            owner = ledger.owner(session, self.stint)
            return guess(facts, Names.of(suppliers(session, by=owner)))

    def _source(self) -> Source:
        return self.bench.source(self.stint.kind, self.stint.place)


def guess(facts: Facts, known: Names) -> Guess:
    """The supplier whose name the document prints: as supplier first, then as site."""
    printed = [facts.value(name) for name in (FactName.SUPPLIER, FactName.SITE)]
    names = [name for name in printed if name]
    fitting = next((found for name in names if (found := known.named(name)) is not None), None)
    return Guess(names[0] if names else None, None if fitting is None else fitting.id, facts.audit_date)


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some
