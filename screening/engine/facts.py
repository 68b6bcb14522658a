"""What a document says about itself on its first pages: its type, scheme, audit date and supplier.

Small rules over printed labels and titles; where they find nothing or cannot decide, the answer is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from screening.engine.results import Facts

FIRST_PAGES = 3
_TITLE_LENGTH = 2500
"""Characters of the first page in which titles are looked for."""
_LONGEST_NAME = 120
_YEARS = range(1990, 2100)

TYPES: tuple[tuple[str, str], ...] = (
    (
        "cap",
        r"corrective action plan|\bCAPR?\b report|plan d['’]actions? correctives?|korrekturmaßnahmenplan"
        r"|plan de acci[oó]n(?:es)? correctivas?|corrigerend actieplan|plano de a[cç][aã]o corretiva"
        r"|整改计划|纠正措施计划",
    ),
    (
        "self_assessment",
        r"self[- ]assessment|\bSAQ\b|self[- ]evaluation|selbstauskunft|selbsteinschätzung|zelfevaluatie"
        r"|auto-?[ée]valuation|autoevaluaci[oó]n|autoavalia[cç][aã]o|自我评估|自评",
    ),
    (
        "certificate",
        r"\bcertificate of (?:compliance|registration|conformity|approval)|this is to certify"
        r"|hereby certif(?:y|ies)|hiermit wird bescheinigt|认证证书",
    ),
    (
        "statement",
        r"modern slavery (?:act )?(?:and human trafficking )?statement|slavery and human trafficking statement"
        r"|human rights (?:policy|statement)|supplier code of conduct|code of conduct for suppliers"
        r"|grundsatzerklärung|devoir de vigilance",
    ),
    (
        "audit",
        r"audit(?:ing)? report|social audit|\baudit\b[^\n]{0,40}\b(?:report|summary|findings)"
        r"|summary of (?:audit|findings)|assessment report|auditbericht|auditverslag|rapport d['’]audit"
        r"|informe de auditor[ií]a|relat[oó]rio de auditoria|审核报告|監査報告書|báo cáo đánh giá",
    ),
    (
        "contract",
        r"(?:supply|framework|purchase|purchasing|service) agreement\b|this agreement is (?:made|entered)"
        r"|rahmenvertrag|contrat[- ]cadre|contrato de (?:suministro|fornecimento)",
    ),
)
"""Types in the order in which they win when several titles stand on the first page."""

SCHEMES: tuple[tuple[str, str], ...] = (
    ("SMETA", r"\bSMETA\b|sedex members ethical trade audit"),
    ("amfori BSCI", r"\bBSCI\b"),
    ("SA8000", r"\bSA ?8000\b"),
    ("RBA VAP", r"\bRBA\b[^\n]{0,60}\b(?:VAP|validated)|validated assessment (?:program|process)"),
    ("SLCP", r"\bSLCP\b|social (?:&|and) labou?r convergence"),
    ("WRAP", r"worldwide responsible accredited production|\bWRAP\b (?:audit|certificat)"),
    ("ICS", r"initiative for compliance and sustainability"),
    ("Better Work", r"\bbetter work\b"),
    ("Fair Wear", r"\bfair wear\b"),
    ("IETP", r"ethical toy program"),
    ("ISO 45001", r"\bISO ?45001\b"),
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar januari janvier enero janeiro gennaio",
            "february feb februar februari février fevrier febrero fevereiro febbraio",
            "march mar märz maart mars marzo março marco",
            "april apr avril abril aprile",
            "may mai mei mayo maio maggio",
            "june jun juni juin junio junho giugno",
            "july jul juli juillet julio julho luglio",
            "august aug août aout agosto augustus",
            "september sep sept septembre septiembre setembro settembre",
            "october oct okt oktober octobre octubre outubro ottobre",
            "november nov novembre noviembre novembro",
            "december dec dez dezember décembre decembre diciembre dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_DATE_LABEL = re.compile(
    r"(?:date\(?s?\)? of (?:the )?(?:audit|assessment)|(?:audit|assessment) (?:start )?date\(?s?\)?"
    r"|audit conducted on|audit-?datum|datum (?:des audits|van de audit)|date de l['’]audit"
    r"|fecha de (?:la )?auditor[ií]a|data da auditoria|审核日期|監査日)\s*[:：|]?\s*",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[. ]{1,2}(?:de |of )?([^\W\d_]{3,10})[.,]?(?: de)? (\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_NAME_LABEL = re.compile(
    r"^[ \t]*(?:(?:supplier|facility|factory|site|company|auditee|producer|employment site|mill|farm)(?:['’]s)?[ ]name"
    r"|name of (?:the )?(?:supplier|facility|factory|site|company|auditee|producer)|auditee|supplier"
    r"|name des lieferanten|naam (?:van de )?leverancier|nom du fournisseur|nombre del proveedor|nome do fornecedor"
    r"|供应商名称|工厂名称|公司名称)[ \t]*(?:\([^)\n]{1,40}\))?[ \t]*[:：|][ \t]*(\S[^\n]*)?",
    re.IGNORECASE | re.MULTILINE,
)


def facts_of(pages: Sequence[str]) -> Facts:
    """The facts in the texts of a document's pages; only the first few pages are looked at."""
    first = "\n".join(pages[:FIRST_PAGES])
    title = next((page for page in pages[:FIRST_PAGES] if page.strip()), "")[:_TITLE_LENGTH]
    return Facts(
        document_type=_first_of(TYPES, title),
        scheme=_first_of(SCHEMES, first),
        audit_date=_audit_date(first),
        supplier_name=_supplier_name(first),
    )


def _first_of(rules: Iterable[tuple[str, str]], text: str) -> str | None:
    return next((name for name, rule in rules if re.search(rule, text, re.IGNORECASE)), None)


def _audit_date(text: str) -> date | None:
    for label in _DATE_LABEL.finditer(text):
        found = date_in(text[label.end() : label.end() + 40])
        if found is not None:
            return found
    return None


def date_in(text: str) -> date | None:
    """The first date written in the text; None where it could be read two ways (03/04/2024)."""
    if found := _ISO.search(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if (found := _DAY_FIRST.search(text)) and (month := _MONTHS.get(found[2].lower())):
        return _date(int(found[3]), month, int(found[1]))
    if (found := _MONTH_FIRST.search(text)) and (month := _MONTHS.get(found[1].lower())):
        return _date(int(found[3]), month, int(found[2]))
    if found := _NUMBERS.search(text):
        one, two, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] == "." or one > 12 or one == two:
            return _date(year, two, one)
        return _date(year, one, two) if two > 12 else None
    return None


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _supplier_name(text: str) -> str | None:
    for label in _NAME_LABEL.finditer(text):
        name = (label[1] or "").strip(" \t|:-_.")
        if not name:
            name = text[label.end() :].lstrip("\n").split("\n", 1)[0].strip(" \t|:-_.")
        if 2 <= len(name) <= _LONGEST_NAME and any(map(str.isalpha, name)) and not name.endswith("?"):
            return name
    return None
