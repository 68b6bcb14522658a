"""Recognises the words on a picture of a page (OCR), with whichever of two programs is installed.

Tesseract (with its trained data) is preferred; RapidOCR comes with pip alone. Loaded once by the zygote, before
it sees a byte of a stranger's; used in a caged child for one document.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SURE = 30.0
"""Words of less confidence (of 100) are marks on the paper, not words."""
_SAME_LINE = 0.5


class Engine(StrEnum):
    """Which program recognises words; `AUTO` takes the first that is there."""

    AUTO = "auto"
    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or line of print: its place in pixels, how sure the program is (0 to 100), and whether a line ends."""

    text: str
    box: tuple[int, int, int, int]
    confidence: float
    after: str = " "


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A program that is loaded, by name, and what it does with a picture (an image of Pillow)."""

    name: str
    words: Callable[[Any], Iterator[Word]]
    block: Callable[[Any], Iterator[Word]]
    """The same for a picture of a few words that belong together, such as a cell of a table."""


def load(engine: Engine, languages: tuple[str, ...] = (), data: str = "") -> Recogniser | None:
    """The program that was asked for, or None where it is not installed. `data` is a folder of trained data."""
    if engine in (Engine.AUTO, Engine.TESSERACT):
        from screening.engine.reading import tesseract  # Builds on what is defined here.

        found = tesseract.load(languages, data)
        if found is not None:
            return found
    return _rapidocr() if engine in (Engine.AUTO, Engine.RAPIDOCR) else None


def _rapidocr() -> Recogniser | None:
    if importlib.util.find_spec("rapidocr") is None or importlib.util.find_spec("onnxruntime") is None:
        return None
    from rapidocr import RapidOCR

    logging.disable(logging.CRITICAL)
    # One thread each: a forked child has no other threads than the one that it was forked with.
    program = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 1600,
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return Recogniser("rapidocr", *[lambda image: _words_of_rapidocr(program, image)] * 2)


def _words_of_rapidocr(program: Any, image: Any) -> Iterator[Word]:
    import numpy

    told = program(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
    if told is None or told.boxes is None or told.txts is None:
        return
    pieces = []
    for corners, text, score in zip(told.boxes, told.txts, told.scores, strict=False):
        across, down = [int(x) for x, _ in corners], [int(y) for _, y in corners]
        if str(text).strip() and 100 * float(score) >= SURE:
            pieces.append(Word(str(text).strip(), (min(across), min(down), max(across), max(down)), 100 * float(score)))
    yield from _in_lines(pieces)


def _in_lines(pieces: list[Word]) -> Iterator[Word]:
    """Pieces of print from top to bottom, those of one height from left to right."""
    lines: list[list[Word]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.box[1] + piece.box[3], piece.box[0])):
        middle, high = (piece.box[1] + piece.box[3]) / 2, piece.box[3] - piece.box[1]
        last = lines[-1][0].box if lines else None
        if last is not None and abs(middle - (last[1] + last[3]) / 2) <= _SAME_LINE * max(high, last[3] - last[1]):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    for line in lines:
        ordered = sorted(line, key=lambda piece: piece.box[0])
        for piece in ordered[:-1]:
            yield piece
        yield Word(ordered[-1].text, ordered[-1].box, ordered[-1].confidence, "\n")
