"""Pictures that a text or its slides show: those that may show words are read as scans, or said not to be."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterator

import docx
import openpyxl
import openpyxl.drawing.image
import pytest
from docx.shared import Inches
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageDraw

from screening.engine.reading import Cage
from screening.engine.reading.papers.illustrations import may_show_words
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import PageStatus, Reading, State
from tests.golden import papers

SAID = "Overtime of ninety hours a week was found."
OWN = "The audit report of a knitwear mill, with a page that was photographed."


def picture(words: str = SAID, size: tuple[int, int] = (1400, 300), kind: str = "PNG") -> bytes:
    image = Image.new("L", size, 255)
    ImageDraw.Draw(image).text((40, 60), words, fill=0, font_size=48)
    kept = io.BytesIO()
    image.save(kept, kind)
    return kept.getvalue()


def word(*pictures: bytes, own: str = OWN, header: bytes = b"", in_table: bool = False) -> bytes:
    file = docx.Document()
    if own:
        file.add_paragraph(own)
    place = file.add_table(rows=1, cols=1).cell(0, 0).paragraphs[0] if in_table else file.add_paragraph()
    for body in pictures:
        place.add_run().add_picture(io.BytesIO(body), width=Inches(5))
    if header:
        file.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(header), width=Inches(3))
    return papers.saved(file)


def slides(*pictures: bytes, own: str = OWN) -> bytes:
    """A slide of words, and one for each picture that has a few words too."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    count = len(pictures) + 1
    listed = "".join(f'<p:sldId id="{255 + each}" r:id="r{each}"/>' for each in range(1, count + 1))
    related = "".join(
        f'<Relationship Id="r{each}" Type="{kind}/slide" Target="slides/slide{each}.xml"/>'
        for each in range(1, count + 1)
    )
    spaces = f'xmlns:p="p" xmlns:a="a" xmlns:r="{kind}"'
    members = [
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", f'<Relationships {package}><Relationship Id="r1" Type="{kind}/officeDocument"'
                        ' Target="ppt/presentation.xml"/></Relationships>'),
        ("ppt/presentation.xml", f"<p:presentation {spaces}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"),
        ("ppt/_rels/presentation.xml.rels", f"<Relationships {package}>{related}</Relationships>"),
        ("ppt/slides/slide1.xml", f"<p:sld {spaces}><a:p><a:r><a:t>{own}</a:t></a:r></a:p></p:sld>"),
    ]  # fmt: skip
    for number, _ in enumerate(pictures, start=2):
        members += [
            (f"ppt/slides/slide{number}.xml", f"<p:sld {spaces}><a:p><a:r><a:t>Page {number}</a:t></a:r></a:p>"
                                              '<p:pic><p:blipFill><a:blip r:embed="r9"/></p:blipFill></p:pic></p:sld>'),
            (f"ppt/slides/_rels/slide{number}.xml.rels", f'<Relationships {package}><Relationship Id="r9"'
             f' Type="{kind}/image" Target="../media/image{number}.png"/></Relationships>'),
        ]  # fmt: skip
    whole = [(name, text.encode()) for name, text in members]
    return papers.archive([*whole, *((f"ppt/media/image{n}.png", body) for n, body in enumerate(pictures, start=2))])


def text(*pictures: bytes, own: str = OWN) -> bytes:
    """An OpenDocument text."""
    frames = "".join(
        f'<t:p><d:frame><d:image x:href="Pictures/{number}.png"/></d:frame></t:p>' for number in range(len(pictures))
    )
    body = (
        f'<o:document-content xmlns:o="o" xmlns:t="t" xmlns:d="d" xmlns:x="x"><o:body><o:text><t:p>{own}</t:p>{frames}'
        "</o:text></o:body></o:document-content>"
    )
    return papers.archive(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", body.encode()),
            *((f"Pictures/{number}.png", body) for number, body in enumerate(pictures)),
        ]
    )


