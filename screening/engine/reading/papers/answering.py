"""How a child of the reader of Office files, mail and archives answers its parent."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from screening.engine.reading.orders import Order
from screening.engine.reading.papers import opening
from screening.engine.reading.papers.archives import Entry
from screening.engine.reading.papers.cells import sheets
from screening.engine.reading.papers.pager import TooMuch, Unreadable
from screening.engine.reasons import Reason

if TYPE_CHECKING:
    from screening.engine.reading.child import Voice

_CELLS_A_MESSAGE = 500

_NOT_AS_IT_SHOULD_BE = (
    RecursionError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, EOFError,
    struct.error, zlib.error,
)  # fmt: skip
"""What a file that is not as its format says makes our readers and their libraries raise."""


def read(data: bytes, order: Order, say: Voice) -> None:
    """Tell the kind, the pages and the number of files inside."""
    paper = _or_reason(lambda: opening.read(data, order.limits, order.password), say)
    if paper is None:
        return
    refused = sorted(set(paper.refused))
    say({"kind": paper.kind, "members": paper.members, "refused": refused, "remark": paper.lacks})
    say({"count": len(paper.pages)})
    for answer in paper.pages:
        say(answer)
    say({"end": True})


def cells(data: bytes, order: Order, say: Voice) -> None:
    """Tell the cells of a spreadsheet, sheet by sheet, so many at a time that a message stays small."""

    def tell() -> None:
        for name, rows in sheets(data, order.limits):
            for start in range(0, max(1, len(rows)), _CELLS_A_MESSAGE):
                say({"sheet": name, "cells": rows[start : start + _CELLS_A_MESSAGE]})
        say({"end": True})

    _or_reason(tell, say)


def unpack(data: bytes, order: Order, say: Voice) -> None:
    """Give back the files inside an archive, a mail or an Office file."""
    _or_reason(lambda: give(opening.members(data, order.limits, order.first_page, order.password), order, say), say)


def shown(data: bytes, order: Order, say: Voice) -> None:
    """Give back the pictures that an Office file shows."""
    _or_reason(lambda: give(opening.shown(data, order.limits, order.first_page, order.password), order, say), say)


def give(entries: Iterator[Entry], order: Order, say: Voice) -> None:
    """Give back files until the batch is full; then say which one is next."""
    given = 0
    for entry in entries:
        if entry.number < order.first_page:
            continue
        if given >= order.limits.batch_bytes:
            say({"next": entry.number})
            return
        say.member(entry.name, entry.size, entry.reason, entry.body or b"")
        given += len(entry.body or b"") + 1000
    say({"end": True})


def _or_reason(task: Callable[[], Any], say: Voice) -> Any:
    try:
        return task()
    except (Unreadable, TooMuch) as error:
        say({"stop": error.reason})
    except _NOT_AS_IT_SHOULD_BE:
        say({"stop": Reason.BROKEN})
    return None
