"""A plan of one's own with the people who act on it through its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from models.db import Database
from models.documents import Document
from models.findings import Severity
from models.operations import triage
from models.people import Person
from models.plan_life import PlanState
from models.plan_paper import terms_of
from models.plans import Plan
from tests.factories import NOON, PAPER, TODAY, make_finding
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World

Enter = Callable[[Person | None], Browser]
DUE = (TODAY + timedelta(days=20)).isoformat()
LATER = (TODAY + timedelta(days=80)).isoformat()
PAGE = PAPER | {"due_on": DUE, "effect_due_on": LATER}


class Desk:
    """A plan of one's own that was just drafted, and the people who act on it."""

    def __init__(self, world: World, database: Database, enter: Enter, severity: Severity = Severity.HIGH) -> None:
        self.database, self.own, self.enter = database, world.own, enter
        with database.transaction() as session:
            finding = make_finding(
                session, document=session.get_one(Document, world.own.document.id), severity=severity
            )
            self.finding_id = finding.id
            self.id = triage.confirm(session, finding.id, by=world.own.reviewer, now=NOON).id

    @property
    def plan(self) -> Plan:
        with self.database.reading() as session:
            found = session.get_one(Plan, self.id)
            terms_of(found)
            return found

    def post(self, who: str, act: str, **form: object) -> Any:
        form = {"version": self.plan.version, "on": self.plan.edition, **form}
        return self.enter(getattr(self.own, who)).post(f"/plans/{self.id}/{act}", form)

    def page(self, who: str, part: str = "") -> str:
        answer = self.enter(getattr(self.own, who)).get(f"/plans/{self.id}{part}")
        assert answer.status_code == 200
        return str(answer.text)

    def agreed(self) -> None:
        assert self.post("reviewer", "edit", **PAGE, do="send-signed").status_code == 303
        assert self.post("sender", "sign").status_code == 303
        assert self.plan.state is PlanState.AGREED
