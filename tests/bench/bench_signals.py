"""Pages and passages a second, stage by stage, from page text to findings: `python tests/bench/bench_signals.py`.

Reads the PDFs of ../shared/documents/reports (or SALIENT_SHARED) with pdfium, in this process, on one core. Times are
processor times, so that other work on the machine does not count. Prints a table and one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pypdfium2

from screening.engine import passages
from screening.engine.language import language_of
from screening.engine.results import Page, PageStatus, Reading, State
from screening.engine.screener import Screener

T = TypeVar("T")
SHARED = Path(os.environ.get("SALIENT_SHARED", Path(__file__).resolve().parents[3] / "shared"))
REPORTS = SHARED / "documents" / "reports"


def texts_of(path: Path) -> list[str]:
    """The text of each page as pdfium gives it."""
    document = pypdfium2.PdfDocument(path)
    found = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    document.close()
    return found


def reading_of(texts: list[str], languages: list[str | None]) -> Reading:
    """A document as the reader would hand it over, without the places of its lines."""
    both = enumerate(zip(texts, languages, strict=True), start=1)
    pages = (Page(number, PageStatus.READ, text, language=code) for number, (text, code) in both)
    return Reading(State.SCREENED, pages=tuple(pages))


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    done = work()
    return done, time.process_time() - began


def main() -> int:
    if not REPORTS.is_dir():
        print(f"left out: {REPORTS} is not there")
        return 0
    paths = sorted(REPORTS.glob("*.pdf"))
    screener, load = timed(Screener.load)
    screener.judge(passages.of_page(Page(1, PageStatus.READ, "The exit was locked. Two workers were hurt.")))
    texts, reading = timed(lambda: [texts_of(path) for path in paths])
    pages = sum(map(len, texts))
    known, telling = timed(lambda: [[language_of(text) for text in document] for document in texts])
    documents = [reading_of(document, codes) for document, codes in zip(texts, known, strict=True)]
    cut, cutting = timed(lambda: [passages.passages_of(document) for document in documents])
    wide, quick = timed(lambda: [screener.quick_look(found) for found in cut])
    findings, judging = timed(lambda: [screener.screen(document) for document in documents])
    count = sum(map(len, cut))
    kept = float(np.mean(np.concatenate(wide) >= screener.learned.thresholds["quick"]))
    stages = {
        "pdfium text": reading,
        "language of the page": telling,
        "passages": cutting,
        "quick look": quick,
        "passages and judgement": judging,
        "all": reading + telling + judging,
    }
    print(f"{pages} pages, {count} passages, {kept:.0%} of them looked at carefully; ready after {load:.1f} s")
    for name, seconds in stages.items():
        speed = f"{pages / seconds:8.0f} pages/s {count / seconds:9.0f} passages/s"
        print(f"{name:24} {speed} {seconds / pages * 1e3:7.2f} ms/page")
    flags = sum(finding.judgement.flag for found in findings for finding in found)
    told = {name: round(pages / seconds, 1) for name, seconds in stages.items()}
    print(json.dumps({"pages": pages, "passages": count, "flags": flags, "pages_per_second": told}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
