"""Reads HTTP/2 frames beside the library, for what the library keeps to itself: header block fragments as sent."""

from clearance.lab.world.sniff import HTTP2_PREFACE

_HEADERS, _CONTINUATION, _LAST_KNOWN = 1, 9, 9
_PADDED, _PRIORITY = 0x08, 0x20
_SKIPPED = frozenset({0, 2, 3, 4, 5, 6, 7, 8})
_MOST = 1 << 18


class FrameTap:
    """Collects the header block of each stream (its trailers' block after it), and frames of unknown types."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._skip = len(HTTP2_PREFACE)
        self._blocks: dict[int, bytearray] = {}

    def feed(self, data: bytes) -> list[bytes]:
        """The next bytes; gives frames of types that HTTP/2 does not define, whole."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._held += data[skipped:]
        odd = []
        while len(self._held) >= 9:
            size, kind = int.from_bytes(self._held[:3], "big"), self._held[3]
            if kind in _SKIPPED:
                self._drop(9 + size)
                continue
            if len(self._held) < 9 + size:
                break
            frame = bytes(self._held[: 9 + size])
            del self._held[: 9 + size]
            if kind > _LAST_KNOWN:
                odd.append(frame)
            else:
                self._keep(frame)
        return odd

    def take(self, stream: int) -> bytes:
        """The header blocks of a stream, which is then forgotten."""
        return bytes(self._blocks.pop(stream, b""))

    def _drop(self, size: int) -> None:
        held = min(size, len(self._held))
        del self._held[:held]
        self._skip = size - held

    def _keep(self, frame: bytes) -> None:
        kind, flags = frame[3], frame[4]
        stream = int.from_bytes(frame[5:9], "big") & 0x7FFFFFFF
        start, padding = 9, 0
        if kind == _HEADERS:
            if flags & _PADDED:
                start, padding = 10, frame[9] if len(frame) > 9 else 0
            start += 5 if flags & _PRIORITY else 0
        block = self._blocks.setdefault(stream, bytearray())
        if len(block) < _MOST:
            block += frame[start : len(frame) - padding]
