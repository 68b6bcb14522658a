"""Headers, dates and plans are understood in the languages of the product, and not guessed."""

from __future__ import annotations

from datetime import date

import pytest

from screening.engine import headers
from screening.engine.caps import plan_rows
from screening.engine.dates import date_in
from screening.engine.headers import Column
from screening.engine.reading.laid import Laid, LaidRow
from screening.engine.results import Page, PageStatus, Reading, State, Table, TableKind
from screening.engine.tables import tables_of

PLANS = {
    "en": ("Finding", "Root cause", "Corrective action", "Responsible person", "Due date", "Status"),
    "nl": ("Bevinding", "Grondoorzaak", "Corrigerende maatregel", "Verantwoordelijke", "Uiterste datum", "Status"),
    "de": ("Feststellung", "Ursache", "Korrekturmaßnahme", "Verantwortlich", "Frist", "Status"),
    "fr": ("Constat", "Cause racine", "Action corrective", "Responsable", "Échéance", "État"),
    "es": ("Hallazgo", "Causa raíz", "Acción correctiva", "Responsable", "Plazo", "Estado"),
    "pt": ("Não conformidade", "Causa raiz", "Ação corretiva", "Responsável", "Prazo", "Situação"),
    "it": ("Rilievo", "Causa radice", "Azione correttiva", "Responsabile", "Scadenza", "Stato"),
    "pl": ("Niezgodność", "Przyczyna", "Działanie naprawcze", "Osoba odpowiedzialna", "Termin realizacji", "Stan"),
    "tr": ("Bulgu", "Kök neden", "Düzeltici faaliyet", "Sorumlu", "Son tarih", "Durum"),
    "zh": ("审核发现", "根本原因", "纠正措施", "责任人", "完成日期", "状态"),
    "vi": (
        "Phát hiện",
        "Nguyên nhân gốc rễ",
        "Hành động khắc phục",
        "Người chịu trách nhiệm",
        "Thời hạn",
        "Trạng thái",
    ),
    "id": ("Temuan", "Akar masalah", "Tindakan perbaikan", "Penanggung jawab", "Batas waktu", "Status"),
}
ORDER = (
    Column.FINDING,
    Column.ROOT_CAUSE,
    Column.CORRECTIVE_ACTION,
    Column.RESPONSIBLE,
    Column.DUE_DATE,
    Column.STATUS,
)


@pytest.mark.parametrize("language", PLANS)
def test_the_columns_of_a_plan_are_known_in_every_language(language: str) -> None:
    assert headers.columns_of(PLANS[language]) == ORDER
    assert headers.kind_of(PLANS[language]) is TableKind.CAP
    assert headers.is_header([cell.upper() if language != "tr" else cell for cell in PLANS[language]])


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (("No.", "Preventive action", "Responsible", "Due date"), TableKind.CAP),
        (("Clause", "Non-conformity", "Rating"), TableKind.FINDINGS),
        (("企業・事業場名称", "違反法条", "事案概要"), TableKind.FINDINGS),
        (("Question", "Answer", "Comment"), TableKind.OTHER),
        (("Action", "Estimated cost in MYR", "Carried by"), TableKind.OTHER),
        (("Age", "Percent"), TableKind.OTHER),
        ((), TableKind.OTHER),
    ],
)
def test_a_table_is_what_its_header_says(header: tuple[str, ...], kind: TableKind) -> None:
    assert headers.kind_of(header) is kind


@pytest.mark.parametrize(
    "cells",
    [
        ("The finding was closed by the responsible manager before the due date of the action plan.", "Yes"),
        ("Are findings followed up?", "Is somebody responsible?"),
        ("Finding", "Exit locked", "Chairs before it", "Never tested"),
    ],
    ids=["sentence", "questions", "data"],
)
def test_a_row_of_words_that_only_look_like_names_is_no_header(cells: tuple[str, ...]) -> None:
    assert not headers.is_header(cells)


