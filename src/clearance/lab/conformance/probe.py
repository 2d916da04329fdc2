"""Runs inside a room, alone and with the standard library only: tries to get out, prints what happened as JSON.

Argument: a JSON object with what the host laid out (``HostSide`` in ``check``). Output: one JSON list of
``[name, sealed, detail]``. Connections to the outside are judged by the host, so they come as ``reached`` pairs.
"""

import contextlib
import ctypes
import errno
import functools
import json
import os
import select
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any

Host = dict[str, Any]
Result = tuple[str, bool, str]

OUTSIDE = (
    ("1.1.1.1", 443),
    ("8.8.8.8", 53),
    ("192.0.2.1", 80),
    ("10.0.0.1", 22),
    ("169.254.169.254", 80),
    ("2606:4700:4700::1111", 443),
    ("fd00:ec2::254", 80),
)
RESOLVERS = ("1.1.1.1", "8.8.8.8", "9.9.9.9", "2001:4860:4860::8888")
_QUESTION = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1"
_LIBC = ctypes.CDLL(None, use_errno=True)
_TIMEOUT_S = 0.3
_SETTING = "/proc/sys/kernel/core_pattern"


def outside_connections(host: Host) -> Iterator[Result]:
    """Connect to public, private and metadata addresses; whatever connects must have arrived at the room's socket."""
    for address, port in OUTSIDE:
        with contextlib.closing(socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)) as tried:
            tried.settimeout(_TIMEOUT_S)
            try:
                tried.connect((address, port))
                tried.sendall(f"{host['nonce']} {address} {port}\n".encode())
            except OSError as error:
                yield f"outside {address} port {port}", True, f"not reachable: {error}"
            else:
                yield f"reached {address} port {port}", True, "connected"


def outside_names(_: Host) -> Iterator[Result]:
    """Ask well-known resolvers and QUIC ports; the check does not answer, so any answer came from outside."""
    asked = {}
    for resolver in RESOLVERS:
        made = socket.socket(socket.AF_INET6 if ":" in resolver else socket.AF_INET, socket.SOCK_DGRAM)
        with contextlib.suppress(OSError):
            made.sendto(_QUESTION, (resolver, 53))
        asked[made] = resolver
    answered = [asked[made] for made in select.select(list(asked), [], [], _TIMEOUT_S)[0] if _really(made)]
    yield "resolvers", not answered, f"answered: {', '.join(answered)}" if answered else "no answer"


def _really(made: socket.socket) -> bool:
    try:
        return bool(made.recv(512))
    except OSError:
        return False


def routes(_: Host) -> Iterator[Result]:
    """No gateway in either routing table."""
    with open("/proc/net/route", encoding="ascii") as table:
        found = [line.split()[0] for line in table.readlines()[1:] if line.split()[2] != "00000000"]
    with contextlib.suppress(FileNotFoundError), open("/proc/net/ipv6_route", encoding="ascii") as table:
        found += [line.split()[9] for line in table if line.split()[4].strip("0")]
    yield "routes", not found, f"gateways on {', '.join(found)}" if found else "no gateway"


def host_listeners(host: Host) -> Iterator[Result]:
    """The host's loopback and its Unix sockets must not be there."""
    targets = (
        ("host loopback IPv4", socket.AF_INET, ("127.0.0.1", host["port4"])),
        ("host loopback IPv6", socket.AF_INET6, ("::1", host["port6"])),
        ("host Unix socket", socket.AF_UNIX, host["unix"]),
        ("host abstract socket", socket.AF_UNIX, "\0" + host["abstract"]),
    )
    for name, family, address in targets:
        with contextlib.closing(socket.socket(family)) as tried:
            tried.settimeout(_TIMEOUT_S)
            try:
                tried.connect(address)
            except OSError as error:
                yield name, True, str(error)
            else:
                yield name, False, "connected"


def namespaces(host: Host) -> Iterator[Result]:
    """No namespace is the host's."""
    for kind, theirs in host["namespaces"].items():
        ours = os.readlink(f"/proc/self/ns/{kind}")
        yield f"namespace {kind}", ours != theirs, ours


def host_files(host: Host) -> Iterator[Result]:
    """The host's files must not be there, at their own place or through another process's root."""
    for root in ("", "/proc/1/root", "/proc/self/root/..", "/proc/self/cwd/../../../../.."):
        there = os.path.exists(root + host["secret"])
        yield f"host file through {root or '/'}", not there, "readable" if there else "not there"
    for folder in ("/root", "/home", "/var", "/run", "/opt", "/srv", "/mnt", "/media", "/boot", "/sys"):
        names = set(os.listdir(folder)) if os.path.isdir(folder) else set()
        strange = sorted(names - set(host["expected"].get(folder, ())))
        yield f"host folder {folder}", not strange, f"holds {', '.join(strange[:5])}" if strange else "empty"


