"""Charts, diagrams, printed headers of sheets and pictures in notes: what they say is read, or said to be unread."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from screening.engine.reading import Cage
from screening.engine.reading.papers import running
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import Reading
from tests.golden import papers
from tests.screening.reading.test_illustrations import picture, slides

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACES = f'xmlns:c="c" xmlns:a="a" xmlns:d="d" xmlns:w="w" xmlns:r="{OFFICE}"'
CHART = (
    f"<c:chartSpace {SPACES}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Overtime </a:t></a:r><a:r><a:t>in May</a:t>"
    "</a:r></a:p></c:rich></c:tx></c:title><c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>Hours a week</c:v></c:pt>"
    "</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt><c:v>Knitting</c:v></c:pt><c:pt><c:v>Dyeing</c:v>"
    "</c:pt></c:strCache></c:strRef></c:cat><c:val><c:numCache><c:pt><c:v>91</c:v></c:pt></c:numCache></c:val></c:ser>"
    "<c:axis><c:title><a:p><a:r><a:t>Overtime in May</a:t></a:r></a:p></c:title></c:axis></c:chart></c:chartSpace>"
)
CHART_SAYS = "Overtime in May\nHours a week\nKnitting | Dyeing"
DIAGRAM = (
    f"<d:dataModel {SPACES}><d:pt><d:t><a:p><a:r><a:t>Recruit</a:t></a:r></a:p></d:t></d:pt>"
    "<d:pt><d:t><a:p><a:r><a:t>Keep passports</a:t></a:r></a:p></d:t></d:pt></d:dataModel>"
)


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    """A cage without text recognition."""
    with Cage() as cage:
        yield cage


def changed(data: bytes, **parts: tuple[str, str]) -> bytes:
    """A file with some of its parts changed: in each that ends so, text put before its last closing element."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    for name, (ending, inner) in parts.items():
        path = next((each for each in members if each.endswith(ending)), ending)
        body = members.get(path, f'<Relationships xmlns="{PACKAGE}"></Relationships>'.encode())
        at = body.rindex(b"<w:sectPr" if name == "body" else b"</")
        members[path] = body[:at] + inner.encode() + body[at:]
    return papers.archive(list(members.items()))


def word(shown: str, kind: str, target: str, body: str) -> bytes:
    """A Word file of one paragraph, which shows something of its own kind."""
    file = docx.Document()
    file.add_paragraph("Before.")
    drawn = f"<w:p {SPACES}><w:r><w:drawing>{shown}</w:drawing></w:r></w:p><w:p><w:r><w:t>After.</w:t></w:r></w:p>"
    related = f'<Relationship Id="r77" Type="{OFFICE}/{kind}" Target="{target}"/>'
    made = changed(
        papers.saved(file),
        body=("word/document.xml", drawn.replace(' xmlns:w="w"', "")),
        rels=("word/_rels/document.xml.rels", related),
    )
    with zipfile.ZipFile(io.BytesIO(made)) as whole:
        return papers.archive([*((n, whole.read(n)) for n in whole.namelist()), (f"word/{target}", body.encode())])


def words(reading: Reading) -> str:
    return "\n".join(page.text for page in reading.pages)


def test_a_chart_in_a_text_says_its_words_where_it_stands(cage: Cage) -> None:
    told = cage.read(word('<c:chart r:id="r77"/>', "chart", "charts/chart1.xml", CHART))
    assert words(told) == f"Before.\n\n{CHART_SAYS}\nAfter."
    assert told.pages[0].doubts == ()


def test_a_diagram_in_a_text_says_its_words(cage: Cage) -> None:
    told = cage.read(word('<d:relIds r:dm="r77"/>', "diagramData", "diagrams/data1.xml", DIAGRAM))
    assert words(told) == "Before.\n\nRecruit\nKeep passports\nAfter."


@pytest.mark.parametrize("body", ["<c:chart>", ""])
def test_a_chart_that_cannot_be_read_is_said_to_be_unread_and_harms_nothing_else(cage: Cage, body: str) -> None:
    told = cage.read(word('<c:chart r:id="r77"/>', "chart", "charts/chart1.xml", body))
    assert words(told) == "Before.\n\nAfter."
    assert told.reason is Reason.SOME_PARTS_UNREAD
    assert told.pages[0].doubts == (Doubt.PARTS_UNREAD,)


