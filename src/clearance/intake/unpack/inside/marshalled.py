"""The harmless part of Python's marshal format: lists, tuples, dicts, strings, numbers. Never code, never ``marshal``.

``marshal.loads`` may crash the interpreter over hostile bytes.
"""

from dataclasses import dataclass, field

from clearance.intake.unpack.inside.region import Broken

Value = str | bytes | int | None | tuple["Value", ...] | list["Value"] | dict["Value", "Value"]

_SHARED = 0x80
_DEEPEST = 16
_STRINGS = {ord(c): size for size, letters in ((4, "uatAs"), (1, "zZ")) for c in letters}
"""Kinds of strings and the bytes that their length takes."""
_CONSTANTS: dict[int, Value] = {ord("N"): None, ord("T"): 1, ord("F"): 0}
_END = object()


def parse(raw: bytes) -> Value:
    """The value that begins the bytes. Raises Broken over anything else, however it is nested."""
    value = _Parser(raw).value(0)
    if value is _END:
        raise Broken("its marshalled table is empty")
    return value  # type: ignore[return-value]


@dataclass(slots=True)
class _Parser:
    raw: bytes
    at: int = 0
    seen: list[object] = field(default_factory=list)

    def value(self, depth: int) -> object:
        if depth > _DEEPEST:
            raise Broken("its marshalled table is nested too deep")
        code = self._take(1)[0]
        kind, shared = code & ~_SHARED, bool(code & _SHARED)
        if kind in _STRINGS:
            return self._remember(self._string(kind), shared)
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        match chr(kind):
            case "i":
                return self._remember(int.from_bytes(self._take(4), "little", signed=True), shared)
            case "r":
                return self._again()
            case "0":
                return _END
            case "(" | "[" | ")":
                return self._row(kind, depth, shared)
            case "{":
                return self._pairs(depth, shared)
        raise Broken("its marshalled table holds something else than names and numbers")

    def _row(self, kind: int, depth: int, shared: bool) -> object:  # noqa: FBT001 - a flag of the format
        count = int.from_bytes(self._take(1 if kind == ord(")") else 4), "little")
        if count > len(self.raw):
            raise Broken("its marshalled table says that it is longer than it is")
        place = len(self.seen)
        self._remember(None, shared)
        row = [self.value(depth + 1) for _ in range(count)]
        value = row if kind == ord("[") else tuple(row)
        if shared:
            self.seen[place] = value
        return value

    def _pairs(self, depth: int, shared: bool) -> object:  # noqa: FBT001 - a flag of the format
        found: dict[object, object] = {}
        self._remember(found, shared)
        while (key := self.value(depth + 1)) is not _END:
            if not isinstance(key, str | bytes | int):
                raise Broken("its marshalled table has a key that is no name")
            found[key] = self.value(depth + 1)
        return found

    def _again(self) -> object:
        index = int.from_bytes(self._take(4), "little")
        if index >= len(self.seen):
            raise Broken("its marshalled table points to what is not there")
        return self.seen[index]

    def _string(self, kind: int) -> object:
        raw = self._take(int.from_bytes(self._take(_STRINGS[kind]), "little"))
        return raw if kind == ord("s") else raw.decode("utf-8", "backslashreplace")

    def _remember(self, value: object, shared: bool) -> object:  # noqa: FBT001 - a flag of the format
        if shared:
            self.seen.append(value)
        return value

    def _take(self, size: int) -> bytes:
        piece = self.raw[self.at : self.at + size]
        if len(piece) < size:
            raise Broken("its marshalled table ends in the middle")
        self.at += size
        return piece
