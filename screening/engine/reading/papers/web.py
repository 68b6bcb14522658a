"""Reads web pages (HTML): their words, lists and tables. Scripts and styles are left out; nothing is ever fetched."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import illustrations, looks
from screening.engine.reading.papers.pager import Cells, Pager
from screening.engine.reasons import Reason

_DROPPED = frozenset({"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "canvas"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "title", "ul",
    }
)  # fmt: skip
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0?(?:\.0\d*)?\s*(?:;|$|!)|(?:left|top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(0",
    re.IGNORECASE,
)
_HEAD = 1 << 18
"""Letters of a picture that stands in the page, which are enough to tell its size; in fours, as they are written."""
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*(white|#[0-9a-f]{3,6})\b", re.IGNORECASE)
_GROUND = re.compile(r"background", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{1,2000})\}")
_NAMED = re.compile(r"[.#][A-Za-z_][\w-]*")
_MOST_RULES = 2000
_MOST_TAGS = 2_000_000
_WIDEST_SPAN = 60


def looks_like(text: str) -> bool:
    """Whether a text is a web page, by how it begins."""
    head = text[:2048].lstrip().lower()
    if head.startswith(("<!doctype html", "<html")):
        return True
    return head.startswith("<") and any(mark in head for mark in ("<html", "<head", "<body", "<table", "<div"))


def write(text: str, pager: Pager) -> None:
    """The words of a page in their order. Raises TooMuch."""
    reader = _Reader(pager)
    reader.feed(text)
    reader.close()
    reader.end()


def read(text: str, limits: Limits) -> Pager:
    """A page as pages. Raises TooMuch."""
    pager = Pager(limits)
    write(text, pager)
    return pager


def _unseen_by(sheet: str) -> set[str]:
    """Classes and names that a style sheet does not show, where that is said of them alone."""
    found: set[str] = set()
    for number, rule in enumerate(_RULE.finditer(sheet)):
        if number < _MOST_RULES and _HIDES.search(rule[2]):
            found |= {part.strip() for part in rule[1].split(",") if _NAMED.fullmatch(part.strip())}
    return found


def _may_show_words(told: dict[str, str]) -> bool:
    """Whether a picture is large, by itself where it stands in the page, else as large as the page says it shows it.

    One that came along with a mail is a file of its own and is read as such.
    """
    source = told.get("src", "").strip()
    if source.startswith("cid:"):
        return False
    kind, _, body = source.partition(",")
    if kind.startswith("data:image/") and kind.endswith(";base64"):
        try:
            head = base64.b64decode("".join(body[:_HEAD].split()) + "==", validate=False)
        except ValueError:
            head = b""
        return illustrations.may_show_words(head, len(body) * 3 // 4)
    sides = [told.get(side, "").removesuffix("px") for side in ("width", "height")]
    pixels = [int(side) for side in sides if side.isdecimal() and len(side) < 6]
    return len(pixels) == 2 and illustrations.is_large(pixels[0], pixels[1])


class _Reader(HTMLParser):
    """Collects words into lines, and cells into the rows of the outermost table."""

    def __init__(self, pager: Pager) -> None:
        super().__init__(convert_charrefs=True)
        self._pager = pager
        self._words: list[str] = []
        self._dropped: list[str] = []
        self._hidden: list[str] = []
        self._tables = 0
        self._rows: list[Cells] = []
        self._cell: list[str] | None = None
        self._tags = 0
        self._saw_hidden = self._grounds = False
        self._unseen: set[str] = set()
        self._options: list[tuple[bool, list[str]]] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if self._tags > _MOST_TAGS:
            return
        told = {name: value or "" for name, value in attrs}
        if tag in _DROPPED:
            self._dropped.append(tag)
            if told.get("srcdoc", "").strip():  # A page in the page, which people see.
                self._pager.lack(Reason.SOME_PARTS_UNREAD)
            return
        if tag not in _VOID and (self._hidden or self._is_unseen(told)):
            self._hidden.append(tag)
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._end_line()
        elif self._tables == 1 and tag == "tr":
            self._end_cell()
            self._rows.append(Cells([]))
        elif self._tables == 1 and tag in ("td", "th"):
            self._begin_cell(told)
        elif tag in _BLOCKS:
            self._end_line()
        else:
            self._field(tag, told)

    def _is_unseen(self, told: dict[str, str]) -> bool:
        """Whether an element is not shown: by itself, by the style of its class or name, or as white as the page."""
        style = told.get("style", "")
        self._grounds = self._grounds or bool(_GROUND.search(style)) or "bgcolor" in told
        if "hidden" in told or _HIDES.search(style):
            return True
        called = [f".{name}" for name in told.get("class", "").split()] + [f"#{told.get('id', '')}"]
        if not self._unseen.isdisjoint(called):
            return True
        colour = _COLOUR.search(style)
        if colour is None or self._grounds:
            return False
        return colour[1].lower() == "white" or looks.is_white(colour[1])

    def _begin_cell(self, told: dict[str, str]) -> None:
        self._end_cell()
        if not self._rows:
            self._rows.append(Cells([]))
        self._cell = []
        span = told.get("colspan", "1")
        self._span = min(_WIDEST_SPAN, int(span)) if span.isdecimal() and len(span) < 4 else 1

    def _field(self, tag: str, told: dict[str, str]) -> None:
        if tag == "input":
            self._value(told)
        elif tag == "img" and not self._hidden and _may_show_words(told):
            self._pager.miss_picture()
        elif tag == "select":
            self._options = []
        elif tag == "option" and self._options is not None:
            self._options.append(("selected" in told, []))

    def _value(self, told: dict[str, str]) -> None:
        """What was filled into a saved form."""
        kind = told.get("type", "text").lower()
        if kind in ("checkbox", "radio"):
            self.handle_data("☒ " if "checked" in told else "☐ ")
        elif kind in ("text", "email", "number", "date", "tel", "url", "search"):
            self.handle_data(f" {told.get('value', '')} ")

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.pop()
            return
        if self._hidden and tag in self._hidden:
            while self._hidden.pop() != tag:
                continue
        if tag == "table" and self._tables:
            self._tables -= 1
            if not self._tables:
                self._end_table()
        elif self._tables == 1 and tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag in _BLOCKS:
            self._end_line()
        elif tag == "select":
            self._choose()

    def _choose(self) -> None:
        """Of a list to choose from, what was chosen: as programs show it, the first where nothing is said."""
        options, self._options = self._options or [], None
        chosen = [words for is_chosen, words in options if is_chosen] or [words for _, words in options[:1]]
        for words in chosen:
            self.handle_data(f" {''.join(words)} ")

    def handle_data(self, data: str) -> None:
        if self._dropped:
            if self._dropped[-1] == "style":
                self._unseen |= _unseen_by(data)
            return
        if self._options is not None:
            if self._options:
                self._options[-1][1].append(data)
            return
        if self._hidden:
            self._saw_hidden = self._saw_hidden or bool(data.strip())
            return
        (self._words if self._cell is None else self._cell).append(data)

    def _end_line(self) -> None:
        if self._cell is not None:
            self._cell.append("\n")
            return
        line = " ".join("".join(self._words).split())
        self._words.clear()
        if line:
            self._pager.line(line)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
        self._rows[-1].texts += ["\n".join(line for line in lines if line), *[""] * (self._span - 1)]
        self._cell = None

    def _end_table(self) -> None:
        self._end_cell()
        width = max((len(row.texts) for row in self._rows), default=0)
        for row in self._rows:
            row.texts += [""] * (width - len(row.texts))
        self._pager.line("")
        self._pager.table(self._rows)
        self._rows = []

    def end(self) -> None:
        """Write what is left of an unfinished page."""
        self._end_table()
        self._end_line()
        if self._saw_hidden:
            self._pager.hide()
