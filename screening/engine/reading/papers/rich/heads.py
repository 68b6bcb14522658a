"""The tables at the head of a rich text: its code page, its fonts, and which of its colours are white."""

from __future__ import annotations

from screening.engine.reading.papers.rich.letters import Font, Letters, codec_of_page

_MOST = 10_000
_LONGEST_NAME = 100
_WHITE = 0xF4
"""Red, green and blue of at least this are as good as the paper."""
_COLOURS = (b"red", b"green", b"blue")
PAGES = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
"""Code pages of a whole file, by the word for them (RTF 1.9, character set)."""


class Head:
    """Takes the words and letters of the tables."""

    def __init__(self) -> None:
        self.letters = Letters()
        self._font = Font()
        self._colour = [-1, -1, -1]
        self._white: list[bool] = []

    def page(self, number: int | None) -> None:
        """The file says its code page by number; one that nobody knows changes nothing."""
        self.letters.page = codec_of_page(number) or self.letters.page
        self.letters.settle()

    def font(self, word: bytes, number: int | None) -> None:
        """A word of the table of fonts."""
        if word == b"f":
            fonts, told = self.letters.fonts, number or 0
            self._font = fonts.setdefault(told, Font()) if len(fonts) < _MOST else Font()
        elif word == b"fcharset":
            self._font.charset = number
        elif word == b"cpg":
            self._font.page = number
        self.letters.settle()

    def name(self, body: bytes) -> None:
        """Letters of a font's name, which ends with a semicolon."""
        name, end, _ = body.partition(b";")
        if len(self._font.name) < _LONGEST_NAME:
            self._font.name += name.decode("latin-1")
        if end:
            self._font = Font()

    def colour(self, word: bytes, number: int | None) -> None:
        """A word of the table of colours."""
        if word in _COLOURS:
            self._colour[_COLOURS.index(word)] = number or 0

    def end_colours(self, body: bytes) -> None:
        """Letters in that table: a semicolon ends a colour. The first, of which nothing is told, is that of print."""
        for _ in range(min(body.count(b";"), _MOST - len(self._white))):
            self._white.append(min(self._colour) >= _WHITE)
            self._colour = [-1, -1, -1]

    def is_white(self, colour: int) -> bool:
        return 0 <= colour < len(self._white) and self._white[colour]
