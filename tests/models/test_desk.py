"""What people do at the desk short of a verdict, two pairs of eyes, many at once, search, and what is covered."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.bulk import BulkItem, BulkOutcome, BulkState
from models.db import Database
from models.documents import Document, DocumentState
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Finding, RejectReason, Severity, Stage, Verdict
from models.journal import Entry
from models.operations import asking, beside, caring, deciding_many, missing, remembering, rounds, searching, triage
from models.operations.queueing import QueueFilter
from models.operations.rounds import Rules, Thought
from models.people import Person, Role
from models.plans import Plan
from models.samples import Look
from tests.factories import NOON, make_desk_things, make_document, make_finding, make_person, make_supplier

TWO = Rules(critical=True)
NO = Thought(Verdict.REJECTED, RejectReason.BOILERPLATE)


class Team:
    """A buyer's people before findings of one of its suppliers."""

    def __init__(self, database: Database, *quotes: str, severity: Severity = Severity.HIGH, signal: str = "FL.DOC"):
        with database.transaction() as session:
            self.supplier = make_supplier(session)
            self.document = make_document(session, supplier=self.supplier, state=DocumentState.SCREENED)
            self.findings = [
                make_finding(session, document=self.document, quote=quote, severity=severity, signals=(signal,))
                for quote in quotes
            ]
            buyer = self.supplier.buyer
            self.one, self.two = make_person(session, organisation=buyer), make_person(session, organisation=buyer)
            self.lead = make_person(session, role=Role.COMPLIANCE, organisation=buyer)
            self.sender = make_person(session, role=Role.SUPPLIER_USER, organisation=self.supplier.organisation)
            self.stranger = make_person(session)


def test_what_is_gone_through_is_ordered_by_doubt_and_then_by_age(database: Database) -> None:
    team = Team(database, "Sure.", "Older doubt.", "Newer doubt.")
    with database.transaction() as session:
        sure, older, newer = (session.get_one(Finding, row.id) for row in team.findings)
        sure.score, older.score, newer.score = 0.95, 0.5, 0.6
        newer.raised_at = NOON + timedelta(days=1)
        for row in (sure, older, newer):
            row.grade(Severity.HIGH)
    with database.reading() as session:
        assert [row.quote for row in triage.queue(session, by=team.one).rows] == [
            "Older doubt.",
            "Newer doubt.",
            "Sure.",
        ]


@pytest.mark.parametrize(
    ("words", "found"),
    [("passports", 1), ("pass", 1), ("safe passports", 1), ("wages", 0), ("'; --", 0), ('"', 0), ("PASSPORTS", 1)],
)
def test_words_are_found_whole_and_the_last_by_its_beginning(database: Database, words: str, found: int) -> None:
    team = Team(database, "The passports lay in the safe.", "Toilets were clean.")
    with database.reading() as session:
        filters = QueueFilter(words=words)
        assert len(triage.queue(session, by=team.one, filters=filters).rows) == found
        assert sum(triage.counts(session, by=team.one, filters=filters).values()) == found


def test_search_follows_what_is_written_changed_and_deleted(database: Database) -> None:
    team = Team(database, "护照被雇主扣留。")
    with database.transaction() as session:
        page = session.get_one(Document, team.document.id).page_list[0]
        page.text = "Nobody was paid for the dormitory."
    with database.reading() as session:
        assert len(triage.queue(session, by=team.one, filters=QueueFilter(words="护照")).rows) == 1
        (hit,) = searching.documents_saying(session, "dormitory", by=team.one)
        assert (hit.document_id, hit.page) == (team.document.id, 1)
        assert [one.page for one in searching.documents_saying(session, "audit", by=team.one)] == [None]
        assert searching.documents_saying(session, "dormitory", by=team.stranger) == []
    with database.transaction() as session:
        session.get_one(Document, team.document.id).page_list[0].text = "All were paid."
    with database.reading() as session:
        assert searching.documents_saying(session, "dormitory", by=team.one) == []
    with database.transaction() as session:
        session.delete(session.get_one(Document, team.document.id))
    with database.reading() as session:
        assert searching.documents_saying(session, "paid", by=team.one) == []


def test_a_filter_is_kept_for_oneself_alone(database: Database) -> None:
    team = Team(database)
    with database.transaction() as session:
        made = remembering.keep(session, "Critical", {"severity": "critical"}, by=team.one, now=NOON)
        again = remembering.keep(session, "Critical", {"severity": "high"}, by=team.one, now=NOON)
        assert made.id == again.id
        assert remembering.saved(session, by=team.two) == []
        with pytest.raises(NotFound):
            remembering.forget(session, made.id, by=team.two)
        with pytest.raises(Invalid):
            remembering.keep(session, "All", {}, by=team.one, now=NOON)


