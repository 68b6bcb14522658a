"""A classifier of one's own in people's hands: have one learned, look at it, put it in use, set it aside, go back.

Whatever is in use gives second opinions beside findings. It hides nothing, orders nothing and settles nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.db import later
from models.errors import Conflict, Invalid, NotFound
from models.findings import Finding
from models.journal import note
from models.measured import Change
from models.operations import listing
from models.operations.queueing import LEAD
from models.operations.scope import allow
from models.own_classifiers import ClassifierState, ClassifierStep, OwnClassifier, SecondOpinion, StepAct
from models.people import Person, Role

LEARN, WEIGH = "learn_classifier", "weigh_findings"
OPEN = (ClassifierState.WAITING, ClassifierState.LEARNING, ClassifierState.CANDIDATE)
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Shelf:
    """What an organisation has: the one in use, the newest one that was asked for, and every step, newest first."""

    in_use: OwnClassifier | None
    newest: OwnClassifier | None
    steps: tuple[tuple[ClassifierStep, str], ...]
    """Each with the version that it was about."""

    @property
    def open(self) -> OwnClassifier | None:
        """Being learned, or waiting for a person."""
        return self.newest if self.newest is not None and self.newest.state in OPEN else None


@dataclass(frozen=True, slots=True)
class Examples:
    """The findings on which the candidate is surest that what is said of them would change."""

    raised: tuple[listing.Line, ...]
    dropped: tuple[listing.Line, ...]


def shelf(session: Session, *, by: Person) -> Shelf:
    """The classifiers of the person's organisation, and what people did with them."""
    allow(by, *LEAD)
    own = OwnClassifier.buyer_id == by.organisation_id
    last = select(OwnClassifier.id).where(own).order_by(OwnClassifier.asked_at.desc(), OwnClassifier.id.desc()).limit(1)
    either = or_(OwnClassifier.state == ClassifierState.IN_USE, OwnClassifier.id == last.scalar_subquery())
    order = (OwnClassifier.asked_at.desc(), OwnClassifier.id.desc())
    found = session.scalars(select(OwnClassifier).where(own, either).order_by(*order)).all()
    if not found:
        return Shelf(None, None, ())
    newest, in_use = found[0], next((one for one in found if one.state is ClassifierState.IN_USE), None)
    steps = session.execute(
        select(ClassifierStep, OwnClassifier.version)
        .join(OwnClassifier, OwnClassifier.id == ClassifierStep.classifier_id)
        .where(own).order_by(ClassifierStep.at.desc(), ClassifierStep.id.desc()).limit(_SHOWN)
    )  # fmt: skip
    return Shelf(in_use, newest, tuple((row[0], row[1]) for row in steps))


def examples(session: Session, change: Change, *, by: Person) -> Examples:
    """The findings behind a change, as far as they still wait and are the organisation's."""
    allow(by, *LEAD)
    keys = [uuid.UUID(key) for key in (*change.raised_examples, *change.dropped_examples)]
    lines = {str(line.id): line for line in listing.chosen(session, keys, by=by) if line.verdict is None}
    return Examples(
        tuple(lines[key] for key in change.raised_examples if key in lines),
        tuple(lines[key] for key in change.dropped_examples if key in lines),
    )


def begin(session: Session, *, by: Person, now: datetime) -> OwnClassifier:
    """Have a candidate learned from everything that the organisation's people decided.

    Raises Conflict while one is being learned, or waits for a decision.
    """
    allow(by, Role.COMPLIANCE)
    made = OwnClassifier(buyer_id=by.organisation_id, asked_by_id=by.id, asked_at=now, weighed_to=None)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:  # Two at once: the table keeps one.
        raise Conflict("One is being learned, or waits for your decision: promote it or set it aside first.") from None
    note(session, "classifier.asked", made.id, organisation_id=made.buyer_id, actor_id=by.id, at=now)
    later(session, LEARN, classifier_id=made.id)
    return made


