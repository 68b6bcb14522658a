"""Counts what a bulk screening found, and keeps the gravest findings for the report, in bounded memory."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from models.taxonomy import Severity
from screening.bulk.rows import Row
from screening.engine.results import PageStatus, State

SHOWN_FINDINGS = 400
SHOWN_DOCUMENTS = 400
SHOWN_PAGES = 12


@dataclass(frozen=True, slots=True)
class Unread:
    """A document of which something was not read, with the numbers of the first such pages."""

    file: str
    state: State
    reason: str | None
    pages: tuple[int, ...] = ()
    more_pages: int = 0


@dataclass(slots=True)
class Tally:
    """Add every file, with the documents inside it, in the order of the result files."""

    documents: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    pages_read: int = 0
    hidden_text: int = 0
    doubts: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    passages: int = 0
    documents_with_findings: int = 0
    unread: list[Unread] = field(default_factory=list)
    more_unread: int = 0
    _gravest: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, rows: Row) -> None:
        pages: dict[str, list[Row]] = {}
        for page in rows["pages"]:
            pages.setdefault(page["file"], []).append(page)
        for document in rows["documents"]:
            self.documents[document["state"]] += 1
            self.pages += document["pages"]
            self.pages_read += document["pages_read"]
            if document["reason"] is not None:
                self.reasons[document["reason"]] += 1
            self._note_unread(document, pages.get(document["file"], []))
        for page in rows["pages"]:
            self.hidden_text += page["hidden_text"]
            self.doubts.update(page.get("doubts", ()))  # A broken-off run of an older version wrote none.
            if page["language"] is not None:
                self.languages[page["language"]] += 1
        flagged = [finding for finding in rows["passages"] if finding["flag"]]
        self.passages += sum(bool(passage["signals"]) for passage in rows["passages"])
        self.documents_with_findings += len({finding["file"] for finding in flagged})
        for finding in flagged:
            self._add_finding(finding)

    def _add_finding(self, finding: Row) -> None:
        self.findings += 1
        self.severities[finding["severity"]] += 1
        self.categories.update(set(finding["categories"]))
        # The running number keeps the order of the files among equals, and keeps rows from being compared.
        entry = (Severity(finding["severity"]).rank, finding["score"], -self.findings, finding)
        if len(self._gravest) < SHOWN_FINDINGS:
            heapq.heappush(self._gravest, entry)
        else:
            heapq.heappushpop(self._gravest, entry)

    def _note_unread(self, document: Row, pages: list[Row]) -> None:
        state = State(document["state"])
        if state is State.SCREENED:
            return
        if len(self.unread) >= SHOWN_DOCUMENTS:
            self.more_unread += 1
            return
        missing = [page["page"] for page in pages if page["status"] not in (PageStatus.READ, PageStatus.OCR)]
        listed = tuple(missing[:SHOWN_PAGES]) if state is State.SCREENED_IN_PART else ()
        more = len(missing) - len(listed) if listed else 0
        self.unread.append(Unread(document["file"], state, document["reason"], listed, more))

    def gravest(self) -> list[Row]:
        """The gravest findings, gravest first, then likeliest first, then in the order of the files."""
        return [entry[-1] for entry in sorted(self._gravest, key=lambda entry: entry[:3], reverse=True)]

    def counts(self) -> Row:
        """The counts of run.json."""
        return {
            "documents": sum(self.documents.values()),
            "documents_by_state": dict(sorted(self.documents.items())),
            "documents_by_reason": dict(sorted(self.reasons.items())),
            "documents_with_findings": self.documents_with_findings,
            "pages": self.pages,
            "pages_read": self.pages_read,
            "pages_with_hidden_text": self.hidden_text,
            "pages_by_doubt": dict(sorted(self.doubts.items())),
            "findings": self.findings,
            "findings_by_severity": dict(sorted(self.severities.items())),
            "findings_by_category": dict(sorted(self.categories.items())),
            "passages_with_a_signal": self.passages,
        }
