from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fpdf import FPDF

from screening.engine.reading import Cage, CannotDraw, Guard, Limits
from screening.engine.reading.orders import Reader
from screening.engine.reasons import Reason
from screening.engine.results import PageStatus, State
from tests.golden import make

SENTENCE = "Passports of the workers are kept in the office of the manager."


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def test_a_child_is_refused_network_programs_forks_writing_deleting_and_killing(cage: Cage) -> None:
    proof = cage.prove()
    assert set(proof.refused) == {"network", "program", "fork", "write", "delete", "kill"}
    assert proof.guard is (Guard.SECCOMP if sys.platform == "linux" else Guard.AUDIT_HOOK)


def test_without_the_kernel_filter_the_audit_hook_refuses_and_the_cage_says_so() -> None:
    with Cage(kernel_filter=False) as cage:
        proof = cage.prove()
    assert proof.guard is Guard.AUDIT_HOOK
    assert {"network", "program", "fork", "write", "delete", "kill"} == set(proof.refused)


def test_a_page_is_read_with_its_size_and_the_place_of_its_line(cage: Cage) -> None:
    reading = cage.read(make.pages([make.text(SENTENCE)]))
    assert (reading.state, reading.reason) == (State.SCREENED, None)
    (page,) = reading.pages
    assert (page.number, page.status, page.text) == (1, PageStatus.READ, SENTENCE)
    assert (page.width, page.height) == (595.0, 842.0)
    ((x0, top, x1, bottom),) = page.boxes(0, len(SENTENCE))
    assert 71 <= x0 <= 73
    assert x1 > 300
    assert top < 842 - 720 < bottom
    assert 10 < bottom - top < 20


def test_on_a_rotated_page_places_are_those_of_the_page_as_displayed(cage: Cage) -> None:
    (page,) = cage.read(make.pages([make.text(SENTENCE)], rotate=90)).pages
    assert (page.width, page.height) == (842.0, 595.0)
    x0, top, x1, bottom = page.lines[0].box
    assert x0 < 720 < x1  # The baseline ran at 720 from the bottom, which is now 720 from the left.
    assert 71 <= top <= 73
    assert bottom - top > 200 > 20 > x1 - x0


def test_a_shifted_page_box_shifts_the_places(cage: Cage) -> None:
    (page,) = cage.read(make.pages([make.text(SENTENCE)], box="50 100 645 942")).pages
    x0, top, _, bottom = page.lines[0].box
    assert 21 <= x0 <= 23
    assert top < 942 - 720 < bottom


@pytest.mark.parametrize(
    ("data", "state", "reason"),
    [
        (b"", State.REJECTED, Reason.EMPTY_FILE),
        (b"PK\x03\x04 not a PDF", State.REJECTED, Reason.BROKEN),
        (b"\x7fELF a program", State.REJECTED, Reason.NOT_SUPPORTED),
        (b"%PDF-1.7\nand then nothing of use", State.REJECTED, Reason.BROKEN),
        (make.pages([]), State.REJECTED, None),
        (make.pages([b""]), State.NEEDS_OCR, Reason.BLANK),
        (make.pages([make.picture()]), State.NEEDS_OCR, Reason.IMAGES_ONLY),
        (make.pages([make.picture(), b""]), State.NEEDS_OCR, Reason.IMAGES_ONLY),
        (make.pages([make.text(SENTENCE), b""]), State.SCREENED, None),
        (make.pages([make.text(SENTENCE), make.picture()]), State.SCREENED_IN_PART, Reason.SOME_PAGES_UNREAD),
        (make.locked(SENTENCE, password="secret"), State.NEEDS_PASSWORD, Reason.ENCRYPTED),
        (make.locked(SENTENCE, password=""), State.SCREENED, None),
    ],
)
def test_every_file_ends_in_a_state_with_its_reason(
    cage: Cage, data: bytes, state: State, reason: Reason | None
) -> None:
    reading = cage.read(data)
    assert reading.state is state
    if state is State.REJECTED and reason is None:
        assert reading.reason in (Reason.NO_PAGES, Reason.BROKEN)
    else:
        assert reading.reason is reason


def test_a_picture_page_with_a_stamp_is_not_called_read(cage: Cage) -> None:
    scan = make.picture() + make.text("Page 3", x=500, y=20)
    reading = cage.read(make.pages([make.text(SENTENCE * 2), scan, make.text(SENTENCE * 2)]))
    assert reading.state is State.SCREENED_IN_PART
    assert reading.pages[1].reason is Reason.IMAGES_ONLY


