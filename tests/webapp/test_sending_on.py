"""A document of one customer goes to another by the supplier alone: received anew, and neither learns of the other."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.db import Database
from models.discussion import AnswerEvidence
from models.documents import Document, DocumentState
from models.errors import OutOfSpace
from models.findings import Finding
from models.journal import Entry
from models.people import Person, Role
from models.plan_parts import Evidence
from models.plans import PlanState
from models.submissions import Submission, SubmissionState
from models.supplychain import Supplier
from models.vault import FolderVault
from models.work import Work, WorkState
from tests.factories import NOON, make_document, make_finding, make_person, make_plan, make_supplier
from tests.webapp.browsing import Browser, browser
from tests.webapp.conftest import World
from webapp.factory import create_app
from webapp.runtime import Runtime

Enter = Callable[[Person | None], Browser]
QUESTION = "exits_clear"


@dataclass(frozen=True, slots=True)
class Two:
    """A supplier with two customers. The first has a document that was read and judged; the second asks."""

    world: World
    database: Database
    enter: Enter
    first: Supplier
    held: Document
    finding: Finding
    reviewer: Person
    """At the first customer."""

    @property
    def list_of_answer(self) -> str:
        return f"/questionnaires/{self.world.own.submission.id}/questions/{QUESTION}/documents"

    @property
    def list_of_plan(self) -> str:
        return f"/plans/{self.world.own.plan.id}/documents"

    @property
    def doors(self) -> tuple[str, str]:
        return f"{self.list_of_answer}/send", f"{self.list_of_plan}/send"

    def send(self, where: str = "", *, by: Person | None = None, **more: str) -> Any:
        visitor = self.enter(by or self.world.own.sender)
        return visitor.post(where or self.doors[0], {"document": str(self.held.id), **more})

    def of_second(self) -> list[Document]:
        """What the second customer has, beside what it had at the beginning."""
        own = self.world.own
        before = {own.document.id, *self._behind_the_first_question()}
        with self.database.reading() as session:
            rows = session.scalars(select(Document).where(Document.supplier_id == own.supplier.id))
            return [row for row in rows if row.id not in before]

    def state(self) -> tuple[int, ...]:
        """How many rows there are of all that sending could write."""
        with self.database.reading() as session:
            acts = session.scalars(select(Entry.act).where(Entry.act.not_like("person.%"))).all()
            keys = (Document.id, AnswerEvidence.id, Evidence.id, Work.id)
            return (*(len(session.scalars(select(key)).all()) for key in keys), len(acts))

    def _behind_the_first_question(self) -> list[object]:
        with self.database.reading() as session:
            query = select(AnswerEvidence.document_id).where(AnswerEvidence.question == "activity")
            return list(session.scalars(query))


@pytest.fixture
def two(world: World, database: Database, enter: Enter, vault: FolderVault) -> Two:
    with database.transaction() as session:
        sender, buyer = session.merge(world.own.sender), session.merge(world.foreign.supplier.buyer)
        first = make_supplier(session, buyer=buyer, organisation=session.merge(world.own.supplier.organisation))
        held = make_document(session, supplier=first, by=sender, state=DocumentState.SCREENED, name="permit.pdf")
        held.sha256 = vault.put(io.BytesIO(b"%PDF-1.4 permit"), limit=100).sha256
        finding = make_finding(session, document=held)
        finding.quote = "Doors were locked at night"
        reviewer = session.merge(world.foreign.reviewer)
        first.buyer.name = "Firstbuyer"
        session.flush()
        return Two(world, database, enter, first, held, finding, reviewer)


def test_what_other_customers_have_is_offered_and_one_page_says_what_sending_means(two: Two) -> None:
    visitor = two.enter(two.world.own.sender)
    for where in (two.list_of_answer, two.list_of_plan):
        listed = visitor.get(where).text
        assert ("permit.pdf" in listed, "Firstbuyer" in listed) == (True, True)
        page = visitor.get(f"{where}?document={two.held.id}").text
        buyer = two.world.own.supplier.buyer.name
        for said in (f"{buyer} will see all of it: its name", "does not see that you sent it to Firstbuyer",
                     "Sending cannot be taken back", f'action="{where}/send"'):  # fmt: skip
            assert said in page, said
    assert two.of_second() == []


def test_it_is_received_as_any_upload_is_and_stands_behind_the_answer(
    two: Two, rung: list[tuple[str, dict[str, str]]]
) -> None:
    rung.clear()
    answer = two.send(pages="1", valid_until="2027-01-31")
    assert answer.status_code == 303
    (new,) = two.of_second()
    assert (new.sha256, new.name, new.uploaded_by_id) == (two.held.sha256, "permit.pdf", two.world.own.sender.id)
    assert (new.state, new.pages, new.site_id) == (DocumentState.RECEIVED, 0, None)
    assert rung == [("screen_document", {"document_id": str(new.id)})]
    with two.database.reading() as session:
        work = session.scalars(select(Work).where(Work.document_id == new.id)).one()
        row = session.scalars(select(AnswerEvidence).where(AnswerEvidence.document_id == new.id)).one()
    assert work.state is WorkState.WAITING
    assert (row.question, row.pages, str(row.valid_until)) == (QUESTION, "1", "2027-01-31")
    listed = two.enter(two.world.own.sender).get(two.list_of_answer).text
    assert f"document={new.id}" in listed
    assert "Sent to your other customers" not in listed


def test_neither_customer_learns_of_the_other(two: Two) -> None:
    two.send()
    (new,) = two.of_second()
    own = two.world.own
    for person in (own.reviewer, own.compliance, own.admin):
        visitor = two.enter(person)
        for where in (f"/documents/{new.id}", "/documents", "/queue?supplier=" + str(own.supplier.id)):
            page = visitor.get(where).text
            assert "Firstbuyer" not in page
            assert "Doors were locked" not in page
            assert str(two.held.id) not in page
        assert visitor.get(f"/documents/{two.held.id}").status_code == 404
        assert visitor.get(f"/documents/{two.held.id}/file").status_code == 404
    assert f"/documents/{new.id}" in two.enter(own.reviewer).get("/documents").text
    there = two.enter(two.reviewer)
    assert there.get(f"/documents/{new.id}").status_code == 404
    for where in (f"/documents/{two.held.id}", "/documents"):
        page = there.get(where).text
        assert own.supplier.buyer.name not in page
        assert str(new.id) not in page


def test_each_journal_has_what_is_its_own(two: Two) -> None:
    two.send()
    (new,) = two.of_second()
    own = two.world.own
    with two.database.reading() as session:
        rows = session.scalars(
            select(Entry).where(Entry.actor_id == own.sender.id, Entry.act.not_like("person.%"))
        ).all()
    of = {key: [row for row in rows if row.organisation_id == key] for key in {row.organisation_id for row in rows}}
    assert two.first.buyer_id not in of
    at_second = of[own.supplier.buyer_id]
    assert [row.act for row in at_second if row.act in ("document.received", "evidence.attached")] == [
        "document.received", "evidence.attached",
    ]  # fmt: skip
    assert not any(str(key) in row.detail for row in at_second for key in (two.held.id, two.first.id))
    (sent,) = of[own.supplier.organisation_id]
    assert (sent.act, sent.thing_id) == ("document.sent_on", str(new.id))
    assert json.loads(sent.detail) == {"document": str(two.held.id), "sent_to": str(own.supplier.id)}


def test_it_becomes_evidence_of_a_step_in_a_plan(two: Two) -> None:
    own = two.world.own
    assert two.send(two.doors[1], milestone=str(own.milestone_id)).status_code == 303
    (new,) = two.of_second()
    with two.database.reading() as session:
        row = session.scalars(select(Evidence).where(Evidence.document_id == new.id)).one()
    assert (row.plan_id, row.milestone_id) == (own.plan.id, own.milestone_id)
    again = two.send(two.doors[1])
    assert (again.status_code, "part of the plan already" in again.text) == (409, True)
    assert len(two.of_second()) == 1


def test_the_same_document_twice_is_one(two: Two) -> None:
    assert [two.send(pages=pages).status_code for pages in ("1", "2")] == [303, 303]
    (new,) = two.of_second()
    with two.database.reading() as session:
        assert session.scalars(select(AnswerEvidence.pages).where(AnswerEvidence.document_id == new.id)).all() == ["2"]
    page = two.enter(two.world.own.sender).get(f"{two.list_of_answer}?document={two.held.id}").text
    assert ("Sending cannot be taken back" in page, f'value="{new.id}"' in page) == (False, True)


def test_bytes_that_several_customers_have_are_offered_once_as_sent_last(two: Two) -> None:
    with two.database.transaction() as session:
        third = make_supplier(session, organisation=session.merge(two.world.own.supplier.organisation))
        last = make_document(
            session, supplier=third, by=session.merge(two.world.own.sender), name="permit-2026.pdf",
            uploaded_at=NOON + timedelta(hours=1),
        )  # fmt: skip
        last.sha256 = two.held.sha256
    visitor = two.enter(two.world.own.sender)
    listed = visitor.get(two.list_of_answer).text
    assert (f"document={last.id}" in listed, f"document={two.held.id}" in listed) == (True, False)
    assert "permit-2026.pdf" not in visitor.get(f"{two.list_of_answer}?name=nothing").text


def test_what_the_second_customer_holds_of_itself_is_not_told_by_the_list(two: Two) -> None:
    own = two.world.own
    with two.database.transaction() as session:
        secret = make_document(
            session, supplier=session.merge(own.supplier), by=session.merge(own.compliance), name="whistle.pdf"
        )
        secret.sha256 = two.held.sha256
    listed = two.enter(own.sender).get(two.list_of_answer).text
    assert f"document={two.held.id}" in listed
    assert "whistle.pdf" not in listed
    assert two.send().status_code == 303
    (new,) = two.of_second()
    assert (new.id, new.name) == (secret.id, "permit.pdf"), "as it is when the file is uploaded"


def test_nobody_sends_what_their_own_people_did_not_send(two: Two, vault: FolderVault) -> None:
    own = two.world.own
    with two.database.transaction() as session:
        complaint = make_document(session, supplier=session.merge(two.first), by=session.merge(two.reviewer))
        complaint.sha256 = vault.put(io.BytesIO(b"%PDF-1.4 complaint"), limit=100).sha256
    before = two.state()
    visitor = two.enter(own.sender)
    for wanted in (complaint, two.world.sibling.document, two.world.foreign.document):
        for where in (two.list_of_answer, two.list_of_plan):
            assert visitor.get(f"{where}?document={wanted.id}").status_code == 404
            assert visitor.post(f"{where}/send", {"document": str(wanted.id)}).status_code == 404
    for person, status in ((two.world.sibling.sender, 404), (own.reviewer, 403), (two.reviewer, 403)):
        assert [two.send(where, by=person).status_code for where in two.doors] == [status, status]
    assert "permit.pdf" not in two.enter(two.world.foreign.sender).get("/documents").text
    assert [two.enter(own.sender).post(where, {}).status_code for where in two.doors] == [422, 422]
    assert two.state() == before


def test_the_ordinary_way_never_sends_anything_on(two: Two) -> None:
    before = two.state()
    visitor, data = two.enter(two.world.own.sender), {"document": str(two.held.id)}
    ordinary = (
        two.list_of_answer, two.list_of_answer.replace("/documents", "/evidence"),
        two.list_of_plan.replace("/documents", "/evidence"),
    )  # fmt: skip
    assert [visitor.post(where, data).status_code for where in ordinary] == [404, 404, 404]
    assert two.state() == before


def test_after_the_answers_are_handed_over_or_the_plan_is_closed_nothing_is_sent(two: Two) -> None:
    own = two.world.own
    with two.database.transaction() as session:
        laid = session.get_one(Submission, own.submission.id)
        laid.state, laid.submitted_at, laid.submitted_by_id = SubmissionState.SUBMITTED, NOON, own.sender.id
        finding = make_finding(session, document=session.get_one(Document, own.document.id))
        plan = make_plan(
            session, finding=finding, by=session.merge(own.reviewer), state=PlanState.CLOSED,
            supplier_person=session.merge(own.sender),
        )  # fmt: skip
    before, closed = two.state(), f"/plans/{plan.id}/documents"
    assert [two.send(where).status_code for where in (two.doors[0], f"{closed}/send")] == [409, 409]
    visitor = two.enter(own.sender)
    assert [visitor.get(where).status_code for where in (two.list_of_answer, closed)] == [303, 303]
    assert two.state() == before


def test_what_is_not_there_any_more_is_said_and_nothing_is_sent(two: Two, vault: FolderVault) -> None:
    vault.delete(two.held.sha256)
    before = two.state()
    for where in two.doors:
        answer = two.send(where)
        assert (answer.status_code, "send the file itself" in answer.text) == (422, True)
    with two.database.transaction() as session:
        session.delete(session.get_one(Finding, two.finding.id))
        session.delete(session.scalars(select(Work).where(Work.document_id == two.held.id)).one())
        session.delete(session.get_one(Document, two.held.id))
    assert [two.send(where).status_code for where in two.doors] == [404, 404]
    assert two.state() == (before[0] - 1, *before[1:3], before[3] - 1, before[4])


def test_a_day_or_a_step_that_cannot_be_leaves_everything_as_it_was(two: Two) -> None:
    before = two.state()
    late = two.send(valid_from="2026-05-01", valid_until="2026-04-01")
    assert (late.status_code, 'value="2026-05-01"' in late.text) == (422, True)
    assert "Sending cannot be taken back" in late.text
    assert two.send(valid_from="tomorrow").status_code == 422
    assert two.send(two.list_of_answer.replace(QUESTION, "no_such") + "/send").status_code == 404
    assert two.send(two.doors[1], milestone=str(two.world.sibling.milestone_id)).status_code == 404
    assert two.state() == before


def test_a_full_store_and_a_supplier_without_room_leave_everything_as_it_was(
    two: Two, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = two.state()

    def full(*_args: object, **_more: object) -> None:
        raise OutOfSpace("The store is full: nothing was kept. Tell the operator and try again later.")

    with monkeypatch.context() as patched:
        patched.setattr(FolderVault, "put", full)
        for where in two.doors:
            answer = two.send(where)
            assert (answer.status_code, "The store is full" in answer.text) == (507, True)
    small = create_app(
        runtime=replace(runtime, settings=replace(runtime.settings, supplier_megabytes=0)), clock=lambda: NOON
    )
    answer = browser(small, two.database, two.world.own.sender).post(two.doors[0], {"document": str(two.held.id)})
    assert (answer.status_code, "The room for this supplier is full" in answer.text) == (507, True)
    assert two.state() == before


def test_the_days_that_were_given_for_one_customer_are_offered_for_the_next(two: Two) -> None:
    own = two.world.own
    with two.database.transaction() as session:
        session.add(
            AnswerEvidence(
                submission_id=own.submission.id, question="activity", document_id=two.held.id, reason="",
                attached_by_id=own.sender.id, attached_at=NOON, valid_until=NOON.date() + timedelta(days=300),
            )
        )  # fmt: skip
    page = two.enter(own.sender).get(f"{two.list_of_answer}?document={two.held.id}").text
    assert f'value="{NOON.date() + timedelta(days=300)}"' in page
    other = two.enter(two.world.sibling.sender).get(f"{two.list_of_answer}?document={two.held.id}")
    assert other.status_code == 404


def test_a_colleague_at_the_supplier_sends_what_another_one_sent(two: Two) -> None:
    with two.database.transaction() as session:
        organisation = session.merge(two.world.own.supplier.organisation)
        colleague = make_person(session, role=Role.SUPPLIER_USER, organisation=organisation)
    assert two.send(by=colleague).status_code == 303
    assert [row.uploaded_by_id for row in two.of_second()] == [colleague.id]
