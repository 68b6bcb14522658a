"""Words are found in any script and from whatever portion they came with, by those alone whose texts they are."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from models.db import Database
from models.findings import Finding, RejectReason, Severity
from models.migrations.marked_search import NEAR, WIDE
from models.operations import listing, marked_words, searching, triage
from models.operations.queueing import QueueFilter
from tests.factories import NOON, make_document, make_finding
from tests.models.test_desk import Team


@pytest.mark.parametrize(
    ("said", "words", "found"),
    [
        ("हिन्दी में शिकायत", "हिन्दी", 1),
        ("हिन्दी में शिकायत", "शिका", 1),
        ("কর্মীদের পাসপোর্ট আটক", "পাসপোর্ট কর্মীদের", 1),
        ("Straße und Hof", "straße", 1),
        ("Straße und Hof", "STRAßE", 1),
        ("Mu\u0308ll liegt da", "m\u00fcll", 0),
        ("M\u00fcll liegt da", "mu\u0308ll", 1),
        ("on/off switches", "off", 1),
        ("low-paid work_shifts", "paid shifts", 1),
        ("100% of wages", "100 wages", 1),
        ("the worker's card", "worker", 1),
        ("=b2 said", "b2", 1),
        ("Wages are late", "\u00bd", 0),
        ("\u00bd of the wages", "\u00bd", 1),
        ("10\u00bdkg of CO\u00b2e", "10\u00bdkg CO\u00b2e", 1),
        ("1e5x was paid", "1e5x", 1),
    ],
)
def test_words_of_any_script_are_cut_alike_where_they_are_kept_and_where_they_are_asked_for(
    database: Database, said: str, words: str, found: int
) -> None:
    team = Team(database, said)
    with database.reading() as session:
        assert listing.saying(session, words, by=team.one).found == found
        for settled in (None, False):
            filters = QueueFilter(words=words, settled=settled)
            assert triage.count_up_to(session, 9, by=team.one, filters=filters) == found
        assert listing.saying(session, words, by=team.stranger).found == 0


def test_a_document_is_found_by_any_part_of_its_name(database: Database) -> None:
    team = Team(database)
    with database.transaction() as session:
        make_document(session, supplier=session.merge(team.supplier), name="SMETA_audit-Belcor.2026.pdf")
    with database.reading() as session:
        for words in ("belcor", "smeta 2026", "audit bel"):
            assert [hit.name for hit in searching.documents_saying(session, words, by=team.one)] == [
                "SMETA_audit-Belcor.2026.pdf"
            ], words
            assert searching.documents_saying(session, words, by=team.stranger) == []


on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""The other database keeps no portions."""


def _pass_by(engine: Engine, texts: int) -> None:
    """As if so many texts had come in between."""
    with engine.begin() as connection:
        connection.execute(
            text("SELECT setval('search_finding_number_seq', last_value + :more) FROM search_finding_number_seq"),
            {"more": texts},
        )


def _add(database: Database, team: Team, *quotes: str) -> list[str]:
    with database.transaction() as session:
        document = session.merge(team.document)
        return [str(make_finding(session, document=document, quote=quote).id) for quote in quotes]


def _found(database: Database, team: Team, words: str, most: int) -> set[str]:
    with database.reading() as session:
        query = marked_words.newest("finding", words.split(), team.one.organisation_id, most)
        return {str(row.key) for row in session.execute(query)}


@on_postgresql
def test_a_search_goes_back_until_it_has_enough_and_takes_the_newest(database: Database) -> None:
    team, stranger = Team(database), Team(database)
    everybody = ("Passports of others.", "Wages of others.", "Pass by others.")
    strange = _add(database, stranger, *everybody)
    oldest = _add(database, team, "Passports one.", "Passports two.", "Wages.", "Pass.")
    _pass_by(database.engine, 3 << WIDE)
    middle = _add(database, team, "Passports three.", "Passports four.")
    _pass_by(database.engine, 3 << NEAR)
    newest = _add(database, team, "Passports five.", "Passports six.", "Passes.")
    strange += _add(database, stranger, *everybody, *everybody)  # Newer than all, and too many for a short list.
    for most in (1, 2):
        assert _found(database, team, "passports", most) <= set(newest)
    assert _found(database, team, "passports", 4) == {*newest[:2], *middle}
    assert _found(database, team, "passports", 9) == {*newest[:2], *middle, *oldest[:2]}
    assert _found(database, team, "pass", 1) <= set(newest)
    assert len(_found(database, team, "passp", 4) & {*newest, *middle}) == 4
    assert _found(database, team, "pass", 99) == {*newest, *middle, *oldest[:2], oldest[3]}
    assert _found(database, team, "wages", 9) == {oldest[2]}
    assert _found(database, team, "nothing", 9) == set()
    for words, found in (("passports", 3), ("pass", 6), ("wages", 3)):
        own = _found(database, stranger, words, 99)
        assert (len(own), own <= set(strange)) == (found, True)


@on_postgresql
def test_words_in_the_queue_are_found_alike_whether_common_or_rare(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = Team(database, "Passports one.", "Passports two.", "Wages.", "Passage.")
    with database.transaction() as session:
        triage.reject(session, team.findings[0].id, RejectReason.POLICY, by=team.one, now=NOON)
    for share in (0.0, 2.0):
        monkeypatch.setattr(marked_words, "COMMON", share)
        for settled, words, found in (
            (False, "pass", {"Passports two.", "Passage."}),
            (True, "pass", {"Passports one."}),
            (None, "passports", {"Passports one.", "Passports two."}),
            (False, "wages", {"Wages."}),
        ):
            filters = QueueFilter(settled=settled, words=words)
            with database.reading() as session:
                assert {row.quote for row in listing.lines(session, by=team.one, filters=filters).rows} == found
                counts = triage.counts_up_to(session, 9, by=team.one, filters=filters)
                assert counts[Severity.HIGH] == sum(counts.values()) == len(found)
                assert listing.lines(session, by=team.stranger, filters=filters).rows == ()


@on_postgresql
def test_what_a_decision_settles_is_marked_and_unmarked(database: Database) -> None:
    team = Team(database, "Passports.")
    marked = text("SELECT words @@ :mark FROM search_finding WHERE thing = :thing")
    values = {"mark": f"'={team.one.organisation_id.hex[16:]}o'", "thing": team.findings[0].id}
    seen = []
    for act in (None, "reject", "take_back"):
        with database.transaction() as session:
            if act == "reject":
                triage.reject(session, team.findings[0].id, RejectReason.POLICY, by=team.one, now=NOON)
            elif act == "take_back":
                triage.take_back(session, team.findings[0].id, by=team.one, now=NOON)
        with database.reading() as session:
            seen.append(session.scalar(marked, values))
    assert seen == [True, False, True]


def test_what_is_read_again_is_found_by_its_new_words(database: Database) -> None:
    team = Team(database, "Passports.")
    with database.transaction() as session:
        session.get_one(Finding, team.findings[0].id).quote = "Wages."
    with database.reading() as session:
        assert [listing.saying(session, words, by=team.one).found for words in ("passports", "wages")] == [0, 1]
    with database.transaction() as session:
        session.delete(session.get_one(Finding, team.findings[0].id))
    with database.reading() as session:
        assert listing.saying(session, "wages", by=team.one).found == 0