def test_a_correction_is_kept_when_the_document_is_read_again_and_noted(database: Database) -> None:
    team = Team(database, "Passports were kept.")
    (finding,) = team.findings
    with database.transaction() as session:
        found = triage.change(
            session, finding.id, signal="FL.MOVE", severity=Severity.CRITICAL, assertion="finding_alleged",
            by=team.one, now=NOON,
        )  # fmt: skip
        assert (found.signals, found.severity, found.queue_rank, found.touched_at) == (
            ("FL.MOVE",),
            "critical",
            1,
            NOON,
        )
    with database.reading() as session:
        (entry,) = session.scalars(select(Entry).where(Entry.act == "finding.changed"))
        assert "FL.MOVE" in entry.detail
    for bad in ({"signal": "NO.SUCH"}, {"assertion": "negated"}):
        with pytest.raises(Invalid), database.transaction() as session:
            triage.change(session, finding.id, by=team.one, now=NOON, **bad)


def test_the_supplier_is_asked_answers_and_the_finding_comes_back(database: Database) -> None:
    team = Team(database, "Passports were kept.")
    (finding,) = team.findings
    with database.transaction() as session:
        made = asking.ask(session, finding.id, "Who keeps the key?", by=team.one, now=NOON)
        assert triage.queue(session, by=team.one).rows == ()
        assert asking.waiting_for(session, by=team.sender) == 1
    with pytest.raises(NotFound), database.transaction() as session:
        asking.answer(session, made.id, "Me.", by=make_person(session, role=Role.SUPPLIER_USER), now=NOON)
    with pytest.raises(Invalid), database.transaction() as session:
        asking.answer(session, made.id, " ", by=team.sender, now=NOON)
    with database.transaction() as session:
        asking.answer(session, made.id, "The workers do.", by=team.sender, now=NOON)
    with database.reading() as session:
        assert [row.id for row in triage.queue(session, by=team.one).rows] == [finding.id]
    with pytest.raises(Conflict), database.transaction() as session:
        asking.answer(session, made.id, "Again.", by=team.sender, now=NOON)


def test_where_a_question_could_give_away_who_spoke_compliance_alone_may_ask(database: Database) -> None:
    team = Team(database, "A supervisor touched her.", signal="VH.SEX")
    with pytest.raises(NotAllowed), database.transaction() as session:
        asking.ask(session, team.findings[0].id, "Who?", by=team.one, now=NOON)
    with database.transaction() as session:
        asking.ask(session, team.findings[0].id, "What was done?", by=team.lead, now=NOON)


def test_what_is_escalated_is_compliances_until_it_is_handed_back(database: Database) -> None:
    team = Team(database, "Passports were kept.")
    (finding,) = team.findings
    with database.transaction() as session:
        triage.escalate(session, finding.id, by=team.one, now=NOON)
        assert triage.queue(session, by=team.two).rows == ()
        assert len(triage.queue(session, by=team.lead).rows) == 1
    with pytest.raises(NotAllowed), database.transaction() as session:
        triage.confirm(session, finding.id, by=team.two, now=NOON)
    with database.transaction() as session:
        triage.hand_back(session, finding.id, by=team.lead, now=NOON)
        assert triage.confirm(session, finding.id, by=team.two, now=NOON) is not None


def test_two_who_agree_settle_it_and_neither_knows_of_the_other(database: Database) -> None:
    team = Team(database, "Passports were kept.", severity=Severity.CRITICAL)
    (finding,) = team.findings
    with database.transaction() as session:
        assert triage.confirm(session, finding.id, by=team.one, now=NOON, rules=TWO) is None
        assert triage.queue(session, by=team.one).rows == ()
        assert [row.id for row in triage.queue(session, by=team.two).rows] == [finding.id]
    with pytest.raises(Conflict), database.transaction() as session:
        triage.reject(session, finding.id, RejectReason.POLICY, by=team.one, now=NOON, rules=TWO)
    with database.reading() as session:
        acts = list(session.scalars(select(Entry).where(Entry.act == "finding.opinion_given")))
        assert [entry.detail for entry in acts] == ["{}"]  # The journal does not tell the second what the first thinks.
    with database.transaction() as session:
        assert triage.confirm(session, finding.id, by=team.two, now=NOON, rules=TWO) is not None
        assert session.get_one(Finding, finding.id).judged_by_id == team.two.id


