"""The questionnaires that come with the product: data files beside this one, read once and never changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from questionnaires.definition import Questionnaire
from questionnaires.loading import load

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """The names of all of them, such as `entry`, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.name.count(".") == 1))


@cache
def shipped(name: str) -> Questionnaire:
    """The questionnaire of that name with all its translations. Raises KeyError for a name that is not there."""
    if name not in names():
        raise KeyError(name)
    return load(FOLDER / f"{name}.yaml")
