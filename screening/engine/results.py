"""What the engine says of a document: the shapes that every door (command line, worker, test) receives.

Everything here is frozen and holds plain values, so that it can cross a process border and be compared
by equality: two runs over the same bytes give equal results.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from screening.engine.reasons import MISLEADING, Doubt, Reason
from screening.engine.stated import Facts

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points (1/72 inch), from the top left corner of the page as it is displayed."""


class State(StrEnum):
    """Where a document ends. *Unread* is never shown as *clean*: only `SCREENED` read every page."""

    SCREENED = "screened"
    SCREENED_IN_PART = "screened_in_part"
    NEEDS_OCR = "needs_ocr"
    NEEDS_PASSWORD = "needs_password"
    REJECTED = "rejected"
    OVER_LIMIT = "over_limit"


class PageStatus(StrEnum):
    READ = "read"
    OCR = "ocr"
    NO_TEXT = "no_text"
    """Opened and holding no text: blank, or a picture that was not recognised. The document says which."""
    FAILED = "failed"


class Line(NamedTuple):
    """A run of a page's text and the place where it is printed. A plain tuple: an archive has millions of them."""

    start: int
    end: int
    box: Box


def _end_of(line: Line) -> int:
    return line.end


@dataclass(frozen=True, slots=True)
class Page:
    """One page with all that could be read of it.

    `text` is cleaned (no NUL, no control characters but newline and tab); `lines` cover it with offsets
    into that same text, in its order. `reason` is set where `status` is `FAILED` or `NO_TEXT`.
    """

    number: int
    status: PageStatus
    text: str = ""
    width: float = 0.0
    height: float = 0.0
    lines: tuple[Line, ...] = ()
    language: str | None = None
    doubts: tuple[Doubt, ...] = ()
    """What makes one doubt that this is all, or what, people see: each once, in the order of the list."""
    has_pictures: bool = False
    """A picture covers half of the page or more. Only looked for on pages with little text."""
    reason: Reason | None = None
    confidence: float | None = None
    """How sure text recognition was of its words, 0 to 1; None where the text did not come from it."""

    @property
    def hidden_text(self) -> bool:
        """Whether people may not see all of this text, or see another."""
        return not MISLEADING.isdisjoint(self.doubts)

    def doubting(self, *doubts: Doubt) -> Page:
        """This page with these doubts too."""
        return replace(self, doubts=tuple(doubt for doubt in Doubt if doubt in self.doubts or doubt in doubts))

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """The printed places of text[start:end], one box a line, cut to the characters in question."""
        found: list[Box] = []
        # Lines follow one another in the text, so those before the start need not be looked at.
        for line in self.lines[bisect_right(self.lines, start, key=_end_of) :]:
            if line.start >= end:
                break
            first, last = max(start, line.start), min(end, line.end)
            x0, top, x1, bottom = line.box
            step = (x1 - x0) / max(1, line.end - line.start)
            left, right = x0 + step * (first - line.start), x0 + step * (last - line.start)
            found.append((round(left, 1), top, round(right, 1), bottom))
        return tuple(found)


Span = tuple[int, int]
"""From where to where something stands in the text of its page: text[start:end]."""


class TableKind(StrEnum):
    FINDINGS = "findings"
    """What an auditor found, a row each."""
    CAP = "cap"
    """Findings or deadlines with corrective actions."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells as text on one line, and where they stand in the text of the page."""

    cells: tuple[str, ...]
    """One for each column; empty where nothing is printed, and where a cell that began further up reaches down."""
    places: tuple[Span, ...]
    """One for each cell, (0, 0) for an empty one."""
    start: int
    end: int
    """The stretch of the page's text that holds this row and nothing else. `Page.boxes` gives its boxes."""
    above: tuple[int, ...] = ()
    """Numbers of the columns that a merged cell of a row above reaches into."""
    rest: tuple[int, int, int] | None = None
    """Page, start and end of the part of this row that is printed on the next page; `cells` hold all of it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as far as it stands on one page; a table over two pages is two, with the same header."""

    page: int
    kind: TableKind
    header: tuple[str, ...]
    """Empty where no header was recognised; on following pages that of the first one."""
    rows: tuple[Row, ...]
    besides: tuple[Span, ...] = ()
    """Stretches of the page's text that belong to the table and to no row: headers, ends of rows begun before."""

    @property
    def wide(self) -> str:
        """The header on one line, as context of its rows."""
        return " | ".join(cell for cell in self.header if cell)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as far as it could be read. `state` and `reason` say how far that is."""

    state: State
    reason: Reason | None = None
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    """Values of a filled form, by field name."""
    facts: Facts = field(default_factory=Facts)
    kind: str = ""
    """By its content: `pdf`, `docx`, `xlsx`, `csv`, `eml`, `zip`, `picture` and so on; empty where unknown."""
    members: int = 0
    """Files inside that are documents of their own: an archive's, or attachments."""

    @property
    def pages_read(self) -> int:
        return sum(page.status in (PageStatus.READ, PageStatus.OCR) for page in self.pages)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, a list item or a table row, with where it stands.

    `start` and `end` are offsets into the page's text; `before` is the passage or heading before it,
    which often decides what this one means.
    """

    text: str
    before: str = ""
    page: int = 0
    start: int = 0
    end: int = 0
    language: str | None = None
    document_type: str | None = None
    in_table: bool = False


class Assertion(StrEnum):
    """Who says what about the harm. The first five raise a flag; the others are kept as context."""

    FINDING_CONFIRMED = "finding_confirmed"
    FINDING_ALLEGED = "finding_alleged"
    SELF_DISCLOSED = "self_disclosed"
    RISK_POTENTIAL = "risk_potential"
    UNABLE_TO_VERIFY = "unable_to_verify"
    NEGATED = "negated"
    POLICY_PROHIBITION = "policy_prohibition"
    REMEDIATED = "remediated"
    HISTORICAL = "historical"
    BOILERPLATE = "boilerplate"

    @property
    def raises(self) -> bool:
        return self in _RAISING


_RAISING = frozenset(
    {
        Assertion.FINDING_CONFIRMED,
        Assertion.FINDING_ALLEGED,
        Assertion.SELF_DISCLOSED,
        Assertion.RISK_POTENTIAL,
        Assertion.UNABLE_TO_VERIFY,
    }
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the engine thinks so, in parts that a reviewer can check one by one."""

    rules: tuple[str, ...] = ()
    """Names of the rules that fired, with the words that they fired on: `FL.DOC: "passports ... kept"`."""
    words: tuple[tuple[str, float], ...] = ()
    """Words that weighed most in the classifier, strongest first, with their weight."""
    assertion: str = ""
    """The words that decided the assertion, or an empty string where nothing spoke against a finding."""
    note: str = ""
    """What the reader should know: a weak language, a missing part of the engine."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the engine thinks of one passage. Only a person turns a flag into a verdict."""

    signals: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    assertion: Assertion = Assertion.BOILERPLATE
    flag: bool = False
    severity: str = "none"
    """`critical`, `high`, `medium`, `low`, or `none` without a flag."""
    score: float = 0.0
    """The probability, 0 to 1, that a reviewer would agree that this passage raises a flag."""
    people: int | None = None
    language: str | None = None
    explanation: Explanation = Explanation()


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage in which a signal was seen, with its judgement and its places on the page."""

    passage: Passage
    judgement: Judgement
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    """A document, read and judged. `findings` holds every passage with a signal, flagged or not."""

    reading: Reading
    findings: tuple[Finding, ...]
    engine_version: str
