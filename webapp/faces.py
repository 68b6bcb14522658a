"""Finds letters for a text: which of the fonts on this machine can draw it, and which letters none of them has."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]
from PIL import features

FOLDERS = (
    "~/.local/share/fonts", "~/.fonts", "/usr/local/share/fonts", "/usr/share/fonts", "~/Library/Fonts",
    "/Library/Fonts", "/System/Library/Fonts",
)  # fmt: skip
"""Where systems keep fonts. None comes with the product: those of Debian's fonts-noto packages are free (OFL 1.1)."""

PLAIN = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Arial Unicode.ttf")
"""For letters that stand one after the other and never change their shape."""

BOLD = {"DejaVuSans.ttf": "DejaVuSans-Bold.ttf", "NotoSans-Regular.ttf": "NotoSans-Bold.ttf",
        "LiberationSans-Regular.ttf": "LiberationSans-Bold.ttf", "Arial.ttf": "Arial Bold.ttf"}  # fmt: skip

_HAN = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSerifCJK-Regular.ttc",
    "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", "uming.ttc",
    "PingFang.ttc", "Arial Unicode.ttf",
)  # fmt: skip
_ARABIC = ("DejaVuSans.ttf", "NotoNaskhArabic-Regular.ttf", "NotoSansArabic-Regular.ttf", "GeezaPro.ttc")
SPECIAL = {
    "ARABIC": _ARABIC, "HEBREW": ("DejaVuSans.ttf", "NotoSansHebrew-Regular.ttf", "ArialHB.ttc"),
    "CJK": _HAN, "HIRAGANA": _HAN, "KATAKANA": _HAN, "HANGUL": _HAN, "FULLWIDTH": _HAN, "IDEOGRAPHIC": _HAN,
}  # fmt: skip
SHAPED = frozenset(
    {"ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA",
     "MALAYALAM", "SINHALA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "ETHIOPIC", "SYRIAC", "THAANA", "NKO",
     *SPECIAL}
)  # fmt: skip
"""Writing that a shaping engine sets: letters join, stack or run from the right; and Han, whose fonts are large."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file that has all letters of a text."""

    path: Path


def writing_of(letter: str) -> str:
    """The writing that a letter belongs to, by its Unicode name; empty for signs, digits and plain alphabets."""
    word = unicodedata.name(letter, "").partition(" ")[0].removesuffix("-COMPATIBILITY")
    return word if word in SHAPED else ""


def writings(text: str) -> set[str]:
    """The kinds of writing in a text that must be shaped."""
    return {found for letter in set(text) if (found := writing_of(letter))}


def plain_face(folders: tuple[str, ...] = FOLDERS) -> Path | None:
    """A font for plain alphabets; None where this machine has none."""
    return next((path for name in PLAIN if (path := _files(folders).get(name)) is not None), None)


def bold_of(path: Path, folders: tuple[str, ...] = FOLDERS) -> Path:
    """The bold cut of a font, or the font itself."""
    return _files(folders).get(BOLD.get(path.name, ""), path)


def face_for(text: str, folders: tuple[str, ...] = FOLDERS) -> Face | None:
    """One font that has every letter of this text; None where there is none, or nothing that could shape it."""
    if not features.check("raqm"):
        return None
    wanted = {ord(letter) for letter in text if not letter.isspace() and not _is_sign_of_direction(letter)}
    return next((Face(path) for path in _candidates(text, folders) if wanted <= letters_of(path)), None)


@lru_cache(maxsize=64)
def letters_of(path: Path) -> frozenset[int]:
    """The code points that a font can draw; none for a file that is no font."""
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, KeyError):
        return frozenset()


def _candidates(text: str, folders: tuple[str, ...]) -> Iterator[Path]:
    files = _files(folders)
    for writing in sorted(writings(text)):
        usual = (f"NotoSans{writing.title()}-Regular.ttf", f"NotoSerif{writing.title()}-Regular.ttf")
        yield from (files[name] for name in (*SPECIAL.get(writing, ()), *usual) if name in files)
    yield from (files[name] for name in PLAIN if name in files)


def _is_sign_of_direction(letter: str) -> bool:
    """Marks that steer direction and joining are drawn by no font."""
    return unicodedata.category(letter) == "Cf"


@lru_cache(maxsize=4)
def _files(folders: tuple[str, ...]) -> dict[str, Path]:
    """The font files of these folders by their names, the first folder first."""
    found: dict[str, Path] = {}
    for folder in folders:
        for at, _inner, names in os.walk(Path(folder).expanduser()):
            for name in names:
                if name.lower().endswith((".ttf", ".ttc", ".otf")):
                    found.setdefault(name, Path(at) / name)
    return found
