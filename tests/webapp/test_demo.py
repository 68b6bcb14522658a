"""The demonstration archive and company: the same each time, true to what they claim, and never in production."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Container
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import func, select

from models.base import utcnow
from models.db import Database
from models.documents import Document
from models.errors import NotAllowed
from models.people import OrganisationKind, Person, Role
from models.submissions import Submission
from models.supplychain import Site, Supplier
from models.taxonomy import shipped
from models.vault import FolderVault
from screening.engine.results import Assertion, State
from webapp.demo import archive, company, texts, trouble
from webapp.demo.archive import Item
from webapp.demo.layouts import LAYOUTS, PAGE_OF
from webapp.demo.load import DemoLogins, load, password_from
from webapp.demo.paper import printed
from webapp.demo.truth import Truth
from webapp.passwords import fits

SECRET = "a key of an installation that is long enough"


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(archive.items())


def text_of(data: bytes, *, running: Container[str] = ()) -> str:
    """Everything that is printed, on one line, without the lines that run through all pages."""
    document = pypdfium2.PdfDocument(data)
    try:
        pages = []
        for number in range(len(document)):
            page = document[number]
            textpage = page.get_textpage()
            lines = textpage.get_text_range().splitlines()
            pages.append(" ".join(line for line in lines if line not in running))
            textpage.close()
            page.close()
    finally:
        document.close()
    return " ".join(" ".join(pages).split())


def pages_of(data: bytes) -> int:
    document = pypdfium2.PdfDocument(data)
    try:
        return len(document)
    finally:
        document.close()


def test_the_archive_is_made_in_under_three_seconds() -> None:
    began = time.process_time()
    assert len(list(archive.items())) > 24
    assert time.process_time() - began < 3


def test_another_process_makes_the_same_bytes(items: list[Item]) -> None:
    program = (
        "import hashlib; from webapp.demo import archive\n"
        "for item in archive.items(): print(hashlib.sha256(item.data).hexdigest())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "42", "TZ": "Asia/Tokyo"},
    )
    assert answer.stdout.split() == [hashlib.sha256(item.data).hexdigest() for item in items]


def test_every_readable_document_has_three_to_twelve_pages(items: list[Item]) -> None:
    pages = {item.file: pages_of(item.data) for item in items if item.state is State.SCREENED}
    assert {file: count for file, count in pages.items() if not 3 <= count <= 12} == {}


def test_every_passage_of_the_truth_is_printed_as_it_stands() -> None:
    """Some run on over the foot of a page, as sentences do, so that head and foot are left out of the comparison."""
    missing = []
    for text in texts.load_all():
        if text.layout not in LAYOUTS:
            continue
        data = printed(text)
        feet = {PAGE_OF[text.language].format(number=n, all=pages_of(data)) for n in range(1, pages_of(data) + 1)}
        page_text = text_of(data, running=feet | {f"{text.title} | {text.subtitle}"})
        missing += [truth.quote for truth in text.truths if truth.quote not in page_text]
    assert missing == []


def test_every_letter_can_be_printed_with_the_plain_fonts() -> None:
    strange = {
        letter
        for text in texts.load_all()
        for block in text.blocks
        for letter in block.text + text.title + text.subtitle
        if ord(letter) > 255
    }
    assert strange == set(), [unicodedata.name(letter) for letter in strange]


def test_the_truth_names_signals_and_assertions_that_exist(items: list[Item]) -> None:
    for item in items:
        for truth in item.truths:
            assert truth.severity(shipped()).value in ("critical", "high", "medium", "low") or not truth.flag


def test_the_findings_are_of_every_severity_and_of_all_categories_but_a_few(items: list[Item]) -> None:
    findings = [truth for item in items for truth in item.findings]
    severities = Counter(truth.severity(shipped()).value for truth in findings)
    assert set(severities) == {"critical", "high", "medium", "low"}
    seen = {signal.partition(".")[0] for truth in findings for signal in truth.signals}
    assert seen == {category.id for category in shipped().categories}


def test_some_documents_hold_nothing_to_flag_and_others_repaired_harm_only(items: list[Item]) -> None:
    clean = [item for item in items if item.state is State.SCREENED and not item.findings]
    assert len(clean) >= 4
    soothing = Counter(truth.assertion for item in items for truth in item.truths if not truth.flag)
    assert soothing[Assertion.REMEDIATED] >= 10
    assert soothing[Assertion.NEGATED] >= 3


def test_the_trouble_files_are_in_trouble(items: list[Item]) -> None:
    by_state = {state: [item for item in items if item.state is state] for state in State}
    for item in by_state[State.NEEDS_PASSWORD]:
        with pytest.raises(pypdfium2.PdfiumError, match="password"):
            pypdfium2.PdfDocument(item.data)
        document = pypdfium2.PdfDocument(item.data, password=trouble.PASSWORD)
        document.close()
    for item in by_state[State.REJECTED]:
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(item.data)
    for item in by_state[State.NEEDS_OCR]:
        assert text_of(item.data) == ""
    assert [len(by_state[state]) for state in (State.NEEDS_PASSWORD, State.REJECTED, State.NEEDS_OCR)] == [1, 1, 2]


def test_one_document_is_sent_twice_under_two_names(items: list[Item]) -> None:
    counted = Counter(item.data for item in items)
    assert sorted(counted.values())[-2:] == [1, 2]


def test_the_severity_follows_the_annotation_guide() -> None:
    def severity(signal: str, assertion: Assertion, people: int | None = None) -> str:
        return Truth("words", (signal,), assertion, people).severity(shipped()).value

    assert severity("FL.DOC", Assertion.FINDING_CONFIRMED) == "critical"
    assert severity("HR.MAX", Assertion.FINDING_CONFIRMED) == "medium"
    assert severity("HR.MAX", Assertion.FINDING_CONFIRMED, 100) == "high"
    assert severity("HR.MAX", Assertion.RISK_POTENTIAL) == "low"
    assert severity("HR.REC", Assertion.UNABLE_TO_VERIFY) == "low"
    assert severity("FL.DOC", Assertion.NEGATED) == "none"


def test_a_truth_is_met_by_a_longer_quote_and_not_by_its_neighbour() -> None:
    truth = Truth("The rear exit was locked with a padlock.", ("OSH.FIRE",), Assertion.FINDING_CONFIRMED)
    assert truth.is_met_by("On the tour the rear exit was locked with a padlock. It was cut.")
    assert not truth.is_met_by("The rear staircase was free and its light was on.")


def test_a_text_with_an_unknown_part_or_a_broken_mark_is_refused(tmp_path: Path) -> None:
    head = 'supplier="a"\nsite="b"\nlayout="report"\nlanguage="en"\ntitle="t"\nsubtitle="s"\n'
    for body in ("@no-such-part", "{FL.DOC finding_confirmed: no separator}"):
        path = tmp_path / "text.toml"
        path.write_text(f"{head}body = '''\n{body}\n'''\n")
        with pytest.raises(texts.TextError, match=r"text\.toml"):
            texts.load(path)


def loaded(database: Database, vault: FolderVault) -> DemoLogins:
    return load(database, vault, secret=SECRET, production=False, now=utcnow())


def test_loading_makes_people_in_every_role_and_hands_the_archive_to_the_workers(
    database: Database, vault: FolderVault, rung: list[tuple[str, dict[str, str]]], items: list[Item]
) -> None:
    logins = loaded(database, vault)
    different = {item.data for item in items}
    with database.reading() as session:
        assert set(session.scalars(select(Person.role))) == set(Role)
        assert session.scalar(select(func.count()).select_from(Supplier)) == len(company.read().sellers)
        documents = session.scalars(select(Document)).all()
        assert len(documents) == len(different)
        assert {document.supplier.buyer.kind for document in documents} == {OrganisationKind.BUYER}
        sites = set(session.scalars(select(Site.organisation_id)))
        assert {document.supplier.organisation_id for document in documents} == sites
        reviewer = session.scalars(select(Person).where(Person.email == logins.of(Role.REVIEWER).email)).one()
        assert fits(logins.password, reviewer.password_hash)
        states = sorted(state.value for state in session.scalars(select(Submission.state)))
        assert states == ["draft", "draft", "in_progress", "submitted"]
    assert len([job for job, _ in rung if job == "screen_document"]) == len(different)
    assert [job for job, _ in rung if job != "screen_document"] == ["screen_answers"]


def test_loading_twice_changes_nothing_and_prints_the_same_log_ins(
    database: Database, vault: FolderVault, rung: list[tuple[str, dict[str, str]]]
) -> None:
    first = loaded(database, vault)
    jobs = len(rung)
    assert list(loaded(database, vault)) == list(first)
    assert len(rung) == jobs
    assert any(first.password in line for line in first)


def test_a_load_that_broke_off_before_the_documents_is_completed_by_the_next(
    database: Database, vault: FolderVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[Item]:
        raise OSError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr(archive, "items", broken)
        with pytest.raises(OSError, match="power"):
            loaded(database, vault)
    loaded(database, vault)
    with database.reading() as session:
        assert (session.scalar(select(func.count()).select_from(Document)) or 0) > 24


def test_it_is_refused_in_production_and_leaves_nothing(database: Database, vault: FolderVault) -> None:
    with pytest.raises(NotAllowed, match="production"):
        load(database, vault, secret=SECRET, production=True)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_each_installation_has_its_own_password() -> None:
    assert password_from(SECRET) == password_from(SECRET) != password_from(SECRET + "x")
