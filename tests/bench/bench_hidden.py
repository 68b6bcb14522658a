"""Counts the files that raise the warning of text that is not seen: masking ones, ordinary ones and real reports.

Usage: python -m tests.bench.bench_hidden FOLDER [--csv hostile.csv] [--list]

FOLDER holds the unpacked archives. Masking are those files whose origin says so; ordinary are those that three
readers of PDFs keep as examples of tables and text.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

from screening.engine.reading import Cage
from tests.bench.hostile import shared

MASKING = "content-masking"
ORDINARY = ("jsvine/pdfplumber", "tabulapdf/tabula-java", "pymupdf/PyMuPDF")


def files(folder: Path, table: Path) -> Iterator[tuple[str, Path]]:
    """Each file with the kind that it is counted as."""
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            path = folder / row["archive"] / row["file"]
            if path.is_file() and row["expected"] == "text":
                if MASKING in row["path"]:
                    yield "masking", path
                elif row["source_repo"] in ORDINARY:
                    yield "ordinary", path
    for path in sorted((table.parent / "reports").glob("*.pdf")):
        yield "reports", path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--csv", type=Path, default=shared() / "documents" / "hostile.csv")
    parser.add_argument("--list", action="store_true", help="name what raised no warning, or one without a cause")
    arguments = parser.parse_args()
    counts: dict[str, list[bool]] = {}
    with Cage() as cage:
        for kind, path in files(arguments.folder, arguments.csv):
            warned = any(page.hidden_text for page in cage.read(path.read_bytes()).pages)
            counts.setdefault(kind, []).append(warned)
            if arguments.list and warned != (kind == "masking"):
                print(f"  {kind} {'warned' if warned else 'not warned'}: {path.name}")
    for kind, told in counts.items():
        print(f"{kind:10} {sum(told)} of {len(told)} files raise a warning")


if __name__ == "__main__":
    main()
