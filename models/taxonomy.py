"""The taxonomy: 17 categories and 95 signals of harm to people, with the rights and clauses that they touch."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("taxonomy.toml")


class TaxonomyError(Exception):
    """The taxonomy file breaks one of its own rules; the text says where."""


class Severity(StrEnum):
    """How soon a person must look, from the gravest down. `NONE` stands for a passage without a flag."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"

    @property
    def rank(self) -> int:
        """4 for critical down to 0 for none, so that severities can be sorted and compared."""
        return {"critical": 4, "high": 3, "medium": 2, "low": 1, "none": 0}[self.value]


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the languages of the product. English is always there."""

    en: str
    nl: str

    def in_language(self, language: str) -> str:
        return self.nl if language.partition("-")[0].partition("_")[0] == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Reference:
    """A clause of a convention, law or scheme. An unverified number must be shown as such."""

    scheme: str
    code: str
    title: str
    verified: bool
    year: int | None = None
    """Year of adoption, where known."""
    fundamental: bool = False
    """One of the instruments that the ILO counts as fundamental principles and rights at work."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of harm or gap that a passage may point to, e.g. FL.DOC, identity documents kept."""

    id: str
    category: str
    name: Name
    scale: int
    """Gravity for a person, 1 to 5 (UN Guiding Principles, commentary to principle 14)."""
    irremediability: int
    """1 to 5, where 5 cannot be undone."""
    floor: Severity
    zero_tolerance: bool = False
    handling: str = ""
    """`survivor_centred` where the affected person decides who may know; empty for ordinary handling."""
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    name: Name
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything that the product knows by name. Mappings keep the order of the file."""

    version: str
    categories: tuple[Category, ...]
    schemes: Mapping[str, Name]
    assertions: Mapping[str, Name]
    severities: Mapping[str, Name]
    references: Mapping[tuple[str, str], Reference]
    signals: Mapping[str, Signal] = field(default_factory=dict)

    def signal(self, code: str) -> Signal:
        """Raises TaxonomyError for a code that the taxonomy does not hold."""
        if code not in self.signals:
            raise TaxonomyError(f"The taxonomy has no signal {code!r}.")
        return self.signals[code]

    def category(self, code: str) -> Category:
        """Raises TaxonomyError for a code that the taxonomy does not hold."""
        for category in self.categories:
            if category.id == code:
                return category
        raise TaxonomyError(f"The taxonomy has no category {code!r}.")

    def floor_of(self, codes: tuple[str, ...]) -> Severity:
        """The gravest floor among these signals; `NONE` for no signals."""
        return max((self.signal(code).floor for code in codes), key=lambda s: s.rank, default=Severity.NONE)


@cache
def shipped() -> Taxonomy:
    """The taxonomy of this version of the product, read once."""
    return load(SHIPPED)


def load(path: Path) -> Taxonomy:
    """Read and check a taxonomy file. Raises TaxonomyError that names the entry at fault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise TaxonomyError(f"{path.name} is not valid TOML: {error}") from error
    references = _references(raw)
    categories = tuple(_category(entry, references) for entry in _table(raw, "category", path.name))
    signals = {signal.id: signal for category in categories for signal in category.signals}
    if len(signals) != sum(len(category.signals) for category in categories):
        raise TaxonomyError(f"{path.name} uses a signal code twice.")
    return Taxonomy(
        version=str(_table(raw, "version", path.name)),
        categories=categories,
        schemes={key: _name(value["name"], key) for key, value in _table(raw, "scheme", path.name).items()},
        assertions={k: _name(v, k) for k, v in _table(raw, "assertion", path.name).items()},
        severities={k: _name(v, k) for k, v in _table(raw, "severity", path.name).items()},
        references=references,
        signals=signals,
    )


def _table(raw: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in raw:
        raise TaxonomyError(f"{where} lacks {key!r}.")
    return raw[key]


def _name(raw: Mapping[str, str], where: str) -> Name:
    return Name(en=str(_table(raw, "en", where)), nl=str(_table(raw, "nl", where)))


def _references(raw: Mapping[str, Any]) -> dict[tuple[str, str], Reference]:
    return {
        (scheme, code): Reference(scheme=scheme, code=code, **entry)
        for scheme, entries in _table(raw, "reference", "the taxonomy").items()
        for code, entry in entries.items()
    }


def _category(raw: Mapping[str, Any], references: Mapping[tuple[str, str], Reference]) -> Category:
    code = str(_table(raw, "id", "a category"))
    return Category(
        id=code,
        name=_name(_table(raw, "name", code), code),
        signals=tuple(_signal(entry, code, references) for entry in _table(raw, "signal", code)),
    )


def _signal(raw: Mapping[str, Any], category: str, references: Mapping[tuple[str, str], Reference]) -> Signal:
    code = str(_table(raw, "id", f"a signal of {category}"))
    if not code.startswith(f"{category}."):
        raise TaxonomyError(f"The signal {code!r} stands under the category {category!r}.")
    severity = _table(raw, "severity", code)
    return Signal(
        id=code,
        category=category,
        name=_name(_table(raw, "name", code), code),
        scale=_grade(severity, "scale", code),
        irremediability=_grade(severity, "irremediability", code),
        floor=_floor(severity, code),
        zero_tolerance=bool(severity.get("zero_tolerance", False)),
        handling=str(severity.get("handling", "")),
        references=tuple(_cited(_table(raw, "refs", code), code, references)),
    )


def _cited(
    raw: Mapping[str, list[str]], signal: str, references: Mapping[tuple[str, str], Reference]
) -> list[Reference]:
    keys = [(scheme, code) for scheme, codes in raw.items() for code in codes]
    unknown = [f"{scheme} {code}" for scheme, code in keys if (scheme, code) not in references]
    if unknown:
        raise TaxonomyError(f"{signal} cites what the reference tables lack: {', '.join(unknown)}.")
    return [references[key] for key in keys]


def _grade(raw: Mapping[str, Any], key: str, signal: str) -> int:
    grade = _table(raw, key, signal)
    if not isinstance(grade, int) or not 1 <= grade <= 5:
        raise TaxonomyError(f"{signal} has a {key} of {grade!r}, which must be 1 to 5.")
    return grade


def _floor(raw: Mapping[str, Any], signal: str) -> Severity:
    word = _table(raw, "floor", signal)
    if word not in set(Severity) - {Severity.NONE}:
        raise TaxonomyError(f"{signal} has the floor {word!r}, which is no severity.")
    return Severity(word)
