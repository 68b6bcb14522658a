"""Reviewing, helping and reusing: a person behind every step, nothing shown too early, nothing reused unasked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models.db import Database
from models.discussion import AnswerEvidence
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.people import Person, Role
from models.submissions import EvidenceVerdict, Share, Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires import answering, helping, issuing, peers, reusing, reviewing, sharing, shelf, standing
from questionnaires.answering import Given
from questionnaires.helping import Paper
from tests.factories import NOON, make_document, make_person, make_supplier
from tests.questionnaires.conftest import House, furnish

ABOUT = """
id: about
version: "1"
title: About
sections:
  - id: a
    title: A
    questions:
      - {id: price, kind: text, label: Price, refs: [BUY.PRICE]}
      - {id: hall, kind: text, label: Hall}
"""
ANSWERS = {"workers": "10", "housed": "yes", "safe": "no", "words": "A few words."}


def submitted(session: Session, house: House, found: Submission | None = None, **changed: str) -> Submission:
    """The house's questionnaire with every answer given, and submitted."""
    found = found or house.submission
    for question, value in {**ANSWERS, **changed}.items():
        row = standing.answers(session, found).get(question)
        given = Given(question, value, f"{question}-{value}"[:60], row.version if row else 0)
        answering.save_answer(session, found.id, given, by=house.first, now=NOON)
    return answering.submit(session, found.id, by=house.first, now=NOON)


def under_review(session: Session, house: House) -> Submission:
    submitted(session, house)
    return reviewing.start_review(session, house.submission.id, by=house.reviewer, now=NOON)


def ask(session: Session, house: House, text: str = "Which workers?") -> None:
    reviewing.ask_back(session, house.submission.id, "workers", text=text, by=house.reviewer, now=NOON)


def test_what_is_asked_back_is_answered_by_a_second_person_and_then_accepted(database: Database, house: House) -> None:
    with database.transaction() as session:
        under_review(session, house)
        ask(session, house)
        reviewing.send_back(session, house.submission.id, by=house.reviewer, now=NOON)
    with pytest.raises(answering.Incomplete) as told, database.transaction() as session:
        answering.submit(session, house.submission.id, by=house.first, now=NOON)
    assert [(row.question.id, row.lack.value) for row in told.value.missing] == [("workers", "asked_back")]
    with database.transaction() as session:
        given = Given("workers", "12", "second", 1)
        answering.save_answer(session, house.submission.id, given, by=house.second, now=NOON)
        (row,) = standing.asked_back(session, house.submission)
        assert row.answered_by_id == house.second.id
        answering.submit(session, house.submission.id, by=house.second, now=NOON)
        reviewing.start_review(session, house.submission.id, by=house.reviewer, now=NOON)
        reviewing.accept_answer(session, house.submission.id, "workers", version=2, by=house.reviewer, now=NOON)
        found = reviewing.accept(session, house.submission.id, by=house.reviewer, now=NOON)
        assert (found.state, found.valid_until) == (SubmissionState.ACCEPTED, (NOON + timedelta(days=365)).date())
        assert standing.asked_back(session, found) == []


def test_a_reply_answers_without_changing_anything(database: Database, house: House) -> None:
    with database.transaction() as session:
        under_review(session, house)
        ask(session, house)
        reviewing.send_back(session, house.submission.id, by=house.reviewer, now=NOON)
        (row,) = standing.asked_back(session, house.submission)
        helping.reply(session, house.submission.id, row.id, text="All of them.", by=house.second, now=NOON)
        answering.submit(session, house.submission.id, by=house.first, now=NOON)
        assert standing.answers(session, house.submission)["workers"].version == 1


