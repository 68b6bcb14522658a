"""Saving what came back in a workbook or a file: never over a newer answer, and with word of what was left."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid
from models.operations.scope import allow
from models.people import Person, Role
from models.submissions import AnswerSource
from questionnaires import answering, issuing, standing
from questionnaires.answering import Given, OtherAnswer
from questionnaires.exchange import layout


@dataclass(slots=True)
class Brought:
    """What became of the answers, by question."""

    saved: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    """Answered here since the file was made: what stands here was kept."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """With a sentence for people."""


def bring_in(
    session: Session,
    submission_id: uuid.UUID,
    given: Mapping[str, layout.Given],
    versions: Mapping[str, int] | None,
    *,
    by: Person,
    now: datetime,
) -> Brought:
    """Save each answer that can be saved. `versions`: how often each was answered when the file was made, if known.

    Raises Conflict while the questionnaire is locked; then nothing is saved.
    """
    allow(by, Role.SUPPLIER_USER)
    found = issuing.submission(session, submission_id, by=by, lock=True)
    answering.refuse_locked(found)
    rows = standing.answers(session, found)
    brought = Brought()
    for id_, each in given.items():
        row = rows.get(id_)
        if row is not None and (row.value, row.reason) == (each.value, each.reason):
            brought.unchanged.append(id_)
            continue
        present = 0 if row is None else row.version
        expected = present if versions is None else versions.get(id_, 0)
        answer = Given(id_, each.value, str(uuid.uuid4()), expected, reason=each.reason, source=AnswerSource.IMPORTED)
        try:
            answering.save_answer(session, submission_id, answer, by=by, now=now)
            brought.saved.append(id_)
        except OtherAnswer:
            brought.newer.append(id_)
        except (Conflict, Invalid) as fault:
            brought.refused.append((id_, str(fault)))
    return brought
