"""A campaign of thousands is invited in portions: each supplier once, with one letter, whoever is killed meanwhile."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.campaigns import Campaign, Invitation, Inviting, ToInvite
from models.db import Database
from models.errors import Conflict, NotFound
from models.journal import Entry
from models.mail import Mail, MailKind
from models.submissions import Submission
from questionnaires import campaigning, inviting, lettering, passing_on, returning
from questionnaires.passing_on import Newcomer
from tests.factories import NOON
from tests.questionnaires.campaign_house import DUE, Asked, ask

Rung = list[tuple[str, dict[str, str]]]
MANY = 8


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "PORTION", 3)


@pytest.fixture
def asked(database: Database) -> Asked:
    with database.transaction() as session:
        return ask(session, suppliers=MANY)


def work(database: Database, campaign: Campaign) -> bool:
    with database.transaction() as session:
        return inviting.work(session, campaign.id, now=NOON)


def everything_is_once(database: Database, asked: Asked) -> bool:
    """Each supplier has one invitation, one questionnaire and one letter, and nobody waits."""
    with database.reading() as session:
        invited = Counter(session.scalars(select(Invitation.supplier_id)))
        laid = Counter(session.scalars(select(Submission.supplier_id)))
        told = Counter(session.scalars(select(Mail.person_id).where(Mail.kind == MailKind.INVITATION)))
        waiting = session.scalars(select(ToInvite)).all()
    each = Counter(supplier.id for supplier in asked.suppliers)
    return (invited, laid, told, waiting) == (each, each, Counter(person.id for person in asked.people), [])


def state(database: Database, campaign: Campaign) -> tuple[Inviting, int, int]:
    with database.reading() as session:
        found = session.get_one(Campaign, campaign.id)
        progress = inviting.progress(session, found, now=NOON)
        return found.inviting, progress.invited, progress.to_invite


def test_a_small_campaign_is_under_way_at_once(database: Database, rung: Rung) -> None:
    with database.transaction() as session:
        asked = ask(session, suppliers=3)
    assert state(database, asked.campaign) == (Inviting.DONE, 3, 0)
    assert rung == []
    assert everything_is_once(database, asked)


def test_a_large_one_is_invited_portion_by_portion_each_supplier_once(
    database: Database, asked: Asked, rung: Rung
) -> None:
    assert rung == [(inviting.JOB, {"campaign_id": str(asked.campaign.id)})]
    assert state(database, asked.campaign) == (Inviting.UNDER_WAY, 3, 5)
    assert [work(database, asked.campaign) for _ in range(4)] == [True, False, False, False]
    assert state(database, asked.campaign) == (Inviting.DONE, MANY, 0)
    assert everything_is_once(database, asked)


def test_two_large_ones_before_the_same_suppliers_do_not_take_from_each_other(database: Database, asked: Asked) -> None:
    keys = [supplier.id for supplier in asked.suppliers]
    with database.transaction() as session:
        plan = campaigning.Plan("Second", asked.campaign.questionnaire_id, keys, DUE)
        second = campaigning.start(session, plan, by=asked.compliance, now=NOON)
    while any([work(database, asked.campaign), work(database, second)]):
        pass
    for campaign in (asked.campaign, second):
        assert state(database, campaign) == (Inviting.DONE, MANY, 0)


def test_a_worker_that_dies_in_a_portion_leaves_nothing_half_done(
    database: Database, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(lettering, "ask_each", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(database, asked.campaign)
    assert state(database, asked.campaign) == (Inviting.UNDER_WAY, 3, 5)
    while work(database, asked.campaign):
        pass
    assert everything_is_once(database, asked)


def test_what_nobody_works_on_is_rung_for_and_nothing_else(database: Database, asked: Asked, rung: Rung) -> None:
    rung.clear()
    with database.transaction() as session:
        assert inviting.sweep(session, now=NOON + timedelta(seconds=5)) == 0
        assert inviting.sweep(session, now=NOON + timedelta(seconds=30)) == 1
    assert rung == [(inviting.JOB, {"campaign_id": str(asked.campaign.id)})]
    while work(database, asked.campaign):
        pass
    with database.transaction() as session:
        assert inviting.sweep(session, now=NOON + timedelta(days=1)) == 0


def test_it_is_stopped_by_anybody_in_the_team_and_goes_on_where_it_stopped(
    database: Database, asked: Asked, rung: Rung
) -> None:
    def act(verb: object) -> None:
        with database.transaction() as session:
            verb(session, asked.campaign.id, by=asked.compliance, now=NOON)  # type: ignore[operator]

    act(inviting.stop)
    assert not work(database, asked.campaign)
    assert state(database, asked.campaign) == (Inviting.STOPPED, 3, 5)
    with pytest.raises(Conflict, match="nothing to stop"):
        act(inviting.stop)
    rung.clear()
    act(inviting.go_on)
    assert [job for job, _ in rung] == [inviting.JOB]
    while work(database, asked.campaign):
        pass
    assert everything_is_once(database, asked)
    with pytest.raises(Conflict, match="not stopped"):
        act(inviting.go_on)


def test_a_closed_campaign_invites_nobody_more(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        campaigning.close(session, asked.campaign.id, by=asked.compliance, now=NOON)
    assert not work(database, asked.campaign)
    with database.transaction() as session, pytest.raises(Conflict, match="closed"):
        inviting.go_on(session, asked.campaign.id, by=asked.compliance, now=NOON)


def test_after_the_due_day_nobody_is_invited_to_be_late(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        inviting.stop(session, asked.campaign.id, by=asked.compliance, now=NOON)
        with pytest.raises(Conflict, match="due day"):
            inviting.go_on(session, asked.campaign.id, by=asked.compliance, now=NOON + (DUE - NOON.date()))


def test_it_stops_by_itself_where_the_due_day_came_while_no_worker_ran(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        assert not inviting.work(session, asked.campaign.id, now=NOON + (DUE - NOON.date()))
    with database.reading() as session:
        acts = session.scalars(select(Entry.act).where(Entry.thing_id == str(asked.campaign.id))).all()
    assert state(database, asked.campaign) == (Inviting.STOPPED, 3, 5)
    assert acts.count("campaign.stopped") == 1


def test_nobody_is_brought_into_a_closed_campaign_whom_no_letter_would_reach(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        campaigning.close(session, asked.campaign.id, by=asked.compliance, now=NOON)
    new = Newcomer("Deep Mill", "Ana", "ana@deep.example.org", "en")
    with database.transaction() as session, pytest.raises(Conflict, match="ended this round"):
        passing_on.pass_on(session, asked.invitations[0].id, new, by=asked.people[0], now=NOON)
    assert state(database, asked.campaign) == (Inviting.STOPPED, 3, 5)


def test_who_was_brought_in_by_another_supplier_meanwhile_is_passed_over(database: Database, asked: Asked) -> None:
    invited = asked.invitations[0]
    with database.reading() as session:
        waits = next(iter(session.scalars(select(ToInvite.supplier_id))))
    number = next(place for place, supplier in enumerate(asked.suppliers) if supplier.id == waits)
    known = Newcomer("As they call it", "X", asked.people[number].email, "en")
    with database.transaction() as session:
        passing_on.pass_on(session, invited.id, known, by=asked.people[0], now=NOON)
    while work(database, asked.campaign):
        pass
    assert everything_is_once(database, asked)


def test_how_long_it_takes_is_said_once_it_is_known(database: Database, asked: Asked) -> None:
    later = NOON + timedelta(seconds=10)
    with database.transaction() as session:
        assert inviting.progress(session, asked.campaign, now=later).left is None
        inviting.work(session, asked.campaign.id, now=NOON + timedelta(seconds=5))
        found = inviting.progress(session, session.get_one(Campaign, asked.campaign.id), now=later)
    assert (found.invited, found.to_invite, found.total) == (6, 2, MANY)
    assert found.left == timedelta(seconds=10) * 2 / 6


def test_nobody_else_stops_it_or_sees_it(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        other = ask(session, suppliers=1)
        for verb in (inviting.stop, inviting.go_on):
            with pytest.raises(NotFound):
                verb(session, asked.campaign.id, by=other.compliance, now=NOON)


def test_a_supplier_of_another_buyer_ends_the_start_and_nobody_is_invited(database: Database, asked: Asked) -> None:
    with database.transaction() as session:
        other = ask(session, suppliers=1)
    plan = campaigning.Plan(
        "N", asked.campaign.questionnaire_id, [asked.suppliers[0].id, other.suppliers[0].id, uuid.uuid4()], DUE
    )
    with pytest.raises(NotFound), database.transaction() as session:
        campaigning.start(session, plan, by=asked.compliance, now=NOON)
    with database.reading() as session:
        assert session.scalars(select(Campaign.name).where(Campaign.name == "N")).all() == []


def test_a_list_is_narrowed_by_state_lateness_and_words_of_the_name(database: Database) -> None:
    with database.transaction() as session:
        asked = ask(session, suppliers=3)
        asked.suppliers[1].organisation.name = "Łódź Żeglarska Mills"
        row = session.get_one(Invitation, asked.invitations[2].id)
        row.submission.due_on = NOON.date() - timedelta(days=1)
    with database.reading() as session:
        lines = returning.lines(session, asked.campaign)

    def found(**wanted: object) -> list[uuid.UUID]:
        filters = returning.InvitationFilter(**wanted)  # type: ignore[arg-type]
        return [line.supplier_id for line in returning.fitting(lines, filters, today=NOON.date())]

    assert len(found()) == 3
    assert found(late=True) == [asked.suppliers[2].id]
    assert found(words="mills ZEGL") == [asked.suppliers[1].id]
    assert found(words="mills", late=True) == []
    assert found(state=asked.invitations[0].submission.state, late=True) == [asked.suppliers[2].id]
