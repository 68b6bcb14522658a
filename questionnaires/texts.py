"""Every text of a questionnaire that a person reads, by the key under which it is translated."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.definition import Question, Questionnaire, Words

_PARTS = ("label", "why", "help", "evidence", "message")


def texts(questionnaire: Questionnaire) -> Iterator[tuple[str, Words]]:
    """Key and words of each text, in the order of the questionnaire; the keys are those of a translation file."""
    yield "title", questionnaire.title
    for section in questionnaire.sections:
        yield f"{section.id}.title", section.title
        if section.intro:
            yield f"{section.id}.intro", section.intro
        for question in section.questions:
            yield from _question(question, question.id)


def _question(question: Question, key: str) -> Iterator[tuple[str, Words]]:
    for part in _PARTS:
        if words := getattr(question, part):
            yield f"{key}.{part}", words
    for choice in question.choices:
        yield f"{key}.{choice.id}", choice.label
    for row in question.rows:
        yield f"{key}.rows.{row.id}", row.label
    for column in question.columns:
        yield from _question(column, f"{key}.{column.id}")
