"""Decides where a document ends, from what one or two readers told about it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace

from screening.engine.reading.answers import Told
from screening.engine.reasons import Reason
from screening.engine.results import Page, PageStatus, Reading, State
from screening.engine.tables import tables_of

LOCKED = (Reason.ENCRYPTED, Reason.WRONG_PASSWORD)
_OVER = (
    Reason.TOO_MUCH_MEMORY,
    Reason.TOOK_TOO_LONG,
    Reason.TOO_LARGE,
    Reason.TOO_MANY_PAGES,
    Reason.TOO_MUCH_TEXT,
    Reason.TOO_MANY_MEMBERS,
    Reason.UNPACKS_TOO_LARGE,
    Reason.TOO_DEEP,
)
HARDLY_ANY = 100
"""Letters on a page."""
_NEXT_TO_NONE = 50
_CLEARLY_MORE = 1.5
_APART, _APART_SHARE = 8, 0.25
"""Letters that only one of two readers tells, and their share of both texts, before it is called another text."""
_CUT_SHORT = (Reason.TOO_MUCH_TEXT, Reason.TOOK_TOO_LONG, Reason.TOO_MUCH_MEMORY)


def unread(reason: Reason) -> Reading:
    """A document of which no page was read."""
    if reason in LOCKED:
        return Reading(State.NEEDS_PASSWORD, reason)
    if reason in _OVER:
        return Reading(State.OVER_LIMIT, reason)
    if reason in (Reason.IMAGES_ONLY, Reason.BLANK):
        return Reading(State.NEEDS_OCR, reason)
    return Reading(State.REJECTED, reason)


def letters(page: Page) -> int:
    """Signs on a page that are not blank."""
    return sum(map(len, page.text.split()))


def doubtful(pages: tuple[Page, ...]) -> list[int]:
    """Numbers of the pages for which one reader's word is not enough.

    They are those without text, and in a document with hardly any text, every page with hardly any: there
    the quick reader may have missed the rest (it skips some fonts that the slower one can read).
    """
    found = {page.number: letters(page) for page in pages}
    sparse = sum(found.values()) < HARDLY_ANY * len(pages)
    return [
        page.number
        for page in pages
        if page.status in (PageStatus.NO_TEXT, PageStatus.FAILED) or (sparse and found[page.number] < HARDLY_ANY)
    ]


def disagree(first: Page, second: Page) -> bool:
    """Whether two readers tell different texts of one page: what people see may be one, the other or neither.

    Letters are compared, not their order, in which readers differ on any page of columns.
    """
    if PageStatus.FAILED in (first.status, second.status):
        return False
    one, other = Counter(_bare(first.text)), Counter(_bare(second.text))
    apart = sum(((one - other) + (other - one)).values())
    return apart >= _APART and apart > _APART_SHARE * sum((one + other).values())


def _bare(text: str) -> str:
    """Its signs without blanks, ligatures and letters in a shape of their own as the letters they stand for."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def better(first: Page, second: Page) -> Page:
    """Of two readers' words on one page, the one that found clearly more; a picture seen by either counts."""
    if second.status is PageStatus.READ and letters(second) > _CLEARLY_MORE * letters(first):
        return replace(second, has_pictures=first.has_pictures or second.has_pictures, doubts=first.doubts)
    if first.status is PageStatus.FAILED and second.status is PageStatus.NO_TEXT:
        return second
    return first


def _without_scans(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """Call a page unread that is mostly picture with next to no text, such as a scan with a stamped number.

    A cover or back cover of a document whose other pages are read is let pass: it is a photograph.
    """
    inside = pages[1:-1] if len(pages) > 2 and not all(map(_is_scan, pages[1:-1])) else pages
    scans = {page.number for page in inside if _is_scan(page)}
    return tuple(
        replace(page, status=PageStatus.NO_TEXT, reason=Reason.IMAGES_ONLY) if page.number in scans else page
        for page in pages
    )


def _is_scan(page: Page) -> bool:
    return page.status is PageStatus.READ and page.has_pictures and len(page.text.strip()) < _NEXT_TO_NONE


def reading(told: Told, why_stopped: Reason | None) -> Reading:
    """The document as a whole. `why_stopped` says why not all of its pages were looked at, if so."""
    return replace(_judged(told, why_stopped), kind=told.kind, members=told.members)


def _judged(told: Told, why_stopped: Reason | None) -> Reading:
    count = told.count or 0
    pages = tuple(told.pages.get(number) or _missing(number, why_stopped) for number in range(1, count + 1))
    pages = _without_scans(pages)
    if not pages:
        return unread(why_stopped or told.stop or Reason.NO_PAGES)
    tables = tables_of(pages, told.tables)
    done = [page for page in pages if page.status in (PageStatus.READ, PageStatus.OCR)]
    gaps = sum(
        page.status not in (PageStatus.READ, PageStatus.OCR) and page.reason is not Reason.BLANK for page in pages
    )
    if done and not gaps and why_stopped is None and not told.cut:
        if told.remark or told.refused:
            why = told.remark or Reason.SOME_MEMBERS_UNREAD
            return Reading(State.SCREENED_IN_PART, why, pages, tables, told.fields)
        return Reading(State.SCREENED, None, pages, tables, told.fields)
    if done:
        reason = Reason.TOO_MUCH_TEXT if told.cut else why_stopped
        part = reason if reason in _CUT_SHORT else Reason.SOME_PAGES_UNREAD
        return Reading(State.SCREENED_IN_PART, part, pages, tables, told.fields)
    return replace(unread(_why_nothing(pages, why_stopped)), pages=pages, fields=told.fields)


def _missing(number: int, reason: Reason | None) -> Page:
    return Page(number, PageStatus.FAILED, reason=reason or Reason.PAGE_FAILED)


def _why_nothing(pages: tuple[Page, ...], why_stopped: Reason | None) -> Reason:
    """Why a document with pages gave no text at all: pictures before damage before blank paper."""
    reasons = {page.reason for page in pages}
    if Reason.IMAGES_ONLY in reasons:
        return Reason.IMAGES_ONLY
    if why_stopped is not None:
        return why_stopped
    if reasons == {Reason.BLANK}:
        return Reason.BLANK
    return Reason.BROKEN
