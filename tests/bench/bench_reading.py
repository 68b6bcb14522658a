"""Measures pages a second on one core, from plain text to findings, and what the cage takes of it.

Usage: python -m tests.bench.bench_reading [FOLDER] [--json] [--only PART] [--rounds N]

All ways are measured in turns in one run, in processor time (user and kernel, of the process and of its caged
children), so that a busy machine blurs neither the figures nor their ratios; the best of the rounds counts. The plain
pipeline is what one writes first: pdfplumber's text, spaCy's sentences, TF-IDF and logistic regression. No trained
spaCy pipeline is installed here; with one it is slower still. Figures of pdfplumber are of one page of each report.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2

from screening.engine.pipeline import described, screen_document
from screening.engine.reading import Cage, Limits, frames, judging, pdfium
from screening.engine.reading.answers import Told
from screening.engine.results import Assertion, Reading
from screening.engine.screener import Screener
from tests.bench.processor import reports, seconds, shared

PLAIN, BARE, CAGED = "plain pdfium text", "our reader, no cage", "our reader, caged"
PLUMBER, PIPELINE = "pdfplumber's text", "the plain pipeline"
OPEN, WHOLE = "bytes to findings, no cage", "bytes to findings"
ROUNDS = 3
BARS = {"pages a second": 200, "share of plain pdfium": 0.35, "share that the cage takes": 0.15}
"""What was asked for; the last is the most that is allowed."""

Way = Callable[[list[bytes]], tuple[int, float]]


def plain(files: list[bytes]) -> tuple[int, float]:
    began, pages = seconds(), 0
    for data in files:
        document = pypdfium2.PdfDocument(data)
        for page in document:
            textpage = page.get_textpage()
            textpage.get_text_range()
            textpage.close()
            page.close()
            pages += 1
        document.close()
    return pages, seconds() - began


def bare(files: list[bytes]) -> tuple[int, float]:
    began, pages = seconds(), 0
    for data in files:
        document = pdfium.open_document(data, None)
        reader = pdfium.PageReader(document, Limits())
        for number in range(1, len(document) + 1):
            frames.pack(reader.answer(number))
            pages += 1
        document.close()
    return pages, seconds() - began


def caged(files: list[bytes]) -> tuple[int, float]:
    with Cage() as cage:
        cage.read(files[0])  # Starts the zygote, which a worker does once.
        began = seconds(cage)
        pages = sum(len(cage.read(data).pages) for data in files)
        return pages, seconds(cage) - began


def plumber(files: list[bytes]) -> tuple[int, float]:
    began = seconds()
    for data in files:
        _middle_page(data)
    return len(files), seconds() - began


def pipeline(files: list[bytes]) -> tuple[int, float]:
    split, judge = _plain_parts()
    began = seconds()
    for data in files:
        found = split(_middle_page(data))
        if found:
            judge(found)
    return len(files), seconds() - began


def uncaged(files: list[bytes]) -> tuple[int, float]:
    screener = _screener()
    screener.screen(described(_read_here(files[0])))
    began, pages = seconds(), 0
    for data in files:
        reading = described(_read_here(data))
        screener.screen(reading)
        pages += len(reading.pages)
    return pages, seconds() - began


def whole(files: list[bytes]) -> tuple[int, float]:
    screener = _screener()
    with Cage() as cage:
        screen_document(files[0], cage=cage, screener=screener)
        began, pages = seconds(cage), 0
        for data in files:
            pages += len(screen_document(data, cage=cage, screener=screener).reading.pages)
        return pages, seconds(cage) - began


WAYS: dict[str, Way] = {
    PLAIN: plain, BARE: bare, CAGED: caged, PLUMBER: plumber, PIPELINE: pipeline, OPEN: uncaged, WHOLE: whole,
}  # fmt: skip


def _middle_page(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as document:
        page = document.pages[len(document.pages) // 2]
        return str(page.extract_text())


def _read_here(data: bytes) -> Reading:
    """What the cage gives back, read in this process: only ever for files that we know."""
    told, document = Told(Limits()), pdfium.open_document(data, None)
    reader = pdfium.PageReader(document, Limits())
    told.take({"count": len(document)})
    for number in range(1, len(document) + 1):
        told.take(reader.answer(number))
    document.close()
    return judging.reading(told, None)


@cache
def _screener() -> Screener:
    return Screener.load()


@cache
def _plain_parts() -> tuple[Callable[[str], list[str]], Callable[[list[str]], Any]]:
    """How the plain pipeline parts a text into sentences, and how it judges them: learned from the frozen passages."""
    import spacy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    parts = spacy.blank("en")
    parts.add_pipe("sentencizer")
    path = Path(__file__).parents[2] / "screening" / "training" / "evaluation" / "passages.jsonl"
    known = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    judge = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    judge.fit(
        [row["text"] for row in known], [bool(row["signals"]) and Assertion(row["assertion"]).raises for row in known]
    )
    return (lambda text: [sentence.text for sentence in parts(text).sents]), judge.predict_proba


def compared(best: dict[str, float]) -> dict[str, float]:
    """The ratios that were asked for, of the ways that were measured; rates are pages a second."""
    found = {}
    for name, over in (("plain pdfium", PLAIN), ("pdfplumber", PLUMBER), ("the plain pipeline", PIPELINE)):
        if WHOLE in best and over in best:
            found[f"bytes to findings, of {name}"] = round(best[WHOLE] / best[over], 3 if over == PLAIN else 1)
    for name, one, other in (("reading", CAGED, BARE), ("bytes to findings", WHOLE, OPEN)):
        if one in best and other in best:
            found[f"the cage takes of {name}"] = round(1 - best[one] / best[other], 3)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=shared() / "documents" / "reports")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--only", default="", help="measure only the ways whose name holds this")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    files = reports(arguments.folder)
    if not files:
        print(f"left out: no PDF in {arguments.folder}", file=sys.stderr)
        return 0
    best: dict[str, float] = {name: 0.0 for name in WAYS if arguments.only in name}
    for _ in range(arguments.rounds):  # In turns, so that a slow minute of the machine falls on all of them.
        for name in best:
            pages, spent = WAYS[name](files)
            best[name] = max(best[name], pages / spent)
    rates = {name: round(rate, 1) for name, rate in best.items()}
    ratios = compared(best)
    print(json.dumps({"documents": len(files), "pages_per_core_second": rates, "ratios": ratios, "bars": BARS}))
    if not arguments.json:
        for name, rate in rates.items():
            print(f"{name:36} {rate:8.1f} pages/s")
        for name, ratio in ratios.items():
            print(f"{name:36} {ratio:8.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
