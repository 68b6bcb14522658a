"""What a supplier may send on from one customer to another, in both kinds of database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.db import Database
from models.documents import Document
from models.errors import NotAllowed, NotFound
from models.operations import receiving, sending_on
from models.people import Person, Role
from models.vault import Stored
from tests.factories import NOON, make_document, make_person, make_supplier


def test_the_list_has_what_was_sent_elsewhere_once_and_page_by_page(database: Database) -> None:
    with database.transaction() as session:
        here = make_supplier(session)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=here.organisation)
        first, second = (make_supplier(session, organisation=here.organisation) for _ in range(2))

        def document(at: int, *, before: Document | None = None, by: Person = sender, to: object = first) -> Document:
            row = make_document(session, supplier=to, by=by, name=f"{at}.pdf", uploaded_at=NOON + timedelta(hours=at))  # type: ignore[arg-type]
            row.sha256 = row.sha256 if before is None else before.sha256
            session.flush()
            return row

        known = document(0, to=here)
        document(1, before=known)
        once = document(2)
        again = document(3, before=once, to=second)
        other = document(4, to=second)
        theirs = make_person(session, role=Role.COMPLIANCE, organisation=first.buyer)
        complaint = document(5, by=theirs)
        stranger = make_person(session, role=Role.SUPPLIER_USER)

        def shown(**more: object) -> tuple[list[str], bool]:
            found = sending_on.elsewhere(session, here.id, by=sender, **more)  # type: ignore[arg-type]
            return [row.name for row in found.rows], found.more

        assert shown() == (["4.pdf", "3.pdf"], False)
        assert shown(limit=1) == (["4.pdf"], True)
        assert shown(limit=1, after=other.id) == (["3.pdf"], False)
        assert shown(name="3") == (["3.pdf"], False)
        stored = Stored(again.sha256, again.size)
        received = sending_on.send_on(session, again.id, here.id, stored, by=sender, now=NOON)
        assert (received.is_new, received.document.supplier_id) == (True, here.id)
        assert shown() == (["4.pdf"], False)
        assert sending_on.same_there(session, once, here.id, by=sender) is received.document
        for wrong, by in ((complaint, sender), (other, stranger), (again, sender)):
            with pytest.raises(NotFound):
                sending_on.send_on(session, wrong.id, here.id, Stored(other.sha256, 1), by=by, now=NOON)
        with pytest.raises(NotAllowed):
            sending_on.send_on(session, other.id, here.id, Stored(other.sha256, 1), by=theirs, now=NOON)
        with pytest.raises(NotFound):
            sending_on.elsewhere(session, here.id, by=stranger)
        held = receiving.documents(session, by=make_person(session, organisation=here.buyer)).rows
        assert {row.name for row in held} == {"0.pdf", "3.pdf"}
