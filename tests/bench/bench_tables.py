"""Measures how much of the tables in documents is recovered, cell by cell and row by row, and what it costs.

Usage: python tests/bench/bench_tables.py [--json] [--by-pdfplumber]

Prints, for the two Japanese inspectorate lists, the share of the known summaries that come out exactly as cells
(spaces removed): of all that are known, and of those that are printed in the file at all, which pdfplumber tells
by reading the column of summaries alone, from top to bottom. For the demonstration archive, the share of the
rows of its tables that come out exactly, and of its plan rows with every field. For the reports, the processor
time a page with and without the search for tables, without the cage. `--by-pdfplumber` adds what plain
pdfplumber recovers from the lists, and how fast.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from unittest import mock

import pdfplumber

from screening.engine.caps import plan_rows
from screening.engine.headers import Column, columns_of, kind_of
from screening.engine.pipeline import described
from screening.engine.reading import Cage, Limits, pdfium
from screening.engine.reading.rulings import Finder, Rulings
from screening.engine.results import State, TableKind
from webapp.demo import archive, texts
from webapp.demo.texts import Kind, Text

SHARED = Path(os.environ.get("SALIENT_SHARED", Path(__file__).resolve().parents[3] / "shared"))
REPORTS = SHARED / "documents" / "reports"
SUMMARY_COLUMN = (492.9, 689.6)
"""From x to x in points, in both lists."""
SUMMARY_HEADER = "事案概要"
ROUNDS = 5


def bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def known_summaries() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in (SHARED / "documents" / "mhlw_truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["pdf"]].add(bare(row["summary"]))
    return found


def printed(path: Path, known: set[str]) -> set[str]:
    """The known summaries that stand in the file, whatever the rows: its column of summaries in one piece."""
    column = ""
    with pdfplumber.open(path) as document:
        for page in document.pages:
            left, right = SUMMARY_COLUMN
            text = page.crop((left, 0, right, page.height)).extract_text() or ""
            column += bare(text).replace(SUMMARY_HEADER, "\n")
            page.close()
    return {summary for summary in known if summary in column}


def lists(cage: Cage) -> list[dict[str, Any]]:
    told = []
    for name, known in sorted(known_summaries().items()):
        path = REPORTS / name
        began = time.monotonic()
        reading = cage.read(path.read_bytes())
        seconds = time.monotonic() - began
        cells = {bare(cell) for table in reading.tables for row in table.rows for cell in row.cells}
        in_file = printed(path, known)
        told.append(
            {
                "file": name,
                "known": len(known),
                "recovered": len(known & cells),
                "printed_in_the_file": len(in_file),
                "recovered_of_printed": len(in_file & cells),
                "share_of_known": round(len(known & cells) / len(known), 4),
                "share_of_printed": round(len(in_file & cells) / len(in_file), 4),
                "missing": sorted(in_file - cells),
                "cells": cells & known,
                "seconds": round(seconds, 2),
                "pages": len(reading.pages),
            }
        )
    return told


def lists_by_pdfplumber(ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = []
    recovered = {entry["file"]: entry["cells"] for entry in ours}
    for name, known in sorted(known_summaries().items()):
        began, cells, pages = time.process_time(), set(), 0
        with pdfplumber.open(REPORTS / name) as document:
            for page in document.pages:
                cells |= {bare(cell) for table in page.extract_tables() for row in table for cell in row}
                page.close()
                pages += 1
        rate = round(pages / (time.process_time() - began), 1)
        told.append(
            {
                "file": name,
                "share_of_known": round(len(known & cells) / len(known), 4),
                "recovered_by_it_alone": len(known & cells - recovered[name]),
                "pages_per_second": rate,
            }
        )
    return told


def rows_of(text: Text) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every (header, row) of a demonstration text."""
    found: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    header: tuple[str, ...] | None = None
    for block in text.blocks:
        if block.kind is not Kind.ROW:
            header = None
        elif header is None:
            header = block.cells
        else:
            found.append((header, block.cells))
    return found


def fields(header: tuple[str, ...], cells: tuple[str, ...]) -> tuple[str, ...]:
    """What a plan row is to say, by the header's own words."""
    columns = columns_of(header)
    return tuple(
        cells[columns.index(column)] if column in columns else ""
        for column in (
            Column.FINDING,
            Column.ROOT_CAUSE,
            Column.CORRECTIVE_ACTION,
            Column.PREVENTIVE_ACTION,
            Column.RESPONSIBLE,
            Column.DUE_DATE,
            Column.STATUS,
        )
    )


def demonstration(cage: Cage) -> dict[str, Any]:
    known = {text.file: text for text in texts.load_all()}
    wanted = right = plans = right_plans = extra = 0
    wrong: list[str] = []
    for item in archive.items():
        if item.state is not State.SCREENED or item.file not in known:
            continue
        reading = described(cage.read(item.data))
        got = [(table.header, row.cells) for table in reading.tables for row in table.rows]
        said = [
            (
                row.finding,
                row.root_cause,
                row.corrective_action,
                row.preventive_action,
                row.responsible,
                row.due_date.isoformat() if row.due_date else "",
                row.status,
            )
            for row in plan_rows(reading)
        ]
        truth = rows_of(known[item.file])
        wanted += len(truth)
        right += sum(row in got for row in truth)
        wrong += [item.file for row in truth if row not in got]
        extra += sum(row not in truth for row in got)
        due = [fields(*row) for row in truth if kind_of(row[0]) is TableKind.CAP]
        plans += len(due)
        right_plans += sum(row in said for row in due)
    return {
        "rows": wanted,
        "recovered": right,
        "share": round(right / wanted, 4),
        "rows_that_are_none": extra,
        "plan_rows": plans,
        "plan_rows_recovered": right_plans,
        "files_with_a_wrong_row": sorted(set(wrong)),
    }


def cost() -> dict[str, float]:
    """Milliseconds of processor time a page of the reports, with and without the search for tables."""
    files = [path.read_bytes() for path in sorted(REPORTS.glob("*.pdf"))]
    best = {"with": float("inf"), "without": float("inf")}
    pages = 0
    for _ in range(ROUNDS):
        for way in best:
            began, pages = time.process_time(), 0
            nothing = mock.patch.object(Finder, "rulings", return_value=Rulings())
            with nothing if way == "without" else contextlib.nullcontext():
                for data in files:
                    document = pdfium.open_document(data, None)
                    reader = pdfium.PageReader(document, Limits())
                    for number in range(1, len(document) + 1):
                        reader.answer(number)
                        pages += 1
                    document.close()
            best[way] = min(best[way], time.process_time() - began)
    told = {f"ms_a_page_{way}_tables": round(1000 * seconds / pages, 3) for way, seconds in best.items()}
    return told | {"pages": pages}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--by-pdfplumber", action="store_true")
    arguments = parser.parse_args()
    told: dict[str, Any] = {}
    with Cage() as cage:
        cage.warm()
        told["demonstration"] = demonstration(cage)
        if REPORTS.exists():
            told["lists"] = lists(cage)
    if REPORTS.exists():
        told["cost"] = cost()
        if arguments.by_pdfplumber:
            told["lists_by_pdfplumber"] = lists_by_pdfplumber(told["lists"])
    else:
        print(f"no documents in {REPORTS}: the lists and the cost were not measured", file=sys.stderr)
    for entry in told.get("lists", []):
        del entry["cells"]
    print(json.dumps(told, ensure_ascii=False, indent=None if arguments.json else 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
