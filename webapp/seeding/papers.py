"""The documents of an invented installation, page by page, with the passages that were flagged in them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from models.documents import DocumentState, PageStatus
from models.findings import Severity, Stage, queue_rank
from models.taxonomy import shipped
from models.wording import gists_of, print_of
from webapp.seeding import Size, texts
from webapp.seeding.company import DAYS, Company, Keys, Relation, begin_of
from webapp.seeding.writing import Row

ENGINE = "seed"
A_PAGE = 4
"""So many flagged passages stand on one page."""
_GRAVE = (1, 4, 9, 13)
"""Running sums: one critical finding to three high, five medium, four low."""
_SEVERITIES = tuple(Severity)
_ASSERTED = (50, 70, 80, 95, 100)
_WRITTEN = (75, 90, 100)
_TYPES = ("audit", "audit", "audit", "self_assessment", "cap")


@dataclass(slots=True)
class Paper:
    """One document with all its rows."""

    relation: Relation
    document: Row
    pages: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    signals: list[Row] = field(default_factory=list)
    age: float = 0.0
    """Days before the last day of the history."""


def papers(size: Size, company: Company, draw: random.Random) -> Iterator[Paper]:
    """The documents in the order in which they came: few at first, more and more towards the end.

    A few hold very many findings, many hold few; together exactly as many as were asked for.
    """
    keys, begin = Keys(draw), begin_of(size)
    heavy = list(accumulate(draw.lognormvariate(0.0, 0.9) for _ in range(size.documents)))
    before = 0
    for number, reached in enumerate(heavy):
        until = round(reached / heavy[-1] * size.findings)
        days = DAYS * ((number + draw.random()) / size.documents) ** 0.5
        relation = draw.choices(company.relations, cum_weights=company.large)[0]
        yield _paper(relation, company, begin + timedelta(days=days), DAYS - days, until - before, keys, draw)
        before = until


def _paper(
    relation: Relation, company: Company, came: datetime, age: float, count: int, keys: Keys, draw: random.Random
) -> Paper:
    language = draw.choices(texts.LANGUAGES, cum_weights=_WRITTEN)[0]
    key, pages = keys.at(came), max(1, -(-count // A_PAGE))
    made = Paper(relation, _document(key, relation, came, pages, language, draw), age=age)
    for number in range(1, pages + 1):
        quotes = [texts.sentence(draw, language) for _ in range(min(A_PAGE, count - (number - 1) * A_PAGE))]
        page_id = keys.at(came)
        text = " ".join(draw.choices(texts.FILLER, k=6))
        for quote in quotes:
            place = len(text) + 1
            text = f"{text} {quote}"
            _flag(made, company, page_id, number, place, quote, language, keys, draw)
        made.pages.append(
            {"id": page_id, "document_id": key, "number": number, "status": PageStatus.READ, "text": text,
             "language": language, "width": 595.0, "height": 842.0}
        )  # fmt: skip
    return made


def _document(
    key: uuid.UUID, relation: Relation, came: datetime, pages: int, language: str, draw: random.Random
) -> Row:
    return {
        "id": key, "supplier_id": relation.supplier_id, "site_id": relation.site_id,
        "uploaded_by_id": relation.person_id, "uploaded_at": came, "name": f"report {key.hex[-8:]}.pdf",
        "sha256": f"{draw.getrandbits(256):064x}", "size": 40_000 * pages, "state": DocumentState.SCREENED,
        "pages": pages, "pages_read": pages, "languages": [language], "document_type": draw.choice(_TYPES),
        "audit_date": (came - timedelta(days=14)).date(), "engine_version": ENGINE,
        "screened_at": came + timedelta(minutes=2),
    }  # fmt: skip


def _flag(
    made: Paper, company: Company, page_id: uuid.UUID, page: int, place: int, quote: str, language: str, keys: Keys,
    draw: random.Random,
) -> None:  # fmt: skip
    severity = draw.choices(_SEVERITIES, cum_weights=_GRAVE)[0]
    score, raised = round(draw.betavariate(4, 2), 4), made.document["screened_at"]
    key = keys.at(raised)
    codes, weights, assertions = _known()
    gists = gists_of(quote) or (None, None)
    line = 90 + 14 * len(made.findings) % 650
    made.findings.append({
        "id": key, "document_id": made.document["id"], "page_id": page_id, "supplier_id": made.relation.supplier_id,
        "buyer_id": company.buyer_id, "page_number": page, "start": place, "end": place + len(quote), "quote": quote,
        "other_quote": "", "before": "", "boxes": [[72, line, 520, line + 12]],
        "assertion": draw.choices(assertions, cum_weights=_ASSERTED)[0], "severity": severity,
        "severity_rank": severity.rank, "score": score, "people": None, "language": language, "in_table": False,
        "explanation": {"note": "Invented for measuring."}, "engine_version": ENGINE, "raised_at": raised,
        "queue_rank": queue_rank(severity.rank, score), "wording": print_of(quote), "gist_one": gists[0],
        "gist_two": gists[1], "stage": Stage.OPEN, "touched_at": None, "verdict": None, "reject_reason": None,
        "remark": "", "judged_by_id": None, "judged_at": None,
    })  # fmt: skip
    marks = dict.fromkeys(draw.choices(codes, cum_weights=weights, k=1 if draw.random() < 0.8 else 2))
    made.signals += [{"finding_id": key, "signal": code, "place": number} for number, code in enumerate(marks)]


@lru_cache
def _known() -> tuple[tuple[str, ...], list[float], tuple[str, ...]]:
    """Signals, the first by far the most often; and the assertions that raise a flag."""
    codes = tuple(shipped().signals)
    return codes, texts.by_rank(len(codes)), tuple(shipped().assertions)[:5]
