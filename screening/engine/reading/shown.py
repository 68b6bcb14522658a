"""Has the pictures that a text or its slides show read as scans, and puts their words onto the pages they stand on.

What cannot be read stays told: the page keeps saying that it shows a picture which was not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from screening.engine.members import Member, Unpacked
from screening.engine.reading.answers import Told
from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.laid import Laid
from screening.engine.reading.limits import Limits
from screening.engine.reading.scans import Heard
from screening.engine.reasons import Doubt
from screening.engine.results import Page, PageStatus

_BETWEEN = "\n\n"


def read(told: Told, take: Callable[[int], Unpacked], recognise: Callable[[bytes], Heard], limits: Limits) -> None:
    """Change the pages that show pictures. `take` gives a batch of them, from a number on.

    No more than `limits.recognised_pages` are looked at.
    """
    pictures = _all(take, limits)
    for number, count in sorted(told.shown.items()):
        heard = [_heard(picture, recognise) for _, picture in zip(range(count), pictures, strict=False)]
        told.pages[number], told.tables[number] = _with_words(
            told.pages[number], told.tables.get(number, ()), [each for each in heard if each is not None], limits
        )
        if len(heard) < count or None in heard:
            told.doubt([number], Doubt.PICTURES_UNREAD)


def _all(take: Callable[[int], Unpacked], limits: Limits) -> Iterator[Member]:
    """One picture after the other, as many as one document may have recognised."""
    first: int | None = 1
    left = limits.recognised_pages
    while first is not None and left > 0:
        batch = take(first)
        yield from batch.members[:left]
        left -= len(batch.members)
        first = batch.next if batch.members else None  # Whoever gives nothing is not asked again.


def _heard(picture: Member, recognise: Callable[[bytes], Heard]) -> Told | None:
    """What is printed on a picture; None where it could not be looked at."""
    if picture.reason is not None or kind_of(picture.data) is not Kind.PICTURE:
        return None
    heard = recognise(picture.data)
    if heard.why is not None or heard.told.stop is not None or not heard.told.pages:
        return None
    return heard.told


def _with_words(
    page: Page, tables: tuple[Laid, ...], heard: list[Told], limits: Limits
) -> tuple[Page, tuple[Laid, ...]]:
    """The page and its tables with what is printed on its pictures, below its own text; without the doubt."""
    doubts = tuple(doubt for doubt in page.doubts if doubt is not Doubt.PICTURES_UNREAD)
    page = replace(page, doubts=doubts)
    for told in heard:
        for number, found in sorted(told.pages.items()):
            if found.status is not PageStatus.OCR or len(page.text) + len(found.text) > limits.page_characters:
                continue
            start = len(page.text) + len(_BETWEEN) if page.text else 0
            tables += tuple(table.moved(start) for table in told.tables.get(number, ()))
            sure = [each for each in (page.confidence, found.confidence) if each is not None]
            page = replace(
                page,
                status=PageStatus.OCR,
                reason=None,
                text=f"{page.text}{_BETWEEN}{found.text}" if page.text else found.text,
                confidence=min(sure, default=None),
            )
    return page, tables
