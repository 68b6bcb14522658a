"""Writes a questionnaire as a workbook to fill in offline: a sheet a section, lists to choose from, open cells."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.definition import Questionnaire
from questionnaires.exchange import layout
from questionnaires.exchange.cells import Names
from questionnaires.exchange.layout import ANSWER, KEY, LABEL, REMARK, Answers, Line, Slot
from questionnaires.exchange.options import line
from questionnaires.exchange.sheets import Sheet, escaped

ABOUT, LISTS = "salient", "lists"
"""The names of the two hidden sheets: what the workbook is, and the words to choose from."""

VERSION = "answer:"
"""Before a question's id: how often it was answered when the workbook was made."""

_WIDEST = 60
_FILL = PatternFill("solid", fgColor="FFF8E1")
_HEAD = PatternFill("solid", fgColor="E8EEF2")


@dataclass(frozen=True, slots=True)
class Heads:
    """The words of the sheets themselves, in the language of the workbook."""

    question: str = "Question"
    answer: str = "Your answer"
    remark: str = "Remark"
    start: str = "Start here"
    how: str = (
        "Fill in the yellow cells only. Choose from the list where a cell has one. Leave empty what you do not know. "
        "Save as XLSX and send it back where you got it: it is checked cell by cell, and nothing is sent to your "
        "customer before you say so."
    )


@dataclass(frozen=True, slots=True)
class Written:
    """The workbook, and the questions whose answers no cell can hold: those are given online."""

    data: bytes
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Lists:
    """The hidden sheet of words to choose from; the same words are written once."""

    sheet: Worksheet
    known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def place_of(self, words: tuple[str, ...]) -> str:
        if words not in self.known:
            column = get_column_letter(len(self.known) + 1)
            for number, word in enumerate(words, start=1):
                _put(self.sheet[f"{column}{number}"], word)
            self.known[words] = f"{LISTS}!${column}$1:${column}${len(words)}"
        return self.known[words]


def write(
    questionnaire: Questionnaire,
    answers: Answers,
    *,
    digest: str,
    language: str = "en",
    names: Names | None = None,
    versions: Mapping[str, int] | None = None,
    heads: Heads = Heads(),
) -> Written:
    """The workbook for these answers, in one of the questionnaire's languages. `names` are of sites and persons.

    `versions` says how often each was answered, so that what was answered elsewhere meanwhile is noticed.
    """
    names = names or {}
    questions = questionnaire.questions
    left_out = tuple(
        id_ for id_, given in answers.items() if id_ in questions and not layout.fits(questions[id_], given)
    )
    kept = {id_: given for id_, given in answers.items() if id_ not in left_out}
    book = Workbook()
    _start(book, questionnaire, language, heads)
    lists = _Lists(book.create_sheet(LISTS))
    for number, section in enumerate(questionnaire.sections, start=1):
        sheet = book.create_sheet(sheet_name(number, line(section.title, language)))
        found = [each for each in layout.lines(section, kept, language, names) if _base(each.key) not in left_out]
        _section(sheet, line(section.title, language), found, heads, lists)
    counted = {f"{VERSION}{id_}": str(number) for id_, number in (versions or {}).items()}
    facts = {"questionnaire": questionnaire.id, "version": questionnaire.version, "digest": digest}
    _about(book, {**facts, "language": language, **counted})
    book.move_sheet(LISTS, len(book.sheetnames))
    lists.sheet.sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    return Written(packed.getvalue(), left_out)


def pack(sheets: Sequence[Sheet], *, hidden: Collection[str] = ()) -> bytes:
    """Plain rows as a workbook: every cell a text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for each in sheets:
        sheet = book.create_sheet(each.name)
        for (row, column), cell in each.cells.items():
            _put(sheet.cell(row + 1, column + 1), cell.text)
        if each.name in hidden:
            sheet.sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def sheet_name(number: int, title: str) -> str:
    """A name that spreadsheets allow: at most 31 characters, none of them special."""
    plain = re.sub(r"[^\w \-.,]", " ", title)
    return f"{number} {plain}"[:31].strip()


def _base(key: str) -> str:
    return re.split(r"[~:\[]", key, maxsplit=1)[0]


def _start(book: Workbook, questionnaire: Questionnaire, language: str, heads: Heads) -> None:
    sheet = book.worksheets[0]
    sheet.title = sheet_name(0, heads.start).removeprefix("0 ")
    _put(sheet["A1"], line(questionnaire.title, language)).font = Font(bold=True, size=16)
    _put(sheet["A3"], heads.how).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 100
    sheet.row_dimensions[3].height = 80
    sheet.protection.sheet = True


def _about(book: Workbook, facts: Mapping[str, str]) -> None:
    sheet = book.create_sheet(ABOUT)
    sheet.sheet_state = "hidden"
    for number, (name, value) in enumerate(facts.items(), start=1):
        _put(sheet[f"A{number}"], name)
        _put(sheet[f"B{number}"], value)


def _section(sheet: Worksheet, title: str, found: list[Line], heads: Heads, lists: _Lists) -> None:
    _put(sheet.cell(1, LABEL + 1), title).font = Font(bold=True, size=14)
    for column, text in ((LABEL, heads.question), (ANSWER, heads.answer), (REMARK, heads.remark)):
        head = _put(sheet.cell(2, column + 1), text)
        head.font, head.fill = Font(bold=True), _HEAD
    checks: dict[tuple[str, ...], DataValidation] = {}
    for number, each in enumerate(found, start=3):
        _put(sheet.cell(number, KEY + 1), each.key)
        label = _put(sheet.cell(number, LABEL + 1), each.label if not each.hint else f"{each.label}\n{each.hint}")
        label.alignment = Alignment(wrap_text=True, vertical="top")
        for column, slot in enumerate(each.slots, start=ANSWER + 1):
            _fill_in(sheet.cell(number, column), slot, each, checks, lists)
        if each.remark is not None:
            _open(_put(sheet.cell(number, REMARK + 1), each.remark))
    for check in checks.values():
        sheet.add_data_validation(check)
    for column, width in ((LABEL, _WIDEST), (ANSWER, 34), (REMARK, 34)):
        sheet.column_dimensions[get_column_letter(column + 1)].width = width
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "C3"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _fill_in(
    cell: XlsxCell, slot: Slot, each: Line, checks: dict[tuple[str, ...], DataValidation], lists: _Lists
) -> None:
    _put(cell, slot.text)
    if each.heading:
        cell.font, cell.fill = Font(bold=True), _HEAD
        return
    _open(cell)
    if slot.options:
        check = checks.get(slot.options)
        if check is None:
            place = lists.place_of(slot.options)
            check = checks[slot.options] = DataValidation(type="list", formula1=place, allow_blank=True)
        check.add(cell)
    if slot.dated:
        cell.number_format = "yyyy-mm-dd"


def _open(cell: XlsxCell) -> None:
    """The cell may be filled in; all others are locked."""
    cell.fill, cell.protection = _FILL, Protection(locked=False)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _put(cell: XlsxCell, text: str) -> XlsxCell:
    """Write a text as a text: one that begins with `=` must not become a formula."""
    if text:
        cell.value = escaped(text)
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"
    return cell
