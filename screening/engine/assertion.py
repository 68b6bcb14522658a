"""Finds the words that say how a matter is asserted: denied, forbidden, put right, alleged, and so on."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from screening.engine import words

KINDS = (
    "negation", "contrast", "policy", "remedied", "past", "alleged", "denied", "unverified", "potential",
    "own_voice", "evidence", "definition", "elsewhere", "yes", "no", "open", "exception",
)  # fmt: skip
_LEXICON = Path(__file__).with_name("lexicon") / "cues.toml"
_STOP = r"[.!?;](?=\s|$)|[。！？；।॥۔؟]|\|"
_SPACELESS = frozenset({"zh", "th", "ja"})
_LIKE_ASCII = "ıİſ\u212a"
_REMEMBERED = 2048
_BLANK = "_"
_SHORTEST_CLAUSE = 8
"""In characters: less is an answer or a number, not a clause."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that were found, and what they do. `place` counts words from the start of the passage."""

    kind: str
    words: str
    place: int


class Cues:
    """The cue words of all languages in one matcher. Not safe to share between threads."""

    def __init__(self, lexicon: dict[str, dict[str, list[str]]]) -> None:
        self.languages = frozenset(lexicon)
        self._remembered: dict[tuple[str, str | None], frozenset[str]] = {}
        # A blank vocabulary is enough: phrases are matched letter by letter, on our own words.
        self._vocab: Vocab = spacy.blank("xx").vocab
        self._matcher = PhraseMatcher(self._vocab, attr="ORTH")
        for language, kinds in lexicon.items():
            for kind, phrases in kinds.items():
                patterns = [Doc(self._vocab, words=words.tokens(phrase)) for phrase in phrases]
                self._matcher.add(f"{language}.{kind}", patterns)
        everything = (phrase for kinds in lexicon.values() for phrases in kinds.values() for phrase in phrases)
        self._known = frozenset(word for phrase in everything for word in words.tokens(phrase))
        names = [f"{language}.{kind}" for language, kinds in lexicon.items() for kind in kinds]
        self._names = {self._vocab.strings[name]: tuple(name.split(".")) for name in names}

    def find(self, tokens: Sequence[str], language: str | None) -> list[Cue]:
        """The cues of this language in order of place; those of every language where it is not known."""
        return self.find_all([(tokens, language)])[0]

    def find_all(self, runs: Sequence[tuple[Sequence[str], str | None]]) -> list[list[Cue]]:
        """As `find`, for many passages at once: making a spaCy document costs more than searching it."""
        found: list[list[Cue]] = [[] for _ in runs]
        # Words of no phrase are blanked, and a row of blanks is one: spaCy would keep every new word for ever, and
        # memory must stay flat. A blank also stands between two passages: no phrase reaches into the next one.
        kept, places, starts = [_BLANK], [-1], []
        for tokens, _ in runs:
            starts.append(len(kept))
            for place, token in enumerate(tokens):
                if token in self._known:
                    kept.append(token)
                    places.append(place)
                elif kept[-1] is not _BLANK:
                    kept.append(_BLANK)
                    places.append(-1)
            if kept[-1] is not _BLANK:
                kept.append(_BLANK)
                places.append(-1)
        for key, start, end in self._matcher(Doc(self._vocab, words=kept)):
            run = bisect_right(starts, start) - 1
            tokens, language = runs[run]
            cue_language, kind = self._names[key]
            if language not in self.languages or cue_language == language:
                first, last = places[start], places[end - 1] + 1
                found[run].append(Cue(kind, " ".join(tokens[first:last]), first))
        for cues in found:
            cues.sort(key=lambda cue: (cue.place, cue.kind, -len(cue.words)))
        return found

    def kinds(self, texts: Sequence[tuple[str, str | None]]) -> list[frozenset[str]]:
        """The kinds of cues in each text with its language. The latest are remembered: each stands before the next."""
        new = [key for key in dict.fromkeys(texts) if key[0] and key not in self._remembered]
        found = self.find_all([(words.tokens(text), language) for text, language in new])
        fresh = {key: frozenset(cue.kind for cue in cues) for key, cues in zip(new, found, strict=True)}
        none: frozenset[str] = frozenset()
        kinds = [fresh.get(key) or self._remembered.get(key, none) for key in texts]
        for key, cues in zip(new, found, strict=True):
            self.remember(*key, cues)
        return kinds

    def remember(self, text: str, language: str | None, found: Sequence[Cue]) -> None:
        """Keep the kinds of cues that were found in a text, for when it stands before the next one."""
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[text, language] = frozenset(cue.kind for cue in found)


@cache
def lexicon() -> dict[str, dict[str, list[str]]]:
    """The cue phrases by language and kind, read once."""
    return tomllib.loads(_LEXICON.read_text(encoding="utf-8"))


def clauses(text: str, language: str | None) -> list[str]:
    """The parts of a passage between stops, cell borders and words of contrast.

    "No child was found; however, two helpers were 14" has two parts, which are weighed by themselves,
    because a raising clause wins over a soothing one (annotation guide, rule 2).
    """
    turns = _turns(language) if text.isascii() else None
    small = text.lower() if turns is not None else ""
    breaks = _breaks(language) if turns is None or any(turn in small for turn in turns) else _stops()
    parts = [part.strip(" ,，、:") for part in breaks.split(text)]
    return [part for part in parts if len(part) >= _SHORTEST_CLAUSE]


@cache
def _stops() -> re.Pattern[str]:
    return re.compile(_STOP)


@cache
def _turns(language: str | None) -> tuple[str, ...] | None:
    """What a text of ASCII letters must hold in small letters to turn; None where that cannot be told so simply.

    Where small and large letters are alike, a few signs beyond ASCII are alike with ASCII letters.
    """
    phrases = lexicon().get(language or "en", {}).get("contrast", [])
    if any(sign in _LIKE_ASCII for phrase in phrases for sign in phrase):
        return None
    return tuple(phrase.lower() for phrase in phrases if phrase.isascii())


@cache
def _breaks(language: str | None) -> re.Pattern[str]:
    phrases = lexicon().get(language or "en", {}).get("contrast", [])
    if not phrases:
        return re.compile(_STOP)
    either = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    edged = either if language in _SPACELESS else rf"\b(?:{either})\b"
    return re.compile(rf"{_STOP}|{edged}", re.IGNORECASE)
