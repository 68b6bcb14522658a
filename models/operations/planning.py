"""Corrective action plans: drafted for confirmed findings, listed by whose turn it is and when, and looked at."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from models.errors import NotFound
from models.findings import Finding, FindingSignal, Severity
from models.operations.knowing import cap_rows_for
from models.operations.plan_steps import BUYER, SUPPLIER, keep_edition, write_down
from models.operations.scope import Slice, sees
from models.people import Person
from models.plan_life import ENDED, OPEN, WAITS_FOR, WORKING, PlanState, Side
from models.plan_paper import write_terms
from models.plan_parts import PlanFinding
from models.plan_policy import DEFAULT, Policy
from models.plan_terms import MOST_LINES
from models.plans import Plan

__all__ = ["BUYER", "SUPPLIER", "PlanFilter", "open_draft", "plan", "plans"]

NEVER = date(9999, 12, 31)
"""Where a plan without a running clock stands in a list by days: at its end."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the list, which stays when the plan that stood there has moved."""

    clock_on: date
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What to show; None leaves a part open. `waits_for` shows what is that side's turn."""

    state: PlanState | None = None
    open: bool | None = None
    overdue_on: date | None = None
    due_by: date | None = None
    supplier_id: uuid.UUID | None = None
    signal: str | None = None
    """A signal (`FL.DOC`) or a whole category (`FL`)."""
    severity: Severity | None = None
    waits_for: Side | None = None
    answered: bool | None = None
    """Whether the supplier spoke last: everything that is the buyer's turn but its own drafts."""
    at_work: bool | None = None
    """Whether both have signed and the supplier is at work."""
    repeats: bool = False


def open_draft(
    session: Session,
    findings: Sequence[Finding],
    *,
    by: Person,
    now: datetime,
    policy: Policy = DEFAULT,
) -> Plan:
    """Begin a plan for findings of one supplier that were just confirmed, with its deadlines by severity.

    What the audit itself says about cause and action stands in the draft, for a person to look at.
    """
    gravest = min((row.severity for row in findings), key=lambda severity: severity.rank)
    country, today = _country(findings), now.date()
    found = Plan(
        supplier=findings[0].supplier, state=PlanState.DRAFT, severity=gravest, country=country,
        opened_by_id=by.id, opened_at=now, accountable_id=by.id,
        agree_by=policy.agree_by(gravest, country, today), containment_due_at=policy.contain_by(gravest, now),
    )  # fmt: skip
    found.findings = list(findings)
    found.repeats_id = _repeated(session, findings)
    session.add(found)
    due_on = policy.finish_by(gravest, country, today)
    first = {"due_on": due_on.isoformat(), "effect_due_on": policy.check_effect_on(due_on).isoformat()}
    people = [row.people for row in findings if row.people]
    if people:
        first["people"] = str(max(people))
    kept = write_terms(found, first | known_terms(session, findings))
    session.flush()
    found.set_clock()
    session.flush()
    keep_edition(session, found, kept, Side.BUYER, by=by, now=now)
    write_down(
        session, found, "plan.drafted", before=PlanState.DRAFT, dates={}, by=by, now=now,
        findings=[str(row.id) for row in findings],
    )  # fmt: skip
    return found


def known_terms(session: Session, findings: Sequence[Finding]) -> dict[str, str]:
    """What the action tables of the audits say about these findings, as terms: causes and actions with their owners.

    Days of an audit are left out: a plan begins with days of its own.
    """
    terms: dict[str, str] = {}
    rows = [row for finding in findings for row in cap_rows_for(session, finding, limit=1)]
    causes = dict.fromkeys(row.root_cause.strip() for row in rows if row.root_cause.strip())
    if causes:
        terms["root_cause"] = "\n".join(causes)[:8000]
    pairs = [("corrective", row.corrective_action, row.responsible) for row in rows]
    pairs += [("preventive", row.preventive_action, row.responsible) for row in rows]
    actions = dict.fromkeys((kind, text.strip()[:4000], owner.strip()[:200]) for kind, text, owner in pairs if text)
    for number, (kind, text, owner) in enumerate(list(actions)[:MOST_LINES], start=1):
        terms |= {f"action.{number}.kind": kind, f"action.{number}.text": text, f"action.{number}.owner": owner}
    return terms


def plans(
    session: Session,
    *,
    by: Person,
    filters: PlanFilter = PlanFilter(),
    after: uuid.UUID | Place | None = None,
    limit: int = 50,
) -> Slice[Plan]:
    """The plans that the person may see, the earliest clock first. A supplier sees none that was not sent.

    `after` is the last plan of the slice before, or the place at which it stood then.
    """
    query = (
        select(Plan)
        .join(Plan.supplier)
        .where(sees(by), *visible(by), *conditions(filters))
        .options(selectinload(Plan.findings), selectinload(Plan.actions))
    )
    clock = func.coalesce(Plan.clock_on, NEVER)
    if after is not None:
        last = after if isinstance(after, Place) else plan(session, after, by=by)
        query = query.where(tuple_(clock, Plan.id) > tuple_(last.clock_on or NEVER, last.id))
    return Slice.cut(list(session.scalars(query.order_by(clock, Plan.id).limit(limit + 1))), limit)


