"""Near-identical texts are told from others by their sketches."""

from __future__ import annotations

import random

from models.sketch import NEAR, likeness
from screening.engine.sketches import BANDS, bands_of, sketch_of

WORDS = [f"word{number}" for number in range(400)]


def text(seed: int, length: int = 1200) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def sketch(words: list[str]) -> bytes:
    made = sketch_of([" ".join(words)])
    assert made is not None
    return made


def test_the_same_text_has_the_same_sketch_however_its_pages_are_cut() -> None:
    words = text(1)
    whole = sketch(words)
    assert sketch_of([" ".join(words[:300]), "\n".join(words[300:])]) == whole
    assert likeness(whole, whole) == 1.0


def test_a_text_with_a_few_changed_words_is_near_identical_and_shares_a_band() -> None:
    words = text(2)
    changed = list(words)
    for place in range(0, len(changed), 120):
        changed[place] = "other"
    one, other = sketch(words), sketch(changed)
    assert likeness(one, other) >= NEAR
    assert set(bands_of(one)) & set(bands_of(other))


def test_different_texts_are_neither_near_nor_candidates() -> None:
    sketches = [sketch(text(seed)) for seed in range(10, 30)]
    likest = max(likeness(one, other) for one in sketches for other in sketches if one is not other)
    assert likest < 0.3
    assert len({band for each in sketches for band in bands_of(each)}) == BANDS * len(sketches)


def test_half_of_a_text_replaced_is_not_called_near_identical() -> None:
    words = text(3)
    assert likeness(sketch(words), sketch(words[:600] + text(4, 600))) < NEAR


def test_a_text_in_a_script_without_blanks_has_a_sketch_too() -> None:
    chinese = "".join(chr(0x4E00 + number * 7 % 3000) for number in range(600))
    one, other = sketch_of([chinese]), sketch_of([chinese[:590] + "审核报告"])
    assert one is not None
    assert other is not None
    assert likeness(one, other) >= NEAR


def test_too_little_text_has_no_sketch() -> None:
    assert sketch_of(["Page 1", ""]) is None
    assert sketch_of([]) is None
