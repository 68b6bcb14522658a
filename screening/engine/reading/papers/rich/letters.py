"""Knows in which code page the bytes of a rich text are written, by their font, and what the signs of fonts are."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from screening.engine.reading.papers import looks

_USUAL = "cp1252"
_SYMBOLS = 2
"""The character set of fonts of signs instead of letters."""
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 78: "shift_jis", 79: "euc_kr", 80: "gb2312", 81: "big5", 128: "cp932", 129: "cp949",
    130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255",
    178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""Character sets of fonts by their numbers, as Windows and the format number them (RTF 1.9, font table)."""
_PAGES = {
    708: "iso8859_6", 936: "gb18030", 1361: "johab", 10000: "mac_roman", 10006: "mac_greek", 10007: "mac_cyrillic",
    10029: "mac_latin2", 10081: "mac_turkish", 65001: "utf-8",
}  # fmt: skip
_SIGN_FONTS = ("symbol", "dingbat", "wingdings", "webdings")
_BULLETS = frozenset({0xB7, 0xA7, 0xD8, 0x76, 0x6C})
"""What lists have for their points in Symbol and Wingdings; they tell nothing, and are written as one sign."""
_PRIVATE = range(0xF000, 0xF100)
"""Where a sign of such a font stands when it is told as a number of Unicode."""


def codec_of_page(number: int | None) -> str | None:
    """The name of a code page as Python calls it; None where there is none of this number."""
    if number is None:
        return None
    name = _PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    return name


@dataclass(slots=True)
class Font:
    """A font as its table tells it."""

    charset: int | None = None
    page: int | None = None
    name: str = ""

    @property
    def has_signs(self) -> bool:
        """Whether it shows signs where others have letters."""
        return self.charset == _SYMBOLS and any(word in self.name.lower() for word in _SIGN_FONTS)

    def sign(self, code: int) -> str:
        """What one byte stands for in a font of signs: ticks, boxes and points; of others nobody knows, and a blank."""
        if (found := looks.sign_of(code, self.name)) != " ":
            return found
        return "\u2022" if code in _BULLETS else " "


@dataclass(slots=True)
class Letters:
    """The code page of a file and its fonts by number."""

    page: str = _USUAL
    """Of the file: what it says of itself."""
    fonts: dict[int, Font] = field(default_factory=dict)
    usual: int = 0
    """The font where none is chosen."""
    _known: dict[int, str] = field(default_factory=dict)

    def codec(self, number: int) -> str:
        """The encoding of bytes that are set in this font."""
        if number not in self._known:
            self._known[number] = self._of(self.fonts.get(number))
        return self._known[number]

    def _of(self, font: Font | None) -> str:
        if font is None or font.charset in (None, 1, _SYMBOLS):
            return codec_of_page(font.page if font else None) or self.page
        if font.charset == 0 and self.page != _USUAL and not self._tells_charsets():
            return self.page
        return codec_of_page(font.page) or _CHARSETS.get(font.charset or 0, self.page)

    def _tells_charsets(self) -> bool:
        """Whether any font has another character set than the first: else its writer leaves them at that."""
        return any(font.charset not in (None, 0, 1, _SYMBOLS) for font in self.fonts.values())

    def settle(self) -> None:
        """Forget what was concluded: the table or the page of the file has changed."""
        self._known.clear()

    def decoded(self, data: bytes, number: int) -> str:
        """Bytes that are set in this font, as text; what cannot be is replaced."""
        font = self.fonts.get(number)
        if font is not None and font.has_signs:
            return "".join(map(font.sign, data))
        return data.decode(self.codec(number), "replace")

    def of_number(self, code: int, number: int) -> str:
        """A sign that is told as a number of Unicode (a half of a pair too), set in this font."""
        code &= 0xFFFF
        font = self.fonts.get(number)
        if code in _PRIVATE and font is not None:
            return font.sign(code & 0xFF)
        return chr(code)


def joined(text: str) -> str:
    """The text with its pairs of halves made into the signs that they stand for."""
    if text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
