"""Measures how fast documents are read, one core, by processor time, so that a busy machine does not blur it.

Usage: python tests/bench/bench_reading.py [FOLDER] [--json]

Prints pages a second for: plain pdfium text; our reader without the cage (text, line boxes, hidden text);
our reader through the cage (parent and children together); pdfplumber on a sample of pages; and the whole
way from bytes to findings where the classifier is there.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pypdfium2

from screening.engine.reading import Cage, Limits, frames, pdfium

ROUNDS = 3
SAMPLE = 25


def shared() -> Path:
    return Path(os.environ.get("SALIENT_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def processor_seconds() -> float:
    return time.process_time()


def plain(files: list[bytes]) -> tuple[int, float]:
    began, pages = processor_seconds(), 0
    for data in files:
        document = pypdfium2.PdfDocument(data)
        for page in document:
            textpage = page.get_textpage()
            textpage.get_text_range()
            textpage.close()
            page.close()
            pages += 1
        document.close()
    return pages, processor_seconds() - began


def uncaged(files: list[bytes]) -> tuple[int, float]:
    began, pages = processor_seconds(), 0
    for data in files:
        document = pdfium.open_document(data, None)
        reader = pdfium.PageReader(document, Limits())
        for number in range(1, len(document) + 1):
            frames.pack(reader.answer(number))
            pages += 1
        document.close()
    return pages, processor_seconds() - began


def caged(files: list[bytes]) -> tuple[int, float]:
    pages, children = 0, 0.0
    with Cage() as cage:
        cage.read(files[0])  # Starts the zygote, which a worker does once.
        began = processor_seconds()
        for data in files:
            pages += len(cage.read(data).pages)
            children += cage.cost.cpu_seconds
        return pages, processor_seconds() - began + children


def plumber(files: list[bytes]) -> tuple[int, float]:
    import io

    began, pages = processor_seconds(), 0
    for data in files[:SAMPLE]:
        with pdfplumber.open(io.BytesIO(data)) as document:
            page = document.pages[len(document.pages) // 2]
            page.extract_text_lines(return_chars=False)
            page.close()
            pages += 1
    return pages, processor_seconds() - began


def whole(files: list[bytes]) -> tuple[int, float]:
    from screening.engine.pipeline import screen_document
    from screening.engine.screener import Screener

    screener, pages, children = Screener.load(), 0, 0.0
    with Cage() as cage:
        screen_document(files[0], cage=cage, screener=screener)
        began = processor_seconds()
        for data in files:
            pages += len(screen_document(data, cage=cage, screener=screener).reading.pages)
            children += cage.cost.cpu_seconds
        return pages, processor_seconds() - began + children


WAYS: dict[str, tuple[Callable[[list[bytes]], tuple[int, float]], int]] = {
    "plain pdfium text": (plain, ROUNDS),
    "our reader, no cage": (uncaged, ROUNDS),
    "our reader, caged": (caged, ROUNDS),
    "pdfplumber, a page of each": (plumber, 1),
    "bytes to findings": (whole, 1),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=shared() / "documents" / "reports")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--only", default="", help="measure only the ways whose name holds this")
    arguments = parser.parse_args()
    files = [path.read_bytes() for path in sorted(arguments.folder.glob("*.pdf"))]
    if not files:
        print(f"no PDF in {arguments.folder}", file=sys.stderr)
        return 1
    rates: dict[str, list[float]] = {name: [] for name in WAYS if arguments.only in name}
    for turn in range(ROUNDS):  # In turns, so that a slow minute of the machine falls on all of them.
        for name in rates:
            way, rounds = WAYS[name]
            if turn < rounds:
                pages, seconds = way(files)
                rates[name].append(pages / seconds)
    medians = {name: round(statistics.median(found), 1) for name, found in rates.items()}
    print(json.dumps({"documents": len(files), "pages_per_core_second": medians}))
    if not arguments.json:
        for name, rate in medians.items():
            print(f"{name:28} {rate:8.1f} pages/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
