"""How others answered the same question: shown only where so many answered that nobody can be made out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.submissions import Answer, Published, Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires.definition import Kind, Questionnaire

FEWEST = 5
"""Other suppliers that must have answered before anything is shown."""

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
        select(Answer.question, Answer.value, Supplier.id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(Supplier, Supplier.id == Submission.supplier_id)
        .join(Published, Published.id == Submission.questionnaire_id)
        .where(
            Supplier.buyer_id == found.supplier.buyer_id,
            Supplier.id != found.supplier_id,
            Published.name == found.questionnaire.name,
            Submission.state.in_([SubmissionState.SUBMITTED, SubmissionState.UNDER_REVIEW, SubmissionState.ACCEPTED]),
            Answer.question.in_(wanted[:900]),
        )
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
