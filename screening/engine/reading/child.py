"""What happens inside the cage: one process, one document, one answer, then nothing more.

The process has been forked for this one document. It locks itself up before it looks at a byte of it,
answers page by page, so that what was read before a crash is kept, and ends without returning.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from screening.engine.reading import frames, guard
from screening.engine.reading.orders import Order, Reader, Task
from screening.engine.reasons import Reason

DONE, OUT_OF_MEMORY, FAILED = 0, 64, 65
"""How the process ends; anything else is a death."""


def live(order: Order, reader: Reader, data_handle: int, answer_handle: int) -> NoReturn:
    """Carry out one order and end this process."""
    status = FAILED
    try:
        limits = order.limits
        in_force = guard.lock_up(
            memory=limits.memory,
            cpu_seconds=int(limits.wall_clock(limits.pages)) + 1,
            kernel_filter=order.kernel_filter,
        )
        say = Voice(answer_handle)
        if order.task is Task.PROVE:
            say({"guard": in_force, "refused": _try_what_is_forbidden()})
        else:
            _WORK[reader](order, _bytes_of(data_handle), say)
        status = DONE
    except MemoryError:
        status = OUT_OF_MEMORY
    except BaseException:  # noqa: BLE001  The exit status is the message; a traceback could hold words of the document.
        status = FAILED
    finally:
        os._exit(status)


class Voice:
    """Writes messages to the parent, each at once: so it knows which page a crash belongs to."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def __call__(self, message: dict[str, Any]) -> None:
        self._put(frames.pack(message))

    def picture(self, body: bytes) -> None:
        self._put(frames.pack_bytes(body))

    def member(self, name: str, size: int, reason: str | None, body: bytes = b"") -> None:
        """A file inside the document: what it is called, and its bytes in pieces that fit into frames."""
        pieces = range(0, len(body), frames.PIECE)
        self({"member": name, "size": size, "reason": reason, "pieces": len(pieces)})
        for start in pieces:
            self.picture(body[start : start + frames.PIECE])

    def _put(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            view = view[os.write(self._handle, view) :]


def _bytes_of(handle: int) -> Any:
    """The document as a private copy-on-write view, which costs no copy."""
    size = os.fstat(handle).st_size
    return (ctypes.c_char * size).from_buffer(mmap.mmap(handle, size, access=mmap.ACCESS_COPY))


def _try_what_is_forbidden() -> list[str]:
    """Names of the things that were refused, as they must be."""
    import socket
    import subprocess

    tries: dict[str, Callable[[], object]] = {
        "network": lambda: socket.socket().close(),
        "program": lambda: subprocess.run([sys.executable, "-c", ""], check=False),
        "fork": lambda: os._exit(DONE) if os.fork() == 0 else None,
        "write": lambda: os.close(os.open("/dev/null", os.O_WRONLY)),
        "delete": lambda: Path("/nothing-of-this-name").unlink(),
        "kill": lambda: os.kill(os.getppid(), 0),
    }
    refused = []
    for name, attempt in tries.items():
        try:
            attempt()
        except PermissionError:
            refused.append(name)
        except OSError:
            continue
    return refused


def _pdfium(order: Order, data: Any, say: Voice) -> None:
    from screening.engine.reading import attached, contradictions, drawing, pdfium

    try:
        document = pdfium.open_document(data, order.password)
    except pdfium.CannotOpen as error:
        say({"stop": error.reason})
        return
    if order.task is Task.DRAW:
        for number in order.pages or ():
            try:
                say.picture(drawing.draw(document, number, order.width_px, order.limits))
            except pdfium.CannotOpen:
                say({"undrawn": number})
        return
    if order.task is Task.UNPACK:
        from screening.engine.reading.papers import answering  # Loads the readers of all other kinds: 40 ms.

        answering.give(attached.files(document.raw, order.first_page, order.limits), order, say)
        return
    bent = contradictions.contradicts_itself(bytes(data))
    _describe(document, order, say, bent=bent)
    count = len(document)
    say({"count": count})
    if count > order.limits.pages:
        return
    gc.disable()  # The process ends with the document; collecting on the way only costs time.
    reader = pdfium.PageReader(document, order.limits)
    for number in range(order.first_page, count + 1) if order.pages is None else order.pages:
        say(reader.answer(number))
    if reader.attached:
        _describe(document, order, say, bent=bent, on_pages=reader.attached)
    if reader.fields:
        say({"fields": reader.fields})
    say({"end": True})


def _describe(document: Any, order: Order, say: Voice, *, bent: bool, on_pages: int = 0) -> None:
    """Tell what the file is besides its pages: attachments (those `on_pages` later), a dynamic form, a bent one."""
    from screening.engine.reading import attached, forms

    members = min(order.limits.members, attached.count(document.raw, order.limits) + on_pages)
    dynamic = forms.is_dynamic(document.raw)
    if members or dynamic or bent:
        say({"kind": "pdf", "members": members, "remark": Reason.DYNAMIC_FORM if dynamic else None, "bent": bent})


def _plumber(order: Order, data: Any, say: Voice) -> None:
    from screening.engine.reading import plumber

    try:
        document = plumber.open_document(bytes(data), order.password)
        count = len(document.pages)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  The library raises nearly anything on a broken file.
        say({"stop": plumber.reason_of(error, order.password)})
        return
    say({"count": count})
    if count > order.limits.pages:
        return
    wanted = None if order.pages is None else list(order.pages)
    for answer in plumber.pages(document, wanted, order.limits):
        say(answer)
    say({"end": True})


def _papers(order: Order, data: Any, say: Voice) -> None:
    from screening.engine.reading.papers import answering

    if order.task is Task.UNPACK:
        answering.unpack(bytes(data), order, say)
    elif order.task is Task.SHOWN:
        answering.shown(bytes(data), order, say)
    elif order.task is Task.CELLS:
        answering.cells(bytes(data), order, say)
    else:
        answering.read(bytes(data), order, say)


def _pictures(order: Order, data: Any, say: Voice) -> None:
    import io

    from screening.engine.reading import pictures, warming

    if order.task is Task.DRAW:
        for number in order.pages or ():
            try:
                say.picture(pictures.drawn(io.BytesIO(data), number, order.width_px, order.limits))
            except pictures.BROKEN:
                say({"undrawn": number})
        return
    try:
        found = list(pictures.answers(io.BytesIO(data), order.limits, warming.recogniser()))
    except pictures.BROKEN:
        say({"stop": pictures.why_not(io.BytesIO(data))})
        return
    say({"kind": "picture"})
    say({"count": len(found)})
    for answer in found:
        say(answer)
    say({"end": True})


_WORK = {Reader.PDFIUM: _pdfium, Reader.PLUMBER: _plumber, Reader.PAPERS: _papers, Reader.PICTURES: _pictures}
