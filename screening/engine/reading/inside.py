"""Takes in, piece by piece and checked, the files that a caged child finds inside a document."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from screening.engine.members import Member, Unpacked
from screening.engine.reading.frames import Garbage
from screening.engine.reading.limits import Limits
from screening.engine.reasons import Reason

_LONGEST_NAME = 600
_FARTHEST = 2**40


@dataclass(slots=True)
class Inside:
    """The members that one child has given so far."""

    limits: Limits
    members: list[Member] = field(default_factory=list)
    next: int | None = None
    stop: Reason | None = None
    ended: bool = False
    _open: tuple[str, int, int] | None = None
    _pieces: list[bytes] = field(default_factory=list)

    def take(self, message: dict[str, Any] | bytes) -> None:
        """Add one message. Raises Garbage where it is not one of ours."""
        if isinstance(message, bytes):
            self._piece(message)
        elif self._open is not None:
            raise Garbage("a member without its end")
        elif "member" in message:
            self._begin(message)
        elif "next" in message:
            self.next = _whole(message["next"], 2, self.limits.members + 1)
            self.ended = True
        elif "stop" in message:
            self.stop = _reason(message["stop"])
        elif message.get("end") is True:
            self.ended = True
        else:
            raise Garbage("an unknown message")

    def _begin(self, message: dict[str, Any]) -> None:
        if len(self.members) >= self.limits.members:
            raise Garbage("more members than allowed")
        name = _name(message["member"])
        size = _whole(message.get("size"), 0, _FARTHEST)
        pieces = _whole(message.get("pieces"), 0, 64)
        reason = None if message.get("reason") is None else _reason(message["reason"])
        if pieces and reason is None:
            self._open, self._pieces = (name, size, pieces), []
        elif pieces:
            raise Garbage("a member that is not there")
        else:
            self.members.append(Member(name, b"", reason or Reason.EMPTY_FILE, size))

    def _piece(self, body: bytes) -> None:
        if self._open is None:
            raise Garbage("bytes nobody asked for")
        name, _, pieces = self._open
        self._pieces.append(body)
        if len(self._pieces) == pieces:
            data = b"".join(self._pieces)
            self.members.append(Member(name, data, None, len(data)))
            self._open, self._pieces = None, []

    def unpacked(self, why: Reason | None) -> Unpacked:
        """What came out; `why` says how the child ended, if not well."""
        reason = self.stop or why
        return Unpacked(tuple(self.members), None if reason else self.next, reason)


def _name(told: Any) -> str:
    if not isinstance(told, str) or not 0 < len(told) <= _LONGEST_NAME:
        raise Garbage("no name")
    if told.startswith("/") or ".." in told.split("/") or "\\" in told or "!/" in told:
        raise Garbage("a name that is a path")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in told):
        raise Garbage("a name that cannot be shown")
    return told


def _whole(number: Any, least: int, most: int) -> int:
    if type(number) is not int or not least <= number <= most:
        raise Garbage("no such number")
    return number


def _reason(told: Any) -> Reason:
    try:
        return Reason(told)
    except (ValueError, TypeError) as error:
        raise Garbage("no reason of the list") from error
