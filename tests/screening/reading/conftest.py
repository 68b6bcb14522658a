"""What several tests of reading share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from screening.engine.reading import Cage, Recognition
from tests.conftest import absent


@pytest.fixture(scope="module")
def seeing() -> Iterator[Cage]:
    """A cage that recognises words on pictures."""
    with Cage(recognition=Recognition()) as cage:
        if not cage.recognises:
            absent("text recognition", "no program for it is installed (apt-get install tesseract-ocr-eng)")
        yield cage