def test_where_two_differ_a_third_in_compliance_decides(database: Database) -> None:
    team = Team(database, "Passports were kept.", severity=Severity.CRITICAL)
    (finding,) = team.findings
    with database.transaction() as session:
        triage.confirm(session, finding.id, by=team.one, now=NOON, rules=TWO)
        found = triage.reject(session, finding.id, RejectReason.POLICY, by=team.lead, now=NOON, rules=TWO)
        assert (found.stage, found.verdict) == (Stage.ADJUDICATION, None)
    with pytest.raises(NotAllowed), database.transaction() as session:
        triage.confirm(session, finding.id, by=team.two, now=NOON, rules=TWO)
    with pytest.raises(Conflict), database.transaction() as session:  # Nobody decides between themselves and another.
        triage.confirm(session, finding.id, by=team.lead, now=NOON, rules=TWO)
    with database.transaction() as session:
        third = make_person(session, role=Role.COMPLIANCE, organisation=team.supplier.buyer)
        assert triage.confirm(session, finding.id, by=third, now=NOON, rules=TWO) is not None
        assert [one.round for one in rounds.opinions(session, finding.id)] == [1, 2, 3]


def test_an_opinion_can_be_taken_back_before_it_settles_anything(database: Database) -> None:
    team = Team(database, "Passports were kept.", severity=Severity.CRITICAL)
    (finding,) = team.findings
    with database.transaction() as session:
        triage.confirm(session, finding.id, by=team.one, now=NOON, rules=TWO)
        assert triage.take_back(session, finding.id, by=team.one, now=NOON).stage is Stage.OPEN
        assert rounds.opinions(session, finding.id) == []


def test_the_lot_draws_the_same_share_again_and_about_as_many_as_it_says(database: Database) -> None:
    rules = Rules(share=0.2, seed="spring")
    drawn = [rules.two_look_at(Finding(id=uuid.UUID(int=number), severity=Severity.LOW)) for number in range(2000)]
    again = [rules.two_look_at(Finding(id=uuid.UUID(int=number), severity=Severity.LOW)) for number in range(2000)]
    assert drawn == again
    assert 330 < sum(drawn) < 470


def test_passages_that_say_the_same_are_told_by_their_words(database: Database) -> None:
    team = Team(database, "Standard text, page 1.", "STANDARD TEXT - page 22!", "Another text.")
    with database.transaction() as session:
        first = triage.finding(session, team.findings[0].id, by=team.one)
        assert beside.group(session, first).waiting == 2
        assert len(beside.group_waiting(session, first)) == 2
        triage.reject(session, team.findings[1].id, RejectReason.BOILERPLATE, by=team.one, now=NOON)
        assert (beside.group(session, first).waiting, beside.group(session, first).rejected) == (1, 1)
        assert [row.id for row in beside.similar(session, first)] == [team.findings[1].id]
        assert beside.history(session, first).rejected == 1


def _run(database: Database, bulk_id: uuid.UUID) -> int:
    portions = 0
    more = True
    while more:
        with database.transaction() as session:
            more = deciding_many.work(session, bulk_id, now=NOON)
        portions += 1
    return portions


def test_many_are_decided_in_portions_each_with_its_record_and_taken_back(database: Database) -> None:
    team = Team(database, *[f"Text {number}." for number in range(120)])
    with database.transaction() as session:
        bulk = deciding_many.begin(session, QueueFilter(), NO, by=team.one, now=NOON, rules=Rules())
        triage.confirm(session, team.findings[5].id, by=team.two, now=NOON)  # Somebody is faster with one of them.
    assert bulk.total == 120
    assert _run(database, bulk.id) == 3
    with database.reading() as session:
        done = deciding_many.progress(session, deciding_many.bulk_decision(session, bulk.id, by=team.one))
        assert (done.outcomes[BulkOutcome.DECIDED], done.outcomes[BulkOutcome.PASSED_OVER], done.to_do) == (119, 1, 0)
        acts = select(func.count()).select_from(Entry).where(Entry.act == "finding.rejected")
        assert session.scalar(acts) == 119
    with pytest.raises(NotAllowed), database.transaction() as session:
        deciding_many.undo(session, bulk.id, by=team.two, now=NOON)
    with database.transaction() as session:
        deciding_many.undo(session, bulk.id, by=team.one, now=NOON)
    _run(database, bulk.id)
    with database.reading() as session:
        assert sum(triage.counts(session, by=team.one).values()) == 119
        assert deciding_many.bulk_decision(session, bulk.id, by=team.one).state is BulkState.UNDONE


