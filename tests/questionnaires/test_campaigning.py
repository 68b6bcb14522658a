"""A campaign asks many suppliers, reminds those who have not answered and nobody else, and counts what came back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.campaigns import Decision, Invitation
from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.mail import Mail, MailKind
from models.people import Person
from models.submissions import Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires import answering, campaigning, following, passing_on, returning
from questionnaires.answering import Given
from questionnaires.campaigning import Plan
from questionnaires.passing_on import Newcomer
from questionnaires.reminding import Reminded
from tests.factories import NOON, TODAY, make_person
from tests.questionnaires.campaign_house import DUE, Asked, ask


@pytest.fixture
def asked(database: Database) -> Asked:
    with database.transaction() as session:
        return ask(session)


def answer(database: Database, asked: Asked, number: int, *, now: datetime = NOON) -> None:
    """One supplier answers everything and submits."""
    with database.transaction() as session:
        id_, person = asked.invitations[number].submission_id, session.get_one(Person, asked.people[number].id)
        answering.save_answer(session, id_, Given("workers", "5", str(uuid.uuid4()), 0), by=person, now=now)
        answering.submit(session, id_, by=person, now=now)


def letters(database: Database, kind: MailKind) -> list[tuple[uuid.UUID, str]]:
    with database.reading() as session:
        rows = session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id))
        return [(row.person_id, row.language) for row in rows]


def test_everybody_gets_the_questions_and_a_letter_in_their_own_language(database: Database, asked: Asked) -> None:
    assert sorted(letters(database, MailKind.INVITATION)) == sorted(
        zip([person.id for person in asked.people], ["en", "nl", "en"], strict=True)
    )
    with database.reading() as session:
        rows = list(session.scalars(select(Submission)))
        assert {(row.state, row.due_on) for row in rows} == {(SubmissionState.DRAFT, DUE)}


def test_a_language_that_the_campaign_does_not_offer_falls_back_to_its_first(database: Database) -> None:
    with database.transaction() as session:
        ask(session, languages=("en",))
    assert {language for _, language in letters(database, MailKind.INVITATION)} == {"en"}


def test_the_returns_are_counted_day_by_day(database: Database, asked: Asked) -> None:
    answer(database, asked, 0, now=NOON + timedelta(days=1))
    answer(database, asked, 1, now=NOON + timedelta(days=1))
    with database.transaction() as session:
        late = DUE + timedelta(days=1)
        lines = returning.lines(session, asked.campaign)
        found = returning.returns(lines, today=late)
        assert returning.standing(session, asked.campaign, today=late) == found
    assert (found.invited, found.opened, found.returned, found.late) == (3, 2, 2, 1)
    assert found.share == pytest.approx(2 / 3)
    assert returning.by_day(lines) == ((TODAY + timedelta(days=1), 2),)


def test_a_reminder_goes_to_those_who_have_not_answered(database: Database, asked: Asked) -> None:
    answer(database, asked, 0)
    with database.transaction() as session:
        done = campaigning.remind(session, asked.campaign.id, None, by=asked.compliance, now=NOON)
        again = campaigning.remind(session, asked.campaign.id, None, by=asked.compliance, now=NOON)
    assert (done, again) == (Reminded(written=2), Reminded(waiting=2))
    reminded = sorted(person for person, _ in letters(database, MailKind.REMINDER))
    assert reminded == sorted(each.id for each in asked.people[1:])
    assert counted_reminders(database) == [0, 1, 1]


def test_nobody_is_counted_as_reminded_who_got_no_letter(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        session.get_one(Person, asked.people[0].id).disabled_at = NOON
        done = campaigning.remind(session, asked.campaign.id, None, by=asked.compliance, now=NOON)
    assert done == Reminded(written=2, nobody=1)
    for expected in (2, 0):
        with database.transaction() as session:
            assert following.follow(session, now=(late := NOON + timedelta(days=31))).reminded == expected
    assert counted_reminders(database) == [0, 2, 2]
    with database.transaction() as session:
        session.get_one(Person, asked.people[0].id).disabled_at = None  # Somebody is there again: the clock writes.
        assert following.follow(session, now=late).reminded == 1
    assert counted_reminders(database) == [1, 2, 2]


def counted_reminders(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(session.scalars(select(Invitation.reminders)))


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (1, []),
        (15, []),
        (16, [MailKind.REMINDER]),
        (27, [MailKind.REMINDER]),
        (30, [MailKind.REMINDER]),
        (31, [MailKind.OVERDUE]),
        (37, [MailKind.ESCALATION, MailKind.OVERDUE]),
    ],
)
def test_the_clock_reminds_on_its_days_and_says_when_nothing_helped(
    database: Database, asked: Asked, days: int, kinds: list[MailKind]
) -> None:
    now = NOON + timedelta(days=days)
    for _ in range(2):
        with database.transaction() as session:
            following.follow(session, now=now)
    with database.reading() as session:
        rows = session.scalars(select(Mail).where(Mail.kind != MailKind.INVITATION))
        found = [(row.kind, row.person_id) for row in rows]
    assert sorted({kind for kind, _ in found}) == sorted(kinds)
    escalations = [person for kind, person in found if kind is MailKind.ESCALATION]
    assert len(found) - len(escalations) == 3 * len(set(kinds) - {MailKind.ESCALATION})
    assert len(escalations) == kinds.count(MailKind.ESCALATION), "three are late, and one letter says so"
    assert {person for kind, person in found if kind is MailKind.ESCALATION} <= {asked.compliance.id}


def test_over_the_whole_time_each_supplier_gets_so_many_letters_and_no_more(database: Database, asked: Asked) -> None:
    for day in range(120):
        with database.transaction() as session:
            following.follow(session, now=NOON + timedelta(days=day))
            for mail in session.scalars(select(Mail).where(Mail.sent_at.is_(None))):
                mail.sent(NOON)
    assert len(letters(database, MailKind.REMINDER)) == 2 * 3
    assert len(letters(database, MailKind.OVERDUE)) == following.MOST_OVERDUE * 3
    assert len(letters(database, MailKind.ESCALATION)) == 1


def test_who_answered_or_whose_campaign_is_closed_is_left_alone(database: Database, asked: Asked) -> None:
    for number in range(2):
        answer(database, asked, number)
    with database.transaction() as session:
        assert following.follow(session, now=NOON + timedelta(days=40)).reminded == 1
        campaigning.close(session, asked.campaign.id, by=asked.compliance, now=NOON)
    with database.transaction() as session:
        assert following.follow(session, now=NOON + timedelta(days=60)).reminded == 0
        with pytest.raises(Conflict, match="closed"):
            campaigning.remind(session, asked.campaign.id, None, by=asked.compliance, now=NOON)


def test_more_time_is_asked_for_granted_and_told(database: Database, asked: Asked) -> None:
    wanted = DUE + timedelta(days=14)
    with database.transaction() as session:
        passing_on.ask_extension(
            session, asked.invitations[1].id, wanted, reason="Harvest.", by=asked.people[1], now=NOON
        )
    with database.transaction() as session:
        with pytest.raises(Conflict, match="already"):
            passing_on.ask_extension(
                session, asked.invitations[1].id, wanted, reason="Again.", by=asked.people[1], now=NOON
            )
        (request,) = returning.requests(session, asked.campaign)
        campaigning.decide(
            session, asked.campaign.id, request.id, Decision.GRANTED, answer="", by=asked.compliance, now=NOON
        )
        assert returning.requests(session, asked.campaign) == []
    with database.reading() as session:
        assert session.get_one(Invitation, asked.invitations[1].id).submission.due_on == wanted
    assert letters(database, MailKind.EXTENSION_ASKED) == [(asked.compliance.id, "en")]
    assert letters(database, MailKind.EXTENSION_GRANTED) == [(asked.people[1].id, "nl")]


def test_a_refusal_needs_a_reason_and_is_decided_once(database: Database, asked: Asked) -> None:
    def decide(answer: str) -> None:
        with database.transaction() as session:
            campaigning.decide(
                session, asked.campaign.id, request.id, Decision.REFUSED, answer=answer, by=asked.compliance, now=NOON
            )

    with database.transaction() as session:
        request = passing_on.ask_extension(
            session, asked.invitations[0].id, DUE + timedelta(days=9), reason="R", by=asked.people[0], now=NOON
        )
    with pytest.raises(Invalid, match="Say why"):
        decide(" ")
    decide("We report on that day.")
    with pytest.raises(Conflict):
        decide("Again")


@pytest.mark.parametrize(
    ("days", "reason", "says"),
    [(40, " ", "Say why"), (30, "R", "after the present one"), (200, "R", "four months")],
)
def test_a_request_that_makes_no_sense_is_refused(
    database: Database, asked: Asked, days: int, reason: str, says: str
) -> None:
    with pytest.raises(Invalid, match=says), database.transaction() as session:
        passing_on.ask_extension(
            session, asked.invitations[0].id, TODAY + timedelta(days=days), reason=reason, by=asked.people[0], now=NOON
        )


NEW = Newcomer("Deep Mill", "Ana", "ANA@deep.example.org", "nl")


def test_a_supplier_passes_the_questions_on_and_the_tier_follows(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        made = passing_on.pass_on(session, asked.invitations[0].id, NEW, by=asked.people[0], now=NOON)
        ana = session.scalar(select(Person).where(Person.email == "ana@deep.example.org"))
    assert ana is not None
    assert ana.password_hash == ""
    assert (ana.id, "nl") in letters(database, MailKind.INVITATION)
    with database.transaction() as session:
        below = Newcomer("Deeper Farm", "Bo", "bo@farm.example.org", "en")
        deeper = passing_on.pass_on(session, made.id, below, by=session.get_one(Person, ana.id), now=NOON)
        tiers = returning.tiers(session, asked.campaign.buyer_id)
        assert tiers == {made.supplier_id: 2, deeper.supplier_id: 3}
        rows = passing_on.passed_on(session, session.get_one(Invitation, asked.invitations[0].id))
        assert [row.supplier.name for row in rows] == ["Deep Mill"]
        assert session.get_one(Supplier, deeper.supplier_id).buyer_id == asked.campaign.buyer_id


def test_a_direct_supplier_that_another_brings_in_stays_direct(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        other = make_person(session, role=asked.people[0].role)
        known = Supplier(buyer_id=asked.campaign.buyer_id, organisation=other.organisation, created_at=NOON)
        session.add(known)
        session.flush()
        new = Newcomer("As they call it", "X", other.email, "en")
        made = passing_on.pass_on(session, asked.invitations[0].id, new, by=asked.people[0], now=NOON)
        assert made.supplier_id == known.id
        assert returning.tiers(session, asked.campaign.buyer_id) == {}


@pytest.mark.parametrize("who", ["compliance", "own", "invited"])
def test_who_cannot_be_invited_is_refused(database: Database, asked: Asked, who: str) -> None:
    address = {
        "compliance": asked.compliance.email, "own": asked.people[0].email, "invited": asked.people[1].email
    }[who]  # fmt: skip
    new = Newcomer("C", "P", address, "en")
    with pytest.raises((Invalid, Conflict)), database.transaction() as session:
        passing_on.pass_on(session, asked.invitations[0].id, new, by=asked.people[0], now=NOON)


def test_a_chain_of_companies_ends_somewhere(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        row, person = session.get_one(Invitation, asked.invitations[0].id), asked.people[0]
        for number in range(passing_on.DEEPEST - 1):
            new = Newcomer(f"Company {number}", "P", f"p{number}@chain.example.org", "en")
            row = passing_on.pass_on(session, row.id, new, by=person, now=NOON)
            person = session.scalars(select(Person).where(Person.email == new.email)).one()
        with pytest.raises(Conflict, match="as far as they can be"):
            passing_on.pass_on(session, row.id, NEW, by=person, now=NOON)


def test_nobody_reaches_another_ones_campaign(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        other = ask(session)
        for act in (
            lambda: returning.campaign(session, asked.campaign.id, by=other.compliance),
            lambda: campaigning.remind(session, asked.campaign.id, None, by=other.compliance, now=NOON),
            lambda: campaigning.extend(
                session, other.campaign.id, asked.invitations[0].id, DUE, by=other.compliance, now=NOON
            ),
            lambda: passing_on.invitation(session, asked.invitations[0].id, by=asked.people[1]),
        ):
            with pytest.raises(NotFound):
                act()
        with pytest.raises(NotAllowed):
            returning.campaign(session, asked.campaign.id, by=asked.people[0])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "a name"),
        ({"due_on": TODAY}, "after today"),
        ({"supplier_ids": []}, "at least one supplier"),
        ({"languages": []}, "at least one language"),
        ({"remind_days": [0]}, "whole numbers"),
    ],
)
def test_a_campaign_that_lacks_something_is_not_started(
    database: Database, asked: Asked, change: dict[str, object], says: str
) -> None:
    plan = {
        "name": "N", "questionnaire_id": asked.campaign.questionnaire_id, "supplier_ids": [asked.suppliers[0].id],
        "due_on": DUE, **change,
    }  # fmt: skip
    with pytest.raises(Invalid, match=says), database.transaction() as session:
        campaigning.start(session, Plan(**plan), by=asked.compliance, now=NOON)  # type: ignore[arg-type]
