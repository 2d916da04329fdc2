"""What an opener may do with the container before it: name stretches, write what it decompressed, say what is wrong."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from clearance.intake.unpack.door import LimitReached
from clearance.intake.unpack.inside.findings import Findings
from clearance.intake.unpack.inside.region import Broken, Region, opened
from clearance.intake.unpack.names import BadName, parts_of
from clearance.model.contents import Language

_SLACK = 1 << 20
_PADDING = 64
"""Bytes between members that are taken for padding or headers."""
_ZEROS_FROM = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Bytes that are a member and may be a container."""

    path: str
    how: str
    region: Region
    depth: int
    decompressed: bool = False
    """The region is the whole of a scratch file."""
    hint: Language | None = None
    runtime: bool = False


Look = Callable[[Found], None]
"""Makes a member of what was found and opens it."""


@dataclass(slots=True)
class Container:
    """One container that is being opened.

    Every method that adds a member raises LimitReached when a limit is reached; the Problem is then recorded.
    """

    path: str
    region: Region
    depth: int
    findings: Findings
    look: Look
    _lying: int = 0
    _written: int = 0
    _claimed: list[tuple[int, int]] = field(default_factory=list)
    _names: set[bytes | str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("!")[2].rpartition("/")[2]

    def lies(
        self, name: bytes | str, at: int, size: int, *, how: str, hint: Language | None = None, runtime: bool = False
    ) -> None:
        """A member that lies uncompressed in the container. Raises Broken when it says that it lies outside."""
        region = self.region.part(at, size)
        self._admit(name)
        self._lying += size
        if self._lying > 2 * self.region.size + _SLACK:
            self._end("bomb", "its entries overlap: they claim more than twice its bytes")
        self.claim(at, size)
        path = f"{self.path}!{readable(name)}"
        self.look(Found(path=path, how=how, region=region, depth=self.depth + 1, hint=hint, runtime=runtime))

    def write(
        self,
        name: bytes | str,
        chunks: Iterable[bytes],
        *,
        how: str,
        hint: Language | None = None,
        inner: "Callable[[Container], bool] | None" = None,
    ) -> None:
        """A member that has to be decompressed. What breaks off is kept as far as it came, then Broken passes on.

        ``inner`` is asked first whether the bytes are the other half of this container (the tar of a tar.gz); if so
        it has opened them, and they are no member themselves.
        """
        self._admit(name)
        broken: list[Broken] = []
        file = self.findings.write(self._weighed(chunks, broken))
        with opened(file) as region:
            if inner is None or not inner(Container(self.path, region, self.depth, self.findings, self.look)):
                path = f"{self.path}!{readable(name)}"
                self.look(Found(path=path, how=how, region=region, depth=self.depth + 1, decompressed=True, hint=hint))
        if broken:
            raise broken[0]

    def claim(self, at: int, size: int) -> None:
        """These bytes are accounted for."""
        if size > 0:
            self._claimed.append((at, at + size))

    def unclaimed(self, at: int, end: int, *, hint: Language | None = None, runtime: bool = False) -> None:
        """Members for the stretches of ``at`` to ``end`` that nothing accounts for, padding left out."""
        for begin, stop in self._gaps(at, end):
            if stop - begin > _PADDING and not self._only_zeros(begin, stop):
                self.lies(f"(unclaimed at {begin})", begin, stop - begin, how="unclaimed", hint=hint, runtime=runtime)

    def after(self, at: int) -> None:
        """What follows a payload: where an ELF's section table ends the file, it and the symbols are the runtime's."""
        head = self.region.read(0, 64)
        runtime = False
        if head.startswith(b"\x7fELF\x02\x01") and len(head) == 64:
            sections, each, count = (
                int.from_bytes(head[40:48], "little"),
                head[58],
                int.from_bytes(head[60:62], "little"),
            )
            runtime = sections >= at and sections + each * count == self.region.size
        self.unclaimed(at, self.region.size, runtime=runtime)

    def check_name(self, raw: bytes | str, *, is_folder: bool = False) -> None:
        """Record what is wrong with an entry's name: names are only noted, but installers would follow them.

        Archives may name a folder again and again.
        """
        try:
            parts_of(raw)
        except BadName as bad:
            self.problem(bad.kind, raw, bad.problem, "its bytes were read, the name was not followed")
        if is_folder:
            return
        if raw in self._names:
            self.problem("duplicate", raw, "two entries have the name", "both were read")
        self._names.add(raw)

    def problem(self, kind: str, name: bytes | str, problem: str, resolution: str) -> None:
        """Something is wrong with one entry, or with the container (an empty name)."""
        path = f"{self.path}!{readable(name)}" if name else self.path
        self.findings.problem(kind, path, problem, resolution)

    def closed(self, name: bytes | str, size: int, reason: str) -> None:
        """An entry stays closed; an empty name is the container itself."""
        self.findings.unopened(f"{self.path}!{readable(name)}" if name else self.path, size, reason)

    def _admit(self, name: bytes | str) -> None:
        limits = self.findings.limits
        if self.depth >= limits.depth:
            self._end("nested-too-deep", f"more than {limits.depth} containers lie in one another")
        if not self.findings.members_left():
            self._end("too-many-files", f"more than {limits.members} members ({readable(name)[:80]} is the next)")

    def _end(self, kind: str, problem: str) -> None:
        self.findings.problem(kind, self.path, problem, "its opening ended there")
        raise LimitReached

    def _weighed(self, chunks: Iterable[bytes], broken: list[Broken]) -> Iterator[bytes]:
        limits, size = self.findings.limits, 0
        most = max(limits.ratio_from_bytes, limits.ratio * self.region.size)
        try:
            for chunk in chunks:
                size += len(chunk)
                self._written += len(chunk)
                if size > limits.one_member:
                    self._end("bomb", f"one of its members is larger than {limits.one_member} bytes")
                if self._written > most:
                    self._end("bomb", f"it unpacks to more than {limits.ratio} times its size")
                if self.findings.room_left() < len(chunk):
                    self._end("bomb", f"with it the release unpacks to more than {limits.total_bytes} bytes")
                yield chunk
        except Broken as error:
            broken.append(error)

    def _gaps(self, at: int, end: int) -> Iterator[tuple[int, int]]:
        for begin, stop in sorted(self._claimed):
            if begin > at:
                yield at, min(begin, end)
            at = max(at, stop)
            if at >= end:
                return
        yield at, end

    def _only_zeros(self, begin: int, stop: int) -> bool:
        return stop - begin <= _ZEROS_FROM and not self.region.read(begin, stop - begin).strip(b"\0")


def readable(name: bytes | str) -> str:
    """A name as it is, with what is not UTF-8 escaped; cut at a thousand characters."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "backslashreplace")
    return raw.decode("utf-8", "backslashreplace")[:1000]