def test_a_changed_answer_must_be_looked_at_again(database: Database, house: House) -> None:
    with database.transaction() as session:
        under_review(session, house)
        row = reviewing.accept_answer(session, house.submission.id, "safe", version=1, by=house.reviewer, now=NOON)
        assert row.is_accepted
        answering.recall(session, house.submission.id, by=house.first, now=NOON)
        answering.save_answer(session, house.submission.id, Given("safe", "yes", "k", 1), by=house.first, now=NOON)
        assert not standing.answers(session, house.submission)["safe"].is_accepted
        answering.submit(session, house.submission.id, by=house.first, now=NOON)
        reviewing.start_review(session, house.submission.id, by=house.reviewer, now=NOON)
        with pytest.raises(Conflict, match="changed"):
            reviewing.accept_answer(session, house.submission.id, "safe", version=1, by=house.reviewer, now=NOON)


def test_nothing_is_sent_back_without_a_question_and_nothing_accepted_with_one_open(
    database: Database, house: House
) -> None:
    with database.transaction() as session:
        under_review(session, house)
        with pytest.raises(Conflict):
            reviewing.send_back(session, house.submission.id, by=house.reviewer, now=NOON)
        with pytest.raises(Invalid):
            ask(session, house, text="  ")
        ask(session, house)
        with pytest.raises(Conflict):
            reviewing.accept(session, house.submission.id, by=house.reviewer, now=NOON)


STEPS: dict[str, Callable[[Session, House, Person], object]] = {
    "start": lambda session, house, by: reviewing.start_review(session, house.submission.id, by=by, now=NOON),
    "ask": lambda session, house, by: reviewing.ask_back(
        session, house.submission.id, "safe", text="Which?", by=by, now=NOON
    ),
    "accept": lambda session, house, by: reviewing.accept(session, house.submission.id, by=by, now=NOON),
}


@pytest.mark.parametrize("step", STEPS)
def test_only_reviewers_review_and_only_what_was_submitted(database: Database, house: House, step: str) -> None:
    with database.transaction() as session:
        stranger = furnish(session).reviewer
        for person, error in ((house.first, NotAllowed), (stranger, NotFound), (house.reviewer, Conflict)):
            with pytest.raises(error):
                STEPS[step](session, house, person)


def test_a_document_is_judged_with_a_reason_unless_it_shows_it(database: Database, house: House) -> None:
    with database.transaction() as session:
        document = make_document(session, supplier=house.supplier, by=house.first)
        paper = Paper(document.id, "3-5", date(2026, 1, 1), date(2027, 1, 1))
        row = helping.attach_evidence(session, house.submission.id, "safe", paper, by=house.first, now=NOON)
        helping.attach_evidence(session, house.submission.id, "safe", Paper(document.id), by=house.second, now=NOON)
        assert len(helping.evidence(session, house.submission)["safe"]) == 1
        under_review(session, house)
        with pytest.raises(Invalid):
            judge(session, house, row, EvidenceVerdict.REJECTED, "")
        judge(session, house, row, EvidenceVerdict.INSUFFICIENT, "It is about another building.")
        assert (row.verdict, row.judged_by_id) == (EvidenceVerdict.INSUFFICIENT, house.reviewer.id)


def judge(session: Session, house: House, row: AnswerEvidence, verdict: EvidenceVerdict, reason: str) -> None:
    reviewing.judge_evidence(session, house.submission.id, row.id, verdict, reason=reason, by=house.reviewer, now=NOON)


def test_a_document_of_somebody_else_or_that_ends_before_it_begins_is_refused(database: Database, house: House) -> None:
    with database.transaction() as session:
        foreign, own = make_document(session), make_document(session, supplier=house.supplier, by=house.first)
        with pytest.raises(NotFound):
            helping.attach_evidence(session, house.submission.id, "safe", Paper(foreign.id), by=house.first, now=NOON)
        backwards = Paper(own.id, valid_from=date(2027, 1, 1), valid_until=date(2026, 1, 1))
        with pytest.raises(Invalid, match="both days"):
            helping.attach_evidence(session, house.submission.id, "safe", backwards, by=house.first, now=NOON)


