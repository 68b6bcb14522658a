"""Sending documents: several at once, each answered by itself, with a script or without."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from limits import parse
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from models.documents import Document
from models.errors import Invalid, NotFound, OutOfSpace
from models.operations import receiving, scope
from models.operations.receiving import Received, display_name
from models.vault import Stored
from screening.engine.reading.kinds import kind_of
from screening.engine.reasons import Reason
from webapp.doors import acting, close_reading, house, now, optional_key, person, reading
from webapp.errors import translated
from webapp.limits import TooOften
from webapp.security import FORM_BYTES
from webapp.supplier_choice import offered

pages = Blueprint("uploads", __name__, url_prefix="/upload")

HEAD = 1 << 16
"""Bytes by which the kind of a file is told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file. `document` is None when it was refused; then `sentence` says why."""

    name: str
    status: int
    sentence: str
    document: Document | None = None


TAKES_FILES = frozenset(
    {
        "api.add_plan_evidence",
        "api.send_document",
        "imports.begin",
        "library.check",
        "offline.bring",
        "plan_files.add_evidence",
        "plan_files.take_sheet",
        "uploads.send",
        "together.attach",
    }
)
"""The endpoints that take a body as large as a file may be."""


def allow_large_body() -> None:
    """Let these pages take a body as large as a file may be. Checked before any of it is read."""
    if request.endpoint in TAKES_FILES:
        request.max_content_length = house().settings.upload_bytes + FORM_BYTES


@pages.get("")
def form() -> str:
    return _page(())


@pages.post("")
def send() -> Response | tuple[str | Response, int]:
    """Keep each file and give it to the workers. One refused file does not harm the others."""
    try:
        supplier_id = supplier_asked()
    except Invalid as fault:
        if request.headers.get("X-Salient-Script"):
            raise
        return _page((), fault=translated(fault)), 422
    files = [file for file in request.files.getlist("file") if file.filename]
    answers = tuple(_take(file, supplier_id) for file in files)
    refused = [answer for answer in answers if answer.document is None]
    status = max((answer.status for answer in refused), default=200 if answers else 422)
    if request.headers.get("X-Salient-Script"):
        return _as_json(answers), status
    if not answers:
        return _page((), fault=_("Choose at least one file first.")), 422
    if refused:
        return _page(answers), status
    flash(ngettext("%(num)d document received.", "%(num)d documents received.", len(answers)))
    return redirect(url_for("documents.index"), 303)


def _take(file: FileStorage, supplier_id: UUID) -> Answer:
    """Check, keep and record one file."""
    name = display_name(file.filename or "")
    try:
        received = receive(file, supplier_id)
    except OutOfSpace as error:
        return Answer(name, 507, translated(error))
    except TooOften as error:
        minutes = -(-error.wait // 60)
        return Answer(
            name, 429, _("So many files an hour are not taken. Try again in %(minutes)d minutes.", minutes=minutes)
        )
    except Invalid as error:
        too_large = str(error).startswith("The file is larger")
        return Answer(name, 413 if too_large else 422, translated(error))
    if not received.is_new:
        return Answer(name, 200, _("This file was here already, so it was not kept twice."), received.document)
    return Answer(name, 200, _("Received."), received.document)


def receive_one(file: FileStorage, supplier_id: UUID) -> Document:
    """Keep a file that is to show something, by the same rules. Raises as they do."""
    return receive(file, supplier_id, as_evidence=True).document


def receive(file: FileStorage, supplier_id: UUID, *, as_evidence: bool = False) -> Received:
    """Keep a file and give it to the workers. Raises Invalid, OutOfSpace or TooOften."""
    stored = _keep(file, supplier_id)
    with acting() as (session, by):
        return receiving.receive(
            session, supplier_id, file.filename or "", stored, by=by, now=now(), as_evidence=as_evidence
        )


def keep_again(document: Document, supplier_id: UUID) -> Stored:
    """Keep the file of a document for another customer, by the same rules as if it were sent. Raises as they do."""
    try:
        data = house().runtime.vault.get(document.sha256)
    except NotFound:
        raise Invalid("The file of this document is not kept any more: send the file itself.", field="file") from None
    return _keep(FileStorage(io.BytesIO(data), document.name), supplier_id)


def _keep(file: FileStorage, supplier_id: UUID) -> Stored:
    settings = house().settings
    _check_content(file)
    _check_room(file, supplier_id)
    house().throttle.count(parse(f"{settings.uploads_an_hour} per hour"), "upload", str(supplier_id))
    close_reading()  # Writing a large file takes its time; no session waits for it.
    return house().runtime.vault.put(cast(BinaryIO, file.stream), limit=settings.upload_bytes)


def _check_content(file: FileStorage) -> None:
    """Look at the first bytes, so that the wrong kind of file is answered at once. The reader has the last word."""
    head = file.stream.read(HEAD)
    file.stream.seek(0)
    if not head:
        raise Invalid(Reason.EMPTY_FILE.advice, field="file")
    if kind_of(head) is None:
        raise Invalid(Reason.NOT_SUPPORTED.advice, field="file")


def _check_room(file: FileStorage, supplier_id: UUID) -> None:
    """One supplier may not fill the store for all others."""
    used = reading().scalar(
        select(func.coalesce(func.sum(Document.size), 0)).where(Document.supplier_id == supplier_id)
    )
    if int(used or 0) + _size(file) > house().settings.supplier_megabytes * 1024 * 1024:
        raise OutOfSpace("The room for this supplier is full: ask your contact for more before you send this file.")


def _size(file: FileStorage) -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return int(size)


def supplier_asked() -> UUID:
    """For whom it is sent. Raises NotFound for somebody else's supplier, Invalid where one must be chosen."""
    chosen = optional_key("supplier")
    if chosen is not None:
        return scope.supplier(reading(), chosen, by=person()).id
    choices = scope.first_suppliers(reading(), 2, by=person())
    if len(choices) != 1:
        raise Invalid("Choose the supplier first.", field="supplier")
    return choices[0].id


def _page(answers: tuple[Answer, ...], fault: str = "") -> str:
    chosen = optional_key("supplier")
    return render_template(
        "upload.html", suppliers=offered(chosen), chosen=chosen or "", answers=answers, fault=fault,
        limit=house().settings.upload_bytes,
    )  # fmt: skip


def _as_json(answers: tuple[Answer, ...]) -> Response:
    return jsonify(
        [
            {
                "name": answer.name,
                "kept": answer.document is not None,
                "sentence": answer.sentence,
                "id": None if answer.document is None else str(answer.document.id),
                "html": ""
                if answer.document is None
                else render_template("parts/document_row.html", document=answer.document, findings={}),
            }
            for answer in answers
        ]
    )