def test_a_password_opens_and_a_wrong_one_is_told(cage: Cage) -> None:
    data = make.locked(SENTENCE, password="secret")
    assert cage.read(data, "secret").state is State.SCREENED
    reading = cage.read(data, "guess")
    assert (reading.state, reading.reason) == (State.NEEDS_PASSWORD, Reason.WRONG_PASSWORD)


def test_what_was_typed_into_a_form_is_read(cage: Cage) -> None:
    assert cage.read(make.form("workers", "412 of them migrants")).fields == {"workers": "412 of them migrants"}


@pytest.mark.parametrize("trick", ["3 Tr", "1 g", "1 0 0 1 900 0 Tm"])
def test_text_that_nobody_sees_is_reported(cage: Cage, trick: str) -> None:
    unseen = f"BT {trick} /F1 12 Tf 72 600 Td (We never employ children here) Tj ET\n".encode()
    (page,) = cage.read(make.pages([make.text(SENTENCE) + unseen])).pages
    assert page.hidden_text


def test_white_text_on_a_dark_bar_is_not_hidden(cage: Cage) -> None:
    bar = b"0 0.2 0.4 rg 60 590 400 40 re f\n" + make.text("Findings", y=600, before="1 g")
    (page,) = cage.read(make.pages([make.text(SENTENCE) + bar])).pages
    assert not page.hidden_text


def test_control_characters_are_taken_out_and_places_still_fit(cage: Cage) -> None:
    (page,) = cage.read(make.pages([make.text("No\\000 passport\\001s \\007kept") + make.text("second", y=700)])).pages
    assert not set(page.text) & set(map(chr, [*range(9), *range(11, 32), 127]))
    for line in page.lines:
        assert page.text[line.start : line.end].strip()
    assert page.text[page.lines[-1].start : page.lines[-1].end] == "second"


def test_a_bomb_ends_at_the_memory_limit_and_the_next_document_is_read() -> None:
    with Cage(Limits(memory=160 * 1024 * 1024)) as cage:
        reading = cage.read(make.bomb(250))
        assert reading.state in (State.OVER_LIMIT, State.REJECTED)
        assert reading.reason in (Reason.TOO_MUCH_MEMORY, Reason.READER_DIED, Reason.BROKEN)
        assert cage.cost.resident_bytes < 160 * 1024 * 1024
        assert cage.read(make.pages([make.text(SENTENCE)])).state is State.SCREENED


def test_a_document_that_takes_too_long_is_stopped_and_what_was_read_is_kept() -> None:
    limits = Limits(seconds=0.25, seconds_for_many=0.0, seconds_a_page=0.0)
    crowd = b"".join(make.text("word", x=n % 500, y=n % 800) for n in range(3000))
    with Cage(limits) as cage:
        cage.read(make.pages([make.text(SENTENCE)]))
        reading = cage.read(make.pages([crowd] * 200, packed=True))
    assert reading.reason is Reason.TOOK_TOO_LONG
    assert reading.state in (State.SCREENED_IN_PART, State.OVER_LIMIT)
    assert reading.state is State.OVER_LIMIT or reading.pages[-1].reason is Reason.TOOK_TOO_LONG


def test_limits_of_size_pages_and_text_are_visible_states() -> None:
    three = make.pages([make.text(SENTENCE)] * 3)
    with Cage(Limits(file_bytes=100)) as cage:
        assert cage.read(three).reason is Reason.TOO_LARGE
    with Cage(Limits(pages=2)) as cage:
        reading = cage.read(three)
        assert (reading.state, reading.reason) == (State.OVER_LIMIT, Reason.TOO_MANY_PAGES)
    with Cage(Limits(characters=100)) as cage:
        reading = cage.read(three)
        assert (reading.state, reading.reason) == (State.SCREENED_IN_PART, Reason.TOO_MUCH_TEXT)
        assert [page.status for page in reading.pages] == [PageStatus.READ, PageStatus.FAILED, PageStatus.FAILED]


def test_a_killed_zygote_costs_no_document(cage: Cage) -> None:
    data = make.pages([make.text(SENTENCE)])
    first = cage.read(data)
    zygote = cage._hands._keepers[Reader.PDFIUM].pid
    assert zygote is not None
    os.kill(zygote, signal.SIGKILL)
    assert cage.read(data) == first


def test_two_readings_are_equal_and_leave_no_handles_open(cage: Cage) -> None:
    data = make.pages([make.text(SENTENCE), make.picture()])
    first = cage.read(data)
    before = _open_handles()
    assert all(cage.read(data) == first for _ in range(5))
    assert _open_handles() == before


