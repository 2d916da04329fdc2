"""The seccomp filter of a room, as the bytes that bubblewrap takes.

1. Sockets of other families than Unix, IPv4, IPv6 and netlink are refused: some of them (vsock to a hypervisor) know no
   network namespaces and would lead out of the room.
2. io_uring is refused as if the kernel had none: it opens files and sockets past the tracer and past this filter.
3. Keyrings, BPF, performance counters, userfaultfd and file handles are refused: they are shared with the host.
4. Foreign system call tables (32 bits, x32) are refused: the numbers above mean something else there.
"""

import errno
import os
import struct
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR = 0x7FFF_0000, 0x0005_0000
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_X32_BIT = 0x4000_0000
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
_IO_URING = (425, 426, 427)  # setup, enter, register: the same number everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class _Machine:
    architecture: int
    socket: int
    refused: tuple[int, ...]
    """add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd, open_by_handle_at."""


_MACHINES = {
    "x86_64": _Machine(architecture=0xC000_003E, socket=41, refused=(248, 249, 250, 321, 298, 323, 304)),
    "aarch64": _Machine(architecture=0xC000_00B7, socket=198, refused=(217, 218, 219, 280, 241, 282, 265)),
}


def call_filter(machine: str = os.uname().machine) -> bytes:
    """The program for a machine (``uname -m``). Raises OSError for one that nobody has written it for."""
    known = _MACHINES.get(machine)
    if known is None:
        raise OSError(f"no system call filter for the machine type {machine!r}")
    steps = [_step(_LOAD, _ARCHITECTURE_AT), _step(_EQUAL, known.architecture, yes=1), _error(errno.ENOSYS)]
    steps += [_step(_LOAD, _NUMBER_AT), _step(_AT_LEAST, _X32_BIT, no=1), _error(errno.ENOSYS)]
    for number in _IO_URING:
        steps += [_step(_EQUAL, number, no=1), _error(errno.ENOSYS)]
    for number in known.refused:
        steps += [_step(_EQUAL, number, no=1), _error(errno.EPERM)]
    families = [_step(_LOAD, _FIRST_ARGUMENT_AT)]
    for left, family in enumerate(_FAMILIES, start=1):
        families.append(_step(_EQUAL, family, yes=len(_FAMILIES) - left + 1))
    families.append(_error(errno.EAFNOSUPPORT))
    steps += [_step(_EQUAL, known.socket, no=len(families)), *families, _step(_RETURN, _ALLOW)]
    return b"".join(steps)


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; ``yes`` and ``no`` are the steps skipped when a comparison holds or does not."""
    return struct.pack("=HBBI", code, yes, no, value)


def _error(number: int) -> bytes:
    return _step(_RETURN, _ERROR | number)
