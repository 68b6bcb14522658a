"""How a caged child speaks: short framed messages that its parent can read without trusting it.

A frame is a length (4 bytes, big-endian), a kind (one byte) and a body. `J` bodies are JSON objects,
`B` bodies are raw bytes (a drawn page). Nothing here can make the parent run code or take more memory than
it allows; whatever does not fit is `Garbage`.
"""

from __future__ import annotations

import json
import struct
from typing import Any

HEADER = struct.Struct(">IB")
JSON, BYTES = ord("J"), ord("B")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST_FRAME = 64 * 1024 * 1024
PIECE = 32 * 1024 * 1024
"""Larger files are sent in pieces of this size."""


class Garbage(Exception):
    """The child said something that is not an answer."""


def pack(message: dict[str, Any]) -> bytes:
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return HEADER.pack(len(body), JSON) + body


def pack_bytes(body: bytes) -> bytes:
    return HEADER.pack(len(body), BYTES) + body


def _object(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Garbage("not JSON") from error
    if not isinstance(message, dict):
        raise Garbage("not an object")
    return message


class Frames:
    """Collects what comes in and gives back whole frames, up to `limit` bytes in all."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._buffer = bytearray()

    def feed(self, piece: bytes) -> list[dict[str, Any] | bytes]:
        """The frames that this piece completes. Raises Garbage when it is too much or no frame."""
        self._left -= len(piece)
        if self._left < 0:
            raise Garbage("too long an answer")
        self._buffer += piece
        whole: list[dict[str, Any] | bytes] = []
        at = 0
        while len(self._buffer) - at >= HEADER.size:
            length, kind = HEADER.unpack_from(self._buffer, at)
            if length > LARGEST_FRAME or kind not in (JSON, BYTES):
                raise Garbage("not a frame")
            end = at + HEADER.size + length
            if len(self._buffer) < end:
                break
            body = bytes(self._buffer[at + HEADER.size : end])
            whole.append(_object(body) if kind == JSON else body)
            at = end
        del self._buffer[:at]
        return whole
