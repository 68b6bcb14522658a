"""A plan as a workbook: one line for each field, to be filled in without a connection and brought back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.worksheet import Worksheet

from models import cells
from models.errors import Invalid
from models.plan_terms import HEAD, LINES, MOST_LINES, Terms, cleaned, numbers
from models.plans import Plan
from webapp.plan_words import field_word
from webapp.words import name as word_name

EDITION = "edition"
"""The key of the line that says on which version of the plan the workbook was written."""

_FILL = PatternFill("solid", start_color="FFF4F6F8")


def written(plan: Plan, terms: Terms) -> bytes:
    """The workbook. The first column holds the keys by which the lines are known again; text is never a formula."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("A new workbook has a sheet.")
    sheet.title = "plan"
    sheet.append([cells.safe(cell) for cell in ("key", _("What"), _("Your text"), _("What may stand there"))])
    for line in _lines(plan, terms):
        sheet.append([cells.safe(cell) for cell in line])
    _dress(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(rows: Iterable[Sequence[str]]) -> tuple[dict[str, str], int]:
    """The terms and the number of the version on which they were written, from the rows of the sheet.

    Raises Invalid for a sheet that is no plan of ours, or names the field that cannot be taken.
    """
    found: dict[str, str] = {}
    for row in rows:
        key = row[0].strip() if row else ""
        if key and key != "key":
            found[key] = row[2].replace(cells.GUARD, "").strip() if len(row) > 2 else ""
    edition = found.pop(EDITION, "")
    if not (edition.isascii() and edition.isdigit() and len(edition) < 9):
        raise Invalid("This is not the workbook of a plan: fill in the one that you download here.", field="file")
    known = {key: text for key, text in found.items() if not key.startswith("about.")}
    return cleaned(known), int(edition)


def _lines(plan: Plan, terms: Terms) -> Iterator[tuple[str, str, str, str]]:
    yield (EDITION, _("Version (leave as it is)"), str(plan.edition), "")
    for number, finding in enumerate(plan.findings, start=1):
        yield (f"about.{number}", _("What was found"), finding.quote, _("for reading"))
    for field in HEAD:
        yield (field.name, field_word(field.name), terms.get(field.name, ""), _allowed(field.words))
    for kind, fields in LINES.items():
        known = numbers(terms, kind)
        free = range(max(known, default=0) + 1, max(known, default=0) + 4)
        for number in [*known, *free][:MOST_LINES]:
            for field in fields:
                key = f"{kind}.{number}.{field.name}"
                yield (key, field_word(key), terms.get(key, ""), _allowed(field.words))


def _allowed(words: object) -> str:
    if not isinstance(words, type):
        return ""
    return ", ".join(f"{word.value} ({word_name(word)})" for word in words)  # type: ignore[attr-defined]


def _dress(sheet: Worksheet) -> None:
    for column, width in (("A", 6), ("B", 38), ("C", 70), ("D", 50)):
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "A2"
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.column != 3 or cell.row == 1:
                cell.fill = _FILL
            else:
                cell.protection = Protection(locked=False)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