def _open_handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


def test_threads_take_turns(cage: Cage) -> None:
    found: dict[int, str] = {}

    def read(number: int) -> None:
        found[number] = cage.read(make.pages([make.text(f"Document number {number}")])).pages[0].text

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"Document number {number}" for number in range(6)}


def test_a_forked_process_gets_zygotes_of_its_own(cage: Cage) -> None:
    data = make.pages([make.text(SENTENCE)])
    cage.read(data)
    child = os.fork()
    if child == 0:
        read = cage.read(data).state is State.SCREENED
        cage.close()
        os._exit(0 if read else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert cage.read(data).state is State.SCREENED


def test_a_page_is_drawn_as_it_is_displayed(cage: Cage) -> None:
    data = make.pages([b"1 0 0 rg 0 742 100 100 re f\n"], rotate=90)
    picture = cage.draw(data, 1, 421)
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == (421, 298)
    packed = picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8]
    rows = zlib.decompress(packed)
    step = 1 + 3 * width
    assert rows[1 + 3 * (width - 5) : 4 + 3 * (width - 5)] == b"\xff\x00\x00"  # Top left turned to the top right.
    assert rows[step * (height - 2) + 1 :][:3] == b"\xff\xff\xff"


def test_pages_that_cannot_be_drawn_are_left_out_or_told(cage: Cage) -> None:
    data = make.pages([make.text(SENTENCE)] * 2)
    assert list(cage.draw_pages(data, [2, 9, 1], 100)) == [2, 1]
    with pytest.raises(CannotDraw) as told:
        cage.draw(data, 9, 100)
    assert told.value.reason is Reason.PAGE_FAILED
    with pytest.raises(CannotDraw) as told:
        cage.draw(make.locked(SENTENCE, password="secret"), 1, 100)
    assert told.value.reason is Reason.ENCRYPTED
    assert cage.draw(make.locked(SENTENCE, password="secret"), 1, 100, "secret").startswith(b"\x89PNG")


def test_the_parent_and_the_zygote_load_no_language_libraries() -> None:
    program = "import sys, screening.engine.reading.zygote, screening.engine.reading; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"spacy", "sklearn", "numpy", "pypdfium2", "pdfplumber", "sqlalchemy"} & set(loaded)


def test_text_under_a_picture_or_a_filled_area_that_was_drawn_later_is_reported(cage: Cage) -> None:
    area = make.text(SENTENCE) + b"1 g 60 700 400 40 re f\n"
    under_picture = make.text(SENTENCE) + b"q 400 0 0 40 60 705 cm /I1 Do Q\n"
    behind = b"0.9 g 60 700 400 40 re f\n" + b"0 g " + make.text(SENTENCE)
    found = [cage.read(make.pages([content])).pages[0].hidden_text for content in (area, under_picture, behind)]
    assert found == [True, True, False]


def test_what_people_wrote_onto_a_page_is_read_with_its_place(cage: Cage) -> None:
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica", size=12)
    paper.cell(text=SENTENCE)
    paper.text_annotation(50, 60, "This was repaired in May, says the manager.")
    (page,) = cage.read(bytes(paper.output())).pages
    start = page.text.index("This was repaired")
    assert page.text.startswith(SENTENCE[:20])
    assert page.boxes(start, len(page.text))


def test_chosen_answers_of_a_form_are_read_by_the_name_of_their_field(cage: Cage) -> None:
    widget = "/Type /Annot /Subtype /Widget /Rect [50 %d 70 %d]"
    looks = "/AP << /N << /Yes 9 0 R /Off 9 0 R >> >>"
    field = {
        5: "<< /FT /Btn /T (exits) /V /Yes /AS /Yes " + widget % (600, 620) + looks + " >>",
        6: "<< /FT /Ch /Ff 131072 /T (scheme) /Opt [(SMETA) (BSCI)] /V (BSCI) " + widget % (500, 520) + " >>",
        7: "<< /FT /Btn /Ff 49152 /T (hours) /V /Yes /Kids [8 0 R] >>",
        8: "<< /Parent 7 0 R /AS /Yes " + widget % (400, 420) + looks + " >>",
    }
    file = make.pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R 6 0 R 7 0 R] >> >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [5 0 R 6 0 R 8 0 R] >>",
            *(field[number].encode() for number in sorted(field)),
            make.stream(b""),
        ]
    )
    assert cage.read(file).fields == {"exits": "Yes", "scheme": "BSCI", "hours": "Yes"}
