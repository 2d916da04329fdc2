"""What the check lays out on the host for the probe to reach for: listeners, a Unix socket, a secret file."""

import os
import secrets
import shutil
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

_KINDS = ("net", "mnt", "pid", "ipc", "uts", "user")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSide:
    """Open listeners of the host, and how the probe is told of them."""

    folder: Path
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))
    listeners: tuple[socket.socket, ...]
    """Loopback IPv4, loopback IPv6 (may be missing on the host), Unix, abstract Unix."""
    port4: int
    port6: int
    unix: str
    abstract: str
    secret: str

    def told(self, *, env: tuple[str, ...], expected: dict[str, tuple[str, ...]]) -> dict[str, object]:
        """The probe's argument. ``expected``: folder of the room to the names that may lie there."""
        return {
            "nonce": self.nonce,
            "port4": self.port4,
            "port6": self.port6,
            "unix": self.unix,
            "abstract": self.abstract,
            "secret": self.secret,
            "pid": os.getpid(),
            "namespaces": {kind: str(Path(f"/proc/self/ns/{kind}").readlink()) for kind in _KINDS},
            "env": env,
            "expected": expected,
        }

    def visited(self) -> tuple[str, ...]:
        """Listeners that somebody reached."""
        return tuple(str(one.getsockname()) for one in self.listeners if _accepted(one))

    def close(self) -> None:
        """Close the listeners and remove the Unix socket."""
        for one in self.listeners:
            one.close()
        shutil.rmtree(Path(self.unix).parent, ignore_errors=True)


def lay_out(folder: Path) -> HostSide:
    """Open everything; the folder takes the Unix socket and the secret file."""
    four = _listener(socket.AF_INET, ("127.0.0.1", 0))
    listeners = [four]
    port6 = four.getsockname()[1]
    try:
        six = _listener(socket.AF_INET6, ("::1", 0))
    except OSError:  # the host speaks no IPv6: the probe then tries a port where nobody listens
        pass
    else:
        port6 = six.getsockname()[1]
        listeners.append(six)
    near = Path(tempfile.mkdtemp(prefix="cl-"))  # a Unix socket's path has 107 bytes, a campaign's folder may have more
    near.chmod(0o755)
    unix, abstract, secret = str(near / "listener"), f"clearance-{secrets.token_hex(8)}", folder / "secret"
    listeners += [_listener(socket.AF_UNIX, unix), _listener(socket.AF_UNIX, f"\0{abstract}")]
    Path(unix).chmod(0o777)  # so that only the room's walls keep the probe from it
    secret.write_text("not for rooms")
    folder.chmod(0o755)
    return HostSide(
        folder=folder,
        listeners=tuple(listeners),
        port4=four.getsockname()[1],
        port6=port6,
        unix=unix,
        abstract=abstract,
        secret=str(secret),
    )


def _listener(family: int, address: str | tuple[str, int]) -> socket.socket:
    made = socket.socket(family)
    made.bind(address)
    made.listen(8)
    made.setblocking(False)  # noqa: FBT003
    return made


def _accepted(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except OSError:
        return False
    return True