def test_a_chart_and_a_diagram_on_a_slide_say_their_words(cage: Cage) -> None:
    related = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="../{kind}.xml"/>'
        for number, kind in enumerate(("chart", "diagramData"), start=70)
    )
    made = changed(slides(own="Own."), rels=("ppt/slides/_rels/slide1.xml.rels", related))
    with zipfile.ZipFile(io.BytesIO(made)) as whole:
        members = [(name, whole.read(name)) for name in whole.namelist()]
    told = cage.read(
        papers.archive([*members, ("ppt/chart.xml", CHART.encode()), ("ppt/diagramData.xml", DIAGRAM.encode())])
    )
    assert words(told) == f"Own.\n\n{CHART_SAYS}\n\nRecruit\nKeep passports"


def test_the_words_of_a_chart_on_a_sheet_and_of_what_is_printed_around_it_are_read(cage: Cage) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (("Month", "Hours"), ("May", 91), ("June", 60)):
        sheet.append(row)
    chart = BarChart()
    chart.title, chart.x_axis.title = "Overtime of the mill", "Months of 2026"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "D2")
    other = book.create_sheet("Second")
    other["A1"] = "Words"
    for each in (sheet, other):
        each.oddHeader.center.text, each.oddFooter.left.text = "Draft, not yet agreed", "Page &P of &N"
    told = cage.read(papers.saved(book))
    assert told.pages[0].text.split("\n\n")[1:] == [
        "Month | Hours\nMay | 91\nJune | 60",
        "Overtime of the mill\nMonths of 2026",
        "Draft, not yet agreed",
    ]
    assert "Draft" not in told.pages[1].text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ('&L&"Arial,Bold"&12 Mill && Co&C&KFF0000Secret&RPage &P', "Mill & Co\nSecret"),
        ("&LR&&D&C&D &T&R&F&A", "R&D"),
        ("&P / &N", ""),
        ("&CConfidential: for the buyer alone, page &P", "Confidential: for the buyer alone, page"),
        ("", ""),
    ],
)
def test_codes_of_a_printed_header_are_no_words(told: str, said: str) -> None:
    assert running.words(told) == said


def test_a_picture_in_a_note_is_said_to_be_unread(cage: Cage) -> None:
    file = docx.Document()
    file.add_paragraph("Before.")
    note = (
        f'<w:footnotes xmlns:w="w" xmlns:a="a" xmlns:r="{OFFICE}"><w:footnote><w:p><w:r><w:t>A note.</w:t>'
        '<w:drawing><a:blip r:embed="r5"/></w:drawing></w:r></w:p></w:footnote></w:footnotes>'
    )
    of_note = f'<Relationship Id="r5" Type="{OFFICE}/image" Target="media/note.png"/>'
    related = f'<Relationship Id="r77" Type="{OFFICE}/footnotes" Target="footnotes.xml"/>'
    made = changed(
        papers.saved(file),
        rels=("word/_rels/document.xml.rels", related),
        note=("word/_rels/footnotes.xml.rels", of_note),
    )
    with zipfile.ZipFile(io.BytesIO(made)) as whole:
        members = [(name, whole.read(name)) for name in whole.namelist()]
    told = cage.read(
        papers.archive([*members, ("word/footnotes.xml", note.encode()), ("word/media/note.png", picture())])
    )
    assert words(told) == "Before.\n\nA note."
    assert told.pages[0].doubts == (Doubt.PICTURES_UNREAD,)


def test_page_numbers_in_a_list_of_contents_are_seen_by_people(cage: Cage) -> None:
    file = docx.Document()
    run = file.add_paragraph("Findings").add_run("\t12")
    properties = run._r.get_or_add_rPr()
    properties.append(properties.makeelement(f"{{{properties.nsmap['w']}}}webHidden", {}))
    assert cage.read(papers.saved(file)).pages[0].doubts == ()
