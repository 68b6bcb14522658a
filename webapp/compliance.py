"""For those who answer for the whole archive: an overview, and every finding with its verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request

from models.findings import Severity, Verdict
from models.operations import listing, planning, receiving, triage
from models.operations.planning import PlanFilter
from models.operations.triage import Position, QueueFilter
from models.plan_life import PlanState
from webapp import desk_filters as desk
from webapp.documents import known
from webapp.doors import optional_key, person, reading, today

pages = Blueprint("compliance", __name__, url_prefix="/compliance")


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings of one severity by what people decided."""

    severity: Severity
    waiting: int
    confirmed: int
    rejected: int

    @property
    def total(self) -> int:
        return self.waiting + self.confirmed + self.rejected


@pages.get("")
def overview() -> str:
    session, by = reading(), person()
    return render_template(
        "overview.html",
        states=receiving.states(session, by=by),
        tallies=_tallies(),
        categories=triage.counts_by_category(session, by=by, filters=QueueFilter(settled=None)),
        overdue=planning.plans(session, by=by, filters=PlanFilter(overdue_on=today()), limit=20),
        disputed=planning.count(session, by=by, filters=PlanFilter(state=PlanState.DISPUTED)),
        today=today(),
    )


@pages.get("/findings")
def findings() -> str:
    """All findings, settled or not, with the filters of the desk and the verdict."""
    filters = filters_asked()
    last = optional_key("after")
    after = None if last is None else Position.of(triage.finding(reading(), last, by=person()))
    listed = listing.lines(reading(), by=person(), filters=filters, after=after)
    asked = desk.asked() | {name: request.args[name] for name in ("verdict",) if request.args.get(name)}
    return render_template(
        "compliance_findings.html",
        listed=listed,
        counts=triage.counts(reading(), by=person(), filters=filters),
        asked=asked,
        **desk.choices(),
    )


def filters_asked() -> QueueFilter:
    """The desk's filters, with settled findings too, or one verdict only (`verdict=open` for those that wait)."""
    settled = False if request.args.get("verdict") == "open" else None
    return replace(desk.filters_asked(), settled=settled, verdict=known(Verdict, "verdict"))


def _tallies() -> list[Tally]:
    session, by = reading(), person()
    waiting = triage.counts(session, by=by)
    confirmed, rejected = (
        triage.counts(session, by=by, filters=QueueFilter(settled=None, verdict=verdict)) for verdict in Verdict
    )
    return [Tally(word, waiting[word], confirmed[word], rejected[word]) for word in Severity]
