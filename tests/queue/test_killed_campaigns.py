"""A worker is ended by force while it invites the suppliers of a large campaign: none is left out or invited twice."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.base import utcnow
from models.campaigns import Campaign, Invitation, Inviting
from models.db import Database
from models.mail import Mail
from models.people import Role
from questionnaires import campaigning, issuing
from tests.factories import make_person
from tests.questionnaires.campaign_house import DUE, DUTCH, SMALL, many_suppliers

ROOT = Path(__file__).parents[2]
MANY = 500


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_worker_leaves_no_supplier_out_and_invites_none_twice(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        lead = make_person(session, role=Role.COMPLIANCE)
        row = issuing.publish(session, SMALL, DUTCH, by=lead, now=utcnow())
        keys = many_suppliers(session, lead.organisation_id, MANY, people=True)
        plan = campaigning.Plan("Large", row.id, keys, DUE.replace(year=utcnow().year + 1))
        made = campaigning.start(session, plan, by=lead, now=utcnow())
    command = [sys.executable, "-m", "tests.queue.inviting_process", database_url, str(made.id)]
    first = subprocess.Popen(command, cwd=ROOT)
    while invited(database) < 200 and first.poll() is None:
        time.sleep(0.002)
    first.kill()
    first.wait()
    before = invited(database)
    subprocess.run(command, cwd=ROOT, check=True)
    assert 200 <= before < MANY, "it was ended in the middle"
    with database.reading() as session:
        assert session.get_one(Campaign, made.id).inviting is Inviting.DONE
        suppliers = session.scalar(select(func.count(Invitation.supplier_id.distinct())))
        people = session.scalar(select(func.count(Mail.person_id.distinct())))
        letters = session.scalar(select(func.count()).select_from(Mail))
    assert (invited(database), suppliers, letters, people) == (MANY, MANY, MANY, MANY)


def invited(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Invitation)) or 0)
