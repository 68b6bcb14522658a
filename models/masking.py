"""Hides what may tell who a worker is: names after a title or a role, numbers of papers, addresses, telephones.

It goes by shape and by the words around, and knows no lists of names: a name that stands alone stays visible, and a
number of an article that looks like one of a passport is hidden. Pictures of pages are not masked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TITLES = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Mme|Mlle|M|Sr|Sra|Srta|Señor|Señora|Herr|Frau|Dhr|Mevr|Mevrouw|Meneer|Heer|Bapak|Pak|Ibu|Bu|"
    "Shri|Smt|Md|Mst|Bay|Bayan|Ông|Bà|Anh|Chị|Pan|Pani|Senhor|Senhora|Dona|Signor|Signora|Khun|Daw|Ko|Ma"
)
_ROLES = (
    "worker|employee|operator|interviewee|named|called|complainant|supervisor|arbeider|arbeidster|werknemer|werkneemster|"
    "genaamd|trabajador|trabajadora|llamado|llamada|Arbeiter|Arbeiterin|Mitarbeiter|Mitarbeiterin|namens|ouvrier|ouvrière|"
    "nommé|nommée|trabalhador|trabalhadora|chamado|chamada"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’-][^\W\d_]+)*"
_NAME = rf"{_CAPITAL}(?:\s+(?:(?:bin|binti|van|de|der|den|da|do|dos|el|al|bt|bte)\s+)*{_CAPITAL}){{0,3}}"
_PAPERS = (
    r"passport|ID|ID card|NID|national ID|identity card|employee|badge|permit|visa|paspoort|personeelsnummer|"
    r"pasaporte|cédula|DNI|Reisepass|Ausweis|passeport|matricule|CPF|Aadhaar|NIK"
)
_PATTERNS = (
    (re.compile("@"), re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")),
    (re.compile(rf"\s{_CAPITAL}"), re.compile(rf"\b(?:{_TITLES})\b\.?\s+(?P<hide>{_NAME})")),
    (
        re.compile(rf"{_CAPITAL}\s+{_CAPITAL}"),
        re.compile(rf"\b(?i:{_ROLES})\b[:,]?\s+(?P<hide>{_CAPITAL}\s+{_CAPITAL}(?:\s+{_CAPITAL})?)"),
    ),
    (
        re.compile(r"[A-Z0-9](?=[\w/-]{3})(?:(?<=\d)|[\w/-]*\d)[\w/-]*\d"),
        re.compile(
            rf"\b(?i:{_PAPERS})\b\.?\s*+(?i:no|nr|number|nummer|número|numéro)?\.?\s*+[:#]?\s*+"
            r"(?P<hide>(?=[\w/-]*\d[\w/-]*\d)[A-Z0-9][\w/-]{3,})"
        ),
    ),
    (
        re.compile("[A-Z0-9]{7}"),
        re.compile(r"(?<![\w.,-])(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{7,}(?![\w-])"),
    ),
    (re.compile(r"\+\d"), re.compile(r"(?<![\w.,/])\+\d[\d ().-]{6,16}\d(?!\w)")),
    (re.compile(r"0\d+[ -]\d"), re.compile(r"(?<![\w.,/-])0\d{1,4}[ -]\d{2,4}(?:[ -]?\d{2,4}){1,3}(?!\w)")),
    (re.compile(r"\d(?:[ -]?\d){8}"), re.compile(r"(?<![\w.,/-])\d(?:[ -]?\d){8,17}(?![\w.,/-]*\w)")),
)
"""Each behind a sign that is looked for quickly, and without which it finds nothing: most passages show none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it is to be hidden."""

    text: str
    hidden: bool


def pieces(text: str) -> tuple[Piece, ...]:
    """The text cut into what may be shown and what is hidden, in order; together they are the whole text."""
    found: list[Piece] = []
    at = 0
    for start, end in _spans(text):
        if at < start:
            found.append(Piece(text[at:start], hidden=False))
        found.append(Piece(text[start:end], hidden=True))
        at = end
    if at < len(text):
        found.append(Piece(text[at:], hidden=False))
    return tuple(found)


def masked(text: str, mark: str = "▇▇▇") -> str:
    """The text with a mark in place of what is hidden, for where no markup is possible."""
    return "".join(mark if piece.hidden else piece.text for piece in pieces(text))


def _spans(text: str) -> list[tuple[int, int]]:
    """Where something is to be hidden: in order, and apart from one another."""
    spans = sorted(
        match.span("hide") if "hide" in pattern.groupindex else match.span()
        for sign, pattern in _PATTERNS
        if sign.search(text)
        for match in pattern.finditer(text)
    )
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
