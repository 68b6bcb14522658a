"""How far the screening of what was uploaded has come, in a line for the terminal."""

from __future__ import annotations

from collections import deque

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from models.db import Database
from models.documents import Document, DocumentState
from models.findings import Finding
from models.work import Work, WorkState

EVERY = 0.5
"""Seconds between two counts."""

_WINDOW = 20
"""Counts from which the speed is taken."""


class Progress:
    """Counts documents and says something only while there is work, and once when all of it is done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked_at = -EVERY
        self._seen: deque[tuple[float, int]] = deque(maxlen=_WINDOW)
        self._busy = False

    def line(self, now: float) -> str | None:
        """What to show at this moment (seconds of any clock); None where nothing is new."""
        if now - self._asked_at < EVERY:
            return None
        self._asked_at = now
        try:
            open_, ended, findings = self._count()
        except SQLAlchemyError:
            return None
        if open_ == 0:
            return self._last_line(ended, findings)
        self._busy = True
        self._seen.append((now, ended))
        return f"Screening: {ended} of {open_ + ended} documents, {_counted(findings)}{self._left(open_)}"

    def _last_line(self, ended: int, findings: int) -> str | None:
        if not self._busy:
            return None
        self._busy = False
        self._seen.clear()
        return f"{self._read_and_unread(ended)}: {_counted(findings)}.\n"

    def _read_and_unread(self, ended: int) -> str:
        """What is unread is never counted as screened."""
        with self._database.reading() as session:
            unread = int(session.scalar(_UNREAD) or 0)
        if not unread:
            return f"All {ended} documents are screened"
        return f"{ended - unread} of {ended} documents are screened; {unread} could not be read, or not in full"

    def _left(self, open_: int) -> str:
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        if after <= before or last <= first:
            return ""
        seconds = open_ * (last - first) / (after - before)
        return (
            f", about {max(1, round(seconds))} s left" if seconds < 100 else f", about {round(seconds / 60)} min left"
        )

    def _count(self) -> tuple[int, int, int]:
        """Open documents, ended ones and findings. Without work the two others are not counted: that would be dear."""
        with self._database.reading() as session:
            open_ = int(session.scalar(_OPEN) or 0)
            if not open_ and not self._busy:
                return 0, 0, 0
            return open_, int(session.scalar(_ENDED) or 0), int(session.scalar(_FINDINGS) or 0)


def _counted(findings: int) -> str:
    return f"{findings} finding{'' if findings == 1 else 's'}"


_OPEN = select(func.count()).select_from(Work).where(Work.state.in_((WorkState.WAITING, WorkState.RUNNING)))
_ENDED = select(func.count()).select_from(Work).where(Work.state.in_((WorkState.DONE, WorkState.SET_ASIDE)))
_UNREAD = (
    select(func.count())
    .select_from(Work)
    .join(Document, Document.id == Work.document_id)
    .where(Document.state.in_([state for state in DocumentState if state.is_final and not state.is_fully_read]))
)
_FINDINGS = select(func.count()).select_from(Finding)
