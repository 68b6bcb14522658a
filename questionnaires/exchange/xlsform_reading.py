"""Takes a questionnaire out of the sheets of an XLSForm, and says of every row what of it could not be taken over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.errors import Invalid
from questionnaires.definition import YES_NO, Choice, Kind, Question, Questionnaire, Section, Words
from questionnaires.exchange.sheets import Cell, Sheet
from questionnaires.exchange.xlsform import KEPT, YES_NO_LIST, Row, export
from questionnaires.exchange.xlsform_rows import Group, RowNote, Tables, lists_of, name_of, rows_of, spoken, words_of
from questionnaires.exchange.xpath import CannotSay, Known, to_ours
from questionnaires.loading import CannotLoad, loads

_KINDS = {
    "text": Kind.TEXT, "string": Kind.TEXT, "integer": Kind.NUMBER, "int": Kind.NUMBER, "decimal": Kind.NUMBER,
    "range": Kind.NUMBER, "date": Kind.DATE, "acknowledge": Kind.CONSENT, "trigger": Kind.CONSENT, "file": Kind.FILE,
    "image": Kind.FILE, "photo": Kind.FILE, "audio": Kind.FILE, "video": Kind.FILE, "calculate": Kind.COMPUTED,
    "select_one": Kind.SINGLE, "select_multiple": Kind.SEVERAL, "rank": Kind.RANKING,
}  # fmt: skip
_BEGIN, _END = re.compile(r"begin[ _](group|repeat)"), re.compile(r"end[ _](group|repeat)")
_KNOWN_COLUMNS = frozenset(
    {"type", "name", "label", "hint", "relevant", "required", "constraint", "constraint_message", "calculation"}
)
_TRUE = ("yes", "true", "true()", "1")
CHECK_AGAIN = "Please check this answer."
"""What people read where the form refuses an answer and does not say why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The questionnaire, and everything that it lost on the way. `checking.check` must still prove it."""

    questionnaire: Questionnaire
    notes: tuple[RowNote, ...]


def take(sheets: Sequence[Sheet]) -> Taken:
    """Read the form. Raises Invalid where it has no questions at all."""
    tables = {sheet.name.strip().lower(): rows_of(sheet) for sheet in sheets}
    if not tables.get("survey"):
        raise Invalid("This is not an XLSForm: it has no sheet `survey` with questions.")
    made, notes = _derived(tables)
    kept = _kept(next((sheet for sheet in sheets if sheet.name == KEPT), None))
    return Taken(made, notes) if kept is None else _restored(made, notes, kept)


def _derived(tables: Tables) -> tuple[Questionnaire, tuple[RowNote, ...]]:
    reader = _Reader(tables)
    made = reader.questionnaire()
    return made, tuple(reader.notes)


def _restored(made: Questionnaire, notes: tuple[RowNote, ...], kept: Questionnaire) -> Taken:
    """Our own form of whatever still reads as it was written; the sheets' form of what somebody changed."""
    written, _ = _derived({sheet.name: rows_of(sheet) for sheet in export(kept).sheets()})
    if made == written:
        return Taken(kept, ())
    ours = {section.id: section for section in kept.sections}
    before = {section.id: section for section in written.sections}
    sections = []
    for section in made.sections:
        questions = tuple(
            kept.questions[each.id] if written.questions.get(each.id) == each else each for each in section.questions
        )
        bare = replace(section, questions=())
        if section.id in ours and replace(before[section.id], questions=()) == bare:
            bare = ours[section.id]
        sections.append(replace(bare, questions=questions))
    return Taken(replace(made, sections=tuple(sections)), notes)


def _kept(sheet: Sheet | None) -> Questionnaire | None:
    """Our own form of the questionnaire, where the sheet still holds it whole."""
    if sheet is None:
        return None
    files = {sheet.text(row, 0): _joined(sheet.row(row)) for row in sheet.rows()}
    try:
        return loads(files.pop("en", ""), files)
    except CannotLoad:
        return None


def _joined(cells: Mapping[int, Cell]) -> str:
    return "".join(cells[column].text for column in sorted(cells) if column > 0)


