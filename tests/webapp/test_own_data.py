"""What is held about a person: all of it, in a form for people and one for programs, and nothing of anybody else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable

from sqlalchemy import select

from models.db import Database
from models.journal import Entry
from models.operations import plan_working
from models.people import Person, Role
from questionnaires import helping
from tests.factories import NOON, make_person
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World

Enter = Callable[[Person | None], Browser]


def test_a_person_takes_along_what_is_held_about_them_and_nothing_of_others(
    enter: Enter, world: World, database: Database
) -> None:
    own = world.own
    with database.transaction() as session:
        sender = session.merge(own.sender)
        sender.password_hash = "the secret behind the log-in"
        helper = make_person(session, role=Role.SUPPLIER_USER, organisation=sender.organisation)
        plan_working.say(session, own.plan.id, text="=1+1 is what we pay", by=sender, now=NOON)
        plan_working.say(session, own.plan.id, text="Words of the buyer", by=session.merge(own.reviewer), now=NOON)
        helping.comment(session, own.submission.id, "countries", text="Words of a helper", by=helper, now=NOON)
    visitor = enter(own.sender)
    key = f"/questionnaires/{own.submission.id}/answers"
    visitor.post(key, {"question": "countries", "a.countries": "Perulia", "v.countries": "0:mine"},
                 headers={"X-Salient-Script": "1"})  # fmt: skip
    answer = visitor.post("/account/data")
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    package = zipfile.ZipFile(io.BytesIO(answer.data))
    files = {name: package.read(name).decode("utf-8-sig") for name in package.namelist()}
    told = json.loads(files["data.json"])
    assert told["account"]["email"] == own.sender.email
    assert [row["answer"] for row in told["answers"]] == ["Perulia"]
    assert "=1+1 is what we pay" in [row["text"] for row in told["written"]]
    assert told["acts"][-1]["act"] == "person.data_taken"
    assert told["log_ins"]
    for name, text in files.items():
        for others in ("Words of the buyer", "Words of a helper", own.reviewer.name, own.reviewer.email, helper.name):
            assert others not in text, name
        assert "the secret behind" not in text
    for name, rows in told.items():
        if isinstance(rows, list):
            table = list(csv.reader(io.StringIO(files[f"{name}.csv"])))
            assert len(table) == len(rows) + 1, name
    assert ',"=1+1' not in files["written.csv"], "no spreadsheet carries it out"
    with database.reading() as session:
        taken = session.scalars(select(Entry.actor_id).where(Entry.act == "person.data_taken")).all()
    assert taken == [own.sender.id]


def test_it_is_taken_a_few_times_an_hour_at_most(enter: Enter, world: World) -> None:
    visitor = enter(world.own.reviewer)
    answers = [visitor.post("/account/data").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert enter(world.own.compliance).post("/account/data").status_code == 200
