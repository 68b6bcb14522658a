"""Takes web addresses out of what is judged: their words are nobody's statement about a supplier.

A list of sources is full of "12 March 2019. https://news.example/child-labour-on-farms", which told of child labour.
"""

from __future__ import annotations

import re
from dataclasses import replace

from screening.engine.results import Passage

_SIGNS = ("://", "www.")
# The end of a line cuts an address behind a stroke; what follows then is no word of a sentence.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+(?:(?<=/)\s+(?=\S*[-_/.]\w)\S+)*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")
_SCRIPT_WITHOUT_CASE = re.compile(r"[\u0590-\u1fff\u3040-\u9fff\uac00-\ud7a3]")
_DIGIT = re.compile(r"\d")
_MOST_NAMES = 4
"""So many words on each side of an address may be the name of a source and a month."""


def without(passage: Passage) -> Passage:
    """The passage, and what stands before it, without the addresses in them; its place stays what it was.

    A passage of which only names and figures are left, as in a list of sources, is left with no text.
    """
    if not any(sign in passage.text or sign in passage.before for sign in _SIGNS):
        return passage
    parts = [" ".join(part.split()) for part in _ADDRESS.split(passage.text)]
    text = " ".join(filter(None, parts))
    if len(parts) > 1 and _names_a_source(text, parts):
        text = ""
    return replace(passage, text=text, before=" ".join(_ADDRESS.sub(" ", passage.before).split()))


def _names_a_source(text: str, parts: list[str]) -> bool:
    """Whether nothing is left but a few names with a figure: "El Litoral, 17 April 2021. 86 Government of Peru."

    A word of a sentence is written in small letters, an outcry in large ones, and a headline has many words; a script
    that knows no large letters cannot tell.
    """
    if not text:
        return True
    if _SCRIPT_WITHOUT_CASE.search(text) or not _DIGIT.search(text):
        return False
    words = [_WORD.findall(part) for part in parts]
    if max(map(len, words)) > _MOST_NAMES:
        return False
    return all(word[0].isupper() and word[1:].islower() for side in words for word in side)
