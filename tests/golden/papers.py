"""Makes Office files, mails and archives with known contents, as suppliers send them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl.comments import Comment

PLAN = (
    ("Finding", "Corrective action", "Due date", "Responsible", "Status"),
    ("Exits were locked", "Remove the locks", "2026-03-01", "Plant manager", "open"),
    ("No contracts", "Give contracts", "2026-04-15", "HR", "closed"),
)
PASSPORTS = "The passports of forty workers are kept in a safe."


def saved(document: object) -> bytes:
    kept = io.BytesIO()
    document.save(kept)  # type: ignore[attr-defined]
    return kept.getvalue()


def word() -> bytes:
    """Paragraphs, a plan with a merged cell, a comment, a footnote-free text box, tracked changes and hidden text."""
    file = docx.Document()
    file.add_heading("Audit report", level=1)
    paragraph = file.add_paragraph(PASSPORTS)
    file.sections[0].header.paragraphs[0].text = "Running header of every page"
    hidden = file.add_paragraph().add_run("Nobody sees this sentence.")
    hidden.font.hidden = True
    changed = file.add_paragraph("Workers ")
    for tag, text, name in (("ins", "t", "were beaten"), ("del", "delText", "were thanked")):
        changed._p.append(
            parse_xml(f"<w:{tag} {nsdecls('w')} w:id='7'><w:r><w:{text}>{name}</w:{text}></w:r></w:{tag}>")
        )
    box = (
        f"<w:r {nsdecls('w')}><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>"
        "<w:p><w:r><w:t>Words in a box.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    file.add_paragraph()._p.append(parse_xml(box))
    table = file.add_table(rows=len(PLAN) + 1, cols=len(PLAN[0]))
    for row, cells in enumerate((*PLAN, ("", "Paint the exits", "2026-05-01", "HR", "open"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(2, 0).merge(table.cell(3, 0))
    file.add_comment(paragraph.runs, text="Seen by the auditor.", author="A", initials="A")
    file.add_page_break()
    file.add_paragraph("The second page.")
    mark = file.paragraphs[-2].runs[0]._r
    mark.append(mark.makeelement(qn("w:lastRenderedPageBreak"), {}))
    return saved(file)


def workbook(*, counted: bool = True) -> bytes:
    """A sheet with titles, a plan and a comment; one with a formula and a date; one that is hidden.

    The formula says 2 and what it gave when the file was last saved is 7; without `counted` nothing was saved.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan"
    sheet.append(["Corrective action plan of a mill"])
    sheet.append([])
    for row in PLAN:
        sheet.append(list(row))
    sheet["A4"].comment = Comment("Also seen last year.", "A")
    sheet.row_dimensions[5].hidden = True
    second = book.create_sheet("Hours")
    second.append(["January", "=1+1", 0.5])
    second["A2"] = __import__("datetime").date(2026, 3, 1)
    second["B2"] = 60
    secret = book.create_sheet("Old")
    secret.append(["Children work at night", "yes"])
    secret.sheet_state = "hidden"
    return _counted(saved(book)) if counted else saved(book)


def _counted(data: bytes) -> bytes:
    """The same file as a program leaves it that knows what its formula gives."""
    old, kept = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>7</v>"))
    return kept.getvalue()


def mail(*attachments: tuple[str, bytes], subject: str = "Prüfbericht") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content("Der Bericht liegt bei.")
    message.add_alternative("<p>Der Bericht <b>liegt bei</b>.</p>", subtype="html")
    for name, body in attachments:
        message.add_attachment(body, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def archive(members: Sequence[tuple[str, bytes]], *, packed: bool = True) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, body in members:
            file.writestr(name, body)
    return kept.getvalue()


def tar(members: Sequence[tuple[str, bytes]], mode: str = "w:gz", *, link: str = "") -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode=mode) as file:  # type: ignore[call-overload]
        for name, body in members:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            file.addfile(info, io.BytesIO(body))
        if link:
            info = tarfile.TarInfo("link")
            info.type, info.linkname = tarfile.SYMTYPE, link
            file.addfile(info)
    return kept.getvalue()


def named_in(encoding: str, name: str, body: bytes) -> bytes:
    """A ZIP whose entry's name is written in an old encoding, without saying so."""
    plain = name.encode(encoding)
    stand_in = "x" * len(plain)
    return archive([(stand_in, body)], packed=False).replace(stand_in.encode(), plain)
