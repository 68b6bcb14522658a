"""Answers put in words when they are submitted, for readers who do not have the questionnaire: machine and export."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.people import Person
from models.submissions import Submission
from questionnaires import standing
from questionnaires.admitting import admitted
from questionnaires.definition import Questionnaire
from questionnaires.path import Path
from questionnaires.references import Source, find
from questionnaires.telling import Teller


def put_in_words(session: Session, found: Submission, questionnaire: Questionnaire, path: Path, *, by: Person) -> None:
    """Write beside each answer what was asked and said, in the language of whoever submits; clear what is not asked."""
    language = by.language if by.language in questionnaire.languages else "en"
    words = Teller(language)
    told_of = admitted(path)
    asked = {step.question.id: step.question for step in path.steps if step.answered}
    for row in standing.answers(session, found).values():
        question = asked.get(row.question)
        if question is None or row.value is None:
            row.told = None
            continue
        known = [reference for ref in question.refs if (reference := find(ref)) is not None]
        row.told = {
            "question": words.said(question.label),
            "answer": words.answer(question, row.value) + (f" ({row.reason})" if row.reason else ""),
            "kind": question.kind.value,
            "language": language,
            "admits": row.question in told_of,
            "signals": [reference.code for reference in known if reference.source is Source.SIGNAL],
        }
