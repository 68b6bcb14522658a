"""The questionnaires that a buyer may issue: looked at question by question, taken along, and added as files."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Plain

from models.errors import Conflict, Invalid
from models.operations.naming import Named
from questionnaires import issuing, previewing, shelf
from questionnaires.exchange import drafting, plain, workbook, xlsform
from questionnaires.exchange.drafting import Draft
from questionnaires.exchange.sheets import Cell, Sheet
from questionnaires.rules import Value
from questionnaires.telling import Teller
from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.workbooks import LIMITS
from webapp import workbooks
from webapp.doors import acting, now, person, reading
from webapp.errors import translated
from webapp.language import current
from webapp.supplier_choice import narrowed

pages = Blueprint("library", __name__, url_prefix="/questionnaires/library")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EDITABLE = 300_000
"""Characters of a definition that can be changed in the page. A larger one is changed as a file, and sent again."""

SHOWN = 400
"""Questions of a preview; the list of a larger questionnaire is read in a spreadsheet."""

FEW, TRIED = 300, 200
"""Ways are counted in questionnaires of so many questions at most, and so many sets of answers are tried."""


@pages.get("")
def index() -> str:
    return _index()


@pages.get("/<uuid:questionnaire_id>")
def show(questionnaire_id: UUID) -> str:
    """Every question with its choices, its reasons and the rule that brings it up."""
    row = issuing.one_published(reading(), questionnaire_id, by=person())
    made = shelf.opened(reading(), row).questionnaire
    draft = Draft("", {}, made, ())
    return render_template("questionnaires/definition.html", row=row, **_seen(draft))


@pages.get("/<uuid:questionnaire_id>/<word>")
def download(questionnaire_id: UUID, word: str) -> Plain:
    """The definition as an XLSForm, as JSON, or its questions as a list (CSV)."""
    row = issuing.one_published(reading(), questionnaire_id, by=person())
    if word == "xlsform":
        made = xlsform.export(shelf.opened(reading(), row).questionnaire)
        return _file(workbook.pack(made.sheets(), hidden={xlsform.KEPT}), XLSX, "xlsx")
    if word == "json":
        text = drafting.to_json(row.source, row.translations)
        return _file(text.encode(), "application/json", "json")
    if word != "csv":
        abort(404)
    text = plain.questions_csv(shelf.opened(reading(), row).questionnaire, language=current())
    return _file(("\ufeff" + text).encode(), "text/csv; charset=utf-8", "csv")


@pages.post("")
def check() -> str | Plain | tuple[str, int]:
    """Read what was sent or typed, and show it with everything that is wrong; publish it where that was asked for."""
    try:
        draft = _draft()
        if request.form.get("do") != "publish" or not draft.is_sound:
            return _checked(draft)
        return _publish(draft)
    except Invalid as fault:
        return _index(fault=translated(fault)), 422


def _publish(draft: Draft) -> Plain | tuple[str, int]:
    try:
        with acting() as (session, by):
            row = issuing.publish(session, draft.source, draft.translations, by=by, now=now())
    except Conflict as fault:
        return _checked(draft, fault=translated(fault)), 409
    flash(_("The questionnaire is published. It can be issued, and never changes any more."))
    return redirect(url_for(".show", questionnaire_id=row.id), 303)


def _draft() -> Draft:
    files = [file for file in request.files.getlist("file") if file.filename]
    typed = request.form.get("definition", "")
    if files:
        return _of_files(files)
    if not typed.strip():
        raise Invalid("Choose at least one file first.", field="file")
    spoken = {name[2:]: text for name, text in request.form.items() if name.startswith("t.")}
    return drafting.from_texts(_lines(typed), {key: _lines(text) for key, text in spoken.items()})


def _lines(text: str) -> str:
    """As it was written: browsers send lines with another end."""
    return text.replace("\r\n", "\n")


def _of_files(files: list[FileStorage]) -> Draft:
    read: Mapping[str, bytes] = {file.filename or "": file.read(LIMITS.file_bytes + 1) for file in files[:30]}
    if any(len(data) > LIMITS.file_bytes for data in read.values()):
        raise Invalid("This file is far larger than a questionnaire: send documents under Documents.", field="file")
    books = [data for data in read.values() if kind_of(data) is Kind.ZIP]
    if books:
        if len(read) > 1:
            raise Invalid("An XLSForm holds its translations: send it alone.", field="file")
        return drafting.from_sheets(_sheets(books[0]))
    try:
        return drafting.from_files({name: data.decode("utf-8-sig") for name, data in read.items()})
    except UnicodeDecodeError:
        raise Invalid("This is no questionnaire: send an XLSForm (XLSX), or YAML or JSON in UTF-8.") from None


def _sheets(data: bytes) -> list[Sheet]:
    return [
        Sheet(name, {(cell.row, cell.column): Cell(cell.text, cell.formula) for cell in cells})
        for name, cells in workbooks.sheets_of(data).items()
    ]


def _index(fault: str = "") -> str:
    rows = {row.id: row for row in issuing.published(reading(), by=person())}
    names = [Named(row.id, f"{row.title_in(current())} {row.name} {row.version}") for row in rows.values()]
    offered = narrowed(names, "questionnaire")
    shown = [rows[named.id] for named in offered.rows]
    return render_template("questionnaires/library.html", rows=shown, offered=offered, fault=fault)


def _checked(draft: Draft, fault: str = "") -> str:
    large = len(draft.source) + sum(map(len, draft.translations.values())) > EDITABLE
    return render_template("questionnaires/draft.html", draft=draft, fault=fault, large=large, **_seen(draft))


def _seen(draft: Draft) -> dict[str, object]:
    """What a preview needs: how many questions, who meets which, and how many ways there are."""
    made = draft.questionnaire
    words = Teller(current())
    if made is None or draft.problems:
        return {"made": made, "words": words, "sometimes": {}, "ways": None, "most": SHOWN, "told": told}
    small = len(made.questions) <= FEW
    sometimes = {each.question: each for each in previewing.conditional(made)} if small else {}
    ways = previewing.ways(made, most=TRIED) if small else None
    return {"made": made, "words": words, "sometimes": sometimes, "ways": ways, "most": SHOWN, "told": told}


def told(answers: Mapping[str, Value]) -> str:
    """Answers as the rules see them, for whoever writes questionnaires."""
    parts = [f"{id_} = {', '.join(sorted(value)) if isinstance(value, frozenset) else value}"
             for id_, value in answers.items()]  # fmt: skip
    return "; ".join(parts)


def _file(data: bytes, kind: str, ending: str) -> Plain:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="salient-questionnaire.{ending}"'
    return answer
