"""What documents say about themselves is read with its page, in sixteen languages, and left unknown where it is not."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from screening.engine import titles
from screening.engine.facts import announcement_in, facts_of
from screening.engine.headcounts import headcount, interviewed
from screening.engine.periods import period_in
from screening.engine.results import Page, PageStatus, Reading, Row, State, Table, TableKind
from screening.engine.stated import FactName, Facts


def read(*texts: str, language: str | None = "en", tables: tuple[Table, ...] = (), **fields: str) -> Facts:
    pages = tuple(Page(number, PageStatus.READ, text, language=language) for number, text in enumerate(texts, start=1))
    return facts_of(Reading(State.SCREENED, None, pages, tables, fields))


def test_an_audit_report_says_what_it_is() -> None:
    facts = read(
        "Sedex Members Ethical Trade Audit Report\nSite name: Sunny Garments Ltd.\nDate of audit: 12th March 2024"
    )
    assert (facts.document_type, facts.scheme) == ("audit", "SMETA")
    assert (facts.audit_date, facts.supplier_name) == (date(2024, 3, 12), "Sunny Garments Ltd.")


def test_each_fact_names_its_page_and_the_words_it_was_read_from() -> None:
    facts = read(
        "Social audit report", "Lead auditor: Ines Prado\nAudit company: Norvale Assurance", "Audit date: 4-6 May 2026"
    )
    found = {fact.name: (fact.value, fact.page, fact.words) for fact in facts.found}
    assert found[FactName.AUDITOR] == ("Ines Prado", 2, "Lead auditor: Ines Prado")
    assert found[FactName.AUDIT_FIRM] == ("Norvale Assurance", 2, "Audit company: Norvale Assurance")
    assert found[FactName.AUDIT_START][:2] == ("2026-05-04", 3)
    assert found[FactName.AUDIT_END][:2] == ("2026-05-06", 3)


@pytest.mark.parametrize(
    ("line", "following", "name"),
    [
        ("Company name: Brookvale Packers Pte.", "Ltd.", "Brookvale Packers Pte. Ltd."),
        ("Company name: Perdana Sarung Sdn.", "Bhd.", "Perdana Sarung Sdn. Bhd."),
        ("Company name: Brookvale Packers Ltd.", "Pier nine", "Brookvale Packers Ltd."),
        ("Company name: Brookvale Packers Pte.", "Site: Pier nine", "Brookvale Packers Pte."),
        ("Company name: Brookvale Packers Pte.", "The firm packs fish for three buyers", "Brookvale Packers Pte."),
    ],
)
def test_a_legal_form_that_a_line_end_cut_is_whole_again(line: str, following: str, name: str) -> None:
    assert read(f"Social audit report\n{line}\n{following}").supplier_name == name


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Supplier Self-Assessment Questionnaire", "self_assessment"),
        ("CORRECTIVE ACTION PLAN after the audit report of May", "cap"),
        ("This is to certify that the management system", "certificate"),
        ("Modern Slavery Act Statement 2023", "statement"),
        ("Framework Agreement between", "contract"),
        ("社会责任审核报告", "audit"),
        ("Relatório de auditoria social", "audit"),
        ("Báo cáo đánh giá trách nhiệm xã hội", "audit"),
        ("Denetim Raporu", "audit"),
        ("Minutes of the canteen committee", None),
        ("In the course of the year we received an audit report from each of our suppliers and looked at "
         "all of them, one after the other", None),
    ],
)  # fmt: skip
def test_the_type_is_read_from_a_title_and_not_from_a_sentence(title: str, kind: str | None) -> None:
    assert read(title).document_type == kind


LABELLED = {  # A document in each language, line by line.
    "en": ("Supplier: Aster Ltd.", "Audit date: 3 May 2026", "Lead auditor: A. Novak", "Number of workers: 240"),
    "nl": ("Leverancier: Aster B.V.", "Auditdatum: 3 mei 2026", "Hoofdauditor: A. Novak", "Aantal werknemers: 240"),
    "de": ("Lieferant: Aster GmbH", "Datum des Audits: 3. Mai 2026", "Leitender Auditor: A. Novak",
           "Beschäftigte: 240"),
    "fr": ("Fournisseur : Aster SARL", "Date de l’audit : 3 mai 2026", "Auditeur principal : A. Novak",
           "Effectif : 240"),
    "es": ("Proveedor: Aster S.A.", "Fecha de la auditoría: 3 de mayo de 2026", "Auditor líder: A. Novak",
           "Plantilla: 240"),
    "pt": ("Fornecedor: Aster Lda.", "Data da auditoria: 3 de maio de 2026", "Auditor: A. Novak", "Trabalhadores: 240"),
    "it": ("Fornitore: Aster S.r.l.", "Data dell'audit: 3 maggio 2026", "Lead auditor: A. Novak", "Dipendenti: 240"),
    "pl": ("Dostawca: Aster sp. z o.o.", "Data audytu: 3 maja 2026", "Audytor wiodący: A. Novak", "Pracownicy: 240"),
    "tr": ("Tedarikçi: Aster A.Ş.", "Denetim tarihi: 3 Mayıs 2026", "Baş denetçi: A. Novak", "Çalışan sayısı: 240"),
    "vi": ("Tên công ty: Aster", "Ngày đánh giá: 3 tháng 5 năm 2026", "Trưởng đoàn đánh giá: A. Novak",
           "Số lao động: 240"),
    "id": ("Nama pemasok: PT Aster", "Tanggal audit: 3 Mei 2026", "Auditor utama: A. Novak", "Jumlah pekerja: 240"),
    "ar": ("اسم الشركة: أستر", "تاريخ التدقيق: 03/05/2026", "المدقق: نوفاك", "عدد العمال: 240"),
    "hi": ("कंपनी का नाम: एस्टर", "ऑडिट की तारीख: 03/05/2026", "मुख्य ऑडिटर: नोवाक", "श्रमिकों की संख्या: 240"),
    "bn": ("কোম্পানির নাম: অ্যাস্টার", "অডিটের তারিখ: 03/05/2026", "প্রধান নিরীক্ষক: নোভাক", "মোট শ্রমিক: 240"),
    "th": ("ชื่อบริษัท: แอสเตอร์", "วันที่ตรวจประเมิน: 03/05/2569", "หัวหน้าผู้ตรวจ: โนวัค", "จำนวนพนักงาน: 240"),
    "zh": ("供应商名称：艾斯特有限公司", "审核日期：2026年5月3日", "审核组长：诺瓦克", "员工总数：240"),
}  # fmt: skip


@pytest.mark.parametrize("language", LABELLED)
def test_labels_are_known_in_every_language_of_the_product(language: str) -> None:
    facts = read("\n".join(LABELLED[language]), language=language)
    assert facts.value(FactName.SUPPLIER) == LABELLED[language][0].replace("：", ":").split(":")[1].strip()
    assert facts.audit_date == date(2026, 5, 3)
    assert facts.value(FactName.AUDITOR) is not None
    assert facts.value(FactName.WORKERS) == "240"


@pytest.mark.parametrize(
    ("words", "language", "period"),
    [
        ("12-14 March 2026", "en", ("2026-03-12", "2026-03-14")),
        ("March 12 – 14, 2026", "en", ("2026-03-12", "2026-03-14")),
        ("28 February to 2 March 2026", "en", ("2026-02-28", "2026-03-02")),
        ("2026-03-12 / 2026-03-14", "en", ("2026-03-12", "2026-03-14")),
        ("12 en 13 maart 2026", "nl", ("2026-03-12", "2026-03-13")),
        ("12.–14.03.2026", "de", ("2026-03-12", "2026-03-14")),
        ("12 y 13 de marzo de 2026", "es", ("2026-03-12", "2026-03-13")),
        ("2026年3月12日至14日", "zh", ("2026-03-12", "2026-03-14")),
        ("3 April 2026", "en", ("2026-04-03", "2026-04-03")),
        ("03/04/2026", "en", None),
        ("12/11/2025 - 13/11/2025", "en", ("2025-11-12", "2025-11-13")),
        ("11/12/2025 to 11/13/2025", "en", ("2025-11-12", "2025-11-13")),
        ("01/02/2026 - 02/03/2026", "en", None),
        ("03/04/2026", "fr", ("2026-04-03", "2026-04-03")),
        ("next spring", "en", None),
    ],
)
def test_days_are_read_as_first_and_last(words: str, language: str, period: tuple[str, str] | None) -> None:
    found = period_in(words, language)
    assert (None if found is None else tuple(day.isoformat() for day in found)) == period


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("announced, two days", "announced"),
        ("Semi-announced (three week window)", "semi_announced"),
        ("unannounced", "unannounced"),
        ("not announced", "unannounced"),
        ("onaangekondigd", "unannounced"),
        ("announced / unannounced", None),
        ("Full initial audit", None),
        ("飞行审核", "unannounced"),
        ("半通知", "semi_announced"),
    ],
)
def test_the_announcement_is_one_of_three_or_unknown(words: str, kind: str | None) -> None:
    assert announcement_in(words) == kind


def test_a_question_whether_it_was_announced_is_answered_by_yes_and_no() -> None:
    assert read("Announced: No").value(FactName.ANNOUNCEMENT) == "unannounced"
    assert read("Aangekondigd: ja", language="nl").value(FactName.ANNOUNCEMENT) == "announced"
    assert read("Audit type: No").value(FactName.ANNOUNCEMENT) is None


@pytest.mark.parametrize(
    ("value", "people", "women", "men"),
    [
        ("1,240 (812 women, 428 men)", 1240, 812, 428),
        ("1.240", 1240, None, None),
        ("412, of whom 208 female", 412, 208, None),
        ("18 women, 14 men", 32, 18, 14),
        ("women: 18, men: 14", None, 18, 14),
        ("238, davon 61 über Werkverträge", 238, None, None),
        ("32名（女性18名，男性14名）", 32, 18, 14),
        ("40 %", None, None, None),
        ("see annex 3", None, None, None),
        ("3/4 of the staff", None, None, None),
    ],
)
def test_people_are_counted_as_far_as_the_value_is_plain(
    value: str, people: int | None, women: int | None, men: int | None
) -> None:
    counted = headcount(value)
    assert (counted.people, counted.women, counted.men) == (people, women, men)


def test_interviews_stand_under_labels_or_in_a_plain_sentence() -> None:
    facts = read("Individual interviews: 12\nGroup interviews: 4 groups\nWorkers interviewed: 32 (18 female, 14 male)")
    numbers = [facts.value(name) for name in (FactName.INTERVIEWS, FactName.INTERVIEWS_INDIVIDUAL,
                                              FactName.INTERVIEWS_GROUP, FactName.INTERVIEWS_WOMEN)]  # fmt: skip
    assert numbers == ["32", "12", "4", "18"]
    assert interviewed("In total 27 production workers were interviewed in private.") == 27
    assert interviewed("Interviews were held with 15 employees; later 3 workers were interviewed again.") is None
    assert read("The manager said that all workers know him.").value(FactName.INTERVIEWS) is None


def test_a_certificate_says_until_when_it_holds() -> None:
    facts = read("Certificate of compliance\nValid from: 1 July 2025\nValid until: 30 June 2026")
    assert (facts.value(FactName.VALID_FROM), facts.value(FactName.VALID_UNTIL)) == ("2025-07-01", "2026-06-30")
    facts = read("Certificate\nValidity: 1 July 2024 - 30 June 2027")
    assert (facts.value(FactName.VALID_FROM), facts.value(FactName.VALID_UNTIL)) == ("2024-07-01", "2027-06-30")


def test_two_cells_side_by_side_and_the_fields_of_a_form_are_read_as_label_and_value() -> None:
    row = Row(("Lead auditor", "Ines Prado"), ((0, 12), (15, 25)), 0, 25)
    table = Table(1, TableKind.OTHER, ("Supplier", "Aster Ltd."), (row,))
    facts = read("Audit report", tables=(table,), Audit_date="3 May 2026")
    assert facts.value(FactName.SUPPLIER) == "Aster Ltd."
    assert facts.value(FactName.AUDITOR) == "Ines Prado"
    assert facts.audit_date == date(2026, 5, 3)


def test_a_name_may_stand_on_the_line_below_its_label_and_a_question_is_no_name() -> None:
    assert read("Factory name:\nRiver Mill No. 3\n").supplier_name == "River Mill No. 3"
    assert read("Supplier: Is there a policy?").supplier_name is None
    assert read("Supplier:\nSite: Mill 3").value(FactName.SUPPLIER) is None
    assert read("Auditor: n/a").value(FactName.AUDITOR) is None
    assert read("", "no label here").found == ()


def test_a_label_without_a_colon_counts_where_it_cannot_be_a_heading() -> None:
    facts = read("Audit date 3 - 5 March 2026\nName of auditor\nLena Ortiz\nSupplier\nThe supplier of the hall is")
    assert (facts.value(FactName.AUDIT_START), facts.value(FactName.AUDIT_END)) == ("2026-03-03", "2026-03-05")
    assert facts.value(FactName.AUDITOR) == "Lena Ortiz"
    assert facts.value(FactName.SUPPLIER) is None
    assert read("Workers\nWorkers 18 years and older may ask for a shift.").found == ()


def test_a_row_of_a_findings_table_is_not_taken_for_labels() -> None:
    facts = read(
        "4 | Exit locked | auditors: Major | Fear of theft | Director | open\nauditors | Major | Letter | open"
    )
    assert facts.value(FactName.AUDITOR) is None


def test_wherever_a_scheme_may_be_named_one_of_its_signs_stands() -> None:
    raw = tomllib.loads(Path(titles.__file__).with_name("lexicon").joinpath("titles.toml").read_text(encoding="utf-8"))
    for row in raw["scheme"]:
        assert all(any(sign in words for sign in row["signs"]) for words in row["words"]), row["name"]


def test_a_scheme_counts_when_it_is_the_only_one_named() -> None:
    assert read("Audit report\nAgainst SA8000 and BSCI, among others").scheme is None
    assert (
        read("BSCI audit report\n" + "\n" * 3 + "x\n" * 20 + "The SA8000 certificate had expired.").scheme
        == "amfori BSCI"
    )
    assert read("Standard: SMETA 4-pillar\nSome sites hold SA8000.").scheme == "SMETA"
