"""Where a list was left: the keys that it is ordered by, so that turning the page works though rows come and go."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from uuid import UUID

from models.errors import Invalid


def cursor(*keys: Any) -> str:
    """The place behind a row with these keys of the order. It holds no more than that row shows anyway."""
    text = json.dumps([str(key) for key in keys], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(text: str, count: int) -> list[str]:
    """The keys in a cursor. Raises Invalid for what is none."""
    try:
        keys = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise not_a_place() from None
    if not isinstance(keys, list) or len(keys) != count or not all(isinstance(key, str) for key in keys):
        raise not_a_place()
    return keys


def last_key(text: str) -> UUID | None:
    """The key in a cursor that holds nothing else; None for the first page. Raises Invalid for what is none."""
    try:
        return UUID(place(text, 1)[0]) if text else None
    except ValueError:
        raise not_a_place() from None


def not_a_place() -> Invalid:
    """What somebody is told whose cursor does not come from a list of ours."""
    return Invalid("This does not lead on in the list: take `next` from the page before.", field="after")
