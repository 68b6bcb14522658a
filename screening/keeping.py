"""Keeps a few of the passages that were not flagged, drawn by lot, so that people can look for what was missed.

Within a language and a band of scores every passage has the same chance to be kept, in whatever document it stands;
the likelier bands have the larger chance. A very long document halves its chances until few enough are left, and its
passages then stand in a group of their own.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.documents import Document, Page
from models.samples import PassageGroup, PassageSample
from screening.engine.results import Finding, Screened
from screening.sampling.drawing import band

CHANCES = {"0-0.01": 0.005, "0.01-0.05": 0.02, "0.05-0.2": 0.05, "0.2-1": 0.1}
"""Our own choice: misses are likelier where the score is higher, and a year of reading must stay bearable."""

MOST = 40
"""No document leaves more."""

FEWEST_LETTERS = 20
"""Shorter passages are headings and cells: nobody could judge them."""


@dataclass(frozen=True, slots=True)
class _Kept:
    found: Finding
    group: tuple[str, str]
    lot: float


def keep(session: Session, document: Document, pages: dict[int, Page], screened: Screened, *, now: datetime) -> int:
    """Replace what an earlier reading left, but for what people have looked at. Answers how many wait anew."""
    session.execute(delete(PassageGroup).where(PassageGroup.document_id == document.id))
    session.execute(delete(PassageSample).where(PassageSample.document_id == document.id, PassageSample.look.is_(None)))
    passed = [
        found
        for found in screened.findings
        if not found.judgement.flag and found.passage.page in pages and len(found.passage.text) >= FEWEST_LETTERS
    ]
    sizes, kept = _drawn(document.sha256, passed)
    looked_at = _looked_at(session, document)
    session.add_all(
        PassageGroup(document_id=document.id, language=language, band=name, passages=size)
        for (language, name), size in sizes.items()
    )
    counts = Counter(one.group for one in kept)
    fresh = [one for one in kept if _place(one.found) not in looked_at]
    session.add_all(
        PassageSample(
            buyer_id=document.supplier.buyer_id, document_id=document.id, page_id=pages[one.found.passage.page].id,
            page_number=one.found.passage.page, start=one.found.passage.start, end=one.found.passage.end,
            quote=one.found.passage.text, before=one.found.passage.before, language=one.found.judgement.language,
            score=one.found.judgement.score, band=one.group[1], group_size=sizes[one.group],
            group_kept=counts[one.group], lot=int(one.lot * 2**31), engine_version=screened.engine_version,
            drawn_at=now,
        )
        for one in fresh
    )  # fmt: skip
    session.flush()
    return len(fresh)


def _looked_at(session: Session, document: Document) -> set[tuple[int, int, int]]:
    """Where people looked already: nobody is asked twice, and no look counts twice."""
    rows = session.scalars(select(PassageSample).where(PassageSample.document_id == document.id))
    return {(row.page_number, row.start, row.end) for row in rows}


def _place(found: Finding) -> tuple[int, int, int]:
    return found.passage.page, found.passage.start, found.passage.end


def _drawn(seed: str, passed: list[Finding]) -> tuple[Counter[tuple[str, str]], list[_Kept]]:
    halvings = 0
    while True:
        suffix = f" /{2**halvings}" if halvings else ""
        grouped = [
            _Kept(found, (found.judgement.language or "", band(found.judgement.score) + suffix), _lot(seed, found))
            for found in passed
        ]
        kept = [one for one in grouped if one.lot < CHANCES[band(one.found.judgement.score)] / 2**halvings]
        if len(kept) <= MOST:
            return Counter(one.group for one in grouped), kept
        halvings += 1


def _lot(seed: str, found: Finding) -> float:
    """A number from 0 to 1 by the file and the place: the same again whenever the file is read again."""
    page, start, end = _place(found)
    return int.from_bytes(hashlib.sha256(f"{seed}\n{page}:{start}-{end}".encode()).digest()[:8], "big") / 2**64
