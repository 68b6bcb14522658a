"""What would help behind an answer, in those languages of the short questionnaire that pages do not speak."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
"""ISO 639-1 codes. English and Dutch are translated with the pages."""


@cache
def sentences(language: str) -> Mapping[str, str]:
    """By category of the taxonomy; `nothing` where a word is enough, and `lead` for what stands before it."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
