"""Answers are held against what the supplier answered before: a problem that is told no longer waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import Database
from models.documents import DocumentState
from models.findings import Finding, FindingEarlier, Severity
from models.operations import stating, triage
from models.operations.triage import QueueFilter
from models.people import Person
from models.submissions import Answer, AnswerSource, Submission, SubmissionState
from models.supplychain import Supplier
from models.vault import FolderVault
from screening import answers
from tests.factories import NOON, make_document, make_finding, make_person, make_submission, make_supplier
from tests.screening.test_answers import bench

QUESTION = "Who keeps the passports?"


def told(answer: str, *, admits: bool, kind: str = "single") -> dict[str, object]:
    return {"question": QUESTION, "answer": answer, "kind": kind, "language": "en", "signals": ["FL.DOC"],
            "admits": admits}  # fmt: skip


def submitted(
    session: Session, supplier: Supplier, by: Person, words: dict[str, object], *, at: datetime = NOON
) -> Submission:
    made = make_submission(session, supplier=supplier)
    row = Answer(submission_id=made.id, question="documents_kept", value="x", reason="", told=words, version=1)
    row.source, row.answered_by_id, row.answered_at = AnswerSource.TYPED, by.id, at
    session.add(row)
    made.state, made.submitted_by_id, made.submitted_at = SubmissionState.SUBMITTED, by.id, at
    stating.ask(session, made, now=at)
    session.flush()
    return made


def read(
    database: Database, vault: FolderVault, before: dict[str, object], now: dict[str, object],
    *, days: int = 300, other: bool = False,
) -> tuple[list[Finding], Submission]:  # fmt: skip
    """Earlier answers, then these, both read; what was raised about these."""
    with database.transaction() as session:
        supplier = make_supplier(session)
        by = make_document(session, supplier=supplier).uploaded_by
        first = submitted(session, make_supplier(session) if other else supplier, by, before, at=NOON - timedelta(days))
        second = submitted(session, supplier, by, now)
    with bench(database, vault):
        answers.screen_answers(str(first.id))
        answers.screen_answers(str(second.id))
    with database.reading() as session:
        mine = select(Answer.id).where(Answer.submission_id == second.id)
        return list(session.scalars(select(Finding).where(Finding.answer_id.in_(mine)))), second


def test_a_problem_that_is_told_no_longer_waits_in_the_queue_with_both_answers(
    database: Database, vault: FolderVault
) -> None:
    before, now = told("The office, in a safe", admits=True), told("The workers themselves", admits=False)
    found, _ = read(database, vault, before, now)
    assert [(row.quote, row.other_quote) for row in found] == [
        (f"{QUESTION} The office, in a safe", f"{QUESTION} The workers themselves")
    ]
    with database.transaction() as session:
        row = session.get_one(Finding, found[0].id)
        assert (row.document_id, row.signals, row.severity) == (None, ("INT.INCONS", "FL.DOC"), Severity.CRITICAL)
        assert row.earlier is not None
        assert row.earlier.said_on == (NOON - timedelta(300)).date()
        reviewer = make_person(session, organisation=row.supplier.buyer)
        queue = triage.queue(session, by=reviewer, filters=QueueFilter(from_answers=True)).rows
        assert [each.id for each in queue] == [row.id]


@pytest.mark.parametrize(
    ("before", "now", "days", "other"),
    [
        (told("The workers themselves", admits=False), told("The office", admits=True), 300, False),
        (told("The office", admits=True), told("The office", admits=True), 300, False),
        (told("The office", admits=True), told("The workers themselves", admits=False), 800, False),
        (told("The office", admits=True), told("The workers themselves", admits=False), 300, True),
    ],
    ids=["who admits more is not held to it", "the same again", "too long ago", "said to somebody else"],
)
def test_what_contradicts_nothing_raises_nothing(
    database: Database, vault: FolderVault, before: dict[str, object], now: dict[str, object], days: int, other: bool
) -> None:
    assert read(database, vault, before, now, days=days, other=other)[0] == []


def test_free_words_of_before_are_held_against_the_answers_of_now(database: Database, vault: FolderVault) -> None:
    before = told("Many owe a debt, and papers lie in a safe.", admits=False, kind="text") | {"signals": ["FL.DEBT"]}
    now = told("The workers themselves", admits=False, kind="single") | {"signals": ["FL.DEBT"]}
    found, _ = read(database, vault, before, now)
    assert [row.quote for row in found] == ["Many owe a debt, and papers lie in a safe."]
    with database.reading() as session:
        assert session.scalars(select(FindingEarlier)).one().finding_id == found[0].id


def test_a_fresh_reading_raises_it_once(database: Database, vault: FolderVault) -> None:
    before, now = told("The office, in a safe", admits=True), told("The workers themselves", admits=False)
    found, submission = read(database, vault, before, now)
    with database.transaction() as session:
        stating.ask(session, session.get_one(Submission, submission.id), now=NOON)
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        assert session.scalars(select(Finding.id).where(Finding.other_quote != "")).all() == [found[0].id]


def test_a_complaint_that_was_sent_contradicts_an_answer(database: Database, vault: FolderVault) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        complaint = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
        complaint.document_type = "grievance"
        make_finding(session, document=complaint)
        made = submitted(session, supplier, complaint.uploaded_by, told("The workers themselves", admits=False))
    with bench(database, vault):
        answers.screen_answers(str(made.id))
    with database.reading() as session:
        row = session.scalars(select(Finding).where(Finding.other_quote != "")).one()
        assert (row.document_id, row.earlier) == (complaint.id, None)
