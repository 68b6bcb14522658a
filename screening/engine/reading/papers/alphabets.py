"""Tells the older encodings of alphabetic writing apart by the letters that each would give."""

from __future__ import annotations

import re

_MARKS = frozenset("’‘“”„‚–—…€£§°«»·•½¼¾²³´©®™\u00a0×±")
"""Signs that every language uses."""
_LATIN: tuple[tuple[str, str], ...] = (
    ("cp1252", "éèêëàâçîïôœùûüæÿ"),
    ("cp1252", "äöüßé"),
    ("cp1252", "áéíñóúü¿¡ºª"),
    ("cp1252", "áâãàçéêíóôõúü"),
    ("cp1252", "éëïöüóèáíúêàç"),
    ("cp1252", "àèéìíòóùú"),
    ("cp1252", "åäöæøéü"),
    ("cp1254", "çğıöşüâîi\u0307"),
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýžľĺŕôä"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "ăâîşţ"),
    ("cp1250", "čćđšž"),
    ("cp1257", "ąčęėįšųūžāēģīķļņõäöü"),
    ("cp1258", "ăâđêôơưàáãéèíìóòõúùý\u0300\u0301\u0303\u0309\u0323"),
)
"""Letters of one language each, the more widely written first: at a draw the earlier wins."""
_OTHERS: tuple[tuple[str, str, str], ...] = (
    ("cp1251", "а-яёіїєґў", "оеаинтсрвлк"),
    ("koi8_r", "а-яё", "оеаинтсрвлк"),
    ("cp1253", "α-ωάέήίόύώϊϋΐΰς", "αοιετνσηρκ"),
    ("cp1255", "א-ת", "יוהלארתמבש"),
    ("cp1256", "ء-يپچژگ", "ايلمنرتوبةع"),
    ("cp874", "ก-๙", "านรอกเงมยลิ่ท"),
)
"""Encoding, letters, and those that are most usual."""
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_IN_WORDS = 0.6
"""Writing of its own has whole words of high bytes; Latin writing has single ones among plain letters."""


def likeliest(sample: bytes) -> str:
    """The encoding whose letters make a text of one language."""
    high = sum(byte >= 0x80 for byte in sample)
    runs = sum(map(len, _RUN.findall(sample)))
    if high and runs > _IN_WORDS * high:
        best = max(_OTHERS, key=lambda row: _usual(sample, *row))
        if _usual(sample, *best) > 0:
            return best[0]
    return max(_LATIN, key=lambda row: _known(sample, *row))[0]


def _known(sample: bytes, encoding: str, letters: str) -> float:
    """Of the signs beyond ASCII, the share that this language uses."""
    known = _MARKS | set(letters)
    foreign = [sign for sign in sample.decode(encoding, "replace").lower() if sign > "\x7f"]
    return sum(sign in known for sign in foreign) / max(1, len(foreign))


def _usual(sample: bytes, encoding: str, letters: str, usual: str) -> float:
    """How much of the text is letters of this writing, and the usual ones among them; capitals inside words tell."""
    text = sample.decode(encoding, "replace")
    foreign = [sign for sign in text if sign > "\x7f"]
    own = re.findall(f"[{letters}]", text)
    inside = len(re.findall(f"(?<=[{letters}])[^\\W\\d_](?<![{letters}])", text))
    wrong = inside + 3 * sum(sign == "\ufffd" for sign in foreign)
    return (len(own) + 2 * sum(sign in usual for sign in own) - 3 * wrong) / max(1, len(foreign))
