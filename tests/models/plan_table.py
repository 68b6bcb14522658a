"""A plan with its people on both sides, for the tests that let them act on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from models.db import Database
from models.findings import Severity
from models.operations import plan_agreeing as agreeing
from models.operations import plan_disputes as disputes
from models.operations import plan_verifying as verifying
from models.operations import plan_working as working
from models.operations import planning, triage
from models.people import Person, Role
from models.plan_paper import terms_of
from models.plans import Plan
from tests.factories import NOON, PAPER, TODAY, make_finding, make_person

DUE = TODAY + timedelta(days=20)
AFTER = DUE + timedelta(days=60)
WRITTEN = PAPER | {
    "due_on": DUE.isoformat(),
    "effect_due_on": AFTER.isoformat(),
    "milestone.1.title": "Buy lockers",
    "milestone.1.due_on": TODAY.isoformat(),
    "milestone.1.evidence": "Bill and photograph",
    "action.2.kind": "buyer",
    "action.2.text": "Pay for half of the lockers",
    "action.2.owner": "Buying department",
    "action.2.lever": "cost_share",
}


class Table:
    """A confirmed finding with its draft plan, and people on both sides."""

    def __init__(self, database: Database, *, severity: Severity = Severity.HIGH) -> None:
        self.database, self.now = database, NOON
        with database.transaction() as session:
            finding = make_finding(session, severity=severity)
            self.finding_id, buyer = finding.id, finding.supplier.buyer
            self.reviewer, self.colleague = (make_person(session, organisation=buyer) for _ in range(2))
            self.lead = make_person(session, role=Role.COMPLIANCE, organisation=buyer)
            supplying = finding.supplier.organisation
            self.supplier = make_person(session, role=Role.SUPPLIER_USER, organisation=supplying)
            self.id = triage.confirm(session, finding.id, by=self.reviewer, now=NOON).id

    def do(self, act: Callable[..., Any], by: Person, **how: Any) -> Plan:
        with self.database.transaction() as session:
            if "on" not in how and act not in FREE:
                how["version"] = session.get_one(Plan, self.id).version
            act(session, self.id, by=by, now=self.now, **how)
        return self.see()

    def write(self, by: Person, **changes: str) -> Plan:
        found = self.see()
        return self.do(agreeing.write, by, terms=terms_of(found) | WRITTEN | changes, on=found.edition)

    def see(self, by: Person | None = None) -> Plan:
        with self.database.reading() as session:
            return planning.plan(session, self.id, by=by or self.reviewer)

    def agreed(self) -> Plan:
        self.write(self.reviewer)
        self.do(agreeing.send, self.reviewer, signed=True)
        return self.do(agreeing.sign, self.supplier)

    def submitted(self) -> Plan:
        self.agreed()
        return self.do(verifying.submit_evidence, self.supplier, text="All 14 have signed for theirs.")


FREE = (working.finish_milestone, working.finish_action, working.say, working.decide_remedy, working.contain,
        disputes.ask_extension, working.assign)  # fmt: skip
