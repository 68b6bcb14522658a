"""Days as a calendar file that every calendar reads (RFC 5545), written so that nothing said in it is sensitive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in a calendar. `uid` stays the same when the day moves, so that calendars move it too."""

    uid: str
    day: date
    title: str
    link: str
    sequence: int


def calendar(entries: Iterable[Entry], *, name: str, now: datetime) -> bytes:
    """The file, in UTF-8 with the line ends and folds that the standard asks for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Salient//Plans//EN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for entry in entries:
        lines += _entry(entry, now)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def escaped(text: str) -> str:
    """Text as a value (RFC 5545, 3.3.11): without control characters, which no calendar can show."""
    clean = "".join(letter for letter in text if letter == "\n" or letter.isprintable())
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        clean = clean.replace(letter, written)
    return clean


def folded(line: str) -> Iterator[bytes]:
    """The line in pieces of 75 octets at most, each after the first begun with a space; no letter is cut in two."""
    piece, room = b"", LONGEST_LINE
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece = b" "
        piece += octets
    yield piece


def _entry(entry: Entry, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        f"SEQUENCE:{entry.sequence}",
        f"SUMMARY:{escaped(entry.title)}",
        f"URL:{entry.link}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