def test_a_worker_killed_in_a_portion_loses_nothing_and_doubles_nothing(database: Database) -> None:
    team = Team(database, *[f"Text {number}." for number in range(110)])
    yes = Thought(Verdict.CONFIRMED)
    with database.transaction() as session:
        bulk = deciding_many.begin(
            session, [row.id for row in team.findings], yes, by=team.one, now=NOON, rules=Rules()
        )
    for _ in range(3):  # Each time the second portion is written and then lost with its worker, before the commit.
        with suppress(KeyboardInterrupt), database.transaction() as session:
            assert deciding_many.work(session, bulk.id, now=NOON)
            raise KeyboardInterrupt
    with database.transaction() as session:
        assert deciding_many.sweep(session, now=NOON + timedelta(minutes=1)) == 1
    _run(database, bulk.id)
    _run(database, bulk.id)
    with database.reading() as session:
        acts = select(func.count()).select_from(Entry).where(Entry.act == "finding.confirmed")
        assert session.scalar(acts) == 110
        decided = select(func.count()).select_from(BulkItem).where(BulkItem.outcome == BulkOutcome.DECIDED)
        assert session.scalar(decided) == 110
        plans = session.scalars(select(Plan)).all()
        assert (len(plans), sum(len(plan.findings) for plan in plans)) == (3, 110)  # One a document and portion.


def test_many_that_are_critical_still_wait_for_a_second_person(database: Database) -> None:
    team = Team(database, "One.", "Two.", severity=Severity.CRITICAL)
    with database.transaction() as session:
        bulk = deciding_many.begin(session, QueueFilter(), NO, by=team.one, now=NOON, rules=TWO)
    _run(database, bulk.id)
    with database.reading() as session:
        assert {row.stage for row in triage.queue(session, by=team.two).rows} == {Stage.SECOND}
    with pytest.raises(Invalid), database.transaction() as session:
        deciding_many.begin(session, QueueFilter(), NO, by=team.one, now=NOON, rules=TWO)


def test_nobody_opens_more_of_what_is_hard_than_the_day_allows(database: Database) -> None:
    team = Team(database, "One.", "Two.", signal="VH.PHYS")
    first, second = team.findings
    assert caring.is_hard(first.signals)
    assert not caring.is_hard(("FL.DOC",))
    with database.transaction() as session:
        caring.open_hard(session, first.id, by=team.one, now=NOON, per_day=1)
        caring.open_hard(session, first.id, by=team.one, now=NOON, per_day=1)
        assert caring.opened(session, first.id, by=team.one, today=NOON.date())
        with pytest.raises(Conflict, match="enough"):
            caring.open_hard(session, second.id, by=team.one, now=NOON, per_day=1)
        caring.open_hard(session, second.id, by=team.one, now=NOON + timedelta(days=1), per_day=1)


def test_names_are_shown_to_compliance_alone_and_noted(database: Database) -> None:
    team = Team(database, "Ms Nadia Rahman spoke.")
    with pytest.raises(NotAllowed), database.transaction() as session:
        caring.unmask(session, team.findings[0].id, by=team.one, now=NOON)
    with database.transaction() as session:
        caring.unmask(session, team.findings[0].id, by=team.lead, now=NOON)
    with database.reading() as session:
        assert session.scalars(select(Entry.actor_id).where(Entry.act == "finding.unmasked")).all() == [team.lead.id]


def test_what_was_missed_becomes_a_finding_that_waits(database: Database) -> None:
    team = Team(database, "Passports were kept.")
    with database.transaction() as session:
        finding = session.get_one(Finding, team.findings[0].id)
        *_, sample_id = make_desk_things(session, finding, by=session.get_one(Person, team.one.id))
    with pytest.raises(NotFound), database.transaction() as session:
        missing.look(session, sample_id, Look.NOTHING, by=team.stranger, now=NOON)
    with pytest.raises(Invalid), database.transaction() as session:
        missing.look(session, sample_id, Look.MISSED, by=team.one, now=NOON)
    with database.transaction() as session:
        raised = missing.look(session, sample_id, Look.MISSED, signal="WG.LATE", by=team.one, now=NOON)
        assert raised is not None
        assert raised.id in {row.id for row in triage.queue(session, by=team.one).rows}
        assert missing.waiting(session, by=team.one) == 0
    with pytest.raises(Conflict), database.transaction() as session:
        missing.look(session, sample_id, Look.NOTHING, by=team.two, now=NOON)
