"""Keeps every classifier of a team and which of them is in use: a person puts one in place, or the former one back."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.measured import is_lower, misses_more
from screening.engine.vectors import Vectors
from screening.tenants import classifier
from screening.tenants.classifier import Classifier, ClassifierFault
from screening.tenants.examples import DataError, Example
from screening.tenants.measuring import Measured, measure

POINTER, VERSIONS = "current.json", "versions"


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the classifier in use: who did what, when and why."""

    act: str
    """`promoted` or `rolled_back`."""
    version: str
    by: str
    at: str
    """ISO 8601, with its offset."""
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The candidate and the current classifier on the same data that neither learned from."""

    candidate: Measured
    current: Measured | None
    """None where nothing is in use yet."""

    @property
    def worse(self) -> bool:
        """Whether the candidate is worse in micro-F1 or in macro-F1."""
        if self.current is None:
            return False
        pairs = (
            (self.candidate.micro_f1, self.current.micro_f1),
            (self.candidate.macro_f1, self.current.macro_f1),
        )
        return any(is_lower(new, old) for new, old in pairs)

    @property
    def loses_critical(self) -> bool:
        """Whether the candidate misses more critical texts than what is in use, be it only one."""
        return self.current is not None and misses_more(self.candidate.critical_missed, self.current.critical_missed)


def history(store: Path) -> tuple[Step, ...]:
    """All steps, oldest first. Raises ClassifierFault where the pointer is damaged."""
    path = store / POINTER
    if not path.is_file():
        return ()
    try:
        told: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["steps"]
        return tuple(Step(**step) for step in told)
    except (ValueError, KeyError, TypeError) as error:
        raise ClassifierFault("The list of versions is damaged: put it back from a backup.") from error


def current_folder(folder: Path) -> Path:
    """Where the classifier to use is: the current version of a store, or the folder itself.

    Raises ClassifierFault for a store in which nothing was promoted.
    """
    steps = history(folder)
    if steps:
        return folder / VERSIONS / steps[-1].version
    if (folder / VERSIONS).is_dir():
        raise ClassifierFault("No version in this folder was promoted yet.")
    return folder


def compare(store: Path, candidate: Path, rows: Sequence[Example], *, vectors: Vectors | None = None) -> Comparison:
    """Measure the candidate and the current classifier on these rows. Raises DataError without rows."""
    if not rows:
        raise DataError("There are no rows to compare on.")
    vectors = vectors or Vectors.wide()
    in_use = classifier.load(current_folder(store)) if history(store) else None
    return Comparison(
        candidate=_measured(classifier.load(candidate), rows, vectors),
        current=None if in_use is None else _measured(in_use, rows, vectors),
    )


def promote(
    store: Path, candidate: Path, comparison: Comparison, *, by: str, reason: str, now: datetime, even_if_worse: bool
) -> Step:
    """Copy the candidate into the store and put it in use.

    Raises ClassifierFault where it is worse, or misses more critical texts, and nobody said so: the rule of the page.
    `comparison` comes from `compare`, so that nothing is promoted unmeasured; it is kept with the version.
    """
    if comparison.worse and not even_if_worse:
        raise ClassifierFault("The candidate is worse than the classifier in use, so it was not put in place.")
    if comparison.loses_critical and not even_if_worse:
        raise ClassifierFault(
            f"The candidate misses {comparison.candidate.critical_missed} of {comparison.candidate.critical} critical "
            "texts, more than the classifier in use, so it was not put in place."
        )
    version = classifier.load(candidate).version
    target = store / VERSIONS / version
    if not target.exists():
        half = target.with_name(f".{version}.part")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(candidate, half, ignore=shutil.ignore_patterns(VERSIONS, POINTER))
        measured = json.dumps(asdict(comparison), indent=1, ensure_ascii=False)
        (half / "compared.json").write_text(measured + "\n", encoding="utf-8")
        half.replace(target)
    return _step(store, Step("promoted", version, by, now.isoformat(timespec="seconds"), reason))


def roll_back(store: Path, *, by: str, reason: str, now: datetime) -> Step:
    """Put the version back that was in use before. Raises ClassifierFault where there is none."""
    steps = history(store)
    in_use = _stack(steps)
    if len(in_use) < 2:
        raise ClassifierFault("There is no earlier version to go back to.")
    classifier.load(store / VERSIONS / in_use[-2])
    return _step(store, Step("rolled_back", in_use[-2], by, now.isoformat(timespec="seconds"), reason))


def _stack(steps: Sequence[Step]) -> list[str]:
    """The versions that were in use one after the other, without those that were rolled back."""
    found: list[str] = []
    for step in steps:
        if step.act == "rolled_back":
            found.pop()
        else:
            found.append(step.version)
    return found


def _step(store: Path, step: Step) -> Step:
    """Add a step; the pointer is replaced in one move, so that it is never half written."""
    steps = [asdict(one) for one in (*history(store), step)]
    half = store / f".{POINTER}.part"
    with half.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"steps": steps}, indent=1, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    half.replace(store / POINTER)
    return step


def _measured(known: Classifier, rows: Sequence[Example], vectors: Vectors) -> Measured:
    return measure(rows, [found.labels for found in known.predict(rows, vectors=vectors)])
