"""The demonstration archive: audit-like documents made on the spot, the same bytes each time, with known findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from screening.engine.results import State
from webapp.demo import texts, trouble
from webapp.demo.paper import printed
from webapp.demo.texts import Text
from webapp.demo.truth import Truth


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the archive. `truths` say what it holds; `state` is where a screening without OCR should end."""

    file: str
    supplier: str
    site: str
    language: str
    data: bytes
    state: State
    truths: tuple[Truth, ...] = ()

    @property
    def findings(self) -> tuple[Truth, ...]:
        """The passages that must raise a flag."""
        return tuple(truth for truth in self.truths if truth.flag)


COPY_OF = "meridan-social-audit-2026.pdf"
"""The document that its supplier sends a second time under another name."""


def items() -> Iterator[Item]:
    """Every file of the archive, one made after the other. The last ones are the honest trouble."""
    for text in texts.load_all():
        special = _SPECIAL.get(text.layout)
        if special is not None:
            make, state = special
            yield _item(text, make(text), state)
            continue
        item = _item(text, printed(text), State.SCREENED)
        yield item
        if text.file == COPY_OF:
            copy = text.file.replace(".pdf", " (copy).pdf")
            yield Item(copy, item.supplier, item.site, item.language, item.data, item.state, item.truths)
    yield Item("van-hesselmeer-bijlage-leeg.pdf", "hessel", "main", "nl", trouble.blank(), State.NEEDS_OCR)


def write(folder: Path) -> list[Item]:
    """Write the whole archive into a folder, one subfolder a supplier, and answer what was written."""
    written = list(items())
    for item in written:
        target = folder / item.supplier / item.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(item.data)
    return written


_SPECIAL: dict[str, tuple[Callable[[Text], bytes], State]] = {
    "locked": (trouble.locked, State.NEEDS_PASSWORD),
    "scanned": (trouble.scanned, State.NEEDS_OCR),
    "damaged": (trouble.damaged, State.REJECTED),
}


def _item(text: Text, data: bytes, state: State) -> Item:
    return Item(text.file, text.supplier, text.site, text.language, data, state, text.truths)
