"""How others answered the same questions: shown only where so many did that nobody can be made out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.submissions import Answer, Published, Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires.anomalies import prints
from questionnaires.definition import Kind, Questionnaire

FEWEST = 5
"""Other suppliers that must have answered before anything is shown."""

MOST_TEXTS = 3000
"""Texts of others that are looked at for copies, the newest first."""

COMPARED = (Kind.YES_NO, Kind.SINGLE)


@dataclass(frozen=True, slots=True)
class Peers:
    """How many of the buyer's other suppliers gave each answer, the most frequent first."""

    suppliers: int
    counts: tuple[tuple[str, int], ...]


def compared(session: Session, found: Submission, questionnaire: Questionnaire) -> dict[str, Peers]:
    """By question, for those with a choice to make; nothing where fewer than five other suppliers answered."""
    wanted = [question.id for question in questionnaire.questions.values() if question.kind in COMPARED]
    query = (
        _of_others(select(Answer.question, Answer.value, Supplier.id), found, wanted)
        .order_by(Answer.answered_at)
        .limit(50_000)
    )
    given: dict[str, dict[object, str]] = {}
    for question, value, supplier_id in session.execute(query):
        if isinstance(value, str):
            given.setdefault(question, {})[supplier_id] = value  # The newest answer of a supplier counts.
    return {
        question: Peers(len(by_supplier), tuple(Counter(by_supplier.values()).most_common()))
        for question, by_supplier in given.items()
        if len(by_supplier) >= FEWEST
    }


def wordings(session: Session, found: Submission, questionnaire: Questionnaire) -> frozenset[str]:
    """Prints of what the buyer's other suppliers wrote in their own words: enough to notice a copy, and not whose."""
    wanted = [question.id for question in questionnaire.questions.values() if question.kind is Kind.TEXT]
    query = _of_others(select(Answer.value), found, wanted).order_by(Answer.answered_at.desc()).limit(MOST_TEXTS)
    texts = {value for value in session.scalars(query) if isinstance(value, str)}
    return frozenset(each for text in texts for each in prints(text))


def _of_others(query: Select[Any], found: Submission, questions: list[str]) -> Select[Any]:
    """Answers of the buyer's other suppliers to these questions of the same questionnaire, as far as they stand."""
    return (
        query.join(Submission, Submission.id == Answer.submission_id)
        .join(Supplier, Supplier.id == Submission.supplier_id)
        .join(Published, Published.id == Submission.questionnaire_id)
        .where(
            Supplier.buyer_id == found.supplier.buyer_id,
            Supplier.id != found.supplier_id,
            Published.name == found.questionnaire.name,
            Submission.state.in_([SubmissionState.SUBMITTED, SubmissionState.UNDER_REVIEW, SubmissionState.ACCEPTED]),
            Answer.question.in_(questions[:900]),
        )
    )
