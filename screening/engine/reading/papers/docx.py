"""Reads Word files (DOCX, DOCM): paragraphs, tables, notes, comments, text boxes, and what is hidden or struck out.

What a change inserted is read, what it deleted is not. Headers and footers are read once, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import illustrations, looks
from screening.engine.reading.papers.pager import Cells, Pager
from screening.engine.reading.papers.parts import Parts, attribute, local

_SKIPPED = frozenset(
    {"del", "moveFrom", "delText", "instrText", "pPr", "rPr", "tblPr", "sectPr", "sdtPr", "Fallback", "trPr"}
)
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"), ("comments", "comment"))
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_OFF = frozenset({"0", "false", "off"})
_PICTURES = {"blip": "embed", "imagedata": "id", "chart": "id", "relIds": "dm"}
"""Elements that show a picture, a chart or a diagram, and where they say which."""
_PICTURE = "\x1c"
"""Marks a picture in a text; such a sign cannot stand in one (XML 1.0, 2.2)."""
_DEEPEST = 60
"""Elements inside elements; a table in a table in a table counts its own."""


def read(parts: Parts, limits: Limits) -> Pager:
    """The file as pages. Raises Unreadable, TooMuch."""
    main = parts.first_related("", "officeDocument") or "word/document.xml"
    body = next((each for each in parts.tree(main) if local(each) == "body"), None)
    own_pages = body is not None and any(local(each) == "lastRenderedPageBreak" for each in body.iter())
    pager = Pager(limits, own_pages=own_pages)
    pictures = illustrations.of_text(parts, main, pager)
    if body is not None:
        _Writer(pager, hidden_styles=_hidden_styles(parts, main), pictures=pictures).blocks(body)
    for kind, element in _NOTES:
        _notes(parts, main, kind, element, pager, pictures)
    _margins(parts, main, pager)
    if any(what == "image" for what, _ in parts.related(main).values()):
        pager.picture()
    return pager


def _hidden_styles(parts: Parts, main: str) -> frozenset[str]:
    name = parts.first_related(main, "styles")
    if name is None:
        return frozenset()
    styles = (style for style in parts.tree(name) if local(style) == "style")
    return frozenset(
        attribute(style, "styleId") or "" for style in styles for each in style if local(each) == "rPr" and _hides(each)
    )


def _notes(parts: Parts, main: str, kind: str, element: str, pager: Pager, pictures: illustrations.Called) -> None:
    """Footnotes, endnotes and comments, each as a paragraph at the end."""
    name = parts.first_related(main, kind)
    if name is None:
        return
    shown = pictures.within(name)
    for note in parts.tree(name):
        if local(note) == element and attribute(note, "type") not in _SEPARATORS:
            writer = _Writer(pager, pictures=shown)
            text = writer.text_of(note).strip()
            if text:
                pager.line("")
                pager.line(text, hidden=writer.saw_hidden)


def _margins(parts: Parts, main: str, pager: Pager) -> None:
    """Headers and footers, which stand on every page: each once, at the end."""
    said: set[str] = set()
    for what, name in parts.related(main).values():
        if what not in ("header", "footer") or name not in parts:
            continue
        writer = _Writer(pager)
        text = writer.text_of(parts.tree(name)).strip()
        if any(map(str.isalpha, text)) and text not in said:
            said.add(text)
            pager.line("")
            pager.line(text, hidden=writer.saw_hidden)


def _hides(properties: Element) -> bool:
    return any(local(each) == "vanish" and attribute(each, "val") not in _OFF for each in properties)


class _Writer:
    """Writes blocks into a pager; remembers whether it met hidden text."""

    def __init__(
        self, pager: Pager, hidden_styles: frozenset[str] = frozenset(), pictures: illustrations.Called | None = None
    ) -> None:
        self._pager, self._hidden_styles, self._pictures = pager, hidden_styles, pictures
        self._met: list[str] = []
        """Pictures that are marked in the text that is being read."""
        self.saw_hidden = False
        self._on_ground = self._boxed = False
        """In a table, a box or a shaded paragraph, where white letters usually stand on something dark."""

    def blocks(self, holder: Element, depth: int = 0) -> None:
        for block in holder:
            kind = local(block)
            if kind == "p":
                self._paragraph(block)
            elif kind == "tbl":
                self._table(block)
            elif kind not in _SKIPPED and depth < _DEEPEST:
                self.blocks(block, depth + 1)

    def _paragraph(self, paragraph: Element) -> None:
        self.saw_hidden, self._on_ground = False, self._boxed or _is_shaded(paragraph)
        pieces = "".join(self._runs(paragraph, 0)).split("\f")
        for number, piece in enumerate(pieces):
            if number:
                self._pager.turn()
            if piece.strip() or len(pieces) == 1:
                self._pager.line(piece, hidden=self.saw_hidden)
            self._show(piece.count(_PICTURE))
        for box in _boxes(paragraph):
            self._boxed = True
            self.blocks(box)
            self._boxed = False

    def _table(self, table: Element) -> None:
        rows: list[Cells] = []
        heads = 0
        for row in _below(table, "tr"):
            texts: list[str] = []
            above: list[int] = []
            hidden = False
            for cell in _below(row, "tc"):
                self.saw_hidden = False
                properties = next((each for each in cell if local(each) == "tcPr"), None)
                span, reaches = _spans(properties)
                if reaches:
                    above += range(len(texts), len(texts) + span)
                texts += [self.text_of(cell), *[""] * (span - 1)]
                hidden = hidden or self.saw_hidden
            rows.append(Cells(texts, tuple(above), hidden))
            if _is_head(row) and heads == len(rows) - 1:
                heads += 1
        width = max((len(row.texts) for row in rows), default=0)
        for cells in rows:
            cells.texts += [""] * (width - len(cells.texts))
        self._pager.line("")
        self._pager.table(rows, heads=heads)

    def text_of(self, holder: Element) -> str:
        """All paragraphs below, a line each."""
        self._on_ground = True
        lines = ("".join(self._runs(paragraph, 0)).replace("\f", " ") for paragraph in _paragraphs(holder, 0))
        text = "\n".join(line.strip() for line in lines if line.strip())
        self._show(len(self._met))
        return text.replace(_PICTURE, "")

    def _show(self, count: int) -> None:
        """Say that the next so many pictures stand here."""
        for key in self._met[:count]:
            if self._pictures is not None:
                self._pictures.see(key)
        del self._met[:count]

    def _runs(self, holder: Element, depth: int) -> Iterator[str]:
        for each in holder:
            kind = local(each)
            if kind == "t":
                yield each.text or ""
            elif kind == "lastRenderedPageBreak" or (kind == "br" and attribute(each, "type") == "page"):
                yield "\f"
            elif kind in _SPACES:
                yield _SPACES[kind]
            elif kind in ("txbxContent", "object"):  # The picture of an object that is a document of its own.
                continue
            elif kind in _PICTURES:
                self._met.append(attribute(each, _PICTURES[kind]) or "")
                yield _PICTURE
            elif kind == "r":
                yield from self._run(each, depth)
            elif kind in _SIGNS:
                yield _SIGNS[kind](each)
            elif kind not in _SKIPPED and kind not in ("p", "tbl") and depth < _DEEPEST:
                yield from self._runs(each, depth + 1)

    def _run(self, run: Element, depth: int) -> Iterator[str]:
        properties = next((each for each in run if local(each) == "rPr"), None)
        hidden = properties is not None and (
            _hides(properties)
            or self._has_hidden_style(properties)
            or (not self._on_ground and looks.is_unseen(properties))
        )
        said = "".join(self._runs(run, depth + 1))
        self.saw_hidden = self.saw_hidden or (hidden and bool(said.strip()))
        yield said

    def _has_hidden_style(self, properties: Element) -> bool:
        return any(
            local(each) == "rStyle" and (attribute(each, "val") or "") in self._hidden_styles for each in properties
        )


def _checked(box: Element) -> str:
    """A tick box of an old form field as a sign, so that a checklist keeps its answers."""
    states = {local(each): attribute(each, "val") for each in box}
    told = states.get("checked", states.get("default", "0"))
    return "☒" if ("checked" in states or "default" in states) and told not in _OFF else "☐"


def _picked(choices: Element) -> str:
    """What was chosen from an old drop-down field: its first entry where nothing else is told."""
    entries = [attribute(each, "val") or "" for each in choices if local(each) == "listEntry"]
    told = next((attribute(each, "val") or "0" for each in choices if local(each) in ("result", "default")), "0")
    number = int(told) if told.isdecimal() and len(told) < 5 else 0
    return entries[number] if number < len(entries) else ""


_SIGNS: dict[str, Callable[[Element], str]] = {
    "sym": looks.symbol, "ddList": _picked, "checkBox": _checked, "checkbox": _checked,
}  # fmt: skip
"""Elements that stand for a word or a sign."""


def _is_shaded(paragraph: Element) -> bool:
    return any(local(mark) == "shd" for each in paragraph if local(each) == "pPr" for mark in each)


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Text boxes that hang on this paragraph, each once: a fallback for old programs repeats it."""
    pending: list[tuple[Element, int]] = [(paragraph, 0)]
    while pending:
        holder, depth = pending.pop()
        for each in holder:
            if local(each) == "txbxContent":
                yield each
            elif local(each) not in _SKIPPED and depth < _DEEPEST:
                pending.append((each, depth + 1))