def count(session: Session, *, by: Person, filters: PlanFilter = PlanFilter()) -> int:
    """How many plans the filters leave."""
    query = select(func.count()).select_from(Plan).join(Plan.supplier)
    return session.scalar(query.where(sees(by), *visible(by), *conditions(filters))) or 0


def plan(session: Session, plan_id: uuid.UUID, *, by: Person) -> Plan:
    """One plan with its findings, lines and messages. Raises NotFound."""
    return _one(session, plan_id, selectinload(Plan.findings), by=by)


def plan_to_show(session: Session, plan_id: uuid.UUID, *, by: Person) -> Plan:
    """The same, with everything that its page shows of the findings, their papers, and who answers for it."""
    whole = selectinload(Plan.findings).options(
        joinedload(Finding.signal_list), joinedload(Finding.document), joinedload(Finding.page)
    )
    return _one(session, plan_id, whole, joinedload(Plan.accountable), joinedload(Plan.repeats), by=by)


def _one(session: Session, plan_id: uuid.UUID, *more: ORMOption, by: Person) -> Plan:
    """The few lines that are short come joined, the others each by themselves."""
    query = (
        select(Plan)
        .join(Plan.supplier)
        .where(Plan.id == plan_id, sees(by), *visible(by))
        .options(
            *more, selectinload(Plan.actions), selectinload(Plan.milestones),
            joinedload(Plan.monitoring), joinedload(Plan.support), selectinload(Plan.messages),
        )
    )  # fmt: skip
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def visible(by: Person) -> list[ColumnElement[bool]]:
    """What of the plans of a supplier this person may see: a supplier sees what was sent to it."""
    return [] if by.works_for_a_buyer else [Plan.sent_at.is_not(None), Plan.state != PlanState.DRAFT]


def conditions(filters: PlanFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on `Plan` rows."""
    found: list[ColumnElement[bool]] = []
    exact = {Plan.state: filters.state, Plan.supplier_id: filters.supplier_id, Plan.severity: filters.severity}
    found.extend(column == value for column, value in exact.items() if value is not None)
    if filters.open is not None:
        found.append(Plan.state.in_(OPEN) if filters.open else Plan.state.in_(ENDED))
    if filters.overdue_on is not None:
        found.append(and_(Plan.state.in_(OPEN), Plan.clock_on < filters.overdue_on))
    if filters.due_by is not None:
        found.append(Plan.clock_on <= filters.due_by)
    if filters.signal:
        found.append(Plan.id.in_(_with_signals(_matches(filters.signal))))
    if filters.waits_for is not None:
        found.append(_turn_of(filters.waits_for))
    if filters.answered is not None:
        drafted = Plan.state == PlanState.DRAFT
        found.append(~drafted if filters.answered else drafted)
    if filters.at_work is not None:
        working = Plan.state.in_(WORKING | {PlanState.AGREED})
        found.append(working if filters.at_work else ~working)
    if filters.repeats:
        found.append(Plan.repeats_id.is_not(None))
    return found


def _turn_of(side: Side) -> ColumnElement[bool]:
    mine = Plan.buyer_signed_by_id if side is Side.BUYER else Plan.supplier_signed_by_id
    states = [state for state, sides in WAITS_FOR.items() if side in sides and state is not PlanState.NEGOTIATION]
    return or_(Plan.state.in_(states), and_(Plan.state == PlanState.NEGOTIATION, mine.is_(None)))


def _matches(signal: str) -> ColumnElement[bool]:
    code = FindingSignal.signal
    return code == signal if "." in signal else code.startswith(f"{signal}.", autoescape=True)


def _with_signals(condition: ColumnElement[bool]) -> ColumnElement[uuid.UUID]:
    return (
        select(PlanFinding.plan_id)
        .join(FindingSignal, FindingSignal.finding_id == PlanFinding.finding_id)
        .where(condition)
        .scalar_subquery()
    )


def _repeated(session: Session, findings: Sequence[Finding]) -> uuid.UUID | None:
    """The latest plan of this supplier that was closed for one of the same signals: the harm has come back."""
    signals = {code for row in findings for code in row.signals}
    query = (
        select(Plan.id)
        .where(
            Plan.supplier_id == findings[0].supplier_id,
            Plan.state.in_(ENDED),
            Plan.closed_as == "done",
            Plan.id.in_(_with_signals(FindingSignal.signal.in_(signals))),
        )
        .order_by(Plan.closed_at.desc(), Plan.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def _country(findings: Sequence[Finding]) -> str | None:
    sites = (row.document.site for row in findings if row.document is not None)
    return next((site.country for site in sites if site is not None), None)
