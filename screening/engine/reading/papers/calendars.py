"""Reads calendar entries and invitations (iCalendar, RFC 5545): what, when, where and who, as lines."""

from __future__ import annotations

import re

from screening.engine.reading.papers.pager import Pager
from screening.engine.reasons import Reason

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([A-Za-z-]+)((?:;[^:;=]+=(?:\"[^\"]*\"|[^:;]*))*):(.*)")
_SHOWN = {
    "SUMMARY": "Subject", "DTSTART": "Start", "DTEND": "End", "DUE": "Due", "LOCATION": "Place",
    "ORGANIZER": "Organizer", "ATTENDEE": "Attendee", "STATUS": "Status", "CATEGORIES": "Categories",
    "COMMENT": "Comment", "CONTACT": "Contact", "DESCRIPTION": "",
}  # fmt: skip
_ESCAPED = re.compile(r"\\([\\;,nN])")
_COMMON_NAME = re.compile(r";CN=(\"[^\"]*\"|[^:;]*)", re.IGNORECASE)


def looks_like(text: str) -> bool:
    return text[:64].lstrip("\ufeff\r\n\t ").upper().startswith("BEGIN:VCALENDAR")


def write(text: str, pager: Pager) -> None:
    """The entries of a calendar, a line each for what people are shown. Raises TooMuch."""
    for line in _FOLD.sub("", text).splitlines():
        found = _LINE.match(line)
        name = found[1].upper() if found else ""
        if found is None:
            continue
        if line.upper().startswith("BEGIN:V"):
            pager.line("")
        elif name == "ATTACH" and "BINARY" in found[2].upper():
            pager.lack(Reason.SOME_PARTS_UNREAD)
        elif name in _SHOWN:
            words = _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], found[3])
            common = _COMMON_NAME.search(found[2])
            words = f"{common[1].strip(chr(34))} {words}" if common else words
            pager.line(f"{_SHOWN[name]}: {words}" if _SHOWN[name] else words)