@pytest.mark.parametrize(
    ("text", "language", "due"),
    [
        ("2026-03-31", None, date(2026, 3, 31)),
        ("31.03.2026", "de", date(2026, 3, 31)),
        ("31/03/26", "fr", date(2026, 3, 31)),
        ("03/04/2026", "nl", date(2026, 4, 3)),
        ("03/04/2026", "en", None),
        ("03/04/2026", None, None),
        ("13/04/2026", "en", date(2026, 4, 13)),
        ("04/13/2026", "en", date(2026, 4, 13)),
        ("March 31st, 2026", "en", date(2026, 3, 31)),
        ("1er juin 2026", "fr", date(2026, 6, 1)),
        ("15 de marzo de 2026", "es", date(2026, 3, 15)),
        ("5 maja 2026", "pl", date(2026, 5, 5)),
        ("12 Ağustos 2026", "tr", date(2026, 8, 12)),
        ("7 Agustus 2026", "id", date(2026, 8, 7)),
        ("ngày 31 tháng 3 năm 2026", "vi", date(2026, 3, 31)),
        ("2026年3月31日", "zh", date(2026, 3, 31)),
        ("31/03/2569", "th", date(2026, 3, 31)),
        ("2025-12-31, extended to 2026-03-31", "en", None),
        ("30 February 2026", "en", None),
        ("end of March", "en", None),
        ("immediately", "en", None),
        ("", "en", None),
    ],
)
def test_a_date_is_read_as_its_language_writes_it_or_not_at_all(
    text: str, language: str | None, due: date | None
) -> None:
    assert date_in(text, language) == due


def laid(cells: list[list[str]], above: dict[int, tuple[int, ...]] | None = None, heads: int = 0) -> tuple[str, Laid]:
    """A page's text and a table of it; `above` gives by row the columns that a merged cell reaches into."""
    text, told = "", []
    for number, row in enumerate(cells):
        places = []
        for cell in row:
            places.append((len(text), len(text) + len(cell)) if cell else (0, 0))
            text += cell + " | " if cell else ""
        text += "\n"
        told.append(LaidRow((above or {}).get(number, ()), tuple(places)))
    return text, Laid(tuple(range(0, 1000 * (len(cells[0]) + 1), 1000)), heads, tuple(told))


def read(
    cells: list[list[str]], *, language: str | None = "en", above: dict[int, tuple[int, ...]] | None = None
) -> Reading:
    text, table = laid(cells, above)
    page = Page(1, PageStatus.READ, text, language=language)
    return Reading(State.SCREENED, None, (page,), tables_of([page], {1: (table,)}))


def test_a_plan_row_has_its_fields_and_a_date_in_days() -> None:
    rows = [list(PLANS["fr"]), ["Sortie fermée", "Peur du vol", "Barre antipanique", "Chef", "31/03/2026", "ouvert"]]
    (row,) = plan_rows(read(rows, language="fr"))
    assert (row.page, row.finding, row.corrective_action) == (1, "Sortie fermée", "Barre antipanique")
    assert (row.responsible, row.due_date, row.status, row.preventive_action) == (
        "Chef",
        date(2026, 3, 31),
        "ouvert",
        "",
    )


def test_a_merged_finding_stands_in_each_of_its_actions_and_an_empty_one_does_not() -> None:
    cells = [
        ["Finding", "Corrective action", "Due date"],
        ["Exit locked", "Bar", "2026-01-15"],
        ["", "Drill", ""],
        ["", "Poster", "soon"],
    ]
    rows = plan_rows(read(cells, above={2: (0,)}))
    assert [(row.finding, row.corrective_action, row.due_date) for row in rows] == [
        ("Exit locked", "Bar", date(2026, 1, 15)),
        ("Exit locked", "Drill", None),
        ("", "Poster", None),
    ]


def test_a_checklist_and_a_list_of_plain_findings_make_no_plan() -> None:
    assert plan_rows(read([["Question", "Answer"], ["Are exits unlocked?", "No"]])) == ()
    assert plan_rows(read([["Clause", "Finding"], ["3.1", "Exit locked"]])) == ()


def test_a_header_that_is_not_known_is_only_believed_where_it_is_shaded() -> None:
    cells = [["Colour", "Weight"], ["red", "light"], ["blue", "heavy"]]
    for heads, header in ((0, ()), (1, ("Colour", "Weight"))):
        text, table = laid(cells, heads=heads)
        (found,) = tables_of([Page(1, PageStatus.READ, text)], {1: (table,)})
        assert isinstance(found, Table)
        assert found.header == header
        assert len(found.rows) + bool(header) == 3
