"""Answers on paper: every answer, remark and source, a place to sign, and no box where a letter is lacking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import features

from models.db import Database
from models.people import Person
from questionnaires import answering, helping, issuing
from questionnaires.answering import Given
from questionnaires.helping import Paper as Behind
from tests.conftest import absent
from tests.factories import NOON, make_document
from tests.questionnaires.test_workbook import TEXT
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp import faces
from webapp.typesetting import Paper

Enter = Callable[[Person | None], Browser]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORDS = {
    "ARABIC": "نحن نحتفظ بجوازات السفر في خزنة المكتب",
    "DEVANAGARI": "क्या कर्मचारी अपने पासपोर्ट स्वयं रखते हैं?",
    "BENGALI": "শ্রমিকরা কি তাদের নিজস্ব পাসপোর্ট রাখে?",
    "THAI": "คนงานเก็บหนังสือเดินทางของตนเองหรือไม่",
    "CJK": "工人自己保管护照吗？",
}


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as paper:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)


def pictures_of(data: bytes) -> int:
    with pypdfium2.PdfDocument(data) as paper:
        return sum(1 for page in paper for each in page.get_objects() if each.type == 3)


@pytest.fixture
def address(world: World, database: Database) -> str:
    """A questionnaire with two answers, a remark and a paper behind one of them."""
    own = world.own
    with database.transaction() as session:
        document = make_document(session, supplier=own.supplier, by=own.sender, name="licence.pdf")
    with database.transaction() as session:
        row = issuing.publish(session, TEXT, {}, by=own.compliance, now=NOON)
        laid = issuing.issue(session, row.id, own.supplier.id, by=own.compliance, now=NOON)
        for given in (Given("workers", "12", "k1", 0), Given("agency", "not_applicable", "k2", 0, "We hire ourselves."),
                      Given("story", "Żółć, a long\nstory", "k3", 0)):  # fmt: skip
            answering.save_answer(session, laid.id, given, by=own.sender, now=NOON)
        behind = Behind(document.id, "3-5", None, NOON.date())
        helping.attach_evidence(session, laid.id, "workers", behind, by=own.sender, now=NOON)
        return f"/questionnaires/{laid.id}/download"


@SQLITE
def test_page_and_pdf_hold_answers_remarks_sources_and_a_place_to_sign(
    enter: Enter, world: World, address: str
) -> None:
    supplier = enter(world.own.sender)
    made = supplier.get(f"{address}/pdf")
    assert made.headers["Content-Disposition"] == 'attachment; filename="salient-answers.pdf"'
    for told in (supplier.get(f"{address}/print").text, text_of(made.data)):
        for words in ("How many?", "12", "We hire ourselves.", world.own.sender.name, "licence.pdf", "3-5", "Signature",
                      "Place and day", world.own.supplier.name):  # fmt: skip
            assert words in told, words


@SQLITE
def test_others_get_no_paper(enter: Enter, world: World, address: str) -> None:
    assert enter(world.sibling.sender).get(f"{address}/pdf").status_code == 404


@pytest.mark.parametrize("writing", WORDS)
def test_every_writing_is_drawn_or_said_to_be_lacking(writing: str) -> None:
    words = WORDS[writing]
    paper = Paper("en", "Test", lambda lacking: f"no letters for {lacking}")
    paper.write(words)
    data = paper.done()
    if faces.face_for(words) is None:
        assert (pictures_of(data), "no letters for" in text_of(data)) == (0, True)
    else:
        assert (pictures_of(data) > 0, "no letters for" in text_of(data)) == (True, False)


def test_without_any_font_western_letters_are_set_and_others_are_named() -> None:
    nowhere = (str(Path("/nowhere")),)
    paper = Paper("en", "Test", lambda lacking: f"no letters for {lacking}", folders=nowhere)
    for words in ("Café in Zürich", "Żółć", WORDS["THAI"]):
        paper.write(words)
    told = text_of(paper.done())
    assert ("Café in Zürich" in told, "no letters for Symbols" in told, "no letters for Thai" in told) == (
        True, True, True
    )  # fmt: skip


def test_long_words_from_the_right_break_into_lines_within_the_margins() -> None:
    if not features.check("raqm") or faces.face_for(WORDS["ARABIC"]) is None:
        absent("lines from the right", "there is no font with Arabic letters (Debian: apt-get install fonts-dejavu)")
    paper = Paper("ar", "Test", str)
    paper.write(f"{WORDS['ARABIC']} Form A-12 " * 12)
    with pypdfium2.PdfDocument(paper.done()) as made:
        places = [each.get_bounds() for each in made[0].get_objects() if each.type == 3]
    assert len(places) > 3
    assert all(left >= 50 and right <= 545 for left, _bottom, right, _top in places)
