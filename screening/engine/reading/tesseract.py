"""Recognises words with Tesseract, in whichever of the languages with trained data fits a page.

Loaded once by the zygote, before it sees a byte of a stranger's; used in a caged child for one document.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from screening.engine.reading.recognising import SURE, Recogniser, Word

FOLDERS = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata")
_LATIN = ("eng", "nld", "deu", "fra", "spa", "por", "ita", "pol", "tur", "vie")
"""Languages of Latin letters in the order in which they are taken when nobody chose: each costs time on every page."""
_MOST_LATIN = 4
_ALL_LATIN = "script/Latin"
"""Trained on all languages of Latin letters at once, and better than a few of them."""
_OTHER_LETTERS = ("chi_sim", "jpn", "hin", "ben", "tha", "ara", "urd", "rus", "kor")
"""Each is tried by itself on a page on which the others are unsure."""
_UNSURE = 70.0
"""Of 100: words of letters that a language does not have are recognised with less confidence on average."""
_FEW_LETTERS = 8
_RIM = 12
"""Dots of white around a picture of a few words: letters at the very edge are not seen."""
_ENDINGS = (" ", "\n", "\n\n")
"""What follows a word: the next one, the next line, the next paragraph."""


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A program that is loaded with some languages."""

    api: Any
    languages: tuple[str, ...]


def load(languages: tuple[str, ...], data: str) -> Recogniser | None:
    """Tesseract with these languages, or with those that are there; None where it or its data is not installed."""
    folder = _folder(data)
    if folder is None or importlib.util.find_spec("tesserocr") is None:
        return None
    import tesserocr

    groups = grouped(_there(folder), languages)
    if not groups:
        return None
    tongues = [_Tongue(_opened(folder, group), group) for group in groups]

    def words(image: Any) -> Iterator[Word]:
        return iter(_surest(image, tongues))

    def block(image: Any) -> Iterator[Word]:
        for tongue in tongues:
            tongue.api.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK)
        found = _surest(_with_rim(image), tongues)
        for tongue in tongues:
            tongue.api.SetPageSegMode(tesserocr.PSM.AUTO)
        for word in found:
            x0, top, x1, bottom = word.box
            yield replace(word, box=(x0 - _RIM, top - _RIM, x1 - _RIM, bottom - _RIM))

    version = tesserocr.tesseract_version().split()[1]
    return Recogniser(f"tesseract {version} {' '.join('+'.join(group) for group in groups)}", words, block)


def grouped(there: set[str], wanted: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The languages that are used together on a page, those first that are tried first.

    `there` are the languages with trained data, `wanted` those that somebody chose; with none chosen all that are
    there are used, but of Latin letters only a few.
    """
    chosen = [code for code in wanted if code in there]
    latin = [code for code in chosen if code not in _OTHER_LETTERS]
    others = [code for code in chosen if code in _OTHER_LETTERS]
    if not chosen:
        latin = [code for code in _LATIN if code in there][:_MOST_LATIN]
        if _ALL_LATIN in there:
            latin = [_ALL_LATIN]
        others = [code for code in _OTHER_LETTERS if code in there]
    groups = [tuple(latin)] if latin else []
    groups += [(code,) for code in others]
    return groups or [(code,) for code in sorted(there)[:1]]


def _there(folder: Path) -> set[str]:
    """Names of the trained data in a folder."""
    found = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("**/*.traineddata")}
    return found - {"osd", "equ"}


def _opened(folder: Path, languages: tuple[str, ...]) -> Any:
    import tesserocr

    api = tesserocr.PyTessBaseAPI(path=f"{folder}/", lang="+".join(languages), psm=tesserocr.PSM.AUTO)
    # Else it opens a file for its notes at the first of them, which a caged child is refused, and dies of that.
    api.SetVariable("debug_file", "")
    return api


def _folder(data: str) -> Path | None:
    """The folder of trained data: the one that was named, else where systems put it, newest first."""
    named = [Path(data), Path(data) / "tessdata"] if data else []
    usual = [found for place in FOLDERS for found in sorted(Path("/").glob(place.lstrip("/")), reverse=True)]
    return next((folder for folder in [*named, *usual] if any(folder.glob("*.traineddata"))), None)


def _surest(image: Any, tongues: list[_Tongue]) -> list[Word]:
    """The words as the first of these tells them that is sure of them, else as the surest does."""
    best: list[Word] = []
    worth = -1.0
    for tongue in tongues:
        found = list(_words(tongue.api, image))
        letters = sum(len(word.text) for word in found)
        sure = sum(len(word.text) * word.confidence for word in found) / max(1, letters)
        if sure >= _UNSURE and letters >= _FEW_LETTERS:
            return found
        # Signs of Chinese are fewer than the letters that they would be taken for: confidence counts, not length.
        if sure > worth and (letters >= _FEW_LETTERS or not best):
            best, worth = found, sure
    return best


def _words(api: Any, image: Any) -> Iterator[Word]:
    import tesserocr

    level = tesserocr.RIL
    api.SetImage(image)
    api.Recognize()
    found = api.GetIterator()
    if found is None:
        return
    last: Word | None = None
    for word in tesserocr.iterate_level(found, level.WORD):
        if word.Empty(level.WORD):
            continue
        ends = word.IsAtFinalElement(level.TEXTLINE, level.WORD)
        paragraph = word.IsAtFinalElement(level.PARA, level.WORD)
        after = "\n\n" if paragraph else "\n" if ends else " "
        text, box, sure = (
            word.GetUTF8Text(level.WORD).strip(),
            word.BoundingBox(level.WORD),
            word.Confidence(level.WORD),
        )
        if not text or box is None or sure < SURE:
            if last is not None and _ENDINGS.index(after) > _ENDINGS.index(last.after):
                last = replace(last, after=after)  # A speck at the end of a line does not join it to the next.
            continue
        if last is not None:
            yield last
        last = Word(text, box, sure, after)
    if last is not None:
        yield last


def _with_rim(image: Any) -> Any:
    from PIL import ImageOps

    return ImageOps.expand(image, border=_RIM, fill=255)
