from __future__ import annotations

import subprocess
import sys

import pytest

from tests.golden import make

_CHILD = """
import ctypes, sys
from screening.engine.reading import child, zygote
from screening.engine.reading.orders import Order, Reader, Task

reader, data, said = Reader(sys.argv[1]), sys.stdin.buffer.read(), []
zygote._WARM[reader]()
loaded = set(sys.modules)
child._WORK[reader](Order(task=Task.READ), (ctypes.c_char * len(data)).from_buffer_copy(data), said.append)
assert {"end": True} in said, said
print(*sorted(set(sys.modules) - loaded))
"""


@pytest.mark.parametrize("reader", ["pdfium", "plumber"])
def test_a_child_finds_everything_loaded_that_it_reads_a_document_with(reader: str) -> None:
    """What a zygote has not loaded each of its children loads again: once that took longer than the reading."""
    data = make.pages([make.text("Passports of the workers are kept in the office of the manager.")])
    told = subprocess.run(
        [sys.executable, "-c", _CHILD, reader], input=data, capture_output=True, check=True, timeout=120
    )
    assert told.stdout.decode().split() == []