def workbook(*pictures: bytes, own: str = OWN) -> bytes:
    """A sheet upon which pictures lie."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = own
    for number, body in enumerate(pictures):
        sheet.add_image(openpyxl.drawing.image.Image(io.BytesIO(body)), f"B{2 + 20 * number}")
    return papers.saved(book)


def spreadsheet(*pictures: bytes, own: str = OWN) -> bytes:
    """An OpenDocument spreadsheet."""
    frames = "".join(f'<d:frame><d:image x:href="Pictures/{number}.png"/></d:frame>' for number in range(len(pictures)))
    body = (
        '<o:document-content xmlns:o="o" xmlns:t="t" xmlns:d="d" xmlns:x="x" xmlns:b="b"><o:body><o:spreadsheet>'
        f'<b:table b:name="One"><b:shapes>{frames}</b:shapes><b:table-row><b:table-cell><t:p>{own}</t:p></b:table-cell>'
        "</b:table-row></b:table></o:spreadsheet></o:body></o:document-content>"
    )
    return papers.archive(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", body.encode()),
            *((f"Pictures/{number}.png", body) for number, body in enumerate(pictures)),
        ]
    )


def doubts(reading: Reading) -> list[bool]:
    return [Doubt.PICTURES_UNREAD in page.doubts for page in reading.pages]


@pytest.fixture(scope="module")
def blind() -> Iterator[Cage]:
    """A cage without text recognition."""
    with Cage() as cage:
        yield cage


@pytest.fixture(scope="module")
def cage(seeing: Cage) -> Cage:
    return seeing


MAKERS = [word, slides, text, workbook, spreadsheet]


@pytest.mark.parametrize("make", MAKERS)
def test_without_text_recognition_the_page_says_that_a_picture_on_it_was_not_read(
    blind: Cage, make: Callable[..., bytes]
) -> None:
    reading = blind.read(make(picture()))
    assert OWN in reading.pages[0].text
    assert doubts(reading) == [False] * (len(reading.pages) - 1) + [True]
    assert not any(doubts(blind.read(make())))


@pytest.mark.parametrize("make", MAKERS)
def test_with_it_the_words_of_the_picture_stand_on_its_page(cage: Cage, make: Callable[..., bytes]) -> None:
    reading = cage.read(make(picture()))
    assert reading.state is State.SCREENED
    assert not any(doubts(reading))
    page = reading.pages[-1]
    assert page.text.endswith(SAID)
    assert page.status is PageStatus.OCR
    assert page.confidence is not None
    assert page.confidence > 0.6


def test_a_text_that_is_nothing_but_scans_is_read(cage: Cage, blind: Cage) -> None:
    data = word(picture(), picture("Exits were locked at night."), own="")
    assert blind.read(data).reason is Reason.IMAGES_ONLY
    (page,) = cage.read(data).pages
    assert page.text.split("\n\n") == [SAID, "Exits were locked at night."]


def test_a_photograph_without_words_is_looked_at_and_leaves_no_doubt(cage: Cage) -> None:
    photograph = Image.effect_noise((600, 400), 40)
    kept = io.BytesIO()
    photograph.save(kept, "JPEG")
    (page,) = cage.read(word(kept.getvalue())).pages
    assert (page.text.strip(), page.doubts, page.status) == (OWN, (), PageStatus.READ)


def test_a_picture_that_cannot_be_read_keeps_its_doubt_beside_one_that_was(cage: Cage) -> None:
    (page,) = cage.read(_with_broken(word(picture(), picture("Exits were locked at night.")))).pages
    assert "Exits were locked at night." in page.text
    assert SAID not in page.text
    assert page.doubts == (Doubt.PICTURES_UNREAD,)


def _with_broken(data: bytes) -> bytes:
    """The same file, its first picture being of a kind that nobody can open."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        first = min(name for name in file.namelist() if "media/" in name)
        return papers.archive(
            [(name, b"\x00none" * 9000 if name == first else file.read(name)) for name in file.namelist()]
        )


def test_the_words_of_a_text_box_upon_a_sheet_are_read(blind: Cage) -> None:
    box = b'<sp><txBody><a:p xmlns:a="a"><a:r><a:t>Exits were locked.</a:t></a:r></a:p></txBody></sp>'
    with zipfile.ZipFile(io.BytesIO(workbook(picture()))) as file:
        members = [(name, file.read(name)) for name in file.namelist()]
    changed = [(name, _inside(body, box) if name.startswith("xl/drawings/drawing") else body) for name, body in members]
    (page,) = blind.read(papers.archive(changed)).pages
    assert "Exits were locked." in page.text.split("\n")


def _inside(drawing: bytes, box: bytes) -> bytes:
    """The drawing with a text box before its end."""
    start = drawing.rindex(b"</")
    return drawing[:start] + box + drawing[start:]


def test_a_picture_in_a_table_is_met_too(blind: Cage) -> None:
    assert doubts(blind.read(word(picture(), in_table=True))) == [True]


def test_logos_and_letterheads_raise_no_doubt(blind: Cage) -> None:
    head = picture("Knitwear Ltd")
    assert doubts(blind.read(word(picture(size=(299, 299))))) == [False]
    assert doubts(blind.read(word(header=head))) == [False]
    assert doubts(blind.read(word(head, header=head))) == [False]


def test_one_picture_on_many_slides_is_told_once(blind: Cage) -> None:
    assert doubts(blind.read(slides(*[picture()] * 3))) == [False, True, False, False]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000"])
def test_the_size_of_a_picture_is_told_by_its_first_bytes(kind: str) -> None:
    assert may_show_words(picture(size=(300, 100), kind=kind), 1)
    assert may_show_words(picture(size=(100, 300), kind=kind), 1)
    assert not may_show_words(picture(size=(299, 299), kind=kind), 1)
    assert not may_show_words(picture(size=(900, 99), kind=kind), 10**6)


@pytest.mark.parametrize(
    ("shown", "is_told"),
    [
        ("<img src='data:image/png;base64,{large}'>", True),
        ("<img src='data:image/png;base64,{small}'>", False),
        ("<table><tr><td><img src='scan_files/1.png' width=640 height='400px'></td></tr></table>", True),
        ("<img src='scan_files/logo.png' width=200 height=80>", False),
        ("<img src='cid:1' width=640 height=400>", False),
        ("<div hidden><img src='data:image/png;base64,{large}'></div>", False),
    ],
)
def test_a_web_page_says_so_of_large_pictures_in_it_and_beside_it(blind: Cage, shown: str, is_told: bool) -> None:
    large, small = (base64.b64encode(picture(size=size)).decode() for size in ((800, 300), (200, 80)))
    page = f"<html><body><p>{OWN}</p>{shown.format(large=large, small=small)}</body></html>"
    assert doubts(blind.read(page.encode())) == [is_told]


def test_a_picture_that_does_not_tell_its_size_is_large_by_its_bytes() -> None:
    assert may_show_words(b"<svg/>", 30_000)
    assert not may_show_words(b"<svg/>", 29_999)
