"""An audit against the one before it: every finding once, and "no longer mentioned" is never called fixed."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from models.db import Database
from models.documents import Document, DocumentState
from models.extracts import DocumentCapRow, DocumentRemark
from models.findings import RejectReason
from models.operations.comparing import Found, Told, compare, earlier, is_closed, since_last
from tests.factories import NOON, make_document, make_finding, make_person, make_site, make_supplier


def found(quote: str, *signals: str) -> Found:
    return Found(uuid.uuid4(), quote, signals, 1, confirmed=False)


PASSPORTS = found("The passports of 40 migrant workers were kept in the office safe.", "FL.DOC")
PASSPORTS_AGAIN = found("Passports of 25 migrant workers were still kept in the safe of the office.", "FL.DOC")
EXIT = found("The emergency exit on the second floor was locked from outside.", "OSH.FIRE")
EXTINGUISHERS = found("Three extinguishers in the store had not been inspected since 2022.", "OSH.FIRE")
WAGES = found("Overtime in March was paid six weeks late.", "WG.LATE")


def test_a_finding_in_both_audits_is_repeated_though_its_words_differ() -> None:
    changes = compare([PASSPORTS, EXIT], [EXTINGUISHERS, PASSPORTS_AGAIN], [])
    assert [(pair.before, pair.after) for pair in changes.repeated] == [(PASSPORTS, PASSPORTS_AGAIN)]
    assert [(new.after, new.kind_before) for new in changes.new] == [(EXTINGUISHERS, True)]
    assert [gone.before for gone in changes.gone] == [EXIT]
    assert changes.fixed == ()


def test_what_is_not_mentioned_is_not_fixed_unless_the_new_audit_says_so() -> None:
    repaired = Told(
        "The emergency exit on the second floor now opens from inside; seen on site.", ("OSH.FIRE",), 4, True
    )
    none = Told("No case of late payment was found.", ("WG.LATE",), 6, False)
    changes = compare([EXIT, WAGES, PASSPORTS], [], [repaired, none])
    assert [(row.before, row.told) for row in changes.fixed] == [(EXIT, repaired)]
    assert [(row.before, row.told) for row in changes.gone] == [(WAGES, none), (PASSPORTS, None)]


def test_a_repair_of_something_else_fixes_nothing() -> None:
    elsewhere = Told("All extinguishers were replaced in May.", ("OSH.FIRE",), 2, True)
    assert compare([EXIT], [], [elsewhere]).fixed == ()
    row = Told("Overtime of March paid late", (), 3, True)
    assert [fixed.before for fixed in compare([EXIT, WAGES], [], [row]).fixed] == [WAGES]


def test_each_finding_stands_in_one_place_only() -> None:
    changes = compare([PASSPORTS, PASSPORTS], [PASSPORTS_AGAIN], [])
    assert (len(changes.repeated), len(changes.gone), len(changes.new)) == (1, 1, 0)


@pytest.mark.parametrize(
    "status", ["Closed", "closed, verified", "Gesloten", "erledigt", "Clôturé", "已完成", "Tamamlandı"]
)
def test_a_closed_row_is_told_in_many_languages(status: str) -> None:
    assert is_closed(status)


@pytest.mark.parametrize(
    "status", ["", "open", "not closed", "nog niet gesloten", "未完成", "in progress", "partly done", "?"]
)
def test_a_row_that_is_not_surely_closed_is_open(status: str) -> None:
    assert not is_closed(status)


def audit(session: object, supplier: object, day: date, **more: object) -> Document:
    made = make_document(session, supplier=supplier, state=DocumentState.SCREENED)  # type: ignore[arg-type]
    made.audit_date, made.document_type = day, "audit"
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_the_audit_before_is_the_latest_earlier_one_of_the_same_site(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        here, there = (make_site(session, organisation=supplier.organisation) for _ in range(2))
        old = audit(session, supplier, date(2024, 5, 1), site_id=here.id)
        audit(session, supplier, date(2025, 5, 1), site_id=there.id)
        plan = audit(session, supplier, date(2025, 6, 1), site_id=here.id)
        plan.document_type = "cap"
        newest = audit(session, supplier, date(2026, 5, 1), site_id=here.id)
        session.flush()
        assert [row.id for row in earlier(session, newest)] == [old.id]
        assert earlier(session, old) == []


def test_rejected_findings_are_left_out_and_closed_rows_count(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        reviewer = make_person(session, organisation=supplier.buyer)
        old = audit(session, supplier, date(2025, 5, 1))
        new = audit(session, supplier, date(2026, 5, 1))
        make_finding(session, document=old, signals=("OSH.FIRE",), quote=EXIT.quote)
        make_finding(session, document=old, signals=("WG.LATE",), quote=WAGES.quote)
        wrong = make_finding(session, document=old, signals=("FL.DOC",), quote=PASSPORTS.quote)
        wrong.reject(RejectReason.POLICY, by=reviewer, remark="", at=NOON)
        session.add(DocumentCapRow(document_id=new.id, number=0, page=3, finding=EXIT.quote, status="Closed"))
        session.add(
            DocumentRemark(
                document_id=new.id, page=4, quote="Wages are paid on time.", assertion="negated", signals=["WG.LATE"]
            )
        )
        session.flush()
        compared = since_last(session, new.id, by=reviewer)
        assert compared is not None
        assert compared.before.id == old.id
        assert [row.before.quote for row in compared.changes.fixed] == [EXIT.quote]
        assert [(row.before.quote, row.told is not None) for row in compared.changes.gone] == [(WAGES.quote, True)]
        assert since_last(session, old.id, by=reviewer) is None
