"""A shared object with one function, written here byte by byte: ``clock_nanosleep`` that asks the kernel.

libfaketime 0.9.10 fakes that call also when it was told to leave the monotonic clock alone, and hands the kernel a time
before the beginning: Python's ``time.sleep`` then fails with EINVAL. Preloaded before libfaketime, this object keeps
sleeping as it is. A room that stages a clock gets it as a file, so no compiler is needed where rooms are built.

1. Relative sleeps and the monotonic clocks go to the kernel unchanged.
2. An absolute time of the staged wall clock would be months away for the kernel: that one is refused with EINVAL.
"""

import os
import struct
from dataclasses import dataclass

PATH = "/etc/staged-clock/plain-sleep.so"
"""Where it lies in the room."""

_EXPORTED = b"clock_nanosleep"
_ALIGN = 0x10000
"""The largest page that these processors know."""
_LOAD, _DYNAMIC, _STACK = 1, 2, 0x6474E551
_READ_WRITE, _READ_RUN = 6, 5
_HASH, _STRTAB, _SYMTAB, _STRSZ, _SYMENT = 4, 5, 6, 10, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class _Processor:
    machine: int
    """``e_machine`` of ELF."""
    code: bytes


_X64 = _Processor(
    machine=62,
    code=bytes.fromhex(
        "85ff"  # test edi, edi        CLOCK_REALTIME is 0
        "750c"  # jne ask
        "40f6c601"  # test sil, 1      TIMER_ABSTIME
        "7406"  # je ask
        "b816000000"  # mov eax, 22    EINVAL
        "c3"  # ret
        "b8e6000000"  # ask: mov eax, 230
        "4989ca"  # mov r10, rcx       where the kernel takes the fourth argument
        "0f05"  # syscall
        "f7d8"  # neg eax              this call returns the error instead of setting errno
        "c3"  # ret
    ),
)
_ARM64 = _Processor(
    machine=183,
    code=struct.pack(
        "<8I",
        0x35000080,  # cbnz w0, ask
        0x36000061,  # tbz w1, #0, ask
        0x528002C0,  # mov w0, #22
        0xD65F03C0,  # ret
        0xD2800E68,  # ask: mov x8, #115
        0xD4000001,  # svc #0
        0x4B0003E0,  # neg w0, w0
        0xD65F03C0,  # ret
    ),
)
_PROCESSORS = {"x86_64": _X64, "aarch64": _ARM64}


def plain_sleep(machine: str = "") -> bytes | None:
    """The object for a processor as ``uname -m`` names it (this one's when empty), or None for one not known here."""
    processor = _PROCESSORS.get(machine or os.uname().machine)
    return _shared_object(processor) if processor else None


def _shared_object(processor: _Processor) -> bytes:
    """Headers, tables and code, mapped to be run; then the dynamic table, which the linker writes to."""
    names = b"\0" + _EXPORTED + b"\0"
    hashes = 64 + 4 * 56
    symbols = hashes + 24
    strings = symbols + 48
    code = _up(strings + len(names), 16)
    tables = _up(code + len(processor.code), 16)
    pairs = ((_HASH, hashes), (_STRTAB, strings), (_SYMTAB, symbols), (_STRSZ, len(names)), (_SYMENT, 24), (0, 0))
    dynamic = b"".join(struct.pack("<qQ", tag, value) for tag, value in pairs)
    headers = (
        _segment(_LOAD, _READ_RUN, 0, 0, tables, _ALIGN),
        _segment(_LOAD, _READ_WRITE, tables, _ALIGN + tables, len(dynamic), _ALIGN),
        _segment(_DYNAMIC, _READ_WRITE, tables, _ALIGN + tables, len(dynamic), 8),
        _segment(_STACK, _READ_WRITE, 0, 0, 0, 16),
    )
    hash_table = struct.pack("<6I", 1, 2, 1, 0, 0, 0)  # one bucket of two symbols, the second is ours
    symbol = struct.pack("<IBBHQQ", 1, 0x12, 0, 1, code, len(processor.code))  # a global function
    laid = _elf_header(processor.machine) + b"".join(headers) + hash_table + bytes(24) + symbol + names
    return laid.ljust(code, b"\0") + processor.code.ljust(tables - code, b"\0") + dynamic


def _elf_header(machine: int) -> bytes:
    ident = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    return ident + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 4, 64, 0, 0)


def _segment(kind: int, rights: int, offset: int, address: int, size: int, align: int) -> bytes:
    return struct.pack("<IIQQQQQQ", kind, rights, offset, address, address, size, size, align)


def _up(number: int, to: int) -> int:
    return -(-number // to) * to
