"""Answers are kept one by one, twice is once, nobody overwrites anybody, and only what is whole is submitted."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.people import Person
from models.submissions import Answer, AnswerVersion, SubmissionState
from questionnaires import answering, issuing, standing
from questionnaires.answering import Given, Incomplete, OtherAnswer, Saved
from tests.factories import NOON, make_person
from tests.questionnaires.conftest import House, furnish

_keys = itertools.count(1)


def save(session: Session, house: House, question: str, value: Any, by: Person | None = None, **more: Any) -> Saved:
    standing = session.scalar(
        select(Answer).where(Answer.submission_id == house.submission.id, Answer.question == question)
    )
    given = {"key": f"key-{next(_keys)}", "expected": standing.version if standing else 0} | more
    return answering.save_answer(
        session, house.submission.id, Given(question, value, **given), by=by or house.first, now=NOON
    )


def fill(session: Session, house: House) -> None:
    for question, value in (("workers", "10"), ("housed", "yes"), ("safe", "no")):
        save(session, house, question, value)


def state(database: Database, house: House) -> SubmissionState:
    with database.reading() as session:
        return issuing.submission(session, house.submission.id, by=house.reviewer).state


def test_the_first_answer_begins_the_questionnaire_and_moves_the_progress(database: Database, house: House) -> None:
    with database.transaction() as session:
        saved = save(session, house, "workers", "12")
        assert (saved.answer.value, saved.answer.version, saved.is_new) == ("12", 1, True)
        assert saved.way.path.progress == (1, 3)
    with database.reading() as session:
        found = issuing.submission(session, house.submission.id, by=house.reviewer)
        assert (found.state, found.answered, found.asked) == (SubmissionState.IN_PROGRESS, 1, 3)
        assert found.opened_at == NOON


def test_what_becomes_relevant_is_asked_and_what_is_not_counts_for_nothing(database: Database, house: House) -> None:
    with database.transaction() as session:
        save(session, house, "housed", "yes")
        asked = [step.question.id for step in save(session, house, "safe", "no").way.path.steps]
        assert asked == ["workers", "women", "housed", "safe", "words", "risk"]
        path = save(session, house, "housed", "no").way.path
        assert [step.question.id for step in path.steps] == ["workers", "women", "housed"]


def test_an_answer_that_is_sent_twice_is_saved_once(database: Database, house: House) -> None:
    for _ in range(2):
        with database.transaction() as session:
            saved = save(session, house, "workers", "12", key="from-the-phone", expected=0)
            assert saved.answer.version == 1
    with database.reading() as session:
        assert (
            session.scalar(
                select(func.count())
                .select_from(AnswerVersion)
                .where(AnswerVersion.submission_id == house.submission.id, AnswerVersion.client_key == "from-the-phone")
            )
            == 1
        )


def test_an_answer_that_somebody_else_gave_meanwhile_is_shown_and_not_overwritten(
    database: Database, house: House
) -> None:
    with database.transaction() as session:
        save(session, house, "workers", "12", by=house.second)
    with pytest.raises(OtherAnswer) as told, database.transaction() as session:
        save(session, house, "workers", "15", expected=0)
    assert (told.value.theirs.value, told.value.theirs.name) == ("12", house.second.name)
    with database.transaction() as session:
        assert save(session, house, "workers", "15", expected=1).answer.version == 2
        kept = standing.history(session, house.submission, "workers").rows
        assert [(row.value, row.answered_by_id) for row in kept] == [("15", house.first.id), ("12", house.second.id)]


def test_the_same_answer_from_two_people_is_no_conflict(database: Database, house: House) -> None:
    with database.transaction() as session:
        save(session, house, "workers", "12", by=house.second)
        saved = save(session, house, "workers", "12.0".removesuffix(".0"), expected=0)
        assert (saved.is_new, saved.answer.version) == (False, 1)


def test_an_answer_can_be_taken_back(database: Database, house: House) -> None:
    with database.transaction() as session:
        save(session, house, "workers", "12")
        saved = save(session, house, "workers", "")
        assert (saved.answer.value, saved.answer.version, saved.way.path.progress) == (None, 2, (0, 3))


def test_an_answer_against_a_constraint_is_kept_but_cannot_be_submitted(database: Database, house: House) -> None:
    with database.transaction() as session:
        fill(session, house)
        path = save(session, house, "women", "99").way.path
        assert [step.question.id for step in path.open] == ["women"]
    with pytest.raises(Incomplete) as told, database.transaction() as session:
        answering.submit(session, house.submission.id, by=house.first, now=NOON)
    assert [(row.question.id, row.lack.value) for row in told.value.missing] == [("women", "constraint")]


def test_what_is_missing_is_named_in_order(database: Database, house: House) -> None:
    with database.transaction() as session:
        save(session, house, "housed", "partly")
    with pytest.raises(Incomplete) as told, database.transaction() as session:
        answering.submit(session, house.submission.id, by=house.first, now=NOON)
    assert [row.question.id for row in told.value.missing] == ["workers", "safe"]
    assert state(database, house) is SubmissionState.IN_PROGRESS


def test_what_does_not_apply_needs_its_reason_before_it_is_submitted(database: Database, house: House) -> None:
    with database.transaction() as session:
        fill(session, house)
        save(session, house, "safe", "not_applicable")
    with pytest.raises(Incomplete) as told, database.transaction() as session:
        answering.submit(session, house.submission.id, by=house.first, now=NOON)
    assert [(row.question.id, row.lack.value) for row in told.value.missing] == [("safe", "reason")]
    with database.transaction() as session:
        save(session, house, "safe", "not_applicable", reason="The housing was closed in May.")
        answering.submit(session, house.submission.id, by=house.first, now=NOON)


def test_submitted_answers_are_locked_until_they_are_recalled(
    database: Database, house: House, rung: list[tuple[str, dict[str, str]]]
) -> None:
    with database.transaction() as session:
        fill(session, house)
        answering.submit(session, house.submission.id, by=house.first, now=NOON)
    assert ("screen_answers", {"submission_id": str(house.submission.id)}) in rung
    with pytest.raises(Conflict), database.transaction() as session:
        save(session, house, "workers", "11")
    with database.transaction() as session:
        answering.recall(session, house.submission.id, by=house.second, now=NOON)
        assert save(session, house, "workers", "11").answer.value == "11"
    assert state(database, house) is SubmissionState.IN_PROGRESS


def test_what_the_buyer_filled_in_is_locked_and_counts(database: Database, house: House) -> None:
    with database.transaction() as session:
        fill(session, house)
        with pytest.raises(Conflict, match="customer"):
            save(session, house, "risk", "low")
        assert standing.answers(session, house.submission)["risk"].value == "high"


@pytest.mark.parametrize(
    ("question", "value"),
    [("workers", "many"), ("workers", "-1"), ("housed", "perhaps"), ("words", "x" * 50_001), ("share", "5"),
     ("workers", True), ("words", ["a"]), ("workers", "1e400"), ("workers", {"amount": "1"})],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_with_a_sentence(
    database: Database, house: House, question: str, value: Any
) -> None:
    with pytest.raises(Invalid) as told, database.transaction() as session:
        save(session, house, question, value)
    assert told.value.field == question
    assert str(told.value).endswith((".", "1234.5 with a fraction."))


def test_nobody_else_answers_for_the_supplier(database: Database, house: House) -> None:
    with database.transaction() as session:
        stranger = furnish(session).first
        for person in (house.compliance, house.reviewer):
            with pytest.raises(NotAllowed):
                save(session, house, "workers", "1", by=person)
        with pytest.raises(NotFound):
            save(session, house, "workers", "1", by=stranger)
        with pytest.raises(NotFound):
            save(session, house, "no_such_question", "1")


def test_a_rolled_back_save_is_not_remembered(database: Database, house: House) -> None:
    with database.sessions() as session:
        save(session, house, "housed", "yes")
        session.rollback()
    with database.transaction() as session:
        assert save(session, house, "workers", "5").way.path.progress == (1, 3)


def test_two_writers_of_different_questions_do_not_disturb_each_other(database: Database, house: House) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def write(place: int) -> None:
        with database.transaction() as session:
            question = ("workers", "women", "housed")[place % 3]
            value = "yes" if question == "housed" else "3"
            given = Given(question, value, f"k{place}", 0)
            person = session.get_one(Person, (house.first.id, house.second.id)[place % 2])
            answering.save_answer(session, house.submission.id, given, by=person, now=NOON)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    with database.reading() as session:
        found = issuing.submission(session, house.submission.id, by=house.reviewer)
        assert (found.answered, found.asked) == (4, 6)  # Two people, three answers, and the buyer's one.


def test_a_questionnaire_that_cannot_be_proved_is_not_published(database: Database, house: House) -> None:
    wrong = "id: bad\nversion: '1'\ntitle: Bad\nsections:\n- id: a\n  title: A\n  questions:\n" \
            "  - {id: q, kind: text, label: Q, relevant: nothing_there = 'x'}\n"  # fmt: skip
    with pytest.raises(Invalid, match="line 8"), database.transaction() as session:
        issuing.publish(session, wrong, {}, by=house.compliance, now=NOON)


def test_a_published_version_cannot_be_published_again_with_another_text(database: Database, house: House) -> None:
    from tests.questionnaires.conftest import SMALL

    with database.transaction() as session:
        same = issuing.publish(session, SMALL, {}, by=house.compliance, now=NOON)
        assert same.id == house.questionnaire_id
        with pytest.raises(Conflict, match="new version"):
            issuing.publish(session, SMALL.replace("Is it safe?", "Is it warm?"), {}, by=house.compliance, now=NOON)


def test_only_those_who_lead_issue_and_only_to_their_own_suppliers(database: Database, house: House) -> None:
    with database.transaction() as session:
        other = furnish(session)
        with pytest.raises(NotAllowed):
            issuing.issue(session, house.questionnaire_id, house.supplier.id, by=house.reviewer, now=NOON)  # type: ignore[arg-type]
        for questionnaire, supplier in (
            (house.questionnaire_id, other.supplier.id),
            (other.questionnaire_id, house.supplier.id),
        ):
            with pytest.raises(NotFound):
                issuing.issue(session, questionnaire, supplier, by=house.compliance, now=NOON)  # type: ignore[arg-type]
        assert make_person(session).id


def test_the_shipped_questionnaires_can_be_published_and_issued(database: Database, house: House) -> None:
    with database.transaction() as session:
        entry = issuing.publish_shipped(session, "entry", now=NOON)
        assert issuing.publish_shipped(session, "entry", now=NOON).id == entry.id
        issued = issuing.issue(session, entry.id, house.supplier.id, by=house.compliance, now=NOON, period="2026")
        assert issued.asked == 25
