"""A small ``/etc`` for the room: made up where it names people and places, copied where programs need it."""

import os
import re

from clearance.lab.room.warden.network import RESOLVER
from clearance.lab.room.warden.plan import RoomPlan

_COPIED = (
    "ld.so.cache",
    "ld.so.conf",
    "mime.types",
    "services",
    "protocols",
    "debian_version",
    "gai.conf",
    "bash.bashrc",
    "profile",
    "inputrc",
    "ssl/openssl.cnf",
    "locale.alias",
    "login.defs",
)
BOUND = ("alternatives", "ld.so.conf.d", "fonts", "terminfo")
"""Folders of the host's ``/etc`` that are bound read-only where they exist: links and settings of programs."""

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


def read_copied() -> dict[str, bytes]:
    """Host files that go into every room's ``/etc``; read once, by the keeper."""
    found = {}
    for name in _COPIED:
        try:
            with open(f"/etc/{name}", "rb") as file:
                found[name] = file.read()
        except OSError:
            continue
    return found


def made_up(plan: RoomPlan) -> dict[str, bytes]:
    """The files of ``/etc`` that are written for this room, by name below ``/etc``."""
    user, host, number = plan.username, plan.hostname, plan.room_id
    texts = {
        "passwd": f"root:x:0:0:root:/root:/bin/bash\n{user}:x:{number}:{number}:{user}:{plan.home}:/bin/bash\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
        "group": f"root:x:0:\n{user}:x:{number}:\nnogroup:x:65534:\n",
        "hostname": f"{host}\n",
        "hosts": f"127.0.0.1 localhost\n127.0.1.1 {host}\n::1 localhost ip6-localhost ip6-loopback\n",
        "resolv.conf": f"nameserver {RESOLVER}\n",
        "host.conf": "multi on\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n"
        "services: files\nprotocols: files\n",
        "timezone": f"{plan.timezone}\n",
        "machine-id": "7c0e5b1f9ad24c63b8f3e6a1d2947f50\n",  # no factor: the same always
        "shells": "/bin/sh\n/bin/bash\n",
    }
    return {name: text.encode() for name, text in texts.items()}


def links(plan: RoomPlan) -> dict[str, str]:
    """Symbolic links of ``/etc``: name below ``/etc`` to target. Raises ValueError for a strange time zone."""
    if not _ZONE.fullmatch(plan.timezone):
        raise ValueError(f"not a time zone name: {plan.timezone!r}")
    return {
        "localtime": f"/usr/share/zoneinfo/{plan.timezone}",
        "os-release": "../usr/lib/os-release",
        "mtab": "../proc/self/mounts",
    }


def bound_folders() -> tuple[str, ...]:
    """Those of ``BOUND`` that this host has."""
    return tuple(name for name in BOUND if os.path.isdir(f"/etc/{name}"))
