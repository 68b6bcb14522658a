"""Answers as JSON and as CSV, whole: what is written comes back to the letter, and each part that cannot is named."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.cells import safe
from models.errors import Invalid
from questionnaires.definition import Kind, Questionnaire
from questionnaires.exchange.layout import Answers, Given
from questionnaires.exchange.options import line
from questionnaires.telling import Teller
from questionnaires.values import LONGEST, checked

LARGEST = 20_000_000
"""Characters of one file of answers."""

HEADS = ("section", "question", "label", "answer", "remark", "kept")
"""`answer` is for people; `kept` is the same answer in JSON, from which it is read again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that could not be taken: its question, or its line in the file, and a sentence for people."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    answers: dict[str, Given]
    faults: tuple[Fault, ...]


def to_json(questionnaire: Questionnaire, answers: Answers, *, digest: str) -> str:
    """All answers with their remarks, for other programs and for another day."""
    return json.dumps(
        {
            "questionnaire": questionnaire.id,
            "version": questionnaire.version,
            "digest": digest,
            "answers": {
                id_: {"value": given.value, "remark": given.reason} if given.reason else {"value": given.value}
                for id_, given in answers.items()
            },
        },
        ensure_ascii=False,
        indent=1,
    )


def from_json(text: str, questionnaire: Questionnaire) -> Read:
    """Answers from a file as `to_json` writes it. Raises Invalid for what is none."""
    try:
        given = json.loads(text) if len(text) <= LARGEST else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, Mapping) or not isinstance(given.get("answers"), Mapping):
        raise Invalid("This is not a file of answers: download one here to see how it looks.")
    if given.get("questionnaire") != questionnaire.id:
        raise Invalid("These are answers to another questionnaire: choose the right file.")
    return _read(_json_entries(given["answers"]), questionnaire)


def _json_entries(given: Mapping[str, Any]) -> Iterator[_Entry]:
    for id_, entry in given.items():
        if isinstance(entry, Mapping):
            yield id_, id_, entry.get("value"), entry.get("remark", "")
        else:
            yield id_, id_, entry, ""


def to_csv(questionnaire: Questionnaire, answers: Answers, *, language: str, names: Mapping[str, str]) -> str:
    """A line for each question that was answered. No cell can be taken for a formula by the program that opens it."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(HEADS)
    teller = Teller(language, names)
    for section in questionnaire.sections:
        for question in section.questions:
            given = answers.get(question.id)
            if given is None:
                continue
            told = (line(section.title, language), question.id, line(question.label, language),
                    teller.answer(question, given.value), given.reason)  # fmt: skip
            rows.writerow([*map(safe, told), _kept(given)])
    return written.getvalue()


def questions_csv(questionnaire: Questionnaire, *, language: str) -> str:
    """The questions as a list to read, a line each. Nothing is read from it again: XLSForm and JSON are for that."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(("section", "question", "kind", "label", "required", "relevant", "choices", "refs"))
    for section in questionnaire.sections:
        for question in section.questions:
            choices = "\n".join(line(choice.label, language) for choice in question.choices)
            told = (
                line(section.title, language), question.id, question.kind.value, line(question.label, language),
                "yes" if question.required else "", question.relevant or "", choices, " ".join(question.refs),
            )  # fmt: skip
            rows.writerow([*map(safe, told)])
    return written.getvalue()


def _kept(given: Given) -> str:
    """The answer in JSON, without a letter by which a formula could begin, whatever is taken for the end of a cell."""
    text = json.dumps([given.value, given.reason], ensure_ascii=False)
    return re.sub(r"[=+@\-]", lambda found: f"\\u{ord(found[0]):04x}", text)


def from_csv(text: str, questionnaire: Questionnaire) -> Read:
    """Answers from a file as `to_csv` writes it. Raises Invalid for what is none."""
    if len(text) > LARGEST:
        raise Invalid("This is not a file of answers: download one here to see how it looks.")
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        rows = list(reader)
    except csv.Error:
        rows = []
    if not rows or not {"question", "kept"} <= set(rows[0]):
        raise Invalid("This is not a file of answers: download one here to see how it looks.")
    name, kept = rows[0].index("question"), rows[0].index("kept")
    return _read(_csv_lines(rows[1:], name, kept), questionnaire)


_Entry = tuple[str, str, Any, Any]
"""Where it stands, the question, the value and the remark."""


def _csv_lines(rows: list[list[str]], name: int, kept: int) -> Iterator[_Entry]:
    for number, row in enumerate(rows, start=2):
        if len(row) <= max(name, kept) or not row[kept]:
            continue
        try:
            value, remark = json.loads(row[kept])
        except (ValueError, TypeError, RecursionError):
            value, remark = _UNREADABLE, ""
        yield str(number), row[name], value, remark


_UNREADABLE = object()


def _read(entries: Iterator[_Entry], questionnaire: Questionnaire) -> Read:
    """Check entries one by one; one that is wrong does not stop the others."""
    answers: dict[str, Given] = {}
    faults: list[Fault] = []
    for place, id_, value, remark in entries:
        try:
            answers[id_] = _taken(questionnaire, id_, value, remark)
        except Invalid as fault:
            faults.append(Fault(place, str(fault)))
    return Read({id_: given for id_, given in answers.items() if given != Given(None)}, tuple(faults))


def _taken(questionnaire: Questionnaire, id_: str, value: Any, remark: Any) -> Given:
    question = questionnaire.questions.get(id_)
    if question is None or question.kind is Kind.COMPUTED:
        raise Invalid("This question is no longer asked: what you wrote is kept here for you, and not sent.")
    if value is _UNREADABLE or not isinstance(remark, str):
        raise Invalid("This line was changed so that it cannot be read: fill the answer in by hand.")
    if len(remark) > LONGEST:
        raise Invalid("This is too long: shorten it, or send it as a document.")
    return Given(checked(question, value), remark.replace("\x00", "").strip())
