"""The texts that a team has labelled, a row each, as a file gives them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.taxonomy import Severity, shipped

CRITICAL = Severity.CRITICAL.value


class DataError(Exception):
    """The rows cannot be used; the text names the line and what to do, never what the line says."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text with the labels that people gave it. Rows of one `doc` are in reading order."""

    id: Any
    text: str
    labels: tuple[str, ...] = ()
    doc: str | None = None
    severity: str | None = None
    """What people made of it, such as `critical`; None where the row does not say."""

    @property
    def is_critical(self) -> bool:
        """Whether people labelled harm that is critical: as the row says, or else by its signals in the taxonomy."""
        known = shipped().signals
        said = (known[label].floor for label in self.labels if label in known)
        grave = (
            any(floor is Severity.CRITICAL for floor in said) if self.severity is None else self.severity == CRITICAL
        )
        return bool(self.labels) and grave


def read(lines: Iterable[bytes], *, labelled: bool) -> Iterator[Example]:
    """The rows {id, text, labels, doc?, severity?} of JSON Lines; without `labelled` their labels are not looked at.

    Raises DataError with the number of the first line that breaks the form.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise DataError(f"Line {number} is not valid JSON.") from error
        if not isinstance(raw, dict) or "id" not in raw or not isinstance(raw.get("text"), str):
            raise DataError(f"Line {number} needs an `id` and a `text`.")
        labels = raw.get("labels", []) if labelled else []
        if not isinstance(labels, list) or any(not isinstance(label, str) for label in labels):
            raise DataError(f"Line {number}: `labels` is a list of names.")
        if labelled and "labels" not in raw:
            raise DataError(f"Line {number} needs `labels`, which may be an empty list.")
        doc, severity = raw.get("doc"), raw.get("severity")
        if severity is not None and not isinstance(severity, str):
            raise DataError(f"Line {number}: `severity` is a word, such as critical.")
        kept = None if doc is None else str(doc)
        yield Example(raw["id"], raw["text"], tuple(dict.fromkeys(labels)), kept, severity)


def documents(rows: Sequence[Example]) -> list[list[int]]:
    """The places of the rows of each document, in the order given; a row without `doc` stands by itself."""
    found: dict[object, list[int]] = {}
    for place, row in enumerate(rows):
        found.setdefault(row.doc if row.doc is not None else place, []).append(place)
    return list(found.values())
