"""Writes a questionnaire as XLSForm, the sheets that many field tools read, with our own form of it beside.

A hidden sheet keeps the questionnaire whole: what XLSForm has no column for, such as references or what an answer
admits, comes back with every line that nobody changed in the meantime.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError

from questionnaires.definition import Kind, Question, Questionnaire, Section, Words
from questionnaires.exchange import writing
from questionnaires.exchange.options import ANSWERS
from questionnaires.exchange.sheets import Cell, Sheet, pieces
from questionnaires.exchange.xpath import CannotSay, to_theirs

KEPT = "salient"
"""The sheet with our own form. Programs that read XLSForm leave sheets alone that they do not know."""

YES_NO_LIST = "yes_no_partly_not_applicable"

TYPES: Mapping[Kind, str] = {
    Kind.NUMBER: "decimal",
    Kind.MONEY: "decimal",
    Kind.PERCENTAGE: "decimal",
    Kind.DATE: "date",
    Kind.TEXT: "text",
    Kind.FILE: "file",
    Kind.REFERENCE: "text",
    Kind.CONSENT: "acknowledge",
    Kind.COMPUTED: "calculate",
}

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class NotSaid:
    """A part of a question that XLSForm has no words for; our own sheet keeps it."""

    question: str
    field: str
    why: str


@dataclass(slots=True)
class Exported:
    """The sheets of the form, and what they cannot say."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: list[Row] = field(default_factory=list)
    not_said: list[NotSaid] = field(default_factory=list)
    kept: list[list[str]] = field(default_factory=list)

    def sheets(self) -> list[Sheet]:
        named = (("survey", self.survey), ("choices", self.choices), ("settings", self.settings))
        cells = {(row, column): Cell(text) for row, texts in enumerate(self.kept) for column, text in enumerate(texts)}
        return [*(_sheet(name, rows) for name, rows in named), Sheet(KEPT, cells)]


def export(questionnaire: Questionnaire) -> Exported:
    """The form. Raises nothing: what cannot be said is left out and listed."""
    made = Exported()
    writer = _Writer(questionnaire, made)
    for section in questionnaire.sections:
        writer.section(section)
    form = {"form_title": questionnaire.title["en"], "form_id": questionnaire.id, "version": questionnaire.version}
    made.settings.append({**form, "default_language": heading("en")} if len(questionnaire.languages) > 1 else form)
    made.kept.extend(_kept(questionnaire))
    return made


def heading(language: str) -> str:
    """A language as XLSForm names it: `Nederlands (nl)`."""
    try:
        own = Locale.parse(language).get_display_name("en") or language
    except (UnknownLocaleError, ValueError):
        own = language
    return f"{own} ({language})"


def _kept(questionnaire: Questionnaire) -> Iterator[list[str]]:
    files = {"en": writing.as_json(questionnaire), **writing.translations(questionnaire)}
    for name, text in files.items():
        yield [name, *pieces(text)]


def _sheet(name: str, rows: list[Row]) -> Sheet:
    heads = list(dict.fromkeys(head for row in rows for head in row))
    cells = {(0, column): Cell(head) for column, head in enumerate(heads)}
    for number, row in enumerate(rows, start=1):
        cells |= {(number, heads.index(head)): Cell(text) for head, text in row.items() if text}
    return Sheet(name, cells)


