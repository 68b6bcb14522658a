"""Bulk imports: begin one, watch it, stop and resume it, say whose files are, and take the ledger along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Plain

from models import cells
from models.db import Database
from models.errors import DomainError, Invalid
from models.imports import EntryState, ImportEntry
from models.operations import holding, importing, pacing
from models.operations.mapping import MappingFault
from models.people import Person
from webapp import import_asked, import_words
from webapp.documents import known
from webapp.doors import acting, close_reading, house, now, optional_key, person, reading, written
from webapp.errors import STATUS, translated
from webapp.supplier_choice import offered

pages = Blueprint("imports", __name__, url_prefix="/imports")
pages.add_app_template_filter(import_words.name, "import_word")
pages.add_app_template_filter(import_words.reason, "import_reason")

AT_ONCE = 500
"""Rows of the ledger that are held in memory at a time."""


@pages.get("")
def index() -> str:
    listed = importing.imports(reading(), by=person(), after=optional_key("after"))
    counted = {row.id: importing.counts(reading(), row.id) for row in listed.rows}
    return render_template("imports.html", listed=listed, counted=counted)


@pages.get("/new")
def form() -> str:
    return _form()


@pages.post("/new")
def begin() -> Plain | tuple[str, int]:
    """Check what was asked for, keep an archive, and begin."""
    try:
        rules = import_asked.rules()
        place = import_asked.place()
    except DomainError as fault:
        status = next(code for kind, code in STATUS.items() if isinstance(fault, kind))
        return _form(fault), status
    with acting() as (session, by):
        made = importing.begin(session, place, rules, by=by, now=now())
    return redirect(url_for(".show", import_id=made.id), 303)


@pages.get("/<uuid:import_id>")
def show(import_id: UUID) -> str:
    found = importing.import_(reading(), import_id, by=person())
    state = known(EntryState, "state")
    after = int(text) if (text := request.args.get("after", "")).isdecimal() and len(text) < 9 else -1
    listed = importing.entries(reading(), import_id, by=person(), state=state, after=after)
    return render_template("import.html", found=found, state=state, listed=listed, **_progress(import_id))


@pages.get("/<uuid:import_id>/progress")
def progress(import_id: UUID) -> str:
    """The upper part of the page as it stands now, for a page that waits."""
    found = importing.import_(reading(), import_id, by=person())
    return render_template("parts/import_progress.html", found=found, **_progress(import_id))


@pages.post("/<uuid:import_id>/pause")
def pause(import_id: UUID) -> Plain:
    with acting() as (session, by):
        importing.pause(session, import_id, by=by, now=now())
    return _back(import_id, _("Paused. Documents that were taken in are screened all the same."))


@pages.post("/<uuid:import_id>/resume")
def resume(import_id: UUID) -> Plain:
    with acting() as (session, by):
        importing.resume(session, import_id, by=by, now=now())
    return _back(import_id, _("It goes on where it stopped."))


@pages.post("/<uuid:import_id>/cancel")
def cancel(import_id: UUID) -> Plain:
    with acting() as (session, by):
        importing.cancel(session, import_id, by=by, now=now())
    return _back(import_id, _("Cancelled. What was taken in stays."))


@pages.get("/<uuid:import_id>/held")
def held(import_id: UUID) -> str:
    return _held(import_id)


@pages.post("/<uuid:import_id>/held")
def settle(import_id: UUID) -> Plain | tuple[str, int]:
    """Confirm what the texts say, give the chosen files to a supplier, or leave them out."""
    chosen = _chosen(import_id)
    act, supplier_id = request.form.get("act", ""), optional_key("supplier")
    if act == "assign" and supplier_id is None:
        return _held(import_id, _("Choose the supplier first.")), 422
    try:
        with acting() as (session, by):
            if act == "leave_out":
                count = holding.leave_out(session, import_id, chosen, by=by, now=now())
            else:
                owner = supplier_id if act == "assign" else None
                count = holding.assign(session, import_id, chosen, supplier_id=owner, by=by, now=now())
    except Invalid as fault:
        return _held(import_id, translated(fault)), 422
    flash(ngettext("%(num)d file settled.", "%(num)d files settled.", count))
    return redirect(url_for(".held", import_id=import_id), 303)


@pages.get("/<uuid:import_id>/ledger.csv")
def ledger(import_id: UUID) -> Response:
    """Every file with what became of it."""
    importing.import_(reading(), import_id, by=person())
    lines = _lines(house().runtime.database, import_id, person())
    close_reading()
    answer = Response(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="salient-import.csv"'
    return answer


FIELDS = (
    "number", "path", "size", "state", "reason", "supplier", "site", "printed_name", "document_id", "document_state",
    "pages", "pages_read", "sha256", "settled_at",
)  # fmt: skip


def _lines(database: Database, import_id: UUID, by: Person) -> Iterator[str]:
    yield "\ufeff" + cells.row(FIELDS)  # The mark tells spreadsheets that this is UTF-8.
    after, more = -1, True
    while more:
        with database.reading() as session:
            listed = importing.entries(session, import_id, by=by, after=after, limit=AT_ONCE)
            lines = [cells.row(_cells(row)) for row in listed.rows]
        yield from lines
        more, after = listed.more, listed.rows[-1].number if listed.rows else after


def _cells(row: ImportEntry) -> list[cells.Cell]:
    document = row.document
    read: list[cells.Cell] = [None, None, None, None]
    if document is not None:
        read = [str(document.id), document.state.value, document.pages, document.pages_read]
    return [
        row.number + 1, row.path, row.size, row.state.value, row.reason,
        None if row.supplier is None else row.supplier.name, None if row.site is None else row.site.name,
        row.guess_name, *read, row.sha256, None if row.done_at is None else row.done_at.isoformat(),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A bar of the chart, in shares of its height and width."""

    x: float
    width: float
    height: float


