"""What the parent asks of a caged child, and which reader it is to use."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from screening.engine.reading.limits import Limits


class Reader(StrEnum):
    """Each has a zygote of its own, so that the quick one stays small: forking costs time by its size."""

    PDFIUM = "pdfium"
    PLUMBER = "plumber"
    PICTURES = "pictures"
    """Picture files and pictures of pages, with the program that recognises words."""
    PAPERS = "papers"
    """Everything that is no PDF and no picture: Office files, text, mail and archives."""


class Task(StrEnum):
    READ = "read"
    DRAW = "draw"
    UNPACK = "unpack"
    """Give back the files inside, from number `first_page` on, until `limits.batch_bytes` are reached."""
    SHOWN = "shown"
    """The same for the pictures that a text or its slides show, those that are large enough to show words."""
    CELLS = "cells"
    """Tell the cells of a spreadsheet with their places, for a form that was filled in."""
    PROVE = "prove"
    """Try what is forbidden and tell what was refused: asked once when a cage opens."""


@dataclass(frozen=True, slots=True)
class Order:
    task: Task
    limits: Limits = field(default_factory=Limits)
    first_page: int = 1
    pages: tuple[int, ...] | None = None
    """These pages only; None asks for all of them from `first_page`."""
    width_px: int = 0
    password: str | None = None
    kernel_filter: bool = True

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Order:
        """Read what `line` wrote. It comes from our own parent, so that a mistake may raise anything."""
        told = json.loads(line)
        pages = told.pop("pages")
        return cls(
            task=Task(told.pop("task")),
            limits=Limits(**told.pop("limits")),
            pages=None if pages is None else tuple(pages),
            **told,
        )
