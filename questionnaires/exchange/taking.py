"""Takes the answers out of a filled-in workbook, and says of each cell that it could not take where it is and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from models.errors import Invalid
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.exchange.cells import Names, from_cell
from questionnaires.exchange.layout import ANSWER, KEY, REMARK, Given
from questionnaires.exchange.options import CONSENT, meant
from questionnaires.exchange.sheets import MOST_CELLS, Cell, Sheet, address, unescaped
from questionnaires.exchange.workbook import ABOUT, LISTS, VERSION
from questionnaires.values import LONGEST, Json, checked, typed_number

_KEY = re.compile(r"(?P<id>[a-z][a-z0-9_]*)(?:~(?P<more>\d+)|:(?P<part>.+)|\[(?P<row>\d*)\])?")


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """A cell that could not be taken. `why` is a sentence for people; what stood there is kept in `text`."""

    sheet: str
    cell: str
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came out of a workbook. Nothing is saved by it: the supplier looks at it first."""

    answers: dict[str, Given]
    refused: tuple[Refused, ...]
    aside: tuple[Refused, ...]
    """Answers to questions that this version does not have: said, and kept as they were written."""
    language: str
    other_version: bool
    """The workbook was made for another version of the questionnaire."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """How often each question was answered when the workbook was made."""


@dataclass(slots=True)
class _Lines:
    """What was found for one question, line by line, with its place."""

    main: tuple[str, int] | None = None
    more: dict[int, tuple[str, int]] = field(default_factory=dict)
    parts: dict[str, tuple[str, int]] = field(default_factory=dict)
    rows: dict[int, tuple[str, int]] = field(default_factory=dict)


def take(sheets: Sequence[Sheet], questionnaire: Questionnaire, *, digest: str, names: Names | None = None) -> Taken:
    """Every answer of the workbook that can be taken. Raises Invalid where it is no workbook of ours.

    An empty cell says nothing: it takes no answer back.
    """
    if sum(len(sheet.cells) for sheet in sheets) > MOST_CELLS:
        raise Invalid("This workbook is far larger than the questionnaire: send the one that you downloaded here.")
    about = _about(sheets)
    if about.get("questionnaire") != questionnaire.id:
        raise Invalid("This workbook was made for another questionnaire: download the right one and fill it in.")
    reader = _Taker(questionnaire, about.get("language", "en"), names or {})
    for sheet in sheets:
        if sheet.name not in (ABOUT, LISTS):
            reader.read(sheet)
    reader.finish()
    versions = {
        name.removeprefix(VERSION): int(text)
        for name, text in about.items()
        if name.startswith(VERSION) and text.isascii() and text.isdigit() and len(text) < 10
    }
    return Taken(
        answers=reader.answers,
        refused=tuple(reader.refused),
        aside=tuple(reader.aside),
        language=reader.language,
        other_version=about.get("digest") != digest,
        versions=versions,
    )


def _about(sheets: Sequence[Sheet]) -> Mapping[str, str]:
    for sheet in sheets:
        if sheet.name == ABOUT:
            return {sheet.text(row, 0): sheet.text(row, 1) for row in sheet.rows()}
    raise Invalid("This is not a workbook that was downloaded here: download the questionnaire and fill that one in.")


class _Taker:
    """Goes through the sheets and collects answers, refusals and what belongs to no question."""

    def __init__(self, questionnaire: Questionnaire, language: str, names: Names) -> None:
        self._questions, self._names = questionnaire.questions, names
        self.language = language
        self.answers: dict[str, Given] = {}
        self.refused: list[Refused] = []
        self.aside: list[Refused] = []
        self._found: dict[str, _Lines] = {}
        self._sheets: dict[str, Sheet] = {}

    def read(self, sheet: Sheet) -> None:
        """Sort the sheet's lines by the question that their keys name."""
        self._sheets[sheet.name] = sheet
        for row in sheet.rows():
            key = _KEY.fullmatch(sheet.text(row, KEY))
            if key is None:
                continue
            lines = self._found.setdefault(key["id"], _Lines())
            place = (sheet.name, row)
            if key["more"]:
                lines.more[int(key["more"][:6])] = place
            elif key["part"]:
                lines.parts[key["part"]] = place
            elif key["row"]:
                lines.rows[int(key["row"][:6])] = place
            elif key["row"] is None:
                lines.main = place

    def finish(self) -> None:
        for id_, lines in self._found.items():
            question = self._questions.get(id_)
            if question is None or question.kind in (Kind.COMPUTED, Kind.FILE):
                self._put_aside(lines)
                continue
            value, reason = self._value(question, lines), self._remark(lines)
            if value is not None or reason:
                self.answers[id_] = Given(value, reason)

    def _put_aside(self, lines: _Lines) -> None:
        """What was written for a question that is not asked any more."""
        why = str(Invalid("This question is no longer asked: what you wrote is kept here for you, and not sent."))
        for name, row in _places(lines):
            for column, cell in sorted(self._sheets[name].row(row).items()):
                if column >= ANSWER and cell.text.strip():
                    self.aside.append(Refused(name, address(row, column), why, unescaped(cell.text)))

    def _value(self, question: Question, lines: _Lines) -> Json:
        match question.kind:
            case Kind.TABLE:
                return self._table(question, lines)
            case Kind.SEVERAL | Kind.RANKING | Kind.MATRIX | Kind.MONEY:
                return self._in_parts(question, lines)
        if lines.main is None:
            return None
        texts = [self._cell(place) for place in (lines.main, *(lines.more[n] for n in sorted(lines.more)))]
        whole = "".join(text for text in texts if text is not None)
        return self._taken(lines.main, lambda: from_cell(question, whole, self.language, self._names), whole)

    def _in_parts(self, question: Question, lines: _Lines) -> Json:
        given = {part: text for part, place in lines.parts.items() if (text := (self._cell(place) or "").strip())}
        if not given or (question.kind is Kind.MONEY and not given.get("amount")):
            return None
        places = [lines.parts[part] for part in given]
        return self._taken(
            places[0], lambda: checked(question, self._joined(question, given)), "; ".join(given.values())
        )

    def _joined(self, question: Question, given: Mapping[str, str]) -> Json:
        if question.kind is Kind.MONEY:
            return {**given, "amount": typed_number(given["amount"])}
        if question.kind is Kind.MATRIX:
            chosen = {row: meant(question.choices, text, self.language) for row, text in given.items()}
            if None in chosen.values():
                raise Invalid("This is none of the answers: choose one from the list in the cell.", field=question.id)
            return chosen
        if question.kind is Kind.RANKING:
            return [id_ for id_, _ in sorted(given.items(), key=lambda pair: _place(pair[1]))]
        return [id_ for id_, text in given.items() if _is_yes(text, self.language)]

    def _table(self, question: Question, lines: _Lines) -> Json:
        rows = []
        for number in sorted(lines.rows):
            place = lines.rows[number]
            cells = {
                part.id: self._table_cell(part, place, column)
                for column, part in enumerate(question.columns, start=ANSWER)
            }
            rows.append({id_: cell for id_, cell in cells.items() if cell is not None})
        if not any(rows):
            return None
        return self._taken(next(iter(lines.rows.values())), lambda: checked(question, rows), "")

    def _table_cell(self, part: Question, place: tuple[str, int], column: int) -> Json:
        text = self._cell(place, column) or ""
        return self._taken(place, lambda: from_cell(part, text, self.language, self._names), text, column)

    def _remark(self, lines: _Lines) -> str:
        if lines.main is None:
            return ""
        text = (self._cell(lines.main, REMARK) or "").strip()
        if len(text) > LONGEST:
            fault = Invalid("This is too long: shorten it, or send it as a document.")
            self._refuse(lines.main, REMARK, str(fault), text)
            return ""
        return text

    def _cell(self, place: tuple[str, int], column: int = ANSWER) -> str | None:
        """The words of a cell; None for an empty one, and for a formula, which is refused."""
        name, row = place
        cell: Cell | None = self._sheets[name].cells.get((row, column))
        if cell is None:
            return None
        if cell.formula:
            fault = Invalid("This cell holds a formula: write its result in its place, as a number or a text.")
            self._refuse(place, column, str(fault), cell.text)
            return None
        return unescaped(cell.text)

    def _taken(self, place: tuple[str, int], make: Callable[[], Json], text: str, column: int = ANSWER) -> Json:
        try:
            return make()
        except Invalid as fault:
            self._refuse(place, column, str(fault), text)
            return None

    def _refuse(self, place: tuple[str, int], column: int, why: str, text: str) -> None:
        self.refused.append(Refused(place[0], address(place[1], column), why, text))


def _places(lines: _Lines) -> Iterator[tuple[str, int]]:
    if lines.main is not None:
        yield lines.main
    for found in (lines.more, lines.parts, lines.rows):
        yield from found.values()


def _place(text: str) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        raise Invalid("Give each place as a whole number: 1 for the most important.") from None


def _is_yes(text: str, language: str) -> bool:
    """Whether a choice was ticked: by a word for yes in any language, or by a cross."""
    if text.casefold() in ("x", "✓", "✔", "1", "true"):
        return True
    if meant(CONSENT, text, language) == "yes":
        return True
    raise Invalid("Leave this cell empty, or choose the word that the list in it offers.")
