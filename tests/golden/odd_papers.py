"""Makes mails, sheets, forms and web pages with the things that are easily overlooked in them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from email.message import EmailMessage

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font, PatternFill

from tests.golden import make, papers

INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:20260301T090000Z\r\nSUMMARY:Audit of the mill\r\n"
    "DESCRIPTION:The exits are locked\\, bring a key. Workers were beaten last we\r\n ek.\r\n"
    "ATTENDEE;CN=Worker One:mailto:one@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def letter(subject: str = "Report", **bodies: str) -> EmailMessage:
    """A mail with a body of each of these kinds, in this order."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    for number, (kind, words) in enumerate(bodies.items()):
        (message.add_alternative if number else message.set_content)(words, subtype=kind)
    return message


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) with these streams; a slash parts a folder from what is in it. Small streams only."""
    folders = sorted({path.split("/")[0] for path in streams if "/" in path})
    entries: list[tuple[str, int, int, int, bytes]] = []  # Name, kind, child, right neighbour, body.
    top = sorted([path for path in streams if "/" not in path] + folders)
    entries.append(("Root Entry", 5, 1 if top else -1, -1, b""))
    inner: list[tuple[int, list[str]]] = []
    for place, name in enumerate(top):
        follows = len(entries) + 1 if place + 1 < len(top) else -1
        if name in folders:
            inner.append((len(entries), [path for path in sorted(streams) if path.startswith(f"{name}/")]))
        entries.append((name, 1 if name in folders else 2, -1, follows, streams.get(name, b"")))
    for holder, paths in inner:
        name, kind, _, follows, body = entries[holder]
        entries[holder] = (name, kind, len(entries), follows, body)
        for place, path in enumerate(paths):
            follows = len(entries) + 1 if place + 1 < len(paths) else -1
            entries.append((path.split("/")[1], 2, -1, follows, streams[path]))
    return _compound(entries)


def _compound(entries: list[tuple[str, int, int, int, bytes]]) -> bytes:
    mini = bytearray()
    mini_fat: list[int] = []
    starts: list[int] = []
    for _, _, _, _, body in entries:
        assert len(body) < _CUTOFF
        count = -(-len(body) // _MINI)
        first = len(mini_fat)
        starts.append(first if count else _END)
        mini_fat += [*range(first + 1, first + count), _END][:count]
        mini += body.ljust(count * _MINI, b"\0")
    directory = b"".join(
        _entry(entry, len(mini) if number == 0 else len(entry[4]), 0 if number == 0 else starts[number])
        for number, entry in enumerate(entries)
    )
    directory = directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0")
    table = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    table = table.ljust(-(-len(table) // _SECTOR) * _SECTOR, b"\xff")
    parts = [bytes(mini).ljust(-(-len(mini) // _SECTOR) * _SECTOR, b"\0"), directory, table]
    fat: list[int] = []
    places = []
    for part in parts:
        count = len(part) // _SECTOR
        places.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
    fat.append(_FAT)
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, places[1], 0, _CUTOFF, places[2], len(table) // _SECTOR, _END, 0)
    header += struct.pack("<I", places[2] + len(table) // _SECTOR) + b"\xff" * 4 * 108
    return header + b"".join(parts) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(entry: tuple[str, int, int, int, bytes], size: int, start: int) -> bytes:
    name, kind, child, right, _ = entry
    wide = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, _FREE, right & 0xFFFFFFFF, child & 0xFFFFFFFF)
    return wide.ljust(64, b"\0") + struct.pack("<H", len(wide)) + links + bytes(36) + struct.pack("<IQ", start, size)


def outlook(words: str, attachments: Sequence[tuple[str, bytes]]) -> bytes:
    """An Outlook message (MSG) with a subject, a sender, words and attachments."""
    streams = {"__properties_version1.0": bytes(32)}
    for code, text in (("0037", "Visit to the mill"), ("0C1A", "Auditor"), ("0E04", "Buyer"), ("1000", words)):
        streams[f"__substg1.0_{code}001F"] = text.encode("utf-16-le")
    for number, (name, body) in enumerate(attachments):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = body
    return ole(streams)


def word_with(*paragraphs: str, change: Callable[[docx.document.Document], None] | None = None) -> bytes:
    """A Word file with these runs, as XML of WordprocessingML without its namespace."""
    file = docx.Document()
    file.add_paragraph("A paragraph of the report.")
    for runs in paragraphs:
        file.add_paragraph()._p.append(parse_xml(runs.replace(">", f" {nsdecls('w')}>", 1)))
    if change is not None:
        change(file)
    return papers.saved(file)


def with_page_inside(page: str) -> bytes:
    """A Word file that shows a web page as part of itself."""
    old = zipfile.ZipFile(io.BytesIO(word_with()))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "word/_rels/document.xml.rels":
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
                chunk = b"<Relationship Id='c1' Type='" + kind + b"' Target='chunk.html'/></Relationships>"
                body = body.replace(b"</Relationships>", chunk)
            new.writestr(name, body)
        new.writestr("word/chunk.html", page)
    return kept.getvalue()


def sheet_of_unseen() -> bytes:
    """Three sheets: one with white words, one with a format that shows nothing, one with white words on blue."""
    book = openpyxl.Workbook()
    for number, (font, ground, code) in enumerate(
        (
            (Font(color="FFFFFFFF"), None, "General"),
            (Font(), None, ";;;"),
            (Font(color="FFFFFFFF"), "FF1F3864", "General"),
        )
    ):
        sheet = book.active if number == 0 else book.create_sheet()
        cell = sheet["A1"]
        cell.value, cell.font, cell.number_format = "The exits are locked", font, code
        if ground:
            cell.fill = PatternFill("solid", fgColor=ground)
    return papers.saved(book)


def form_of(*widgets: str) -> bytes:
    """A page with form fields, each given as what stands in its dictionary."""
    references = " ".join(f"{6 + number} 0 R" for number in range(len(widgets)))
    return make.pdf(
        [
            f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{references}] >> >>".encode(),
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{make.A4}] /Contents 5 0 R /Annots [{references}]"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            make.stream(make.text("Self-assessment of the mill")),
            *(_field(widget, 600 - 30 * row).encode() for row, widget in enumerate(widgets)),
        ]
    )


def _field(widget: str, bottom: int) -> str:
    return f"<< /Type /Annot /Subtype /Widget {widget} /Rect [72 {bottom} 300 {bottom + 20}] /P 4 0 R >>"


def with_file_on_page(name: str, body: bytes) -> bytes:
    """A page with a note that is not shown, and a file pinned to a place on it."""
    return make.pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{make.A4}] /Contents 5 0 R /Annots [6 0 R 7 0 R]"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            make.stream(make.text("See the pinned file.")),
            b"<< /Type /Annot /Subtype /Text /F 2 /Contents (A note that is not shown) /Rect [72 600 90 620] >>",
            f"<< /Type /Annot /Subtype /FileAttachment /FS << /Type /Filespec /F ({name}) /EF << /F 8 0 R >> >>"
            " /Rect [72 500 90 520] >>".encode(),
            b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream" % (len(body), body),
        ]
    )
