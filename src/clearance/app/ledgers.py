"""The ledger on this machine: where it lies, its keys, and writing to it.

The secret key lies beside the state, for its owner alone; the ledger's folder holds nothing secret and can be copied to
whoever verifies it.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from clearance.app.places import state_folder
from clearance.ledger.errors import LedgerBusy, LedgerDamaged, LedgerError, LedgerMissing, NotKept
from clearance.ledger.log import Log
from clearance.ledger.note import Signer, Verifier
from clearance.ledger.reading import LogReader
from clearance.model.record import Event, Record, record_bytes
from clearance.store.files import Files

Clock = Callable[[], datetime]
_LARGEST_INDEX = (1 << 63) - 1


def ledger_folder() -> Path:
    """Where the ledger lies."""
    return state_folder() / "ledger"


def key_files() -> tuple[Path, Path]:
    """The secret key's file and the public one's."""
    keys = state_folder() / "keys"
    return keys / "ledger.key", keys / "ledger.pub"


def make_ledger(origin: str, seed: bytes) -> Path:
    """A new ledger with a new key from 32 secret bytes; the public key's file. Raises LedgerError, OSError."""
    secret, public = key_files()
    if secret.exists():
        raise LedgerDamaged(f"There is a key already: {secret}.", advice="Use it, or move it and its ledger away.")
    signer = Signer.of(origin, seed)
    secret.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{signer.secret_line()}\n")
    public.write_text(f"{signer.verifier}\n", encoding="utf-8")
    with writer(ledger_folder()) as files:
        Log.create(files, signer, origin)
    return public


def own_signer() -> Signer:
    """The secret key of this machine. Raises LedgerMissing."""
    secret, _ = key_files()
    try:
        return Signer.read(secret.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LedgerMissing(
            "There is no key for a ledger here.", advice="`clearance ledger init` makes one."
        ) from error


def verifier_of(named: Path | None) -> Verifier:
    """A public key from a file, else this machine's own. Raises LedgerError."""
    path = named or key_files()[1]
    try:
        return Verifier.read(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise LedgerMissing(
            f"There is no public key in {path}.", advice="Name the ledger's public key with --key."
        ) from error


@contextmanager
def writer(folder: Path) -> Iterator[Files]:
    """Be the one writer of a ledger. Raises LedgerBusy."""
    files = Files(folder)
    try:
        with files.writing():
            yield files
    except BlockingIOError as error:
        raise LedgerBusy(f"Another process writes to {folder}.", advice="Wait for it, or end it.") from error


def append_event(event: Event, clock: Clock) -> int:
    """Write one event to this machine's ledger, acknowledged and published; its number. Raises LedgerError."""
    with writer(ledger_folder()) as files:
        log = Log.open(files, own_signer())
        index = log.append(_bytes(log.next_index, event, clock))
        log.commit()
        log.publish()
    return index


def refuse_too_long(event: Event, clock: Clock) -> None:
    """Raises NotKept for an event that no record can hold: to be known before anything is done that it tells of."""
    _bytes(_LARGEST_INDEX, event, clock)


def reader(folder: Path, key: Path | None) -> LogReader:
    """A published log to read from. Raises LedgerError."""
    if not folder.is_dir():
        raise LedgerMissing(
            f"There is no ledger in {folder}.", advice="Name its folder, or make one: clearance ledger init."
        )
    return LogReader(Files(folder), verifier_of(key))


def _bytes(index: int, event: Event, clock: Clock) -> bytes:
    at = clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    try:
        return record_bytes(Record(index=index, at=at, what=event))
    except ValueError as error:
        raise NotKept(
            f"This cannot be recorded: {error}.", advice="Say it in fewer words; long texts are evidence."
        ) from error


class GroupCommit:
    """Many threads write one log: what comes within a window is acknowledged together.

    ``submit`` gives a future that is done when the record is on the disk. A group that could not be kept fails all its
    futures with NotKept, and the next one is tried anew.
    """

    def __init__(self, log: Log, clock: Clock, *, window_s: float = 0.02, publish_every: int = 50) -> None:
        self._log, self._clock, self._window = log, clock, window_s
        self._every, self._groups = publish_every, 0
        self._waiting: SimpleQueue[tuple[Event, Future[int]] | None] = SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def submit(self, event: Event) -> Future[int]:
        """Hand an event in; the future has its number once it is acknowledged."""
        future: Future[int] = Future()
        self._waiting.put((event, future))
        return future

    def close(self) -> None:
        """Acknowledge what was handed in, publish, and end."""
        self._waiting.put(None)
        self._thread.join()
        self._log.publish()

    def _run(self) -> None:
        open_ = True
        while open_:
            group: list[tuple[Event, Future[int]]] = []
            item = self._waiting.get()
            self._stopped.wait(self._window)  # let others come
            while True:
                if item is None:
                    open_ = False
                else:
                    group.append(item)
                try:
                    item = self._waiting.get_nowait()
                except Empty:
                    break
            self._commit(group)

    def _commit(self, group: list[tuple[Event, Future[int]]]) -> None:
        try:
            numbers = [self._log.append(_bytes(self._log.next_index, event, self._clock)) for event, _ in group]
            self._log.commit()
            self._groups += 1
            if self._groups % self._every == 0:
                self._log.publish()
        except LedgerError as error:
            for _, future in group:
                future.set_exception(error)
            return
        for number, (_, future) in zip(numbers, group, strict=True):
            future.set_result(number)
