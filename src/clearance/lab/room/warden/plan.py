"""The plan of one room as it travels from the main process to its warden: JSON, then the files' bytes."""

import dataclasses
import json
import struct
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Absolute paths of the programs that build a room; empty where the machine has none."""

    bwrap: str
    strace: str
    ip: str
    nft: str
    faketime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file of the room: an absolute path inside it."""

    path: str
    mode: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPlan:
    """All that a warden needs to know. Paths of the host are absolute."""

    folder: str
    """Folder of the host that belongs to this room; holds ``stage`` (a mount point) and ``log``."""
    command: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    hostname: str
    username: str
    home: str
    project: str
    timezone: str
    clock_epoch: float | None
    """Unix seconds that the first session is to believe it starts at; None: real time."""
    sessions: int
    memory_mb: int
    processes: int
    disk_mb: int
    wall_s: float
    log_mb: int
    """The tracer's output may grow to this."""
    mounts: tuple[tuple[str, str], ...]
    """Folder of the host, folder in the room; read-only."""
    trace: bool
    unsafe_share_network: bool
    room_id: int
    """User and group id inside the room."""
    tools: Tools
    files: tuple[PlannedFile, ...]


def encode_plan(plan: RoomPlan) -> bytes:
    """Four bytes of header length, the header, then the contents of the files one after another."""
    fields = {f.name: getattr(plan, f.name) for f in dataclasses.fields(plan)}
    fields["tools"] = dataclasses.asdict(plan.tools)
    fields["files"] = [(file.path, file.mode, len(file.content)) for file in plan.files]
    header = json.dumps(fields).encode()
    return struct.pack(">I", len(header)) + header + b"".join(file.content for file in plan.files)


def decode_plan(data: bytes) -> RoomPlan:
    """What ``encode_plan`` encoded. Both ends are ours and of one version, so nothing is checked."""
    (size,) = struct.unpack_from(">I", data)
    fields: dict[str, Any] = json.loads(data[4 : 4 + size])
    files, at = [], 4 + size
    for path, mode, length in fields["files"]:
        files.append(PlannedFile(path=path, mode=mode, content=data[at : at + length]))
        at += length
    fields["files"] = tuple(files)
    fields["tools"] = Tools(**fields["tools"])
    for name in ("command", "env", "mounts"):
        fields[name] = tuple(tuple(item) if isinstance(item, list) else item for item in fields[name])
    return RoomPlan(**fields)
