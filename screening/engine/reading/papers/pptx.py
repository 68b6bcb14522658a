"""Reads slides (PPTX): the text and tables of each slide, its notes, and which slides are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import charts
from screening.engine.reading.papers.illustrations import Illustrations
from screening.engine.reading.papers.pager import Cells, Pager
from screening.engine.reading.papers.parts import Parts, attribute, local

_DEEPEST = 60


def read(parts: Parts, limits: Limits) -> Pager:
    """The file as pages, a slide each. Raises Unreadable, TooMuch."""
    main = parts.first_related("", "officeDocument") or "ppt/presentation.xml"
    related = parts.related(main)
    pager = Pager(limits, own_pages=True)
    pictures = Illustrations(parts, pager)
    for element in parts.tree(main).iter():
        if local(element) != "sldId":
            continue
        path = related.get(attribute_of_relation(element), ("", ""))[1]
        if path in parts:
            _slide(parts, path, pager, pictures)
    return pager


def attribute_of_relation(element: Element) -> str:
    """The id of what an element refers to: `r:id`, and not the plain `id` beside it."""
    return next((value for key, value in element.attrib.items() if key.endswith("}id")), "")


def _slide(parts: Parts, path: str, pager: Pager, pictures: Illustrations) -> None:
    pager.turn()
    slide = parts.tree(path)
    if attribute(slide, "show") in ("0", "false"):
        pager.hide()
    related = parts.related(path)
    if any(what == "image" for what, _ in related.values()):
        pager.picture()
    _blocks(slide, pager, 0)
    for shown in _shown(slide, 0):
        pictures.see(related.get(shown, ("", ""))[1])
    for what, name in related.values():
        if what in charts.KINDS:
            pager.line("")
            charts.write(parts, name, pager)
    for what, name in related.values():
        if what in ("notesSlide", "comments") and name in parts:
            pager.line("")
            _blocks(parts.tree(name), pager, 0)


def _blocks(holder: Element, pager: Pager, depth: int) -> None:
    for each in holder:
        kind = local(each)
        if kind == "p":
            pager.line(_words(each))
        elif kind == "text" and each.text:
            pager.line(each.text)
        elif kind == "tbl":
            rows = [_row(row) for row in each if local(row) == "tr"]
            pager.line("")
            pager.table(rows)
        elif kind != "Fallback" and depth < _DEEPEST:
            _blocks(each, pager, depth + 1)


def _shown(holder: Element, depth: int) -> Iterator[str]:
    """What a slide calls the pictures that it shows; not those of objects that are documents of their own."""
    for each in holder:
        kind = local(each)
        if kind == "blip":
            yield attribute(each, "embed") or ""
        elif kind not in ("Fallback", "oleObj") and depth < _DEEPEST:
            yield from _shown(each, depth + 1)


def _row(row: Element) -> Cells:
    texts: list[str] = []
    above: list[int] = []
    for cell in row:
        if local(cell) != "tc":
            continue
        if attribute(cell, "vMerge") in ("1", "true"):
            above.append(len(texts))
        texts.append("\n".join(_words(each) for each in cell.iter() if local(each) == "p"))
    return Cells(texts, tuple(above))


def _words(paragraph: Element) -> str:
    said = []
    for each in paragraph.iter():
        if local(each) == "t":
            said.append(each.text or "")
        elif local(each) == "br":
            said.append("\n")
    return "".join(said)
