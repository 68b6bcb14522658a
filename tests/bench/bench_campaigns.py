"""Times thousands who are asked at once: by a campaign, its lists and reminders, and by a questionnaire without one.

Prints wall and processor seconds of each in one process on SQLite. Usage: python -m tests.bench.bench_campaigns [5000]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import migrations
from models.base import utcnow
from models.campaigns import Campaign
from models.db import Database
from models.issuings import Issuing
from models.people import Person, Role
from models.submissions import Submission
from models.supplychain import Supplier
from questionnaires import campaigning, following, inviting, issuing, issuing_many, returning
from questionnaires.values import Json
from tests.factories import make_person
from tests.questionnaires.campaign_house import many_suppliers


def timed(what: str, act: Callable[[], object]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    act()
    print(f"{what}: {time.perf_counter() - wall:.2f} s, processor {time.process_time() - processor:.2f} s")


def measure(database: Database, many: int) -> None:
    now = utcnow()
    with database.transaction() as session:
        lead = make_person(session, role=Role.COMPLIANCE)
        row = issuing.publish_shipped(session, "entry", now=now)
        keys = many_suppliers(session, lead.organisation_id, many, people=True)
    plan = campaigning.Plan("Large", row.id, keys, now.date() + timedelta(days=30))
    portions: list[float] = []

    def start() -> None:
        with database.transaction() as session:
            campaigning.start(session, plan, by=session.get_one(Person, lead.id), now=now)

    def invite() -> None:
        more = True
        while more:
            began = time.perf_counter()
            with database.transaction() as session:
                more = inviting.work(session, campaign_of(session).id, now=utcnow())
            portions.append(time.perf_counter() - began)

    def look() -> None:
        with database.reading() as session:
            found = returning.lines(session, campaign_of(session))
            returning.full(session, found[:50])
            assert len(found) == many

    def remind() -> None:
        with database.transaction() as session:
            by = session.get_one(Person, lead.id)
            campaigning.remind(session, campaign_of(session).id, None, by=by, now=utcnow())

    def follow() -> None:
        with database.transaction() as session:
            following.follow(session, now=now + timedelta(days=16))

    def campaign_of(session: Session) -> Campaign:
        return session.scalars(select(Campaign)).one()

    timed("start", start)
    timed("inviting the others", invite)
    print(f"longest portion of {inviting.PORTION}: {max(portions):.2f} s")
    timed("lines and fifty whole rows", look)
    timed("reminding all", remind)
    timed("the clock, 500 reminders", follow)


def measure_issuing(database: Database, many: int, name: str, prefilled: dict[str, Json]) -> None:
    """As `/questionnaires/new` does for all suppliers, with what the buyer fills in."""
    now = utcnow()
    with database.transaction() as session:
        lead = make_person(session, role=Role.COMPLIANCE)
        row = issuing.publish_shipped(session, name, now=now)
        keys = many_suppliers(session, lead.organisation_id, many)
    order = issuing_many.Order(row.id, keys, now.date() + timedelta(days=30), prefilled=prefilled)
    portions: list[float] = []

    def begin() -> None:
        with database.transaction() as session:
            issuing_many.begin(session, order, by=session.get_one(Person, lead.id), now=now)

    def issue() -> None:
        more = True
        while more:
            began = time.perf_counter()
            with database.transaction() as session:
                key = session.scalars(select(Issuing.id).where(Issuing.buyer_id == lead.organisation_id)).one()
                more = issuing_many.work(session, key, now=utcnow())
            portions.append(time.perf_counter() - began)

    timed(f"issuing '{name}', the request", begin)
    timed("issuing it to the others", issue)
    print(f"longest portion of {inviting.PORTION}: {max(portions):.2f} s")
    with database.reading() as session:
        laid = select(func.count()).select_from(Submission).where(Submission.supplier_id.in_(select(Supplier.id).where(
            Supplier.buyer_id == lead.organisation_id
        )))  # fmt: skip
        assert session.scalar(laid) == many


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/campaigns.db")
        migrations.upgrade(database.engine)
        measure(database, many)
        measure_issuing(database, many, "entry", {})
        measure_issuing(database, many, "full", {"inherent_risk": "high"})
        database.close()


if __name__ == "__main__":
    main()
