"""Office files, text, web pages and mail are read as people see them, each in the cage alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from screening.engine.caps import plan_rows
from screening.engine.reading import Cage
from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reasons import Reason
from screening.engine.results import Reading, State, TableKind
from tests.golden import make, papers


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def words(reading: Reading) -> str:
    return "\n".join(page.text for page in reading.pages)


def test_a_word_file_is_read_with_boxes_comments_insertions_and_headers_but_without_deletions(cage: Cage) -> None:
    reading = cage.read(papers.word())
    assert (reading.state, reading.kind) == (State.SCREENED, "docx")
    for said in (papers.PASSPORTS, "Words in a box.", "Seen by the auditor.", "Workers were beaten", "second page"):
        assert said in words(reading)
    assert "were thanked" not in words(reading)
    assert words(reading).endswith("Running header of every page")


def test_the_pages_of_a_word_file_are_those_that_word_kept(cage: Cage) -> None:
    pages = cage.read(papers.word()).pages
    assert papers.PASSPORTS in pages[0].text
    assert pages[-1].number > 1
    assert "The second page." in pages[-1].text


def test_hidden_text_of_a_word_file_raises_the_warning_on_its_page(cage: Cage) -> None:
    pages = cage.read(papers.word()).pages
    assert [page.hidden_text for page in pages] == [True] + [False] * (len(pages) - 1)


def test_a_plan_in_a_word_file_becomes_plan_rows_and_merged_cells_reach_down(cage: Cage) -> None:
    rows = plan_rows(cage.read(papers.word()))
    assert [(row.finding, row.corrective_action, str(row.due_date)) for row in rows] == [
        ("Exits were locked", "Remove the locks", "2026-03-01"),
        ("No contracts", "Give contracts", "2026-04-15"),
        ("No contracts", "Paint the exits", "2026-05-01"),
    ]


def test_a_workbook_is_read_sheet_by_sheet_and_its_plan_becomes_rows(cage: Cage) -> None:
    reading = cage.read(papers.workbook())
    assert (reading.state, reading.kind, len(reading.pages)) == (State.SCREENED, "xlsx", 3)
    assert reading.pages[0].text.startswith("Plan\n\nCorrective action plan of a mill")
    table = reading.tables[0]
    assert (table.kind, table.header) == (TableKind.CAP, papers.PLAN[0])
    assert [row.status for row in plan_rows(reading)] == ["open", "closed"]
    assert "Also seen last year." in reading.pages[0].text


def test_dates_are_written_out_and_formulas_are_never_computed(cage: Cage) -> None:
    page = cage.read(papers.workbook()).pages[1]
    assert "2026-03-01 | 60" in page.text
    assert "=1+1" not in page.text
    assert "| 2 |" not in page.text
    assert "| 7 |" in page.text


def test_hidden_sheets_and_rows_raise_the_warning(cage: Cage) -> None:
    pages = cage.read(papers.workbook()).pages
    assert [page.hidden_text for page in pages] == [True, False, True]
    assert "Children work at night" in pages[2].text


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_text_in_columns_is_a_table_whatever_parts_them(cage: Cage, separator: str) -> None:
    data = "\n".join(separator.join(row) for row in papers.PLAN).encode("utf-16")
    reading = cage.read(data)
    assert reading.kind == "csv"
    assert [row.responsible for row in plan_rows(reading)] == ["Plant manager", "HR"]


def test_prose_with_commas_is_no_table(cage: Cage) -> None:
    reading = cage.read(
        b"First, we looked at exits, doors and stairs.\nThen, we asked workers.\nAll, they said, is well."
    )
    assert (reading.kind, reading.tables) == ("text", ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Die Pässe der Beschäftigten werden im Büro aufbewahrt, größere Mängel.", "cp1252"),
        ("Paszporty pracowników są przechowywane w biurze; źle oznaczone wyjścia.", "cp1250"),
        ("Паспорта работников хранятся в офисе.", "cp1251"),
        ("İşçilerin pasaportları ofiste tutuluyor, acil çıkışlar kilitli.", "cp1254"),
        ("工厂扣押了四十名外籍工人的护照。", "gb18030"),
        ("労働者のパスポートが事務所に保管されている。", "shift_jis"),
        ("근로자의 여권이 사무실에 보관되어 있다.", "euc_kr"),
        ("หนังสือเดินทางของคนงานถูกเก็บไว้ที่สำนักงาน", "cp874"),
        ("Plain words.", "utf-16-le"),
    ],
)
def test_text_in_an_old_encoding_is_read_with_its_own_letters(cage: Cage, text: str, encoding: str) -> None:
    reading = cage.read(text.encode(encoding))
    assert reading.pages[0].text == text


def test_a_web_page_is_read_without_scripts_and_hidden_words_raise_the_warning(cage: Cage) -> None:
    page = (
        b"<html><head><style>p{}</style><script>alert('never')</script></head><body><p>Wages are &euro; 3.</p>"
        b"<table><tr><th>Question<th>Answer<th>Comment<tr><td>Exits open?<td>No<td>locked</table>"
        b"<p style='display: none'>unseen</p></body></html>"
    )
    reading = cage.read(page)
    assert reading.kind == "html"
    assert reading.pages[0].text.startswith("Wages are € 3.")
    assert "never" not in words(reading)
    assert "unseen" not in words(reading)
    assert reading.pages[0].hidden_text
    assert reading.tables[0].rows[-1].cells == ("Exits open?", "No", "locked")


def test_a_mail_is_read_once_with_its_headers_and_counts_its_attachments(cage: Cage) -> None:
    reading = cage.read(papers.mail(("plan.xlsx", papers.workbook())))
    assert (reading.kind, reading.members) == ("eml", 1)
    assert "Subject: Prüfbericht" in words(reading)
    assert words(reading).count("Der Bericht") == 1
    (member,) = cage.unpack(papers.mail(("plan.xlsx", papers.workbook()))).members
    assert (member.name, member.data) == ("plan.xlsx", papers.workbook()) or member.data[:2] == b"PK"


def test_a_bomb_of_entities_and_an_outside_entity_are_refused(cage: Cage) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]><w:document xmlns:w="w">&b;</w:document>'
    data = papers.archive([("[Content_Types].xml", b"<Types/>"), ("word/document.xml", bomb)])
    reading = cage.read(data)
    assert (reading.state, reading.reason) == (State.REJECTED, Reason.BROKEN)


def test_a_part_that_unpacks_to_too_much_is_over_the_limit(cage: Cage) -> None:
    data = papers.archive([("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b" " * (300 << 20))])
    assert cage.read(data).reason is Reason.UNPACKS_TOO_LARGE


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"MZ\x90\x00\x03", None),
        (b"Rar!\x1a\x07\x00", None),
        (b"   \n", None),
        (papers.archive([("a.pdf", make.pages([make.text("Stored.")]))], packed=False), Kind.ZIP),
        (papers.tar([("a.pdf", make.pages([make.text("Stored.")]))], "w:"), Kind.TAR),
        (b"junk\n" * 20 + make.pages([make.text("Late.")]), Kind.PDF),
        ("Ünïcode".encode("utf-16-le"), Kind.TEXT),
    ],
)
def test_content_decides_what_a_file_is(data: bytes, kind: Kind | None) -> None:
    assert kind_of(data) is kind
