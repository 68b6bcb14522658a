"""Tells the Linux kernel which folders a process may read, and that it may write none.

Landlock (Linux 5.13 and later) needs no rights of its own. The reader may see its own program, Python's
library and the fonts: so a document that takes over the reader still finds no other document and no secret.
Numbers are those of include/uapi/linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH, _PR_SET_NO_NEW_PRIVS = 1, 1, 38
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_TCP_FROM_VERSION, _TCP = 4, 0b11


def shut(readable: Iterable[Path]) -> bool:
    """Leave this process and its children only reading below `readable`. False where the kernel cannot."""
    if platform.system() != "Linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, 0, _VERSION_FLAG)
    if version < 1:
        return False
    rights = _RIGHTS_BY_VERSION.get(version, _RIGHTS_BY_VERSION[3])
    words = (rights, _TCP) if version >= _TCP_FROM_VERSION else (rights,)
    ruleset = struct.pack(f"{len(words)}Q", *words)
    rules = libc.syscall(_CREATE, ruleset, len(ruleset), 0)
    if rules < 0:
        return False
    try:
        for folder in readable:
            _allow(libc, rules, folder)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, folder: Path) -> None:
    if not folder.is_dir():
        return
    handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", _EXECUTE | _READ_FILE | _READ_FOLDER, handle)
        libc.syscall(_ADD, rules, _PATH_BENEATH, rule, 0)
    finally:
        os.close(handle)
