"""`salient screen` says which files are copies of others, and what each says about itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fpdf import FPDF

from screening import bulk
from tests.screening import fakes


def paper(*lines: str) -> bytes:
    sheet = FPDF()
    sheet.add_page()
    sheet.set_font("helvetica", size=11)
    for line in lines:
        sheet.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(sheet.output())


def body(seed: int) -> list[str]:
    words = [f"line{(place * seed) % 997}" for place in range(300)]
    return [" ".join(words[start : start + 12]) for start in range(0, 300, 12)]


def test_copies_are_told_by_bytes_and_by_text_and_nothing_is_dropped(tmp_path: Path) -> None:
    place = tmp_path / "archive"
    place.mkdir()
    audit = paper("Social audit report", "Supplier: Aster Ltd.", "Audit date: 3 May 2026", *body(7))
    (place / "a.pdf").write_bytes(audit)
    (place / "b same bytes.pdf").write_bytes(audit)
    (place / "c same text.pdf").write_bytes(
        paper("Social audit report", "Supplier: Aster Limited", "Audit date: 3 May 2026", *body(7))
    )
    (place / "d other.pdf").write_bytes(paper("Social audit report", *body(11)))
    options = bulk.Options(out=tmp_path / "out", jobs=2, formats=("jsonl",), make_screener=fakes.words)
    bulk.screen([place], options)
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (tmp_path / "out" / "documents.jsonl").read_text().splitlines()
    ]
    first = rows[0]["file"]
    assert [row["same_as"] for row in rows] == [None, first, first, None]
    assert "sketch" not in rows[0]
    facts = {fact["name"]: (fact["value"], fact["page"]) for fact in rows[0]["facts"]}
    assert facts["document_type"] == ("audit", 1)
    assert facts["supplier"] == ("Aster Ltd.", 1)
    assert facts["audit_start"] == ("2026-05-03", 1)
