"""Tells which documents of a run are copies of an earlier one: by their bytes, or by nearly the same text."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.sketch import NEAR, likeness
from screening.bulk.rows import Row
from screening.engine.sketches import bands_of


@dataclass(slots=True)
class Copies:
    """Give it every document, in the order of the result files: each is compared with those before it.

    It keeps some 400 bytes a document, and looks at those few only that share a part of their sketch.
    """

    _by_bytes: dict[str, str] = field(default_factory=dict)
    _by_band: dict[int, list[str]] = field(default_factory=dict)
    _sketches: dict[str, bytes] = field(default_factory=dict)

    def told(self, document: Row) -> Row:
        """The document's row with `same_as`: the name of the first earlier copy, or None; without its sketch."""
        row = dict(document)
        sketch = bytes.fromhex(row.pop("sketch", None) or "")
        row["same_as"] = self._same_as(row["file"], row["sha256"], sketch)
        return row

    def _same_as(self, name: str, sha256: str, sketch: bytes) -> str | None:
        same = self._by_bytes.get(sha256) if sha256 else None
        if sha256:
            self._by_bytes.setdefault(sha256, name)
        if not sketch:
            return same
        bands = bands_of(sketch)
        candidates = dict.fromkeys(other for band in bands for other in self._by_band.get(band, ()))
        if same is None:
            near = [other for other in candidates if likeness(sketch, self._sketches[other]) >= NEAR]
            same = max(near, key=lambda other: likeness(sketch, self._sketches[other]), default=None)
        if same is None:  # A copy is found by its original: only that one need be looked up.
            self._sketches[name] = sketch
            for band in bands:
                self._by_band.setdefault(band, []).append(name)
        return same
