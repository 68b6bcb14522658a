"""What the engine says beside a finding is said in the reader's language, sentence by sentence."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask
from flask_babel import force_locale

from screening.comparing.comparing import _sides
from screening.comparing.weighing import Held
from screening.engine import checklists, explaining, listed, turning
from screening.engine.meaning import Meant
from screening.engine.results import Assertion
from webapp.cautions import cautions


def _engine_says() -> list[str]:
    """Each note that the engine can write, asked of the engine itself."""
    said = [f"{turning.CLAUSE} {turning.JOINED}"]
    said += [checklists.NOTE.format(tail) for tail in ("admits harm", "tells of no harm")]
    said.append(listed.NOTE)
    said += [explaining._caution(code, Meant()) for code in (None, "sw", "th", "en")]
    held = cast(Held, SimpleNamespace(passage_says=Assertion.FINDING_CONFIRMED))
    for admits, finds, agree in product((-3.0, 0.0, 2.0), (-2.5, 0.0, 3.5), (True, False)):
        said.append(" ".join(["Both are about HR.MAX.", *_sides(held, admits, finds, agree=agree)]))
    return sorted({note for note in said if note})


@pytest.mark.parametrize("note", _engine_says())
def test_each_note_of_the_engine_is_said_in_dutch(put_together: Flask, note: str) -> None:
    with put_together.test_request_context(), force_locale("nl"):
        said = cautions(note)
        assert said
        assert all(one.known and one.text not in note for one in said), said


def test_amounts_stand_as_they_were_written_and_an_unknown_sentence_stays_as_it_is(put_together: Flask) -> None:
    note = 'Answer: "58.5 hours"; passage: "84 hours" (hour). Something new of a later version. Read it.'
    with put_together.test_request_context(), force_locale("en"):
        said = [(one.text, one.known) for one in cautions(note)]
    assert said == [
        ("Answer: “58.5 hours”; passage: “84 hours”.", True),
        ("Something new of a later version.", False),
        ("Read it.", False),
    ]
