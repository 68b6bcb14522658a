"""Takes the files out of a document, within what one document may bring along, and says how far that went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from screening.engine.members import CONTAINERS, INSIDE, Member, Unpacked
from screening.engine.reading.judging import unread
from screening.engine.reading.limits import Limits
from screening.engine.reasons import Reason
from screening.engine.results import Reading, Screened, State

Unpack = Callable[[bytes, int], Unpacked]
"""Gives a batch of the files inside some bytes, from this number on."""
_HARMLESS = (Reason.EMPTY_FILE,)
"""An empty file inside is told by itself; everything that was there came out."""


@dataclass(slots=True)
class Room:
    """How much more the outermost document may bring along. Taken from as files come out."""

    members: int
    bytes: int
    depth: int
    """Containers that may still be opened inside each other."""

    @classmethod
    def of(cls, limits: Limits) -> Room:
        return cls(limits.members, limits.unpacked_bytes, limits.depth)

    def admit(self, member: Member) -> Member:
        """The member, or where there is no room the same without its bytes and with the reason."""
        if member.reason is not None:
            return member
        self.members -= 1
        self.bytes -= member.size
        if self.members < 0:
            return Member(member.name, b"", Reason.TOO_MANY_MEMBERS, member.size)
        if self.bytes < 0:
            return Member(member.name, b"", Reason.UNPACKS_TOO_LARGE, member.size)
        return member


@dataclass(slots=True)
class Ledger:
    """What became of the files inside one document, in numbers."""

    came: int = 0
    refused: int = 0
    why: Reason | None = None

    def add(self, member: Member) -> None:
        if member.reason is None or member.reason in _HARMLESS:
            self.came += 1
        else:
            self.refused += 1
            self.why = self.why or member.reason


def take_out(data: bytes, reading: Reading, unpack: Unpack, room: Room, ledger: Ledger) -> Iterator[Member]:
    """The files inside a document that has been read, one after the other; `ledger` counts them."""
    if not reading.members:
        return
    if room.depth <= 0:
        ledger.why, ledger.refused = Reason.TOO_DEEP, reading.members
        return
    first: int | None = 1
    while first is not None:
        batch = unpack(data, first)
        for member in batch.members:
            admitted = room.admit(member)
            ledger.add(admitted)
            yield admitted
        ledger.why = ledger.why or batch.reason
        first = batch.next if batch.next is not None and batch.next > first else None


def settled(reading: Reading, ledger: Ledger) -> Reading:
    """The document itself, once its files are out: an archive is *screened* only if all of them came."""
    if not reading.members or (not ledger.refused and ledger.came >= reading.members):
        return reading
    if reading.kind in CONTAINERS and not ledger.came:
        ending = unread(ledger.why or Reason.BROKEN)
        return replace(reading, state=ending.state, reason=ending.reason)
    if reading.state is State.SCREENED:
        return replace(reading, state=State.SCREENED_IN_PART, reason=Reason.SOME_MEMBERS_UNREAD)
    return reading


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that came out, or the file that was given: `name` leads through its containers."""

    name: str
    data: bytes
    screened: Screened


def unfold(
    name: str, data: bytes, *, screen: Callable[[bytes], Screened], unpack: Unpack, room: Room
) -> Iterator[Opened]:
    """A file and everything inside it, screened. Each container comes after what is inside it."""
    screened = screen(data)
    ledger = Ledger()
    inner = Room(room.members, room.bytes, room.depth - 1)
    for member in take_out(data, screened.reading, unpack, room, ledger):
        inner.members, inner.bytes = room.members, room.bytes
        called = name + INSIDE + member.name
        if member.reason is not None:
            yield Opened(called, b"", Screened(unread(member.reason), (), screened.engine_version))
        else:
            yield from unfold(called, member.data, screen=screen, unpack=unpack, room=inner)
        room.members, room.bytes = inner.members, inner.bytes
    yield Opened(name, data, replace(screened, reading=settled(screened.reading, ledger)))