class _Reader:
    """Goes through the survey row by row. Names are known before rules are read: a rule may look ahead."""

    def __init__(self, tables: Tables) -> None:
        self.notes: list[RowNote] = []
        self._survey = tables["survey"]
        self._settings = (tables.get("settings") or [(2, {})])[0][1]
        self.languages = spoken([row for name in ("survey", "choices") for _, row in tables.get(name, [])])
        self._choices = lists_of(tables.get("choices", []), self.languages)
        self._known = self._names()
        self._sections: list[Section] = []
        self._loose: list[Question] = []
        self._open: list[Group] = []

    def questionnaire(self) -> Questionnaire:
        for number, row in self._survey:
            self._row(number, row)
        self._flush()
        return Questionnaire(
            id=name_of(self._settings.get("form_id", "") or self._settings.get("form_title", "form")),
            version=self._settings.get("version", "1"),
            title={"en": self._settings.get("form_title", "A form")},
            languages=self.languages,
            sections=tuple(section for section in self._sections if section.questions),
        )

    def _row(self, number: int, row: Row) -> None:
        kind = row.get("type", "").strip()
        begun = _BEGIN.fullmatch(kind)
        if begun is not None:
            self._begin(begun[1], number, row)
        elif _END.fullmatch(kind):
            self._end()
        else:
            question = self._question(number, row, kind)
            if question is not None:
                self._put(question)

    def _begin(self, kind: str, number: int, row: Row) -> None:
        if kind == "group" and not self._open:
            self._flush()
        rule = self._rule(number, row, "relevant", None)
        outer = self._open[-1].rules if len(self._open) > 0 and self._open[-1] is not self._open[0] else ()
        rules = (*outer, *([rule] if rule else []))
        self._open.append(Group(kind, self._our(row.get("name", "")), row, number, rules))

    def _end(self) -> None:
        if not self._open:
            return
        done = self._open.pop()
        if done.kind == "repeat" or _is_matrix(done):
            self._put(self._folded(done))
        elif not self._open:
            section_id = done.name.removeprefix("section_") or f"s{len(self._sections) + 1}"
            self._sections.append(
                Section(
                    section_id,
                    self._words(done.row, "label") or {"en": section_id},
                    tuple(done.questions),
                    intro=done.intro,
                    relevant=done.rules[0] if done.rules else None,
                )
            )
        else:
            for question in done.questions:
                self._put(question)

    def _folded(self, done: Group) -> Question:
        """A repeated group is a table; a list of choices on rows is a matrix."""
        label = self._words(done.row, "label") or {"en": done.name}
        relevant = done.rules[-1] if done.rules else None
        prefix = f"{done.name}__"
        parts = [replace(each, id=each.id.removeprefix(prefix)) for each in done.questions]
        if done.kind == "repeat":
            for each in parts:
                if each.relevant or each.required_if or each.constraint:
                    self._note(done.number, done.name, f"the rule of the column {each.id}")
            plain = [
                replace(each, relevant=None, required_if=None, constraint=None, message={}) for each in parts
                if each.kind not in (Kind.TABLE, Kind.MATRIX, Kind.FILE, Kind.COMPUTED)
            ]  # fmt: skip
            return Question(done.name, Kind.TABLE, label, columns=tuple(plain), relevant=relevant)
        rows = tuple(Choice(each.id, each.label) for each in parts)
        return Question(done.name, Kind.MATRIX, label, rows=rows, choices=parts[0].choices, relevant=relevant)

    def _put(self, question: Question) -> None:
        if self._open and self._open[-1].questions and question.id == f"{self._open[-1].questions[-1].id}__currency":
            before = self._open[-1].questions[-1]
            self._open[-1].questions[-1] = replace(before, kind=Kind.MONEY)
            return
        (self._open[-1].questions if self._open else self._loose).append(question)

    def _flush(self) -> None:
        """Questions outside any group make a section of their own."""
        if self._loose:
            number = len(self._sections) + 1
            self._sections.append(Section(f"s{number}", {"en": f"Part {number}"}, tuple(self._loose)))
            self._loose = []

    def _question(self, number: int, row: Row, kind: str) -> Question | None:
        word, _, list_ = kind.partition(" ")
        name = row.get("name", "")
        if word == "note" and name.endswith("__intro") and self._open:
            self._open[-1].intro = self._words(row, "label")
            return None
        if word not in _KINDS or not name:
            self._note(number, name, f"a row of the type {kind!r}")
            return None
        for column in row:
            if column.partition("::")[0] not in _KNOWN_COLUMNS:
                self._note(number, name, f"the column {column!r}")
        id_ = self._our(name)
        choices = self._choices.get(list_.strip(), ())
        made = Question(
            id=id_, kind=_KINDS[word], label=self._words(row, "label") or {"en": name}, help=self._words(row, "hint"),
            required=row.get("required", "").lower() in _TRUE, choices=choices,
            relevant=self._with_outer(self._rule(number, row, "relevant", None)),
            constraint=self._rule(number, row, "constraint", id_), message=self._words(row, "constraint_message"),
            value=self._rule(number, row, "calculation", None) if word == "calculate" else None,
        )  # fmt: skip
        if made.constraint and not made.message:
            made = replace(made, message={"en": CHECK_AGAIN})
        if row.get("required", "").lower() not in (*_TRUE, "", "no", "false", "false()"):
            made = replace(made, required_if=self._rule(number, row, "required", None))
        return self._settled(number, made, list_.strip(), choices)

    def _settled(self, number: int, made: Question, list_: str, choices: tuple[Choice, ...]) -> Question | None:
        if made.kind is Kind.COMPUTED:
            if made.value is None:
                return None
            return replace(made, required=False, required_if=None)
        if made.kind.has_choices and not choices:
            self._note(number, made.id, f"its list of choices {list_!r}, which is not there")
            return replace(made, kind=Kind.TEXT, choices=())
        if made.kind is Kind.SINGLE and (list_ == YES_NO_LIST or [each.id for each in choices] == list(YES_NO)):
            return replace(made, kind=Kind.YES_NO, choices=())
        return made

    def _with_outer(self, rule: str | None) -> str | None:
        """A question in a group within a group is asked when both rules hold."""
        inner = self._open[-1].rules if len(self._open) > 1 and not _folds(self._open[-1]) else ()
        parts = [*inner, *([rule] if rule else [])]
        return " and ".join(parts) if parts else None

    def _rule(self, number: int, row: Row, column: str, own: str | None) -> str | None:
        text = row.get(column, "")
        if not text or (column == "required" and text.lower() in _TRUE):
            return None
        try:
            return to_ours(text, self._known, own)
        except CannotSay as why:
            self._note(number, row.get("name", ""), f"its {column}: {why}")
            return None

    def _note(self, number: int, name: str, what: str) -> None:
        self.notes.append(RowNote("survey", number, name, what))

    def _names(self) -> dict[str, Known]:
        """Every name of the form with ours: inside a repeat it is a column."""
        found: dict[str, Known] = {}
        taken: set[str] = set()
        table = ""
        for number, row in self._survey:
            kind, name = row.get("type", ""), row.get("name", "")
            if kind in ("begin repeat", "begin_repeat"):
                table = name
            elif kind in ("end repeat", "end_repeat"):
                table = ""
            if not name:
                continue
            ours = name_of(name)
            while ours in taken:
                ours += "_x"
            taken.add(ours)
            if ours != name:
                self._note(number, name, f"its name: here it is called {ours!r}")
            within = f"{name_of(table)}.{ours.removeprefix(f'{name_of(table)}__')}" if table and name != table else ours
            found[name] = Known(within, _KINDS.get(kind.partition(" ")[0], Kind.TEXT))
        return found

    def _our(self, name: str) -> str:
        known = self._known.get(name)
        return name_of(name) if known is None or "." in known.name else known.name

    def _words(self, row: Row, column: str) -> Words:
        return words_of(row, column, self.languages)


def _folds(group: Group) -> bool:
    return group.kind == "repeat" or group.row.get("appearance", "") == "table-list"


def _is_matrix(done: Group) -> bool:
    return (
        done.row.get("appearance", "") == "table-list"
        and bool(done.questions)
        and all(each.kind is Kind.SINGLE and each.choices == done.questions[0].choices for each in done.questions)
    )
