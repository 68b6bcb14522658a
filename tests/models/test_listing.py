"""Findings line by line: the order of the queue, what a search weighs, and passages that say alike."""

from __future__ import annotations

import pytest

from models.db import Database
from models.documents import DocumentState
from models.findings import RejectReason, Severity
from models.operations import beside, listing, triage
from models.operations.queueing import Position, QueueFilter
from models.wording import alike, gists_of, stems
from tests.factories import NOON, make_document, make_finding, make_person, make_supplier
from tests.models.test_desk import Team


def test_lines_stand_in_the_order_of_the_queue_and_go_on_where_a_page_ended(database: Database) -> None:
    team = Team(database, "One.", "Two.", "Three.")
    with database.transaction() as session:
        make_finding(
            session, document=team.document, quote="Zero.", severity=Severity.CRITICAL, signals=("FL.DOC", "WG")
        )
    with database.reading() as session:
        whole = triage.queue(session, by=team.one).rows
        first = listing.lines(session, by=team.one, limit=2)
        rest = listing.lines(session, by=team.one, after=Position.of(first.rows[-1]), limit=2)
        assert [row.id for row in (*first.rows, *rest.rows)] == [row.id for row in whole]
        assert (first.more, rest.more) == (True, False)
        assert first.rows[0].signals == ("FL.DOC", "WG")
        assert first.rows[0].supplier_name == whole[0].supplier_name
        assert first.rows[0].document_name == whole[0].document_name
        others = listing.neighbours(session, whole[0])
        assert {row.id for row in others} == {row.id for row in whole[1:]}
        assert listing.lines(session, by=team.one, filters=QueueFilter(severity=Severity.LOW)).rows == ()


def test_a_search_shows_the_gravest_and_says_when_it_did_not_weigh_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = Team(database, "Passports one.", "Passports two.", "Wages.")
    with database.transaction() as session:
        grave = make_finding(session, document=team.document, quote="Passports three.", severity=Severity.CRITICAL)
    with database.reading() as session:
        said = listing.saying(session, "passports", by=team.one, limit=2)
        assert (said.rows[0].id, len(said.rows), said.found) == (grave.id, 2, 3)
        assert said.more
        assert not said.too_many
        assert listing.saying(session, "passports", by=team.stranger).rows == ()
        assert listing.saying(session, "", by=team.one).rows == ()
        assert listing.saying(session, "pass", by=team.one).found == 3
        monkeypatch.setattr(listing, "MOST", 2)
        some = listing.saying(session, "passports", by=team.one, limit=2)
        assert some.too_many
        assert len(some.rows) == 2


def test_decided_passages_that_say_nearly_the_same_are_shown_the_likest_first(database: Database) -> None:
    said = "During interviews {} workers said that passports were kept in the office safe {}"
    team = Team(database, said.format(12, "at night."), said.format(7, "in the evening."), said.format(9, "at night."))
    with database.transaction() as session:
        for row in team.findings[1:]:
            triage.reject(session, row.id, RejectReason.POLICY, by=team.one, now=NOON)
    with database.reading() as session:
        found = triage.finding(session, team.findings[0].id, by=team.one)
        near = beside.similar(session, found)
        assert near[0].id == team.findings[2].id
        assert near[0].reject_reason is RejectReason.POLICY


def test_the_more_words_two_passages_share_the_likelier_they_share_a_gist() -> None:
    words = [f"word{chr(97 + one)}{chr(97 + two)}" for one in range(20) for two in range(20)]
    shared = {9: 0, 5: 0, 1: 0}
    for number in range(200):
        own = words[number : number + 20]
        for kept in shared:
            other = own[: kept * 2] + [f"other{word}" for word in own[kept * 2 :]]
            one, two = gists_of(" ".join(own)), gists_of(" ".join(other))
            assert one is not None
            assert two is not None
            shared[kept] += one[0] == two[0] or one[1] == two[1]
    assert shared[9] > shared[5] > shared[1]
    assert shared[9] > 150
    assert gists_of("12 34, !") is None
    assert gists_of("Passports, 12.") == gists_of("passports 13")
    assert alike(stems("same words"), stems("words same")) == 1.0


def test_the_same_question_is_answered_to_each_with_what_is_their_own(database: Database) -> None:
    with database.transaction() as session:
        people, own = [], []
        for _ in range(2):
            reviewer = make_person(session)
            supplier = make_supplier(session, buyer=reviewer.organisation)
            document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
            made = make_finding(session, document=document, severity=Severity.HIGH)
            people.append(reviewer)
            own.append(made.id)
    filters = QueueFilter(severity=Severity.HIGH)
    with database.reading() as session:
        for by, key in (*zip(people, own, strict=True), *zip(people, own, strict=True)):
            assert [line.id for line in listing.lines(session, by=by, filters=filters).rows] == [key]
            assert triage.next_in_queue(session, by=by, filters=filters) == key
            assert triage.count_up_to(session, 5, by=by, filters=filters) == 1
            assert triage.counts_up_to(session, 5, by=by, filters=filters)[Severity.HIGH] == 1
