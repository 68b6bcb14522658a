"""What may tell who a worker is, is covered; what an auditor counts and dates stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import masking
from models.masking import masked, pieces

SHREDS = (
    *("Mr", "Frau ", "worker", "Worker:", "ıd ", "Paſsport ", "ID", "no.", "Jan", "Ünal", "Bà", "van ", "d'Arc", "K"),
    *(" ", ". ", ",", "-", "/", "#", "_", "(0)", "@", "hoa@b.nl", "+", "+31", "0", "06", "12", "345", "6789", "٤٥"),
    *("A1234567", "ABCDEFG1", "AB12", "٣٣٣", "A/1-2", "x"),
)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Ms. Nadia Rahman said so.", "Ms. ▇ said so."),
        ("Her passport A1234567 was kept.", "Her passport ▇ was kept."),
        ("Worker Tran Thi Hoa was absent.", "Worker ▇ was absent."),
        ("Mail hoa@example.org or call +84 90 123 4567.", "Mail ▇ or call ▇."),
        ("Mevrouw De Vries zei niets.", "Mevrouw ▇ zei niets."),
        ("ID 079 123 456 789 was copied.", "ID ▇ was copied."),
        ("Mr Ali bin Abu paid 3500 MYR.", "Mr ▇ paid 3500 MYR."),
        ("employee no. EMP-00231 left", "employee no. ▇ left"),
        ("On 2026-03-02, 214 workers got 1,250,000 taka for 60-72 hours.", None),
        ("SA8000 and ISO 45001:2018, section 4.2.1, room 12345", None),
        ("The supervisor kept passports.", None),
        ("", None),
    ],
)
def test_what_is_covered(text: str, covered: str | None) -> None:
    assert masked(text, "▇") == (text if covered is None else covered)
    assert "".join(piece.text for piece in pieces(text)) == text


@pytest.mark.parametrize("text", ["ID" + " " * 1000 + "!", "a" * 40_000], ids=["blanks", "letters"])
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    began = time.perf_counter()
    assert masked(text) == text
    assert time.perf_counter() - began < 2


@given(st.lists(st.sampled_from(SHREDS), max_size=9).map("".join))
def test_what_a_pattern_finds_shows_its_sign(text: str) -> None:
    for sign, pattern in masking._PATTERNS:
        assert sign.search(text) or not pattern.search(text), pattern.pattern
