"""Whose a file is: by a mapping from paths to suppliers, or by the name that a document prints."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.operations.scope import suppliers
from models.people import Person
from models.supplychain import Site, Supplier

MOST_RULES = 20_000
_LEGAL_FORMS = """
ab ag and anonim apt as asa bhd bv bvba co company corp corporation cv dan de doo eirl et fze gmbh group
holding inc incorporated kft kg ky limited limitada llc llp lp ltd ltda ltee mbh mfg na nv oo ou oy oyj plc
private pt pte pty pvt rl rt sa sab sac sae sal sarl sas sci sdn se sirketi sl slu snc sociedad societe sp
spa spk spol srl sro sti tbk the tic und van vof y z
"""
"""What companies add to their name: not compared."""
_FORMS_WITHOUT_BLANKS = re.compile(
    r"(?:股份)?有限(?:责任|責任)?公司|株式会社|有限会社|公司|บริษัท|จำกัด|công ty|tnhh|cổ phần"
)


class MappingFault(Invalid):
    """A line of a mapping that cannot be used. `sentence` holds `%(line)d` where the number of the line belongs."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence % {"line": line}, field="mapping")
        self.sentence, self.line = sentence, line


@dataclass(frozen=True, slots=True)
class Rule:
    """Files whose path fits the pattern belong to this supplier, and to this site if one is named."""

    pattern: str
    supplier_id: uuid.UUID
    site_id: uuid.UUID | None = None

    def as_row(self) -> list[str | None]:
        return [self.pattern, str(self.supplier_id), None if self.site_id is None else str(self.site_id)]

    @classmethod
    def of_row(cls, row: list[str | None]) -> Rule:
        pattern, supplier_id, site_id = row
        return cls(str(pattern), uuid.UUID(supplier_id), None if site_id is None else uuid.UUID(site_id))

    def fits(self, path: str) -> bool:
        """`folder/*.pdf` is compared as a whole; a pattern without a wildcard also stands for the folder's contents."""
        path, pattern = path.casefold(), self.pattern.casefold().strip("/")
        return fnmatchcase(path, pattern) or ("*" not in pattern and path.startswith(pattern + "/"))


def everything_of(supplier_id: uuid.UUID) -> tuple[Rule, ...]:
    """All files are this supplier's."""
    return (Rule("*", supplier_id),)


def rule_for(path: str, rules: Iterable[Rule]) -> Rule | None:
    """The first rule that fits."""
    return next((rule for rule in rules if rule.fits(path)), None)


def read_mapping(session: Session, text: str, *, by: Person) -> tuple[Rule, ...]:
    """The rules of a mapping file: CSV with the columns `path`, `supplier` and, if wanted, `site`.

    Suppliers and sites are named as they are here. Raises Invalid with the number of the line at fault.
    """
    known, sites = Names.of(suppliers(session, by=by)), _Sites(session)
    rules = []
    for number, (pattern, name, site_name) in _rows(text):
        if not pattern or not name:
            raise MappingFault("Line %(line)d of the mapping needs a path and a supplier.", number)
        supplier = known.named(name)
        if supplier is None:
            raise MappingFault("Line %(line)d of the mapping names a supplier that is not known here.", number)
        site_id = sites.named(supplier, site_name) if site_name else None
        if site_name and site_id is None:
            raise MappingFault("Line %(line)d of the mapping names a site that this supplier does not have.", number)
        rules.append(Rule(pattern, supplier.id, site_id))
    if not rules:
        raise Invalid("The mapping is empty: give it a line for each folder, with its supplier.", field="mapping")
    return tuple(rules)


def _rows(text: str) -> list[tuple[int, tuple[str, str, str]]]:
    sample = text.lstrip("\ufeff")
    first = sample.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    found: list[tuple[int, tuple[str, str, str]]] = []
    for number, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), start=1):
        cells = [cell.strip().replace("\x00", "") for cell in cells]
        if not any(cells) or (number == 1 and len(cells) > 1 and cells[1].casefold() == "supplier"):
            continue
        if len(found) >= MOST_RULES:
            raise Invalid("The mapping has too many lines: use wildcards, such as mill-3/*.", field="mapping")
        path, name, site = (*cells, "", "", "")[:3]
        found.append((number, (path.replace("\\", "/"), name, site)))
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """Suppliers by their normalised names. A name that fits two of them fits none."""

    by_name: dict[str, Supplier | None]

    @classmethod
    def of(cls, rows: Iterable[Supplier]) -> Names:
        found: dict[str, Supplier | None] = {}
        for row in rows:
            name = normal(row.name)
            found[name] = None if name in found else row
        return cls(found)

    def named(self, name: str) -> Supplier | None:
        return self.by_name.get(normal(name))


class _Sites:
    """The sites of suppliers, looked up once each."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[uuid.UUID, dict[str, uuid.UUID]] = {}

    def named(self, supplier: Supplier, name: str) -> uuid.UUID | None:
        organisation = supplier.organisation_id
        if organisation not in self._known:
            rows = self._session.scalars(select(Site).where(Site.organisation_id == organisation))
            self._known[organisation] = {normal(row.name): row.id for row in rows}
        return self._known[organisation].get(normal(name))


@cache
def _legal_forms() -> frozenset[str]:
    return frozenset(_LEGAL_FORMS.split())


def normal(name: str) -> str:
    """A company's name without case, accents, signs and legal form: `Río Mills Co., Ltd.` is `rio mills`.

    A name that is nothing but a legal form is kept as it is.
    """
    plain = unicodedata.normalize("NFKD", _FORMS_WITHOUT_BLANKS.sub(" ", name.casefold()))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("ı", "i").replace("ł", "l")
    # "B.V." and "BV" are the same; so are "S.A.R.L." and "SARL".
    plain = re.sub(r"\b(\w)\.(?=\w\b|\s|$)", r"\1", plain)
    words = re.findall(r"[^\W_]+", plain)
    kept = [word for word in words if word not in _legal_forms()]
    return " ".join(kept or words)
