"""Reads the words of charts and of diagrams (SmartArt): titles, axes, names of series and of what is counted, boxes.

Their numbers stand in the sheet that they were made from, or in a workbook inside the file, which is read by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from screening.engine.reading.papers.pager import Pager, Unreadable
from screening.engine.reading.papers.parts import Parts, local
from screening.engine.reading.tabling import BETWEEN_CELLS
from screening.engine.reasons import Reason

KINDS = frozenset({"chart", "chartEx", "diagramData"})
"""What a part that shows one calls it, among what it refers to."""
_UPON = "chartUserShapes"
"""Boxes that somebody drew upon a chart."""
_NAMES = frozenset({"strCache", "multiLvlStrCache", "strDim", "txData"})
"""Lists of words: names of series, and of what is counted."""


def write(parts: Parts, name: str, pager: Pager) -> None:
    """Write the words of a chart or diagram, each line once; one that cannot be read is said to be unread."""
    said: set[str] = set()
    try:
        drawn = [name, *(path for what, path in parts.related(name).values() if what == _UPON)]
        for part in drawn:
            for line in _lines(parts.tree(part)):
                if line not in said:
                    said.add(line)
                    pager.line(line)
    except Unreadable:
        pager.lack(Reason.SOME_PARTS_UNREAD)


def _lines(tree: Element) -> Iterator[str]:
    for each in tree.iter():
        kind = local(each)
        if kind == "p":
            line = "".join(part.text or "" for part in each.iter() if local(part) == "t")
        elif kind in _NAMES:
            texts = ((part.text or "").strip() for part in each.iter() if local(part) in ("v", "pt"))
            line = BETWEEN_CELLS.join(filter(None, texts))
        else:
            continue
        if any(map(str.isalpha, line)):
            yield line.strip()
