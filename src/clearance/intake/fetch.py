"""Ask a registry over HTTPS, through the cache: answers as bytes, archives as checked blobs."""

import base64
import binascii
import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from clearance.intake.cache import Blob, Cache
from clearance.intake.errors import IntegrityMismatch, OfflineMiss, RegistryUnreachable
from clearance.model.ids import Digest

if TYPE_CHECKING:
    import httpx

Progress = Callable[[str, int, int | None], None]
"""What is fetched, bytes so far, bytes in all (None: not known)."""

_LARGEST_ANSWER = 256 << 20
_LARGEST_ARCHIVE = 4 << 30
_TRIES = 3
_AT_ONCE = 6
_TIMEOUT_S, _CONNECT_S = 60.0, 20.0
_RANK = ("sha512", "sha384", "sha256", "sha1")
_UNREACHABLE = (
    "Check the network and the proxy (HTTPS_PROXY), or name a mirror of the registry; "
    "with --offline only what is in the cache is used."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the registry says an archive's digest is, in its own notation (``sha512-<base64>``, ``sha256:<hex>``)."""

    text: str

    def parse(self) -> tuple[str, bytes] | None:
        """The strongest algorithm named, and the digest; None when nothing usable is there."""
        found: dict[str, bytes] = {}
        for word in self.text.split():
            for algorithm in _RANK:
                if word.startswith(algorithm + "-"):
                    found.setdefault(algorithm, _unbase64(word.split("?", 1)[0][len(algorithm) + 1 :]))
                elif word.startswith(algorithm + ":"):
                    found.setdefault(algorithm, _unhex(word[len(algorithm) + 1 :]))
        return next(((name, found[name]) for name in _RANK if found.get(name)), None)


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """One acquisition's way to the network. Safe to share between threads."""

    cache: Cache
    offline: bool = False
    progress: Progress | None = None
    max_age_s: float = 0.0
    """How old, in seconds by ``clock``, a kept answer about something that can change may be."""
    clock: Callable[[], float] | None = None
    """Unix seconds; without one no answer counts as young."""
    downloaded_bytes: int = 0
    """Bytes of bodies received so far, answers and archives."""
    _client: "httpx.Client | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()

    def kept(self, kind: str, key: str) -> bytes | None:
        """A kept answer about something that can change, if it may serve: it is young, or the network is off."""
        at = self.cache.noted_at(kind, key)
        young = at is not None and self.clock is not None and self.clock() - at <= self.max_age_s
        return self.cache.noted(kind, key) if young or self.offline else None

    def answer(self, url: str, *, what: str, accept: str = "application/json") -> bytes | None:
        """The body of a GET; None when the registry says there is no such thing (404, 410).

        Raises:
            OfflineMiss: the network may not be asked.
            RegistryUnreachable: no answer, or an error, after three tries.
        """
        self.refuse_offline(what)
        for last in (False, False, True):
            try:
                return self._body(url, accept)
            except _transient() as error:
                if last:
                    raise _unreachable(what, error) from error
            except _hopeless() as error:
                raise _unreachable(what, error) from error
        return None

    def archive(self, url: str, expected: Expected, *, what: str) -> Blob:
        """The archive at ``url`` as a blob whose digest is the expected one; the cache is asked first.

        Raises:
            IntegrityMismatch: other bytes came than the registry published, or it gives no digest.
            OfflineMiss, RegistryUnreachable: see ``answer``.
        """
        want = expected.parse()
        if want is None:
            raise IntegrityMismatch(
                f"The registry gives no digest for {what}, so nobody can say whether it is what was published.",
                advice="Take another version, or vet a local copy of it.",
            )
        if (known := self._known(want)) is not None:
            return known
        self.refuse_offline(what)
        blob = self._download(url, want, what)
        self.cache.note("digests", f"{want[0]}:{want[1].hex()}", blob.sha256.encode())
        return blob

    def archives(self, wanted: Sequence[tuple[str, Expected, str]]) -> tuple[Blob, ...]:
        """Several archives (address, digest, what it is), six at once, in the order asked for.

        The first failure, or an interrupt, ends the transfers that still run. Raises as ``archive``.
        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                return tuple(pool.map(lambda one: self.archive(one[0], one[1], what=one[2]), wanted))
            except BaseException:
                self._stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _known(self, want: tuple[str, bytes]) -> Blob | None:
        if want[0] == "sha256":
            return self.cache.blob(Digest(want[1].hex()))
        noted = self.cache.noted("digests", f"{want[0]}:{want[1].hex()}")
        return self.cache.blob(Digest(noted.decode())) if noted else None

    def _download(self, url: str, want: tuple[str, bytes], what: str) -> Blob:
        digest = hashlib.new(want[0], usedforsecurity=False)

        def chunks() -> Iterator[bytes]:
            for chunk in self._pieces(url, what):
                digest.update(chunk)
                yield chunk

        def check(_path: Path, _sha256: Digest) -> None:
            if digest.digest() != want[1]:
                raise IntegrityMismatch(
                    f"What came for {what} is not what the registry published: "
                    f"{want[0]} is {digest.hexdigest()[:16]}…, not {want[1].hex()[:16]}….",
                    advice="Try again; if it stays so, something on the way to the registry changes what you download.",
                )

        return self.cache.keep_blob(chunks(), check)

    def refuse_offline(self, what: str) -> None:
        """Raise OfflineMiss, naming ``what``, when the network may not be asked."""
        if self.offline:
            raise OfflineMiss(
                f"{what} is not in the cache, and --offline forbids to fetch it.",
                advice="Run it once without --offline.",
            )

    def _body(self, url: str, accept: str) -> bytes | None:
        body = bytearray()
        with self._opened().stream("GET", url, headers={"accept": accept}) as response:
            if response.status_code in _GONE:
                return None
            _refuse_error(response)
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _LARGEST_ANSWER:
                    raise _Refused(f"its answer is longer than {_LARGEST_ANSWER} bytes")
        with self._lock:
            self.downloaded_bytes += len(body)
        return bytes(body)

    def _pieces(self, url: str, what: str) -> Iterator[bytes]:
        """The archive's bytes; a broken transfer goes on where it broke off."""
        received, tries = 0, 0
        while True:
            try:
                for piece, total in self._from(url, received, what):
                    received += len(piece)
                    self._report(what, len(piece), received, total)
                    yield piece
            except _transient() as error:
                tries += 1
                if tries >= _TRIES:
                    raise _unreachable(what, error) from error
            except _hopeless() as error:
                raise _unreachable(what, error) from error
            else:
                return

    def _from(self, url: str, start: int, what: str) -> Iterator[tuple[bytes, int | None]]:
        # Identity: a compressed body would make the offsets of a resumed transfer meaningless.
        headers = {"accept-encoding": "identity", **({"range": f"bytes={start}-"} if start else {})}
        with self._opened().stream("GET", url, headers=headers) as response:
            if response.status_code in _GONE:
                raise RegistryUnreachable(
                    f"The registry lists {what}, but its archive is not there ({url}).",
                    advice="It may have been withdrawn; take another version.",
                )
            _refuse_error(response)
            skip = start if response.status_code != 206 else 0
            length = response.headers.get("content-length", "")
            total = int(length) + start - skip if length.isdigit() else None
            if (total or 0) > _LARGEST_ARCHIVE:
                raise _Refused(f"it is {total} bytes long")
            for whole in response.iter_raw(1 << 18):
                piece, skip = whole[skip:], max(0, skip - len(whole))
                if piece:
                    yield piece, total

    def _report(self, what: str, size: int, received: int, total: int | None) -> None:
        if self._stop.is_set():
            raise RegistryUnreachable(
                f"{what} was given up.", advice="Another transfer failed first, or it was interrupted."
            )
        if received > _LARGEST_ARCHIVE:
            raise _Refused(f"it is longer than {_LARGEST_ARCHIVE} bytes")
        with self._lock:
            self.downloaded_bytes += size
            if self.progress is not None:
                self.progress(what, received, total)

    def _opened(self) -> "httpx.Client":
        with self._lock:
            if self._client is None:
                import httpx  # here: what is in the cache, or on disk, needs no client

                self._client = httpx.Client(
                    timeout=httpx.Timeout(_TIMEOUT_S, connect=_CONNECT_S), follow_redirects=True
                )
            return self._client


class _Refused(Exception):  # noqa: N818 - an answer, not a failure of ours
    """The server answered with an error, or too much."""


_GONE = (404, 410)


def _transient() -> tuple[type[Exception], ...]:
    """What may go better when it is tried again."""
    import httpx

    return httpx.TransportError, _Refused


def _hopeless() -> tuple[type[Exception], ...]:
    import httpx

    return httpx.InvalidURL, httpx.RequestError


def _refuse_error(response: "httpx.Response") -> None:
    if response.status_code >= 400:
        raise _Refused(f"{response.url.host} answered {response.status_code} {response.reason_phrase}".rstrip())


def _unreachable(what: str, error: Exception) -> RegistryUnreachable:
    why = str(error).rstrip(". ") or type(error).__name__
    return RegistryUnreachable(f"{what} could not be fetched: {why}.", advice=_UNREACHABLE)


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
