"""What people did in an invented installation: verdicts, second opinions, questions, plans, and the journal of it."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, time, timedelta
from typing import Any

from models.findings import RejectReason, Severity, Stage, Verdict
from models.journal import seal_of
from models.plan_life import PlanState
from models.plan_terms import ActionKind
from models.plans import Closure, Verification
from webapp.seeding.company import Company, Keys
from webapp.seeding.papers import Paper
from webapp.seeding.writing import Row

NEW = 30.0
"""Days: of what came since then, most waits; of what is older, little that is grave."""
_OVERLOOKED = {Severity.CRITICAL: 0.01, Severity.HIGH: 0.03, Severity.MEDIUM: 0.08, Severity.LOW: 0.14}
_CONFIRMED = 0.4
_REASONS = (RejectReason.NEGATED, RejectReason.POLICY, RejectReason.BOILERPLATE, RejectReason.NO_HARM,
            RejectReason.REMEDIATED, RejectReason.HISTORICAL, RejectReason.DUPLICATE)  # fmt: skip
_WHY = (30, 55, 75, 88, 94, 98, 100)
_ON_THE_WAY = ((0.9, Stage.OPEN), (0.95, Stage.SECOND), (0.96, Stage.ADJUDICATION), (0.99, Stage.ASKED))
_STATES = (PlanState.DRAFT, PlanState.SENT, PlanState.IN_PROGRESS, PlanState.CLOSED, PlanState.EFFECTIVE)
_STANDING = (8, 16, 40, 65, 100)


class Deeds:
    """The rows that stand behind decisions, gathered paper by paper; the journal's chain runs through all."""

    def __init__(self, company: Company, draw: random.Random, number: int, seal: str) -> None:
        self.company, self.draw, self.keys = company, draw, Keys(draw)
        self.number, self.seal = number, seal
        self.clear()

    def clear(self) -> None:
        """Forget the rows that were written."""
        self.opinions: list[Row] = []
        self.askings: list[Row] = []
        self.plans: list[Row] = []
        self.plan_findings: list[Row] = []
        self.actions: list[Row] = []
        self.milestones: list[Row] = []
        self.journal: list[Row] = []

    def decide(self, paper: Paper) -> None:
        """Settle what was settled by now, and open the plan for what was confirmed."""
        confirmed = []
        for row in paper.findings:
            share = 0.9 if paper.age < NEW else _OVERLOOKED[row["severity"]]
            if self.draw.random() < share:
                self._wait(row)
                continue
            self._settle(row)
            if row["verdict"] is Verdict.CONFIRMED:
                confirmed.append(row)
        if confirmed:
            self._plan(paper, confirmed)

    def _settle(self, row: Row) -> None:
        by = self._reviewer()
        at = row["raised_at"] + timedelta(hours=1 + self.draw.random() * 24 * 20)
        row.update(stage=Stage.SETTLED, judged_by_id=by, judged_at=at)
        if self.draw.random() < _CONFIRMED:
            row["verdict"] = Verdict.CONFIRMED
            self._note("finding.confirmed", row["id"], by, at, "{}")
            return
        reason = self.draw.choices(_REASONS, cum_weights=_WHY)[0]
        row.update(verdict=Verdict.REJECTED, reject_reason=reason)
        self._note("finding.rejected", row["id"], by, at, f'{{"reason": "{reason.value}"}}')

    def _wait(self, row: Row) -> None:
        drawn, at = self.draw.random(), row["raised_at"] + timedelta(hours=2)
        row["stage"] = next((stage for share, stage in _ON_THE_WAY if drawn < share), Stage.ESCALATED)
        if row["stage"] is not Stage.OPEN:
            row["touched_at"] = at
        if row["stage"] in (Stage.SECOND, Stage.ADJUDICATION):
            first = self._reviewer()
            self._opinion(row, 1, first, Verdict.CONFIRMED, at)
            if row["stage"] is Stage.ADJUDICATION:
                others = [key for key in (*self.company.reviewers, self.company.admin_id) if key != first]
                self._opinion(row, 2, self.draw.choice(others), Verdict.REJECTED, at)
        elif row["stage"] is Stage.ASKED:
            self.askings.append(
                {"id": self.keys.at(at), "finding_id": row["id"], "supplier_id": row["supplier_id"],
                 "text": "Which months does this concern?", "asked_by_id": self._reviewer(), "asked_at": at}
            )  # fmt: skip

    def _opinion(self, row: Row, number: int, by: uuid.UUID, verdict: Verdict, at: datetime) -> None:
        reason = RejectReason.POLICY if verdict is Verdict.REJECTED else None
        self.opinions.append(
            {"id": self.keys.at(at), "finding_id": row["id"], "round": number, "person_id": by, "verdict": verdict,
             "reject_reason": reason, "signal": "", "given_at": at}
        )  # fmt: skip

    def _plan(self, paper: Paper, confirmed: list[Row]) -> None:
        at = max(row["judged_at"] for row in confirmed)
        state = PlanState.DRAFT if paper.age < NEW else self.draw.choices(_STATES, cum_weights=_STANDING)[0]
        key, day = self.keys.at(at), at.date()
        gravest = min((row["severity"] for row in confirmed), key=lambda severity: severity.rank)
        signed, ended = state not in _STATES[:2], state in _STATES[3:]
        due, late = day + timedelta(days=60), day + timedelta(days=150)
        done = at + timedelta(days=50)
        company, supplier = self.company, paper.relation.person_id
        self.plans.append({
            "id": key, "supplier_id": paper.relation.supplier_id, "state": state, "severity": gravest,
            "country": paper.relation.country, "version": 1, "root_cause": "The shift plan left no room for rest.",
            "due_on": due, "indicator": "Hours a week in the gate log", "target": "48 at most", "effect_due_on": late,
            "opened_by_id": confirmed[0]["judged_by_id"], "opened_at": at,
            "sent_at": None if state is PlanState.DRAFT else at + timedelta(days=1),
            "accountable_id": company.lead_id, "agree_by": day + timedelta(days=14),
            "buyer_signed_by_id": company.lead_id if signed else None,
            "supplier_signed_by_id": supplier if signed else None,
            "began_at": at + timedelta(days=10) if signed else None,
            "evidence_by_id": supplier if ended else None, "evidence_at": done if ended else None,
            "verifier_id": company.admin_id if ended else None, "verification": Verification.PAPERS if ended else None,
            "remedy_decided_by_id": company.lead_id if ended else None,
            "closed_by_id": company.admin_id if ended else None, "closed_at": done if ended else None,
            "closed_as": Closure.DONE if ended else None, "closure_reason": "Seen in the log." if ended else "",
            "effect_on": late if state is PlanState.EFFECTIVE else None,
            "effect_by_id": company.lead_id if state is PlanState.EFFECTIVE else None,
            "effect_result": "Holds." if state is PlanState.EFFECTIVE else "",
            "clock_on": _clock(state, day, due, late),
        })  # fmt: skip
        self.plan_findings += [{"plan_id": key, "finding_id": row["id"]} for row in confirmed]
        self._lines(key, due, supplier if ended else None, done if ended else None)

    def _lines(self, plan: uuid.UUID, due: Any, by: uuid.UUID | None, at: datetime | None) -> None:
        moment = datetime.combine(due, time())
        step = {"plan_id": plan, "line": 1, "due_on": due, "done_at": at, "done_by_id": by}
        self.actions.append(
            {**step, "id": self.keys.at(moment), "text": "Plan the season with hours that can be kept.",
             "kind": ActionKind.CORRECTIVE}
        )  # fmt: skip
        self.milestones.append({**step, "id": self.keys.at(moment), "title": "New shift plan", "evidence": "The plan"})

    def _reviewer(self) -> uuid.UUID:
        return self.draw.choices(self.company.reviewers, cum_weights=self.company.busy)[0]

    def _note(self, act: str, thing: uuid.UUID, by: uuid.UUID, at: datetime, detail: str) -> None:
        """An entry as `models.journal.note` writes it, sealed in the same way."""
        self.number += 1
        whose, name = self.company.buyer_id, str(thing)
        seal = seal_of(self.number, at, whose, by, act, name, detail, self.seal)
        row = {
            "number": self.number, "at": at, "organisation_id": whose, "actor_id": by, "act": act, "thing_id": name,
            "detail": detail, "previous": self.seal, "seal": seal,
        }  # fmt: skip
        self.seal = seal
        self.journal.append(row)


def _clock(state: PlanState, day: Any, due: Any, late: Any) -> Any:
    """Which day ends the clock that runs in this state (`models.plans.Plan.set_clock`)."""
    if state is PlanState.EFFECTIVE:
        return None
    return {PlanState.IN_PROGRESS: due, PlanState.CLOSED: late}.get(state, day + timedelta(days=14))
