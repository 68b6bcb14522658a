"""Files inside files: an archive's members, and what is attached to a mail, a PDF or an Office file."""

from __future__ import annotations

from dataclasses import dataclass

from screening.engine.reasons import Reason

CONTAINERS = frozenset({"zip", "tar", "gzip", "bzip2", "xz"})
"""Kinds of which the page is the list of what is inside: it accounts for the files, and is nothing to be judged."""
INSIDE = "!/"
"""Between the name of a container and that of its member: `outer.zip!/inner/name.pdf`."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another: its bytes, or the reason why they were not taken out."""

    name: str
    """With `/` between folders, safe to show; never used as a path."""
    data: bytes = b""
    reason: Reason | None = None
    size: int = 0
    """Bytes, as far as they are known."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A batch of members. `next` is the number of the first member that is still inside, None after the last."""

    members: tuple[Member, ...]
    next: int | None = None
    reason: Reason | None = None
    """Why nothing more could be taken out, where that is so."""
