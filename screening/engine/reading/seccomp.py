"""Tells the Linux kernel to refuse a process everything but reading, computing and answering.

The filter is a list of the calls that are allowed; every other call fails with EPERM: opening sockets,
starting programs or processes, looking into other processes, deleting, renaming. Files may be opened for
reading only. Numbers are those of the kernel's own tables (arch/x86/entry/syscalls/syscall_64.tbl and
include/uapi/asm-generic/unistd.h).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_O_TMPFILE_BIT = 0o20000000


@dataclass(frozen=True, slots=True)
class Machine:
    audit: int
    """AUDIT_ARCH_* of include/uapi/linux/audit.h."""
    allowed: tuple[int, ...]
    opening: tuple[tuple[int, int], ...]
    """Calls that open files, with the place of their flags among the arguments."""
    writing: int
    """Flags with which a file is opened for more than reading."""


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | _O_TMPFILE_BIT


def _numbers(words: str) -> tuple[int, ...]:
    return tuple(map(int, words.split()))


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        _numbers(
            "0 1 3 4 5 6 7 8 9 10 11 12 13 14 15 17 19 20 21 24 25 27 28 35 "
            "39 60 63 72 79 89 96 97 98 99 102 104 107 108 110 131 186 201 202 204 217 219 221 228 "
            "229 230 231 262 267 269 271 273 309 318 324 332 334 439"
        ),
        ((2, 1), (257, 2)),
        _WRITING,
    ),
    "aarch64": Machine(
        0xC00000B7,
        _numbers(
            "17 25 48 57 61 62 63 64 65 66 67 73 78 79 80 93 94 98 99 101 113 114 115 123 "
            "124 128 132 134 135 139 160 163 165 168 169 172 173 174 175 176 177 178 179 214 215 216 222 223 "
            "226 232 233 278 283 291 293 439"
        ),
        ((56, 2),),
        _WRITING,
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def program(machine: Machine) -> bytes:
    """The filter as the kernel wants it: eight bytes a step."""
    steps = [
        _step(_LOAD, _MACHINE_AT),
        _step(_EQUAL, machine.audit, yes=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
    ]
    for number in machine.allowed:
        steps += [_step(_EQUAL, number, no=1), _step(_RETURN, _ALLOW)]
    for number, argument in machine.opening:
        steps += [
            _step(_EQUAL, number, no=4),
            _step(_LOAD, _ARGUMENTS_AT + 8 * argument),
            _step(_ANY_BIT, machine.writing, yes=1),
            _step(_RETURN, _ALLOW),
            _step(_RETURN, _REFUSE),
        ]
    steps.append(_step(_RETURN, _REFUSE))
    return b"".join(steps)


def shut() -> bool:
    """Put the filter on this process, for good. False where this machine or kernel has none."""
    machine = MACHINES.get(platform.machine())
    if machine is None or platform.system() != "Linux":
        return False
    steps = program(machine)
    buffer = ctypes.create_string_buffer(steps, len(steps))
    filter_ = _Program(len(steps) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0) == 0)
