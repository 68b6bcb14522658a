"""Has the pages of a document that are pictures read by text recognition, and remembers what was recognised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from screening.engine.reading.answers import Told, page_of
from screening.engine.reading.frames import Garbage
from screening.engine.reading.keeper import Take
from screening.engine.reading.laid import Laid, tables_of
from screening.engine.reading.limits import Limits
from screening.engine.reading.recognising import Engine
from screening.engine.reasons import Reason
from screening.engine.results import Line, Page, PageStatus

Recognised = tuple[Page, tuple[Laid, ...]]
"""A page as it was recognised, and where its tables stand."""
DPI = 300
_WIDEST_PX = 3600
_BATCH = 8
"""Pages that are drawn at once: their pictures are held in memory."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which program recognises words, in which languages (its own codes; empty takes those that are there)."""

    engine: Engine = Engine.AUTO
    languages: tuple[str, ...] = ()
    data: str = ""
    """Folder of Tesseract's trained data; empty looks where systems put it."""

    @property
    def arguments(self) -> tuple[str, ...]:
        return self.engine.value, ",".join(self.languages), self.data


NO_RECOGNITION = Recognition(Engine.NONE)


class Memory(Protocol):
    """Remembers what was recognised, by the hash of the picture and of what read it."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, body: bytes) -> None: ...


class FolderMemory:
    """A memory in a folder; losing it loses nothing but time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        try:
            return self._folder.joinpath(key[:2], key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, body: bytes) -> None:
        place = self._folder / key[:2] / key
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_name(f".{key}.{id(body)}.part")
        half.write_bytes(body)
        half.replace(place)


def key_of(picture: bytes, reader: str) -> str:
    return hashlib.sha256(hashlib.sha256(picture).digest() + reader.encode()).hexdigest()


@dataclass(slots=True)
class Heard:
    """What a child told of the words on one picture, checked; `why` says how it ended, if not well."""

    told: Told
    answers: list[dict[str, Any]] = field(default_factory=list)
    why: Reason | None = None


def heard(
    picture: bytes, run: Callable[[Take], Reason | None], limits: Limits, memory: Memory | None, reader: str
) -> Heard:
    """Ask a child what is printed on a picture, unless it was asked before. `run` gives the order to the child."""
    key = key_of(picture, reader)
    known = memory.get(key) if memory is not None else None
    if known is not None and (found := _replayed(known, limits)) is not None:
        return found
    found = Heard(Told(limits, kind="picture"))

    def take(message: dict[str, Any] | bytes) -> None:
        found.told.take(message)
        if isinstance(message, dict) and "page" in message:
            found.answers.append(message)

    found.why = run(take)
    if found.told.ended and memory is not None:
        memory.put(key, json.dumps(found.answers).encode())
    return found


def _replayed(body: bytes, limits: Limits) -> Heard | None:
    """What was kept, checked as if a child told it now; whatever else lies there is nothing."""
    found = Heard(Told(limits, kind="picture"))
    try:
        found.answers = json.loads(body)
        found.told.take({"count": len(found.answers)})
        for answer in found.answers:
            found.told.take(answer)
    except (ValueError, TypeError, Garbage):
        return None
    return found


def wanted(pages: Sequence[Page], limits: Limits) -> list[Page]:
    """The pages that are pictures, as many as one document may have recognised."""
    found = [page for page in pages if page.status is PageStatus.NO_TEXT and page.reason is Reason.IMAGES_ONLY]
    return [page for page in found if page.width > 0][: limits.recognised_pages]


def recognised(
    pages: Sequence[Page],
    draw: Callable[[list[int], int], dict[int, bytes]],
    read: Callable[[bytes], list[dict[str, Any]]],
    limits: Limits,
) -> dict[int, Recognised]:
    """Those of these pages on which words were recognised, with the places of the words on the page."""
    found: dict[int, Recognised] = {}
    for start in range(0, len(pages), _BATCH):
        batch = {page.number: page for page in pages[start : start + _BATCH]}
        width = min(_WIDEST_PX, max(int(page.width / 72 * DPI) for page in batch.values()) or 1)
        for number, picture in draw(list(batch), width).items():
            for answer in read(picture):
                seen = _checked(answer, limits)
                if seen is not None and seen[0].status is PageStatus.OCR:
                    found[number] = _placed(*seen, batch[number])
    return found


def _checked(answer: dict[str, Any], limits: Limits) -> Recognised | None:
    try:
        page = page_of(answer, limits)
        return page, tables_of(answer.get("tables", []), len(page.text))
    except Garbage:
        return None


def _placed(picture: Page, tables: tuple[Laid, ...], page: Page) -> Recognised:
    """What was recognised on the picture of a page, with its places in points of that page."""
    across, down = page.width / picture.width, page.height / picture.height
    lines = tuple(
        Line(start, end, (round(x0 * across, 1), round(top * down, 1), round(x1 * across, 1), round(bottom * down, 1)))
        for start, end, (x0, top, x1, bottom) in picture.lines
    )
    read = replace(picture, number=page.number, width=page.width, height=page.height, lines=lines, doubts=page.doubts)
    columns = [tuple(round(border * across) for border in table.columns) for table in tables]
    return read, tuple(replace(table, columns=own) for table, own in zip(tables, columns, strict=True))
