"""The pure part of screening: bytes in, dataclasses out; no tables, no web, no clock."""
