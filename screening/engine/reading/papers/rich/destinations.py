"""What pairs of braces in a rich text are for: which hold words for people, and which hold something else."""

from __future__ import annotations

from screening.engine.reading.papers.rich.state import To
from screening.engine.reading.papers.rich.story import Place

STORIES = {
    b"shptxt": Place.BOX, b"dptxbxtext": Place.BOX, b"footnote": Place.NOTE, b"annotation": Place.NOTE,
    b"header": Place.MARGIN, b"headerf": Place.MARGIN, b"headerl": Place.MARGIN, b"headerr": Place.MARGIN,
    b"footer": Place.MARGIN, b"footerf": Place.MARGIN, b"footerl": Place.MARGIN, b"footerr": Place.MARGIN,
}  # fmt: skip
"""Texts of their own inside of another."""

HOLDERS = {
    b"fonttbl": To.FONTS, b"colortbl": To.COLOURS, b"pict": To.PICTURE, b"objdata": To.OBJECT, b"fldinst": To.FIELD,
    b"formfield": To.FORM, b"ffl": To.CHOICE, b"shpinst": To.INSIDE, b"do": To.INSIDE, b"sp": To.INSIDE,
    b"sv": To.INSIDE, b"upr": To.INSIDE, b"fldrslt": To.STORY, b"shppict": To.STORY, b"nesttableprops": To.STORY,
}  # fmt: skip
"""Whatever else is read, and what for."""

UNREAD = frozenset(
    {
        b"stylesheet", b"info", b"filetbl", b"revtbl", b"listtable", b"nonshppict", b"shprslt", b"sn", b"xe", b"tc",
        b"tcn", b"txe", b"rxe", b"ftnsep", b"ftnsepc", b"ftncn", b"aftnsep", b"aftnsepc", b"aftncn", b"pgdsctbl",
        b"nonesttables", b"pntxta", b"pntxtb", b"private", b"template", b"bkmkstart", b"bkmkend", b"pn", b"listlevel",
        b"atnicn", b"mmathPict", b"panose", b"falt", b"objname", b"objclass", b"keywords", b"comment",
    }
)  # fmt: skip
"""What nobody sees on a page: tables of styles and lists, entries of an index, the second telling of a shape.

So is whatever is marked as known to newer programs only (`\\*`) and not known here (RTF 1.9, destinations).
"""

SIGNS = {
    b"tab": "\t", b"line": "\n", b"lbr": "\n", b"column": "\n", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
    b"emdash": "\u2014", b"endash": "\u2013", b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019",
    b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"zwj": "\u200d", b"zwnj": "\u200c", b"ltrmark": "\u200e",
    b"rtlmark": "\u200f", b"zwbo": "\u200b", b"zwnbo": "\u2060",
}  # fmt: skip
"""Words that stand for a sign."""
ESCAPES = {b"~": "\u00a0", b"_": "-", b"-": "\u00ad", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
"""The same for escaped signs."""
