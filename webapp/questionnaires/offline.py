"""Answering without a connection: take the questions along as a workbook, bring it back, and take everything along."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as Plain

from models.errors import Invalid
from questionnaires import bringing_in, helping, standing
from questionnaires.bringing_in import Brought
from questionnaires.exchange import plain, risk_sheet, workbook
from questionnaires.exchange.layout import Answers, Given
from questionnaires.exchange.sheets import Cell, Sheet
from questionnaires.exchange.taking import Refused, Taken, take
from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.workbooks import LIMITS
from webapp import workbooks
from webapp.doors import acting, now, person, reading, written
from webapp.errors import translated
from webapp.questionnaires import signing
from webapp.questionnaires.answering import Desk, desk

pages = Blueprint("offline", __name__, url_prefix="/questionnaires")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Result:
    """What the page tells after a file was sent."""

    brought: Brought
    refused: tuple[Refused, ...] = ()
    aside: tuple[Refused, ...] = ()
    other_version: bool = False


@pages.get("/<uuid:submission_id>/offline")
def show(submission_id: UUID) -> str:
    return _page(desk(submission_id))


@pages.get("/<uuid:submission_id>/download/<word>")
def download(submission_id: UUID, word: str) -> Plain | str:
    """All answers, in one of these forms: a workbook to fill in, JSON, CSV, or a PDF or page to sign."""
    at = desk(submission_id)
    language = _language(at)
    given, versions = _answers(at)
    made = at.opened.questionnaire
    if word == "xlsx":
        book = workbook.write(
            made, given, digest=at.opened.digest, language=language, names=at.words.names, versions=versions
        )
        return _file(book.data, XLSX, word)
    if word == "json":
        return _file(plain.to_json(made, given, digest=at.opened.digest).encode(), "application/json", word)
    if word == "csv":
        text = plain.to_csv(made, given, language=language, names=at.words.names)
        return _file(("\ufeff" + text).encode(), "text/csv; charset=utf-8", word)
    if word == "risk":
        laid = risk_sheet.sheet(made, at.way.path, given, language=language, names=at.words.names, evidence=_shown(at))
        return _file(workbook.pack([laid]), XLSX, "risk.xlsx")
    if word == "pdf":
        return _file(signing.pdf(at), "application/pdf", word)
    if word != "print":
        abort(404)
    return render_template(
        "questionnaires/print.html", at=at, submission=at.found, parts=signing.parts(at), words=at.words,
        statement=signing.statement(), signed_by=signing.signed_by(),
    )  # fmt: skip


@pages.post("/<uuid:submission_id>/offline")
def bring(submission_id: UUID) -> str | tuple[str, int]:
    """Take the answers out of a file that was filled in elsewhere, and say what became of each."""
    at = desk(submission_id)
    try:
        return _page(at, result=_brought(at))
    except Invalid as fault:
        return _page(at, fault=translated(fault)), 422


def _brought(at: Desk) -> Result:
    data = _sent()
    made, names = at.opened.questionnaire, at.words.names
    if kind_of(data) is Kind.ZIP:
        taken = take(_sheets(data), made, digest=at.opened.digest, names=names)
        return Result(_save(at, taken.answers, taken), taken.refused, taken.aside, taken.other_version)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("This file cannot be taken: send the workbook, or a JSON or CSV file from here.") from None
    read = plain.from_json(text, made) if text.lstrip().startswith("{") else plain.from_csv(text, made)
    return Result(_save(at, read.answers, None), tuple(Refused("", fault.place, fault.why) for fault in read.faults))


def _save(at: Desk, given: Answers, taken: Taken | None) -> Brought:
    versions = None if taken is None else taken.versions
    with acting() as (session, by):
        return bringing_in.bring_in(session, at.found.id, given, versions, by=by, now=now())


def _sent() -> bytes:
    file, data = request.files.get("file"), b""
    if file is not None:
        data = file.read(LIMITS.file_bytes + 1)
        file.close()
    if not data:
        raise Invalid("Choose the file that you filled in.", field="file")
    if len(data) > LIMITS.file_bytes:
        raise Invalid("This file is far larger than a questionnaire: send documents under Documents.", field="file")
    return data


def _sheets(data: bytes) -> list[Sheet]:
    return [
        Sheet(name, {(cell.row, cell.column): Cell(cell.text, cell.formula) for cell in cells})
        for name, cells in workbooks.sheets_of(data).items()
    ]


def _answers(at: Desk) -> tuple[dict[str, Given], dict[str, int]]:
    rows = standing.answers(reading(), at.found)
    given = {id_: Given(row.value, row.reason) for id_, row in rows.items() if row.value is not None or row.reason}
    return given, {id_: row.version for id_, row in rows.items()}


def _shown(at: Desk) -> dict[str, int]:
    """How many documents were shown for each answer."""
    return {id_: len(rows) for id_, rows in helping.evidence(reading(), at.found).items()}


def _language(at: Desk) -> str:
    wanted = written("language", limit=8) or at.words.language
    return wanted if wanted in at.opened.questionnaire.languages else "en"


def _file(data: bytes, kind: str, word: str) -> Plain:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="salient-answers.{word}"'
    return answer


def _page(at: Desk, *, result: Result | None = None, fault: str = "") -> str:
    questions = at.opened.questionnaire.questions
    return render_template(
        "questionnaires/offline.html",
        at=at, submission=at.found, words=at.words, result=result, fault=fault, by=person(), questions=questions,
        left_out=[each for each in questions.values() if each.kind.value == "file"],
    )  # fmt: skip
