"""What is known on this machine: shipped facts, imported updates, and what kept vettings established."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from clearance.app.places import state_folder
from clearance.app.writable import Unwritable
from clearance.model.knowledge import Established, Knowledge, KnowledgeUpdate, Person
from clearance.policy.errors import PolicyError
from clearance.policy.knowledge import shipped_knowledge
from clearance.policy.updates import check_signatures, knowledge_at, read_update
from clearance.policy.vetted import VettingReport, established

_LARGEST = 16 << 20


def updates_folder() -> Path:
    """Where imported updates lie, a file each."""
    return state_folder() / "knowledge"


def imported() -> tuple[KnowledgeUpdate, ...]:
    """The imported updates by serial. Raises PolicyError for a file that is none: it may have loosened or tightened."""
    files = sorted(updates_folder().glob("*.json")) if updates_folder().is_dir() else []
    return tuple(sorted((read_update_file(path) for path in files), key=lambda update: update.serial))


def read_update_file(path: Path) -> KnowledgeUpdate:
    """The update in a file. Raises PolicyError."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise PolicyError(
            f"{path} cannot be read: {error.strerror}.", advice="Name a file that you may read."
        ) from error
    if len(raw) > _LARGEST:
        raise PolicyError(f"{path} is larger than any update.", advice="Is it the right file?")
    return read_update(raw, str(path))


def known(people: Sequence[Person], now: int, at: int) -> Knowledge:
    """The facts that count at a time. Raises PolicyError when an imported file is not the one that people signed."""
    updates = imported()
    for update in updates:
        check_signatures(update, people, now)
    return knowledge_at(shipped_knowledge(), updates, at) if updates else shipped_knowledge()


def keep_update(update: KnowledgeUpdate) -> Path:
    """Write an update that was checked. Raises Unwritable."""
    path = updates_folder() / f"{update.serial:08d}.json"
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(update_bytes(update))
        beside.replace(path)
    except OSError as error:
        raise Unwritable(f"{path} could not be written: {error.strerror}.", advice="Free some space there.") from error
    return path


def update_bytes(update: KnowledgeUpdate) -> bytes:
    """An update as its file."""
    return msgspec.json.format(msgspec.json.encode(update), indent=2) + b"\n"


def shown_by_vettings() -> Iterator[Established]:
    """What the newest kept vetting of each build established. A report that cannot be read establishes nothing.

    Two builds of one version (of two platforms) both count: what fails for one fails.
    """
    newest: dict[tuple[str, str, str], tuple[str, VettingReport, str]] = {}
    folder = state_folder() / "vettings"
    for path in sorted(folder.glob("*/report.json")) if folder.is_dir() else ():
        try:
            raw = path.read_bytes()
            report = msgspec.json.decode(raw, type=VettingReport)
        except (OSError, msgspec.DecodeError, RecursionError):
            continue
        key = (report.target.assistant, report.target.version, report.target.sha256)
        if key not in newest or newest[key][0] < report.created:
            newest[key] = (report.created, report, hashlib.sha256(raw).hexdigest())
    for _, report, digest in newest.values():
        yield from established(report, digest)
