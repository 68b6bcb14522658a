"""A document is screened once, whatever happens to the worker half-way."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.db import Database
from models.documents import Document, DocumentState, Page
from models.findings import Finding, RejectReason, Verdict
from models.operations import sweeping, triage
from models.vault import FolderVault
from models.work import LEASE, TRIES, Work, WorkState
from screening import jobs, recording
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import (
    Assertion,
    Explanation,
    Judgement,
    PageStatus,
    Passage,
    Reading,
    Screened,
    State,
)
from screening.engine.results import Finding as Seen
from screening.engine.results import Page as ReadPage
from tests.factories import NOON, make_document, make_person

LATER = NOON + LEASE + timedelta(seconds=1)
TEXT = "The passports are kept in the safe. No child was found at work."


def _seen(quote: str, *, flag: bool) -> Seen:
    start = TEXT.index(quote)
    assertion = Assertion.FINDING_CONFIRMED if flag else Assertion.NEGATED
    judgement = Judgement(
        signals=("FL.DOC", "FL.MOVE") if flag else ("CL.MINAGE",),
        categories=("FL",) if flag else ("CL",),
        assertion=assertion,
        flag=flag,
        severity="critical" if flag else "none",
        score=0.93 if flag else 0.02,
        people=12 if flag else None,
        language="en",
        explanation=Explanation(rules=("FL.DOC: passports ... kept",)),
    )
    return Seen(Passage(quote, page=1, start=start, end=start + len(quote)), judgement, ((1.0, 2.0, 3.0, 4.0),))


SCREENED = Screened(
    Reading(
        State.SCREENED_IN_PART,
        Reason.SOME_PAGES_UNREAD,
        pages=(
            ReadPage(1, PageStatus.READ, TEXT, 595.0, 842.0, language="en"),
            ReadPage(2, PageStatus.NO_TEXT, reason=Reason.IMAGES_ONLY),
        ),
    ),
    (_seen("The passports are kept in the safe.", flag=True), _seen("No child was found at work.", flag=False)),
    "test-1",
)


def _document(database: Database) -> uuid.UUID:
    with database.transaction() as session:
        return make_document(session).id


def _claim(database: Database, document_id: uuid.UUID, now: datetime = NOON) -> recording.Task | None:
    with database.transaction() as session:
        return recording.claim(session, document_id, now=now)


def _record(database: Database, task: recording.Task, screened: Screened = SCREENED) -> bool:
    with database.transaction() as session:
        return recording.record(session, task, screened, seconds=0.5, now=NOON)


def _count(database: Database, kind: type[Finding] | type[Page]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_what_raises_a_flag_becomes_a_finding_and_every_page_is_kept(
    database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    document_id = _document(database)
    task = _claim(database, document_id)
    assert task is not None
    assert _record(database, task)
    with database.reading() as session:
        document = session.get_one(Document, document_id)
        finding = session.scalars(select(Finding)).one()
        assert (document.state, document.reason) == (DocumentState.SCREENED_IN_PART, "some_pages_unread")
        assert (document.pages, document.pages_read, document.languages) == (2, 1, ["en"])
        assert finding.signals == ("FL.DOC", "FL.MOVE")
        assert (finding.severity_rank, finding.people, finding.boxes) == (0, 12, [[1.0, 2.0, 3.0, 4.0]])
        assert session.scalars(select(Work)).one().state is WorkState.DONE
    assert rung == [("draw_pages", {"document_id": str(document_id)})]
    assert _count(database, Page) == 2


def test_pages_that_a_person_should_look_at_are_counted(database: Database) -> None:
    document_id = _document(database)
    first, second = SCREENED.reading.pages
    doubts = (Doubt.OTHER_LETTERS, Doubt.READERS_DISAGREE)
    reading = replace(SCREENED.reading, pages=(replace(first, doubts=doubts), second))
    task = _claim(database, document_id)
    assert task is not None
    assert _record(database, task, replace(SCREENED, reading=reading))
    with database.reading() as session:
        document = session.get_one(Document, document_id)
        assert document.pages_doubted == 1
        assert document.page_list[0].doubted == ("other_letters", "readers_disagree")


def test_a_claimed_document_is_not_claimed_again_before_its_lease_ends(database: Database) -> None:
    document_id = _document(database)
    assert _claim(database, document_id) is not None
    assert _claim(database, document_id) is None
    assert _claim(database, document_id, LATER) is not None


def test_the_late_result_of_a_worker_that_slept_is_refused(database: Database) -> None:
    document_id = _document(database)
    slept = _claim(database, document_id)
    fresh = _claim(database, document_id, LATER)
    assert slept is not None
    assert fresh is not None
    assert not _record(database, slept)
    assert _count(database, Finding) == 0
    assert _record(database, fresh)
    assert not _record(database, fresh), "recording twice has the effect of recording once"
    assert _count(database, Finding) == 1


def test_after_three_tries_a_document_is_set_aside_with_its_reason(database: Database) -> None:
    document_id = _document(database)
    now = NOON
    for _ in range(TRIES):
        assert _claim(database, document_id, now) is not None
        now += LEASE + timedelta(seconds=1)
    with database.transaction() as session:
        swept = sweeping.sweep(session, now=now)
    assert (swept.rung, swept.set_aside) == (0, 1)
    assert _claim(database, document_id, now) is None
    with database.reading() as session:
        document = session.get_one(Document, document_id)
        assert (document.state, document.reason) == (DocumentState.SET_ASIDE, "failed_repeatedly")


def test_the_sweep_rings_for_what_waits_unheard_and_for_what_fell_silent(
    database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    waiting, silent, busy = (_document(database) for _ in range(3))
    _claim(database, silent)
    _claim(database, busy, LATER)
    with database.transaction() as session:
        assert sweeping.sweep(session, now=LATER).rung == 2
    assert {ids["document_id"] for _, ids in rung} == {str(waiting), str(silent)}


def test_screening_again_keeps_what_people_decided(database: Database) -> None:
    document_id = _document(database)
    task = _claim(database, document_id)
    assert task is not None
    _record(database, task)
    with database.transaction() as session:
        document = session.get_one(Document, document_id)
        reviewer = make_person(session, organisation=document.supplier.buyer)
        finding = session.scalars(select(Finding)).one()
        triage.reject(session, finding.id, RejectReason.POLICY, by=reviewer, now=NOON)
        session.scalars(select(Work)).one().ask_again(NOON)
    again = _claim(database, document_id)
    assert again is not None
    more = replace(SCREENED, findings=(*SCREENED.findings, _seen("No child was found", flag=True)))
    assert _record(database, again, more)
    with database.reading() as session:
        kept = {row.quote: row.verdict for row in session.scalars(select(Finding))}
    assert kept == {"The passports are kept in the safe.": Verdict.REJECTED, "No child was found": None}


def _bench(database: Database, vault: FolderVault, **what: object) -> jobs.Workbench:
    made = jobs.Workbench(database, vault, screen=lambda data: SCREENED, draw=lambda data, pages: {})
    return replace(made, **what)  # type: ignore[arg-type]


def _stored_document(database: Database, vault: FolderVault) -> uuid.UUID:
    import io

    document_id = _document(database)
    stored = vault.put(io.BytesIO(b"%PDF-1.7 the file"), limit=1000)
    with database.transaction() as session:
        session.get_one(Document, document_id).sha256 = stored.sha256
    return document_id


def test_a_job_may_run_twice_without_effect(database: Database, vault: FolderVault) -> None:
    document_id = _stored_document(database, vault)
    with jobs.at(_bench(database, vault)):
        jobs.screen_document(str(document_id))
        jobs.screen_document(str(document_id))
    assert _count(database, Finding) == 1
    with database.reading() as session:
        assert session.scalars(select(Work)).one().attempts == 1


def test_an_error_that_nobody_foresaw_gives_the_work_back(database: Database, vault: FolderVault) -> None:
    def stumble(data: bytes) -> Screened:
        raise ZeroDivisionError

    document_id = _stored_document(database, vault)
    with jobs.at(_bench(database, vault, screen=stumble)):
        for _ in range(TRIES):
            with pytest.raises(ZeroDivisionError):
                jobs.screen_document(str(document_id))
        jobs.screen_document(str(document_id))
    with database.reading() as session:
        document = session.get_one(Document, document_id)
        assert (document.state, document.reason) == (DocumentState.SET_ASIDE, "failed_repeatedly")


def test_the_pages_with_findings_are_drawn_once(database: Database, vault: FolderVault) -> None:
    asked: list[list[int]] = []

    def draw(data: bytes, pages: list[int]) -> dict[int, bytes]:
        asked.append(pages)
        return dict.fromkeys(pages, b"\x89PNG picture")

    document_id = _stored_document(database, vault)
    with jobs.at(_bench(database, vault, draw=draw)):
        jobs.screen_document(str(document_id))
        jobs.draw_pages(str(document_id))
        jobs.draw_pages(str(document_id))
    assert asked == [[1]]
    with database.reading() as session:
        pictures = session.scalars(select(Page.picture_sha256).order_by(Page.number)).all()
        assert pictures[0] is not None
        assert vault.get(pictures[0]) == b"\x89PNG picture"
        assert pictures[1] is None
        assert sweeping.orphans(session, vault) == sweeping.Orphans((), ())
