"""Answers are read like any passage and held against what documents say; both sides of a contradiction are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import Database
from models.documents import DocumentState
from models.findings import Finding, RejectReason, Severity, Stage
from models.operations import asking, stating, triage
from models.operations.triage import QueueFilter
from models.submissions import Answer, AnswerSource, Submission, SubmissionState
from models.vault import FolderVault
from screening import answers, jobs
from screening.comparing import Kind, Pair, Relation
from screening.engine.results import Assertion, Explanation, Judgement, Passage, Reading
from screening.engine.results import Finding as Raised
from tests.factories import NOON, make_document, make_finding, make_person, make_submission

QUESTION = "Who keeps the passports?"
held: list[Pair] = []


def judge(reading: Reading) -> tuple[Raised, ...]:
    """A stand-in for the engine: it flags what speaks of debt."""
    return tuple(
        Raised(Passage(page.text, page=page.number, start=0, end=len(page.text), language="en"),
               Judgement(("FL.DEBT",), ("FL",), Assertion.SELF_DISCLOSED, "debt" in page.text, "high", 0.8, 3, "en",
                         Explanation()), ())
        for page in reading.pages
    )  # fmt: skip


def hold(pairs: list[Pair]) -> list[Relation]:
    """A stand-in for the comparer: who says that workers keep their passports is contradicted by a safe."""
    held.extend(pairs)
    return [
        Relation(Kind.CONTRADICTS if "themselves" in pair.answer and "safe" in pair.passage else Kind.UNRELATED, 0.9,
                 "They cannot both be true.")
        for pair in pairs
    ]  # fmt: skip


@contextmanager
def bench(
    database: Database, vault: FolderVault, *, hold: Callable[[list[Pair]], list[Relation]] = hold
) -> Iterator[None]:
    held.clear()
    made = jobs.Workbench(
        database, vault, screen=lambda data: None, draw=lambda data, pages: {}, judge=judge, hold=hold,  # type: ignore[arg-type,return-value]
        comparing=lambda: "test-1", now=lambda: NOON,
    )  # fmt: skip
    with jobs.at(made):
        yield


@pytest.fixture
def submission(database: Database) -> Submission:
    """Submitted answers: one that a document contradicts, and one in free words."""
    with database.transaction() as session:
        made = make_submission(session)
        document = make_document(session, supplier=made.supplier, state=DocumentState.SCREENED)
        make_finding(session, document=document, severity=Severity.CRITICAL)
        person = document.uploaded_by
        for question, told in (
            ("documents_kept", {"question": QUESTION, "answer": "The workers themselves", "kind": "single",
                                "language": "en", "signals": ["FL.DOC"]}),
            ("worry", {"question": "What worries you?", "answer": "Many owe a debt to their agent.", "kind": "text",
                       "language": "en", "signals": ["GOV.STAKE"]}),
        ):  # fmt: skip
            row = Answer(submission_id=made.id, question=question, value="x", reason="", told=told, version=1)
            row.source, row.answered_by_id, row.answered_at = AnswerSource.TYPED, person.id, NOON
            session.add(row)
        made.state, made.submitted_by_id, made.submitted_at = SubmissionState.SUBMITTED, person.id, NOON
        stating.ask(session, made, now=NOON)
        return made


def raised(session: Session, submission: Submission) -> list[Finding]:
    query = select(Finding).where(Finding.answer_id.is_not(None), Finding.supplier_id == submission.supplier_id)
    return sorted(session.scalars(query), key=lambda row: row.quote)


def test_a_contradiction_stands_where_the_passage_stands_with_both_sides_quoted(
    database: Database, vault: FolderVault, submission: Submission
) -> None:
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        words, against = raised(session, submission)
        assert against.quote == "The passports of the workers are kept in the office safe."
        assert against.other_quote == f"{QUESTION} The workers themselves"
        assert against.document is not None
        assert (against.signals, against.severity) == (("INT.INCONS", "FL.DOC"), Severity.CRITICAL)
        assert against.explanation["note"] == "They cannot both be true."
        assert (words.quote, words.document, words.signals) == ("Many owe a debt to their agent.", None, ("FL.DEBT",))
        found = session.get_one(Submission, submission.id)
        assert (found.screening_due_at, found.screening_tries) == (None, 1)


def test_both_wait_in_the_review_queue_and_a_confirmed_one_opens_a_plan(
    database: Database, vault: FolderVault, submission: Submission
) -> None:
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
    with database.transaction() as session:
        reviewer = make_person(session, organisation=submission.supplier.buyer)
        queue = triage.queue(session, by=reviewer, filters=QueueFilter(supplier_id=submission.supplier_id)).rows
        assert sum(row.answer_id is not None for row in queue) == 2
        words = next(row for row in queue if row.document_id is None)
        plan = triage.confirm(session, words.id, by=reviewer, now=NOON)
        assert plan is not None
        assert plan.supplier.id == submission.supplier_id


def test_only_passages_on_the_same_subject_are_held_against_an_answer(
    database: Database, vault: FolderVault, submission: Submission
) -> None:
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
    assert [(pair.question, pair.passage[:13]) for pair in held] == [(QUESTION, "The passports")]


def test_reading_twice_raises_once_and_verdicts_of_people_stay(
    database: Database, vault: FolderVault, submission: Submission
) -> None:
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
        with database.transaction() as session:
            reviewer = make_person(session, organisation=submission.supplier.buyer)
            row = next(row for row in raised(session, submission) if row.other_quote)
            row.reject(RejectReason.HISTORICAL, by=reviewer, remark="", at=NOON)
            stating.ask(session, session.get_one(Submission, submission.id), now=NOON)
        answers.screen_answers(str(submission.id))
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        rows = raised(session, submission)
        assert [row.verdict and row.verdict.value for row in rows] == [None, "rejected"]


def test_what_a_person_corrected_or_asked_about_outlasts_a_fresh_reading(
    database: Database, vault: FolderVault, submission: Submission
) -> None:
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
        with database.transaction() as session:
            reviewer = make_person(session, organisation=submission.supplier.buyer)
            words, against = raised(session, submission)
            triage.change(session, against.id, severity=Severity.LOW, by=reviewer, now=NOON)
            asking.ask(session, words.id, "Which agent is this?", by=reviewer, now=NOON)
            before = [words.id, against.id]
            stating.ask(session, session.get_one(Submission, submission.id), now=NOON)
            session.get_one(Answer, words.answer_id).told = None  # The machine would not raise this one again.
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        rows = raised(session, submission)
        assert [row.id for row in rows] == before
        assert (rows[0].stage, rows[1].severity) == (Stage.ASKED, Severity.LOW)


def test_recalled_answers_are_not_read(database: Database, vault: FolderVault, submission: Submission) -> None:
    with database.transaction() as session:
        session.get_one(Submission, submission.id).state = SubmissionState.IN_PROGRESS
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        assert raised(session, submission) == []


def test_answers_that_wait_unheard_are_rung_for_again(
    database: Database, submission: Submission, rung: list[tuple[str, dict[str, str]]]
) -> None:
    rung.clear()
    with database.transaction() as session:
        assert stating.sweep(session, now=NOON) == 0
        assert stating.sweep(session, now=NOON + 2 * stating.PATIENCE) == 1
    assert rung == [("screen_answers", {"submission_id": str(submission.id)})]


def test_a_new_document_has_the_answers_compared_again(database: Database, submission: Submission) -> None:
    with database.transaction() as session:
        session.get_one(Submission, submission.id).screening_due_at = None
        assert stating.ask_again_for(session, submission.supplier_id, now=NOON) == 1
        assert session.get_one(Submission, submission.id).screening_due_at == NOON


def test_a_document_that_comes_while_answers_are_compared_has_them_compared_once_more(
    database: Database, vault: FolderVault, submission: Submission
) -> None:
    later = NOON + timedelta(minutes=1)

    def meanwhile(pairs: list[Pair]) -> list[Relation]:
        with database.transaction() as session:
            assert stating.ask_again_for(session, submission.supplier_id, now=later) == 1
        return hold(pairs)

    with bench(database, vault, hold=meanwhile):
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        assert session.get_one(Submission, submission.id).screening_due_at == later
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        assert session.get_one(Submission, submission.id).screening_due_at is None


def test_what_is_raised_again_keeps_its_address(database: Database, vault: FolderVault, submission: Submission) -> None:
    with bench(database, vault):
        answers.screen_answers(str(submission.id))
        with database.transaction() as session:
            before = [row.id for row in raised(session, submission)]
            stating.ask(session, session.get_one(Submission, submission.id), now=NOON)
        answers.screen_answers(str(submission.id))
    with database.reading() as session:
        assert [row.id for row in raised(session, submission)] == before
