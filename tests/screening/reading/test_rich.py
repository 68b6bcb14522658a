"""Rich texts (RTF) are read as people see them; whatever is broken in one, nothing is lost without a word."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from screening.engine.reading import Cage
from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.limits import Limits
from screening.engine.reading.papers.pager import TooMuch
from screening.engine.reading.papers.rich import reading, writing
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import Reading, State
from tests.golden import odd_papers, papers, rich
from tests.screening.reading.test_illustrations import SAID, picture

LOCKED = "The exits were locked."


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    """A cage without text recognition."""
    with Cage() as cage:
        yield cage


def words(reading: Reading) -> str:
    return "\n".join(page.text for page in reading.pages)


def said(body: bytes, **around: bytes) -> str:
    """What is read of these paragraphs, without a cage."""
    answers = writing.pages(reading.read(rich.text(body, **around), Limits()), Limits()).answers()
    return "\n\f".join(str(answer["text"]) for answer in answers)


def test_a_rich_text_is_read_with_notes_and_boxes_and_headers_at_its_end(cage: Cage) -> None:
    told = cage.read(
        rich.text(
            rb"{\header\pard Mill audit 2026\par}{\headerf\pard Mill audit 2026\par}{\footer\pard\chpgn\par}"
            rb"\pard\plain The exits {\b were} locked{\super\chftn}{\footnote\pard\plain{\super\chftn} Seen twice.}."
            rb"\par"
            rb"{\shp{\*\shpinst{\sp{\sn txid}{\sv 12}}{\shptxt\pard\plain Words in a box.\par}}"
            rb"{\shprslt{\*\do\dptxbx{\dptxbxtext\pard Words in a box.\par}}}}Forty{\*\annotation Who?} passports.\par"
            rb"\page Second page.\par"
        )
    )
    assert (told.state, told.kind) == (State.SCREENED, "rtf")
    assert [page.text for page in told.pages] == [
        f"{LOCKED}\nForty passports.\nWords in a box.",
        "Second page.\n\nSeen twice.\n\nWho?\n\nMill audit 2026",
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"caf\'e9 \'93a\'94 50\'80 \u8211\'96 \endash\~\_\{x\}", "café “a” 50€ – –\u00a0-{x}"),
        (rb"\f1\'cf\'e0\'f1\'ef\'ee\'f0\'f2\f0  \'e9", "Паспорт é"),
        (rb"\f5\'b3\'b9ka", "łąka"),
        (rb"\f3\'8d\'48\'8f\'ea", "工場"),
        (b"{\\f3\\'8d{}H}", "\ufffdH"),
        (rb"\u1055\u1072?\u1089?", "Пас"),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"\uc0\u1055 x{\uc2\u1056 ab}\u1057 y", "ПxРСy"),
        (rb"\u8220\ldblquote a\u8221\rdblquote", "“a”"),
        (rb"{\upr{Passport}{\*\ud \u1055?}}", "П"),
        (rb"{\f2\'fe}{\f2\'a8}{\f2\u-3842?}{\f4\'b7} a", "☒☐☒• a"),
        (b"one\\\ntwo\\line three\nfour\\tab five", "one\ntwo\nthreefour\tfive"),
        (rb"kept {\deleted gone }{\revised put in}", "kept put in"),
        (rb'{\field{\*\fldinst HYPERLINK \\l "x"}{\fldrslt link}} {\xe{\v entry}}{\*\unheard of}end', "link end"),
        (rb'{\field{\*\fldinst SYMBOL 254 \\f "Wingdings" \\s 10}{\fldrslt\f2}}', "☒"),
        (rb"\unheardof12 a\'zz\'4 b", "azz4 b"),
    ],
)  # fmt: skip
def test_letters_and_signs_are_those_that_people_see(body: bytes, text: str) -> None:
    assert said(rb"\pard\plain " + body + rb"\par") == text


@pytest.mark.parametrize(
    ("head", "fonts", "text"),
    [
        (rb"\ansi\ansicpg1251", rb"{\fonttbl{\f0 Any;}}", "П"),
        (rb"\ansi\ansicpg1251", rb"{\fonttbl{\f0\fcharset0 Any;}}", "П"),
        (rb"\ansi\ansicpg1251", rb"{\fonttbl{\f0\fcharset0 Any;}{\f1\fcharset204 Any;}}", "Ï"),
        (rb"\ansi\ansicpg1252", rb"{\fonttbl{\f0\fcharset2 Tahoma;}}", "Ï"),
        (rb"\mac", b"", "œ"),
        (rb"\ansi\ansicpg99999", b"", "Ï"),
        (rb"\ansi", rb"{\fonttbl{\f0\fcharset1\cpg1251 Any;}}", "П"),
    ],
)
def test_a_code_page_is_told_by_the_font_or_by_the_file(head: bytes, fonts: bytes, text: str) -> None:
    assert said(rb"\pard\'cf\par", head=head, tables=fonts) == text


def test_a_table_is_told_in_rows_with_its_header_and_merged_cells(cage: Cage) -> None:
    body = (
        rb"\pard Checklist\par"
        + rich.row(b"Question", b"Answer", b"Comment", head=True)
        + rich.row(b"Exits unlocked?", b"No", b"chain\\par and lock", ends=(1990, 4010, 6000))
        + rich.row(b"Fire", b"both", ends=(2000, 6000), marks={0: b"\\clvmgf"})
        + rich.row(b"", b"No", b"none", marks={0: b"\\clvmrg"})
        + rb"\pard After.\par"
    )
    told = cage.read(rich.text(body))
    assert words(told) == (
        "Checklist\n\nQuestion | Answer | Comment\nExits unlocked? | No | chain\nand lock\n"
        "Fire | both\nNo | none\nAfter."
    )
    (table,) = told.tables
    assert table.header == ("Question", "Answer", "Comment")
    assert [(row.cells, row.above) for row in table.rows] == [
        (("Exits unlocked?", "No", "chain and lock"), ()),
        (("Fire", "both", ""), ()),
        (("", "No", "none"), (0,)),
    ]


def test_a_table_in_a_cell_stands_in_that_cell() -> None:
    row = rb"\itap2 b\nestcell c\nestcell{\*\nesttableprops\trowd\cellx9\nestrow}{\nonesttables\par}"
    inner = rb"a\par\pard\intbl" + row + rb"\pard\intbl d"
    assert said(rich.row(inner, b"e") + rich.row(b"f", b"g")) == "a\nb | c\nd | e\nf | g"


def test_cells_without_the_end_of_their_row_and_rows_that_are_not_described_are_read() -> None:
    assert said(rb"\pard\intbl a\cell b\cell\pard after\par") == "a | b\nafter"
    assert said(rb"\intbl a\cell b\cell\row c\cell d\cell\row") == "a | b\nc | d"


@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        (rb"{\v unseen} seen", True), (rb"{\v\v0 seen}", False), (rb"{\v {\plain seen}}", False),
        (rb"{\v }seen", False),
        (rb"{\cf2 white}", True), (rb"{\cf2\highlight1 white}", False), (rb"\cbpat1{\cf2 white}", False),
        (rb"{\cf1 black}", False), (rb"{\fs4 tiny}", True), (rb"{\fs5 small}", False),
        (rb"{\footnote {\v unseen}}", True), (rich.row(rb"{\cf2 white}", b"a"), False),
        (rich.row(rb"{\v a}", b"a"), True),
    ],
)  # fmt: skip
def test_words_that_nobody_sees_are_read_and_raise_the_doubt(cage: Cage, body: bytes, is_told: bool) -> None:
    (page,) = cage.read(rich.text(rb"\pard\plain seen " + body + rb"\par")).pages
    assert page.doubts == ((Doubt.HIDDEN_TEXT,) if is_told else ())


def test_boxes_and_lists_of_old_forms_say_what_was_chosen() -> None:
    boxes, lists = map(rich.ticked, (1, 0, 25)), (rich.drop_down(1, b"Yes", b"No"), rich.drop_down(9, b"Yes"))
    assert said(rb"\pard " + b"".join([*boxes, *lists]) + rb"\par") == "☒☐☐No"


@pytest.mark.parametrize(
    "made",
    [
        lambda digits: digits,
        lambda _: rich.picture(picture(), plain=True),
        lambda digits: rb"{\shp{\*\shpinst{\sp{\sn pib}{\sv %s}}}{\shprslt %s}}" % (digits, digits),
        lambda digits: digits + rb"{\nonshppict{\pict\wmetafile8 %s}}" % (b"ab" * 40_000),
    ],
)
def test_a_picture_in_it_is_said_to_be_unread_on_its_page(cage: Cage, made: Callable[[bytes], bytes]) -> None:
    told = cage.read(rich.text(rb"\pard Own words.\par\page Below: " + made(rich.picture(picture())) + rb"\par"))
    assert [page.doubts for page in told.pages] == [(), (Doubt.PICTURES_UNREAD,)]


def test_with_text_recognition_a_picture_in_it_is_read(seeing: Cage) -> None:
    data = rich.text(rb"\pard Own words.\par\page " + rich.picture(picture()) + rb"\par")
    pages = seeing.read(data).pages
    assert [(page.text, page.doubts) for page in pages] == [("Own words.", ()), (SAID, ())]


def test_a_bitmap_without_the_head_of_its_file_is_a_picture(cage: Cage) -> None:
    bare = picture(kind="BMP")[14:]
    data = rich.text(rb"\pard Words.\par" + rich.picture(bare, b"dibitmap0"))
    whole = reading.read(data, Limits()).pictures.read("1")
    assert Image.open(io.BytesIO(whole)).tobytes() == Image.open(io.BytesIO(picture(kind="BMP"))).tobytes()
    (page,) = cage.read(data).pages
    assert page.doubts == (Doubt.PICTURES_UNREAD,)


def test_logos_letterheads_and_drawings_of_a_few_strokes_raise_no_doubt(cage: Cage) -> None:
    small = rich.picture(picture(size=(200, 80))) + rich.picture(b"\0" * 900, b"emfblip")
    head = rich.picture(picture())
    (page,) = cage.read(rich.text(rb"{\header " + head + rb"\par}\pard Words." + small + head + rb"\par")).pages
    assert page.doubts == ()
    (page,) = cage.read(rich.text(rb"\pard Words." + rich.picture(b"\0" * 40_000, b"emfblip") + rb"\par")).pages
    assert page.doubts == (Doubt.PICTURES_UNREAD,)


def test_files_inside_are_documents_of_their_own(cage: Cage) -> None:
    book = odd_papers.ole({"Package": papers.archive([("a.txt", b"a")])})
    data = rich.text(
        rb"\pard See "
        + rich.dragged_in(b"note.txt", LOCKED.encode())
        + rich.embedded(b"Excel.Sheet.12", book, look=rich.picture(picture()))
        + rich.embedded(b"Equation", b"odd bytes\0\1\2")
        + rb"\par"
    )
    told = cage.read(data)
    assert (told.members, told.pages[0].doubts) == (3, ())
    first, second, third = cage.unpack(data).members
    assert (first.name, first.data) == ("object-1", LOCKED.encode())
    assert kind_of(second.data) is Kind.ZIP
    assert third.data == b"odd bytes\0\1\2"


def test_what_an_object_looks_like_is_kept_where_its_file_is_not_inside(cage: Cage) -> None:
    body = rb"\pard See {\object\objlink{\result " + rich.picture(picture()) + rb"}}\par"
    assert cage.read(rich.text(body)).pages[0].doubts == (Doubt.PICTURES_UNREAD,)


@pytest.mark.parametrize(
    "data",
    [
        b"{\\rtf1 " + LOCKED.encode() + b"{" * 50_000 + b"deep" + b"}" * 50_001,
        b"{\\rtf1 " + LOCKED.encode() + b"{\\pict\\bin999999999 abc}}",
        b"{\\rtf1 " + LOCKED.encode() + b"\\par{\\b and more",
        b"{\\rtf1 " + LOCKED.encode() + b"\\",
    ],
)
def test_what_is_too_deep_or_breaks_off_is_said_and_the_rest_is_read(cage: Cage, data: bytes) -> None:
    told = cage.read(data)
    assert (told.state, told.reason) == (State.SCREENED_IN_PART, Reason.SOME_PARTS_UNREAD)
    assert told.pages[0].text.startswith(LOCKED)
    assert told.pages[0].doubts == (Doubt.PARTS_UNREAD,)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{}" * 5_000 + b"end", "end"),
        (b"seen}lost", "seen"),
        (b"{\\pict\\bin-5 abc}tail", "tail"),
        (b"{\\pict zz" + b"\\bin4 }}}}" + b"}tail", "tail"),
        (b"\\u99999999999999999999?\\cellx99999999999999\\f-1\\fs-9\\itap-3\\uc-4 tail", "tail"),
        (b"\\cell\\row\\nestrow\\nestcell\\trowd\\row\\par " * 500 + b"tail", "tail"),
        (b"{\\fonttbl" + b"{\\f7\\fcharset204 x;}" * 2_000 + b"}tail", "tail"),
        (b"{\\upr{\\upr{\\*\\ud lost}}{\\*\\ud{\\b tail}}}", "tail"),
        (b"\\" + b"a" * 100_000 + b" tail", "a" * (100_000 - 32) + " tail"),
    ],
)
def test_nonsense_ends_and_what_can_be_read_is_read(body: bytes, text: str) -> None:
    assert said(body).endswith(text)


def test_more_text_than_is_allowed_is_refused() -> None:
    with pytest.raises(TooMuch):
        reading.read(rich.text(b"word " * 100), Limits(characters=300))


def test_a_rich_text_is_told_by_its_beginning_alone() -> None:
    assert kind_of(rich.text(b"%PDF-1.4")) is Kind.RTF
    assert kind_of(b"\xef\xbb\xbf\r\n{\\rtf1 a}") is Kind.RTF
    assert kind_of(b"See {\\rtf1 a}, which begins a rich text.") is Kind.TEXT
