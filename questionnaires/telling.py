"""An answer in the words that people read, in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from questionnaires.definition import Choice, Kind, Question, Words
from questionnaires.values import Json
from questionnaires.words import YES_NO_WORDS


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes answers in one language. `names` gives the words for keys of sites, persons and documents."""

    language: str
    names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    """The words for units in this language; a unit without is written as the questionnaire has it."""

    def said(self, words: Words) -> str:
        """A text in this language, or in English where it is not translated."""
        return said(words, self.language)

    def answer(self, question: Question, value: Json) -> str:
        """What was answered, in one text; empty for no answer."""
        if value is None:
            return ""
        tell = _TELL.get(question.kind)
        return str(value) if tell is None else tell(self, question, value)

    def label(self, choices: tuple[Choice, ...], id_: str) -> str:
        return next((self.said(choice.label) for choice in choices if choice.id == id_), id_)

    def row(self, question: Question, row: Mapping[str, Json]) -> str:
        cells = ((column, row[column.id]) for column in question.columns if column.id in row)
        return "; ".join(f"{self.said(column.label)}: {self.answer(column, value)}" for column, value in cells)

    def name(self, key: str) -> str:
        return self.names.get(key, key)


def said(words: Words, language: str) -> str:
    """A text in this language, or in English where it is not translated."""
    return words.get(language) or words.get("en", "")


_TELL: dict[Kind, Callable[[Teller, Question, Json], str]] = {
    Kind.YES_NO: lambda to, _q, value: to.said(YES_NO_WORDS.get(value, {"en": str(value)})),
    Kind.SINGLE: lambda to, q, value: to.label(q.choices, value),
    Kind.SEVERAL: lambda to, q, value: ", ".join(to.label(q.choices, each) for each in value),
    Kind.RANKING: lambda to, q, value: "\n".join(
        f"{n}. {to.label(q.choices, each)}" for n, each in enumerate(value, 1)
    ),
    Kind.NUMBER: lambda to, q, value: f"{value} {to.units.get(q.unit, q.unit)}" if q.unit else str(value),
    Kind.PERCENTAGE: lambda _to, _q, value: f"{value}%",
    Kind.MONEY: lambda _to, _q, value: f"{value['amount']} {value['currency']}",
    Kind.CONSENT: lambda to, _q, _value: to.said(YES_NO_WORDS["yes"]),
    Kind.FILE: lambda to, _q, value: ", ".join(to.name(each) for each in value),
    Kind.REFERENCE: lambda to, _q, value: to.name(value),
    Kind.TABLE: lambda to, q, value: "\n".join(to.row(q, row) for row in value),
    Kind.MATRIX: lambda to, q, value: "\n".join(
        f"{to.label(q.rows, row)}: {to.label(q.choices, choice)}" for row, choice in value.items()
    ),
}
