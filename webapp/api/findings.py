"""Findings by the second door: the queue with its filters, and the decisions of the person whom the token acts for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.findings import Finding, RejectReason, Severity, Stage, Verdict
from models.masking import masked
from models.operations import caring, triage
from models.operations.triage import Position, QueueFilter
from models.people import Person
from webapp.api.cursors import cursor, not_a_place, place
from webapp.api.door import Act, Call, Door, Version
from webapp.api.shapes import Listed, said
from webapp.api.whole import Page, Rows, limit
from webapp.doors import house, now, policy


@dataclass(frozen=True, slots=True)
class FindingShape:
    """A passage that may point to harm. The machine raises it; only a person settles it."""

    id: UUID
    supplier: UUID
    document: UUID | None = field(metadata=said("Where it stands; null for an answer to a questionnaire."))
    page: int | None
    answer: UUID | None = field(metadata=said("The answer in which it stands, or which the quote contradicts."))
    quote: str = field(
        metadata=said("The passage. Names and numbers of people are covered, as on the page of the finding.")
    )
    other_quote: str = field(metadata=said("What the answer says that the quote disputes."))
    before: str = field(metadata=said("What stands just before the passage."))
    withheld: bool = field(metadata=said("True for a passage about violence or death: it is read in Salient itself."))
    signals: tuple[str, ...] = field(metadata=said("Codes of the taxonomy, the most important first."))
    assertion: str = field(metadata=said("Who says it: found, alleged, admitted, a risk, or not checkable."))
    severity: Severity
    score: float = field(metadata=said("How sure the machine is, 0 to 1."))
    people: int | None = field(metadata=said("How many are affected, where that is said."))
    language: str | None
    in_table: bool
    engine_version: str
    raised_at: datetime
    stage: Stage = field(metadata=said("With whom it is."))
    verdict: Verdict | None = field(metadata=said("What a person decided; null while nobody has."))
    reject_reason: RejectReason | None
    remark: str
    judged_by: UUID | None
    judged_at: datetime | None
    plan: UUID | None = field(metadata=said("The plan that repairs it. Null in lists."))


@dataclass(frozen=True, slots=True)
class FindingQuery(Page):
    """Which findings; without any of these, what waits for a decision of the person whom the token acts for."""

    settled: bool | None = field(
        default=False, metadata=said("true: decided; false: waiting. With `all` true, neither counts.")
    )
    all: bool = field(default=False, metadata=said("Decided and waiting ones."))
    verdict: Verdict | None = field(default=None, metadata=said("Decided so."))
    severity: Severity | None = None
    signal: str = field(default="", metadata=said("A signal (`FL.DOC`) or a whole category (`FL`).", most=20))
    supplier: UUID | None = None
    document: UUID | None = None
    language: str = field(default="", metadata=said("ISO 639-1.", most=8))
    assertion: str = field(default="", metadata=said("A word of the taxonomy.", most=40))
    document_type: str = field(default="", metadata=said("A word of the engine's list.", most=40))
    stage: Stage | None = None
    from_answers: bool | None = field(
        default=None, metadata=said("true: in answers to questionnaires; false: in documents.")
    )
    words: str = field(default="", metadata=said("Words that the passage holds.", most=200))


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Why it is harm, or a real risk of it."""

    remark: str = field(default="", metadata=said("In words of your own.", most=4000))


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why it is no finding."""

    reason: RejectReason
    remark: str = field(
        default="", metadata=said("In words of your own; needed where the reason is `other`.", most=4000)
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """What the machine said wrongly; what is left out stays."""

    signal: str | None = field(default=None, metadata=said("The signal that leads.", most=20))
    severity: Severity | None = None
    assertion: str | None = field(default=None, metadata=said("Who says it.", most=40))


def list_findings(session: Session, by: Person, call: Call) -> Rows:
    """In the order of the queue: the gravest first, then the most doubtful, then the oldest."""
    asked = call.asked
    settled = None if asked.all or asked.verdict is not None else asked.settled
    filters = QueueFilter(
        settled=settled, verdict=asked.verdict, severity=asked.severity, signal=asked.signal or None,
        supplier_id=asked.supplier, document_id=asked.document, language=asked.language or None,
        assertion=asked.assertion or None, document_type=asked.document_type or None, stage=asked.stage,
        from_answers=asked.from_answers, words=asked.words or None,
    )  # fmt: skip
    listed = triage.queue(session, by=by, filters=filters, after=_behind(asked.after), limit=limit(call))
    last = Position.of(listed.rows[-1]) if listed.more else None
    more = None if last is None else cursor(last.queue_rank, last.raised_at.isoformat(), last.id)
    return Rows([shape_of(row, None) for row in listed.rows], more)


def show_finding(session: Session, by: Person, call: Call) -> FindingShape:
    found = triage.finding(session, call.id("finding_id"), by=by)
    plan = triage.plan_of(session, found.id)
    return shape_of(found, None if plan is None else plan.id)


def shape_of(row: Finding, plan_id: UUID | None) -> FindingShape:
    """How a finding is shown: covered as on its page, and closed where its page is closed."""
    hard = caring.is_hard(row.signals)
    quote, other, before = ("", "", "") if hard else (masked(row.quote), masked(row.other_quote), masked(row.before))
    return FindingShape(
        row.id, row.supplier_id, row.document_id, row.page_number, row.answer_id, quote, other, before, hard,
        row.signals, row.assertion, row.severity, row.score, row.people, row.language, row.in_table,
        row.engine_version, row.raised_at, row.stage, row.verdict, row.reject_reason, row.remark, row.judged_by_id,
        row.judged_at, plan_id,
    )  # fmt: skip


def confirm(session: Session, by: Person, call: Call) -> None:
    triage.confirm(
        session, call.id("finding_id"), by=by, remark=call.body.remark, now=now(), policy=policy(),
        rules=house().settings.rules,
    )  # fmt: skip


def reject(session: Session, by: Person, call: Call) -> None:
    triage.reject(
        session, call.id("finding_id"), call.body.reason, by=by, remark=call.body.remark, now=now(),
        rules=house().settings.rules,
    )  # fmt: skip


def take_back(session: Session, by: Person, call: Call) -> None:
    triage.take_back(session, call.id("finding_id"), by=by, now=now())


def change(session: Session, by: Person, call: Call) -> None:
    body = call.body
    triage.change(
        session, call.id("finding_id"), signal=body.signal, severity=body.severity, assertion=body.assertion, by=by,
        now=now(),
    )  # fmt: skip


def escalate(session: Session, by: Person, call: Call) -> None:
    triage.escalate(session, call.id("finding_id"), by=by, now=now())


def hand_back(session: Session, by: Person, call: Call) -> None:
    triage.hand_back(session, call.id("finding_id"), by=by, now=now())


def _hold(session: Session, by: Person, call: Call) -> object:
    return triage.locked(session, call.id("finding_id"), by=by)


def _behind(after: str) -> Position | None:
    if not after:
        return None
    rank, raised_at, key = place(after, 3)
    try:
        moment = datetime.fromisoformat(raised_at)
        if moment.tzinfo is None or not rank.isascii() or not rank.isdigit() or len(rank) > 4:
            raise not_a_place()
        return Position(int(rank), moment, UUID(key))
    except ValueError:
        raise not_a_place() from None


def _decision(name: str, word: str, beside: str, says: str, act: Act, takes: type | None = None) -> Door:
    return Door(
        name=name, method="POST", path=f"/findings/<uuid:finding_id>/{word}", beside=beside, group="Findings",
        says=says, gives=FindingShape, show=show_finding, act=act, takes=takes, version=Version.OPTIONAL, hold=_hold,
    )  # fmt: skip


DOORS = (
    Door(
        name="findings", method="GET", path="/findings", beside="findings.queue", group="Findings",
        says="Findings in the order of the review queue.", gives=Listed(FindingShape), show=list_findings,
        asks=FindingQuery,
    ),
    Door(
        name="finding", method="GET", path="/findings/<uuid:finding_id>", beside="findings.show", group="Findings",
        says="One finding, with its plan.", gives=FindingShape, show=show_finding,
    ),
    _decision(
        "confirm_finding", "confirm", "findings.confirm", "Confirm it: a draft plan is opened, unless a second person "
        "is to look too. A person decides; a program only says what that person decided.", confirm, Confirmation,
    ),
    _decision("reject_finding", "reject", "findings.reject", "Reject it, with the reason.", reject, Rejection),
    _decision(
        "take_back_finding", "take-back", "findings.take_back", "Take a decision or an opinion back.", take_back
    ),
    _decision(
        "change_finding", "change", "desk.change", "Correct its signal, severity or assertion.", change, Correction
    ),
    _decision("escalate_finding", "escalate", "desk.escalate", "Hand it over to compliance.", escalate),
    _decision("hand_back_finding", "hand-back", "desk.hand_back", "Give it back to the reviewers.", hand_back),
)  # fmt: skip
