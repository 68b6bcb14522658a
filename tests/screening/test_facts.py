from __future__ import annotations

from datetime import date

import pytest

from screening.engine.facts import date_in, facts_of


def test_an_audit_report_says_what_it_is() -> None:
    facts = facts_of(
        ["Sedex Members Ethical Trade Audit Report\nSite name: Sunny Garments Ltd.\nDate of audit: 12th March 2024"]
    )
    assert (facts.document_type, facts.scheme) == ("audit", "SMETA")
    assert (facts.audit_date, facts.supplier_name) == (date(2024, 3, 12), "Sunny Garments Ltd")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Supplier Self-Assessment Questionnaire", "self_assessment"),
        ("CORRECTIVE ACTION PLAN after the audit report of May", "cap"),
        ("This is to certify that the management system", "certificate"),
        ("Modern Slavery Act Statement 2023", "statement"),
        ("Framework Agreement between", "contract"),
        ("社会责任审核报告", "audit"),
        ("Minutes of the canteen committee", None),
    ],
)
def test_the_type_is_read_from_the_title(title: str, kind: str | None) -> None:
    assert facts_of([title]).document_type == kind


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2024-03-12", date(2024, 3, 12)),
        ("12.03.2024", date(2024, 3, 12)),
        ("13/03/2024", date(2024, 3, 13)),
        ("03/13/2024", date(2024, 3, 13)),
        ("3 de marzo de 2024", date(2024, 3, 3)),
        ("March 5, 2024", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("03/04/2024", None),
        ("31/02/2024", None),
        ("next spring", None),
    ],
)
def test_dates_are_read_and_those_with_two_readings_are_not(words: str, day: date | None) -> None:
    assert date_in(words) == day


def test_a_name_may_stand_on_the_line_below_its_label_and_a_question_is_no_name() -> None:
    assert facts_of(["Factory name:\nRiver Mill No. 3\n"]).supplier_name == "River Mill No. 3"
    assert facts_of(["Supplier: Is there a policy?"]).supplier_name is None
    assert facts_of(["", "no label here"]).supplier_name is None
