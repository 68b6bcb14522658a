"""Tells what kind of file some bytes are, by their content and never by their name.

This is the one place to add a kind of file: a member here, its rule in `kind_of`, its reader in `child`.
"""

from __future__ import annotations

from enum import StrEnum

_HEADER_WITHIN = 1024
"""A PDF may carry junk before its header: readers accept it in the first 1024 bytes (ISO 32000-1, annex H.3.4.1)."""


class Kind(StrEnum):
    PDF = "pdf"


def kind_of(data: bytes) -> Kind | None:
    """The kind of file, or None where we cannot read it."""
    if b"%PDF" in data[:_HEADER_WITHIN]:
        return Kind.PDF
    return None