def _paragraphs(holder: Element, depth: int) -> Iterator[Element]:
    for each in holder:
        if local(each) == "p":
            yield each
            for box in _boxes(each):
                yield from _paragraphs(box, depth + 1)
        elif local(each) not in _SKIPPED and depth < _DEEPEST:
            yield from _paragraphs(each, depth + 1)


def _below(holder: Element, kind: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also where a content control or a change stands around them."""
    between: Callable[[str], bool] = {"sdt", "sdtContent", "ins", "moveTo", "customXml"}.__contains__
    for each in holder:
        name = local(each)
        if name == kind:
            if kind != "tr" or not _is_deleted(each):
                yield each
        elif between(name):
            yield from _below(each, kind)


def _is_deleted(row: Element) -> bool:
    return any(local(each) == "trPr" and any(local(mark) == "del" for mark in each) for each in row)


def _is_head(row: Element) -> bool:
    return any(
        local(each) == "trPr"
        and any(local(mark) == "tblHeader" and attribute(mark, "val") not in _OFF for mark in each)
        for each in row
    )


def _spans(properties: Element | None) -> tuple[int, bool]:
    """Over how many columns a cell runs, and whether it only goes on with the cell above."""
    span, reaches = 1, False
    for each in properties if properties is not None else ():
        if local(each) == "gridSpan":
            told = attribute(each, "val") or "1"
            span = min(60, max(1, int(told))) if told.isdigit() and len(told) < 4 else 1
        elif local(each) == "vMerge":
            reaches = attribute(each, "val") in (None, "continue")
    return span, reaches
