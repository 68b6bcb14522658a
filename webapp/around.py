"""Cuts the text of a page around a passage, for files that have no picture of their pages."""

from __future__ import annotations

from dataclasses import dataclass

REACH = 3000
"""Characters before and after a passage that are shown."""


@dataclass(frozen=True, slots=True)
class Around:
    before: str
    passage: str
    after: str
    cut_before: bool
    cut_after: bool


def around(text: str, start: int, end: int) -> Around:
    """The passage text[start:end] with what stands around it. Places outside of the text give an empty passage."""
    first, last = max(0, min(start, len(text))), max(0, min(end, len(text)))
    low, high = max(0, first - REACH), min(len(text), last + REACH)
    return Around(text[low:first], text[first:last], text[last:high], low > 0, high < len(text))
