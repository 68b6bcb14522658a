"""The journal of an organisation, newest first: who did what, to which thing, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from sqlalchemy import select

from models.journal import Entry
from models.people import Person
from webapp.doors import person, reading

pages = Blueprint("journal", __name__, url_prefix="/journal")

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, with the name of who acted; an empty name stands for the system itself."""

    number: int
    at: datetime
    who: str
    act: str
    thing_id: str
    seal: str


@pages.get("")
def index() -> str:
    before = request.args.get("before", "")
    query = (
        select(Entry, Person.name)
        .outerjoin(Person, Person.id == Entry.actor_id)
        .where(Entry.organisation_id == person().organisation_id)
        .order_by(Entry.number.desc())
        .limit(SHOWN + 1)
    )
    if before.isascii() and before.isdigit() and len(before) < 16:
        query = query.where(Entry.number < int(before))
    rows = reading().execute(query).all()
    lines = [Line(e.number, e.at, name or "", e.act, e.thing_id, e.seal) for e, name in rows[:SHOWN]]
    return render_template("journal.html", lines=lines, more=len(rows) > SHOWN)
