"""Pages that are pictures are recognised where a program for it is installed; else they are said to be unread."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, features

from screening.engine.reading import Cage, Engine, FolderMemory, Recognition, pictures
from screening.engine.reading.recognising import Word, _in_lines
from screening.engine.reasons import Reason
from screening.engine.results import PageStatus, State
from tests.conftest import absent
from tests.golden import make

LINES = ("Audit report of a knitwear mill.", "The passports of forty workers are kept in a safe.", "Exits were locked.")


def printed() -> bytes:
    file = FPDF()
    file.add_page()
    file.set_font("Helvetica", size=13)
    for line in LINES:
        file.cell(text=line, new_x="LMARGIN", new_y="NEXT", h=10)
    return bytes(file.output())


puts: list[str] = []
"""Keys of all that was kept in these tests."""


class Counting(FolderMemory):
    def put(self, key: str, body: bytes) -> None:
        puts.append(key)
        super().put(key, body)


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cage]:
    memory = Counting(tmp_path_factory.mktemp("recognised"))
    with Cage(recognition=Recognition(), memory=memory) as cage:
        if not cage.recognises:
            absent("text recognition", "no program for it is installed (apt-get install tesseract-ocr-eng)")
        yield cage


@pytest.fixture(scope="module")
def picture(cage: Cage) -> bytes:
    return cage.draw(printed(), 1, 1654)


@pytest.fixture(scope="module")
def mixed(picture: bytes) -> bytes:
    """A scan of one page, then a page of print."""
    file = FPDF()
    file.add_page()
    file.image(io.BytesIO(picture), 0, 0, 210, 297)
    file.add_page()
    file.set_font("Helvetica", size=13)
    for line in LINES:
        file.cell(text=line, new_x="LMARGIN", new_y="NEXT", h=10)
    return bytes(file.output())


def test_only_the_page_that_is_a_picture_is_recognised(cage: Cage, mixed: bytes) -> None:
    reading = cage.read(mixed)
    assert reading.state is State.SCREENED
    assert [page.status for page in reading.pages] == [PageStatus.OCR, PageStatus.READ]
    assert [line for line in reading.pages[0].text.split("\n") if line] == list(LINES)
    assert (reading.pages[0].confidence or 0) > 0.8
    assert reading.pages[1].confidence is None


def test_a_recognised_word_has_its_place_on_the_page(cage: Cage, mixed: bytes) -> None:
    scan, print_ = cage.read(mixed).pages
    places = []
    for page in (scan, print_):
        start = page.text.index("passports")
        (box,) = page.boxes(start, start + len("passports"))
        places.append(box)
    assert all(abs(one - other) < 16 for one, other in zip(*places, strict=True))


def test_what_was_recognised_once_is_remembered(cage: Cage, mixed: bytes) -> None:
    first = cage.read(mixed)
    began = len(puts)
    assert cage.read(mixed) == first
    assert began == len(puts) == len(set(puts))


def test_a_memory_that_holds_nonsense_is_not_believed(mixed: bytes, tmp_path: Path, cage: Cage) -> None:
    class Liar:
        def get(self, key: str) -> bytes | None:
            return b'[{"page": 1, "status": "ocr", "text": "x", "lines": [9, 1]}]'

        def put(self, key: str, body: bytes) -> None:
            """Forget it."""

    with Cage(recognition=Recognition(), memory=Liar()) as lied_to:
        assert lied_to.read(mixed) == cage.read(mixed)


def test_a_photograph_of_a_page_is_a_document(cage: Cage, picture: bytes) -> None:
    kept = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(kept, "JPEG", quality=80, dpi=(200, 200))
    reading = cage.read(kept.getvalue())
    assert (reading.state, reading.kind) == (State.SCREENED, "picture")
    assert LINES[1] in reading.pages[0].text
    assert cage.draw(kept.getvalue(), 1, 300)[:4] == b"\x89PNG"


@pytest.mark.parametrize("is_bare", [False, True])
def test_a_photograph_in_jpeg_2000_is_a_document_too(cage: Cage, picture: bytes, is_bare: bool) -> None:
    kept = io.BytesIO()
    page = Image.open(io.BytesIO(picture)).convert("L").crop((0, 0, 1654, 500))
    page.save(kept, "JPEG2000", no_jp2=is_bare)
    reading = cage.read(kept.getvalue())
    assert (reading.state, reading.kind) == (State.SCREENED, "picture")
    assert LINES[1] in reading.pages[0].text


def test_a_kind_that_the_library_was_built_without_is_not_called_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.BytesIO()
    Image.new("L", (64, 64), 255).save(kept, "JPEG2000")
    assert pictures.why_not(io.BytesIO(kept.getvalue())) is Reason.BROKEN
    monkeypatch.setattr(features, "check", lambda feature: feature != "jpg_2000")
    assert pictures.why_not(io.BytesIO(kept.getvalue())) is Reason.NOT_SUPPORTED


def test_a_tiff_of_several_pages_has_as_many(cage: Cage, picture: bytes) -> None:
    page, kept = Image.open(io.BytesIO(picture)).convert("L"), io.BytesIO()
    page.save(kept, "TIFF", save_all=True, append_images=[Image.new("L", page.size, 255), page], compression="raw")
    reading = cage.read(kept.getvalue())
    assert [each.status for each in reading.pages] == [PageStatus.OCR, PageStatus.NO_TEXT, PageStatus.OCR]
    assert reading.pages[1].reason is Reason.BLANK


def test_a_picture_without_words_is_still_unread(cage: Cage) -> None:
    reading = cage.read(make.pages([make.picture()]))
    assert (reading.state, reading.reason) == (State.NEEDS_OCR, Reason.IMAGES_ONLY)


def test_without_a_program_a_scan_is_never_called_read(mixed: bytes, picture: bytes) -> None:
    with Cage(recognition=Recognition(Engine.NONE)) as plain:
        both = plain.read(mixed)
        alone = plain.read(picture)
    assert (both.state, both.reason) == (State.SCREENED_IN_PART, Reason.SOME_PAGES_UNREAD)
    assert (alone.state, alone.reason) == (State.NEEDS_OCR, Reason.IMAGES_ONLY)


def test_a_broken_picture_says_so(picture: bytes) -> None:
    with Cage() as plain:
        assert plain.read(b"\x89PNG\r\n\x1a\n" + b"nothing of use").reason is Reason.BROKEN


def test_pieces_of_print_are_put_into_lines_from_left_to_right() -> None:
    pieces = [Word("b", (50, 11, 60, 21), 90.0), Word("c", (5, 40, 9, 50), 90.0), Word("a", (5, 10, 15, 20), 90.0)]
    assert "".join(word.text + word.after for word in _in_lines(pieces)) == "a b\nc\n"


def test_a_forked_process_that_is_lent_the_zygotes_leaves_them_running(cage: Cage) -> None:
    """A worker's child that started zygotes of its own made the worker start all of them anew for each document."""
    cage.warm()
    lent = cage.pids
    child = os.fork()
    if child == 0:
        try:
            cage.adopt()
            cage.read(make.pages([make.picture()]))
            os._exit(0 if cage.pids == lent else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert cage.pids == lent


def test_specks_on_a_page_do_not_end_the_reader(cage: Cage) -> None:
    """The program would note how many it saw in a file, which the cage refuses it."""
    page = Image.new("L", (1000, 200), 255)
    draw, chance = ImageDraw.Draw(page), random.Random(1)
    for row, line in enumerate(LINES[1:]):
        draw.text((40, 40 + 60 * row), line, fill=0, font_size=34)
    for _ in range(150):
        x, y = chance.randrange(1000), chance.randrange(200)
        draw.rectangle((x, y, x + 3, y + 3), fill=0)
    kept = io.BytesIO()
    page.save(kept, "PNG")
    reading = cage.read(kept.getvalue())
    assert (reading.state, reading.reason) == (State.SCREENED, None)
    assert "passports of forty workers" in reading.pages[0].text
