"""Reads the labelled passages and refuses a line that breaks a rule of the annotation guide."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import taxonomy
from screening.engine.results import Assertion, Passage

FOLDER = Path(__file__).with_name("corpus")
DOCUMENT_TYPES = frozenset({"audit", "self_assessment", "statement", "grievance", "news", "cap"})
KINDS = frozenset({
    "plain", "indirect", "euphemism", "minimal_pair", "contrast", "double_negation", "numbers", "quotation", "denial",
    "checklist", "table", "heading", "definition", "training_text", "unconnected_news", "other_matter",
})  # fmt: skip
_FIELDS = frozenset({
    "id", "text", "before", "language", "document_type", "signals", "assertion", "people", "kind", "pair",
})  # fmt: skip


class CorpusError(Exception):
    """Lines of the corpus break its rules; the text lists them, a line each."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled passage. Flag and categories follow from signals and assertion by rule."""

    id: str
    passage: Passage
    signals: tuple[str, ...]
    assertion: Assertion
    people: int | None = None
    kind: str = "plain"
    pair: str | None = None

    @property
    def flag(self) -> bool:
        """Annotation guide, rule 3: one of the five raising assertions and at least one signal."""
        return self.assertion.raises and bool(self.signals)

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(sorted({signal.partition(".")[0] for signal in self.signals}))

    @property
    def language(self) -> str:
        return self.passage.language or ""


def load(folder: Path = FOLDER) -> list[Labelled]:
    """Every passage of a folder of JSONL files, in order of file name and line. Raises CorpusError."""
    return _checked([row for path in sorted(folder.glob("*.jsonl")) for row in _lines(path)])


def load_frozen(path: Path) -> list[Labelled]:
    """The frozen evaluation passages, whose rows need no `kind` and may carry a `note`. Raises CorpusError."""
    rows = list(_lines(path))
    for _, raw in rows:
        if isinstance(raw, dict):
            raw.setdefault("kind", "plain")
            raw.pop("note", None)
    return _checked(rows)


def _checked(rows: list[tuple[str, Any]]) -> list[Labelled]:
    faults = [f"{where}: {fault}" for where, raw in rows for fault in faults_of(raw)]
    labelled = [_labelled(raw) for _, raw in rows] if not faults else []
    faults += _faults_between(labelled)
    if faults:
        raise CorpusError("\n".join(faults))
    return labelled


def faults_of(raw: Any) -> Iterator[str]:
    """What is wrong with one row, in words; nothing for a sound one."""
    if not isinstance(raw, dict):
        yield "the line is no JSON object"
        return
    missing = {"id", "text", "language", "document_type", "signals", "assertion", "kind"} - raw.keys()
    if missing or raw.keys() - _FIELDS:
        yield f"fields missing {sorted(missing)}, fields unknown {sorted(raw.keys() - _FIELDS)}"
        return
    unknown = [code for code in raw["signals"] if code not in taxonomy.shipped().signals]
    if unknown or len(set(raw["signals"])) != len(raw["signals"]):
        yield f"unknown or repeated signals {unknown or raw['signals']}"
    for name, value, allowed in (
        ("assertion", raw["assertion"], frozenset(map(str, Assertion))),
        ("document_type", raw["document_type"], DOCUMENT_TYPES | {None}),
        ("kind", raw["kind"], KINDS),
    ):
        if value not in allowed:
            yield f"the {name} {value!r} is not on the list"
    if not str(raw["text"]).strip():
        yield "the text is empty"
    people = raw.get("people")
    if people is not None and (not isinstance(people, int) or isinstance(people, bool) or people < 1):
        yield f"people is {people!r}, which is no whole number from 1"
    if raw["assertion"] in ("finding_confirmed", "finding_alleged", "self_disclosed") and not raw["signals"]:
        yield "a finding without a signal"


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield f"{path.name}:{number}", json.loads(line)
        except json.JSONDecodeError as error:
            yield f"{path.name}:{number}", str(error)


def _labelled(raw: dict[str, Any]) -> Labelled:
    return Labelled(
        id=raw["id"],
        passage=Passage(
            text=raw["text"],
            before=raw.get("before") or "",
            language=raw["language"],
            document_type=raw["document_type"],
        ),
        signals=tuple(raw["signals"]),
        assertion=Assertion(raw["assertion"]),
        people=raw.get("people"),
        kind=raw["kind"],
        pair=raw.get("pair"),
    )


def _faults_between(rows: list[Labelled]) -> Iterator[str]:
    """Faults that only show when rows are seen together."""
    ids: set[str] = set()
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.id in ids:
            yield f"{row.id}: the id is used twice"
        ids.add(row.id)
        key = (" ".join(row.passage.text.casefold().split()), row.passage.before)
        if key in seen:
            yield f"{row.id}: repeats the text of {seen[key]}"
        seen[key] = row.id
    for row in rows:
        if row.pair is not None and row.pair not in ids:
            yield f"{row.id}: its pair {row.pair} is not in the corpus"


def groups(rows: list[Labelled]) -> list[int]:
    """A number for each row: minimal pairs share theirs, so that no fold learns the one and is asked the other."""
    place = {row.id: i for i, row in enumerate(rows)}
    owner = list(range(len(rows)))

    def root(i: int) -> int:
        while owner[i] != i:
            i = owner[i]
        return i

    for i, row in enumerate(rows):
        if row.pair is not None:
            a, b = root(i), root(place[row.pair])
            owner[max(a, b)] = min(a, b)
    return [root(i) for i in range(len(rows))]


def kept_apart(rows: list[Labelled]) -> list[bool]:
    """Which rows the slow encoder is never taught: a fifth, always the same ones, minimal pairs together."""
    return [int(hashlib.sha256(rows[root].id.encode()).hexdigest(), 16) % 5 == 0 for root in groups(rows)]
