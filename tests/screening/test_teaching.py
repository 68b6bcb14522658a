"""A candidate is learned from what people decided, measured on documents held apart, and put in use by a person."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count, islice

import numpy as np
import pytest
from sqlalchemy import func, select

from models.db import Database
from models.documents import DocumentState
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Finding, RejectReason, Severity, Verdict
from models.journal import Entry
from models.operations import learning_rows, teaching
from models.own_classifiers import TRIES, ClassifierState, Hindrance, OwnClassifier, SecondOpinion
from models.people import Person, Role
from models.supplychain import Supplier
from models.vault import FolderVault
from models.work import LEASE
from screening import jobs
from screening import teaching as work
from screening.engine.vectors import Floats, Vectors
from screening.tenants import opinions
from tests.factories import NOON, make_document, make_finding, make_person, make_supplier

HARM = ("wages came {} days late", "{} workers were locked in at night", "the fee for a job was {} dollars")
NONE = ("we forbid any form of this, rule {}", "chapter {} sets out our commitments", "training {} explains the norm")


class _Letters:
    """An encoder for tests: counts letters, so that like words have like vectors."""

    def encode(self, texts: list[str]) -> Floats:
        rows = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                row[ord(letter) % 512] += 1
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def _files(*, apart: bool) -> Iterator[str]:
    """Hashes of files that are, or are not, held apart."""
    every = (hashlib.sha256(f"file {number}".encode()).hexdigest() for number in count())
    return (sha256 for sha256 in every if opinions.is_apart(sha256) is apart)


def _decide(
    database: Database, lead: Person, *, learned: int = 12, apart: int = 4, waiting: int = 2, skip: int = 0
) -> None:
    """Documents of six passages each, half of them harm, decided as they should be; and some that wait."""
    hashes = [*islice(_files(apart=False), skip, skip + learned + waiting), *islice(_files(apart=True), apart)]
    with database.transaction() as session:
        lead = session.merge(lead)
        supplier = session.scalar(select(Supplier).where(Supplier.buyer_id == lead.organisation_id).limit(1))
        supplier = supplier or make_supplier(session, buyer=lead.organisation)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        for number, sha256 in enumerate(hashes):
            document = make_document(session, supplier=supplier, by=sender, state=DocumentState.SCREENED)
            document.sha256 = sha256
            for place in range(6):
                kinds = HARM if place % 2 else NONE
                words = "abcdefghijklmnopqrstuvwxyz"[number % 26] * 3
                quote = kinds[place // 2].format(f"{words} {number + 2}")
                found = make_finding(
                    session, document=document, quote=quote, signals=("WG.LATE" if place < 3 else "FL.DOC",),
                    severity=Severity.CRITICAL if place == 5 else Severity.HIGH,
                )  # fmt: skip
                if learned <= number < learned + waiting:
                    continue
                if place % 2:
                    found.confirm(by=lead, remark="", at=NOON)
                else:
                    found.reject(RejectReason.POLICY, by=lead, remark="", at=NOON)


@pytest.fixture
def lead(database: Database) -> Person:
    with database.transaction() as session:
        return make_person(session, role=Role.COMPLIANCE)


@pytest.fixture
def bench(database: Database, vault: FolderVault, monkeypatch: pytest.MonkeyPatch) -> jobs.Workbench:
    monkeypatch.setattr(Vectors, "wide", classmethod(lambda cls: cls(_Letters())))
    return jobs.Workbench(
        database, vault, screen=jobs._not_at_hand, draw=jobs._not_at_hand, now=lambda: NOON, lease=LEASE
    )


def _ask(database: Database, lead: Person) -> uuid.UUID:
    with database.transaction() as session:
        return teaching.begin(session, by=session.merge(lead), now=NOON).id


def _learn(bench: jobs.Workbench, lead: Person) -> uuid.UUID:
    key = _ask(bench.database, lead)
    with jobs.at(bench):
        work.learn_classifier(str(key))
    return key


def _promote(database: Database, key: uuid.UUID, lead: Person) -> None:
    with database.transaction() as session:
        teaching.promote(session, key, reason="Better.", even_if_worse=True, by=session.merge(lead), now=NOON)


def _found(database: Database, key: uuid.UUID) -> OwnClassifier:
    with database.reading() as session:
        return session.get_one(OwnClassifier, key)


def test_decisions_become_a_candidate_that_was_measured_on_documents_it_never_saw(
    bench: jobs.Workbench, lead: Person
) -> None:
    _decide(bench.database, lead)
    found = _found(bench.database, _learn(bench, lead))
    measured = found.measured
    assert found.state is ClassifierState.CANDIDATE
    assert measured is not None
    assert (measured.rows, measured.documents, measured.apart_rows, measured.apart_documents) == (72, 12, 24, 4)
    overall = measured.overall
    assert overall is not None
    assert (overall.current.precision, overall.current.recall) == (0.5, 1.0), "as it is now, every flag stands"
    assert (overall.candidate.f1 or 0) > 0.9
    assert not measured.is_worse
    named = {(row.part.value, row.name): row.candidate.rows for row in measured.compared}
    assert named[("severity", "critical")] == 4
    assert named[("signal", "FL.DOC")] + named[("signal", "WG.LATE")] == named[("language", "en")] == 24
    assert measured.change.weighed == measured.change.waiting == 12
    assert measured.change.raised == 0
    assert 3 <= measured.change.dropped <= 9
    with bench.database.reading() as session:
        shown = teaching.examples(session, measured.change, by=session.merge(lead))
        assert len(shown.dropped) == min(5, measured.change.dropped)
        assert shown.raised == ()
        quotes = [line.quote for line in shown.dropped]
    assert all(quote.startswith(("we forbid", "chapter", "training")) for quote in quotes[:3])


def test_nothing_changes_until_a_person_promotes_it_and_then_a_second_opinion_stands_beside_what_waits(
    bench: jobs.Workbench, lead: Person, rung: list[tuple[str, dict[str, str]]]
) -> None:
    _decide(bench.database, lead)
    key = _learn(bench, lead)
    with bench.database.reading() as session:
        before = {row.id: (row.queue_rank, row.verdict, row.stage) for row in session.scalars(select(Finding))}
        waiting = session.scalars(select(Finding).where(Finding.verdict.is_(None))).all()
        assert [teaching.second_opinion(session, row) for row in waiting] == [None] * 12
    _promote(bench.database, key, lead)
    assert rung[-1] == ("weigh_findings", {"classifier_id": str(key)})
    _decide(bench.database, lead, learned=0, apart=0, waiting=1, skip=20)
    with jobs.at(bench):
        work.weigh_findings(str(key))
        work.weigh_findings(str(key))
    with bench.database.reading() as session:
        waiting = session.scalars(select(Finding).where(Finding.verdict.is_(None))).all()
        told = [teaching.second_opinion(session, row) for row in waiting]
        after = {row.id: (row.queue_rank, row.verdict, row.stage) for row in session.scalars(select(Finding))}
    assert len(told) == 18
    assert all(told)
    assert {key: after[key] for key in before} == before, "it orders nothing, hides nothing and settles nothing"


def test_with_too_few_decisions_it_is_said_how_many_there_are_and_how_many_are_needed(
    bench: jobs.Workbench, lead: Person
) -> None:
    _decide(bench.database, lead, learned=5, apart=1)
    found = _found(bench.database, _learn(bench, lead))
    assert (found.state, found.hindrance) == (ClassifierState.FAILED, Hindrance.TOO_FEW)
    assert found.shortage == {
        "confirmed": 15, "rejected": 15, "documents": 5, "needed": 30, "needed_documents": 8,
    }  # fmt: skip
    _decide(bench.database, lead, learned=12, apart=0, waiting=0, skip=20)
    found = _found(bench.database, _learn(bench, lead))
    assert found.hindrance is Hindrance.TOO_FEW_APART
    assert found.shortage == {"confirmed": 3, "rejected": 3, "documents": 1, "needed": 5}


def test_a_lost_ring_is_rung_again_and_a_worker_that_dies_each_time_is_given_up(
    bench: jobs.Workbench, lead: Person, rung: list[tuple[str, dict[str, str]]]
) -> None:
    key, now = _ask(bench.database, lead), NOON
    for _ in range(TRIES):
        with bench.database.transaction() as session:
            task = learning_rows.claim(session, key, now=now, lease=LEASE)
            assert task is not None
            assert learning_rows.claim(session, key, now=now, lease=LEASE) is None, "it is in other hands"
        rung.clear()
        now += LEASE + timedelta(seconds=1)
        with bench.database.transaction() as session:
            learning_rows.sweep(session, now=now)
        assert rung == [("learn_classifier", {"classifier_id": str(key)})]
    with bench.database.transaction() as session:
        assert learning_rows.claim(session, key, now=now, lease=LEASE) is None
        assert task is not None
        assert not learning_rows.told(session, task, 3)
    assert _found(bench.database, key).hindrance is Hindrance.ENDED_ITS_WORKER


def test_only_compliance_decides_each_time_with_a_reason_and_the_journal_knows(
    bench: jobs.Workbench, lead: Person
) -> None:
    _decide(bench.database, lead)
    key = _learn(bench, lead)
    with bench.database.transaction() as session:
        others = [make_person(session, role=role, organisation=session.merge(lead).organisation)
                  for role in (Role.REVIEWER, Role.ADMIN)]  # fmt: skip
        foreign = make_person(session, role=Role.COMPLIANCE)
    for person, kind in [*((one, NotAllowed) for one in others), (foreign, NotFound)]:
        for act in (teaching.set_aside, teaching.roll_back):
            with pytest.raises(kind), bench.database.transaction() as session:
                act(session, key, reason="No.", by=session.merge(person), now=NOON)
    with pytest.raises(Invalid), bench.database.transaction() as session:
        teaching.promote(session, key, reason=" ", even_if_worse=True, by=session.merge(lead), now=NOON)
    with pytest.raises(Conflict), bench.database.transaction() as session:
        teaching.begin(session, by=session.merge(lead), now=NOON)
    _promote(bench.database, key, lead)
    with pytest.raises(Conflict), bench.database.transaction() as session:
        teaching.set_aside(session, key, reason="Late.", by=session.merge(lead), now=NOON)
    with bench.database.reading() as session:
        acts = list(session.scalars(select(Entry.act).where(Entry.thing_id == str(key)).order_by(Entry.number)))
    assert acts == ["classifier.asked", "classifier.learned", "classifier.promoted"]


def test_a_second_candidate_is_measured_beside_the_first_and_one_can_go_back_step_by_step(
    bench: jobs.Workbench, lead: Person
) -> None:
    _decide(bench.database, lead)
    first = _learn(bench, lead)
    _promote(bench.database, first, lead)
    second = _learn(bench, lead)
    found = _found(bench.database, second).measured
    assert found is not None
    assert found.overall is not None
    assert found.overall.current == found.overall.candidate, "the same rows give the same classifier"
    assert (found.change.raised, found.change.dropped) == (0, 0)
    _promote(bench.database, second, lead)
    assert _found(bench.database, first).state is ClassifierState.FORMER
    for key, then in ((second, first), (first, None)):
        with bench.database.transaction() as session:
            back = teaching.roll_back(session, key, reason="Too sure.", by=session.merge(lead), now=NOON)
            assert (None if back is None else back.id) == then
    with bench.database.reading() as session:
        shelf = teaching.shelf(session, by=session.merge(lead))
        assert shelf.in_use is None
        assert [step.act.value for step, _ in shelf.steps] == ["rolled_back", "rolled_back", "promoted", "promoted"]


def test_a_candidate_that_was_measured_beside_another_one_is_not_promoted(bench: jobs.Workbench, lead: Person) -> None:
    _decide(bench.database, lead)
    first = _learn(bench, lead)
    _promote(bench.database, first, lead)
    second = _learn(bench, lead)
    with bench.database.transaction() as session:
        teaching.roll_back(session, first, reason="Too sure.", by=session.merge(lead), now=NOON)
    with pytest.raises(Conflict):
        _promote(bench.database, second, lead)


def test_one_that_is_worse_is_promoted_only_by_a_further_word(bench: jobs.Workbench, lead: Person) -> None:
    _decide(bench.database, lead)
    key = _learn(bench, lead)
    with bench.database.transaction() as session:
        row = session.get_one(OwnClassifier, key)
        kept = {**row.kept, "compared": [dict(one) for one in row.kept["compared"]]}
        kept["compared"][0]["candidate"] = {"rows": 24, "confirmed": 12, "pointed_to": 2, "both": 2}
        row.kept = kept
    with pytest.raises(Invalid), bench.database.transaction() as session:
        teaching.promote(session, key, reason="Yes.", even_if_worse=False, by=session.merge(lead), now=NOON)
    _promote(bench.database, key, lead)
    assert _found(bench.database, key).state is ClassifierState.IN_USE


def test_what_stands_word_for_word_in_a_document_held_apart_is_not_learned_from() -> None:
    def row(whole: str, wording: str, *, confirmed: bool) -> learning_rows.Row:
        return learning_rows.Row(uuid.uuid4(), whole, wording, wording, "FL.DOC", Severity.HIGH, "en", confirmed)

    learned, apart = list(islice(_files(apart=False), 10)), next(_files(apart=True))
    rows = [row(whole, f"{whole} {n}", confirmed=n % 2 == 0) for whole in learned for n in range(8)]
    held = [row(apart, f"apart {n}", confirmed=n % 2 == 0) for n in range(10)]
    copied = row(learned[0], "apart 3", confirmed=True)
    dealt = opinions.deal([*rows, *held, copied])
    assert dealt.left_out == 1
    assert copied not in (*dealt.learned, *dealt.apart)
    assert {one.whole for one in dealt.apart} == {apart}


@contextmanager
def _killed_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def end(*_arguments: object, **_more: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(opinions, "measured", end)
        yield


def test_a_worker_that_ends_half_way_leaves_nothing_behind_and_another_one_finishes(
    bench: jobs.Workbench, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decide(bench.database, lead)
    key = _ask(bench.database, lead)
    with _killed_in_the_middle(monkeypatch), jobs.at(bench), pytest.raises(SystemExit):
        work.learn_classifier(str(key))
    assert _found(bench.database, key).state is ClassifierState.LEARNING
    late = jobs.Workbench(
        bench.database, bench.vault, screen=bench.screen, draw=bench.draw, lease=LEASE,
        now=lambda: NOON + LEASE + timedelta(seconds=1),
    )  # fmt: skip
    with jobs.at(late):
        work.learn_classifier(str(key))
    assert _found(bench.database, key).state is ClassifierState.CANDIDATE
    with bench.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SecondOpinion)) == 12
        assert set(session.scalars(select(Finding.verdict))) == {None, Verdict.CONFIRMED, Verdict.REJECTED}
