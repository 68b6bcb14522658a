"""Finds out in which encoding a text was written, and says what it holds: never wrong letters where it can be helped.

Order: a byte order mark; UTF-8, which hardly anything else can be by chance; UTF-16 without a mark; then the
older encodings of the product's languages, of which the one is taken that gives the likeliest text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from screening.engine.reading.papers import alphabets

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("gb18030", "big5", "shift_jis", "euc_kr", "euc_jp")
_SAMPLE = 1 << 17
_WRITTEN = 0.42
"""How usual the signs of a text are on average; what some other encoding spells by chance stays below."""
_TORN = 8
"""A sample may end in the middle of a letter: so many bytes may be left off."""
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "这個們來時國會對發經過動產種後應該資訊員業勞檢報告審核公司問題工資加班員工护照扣押合同安全消防检查发现整改供应商厂工人"
)


def decoded(data: bytes, declared: str | None = None) -> str:
    """The text of these bytes. `declared` is what a mail or page says of itself; it is believed where it fits."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff")
    told = _fitting(data, declared)
    if told is not None and not _is_ascii_kind(declared):
        return told
    if b"\x1b$" in data[:_SAMPLE] and (text := _fitting(data, "iso2022_jp")) is not None:
        return text
    for likely in ("utf-8", _utf16_of(data)):
        if (text := _fitting(data, likely)) is not None:
            return text
    return data.decode(_likeliest(data), "replace")


def declared_in(data: bytes) -> str | None:
    """The encoding that a page names in its first bytes, as HTML and XML do."""
    found = _DECLARED.search(data[:2048])
    return found[1].decode("ascii") if found else None


def _is_ascii_kind(name: str | None) -> bool:
    """Names that programs write without thinking, though the text is something else."""
    return (name or "").lower().replace("_", "-") in ("us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1")


def _fitting(data: bytes, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return data.decode(name)
    except (LookupError, ValueError):
        return None


def _utf16_of(data: bytes) -> str | None:
    half = max(1, len(data[:_SAMPLE]) // 2)
    even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    if max(even, odd) <= 0.4 * half:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _likeliest(data: bytes) -> str:
    """One of the older encodings: East Asian ones by what they spell, the others by the letters that they give."""
    sample = data[:_SAMPLE]
    high = sum(byte >= 0x80 for byte in sample)
    scores = {name: score for name in _WIDE if (score := _score_wide(sample, name, high)) > 0}
    if scores:
        return max(scores, key=lambda name: scores[name])
    return alphabets.likeliest(sample)


def _score_wide(sample: bytes, name: str, high: int) -> float:
    """How likely the bytes are this East Asian encoding: 0 where they cannot be or spell nothing that is written."""
    text = None
    for cut in range(_TORN):
        text = _fitting(sample[: len(sample) - cut], name)
        if text is not None:
            break
    if text is None or high < 8:
        return 0.0
    wide = [sign for sign in text if sign >= "\u0100"]
    if len(wide) < 0.35 * high:
        return 0.0
    known = sum(map(_weight, wide)) / len(wide)
    return known if known > _WRITTEN else 0.0


def _weight(sign: str) -> float:
    """How usual a sign is in running text."""
    if sign in _COMMON_HAN or "\u3041" <= sign <= "\u3093" or "\u3000" <= sign <= "\u3002":
        return 1.0
    if "\u30a1" <= sign <= "\u30fc" or "\uff01" <= sign <= "\uff5e" or "\uac00" <= sign <= "\ud7a3":
        return 0.8
    if "\u4e00" <= sign <= "\u9fff":
        return 0.3
    return 0.0 if unicodedata.category(sign) in ("Co", "Cn") or "\uff61" <= sign <= "\uff9f" else 0.1