def test_sections_are_given_to_colleagues_and_to_nobody_else(database: Database, house: House) -> None:
    with database.transaction() as session:
        stranger = make_person(session, role=Role.SUPPLIER_USER)
        helping.assign(session, house.submission.id, "people", {house.second.id}, by=house.first, now=NOON)
        assert [one.id for one in helping.assignments(session, house.submission)["people"]] == [house.second.id]
        for section, person in (("people", stranger.id), ("no_such", house.second.id)):
            with pytest.raises(NotFound):
                helping.assign(session, house.submission.id, section, {person}, by=house.first, now=NOON)


def test_an_earlier_answer_is_offered_with_its_source_and_taken_over_one_by_one(
    database: Database, house: House
) -> None:
    with database.transaction() as session:
        submitted(session, house)
        again = issuing.issue(session, house.questionnaire_id, house.supplier.id, by=house.compliance, now=NOON)  # type: ignore[arg-type]
        offered = reusing.offers(session, again, now=NOON)
        assert set(offered) == set(ANSWERS)
        offer = offered["workers"]
        assert (offer.value, offer.buyer) == ("10", house.supplier.buyer.name)
        saved = reusing.reuse(session, again.id, "workers", offer.answer_id, key="r", by=house.second, now=NOON)
        assert (saved.answer.source.value, saved.answer.source_answer_id) == ("reused", offer.answer_id)
        assert "workers" not in reusing.offers(session, again, now=NOON)
        with pytest.raises(NotFound):
            reusing.reuse(session, again.id, "workers", offer.answer_id, key="s", by=house.second, now=NOON)
        assert reusing.offers(session, again, now=NOON + timedelta(days=800)) == {}
        assert set(reusing.last_time(session, again)) >= set(ANSWERS)


def test_what_was_said_about_one_customer_is_offered_to_no_other(database: Database, house: House) -> None:
    with database.transaction() as session:
        first = issuing.publish(session, ABOUT, {}, by=house.compliance, now=NOON)
        made = issuing.issue(session, first.id, house.supplier.id, by=house.compliance, now=NOON)
        for name in ("price", "hall"):
            given = Given(name, f"About the {name}", name, 0)
            answering.save_answer(session, made.id, given, by=house.first, now=NOON)
        answering.submit(session, made.id, by=house.first, now=NOON)
        ours = session.get_one(Supplier, house.supplier.id)
        other = make_supplier(session, organisation=ours.organisation)
        lead = make_person(session, role=Role.COMPLIANCE, organisation=other.buyer)
        second = issuing.publish(session, ABOUT, {}, by=lead, now=NOON)
        asked = issuing.issue(session, second.id, other.id, by=lead, now=NOON)
        assert set(reusing.offers(session, asked, now=NOON)) == {"hall"}
        with pytest.raises(NotFound):
            sharing.decide(session, made.id, house.supplier.id, Share.ALL, by=house.first, now=NOON)
        sharing.decide(session, made.id, other.id, Share.ALL, by=house.first, now=NOON)
        questions = shelf.opened(session, first).questionnaire.questions
        assert [name for name, row in questions.items() if sharing.may_be_seen(row, Share.ALL)] == ["hall"]
        assert [(row.submission_id, row.share) for row in sharing.shared_with(session, by=lead).rows] == [
            (made.id, Share.ALL)
        ]


def test_peers_are_shown_from_five_others_on(database: Database, house: House) -> None:
    with database.transaction() as session:
        submitted(session, house)
        questionnaire = shelf.opened(session, house.submission.questionnaire).questionnaire
        for count in range(1, 6):
            supplier = make_supplier(session, buyer=session.get_one(Supplier, house.supplier.id).buyer)
            person = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
            made = issuing.issue(session, house.questionnaire_id, supplier.id, by=house.compliance, now=NOON)  # type: ignore[arg-type]
            other = House(supplier, house.compliance, house.reviewer, person, person, house.questionnaire_id, made)
            submitted(session, other, safe="yes" if count < 4 else "no")
            shown = peers.compared(session, house.submission, questionnaire)
            assert bool(shown) is (count == 5)
        assert shown["safe"].counts == (("yes", 3), ("no", 2))