class _Writer:
    """Writes section by section; each list of choices once."""

    def __init__(self, questionnaire: Questionnaire, made: Exported) -> None:
        self._questions, self._languages, self._made = questionnaire.questions, questionnaire.languages, made
        self._lists: set[str] = set()

    def section(self, section: Section) -> None:
        rule = self._rule(section.id, "relevant", section.relevant)
        self._add(
            {
                "type": "begin group",
                "name": f"section_{section.id}",
                **self._words("label", section.title),
                "relevant": rule,
            }
        )
        if section.intro:
            self._add({"type": "note", "name": f"section_{section.id}__intro", **self._words("label", section.intro)})
        for question in section.questions:
            self._question(question)
        self._add({"type": "end group"})

    def _question(self, question: Question) -> None:
        if question.kind is Kind.TABLE:
            self._add({**self._common(question), "type": "begin repeat", "name": question.id})
            for column in question.columns:
                self._plain(column, f"{question.id}__{column.id}")
            self._add({"type": "end repeat"})
        elif question.kind is Kind.MATRIX:
            self._add(
                {**self._common(question), "type": "begin group", "name": question.id, "appearance": "table-list"}
            )
            list_ = self._list(question, question.id)
            for row in question.rows:
                name = f"{question.id}__{row.id}"
                self._add({"type": f"select_one {list_}", "name": name, **self._words("label", row.label)})
            self._add({"type": "end group"})
        else:
            self._plain(question, question.id)

    def _plain(self, question: Question, name: str) -> None:
        row = {"type": self._type(question, name), "name": name, **self._common(question)}
        if question.kind is not Kind.COMPUTED:
            row["required"] = (
                "yes" if question.required else self._rule(question.id, "required_if", question.required_if)
            )
        if question.value:
            row["calculation"] = self._rule(question.id, "value", question.value)
        self._add({**row, **self._constraint(question)})
        if question.kind is Kind.MONEY:
            self._add({"type": "text", "name": f"{name}__currency", **self._words("label", {"en": "Currency"})})

    def _common(self, question: Question) -> Row:
        hint = question.help or question.why
        return {
            **self._words("label", question.label),
            **(self._words("hint", hint) if hint else {}),
            "relevant": self._rule(question.id, "relevant", question.relevant),
        }

    def _type(self, question: Question, name: str) -> str:
        if question.kind is Kind.YES_NO:
            return f"select_one {self._list(question, name)}"
        many = {Kind.SINGLE: "select_one", Kind.SEVERAL: "select_multiple", Kind.RANKING: "rank"}
        if question.kind in many:
            return f"{many[question.kind]} {self._list(question, name)}"
        return TYPES[question.kind]

    def _list(self, question: Question, name: str) -> str:
        is_yes_no = question.kind is Kind.YES_NO
        list_, choices = (YES_NO_LIST, ANSWERS) if is_yes_no else (f"{name}_choices", question.choices)
        if list_ not in self._lists:
            self._lists.add(list_)
            for choice in choices:
                self._made.choices.append({"list_name": list_, "name": choice.id, **self._words("label", choice.label)})
                if choice.when:
                    self._cannot(question.id, f"choices.{choice.id}.when", "a choice that comes and goes")
        return list_

    def _constraint(self, question: Question) -> Row:
        low, high = question.minimum, question.maximum
        if question.kind is Kind.PERCENTAGE:
            low, high = 0 if low is None else low, 100 if high is None else high  # type: ignore[assignment]
        bounds = [f". >= {low}"] if low is not None else []
        bounds += [f". <= {high}"] if high is not None else []
        rule = self._rule(question.id, "constraint", question.constraint, own=question.id)
        whole = " and ".join([*bounds, *([rule] if rule else [])])
        return {
            "constraint": whole,
            **(self._words("constraint_message", question.message) if question.message else {}),
        }

    def _rule(self, id_: str, field: str, text: str | None, own: str | None = None) -> str:
        if text is None:
            return ""
        try:
            return to_theirs(text, self._questions, own)
        except CannotSay as why:
            self._cannot(id_, field, str(why))
            return ""

    def _cannot(self, question: str, field: str, why: str) -> None:
        self._made.not_said.append(NotSaid(question, field, why))

    def _words(self, column: str, words: Words) -> Row:
        """One column for each language; one alone where there is no other."""
        if len(self._languages) == 1:
            return {column: words["en"]}
        return {f"{column}::{heading(language)}": words.get(language, words["en"]) for language in self._languages}

    def _add(self, row: Row) -> None:
        self._made.survey.append({name: text for name, text in row.items() if text})
