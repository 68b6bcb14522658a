"""How far a submission is: its answers and the way through them, remembered between two saves."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.submissions import Answer, Submission
from questionnaires import shelf
from questionnaires.definition import Questionnaire
from questionnaires.path import Guide, Path
from questionnaires.rules import Value
from questionnaires.values import value_of

MOST_STEPS = 150_000
"""Steps of all the ways that one process remembers together."""


@dataclass(frozen=True, slots=True)
class Way:
    """The answers of a submission as rules see them, and the path that they make. Never changed once made."""

    stamp: int
    values: Mapping[str, Value]
    path: Path


_ways: OrderedDict[uuid.UUID, Way] = OrderedDict()
_lock = threading.Lock()


def way(session: Session, submission: Submission) -> Way:
    """Where the submission stands now. Quick when this process has seen it since its last answer."""
    with _lock:
        known = _ways.get(submission.id)
        if known is not None and known.stamp == submission.stamp:
            _ways.move_to_end(submission.id)
            return known
    opened = shelf.opened(session, submission.questionnaire)
    values = values_now(session, submission, opened.questionnaire)
    return remember(submission, Way(submission.stamp, values, opened.guide.path(values)))


def values_now(session: Session, submission: Submission, questionnaire: Questionnaire) -> dict[str, Value]:
    """Every answer as rules see it. An answer to a question that this version does not have is left out."""
    questions = questionnaire.questions
    rows = session.execute(select(Answer.question, Answer.value).where(Answer.submission_id == submission.id))
    return {name: value_of(questions[name], value) for name, value in rows if name in questions and value is not None}


def onward(before: Way, guide: Guide, changes: Mapping[str, Value], stamp: int) -> Way:
    """The way after these answers changed: only what they touch is worked out anew."""
    values = {**before.values, **changes}
    return Way(stamp, values, guide.path_after(before.path, values, changes))


def remember(submission: Submission, made: Way) -> Way:
    """Keep it for the next save. A stamp is never used twice, so a save that was rolled back is never believed."""
    with _lock:
        _ways[submission.id] = made
        _ways.move_to_end(submission.id)
        held = sum(len(each.path.steps) for each in _ways.values())
        while held > MOST_STEPS and len(_ways) > 1:
            _, dropped = _ways.popitem(last=False)
            held -= len(dropped.path.steps)
    return made


def new_stamp() -> int:
    """A number that no earlier save had, in this process or another."""
    return secrets.randbelow(2**31 - 1) + 1
