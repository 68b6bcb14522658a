"""Publishing questionnaires and laying them before suppliers: what was published never changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.operations import scope
from models.operations.scope import Slice, allow, newest, sees
from models.operations.scope import supplier as supplier_seen
from models.people import Person, Role
from models.submissions import Published, Submission, SubmissionState
from models.supplychain import Site
from questionnaires import due_days, laying, library, shelf
from questionnaires.checking import check
from questionnaires.definition import Questionnaire
from questionnaires.loading import CannotLoad, Problem, loads
from questionnaires.values import Json

ISSUERS = (Role.COMPLIANCE, Role.ADMIN)
BUYER = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """What to show; None leaves a part open."""

    states: tuple[SubmissionState, ...] | None = None
    supplier_id: uuid.UUID | None = None
    questionnaire_id: uuid.UUID | None = None
    overdue_on: date | None = None


def publish(
    session: Session, source: str, translations: Mapping[str, str], *, by: Person | None, now: datetime
) -> Published:
    """Publish a definition with its translations; the same text twice is one. `by` None: it comes with the product.

    Raises Invalid that names the first problems with their lines, and Conflict where this id and version were
    published with another text: give it a new version.
    """
    if by is not None:
        allow(by, *ISSUERS)
    owner_id = None if by is None else by.organisation_id
    texts = dict(translations)
    digest = shelf.digest_of(source, texts)
    same_owner = Published.owner_id.is_(None) if owner_id is None else Published.owner_id == owner_id
    known = session.scalar(select(Published).where(Published.digest == digest, same_owner))
    if known is not None:
        return known
    questionnaire = _proved(source, texts)
    taken = select(Published.id).where(
        Published.name == questionnaire.id, Published.version == questionnaire.version, same_owner
    )
    if session.scalar(taken) is not None:
        raise Conflict("This version was published with another text already: give the changed one a new version.")
    row = Published(
        owner_id=owner_id, name=questionnaire.id, version=questionnaire.version, digest=digest,
        title=dict(questionnaire.title), languages=list(questionnaire.languages),
        questions=len(questionnaire.questions), source=source, translations=texts, published_at=now,
        published_by_id=None if by is None else by.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    shelf.keep(digest, questionnaire)
    note(
        session, "questionnaire.published", row.id, organisation_id=owner_id, actor_id=None if by is None else by.id,
        at=now, digest=digest, questions=row.questions,
    )  # fmt: skip
    return row


def publish_shipped(session: Session, name: str, *, now: datetime) -> Published:
    """Publish a questionnaire of the library, as it stands in this version of the product."""
    path = library.FOLDER / f"{name}.yaml"
    texts = {
        beside.name.split(".")[-2]: beside.read_text(encoding="utf-8")
        for beside in sorted(path.parent.glob(f"{path.stem}.*.yaml"))
    }
    return publish(session, path.read_text(encoding="utf-8"), texts, by=None, now=now)


def published(session: Session, *, by: Person) -> list[Published]:
    """What the buyer may issue: its own questionnaires and those of the product, newest first, without their texts."""
    allow(by, *BUYER)
    query = select(Published).where(_may_issue(by)).order_by(Published.published_at.desc(), Published.id.desc())
    return list(session.scalars(query))


def one_published(session: Session, questionnaire_id: uuid.UUID, *, by: Person) -> Published:
    """One of those that the buyer may issue. Raises NotFound."""
    allow(by, *BUYER)
    row = session.scalar(select(Published).where(Published.id == questionnaire_id, _may_issue(by)))
    if row is None:
        raise NotFound()
    return row


def issue(
    session: Session,
    questionnaire_id: uuid.UUID,
    supplier_id: uuid.UUID,
    *,
    by: Person,
    now: datetime,
    due_on: date | None = None,
    period: str = "",
    site_id: uuid.UUID | None = None,
    prefilled: Mapping[str, Json] | None = None,
) -> Submission:
    """Lay a questionnaire before a supplier. What the buyer fills in (`prefilled`) is locked for the supplier.

    Raises NotFound for what is not the buyer's, Invalid for a day in the past or a value that does not fit.
    """
    allow(by, *ISSUERS)
    row = one_published(session, questionnaire_id, by=by)
    supplier = supplier_seen(session, supplier_id, by=by)
    if due_on is not None:
        due_days.check(due_on, now)
    if site_id is not None:
        site = session.get(Site, site_id)
        if site is None or site.organisation_id != supplier.organisation_id:
            raise NotFound()
    return laying.lay(
        session, row, supplier, by=by, now=now, due_on=due_on, period=period, site_id=site_id, prefilled=prefilled or {}
    )


def submissions(
    session: Session,
    *,
    by: Person,
    filters: SubmissionFilter = SubmissionFilter(),
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Slice[Submission]:
    """The submissions that the person may see, the newest issued first."""
    query = select(Submission).join(Submission.supplier).where(sees(by), *_conditions(filters))
    last = submission(session, after, by=by) if after is not None else None
    return newest(session, query, Submission.issued_at, last=last, limit=limit)


def submission(session: Session, submission_id: uuid.UUID, *, by: Person, lock: bool = False) -> Submission:
    """One submission. Raises NotFound when there is none, or when it is not the person's to see.

    `lock` holds it until the commit, so that two people who write at once wait for each other.
    """
    query = select(Submission).join(Submission.supplier).where(Submission.id == submission_id, sees(by))
    return scope.one(session, query, lock=Submission if lock else None)


def extend(session: Session, submission_id: uuid.UUID, due_on: date, *, by: Person, now: datetime) -> Submission:
    """Give the supplier another day."""
    allow(by, *BUYER)
    found = submission(session, submission_id, by=by, lock=True)
    due_days.check(due_on, now)
    before, found.due_on = found.due_on, due_on
    _note(session, "submission.extended", found, by=by, now=now, due_on=[before, due_on])
    return found


def expire(session: Session, submission_id: uuid.UUID, *, by: Person, now: datetime) -> Submission:
    """End what was accepted and has become too old, or withdraw what was never submitted."""
    allow(by, *ISSUERS)
    found = submission(session, submission_id, by=by, lock=True)
    before = found.state
    found.move(SubmissionState.EXPIRED)
    _note(session, "submission.expired", found, by=by, now=now, state=[before.value, found.state.value])
    return found


def expire_old(session: Session, *, now: datetime, limit: int = 500) -> int:
    """End every accepted submission whose answers are past their date. Answers how many; for the clock."""
    query = (
        select(Submission)
        .where(Submission.state == SubmissionState.ACCEPTED, Submission.valid_until < now.date())
        .limit(limit)
    )
    rows = list(session.scalars(query))
    for row in rows:
        row.move(SubmissionState.EXPIRED)
        note(
            session, "submission.expired", row.id, organisation_id=row.supplier.buyer_id, actor_id=None, at=now,
            state=[SubmissionState.ACCEPTED.value, row.state.value],
        )  # fmt: skip
    return len(rows)


def _proved(source: str, translations: dict[str, str]) -> Questionnaire:
    try:
        questionnaire = loads(source, translations)
    except CannotLoad as fault:
        raise _not_to_be_published(fault.problems) from None
    problems = check(questionnaire)
    if problems:
        raise _not_to_be_published(problems)
    return questionnaire


def _not_to_be_published(problems: list[Problem]) -> Invalid:
    """The first problems, each with its line: for whoever writes questionnaires, in the language of the checker."""
    first = " ".join(str(problem) for problem in problems[:5])
    return Invalid(first, field="source")


def _may_issue(by: Person) -> ColumnElement[bool]:
    return or_(Published.owner_id.is_(None), Published.owner_id == by.organisation_id)


def _conditions(filters: SubmissionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.states is not None:
        conditions.append(Submission.state.in_(filters.states))
    if filters.supplier_id is not None:
        conditions.append(Submission.supplier_id == filters.supplier_id)
    if filters.questionnaire_id is not None:
        conditions.append(Submission.questionnaire_id == filters.questionnaire_id)
    if filters.overdue_on is not None:
        open_states = [state for state in SubmissionState if state.is_open]
        conditions.append(Submission.state.in_(open_states) & (Submission.due_on < filters.overdue_on))
    return conditions


def _note(session: Session, act: str, found: Submission, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.supplier.buyer_id, actor_id=by.id, at=now, **detail)