def _progress(import_id: UUID) -> dict[str, object]:
    found = importing.import_(reading(), import_id, by=person())
    pace = pacing.pace(reading(), found, now=now())
    most = max((bar.pages for bar in pace.bars), default=0)
    step = 100 / max(len(pace.bars), 12)
    shown = [
        Shown(round(place * step, 2), round(step * 0.8, 2), round(100 * bar.pages / most, 1) if most else 0.0)
        for place, bar in enumerate(pace.bars)
    ]
    return {"pace": pace, "bars": shown, "most": most}


def _held(import_id: UUID, fault: str = "") -> str:
    found = importing.import_(reading(), import_id, by=person())
    after = int(text) if (text := request.args.get("after", "")).isdecimal() and len(text) < 9 else -1
    listed = importing.entries(reading(), import_id, by=person(), state=EntryState.HELD, after=after)
    groups = holding.groups(reading(), import_id)
    suppliers = offered(*{group.guess_id for group in groups})
    names = {row.id: row.name for row in suppliers.rows}
    return render_template(
        "import_held.html", found=found, listed=listed, groups=groups, names=names, suppliers=suppliers, fault=fault
    )


def _chosen(import_id: UUID) -> list[UUID]:
    """The ticked files, or all (up to a limit) that print one name."""
    importing.import_(reading(), import_id, by=person())
    if "group" in request.form:
        return holding.of_group(reading(), import_id, written("group", limit=200) or None)
    found = []
    for text in request.form.getlist("entry"):
        try:
            found.append(UUID(text))
        except ValueError:
            raise Invalid("This address does not lead anywhere: go back and choose again.", field="entry") from None
    return found


def _form(fault: DomainError | None = None) -> str:
    settings = house().settings
    sentence = "" if fault is None else _sentence(fault)
    return render_template(
        "import_new.html", folders=settings.import_folders,
        stores=[address.partition("?")[0] for address in settings.import_stores],
        suppliers=offered(optional_key("supplier")), limit=settings.upload_bytes, fault=fault, sentence=sentence,
    )  # fmt: skip


def _sentence(fault: DomainError) -> str:
    if isinstance(fault, MappingFault):
        return str(_(fault.sentence, line=fault.line))
    return translated(fault)


def _back(import_id: UUID, sentence: str) -> Plain:
    flash(sentence)
    return redirect(url_for(".show", import_id=import_id), 303)