def promote(
    session: Session, classifier_id: uuid.UUID, *, reason: str, even_if_worse: bool, by: Person, now: datetime
) -> OwnClassifier:
    """Put a candidate in use: from now on its second opinions stand beside findings.

    Raises NotFound; Conflict when it is no candidate any more or was measured beside another one than is in use;
    Invalid without a reason, and for one that is worse, or misses more critical passages, where nobody said so.
    """
    found = _locked(session, classifier_id, by=by)
    if found.state is not ClassifierState.CANDIDATE:
        raise Conflict("This classifier does not wait for a decision any more.")
    current = _in_use(session, by)
    if (current.id if current else None) != found.compared_with_id:
        raise Conflict("Another classifier is in use than when this one was measured: set it aside and learn anew.")
    if found.measured is None or (found.measured.is_worse and not even_if_worse):
        raise Invalid("It scores lower than what is in use: say that you want it all the same.", field="even_if_worse")
    if found.measured.loses_critical and not even_if_worse:
        raise Invalid(
            "It misses more critical passages than what is in use: say that you want it all the same.",
            field="even_if_worse",
        )
    step = _step(found, StepAct.PROMOTED, reason, by=by, now=now)
    if current is not None:
        current.state = ClassifierState.FORMER
        session.flush()  # Never two in use, not even for the length of a statement.
    found.state, found.before_id = ClassifierState.IN_USE, None if current is None else current.id
    return _noted(session, found, step, "classifier.promoted", by=by, now=now, before=found.before_id)


def set_aside(session: Session, classifier_id: uuid.UUID, *, reason: str, by: Person, now: datetime) -> OwnClassifier:
    """Decide against a candidate; what is in use stays. Raises NotFound, Conflict, Invalid without a reason."""
    found = _locked(session, classifier_id, by=by)
    if found.state is not ClassifierState.CANDIDATE:
        raise Conflict("This classifier does not wait for a decision any more.")
    step = _step(found, StepAct.SET_ASIDE, reason, by=by, now=now)
    found.state = ClassifierState.SET_ASIDE
    return _noted(session, found, step, "classifier.set_aside", by=by, now=now)


def roll_back(
    session: Session, classifier_id: uuid.UUID, *, reason: str, by: Person, now: datetime
) -> OwnClassifier | None:
    """Put back what was in use before this one: an earlier one, or none. Answers the one that is now in use.

    Raises NotFound, Conflict when it is not in use any more, Invalid without a reason.
    """
    found = _locked(session, classifier_id, by=by)
    if found.state is not ClassifierState.IN_USE:
        raise Conflict("This classifier is not in use any more.")
    step = _step(found, StepAct.ROLLED_BACK, reason, by=by, now=now)
    found.state = ClassifierState.SET_ASIDE
    session.flush()
    before = None if found.before_id is None else session.get_one(OwnClassifier, found.before_id)
    if before is not None:
        before.state = ClassifierState.IN_USE
        later(session, WEIGH, classifier_id=before.id)
    session.add(step)
    note(
        session, "classifier.rolled_back", found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now,
        version=found.version, to=found.before_id,
    )  # fmt: skip
    return before


def second_opinion(session: Session, finding: Finding) -> SecondOpinion | None:
    """What the classifier in use thinks of a finding; None where there is none, or it has not looked yet."""
    return session.scalar(_second(), {"finding": finding.id, "buyer": finding.buyer_id})


@cache
def _second() -> Select[SecondOpinion]:
    """Built once: every page of a finding asks it."""
    return (
        select(SecondOpinion)
        .join(OwnClassifier, OwnClassifier.id == SecondOpinion.classifier_id)
        .where(
            SecondOpinion.finding_id == bindparam("finding"), OwnClassifier.buyer_id == bindparam("buyer"),
            OwnClassifier.state == ClassifierState.IN_USE,
        )
    )  # fmt: skip


def _locked(session: Session, classifier_id: uuid.UUID, *, by: Person) -> OwnClassifier:
    allow(by, Role.COMPLIANCE)
    found = session.scalar(
        select(OwnClassifier)
        .where(OwnClassifier.id == classifier_id, OwnClassifier.buyer_id == by.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def _in_use(session: Session, by: Person) -> OwnClassifier | None:
    query = select(OwnClassifier).where(
        OwnClassifier.buyer_id == by.organisation_id, OwnClassifier.state == ClassifierState.IN_USE
    )
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _step(found: OwnClassifier, act: StepAct, reason: str, *, by: Person, now: datetime) -> ClassifierStep:
    if not reason.strip():
        raise Invalid("Say why, in a few words: whoever asks later finds it beside your name.", field="reason")
    return ClassifierStep(classifier_id=found.id, act=act, by_id=by.id, at=now, reason=reason.strip())


def _noted(
    session: Session, found: OwnClassifier, step: ClassifierStep, act: str, *, by: Person, now: datetime,
    before: uuid.UUID | None = None,
) -> OwnClassifier:  # fmt: skip
    session.add(step)
    note(
        session, act, found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now, version=found.version,
        before=before,
    )  # fmt: skip
    if found.state is ClassifierState.IN_USE:
        later(session, WEIGH, classifier_id=found.id)
    return found
