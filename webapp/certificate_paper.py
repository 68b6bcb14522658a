"""A screening certificate on paper: the figures of the JSON, whose SHA-256 stands on it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from fpdf import FPDF

import screening.engine

_LINE = 5.5


@cache
def thresholds() -> dict[str, float]:
    """From which score on the shipped classifier raises a flag, by severity."""
    folder = Path(screening.engine.__file__).parent / "data"
    learned: dict[str, Any] = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in learned["thresholds"].items()}


def pdf(content: dict[str, Any], digest: str) -> bytes:
    """Two pages or so of plain figures, in English: whoever checks them compares with the JSON."""
    paper = FPDF(format="A4")
    paper.set_margins(20, 18)
    paper.set_auto_page_break(auto=True, margin=18)
    paper.set_title("Screening certificate")
    paper.add_page()
    paper.set_font("Helvetica", "B", 18)
    paper.cell(0, 10, "Screening certificate", new_x="LMARGIN", new_y="NEXT")
    paper.set_font("Helvetica", "", 10)
    documents, pages = content["documents"], content["pages"]
    lead = (
        f"{documents['total']} documents; {documents['read_in_full']} read in full, "
        f"{documents['total'] - documents['read_in_full']} not or not in full. "
        f"{pages['total']} pages; {pages['read']} read, {pages['unread']} unread. Unread is not clean. "
        f"Of {pages['to_be_looked_at']} pages people may see something else than was read: they should be looked at."
    )
    paper.multi_cell(0, _LINE, lead, new_x="LMARGIN", new_y="NEXT")
    for name, value in content.items():
        _part(paper, name, value)
    paper.ln(3)
    paper.set_font("Helvetica", "B", 10)
    paper.cell(0, _LINE, "SHA-256 of the JSON", new_x="LMARGIN", new_y="NEXT")
    paper.set_font("Courier", "", 9)
    paper.multi_cell(0, _LINE, digest, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def _part(paper: FPDF, name: str, value: object) -> None:
    paper.ln(2)
    paper.set_font("Helvetica", "B", 11)
    paper.cell(0, _LINE + 1, _plain(name.replace("_", " ").capitalize()), new_x="LMARGIN", new_y="NEXT")
    paper.set_font("Helvetica", "", 9.5)
    for line in _lines(value):
        paper.multi_cell(0, _LINE - 0.5, _plain(line), new_x="LMARGIN", new_y="NEXT")


def _lines(value: object, before: str = "") -> list[str]:
    """Nested figures as lines such as `by state, screened: 12`."""
    if isinstance(value, dict):
        found: list[str] = []
        for name, part in value.items():
            inner = f"{before}{name.replace('_', ' ')}"
            found += _lines(part, f"{inner}, ") if isinstance(part, dict) and part else [f"{inner}: {_word(part)}"]
        return found or ["none"]
    if isinstance(value, list):
        return ["; ".join(_lines(part)) for part in value] or ["none"]
    return [_word(value)]


def _word(value: object) -> str:
    if value is None or value == {}:
        return "none"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _plain(text: str) -> str:
    """The standard fonts of PDF know Western letters only."""
    return text.encode("latin-1", "replace").decode("latin-1")
