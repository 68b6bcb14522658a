"""What is easily overlooked in mails, sheets, Word files, web pages and forms is read, or said to be unread."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from screening.engine.reading import Cage
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import Reading, State
from tests.golden import make, odd_papers, papers

LOCKED = "The exits are locked."


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def words(reading: Reading) -> str:
    return "\n".join(page.text for page in reading.pages).strip()


def unseen(reading: Reading) -> list[bool]:
    return [page.hidden_text for page in reading.pages]


def test_an_outlook_message_is_read_and_its_attachments_are_members(cage: Cage) -> None:
    data = odd_papers.outlook(LOCKED, [("prüf.txt", b"Forty passports."), ("scan.pdf", make.pages([make.picture()]))])
    reading = cage.read(data)
    assert (reading.state, reading.kind, reading.members) == (State.SCREENED, "msg", 2)
    assert words(reading) == f"From: Auditor\nTo: Buyer\nSubject: Visit to the mill\n\n{LOCKED}"
    members = cage.unpack(data).members
    assert [member.name for member in members] == ["prüf.txt", "scan.pdf"]
    assert cage.read(members[1].data).reason is Reason.IMAGES_ONLY


def test_a_mail_in_a_mail_is_a_member_with_its_own_attachments(cage: Cage) -> None:
    inner = odd_papers.letter("Inner", plain=LOCKED)
    inner.add_attachment("Forty passports.", filename="n.txt")
    outer = odd_papers.letter("Outer", plain="See below.")
    outer.add_attachment(inner)
    (member,) = cage.unpack(outer.as_bytes()).members
    assert (member.name, cage.read(member.data).kind) == ("Inner.eml", "eml")
    assert [each.name for each in cage.unpack(member.data).members] == ["n.txt"]


def test_a_mail_as_a_web_page_alone_is_read(cage: Cage) -> None:
    assert words(cage.read(odd_papers.letter(html=f"<p>{LOCKED}</p>").as_bytes())).endswith(LOCKED)


@pytest.mark.parametrize(
    ("plain", "page", "times"),
    [
        ("All is well.", "All is well. Forty passports are kept.", 1),
        ("No passports are kept.", "Forty passports are kept.", 1),
        ("Forty passports\nare kept. https://example.org/a", "Forty <b>passports</b> are kept.", 0),
    ],
)
def test_what_a_mail_says_only_as_a_web_page_is_read_too_and_what_it_says_twice_is_read_once(
    cage: Cage, plain: str, page: str, times: int
) -> None:
    text = words(cage.read(odd_papers.letter(plain=plain, html=f"<p>{page}</p>").as_bytes()))
    assert plain.split("\n")[0] in text
    assert text.count("Forty passports are kept.") == times


def test_an_invitation_is_read_as_people_see_it(cage: Cage) -> None:
    mail = odd_papers.letter(plain="Please come.")
    mail.add_alternative(odd_papers.INVITATION, subtype="calendar")
    for data in (mail.as_bytes(), odd_papers.INVITATION.encode()):
        text = words(cage.read(data))
        assert "The exits are locked, bring a key. Workers were beaten last week." in text
        assert "Attendee: Worker One" in text
        assert "BEGIN" not in text


def test_an_encrypted_mail_is_not_read_by_its_headers(cage: Cage) -> None:
    mail = odd_papers.letter()
    mail.set_content(b"\x30\x80", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    reading = cage.read(mail.as_bytes())
    assert (reading.state, reading.reason) == (State.NEEDS_PASSWORD, Reason.ENCRYPTED)


def test_what_outlook_wraps_into_its_own_format_is_said_to_be_unread(cage: Cage) -> None:
    mail = odd_papers.letter(plain="See attachment.")
    wrapped = b"\x78\x9f\x3e\x22\x01\x00" + b"\x01\x06\x90\x08\x00\x04\x00\x00\x00\x00\x00\x01" * 4
    mail.add_attachment(wrapped, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    (member,) = cage.unpack(mail.as_bytes()).members
    reading = cage.read(member.data)
    assert (member.name, reading.state, reading.reason) == ("winmail.dat", State.REJECTED, Reason.NOT_SUPPORTED)
    assert "save it as PDF" in Reason.NOT_SUPPORTED.advice


@pytest.mark.parametrize(("size", "members"), [(2_000, 0), (40_000, 1)])
def test_a_page_pasted_into_a_mail_is_a_member_and_a_mark_in_the_signature_is_none(
    cage: Cage, size: int, members: int
) -> None:
    mail = odd_papers.letter(html="<p>See here.</p><img src='cid:a'>")
    mail.add_related(bytes(size), "image", "png", cid="<a>")
    assert cage.read(mail.as_bytes()).members == members


def test_a_formula_without_its_last_value_leaves_the_sheet_read_in_part(cage: Cage) -> None:
    reading = cage.read(papers.workbook(counted=False))
    assert (reading.state, reading.reason) == (State.SCREENED_IN_PART, Reason.VALUES_MISSING)
    assert [page.doubts for page in reading.pages[:2]] == [(Doubt.HIDDEN_TEXT,), (Doubt.PARTS_UNREAD,)]


def test_dates_and_times_of_the_calendar_of_1904_are_right(cage: Cage) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1, 14, 30), datetime.time(8, 15)])  # noqa: DTZ001
    assert "2026-03-01 | 2026-03-01 14:30 | 08:15" in words(cage.read(papers.saved(book)))


def test_cells_that_show_nothing_raise_the_warning_and_white_on_blue_does_not(cage: Cage) -> None:
    assert unseen(cage.read(odd_papers.sheet_of_unseen())) == [True, True, False]


def test_a_sheet_hidden_from_the_menu_too_is_read_with_the_warning_and_merged_cells_once(cage: Cage) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Merged words"
    book.active.merge_cells("A1:B3")
    book.create_sheet("Second")["A1"] = LOCKED
    book["Second"].sheet_state = "veryHidden"
    reading = cage.read(papers.saved(book))
    assert unseen(reading) == [False, True]
    assert words(reading).count("Merged words") == 1
    assert LOCKED in words(reading)


def test_ticks_and_choices_of_a_word_file_are_read(cage: Cage) -> None:
    ticked = (
        "<w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t> open </w:t><w:sym w:font='Wingdings' w:char='F0A8'/></w:r>"
    )
    chosen = (
        "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='No'/>"
        "<w:listEntry w:val='Yes, kept'/></w:ddList></w:ffData></w:fldChar></w:r>"
    )
    assert words(cage.read(odd_papers.word_with(ticked, chosen))).endswith("☒ open ☐\nYes, kept")


def test_what_a_word_file_moved_is_read_where_it_went(cage: Cage) -> None:
    moved = (
        "<w:moveFrom w:id='1'><w:r><w:t>moved away</w:t></w:r></w:moveFrom>",
        "<w:moveTo w:id='2'><w:r><w:t>moved here</w:t></w:r></w:moveTo>",
    )
    assert words(cage.read(odd_papers.word_with(*moved))).endswith("report.\n\nmoved here")


@pytest.mark.parametrize(
    ("properties", "is_unseen"),
    [
        ("<w:color w:val='FFFFFF'/>", True),
        ("<w:sz w:val='2'/>", True),
        ("<w:color w:val='FFFFFF'/><w:shd w:val='clear' w:fill='1F3864'/>", False),
        ("<w:color w:val='C00000'/><w:sz w:val='14'/>", False),
    ],
)
def test_white_and_tiny_words_of_a_word_file_raise_the_warning(cage: Cage, properties: str, is_unseen: bool) -> None:
    run = f"<w:r><w:rPr>{properties}</w:rPr><w:t>{LOCKED}</w:t></w:r>"
    assert unseen(cage.read(odd_papers.word_with(run))) == [is_unseen]


def test_a_page_of_another_kind_in_a_word_file_is_a_member(cage: Cage) -> None:
    data = odd_papers.with_page_inside(f"<html><body><p>{LOCKED}</p></body></html>")
    assert cage.read(data).members == 1
    (member,) = cage.unpack(data).members
    assert words(cage.read(member.data)) == LOCKED


@pytest.mark.parametrize(
    "style", ["display:none", "opacity:0", "font-size:1px", "position:absolute;left:-9999px", "text-indent:-999em"]
)
def test_words_of_a_web_page_that_nobody_sees_raise_the_warning(cage: Cage, style: str) -> None:
    for page in (
        f"<html><body><p>Seen.</p><p style='{style}'>{LOCKED}</p></body></html>",
        f"<html><style>.x, #y {{ {style} }}</style><body><p>Seen.</p><p class='a x'>{LOCKED}</p></body></html>",
    ):
        assert unseen(cage.read(page.encode())) == [True]


def test_white_words_of_a_web_page_without_a_ground_raise_the_warning(cage: Cage) -> None:
    page = f"<html><body><p>Seen.</p><p style='color:#fff'>{LOCKED}</p></body></html>"
    assert unseen(cage.read(page.encode())) == [True]


def test_usual_styles_of_a_web_page_raise_no_warning(cage: Cage) -> None:
    page = (
        "<html><style>.x{opacity:0.9;left:-1px} p{color:#333}</style><body><p class=x style='font-size:11px'>Seen.</p>"
        "<table style='background:#036'><tr><td style='color:white'>Head<td>Two</table></body></html>"
    )
    assert unseen(cage.read(page.encode())) == [False]


def test_of_a_list_on_a_web_page_what_was_chosen_is_read_and_a_page_in_the_page_is_said_to_be_unread(
    cage: Cage,
) -> None:
    page = "<html><body><p>Exits open? <select><option>Yes<option selected>No</select></p>{}</body></html>"
    assert words(cage.read(page.format("").encode())) == "Exits open? No"
    reading = cage.read(page.format("<iframe srcdoc='<p>Locked.</p>'></iframe>").encode())
    assert (reading.state, reading.reason) == (State.SCREENED_IN_PART, Reason.SOME_PARTS_UNREAD)
    assert reading.pages[0].doubts == (Doubt.PARTS_UNREAD,)


def test_every_kind_of_form_field_is_read_in_the_words_that_people_see(cage: Cage) -> None:
    looks = "/AP << /N << /Yes 5 0 R /Off 5 0 R >> >>"
    fields = cage.read(
        odd_papers.form_of(
            f"/FT /Btn /T (exits) /V /Yes /AS /Yes {looks}",
            f"/FT /Btn /T (children) /V /Off /AS /Off {looks}",
            f"/FT /Btn /Ff 32768 /T (shift) /V /Yes /AS /Yes {looks}",
            "/FT /Ch /Ff 131072 /T (country) /Opt [(Bangladesh) (India)] /V (India)",
            "/FT /Ch /Ff 2097152 /T (languages) /Opt [(Bangla) (Hindi) (Thai)] /V [(Bangla) (Thai)] /I [0 2]",
            "/FT /Ch /Ff 131072 /T (coded) /Opt [[(1) (Passports kept)] [(2) (None kept)]] /V (1)",
            "/FT /Ch /Ff 393216 /T (typed) /Opt [(a)] /V (something else)",
            "/FT /Tx /Ff 4096 /T (remarks) /V (First line\\rWages are late)",
        )
    ).fields
    assert fields == {
        "exits": "Yes", "children": "Off", "shift": "Yes", "country": "India", "languages": "Bangla, Thai",
        "coded": "Passports kept", "typed": "something else", "remarks": "First line\nWages are late",
    }  # fmt: skip


def test_a_file_pinned_to_a_page_is_a_member_and_a_note_that_is_not_shown_raises_the_warning(cage: Cage) -> None:
    data = odd_papers.with_file_on_page("x.txt", LOCKED.encode())
    reading = cage.read(data)
    assert (reading.members, unseen(reading)) == (1, [True])
    assert "A note that is not shown" in words(reading)
    (member,) = cage.unpack(data).members
    assert (member.name, member.data) == ("x.txt", LOCKED.encode())


def test_a_form_that_only_one_program_can_show_is_said_to_be_unread(cage: Cage) -> None:
    plain = odd_papers.form_of("/FT /Tx /T (workers) /V (412)")
    dynamic = plain.replace(b"/AcroForm << ", b"/NeedsRendering true /AcroForm << /XFA [(template) 5 0 R] ", 1)
    assert cage.read(plain).state is State.SCREENED
    reading = cage.read(dynamic)
    assert (reading.state, reading.reason) == (State.SCREENED_IN_PART, Reason.DYNAMIC_FORM)
    assert reading.fields == {"workers": "412"}
    assert "print it to PDF" in Reason.DYNAMIC_FORM.advice


def test_old_word_files_and_slides_are_named_with_what_to_do(cage: Cage) -> None:
    for stream in ("WordDocument", "PowerPoint Document"):
        reading = cage.read(odd_papers.ole({stream: bytes(64), "1Table": b"x"}))
        assert (reading.state, reading.reason) == (State.REJECTED, Reason.OLD_FORMAT)
    assert "DOCX" in Reason.OLD_FORMAT.advice


def test_names_in_archives_are_shown_without_what_misleads_and_every_file_comes_out(cage: Cage) -> None:
    names = ("a/b\u202egpj.exe", "CON", "C:\\x\\y.txt", "/abs.txt", "n\n.txt", "a" * 600 + ".txt", "…/ok.txt")
    for data in (
        papers.archive([(name, b"Words.") for name in names]),
        papers.tar([(name, b"Words.") for name in names]),
    ):
        members = cage.unpack(data).members
        assert [member.name for member in members][:5] == ["a/bgpj.exe", "CON", "x/y.txt", "abs.txt", "n.txt"]
        assert [member.data for member in members] == [b"Words."] * len(names)
