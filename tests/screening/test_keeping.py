"""Some of what was not flagged is kept by lot: by the chances that are told, the same again, and never asked twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.db import Database
from models.documents import Document, DocumentState, Page
from models.operations import missing
from models.samples import Look, PassageGroup, PassageSample
from screening import keeping
from screening.engine.results import Assertion, Explanation, Finding, Judgement, Passage, Reading, Screened, State
from screening.sampling.drawing import band
from tests.factories import NOON, make_document, make_person

FEW, MANY = 200, 5_000
WORDS = "The cook greets all who come."


def screened(count: int, *, score: float = 0.5, flag: bool = False, words: str = WORDS) -> Screened:
    """A document of one page with so many passages, every one with the same score."""
    judgement = Judgement((), (), Assertion.NEGATED, flag, "none", score, None, "nl", Explanation())
    places = range(0, count * len(words), len(words))
    seen = (Passage(words, page=1, start=at, end=at + len(words), language="nl") for at in places)
    return Screened(Reading(State.SCREENED), tuple(Finding(passage, judgement, ()) for passage in seen), "test-1")


def document_of(session: Session) -> tuple[Document, dict[int, Page]]:
    document = make_document(session, state=DocumentState.SCREENED)
    document.sha256 = "5" * 64  # The lot falls by the file: the same file in every run.
    session.flush()
    return document, {page.number: page for page in document.page_list}


def kept(session: Session) -> list[PassageSample]:
    return list(session.scalars(select(PassageSample).order_by(PassageSample.page_number, PassageSample.start)))


def test_every_border_between_bands_has_its_chance() -> None:
    assert {band(score) for score in (0.0, 0.01, 0.05, 0.2, 1.0)} == set(keeping.CHANCES)


def test_a_sample_tells_what_it_stands_for(database: Database) -> None:
    with database.transaction() as session:
        document, pages = document_of(session)
        count = keeping.keep(session, document, pages, screened(FEW), now=NOON)
        rows = kept(session)
        assert count == len(rows) > 0
        # One in ten is the chance; four deviations of the lot to both sides.
        assert FEW * 0.1 - 17 < count < FEW * 0.1 + 17
        assert {(row.group_size, row.group_kept, row.band, row.language) for row in rows} == {
            (FEW, count, "0.2-1", "nl")
        }
        assert {row.buyer_id for row in rows} == {document.supplier.buyer_id}
        group = session.scalars(select(PassageGroup)).one()
        assert (group.language, group.band, group.passages) == ("nl", "0.2-1", FEW)


@pytest.mark.parametrize(
    "passed",
    [screened(FEW, flag=True), screened(FEW, words="Heading"), Screened(Reading(State.SCREENED), (), "test-1")],
    ids=["flagged", "too short to judge", "nothing"],
)
def test_nothing_is_kept_of_what_people_see_anyway_or_could_not_judge(database: Database, passed: Screened) -> None:
    with database.transaction() as session:
        document, pages = document_of(session)
        assert keeping.keep(session, document, pages, passed, now=NOON) == 0
        assert session.scalar(select(func.count()).select_from(PassageGroup)) == 0


def test_a_very_long_document_leaves_no_more_and_its_passages_stand_in_a_group_of_their_own(
    database: Database,
) -> None:
    with database.transaction() as session:
        document, pages = document_of(session)
        count = keeping.keep(session, document, pages, screened(MANY), now=NOON)
        assert 0 < count <= keeping.MOST
        group = session.scalars(select(PassageGroup)).one()
        name, halved = group.band.split(" /")
        assert (name, group.passages) == ("0.2-1", MANY)
        # 500 at a chance of one in ten: halved until 40 or fewer are left, give or take what the lot does.
        assert int(halved) in (8, 16, 32)
        assert {(row.band, row.group_kept) for row in kept(session)} == {(group.band, count)}


def test_the_same_file_leaves_the_same_passages_again_and_no_old_ones(database: Database) -> None:
    with database.transaction() as session:
        document, pages = document_of(session)
        keeping.keep(session, document, pages, screened(FEW), now=NOON)
        first = [(row.start, row.lot) for row in kept(session)]
        keeping.keep(session, document, pages, screened(FEW), now=NOON + timedelta(days=1))
        assert [(row.start, row.lot) for row in kept(session)] == first
        assert {row.drawn_at for row in kept(session)} == {NOON + timedelta(days=1)}


def test_nobody_is_asked_again_about_what_was_looked_at(database: Database) -> None:
    with database.transaction() as session:
        document, pages = document_of(session)
        count = keeping.keep(session, document, pages, screened(FEW), now=NOON)
        looked = kept(session)[0]
        reviewer = make_person(session, organisation=document.supplier.buyer)
        missing.look(session, looked.id, Look.NOTHING, by=reviewer, now=NOON)
        assert keeping.keep(session, document, pages, screened(FEW), now=NOON) == count - 1
        rows = kept(session)
        assert len({row.start for row in rows}) == len(rows) == count
        assert rows[0].id == looked.id
        assert {row.group_kept for row in rows} == {count}
