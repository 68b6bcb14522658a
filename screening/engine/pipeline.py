"""From the bytes of a document to its findings: read in the cage, say what it is, judge its passages."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from screening.engine.facts import facts_of
from screening.engine.language import language_of
from screening.engine.members import CONTAINERS
from screening.engine.reading import Cage
from screening.engine.results import Finding, Reading, Screened

_SAMPLE = 1500
"""Characters in the middle of a page that tell its language; the top is often an English letterhead."""


class Judge(Protocol):
    """What judges the passages of a reading: the engine's `Screener`, or another in a test."""

    version: str
    """Names the rules and the classifier, so that two results can be told apart."""

    def screen(self, reading: Reading) -> tuple[Finding, ...]: ...


def screen_document(data: bytes, *, cage: Cage, screener: Judge, password: str | None = None) -> Screened:
    """Read and judge one document. Never raises for what is in it: the reading says how far it was read."""
    reading = described(cage.read(data, password))
    if not reading.pages or reading.kind in CONTAINERS:
        return Screened(reading, (), screener.version)
    findings = tuple(placed(finding, reading) for finding in screener.screen(reading))
    return Screened(reading, findings, screener.version)


def described(reading: Reading) -> Reading:
    """The reading with the language of each page and what the document says about itself."""
    if not reading.pages or reading.kind in CONTAINERS:
        return reading
    pages = tuple(replace(page, language=page_language(page.text)) if page.text else page for page in reading.pages)
    named = replace(reading, pages=pages)
    return replace(named, facts=facts_of(named))


def page_language(text: str) -> str | None:
    """The language of a page, from its middle."""
    start = max(0, (len(text) - _SAMPLE) // 2)
    return language_of(text[start : start + _SAMPLE])


def placed(finding: Finding, reading: Reading) -> Finding:
    """The finding with its places on the page, where the screener left them to us."""
    passage = finding.passage
    if finding.boxes or not 1 <= passage.page <= len(reading.pages):
        return finding
    return replace(finding, boxes=reading.pages[passage.page - 1].boxes(passage.start, passage.end))
