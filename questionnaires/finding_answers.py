"""Answers that stand in a document already: offered for the question that they seem to answer, each with its source.

Nothing is answered by it. A person accepts each offer by itself, and sees where it was found and how it was matched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.errors import Invalid
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.exchange.cells import from_cell
from questionnaires.exchange.sheets import Sheet, address
from questionnaires.values import Json

ALIKE = 0.72
"""Least likeness of two labels (share of letter triples in common) for an offer."""

AHEAD = 0.08
"""By how much the best question must be more alike than the second: a label that fits two fits none."""

SHORTEST = 8
"""Letters of a label that is compared by likeness; shorter ones must be the same."""

NEVER = (Kind.CONSENT, Kind.FILE, Kind.COMPUTED, Kind.TABLE, Kind.MATRIX)
LONGEST_VALUE = 5_000
_NOTHING = frozenset({"off", "-", "--", "n/a?", "none given", "not answered", "…", "..."})
_TICKS = frozenset({"x", "✓", "✔", "☒", "☑", "■", "yes", "on", "1", "true"})

_ANSWERS = frozenset(
    {"answer", "your answer", "answers", "response", "your response", "reply", "antwoord", "uw antwoord", "antwort",
     "ihre antwort", "réponse", "votre réponse", "respuesta", "su respuesta", "resposta", "risposta", "cevap", "yanıt",
     "jawaban", "trả lời", "उत्तर", "উত্তর", "答案", "回答", "答复", "value", "status"}
)  # fmt: skip
"""Heads of columns in which answers are written, in the languages of our entry set and Italian."""


class Match(StrEnum):
    """How the label led to the question, the surest first."""

    ID = "id"
    LABEL = "label"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a document says under some label. `place` is its page or cell, as people find it."""

    label: str
    value: str
    document: str
    """The document's key."""
    place: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer for a person to accept. `text` is what the document says, to the letter."""

    question: str
    value: Json
    text: str
    label: str
    document: str
    place: str
    match: Match
    likeness: float


def offers(
    found: Iterable[Found], questionnaire: Questionnaire, *, language: str = "en", open_to: frozenset[str] | None = None
) -> dict[str, list[Offer]]:
    """The offers for each question, the surest first; the same answer from the same document once.

    `open_to` names the questions that still want one; None means all of them.
    """
    matcher = _Matcher(questionnaire)
    made: dict[str, list[Offer]] = {}
    for each in found:
        matched = matcher.match(each.label)
        if matched is None or (open_to is not None and matched[0].id not in open_to):
            continue
        question, how, likeness = matched
        value = _value(question, each.value, language)
        if value is None:
            continue
        offer = Offer(question.id, value, each.value, each.label, each.document, each.place, how, likeness)
        if not any((known.value, known.document) == (value, each.document) for known in made.get(question.id, [])):
            made.setdefault(question.id, []).append(offer)
    order = list(Match)
    return {
        id_: sorted(each, key=lambda offer: (order.index(offer.match), -offer.likeness)) for id_, each in made.items()
    }


def from_fields(fields: Mapping[str, str], *, document: str, page: str = "") -> Iterator[Found]:
    """The fields of a PDF form: their names are labels, often with the names of the groups that they are in."""
    for name, value in fields.items():
        parts = (
            [part for part in re.split(r"[.\[\]#/]+", name) if part and not part.isdigit()] if "." in name else [name]
        )
        last = parts[-1] if parts else name
        label = last if _is_id(last) else re.sub(r"_+", " ", last)
        yield Found(label, value.removeprefix("/"), document, page or name)


def from_sheet(sheet: Sheet, *, document: str) -> Iterator[Found]:
    """Lines of a sheet: the longest text before an answer is its label, and the next filled cell the answer."""
    for row in sheet.rows():
        cells = [(column, cell.text.strip()) for column, cell in sorted(sheet.row(row).items()) if cell.text.strip()]
        for place in range(1, len(cells)):
            column, value = cells[place]
            yield Found(cells[place - 1][1], value, document, f"{sheet.name}, {address(row, column)}")


def from_checklist(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, document: str, place: str
) -> Iterator[Found]:
    """A list of questions with columns to tick: the head of the ticked column is the answer.

    A row with several ticks says nothing. Where no column is ticked, the first other text of the row is the answer.
    """
    for row in rows:
        cells = [cell.strip() for cell in row]
        texts = [number for number, cell in enumerate(cells) if len(cell) >= SHORTEST and cell.casefold() not in _TICKS]
        if not texts:
            continue
        label, after = cells[texts[0]], range(texts[0] + 1, len(cells))  # What stands before it is its number.
        ticked = [heads[at].strip() for at in after if at < len(heads) and _is_ticked(heads[at], cells[at])]
        if len(ticked) == 1:
            yield Found(label, ticked[0], document, place)
        elif not ticked:
            yield from (Found(label, cells[at], document, place) for at in after[:1] if cells[at])


def _is_ticked(head: str, cell: str) -> bool:
    """Whether the cell says that its head is the answer. Under a head such as "Answer" a plain yes is the answer."""
    return bool(head.strip()) and cell.casefold() in _TICKS and _plain(head) not in _ANSWERS


def from_text(text: str, *, document: str, page: int) -> Iterator[Found]:
    """Lines of a page: what stands on one line after its label, behind a bar, a tab, a colon or a question mark."""
    for line in text.splitlines():
        parts = [part.strip() for part in re.split(r"[|\t]", line) if part.strip()]
        if len(parts) == 1:
            found = re.fullmatch(r"(.{8,300}?[:?])\s+(\S.{0,1999})", parts[0])
            parts = [found[1], found[2]] if found is not None else parts
        yield from (Found(parts[n], parts[n + 1], document, str(page)) for n in range(len(parts) - 1))


class _Matcher:
    """Every label of a questionnaire in every language, ready to be compared."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._by_id = {
            question.id: question for question in questionnaire.questions.values() if question.kind not in NEVER
        }
        labels = [(_plain(text), question) for question in self._by_id.values() for text in question.label.values()]
        self._by_label: dict[str, Question | None] = {}
        for label, question in labels:
            known = self._by_label.setdefault(label, question)
            if known is not None and known.id != question.id:
                self._by_label[label] = None  # Two questions with the same words: nobody can tell which is meant.
        self._triples = [(_triples(label), question) for label, question in labels]

    def match(self, label: str) -> tuple[Question, Match, float] | None:
        if label.strip() in self._by_id:
            return self._by_id[label.strip()], Match.ID, 1.0
        plain = _plain(label)
        if plain in self._by_label:
            same = self._by_label[plain]
            return None if same is None else (same, Match.LABEL, 1.0)
        if len(plain) < SHORTEST:
            return None
        own, best = _triples(plain), dict[str, float]()
        for triples, question in self._triples:
            likeness = 2 * len(own & triples) / (len(own) + len(triples))
            best[question.id] = max(best.get(question.id, 0.0), likeness)
        ranked = sorted(best.items(), key=lambda pair: -pair[1])[:2]
        if not ranked or ranked[0][1] < ALIKE or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < AHEAD):
            return None
        return self._by_id[ranked[0][0]], Match.ALIKE, round(ranked[0][1], 3)


def _value(question: Question, text: str, language: str) -> Json:
    """The answer in the form in which it is kept; None where the text is none to this question."""
    text = text.strip()
    if not text or text.casefold() in _NOTHING or len(text) > LONGEST_VALUE:
        return None
    try:
        return from_cell(question, text, language, {})
    except Invalid:
        return None


def _plain(text: str) -> str:
    """Small letters and digits with single spaces; numbering before it and marks after it are left out."""
    letters = unicodedata.normalize("NFKC", text).casefold()
    bare = re.sub(r"^\W*(?:[a-z]?\d+(?:[.)]\d*)*[.):]?\s+)", "", letters)
    return " ".join(re.findall(r"\w+", bare))


def _triples(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _is_id(text: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*", text) is not None
