from __future__ import annotations

from collections.abc import Iterator

import pytest

from screening.engine.reading import Cage
from screening.engine.reading.contradictions import contradicts_itself
from tests.golden import make

SHOWN, OTHER = "No passports were kept at this site.", "All passports were kept at this site."


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def two_texts() -> bytes:
    """A page of two streams, in objects 5 and 6, that print one text each."""
    return make.pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [5 0 R 6 0 R]"
            b" /Resources << /Font << /F1 3 0 R >> >> >>",
            make.stream(make.text(SHOWN)),
            make.stream(make.text(OTHER, y=500)),
        ]
    )


def bent(old: bytes, new: bytes, *, last: bool = True) -> bytes:
    """The file with the last place where it says `old` saying `new`."""
    data = two_texts()
    at = data.rindex(old) if last else data.index(old)
    return data[:at] + new + data[at + len(old) :]


BENT = {
    "a stream that does not begin on a line of its own": bent(b">>\nstream\n", b">>\nstream "),
    "a stream in capitals": bent(b">>\nstream", b">>\nSTREAM"),
    "a stream without an end": bent(b"\nendstream\nendobj", b"\n\nendobj"),
    "the end of a stream noted out": bent(b"\nendstream", b"%endstream"),
    "an object noted out": bent(b"\n6 0 obj", b"%6 0 obj"),
    "the end of an object noted out": bent(b"\nendobj", b"%endobj"),
    "a reference in the wrong case": bent(b"6 0 R]", b"6 0 r]"),
    "an object before the first line": b"5 0 obj\n<< >>\nendobj\n" + two_texts(),
    "more tables of places than ends of them": bent(b"trailer", b"xref\n0 0\ntrailer").replace(b"%%EOF", b"%EOF", 1),
    "an object that is called free at its place": bent(b" 00000 n \ntrailer", b" 00000 f \ntrailer"),
    "a place that leads to another object": two_texts().replace(
        b"%010d 00000 n \ntrailer" % two_texts().index(b"6 0 obj"),
        b"%010d 00000 n \ntrailer" % two_texts().index(b"5 0 obj"),
    ),
}


@pytest.mark.parametrize("kind", BENT)
def test_a_file_that_contradicts_itself_is_told(kind: str) -> None:
    assert BENT[kind] != two_texts()
    assert contradicts_itself(BENT[kind])


def test_a_whole_file_one_added_to_and_one_damaged_on_its_way_do_not_contradict_themselves() -> None:
    whole = two_texts()
    assert not contradicts_itself(whole)
    added = whole + b"5 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\nxref\n5 1\n%010d 00000 n \n" % len(whole)
    added += b"trailer\n<< /Size 7 /Root 1 0 R /Prev 9 >>\nstartxref\n%d\n%%%%EOF\n" % (added.rindex(b"xref\n5"))
    assert not contradicts_itself(added)
    assert not contradicts_itself(whole.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 came later\n"))
    assert not contradicts_itself(whole.replace(b"\n", b"\r\n"))


def test_its_pages_raise_the_warning_of_text_that_is_not_seen(cage: Cage) -> None:
    pages = cage.read(BENT["a reference in the wrong case"]).pages
    assert [page.hidden_text for page in pages] == [True]
    assert not cage.read(two_texts()).pages[0].hidden_text


def test_a_page_painted_over_and_printed_anew_raises_the_warning(cage: Cage) -> None:
    ground = b"1 g 0 0 595 842 re f 0 g\n"
    over = make.pages([make.text(OTHER) + ground + make.text(SHOWN)])
    beside = make.pages([make.text(OTHER, y=300) + ground + make.text(SHOWN)])
    under = make.pages([ground + make.text(SHOWN)])
    found = [cage.read(data).pages[0].hidden_text for data in (over, beside, under)]
    assert found == [True, True, False]