def host_processes(host: Host) -> Iterator[Result]:
    """Only the room's own processes, and none of the host's."""
    seen = [name for name in os.listdir("/proc") if name.isdigit()]
    yield "host processes", len(seen) <= 4, f"{len(seen)} processes"
    try:
        os.kill(host["pid"], 0)
        yield "host process by number", str(host["pid"]) in seen and len(seen) <= 4, "there is one"
    except OSError as error:
        yield "host process by number", True, str(error)
    if host["pid"] != os.getpid():
        yield _refused("trace a host process", lambda: _call("ptrace", 16, host["pid"], None, None))
    powers = _status("1")["CapPrm"] + _status("1")["CapBnd"]
    yield "powers of process 1", not powers.strip("0"), powers


def _refused(name: str, attempt: Callable[[], object]) -> Result:
    try:
        result = attempt()
    except OSError as error:
        return name, True, str(error)
    return name, False, f"allowed: {result!r}"


def _call(function: str, *arguments: object) -> int:
    result = int(getattr(_LIBC, function)(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def sockets(_: Host) -> Iterator[Result]:
    """Raw and packet sockets, and families that know no network namespaces."""
    yield _refused("raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
    yield _refused("raw IPv6 socket", lambda: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6))
    yield _refused("packet socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
    yield _refused("vsock", lambda: socket.socket(40, socket.SOCK_STREAM))
    yield _refused("kernel crypto socket", lambda: socket.socket(38, socket.SOCK_SEQPACKET))


def kernel_doors(_: Host) -> Iterator[Result]:
    """New namespaces, mounts, other users, other roots, io_uring, the host name, devices."""
    for name, flag in (("user", 0x1000_0000), ("network", 0x4000_0000), ("mount", 0x2_0000), ("PID", 0x2000_0000)):
        yield _refused(f"new {name} namespace", functools.partial(_call, "unshare", flag))
    yield _refused("mount", lambda: _call("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None))
    yield _refused("remount /usr", lambda: _call("mount", b"", b"/usr", None, 0x1020, None))
    yield _refused("chroot", lambda: os.chroot("/tmp"))
    yield _refused("setuid", lambda: os.setuid(0))
    yield _refused("setgroups", lambda: os.setgroups([0]))
    yield _refused("io_uring", lambda: _call("syscall", 425, 1, None))
    yield _refused("another host name", lambda: socket.sethostname("escaped"))
    yield _refused("device node", lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0)))


def netlink(_: Host) -> Iterator[Result]:
    """A route and a firewall table may not be added."""
    gateway = struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 4, 0, 1, 0) + struct.pack("=HH4B", 8, 5, 192, 168, 1, 1)
    yield "change routes", *_netlink(0, 24, 0x605, gateway)
    table = struct.pack("=BBH", 2, 0, 0) + struct.pack("=HH4s", 8, 1, b"esc\0")
    yield "change packet filter", *_netlink(12, (10 << 8) | 0, 0x605, table)


def _netlink(protocol: int, kind: int, flags: int, body: bytes) -> tuple[bool, str]:
    try:
        with contextlib.closing(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)) as asked:
            asked.settimeout(_TIMEOUT_S)
            asked.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
            answer = asked.recv(4096)
    except OSError as error:
        return True, str(error)
    number = -struct.unpack_from("=i", answer, 16)[0] if struct.unpack_from("=H", answer, 4)[0] == 2 else 0
    return number in {errno.EPERM, errno.EACCES}, os.strerror(number)


def system_writes(_: Host) -> Iterator[Result]:
    """The system is read-only."""
    for path in (
        "/escaped",
        "/usr/escaped",
        "/usr/bin/escaped",
        "/etc/passwd",
        "/etc/escaped",
        "/dev/escaped",
        _SETTING,
    ):
        yield _refused(f"write {path}", functools.partial(_open_to_write, path))


def _status(process: str) -> dict[str, str]:
    with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def _open_to_write(path: str) -> None:
    with open(path, "ab"):
        pass


def own_state(host: Host) -> Iterator[Result]:
    """No capabilities, no way to gain any, a filter, no descriptor and no variable of the host."""
    status = _status("self")
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        yield f"capabilities {name}", not status[name].strip("0"), status[name]
    yield "no new privileges", status["NoNewPrivs"] == "1", status["NoNewPrivs"]
    yield "system call filter", status["Seccomp"] == "2", status["Seccomp"]
    handles = [
        name for name in os.listdir("/proc/self/fd") if int(name) > 2 and os.path.exists(f"/proc/self/fd/{name}")
    ]
    yield "inherited descriptors", not handles, f"open: {', '.join(handles)}" if handles else "none"
    strange = sorted(set(os.environ) - set(host["env"]))
    yield "inherited variables", not strange, ", ".join(strange) or "none"


GROUPS = (
    own_state, namespaces, routes, outside_connections, outside_names, host_listeners, host_files, host_processes,
    sockets, kernel_doors, netlink, system_writes,
)  # fmt: skip


def main() -> None:
    """Run every group; one that breaks is a failed check under its own name."""
    host = json.loads(sys.argv[1])
    results: list[Result] = []
    for group in GROUPS:
        try:
            results += group(host)
        except Exception as error:  # noqa: BLE001  # what could not be tried is not sealed
            results.append((group.__name__.replace("_", " "), False, f"could not be tried: {error!r}"))
    print(json.dumps(results))  # noqa: T201  # this is the probe's only way to report


if __name__ == "__main__":
    main()
