"""Writes NOTICE: every package that the product runs with, its version and its licence."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).parents[2] / "requirements" / "run.txt"

STRONG_COPYLEFT = re.compile(r"\b(AGPL|GPL)\b|\b(Affero|GNU General Public)\b", re.IGNORECASE)
"""Licences that would bind the whole product. The Lesser GPL does not, for a library that is only imported."""

READ_BY_US = {"skops": "MIT License"}
"""Where a package's own metadata says nothing: what stands in its licence file."""

HEAD = """Salient
Copyright the Salient engineers. Licensed under the Apache License, version 2.0: see LICENSE.

The code, the taxonomy, the corpus and the demonstration documents were written for Salient.
The product runs with the following packages, which are installed beside it and not part of it.
This list is written by `make notice` from the metadata of the installed packages.
"""


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    licence: str


def locked() -> dict[str, str]:
    """Name and version of every package in the lock file that is meant for this kind of machine."""
    found = {}
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if not line or line[0] in " #":
            continue
        wanted = Requirement(line.removesuffix("\\").strip())
        if wanted.marker is None or wanted.marker.evaluate():
            found[wanted.name.lower()] = str(wanted.specifier).removeprefix("==")
    return found


def packages() -> list[Package]:
    """The run packages with their licences, by name. Raises PackageNotFoundError where one is not installed."""
    return [Package(name, version, licence(name)) for name, version in sorted(locked().items())]


def licence(name: str) -> str:
    """What a package says of itself: the SPDX expression, else the classifiers, else the first line of the field."""
    fields = metadata.metadata(name).json
    expression = fields.get("license_expression")
    if expression:
        return str(expression)
    classified = [entry.rpartition(" :: ")[2] for entry in fields.get("classifier", []) if entry.startswith("License")]
    named = [entry for entry in classified if entry != "OSI Approved"]
    if named:
        return "; ".join(named)
    stated = str(fields.get("license", "")).strip()
    return READ_BY_US.get(name) or (stated.splitlines()[0] if stated else "not stated")


def written() -> str:
    """The whole text of NOTICE."""
    rows = [f"{package.name} {package.version}: {package.licence}" for package in packages()]
    return f"{HEAD}\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written())
