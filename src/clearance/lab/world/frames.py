"""Reads HTTP/2 frames beside the library, for what the library keeps to itself: what a client chose, as sent."""

from dataclasses import dataclass, field

from clearance.lab.world.sniff import HTTP2_PREFACE
from clearance.model.trace import Http2Way

_DATA, _HEADERS, _PRIORITY, _SETTINGS, _WINDOW_UPDATE, _CONTINUATION, _LAST_KNOWN = 0, 1, 2, 4, 8, 9, 9
_ACK, _PADDED, _HAS_PRIORITY = 0x01, 0x08, 0x20
_SKIPPED = frozenset({_DATA, _PRIORITY, 3, 5, 6, 7})
_MOST = 1 << 18
_MOST_FRAMES = 200
"""DATA frames of one request whose lengths are kept."""
_LARGEST_SETTINGS = 6 * 64


@dataclass(slots=True)
class _Stream:
    """What the frames of one stream say."""

    block: bytearray = field(default_factory=bytearray)
    """Header block fragments; those of the trailers after them."""
    data: list[int] = field(default_factory=list)
    priority: tuple[int, int, bool] | None = None


class FrameTap:
    """Collects the header block of each stream, how the client set up and framed it, and frames of unknown types."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._skip = len(HTTP2_PREFACE)
        self._streams: dict[int, _Stream] = {}
        self._settings: tuple[tuple[int, int], ...] | None = None
        self._window = 0
        self._asked = False

    def feed(self, data: bytes) -> list[bytes]:
        """The next bytes; gives frames of types that HTTP/2 does not define, whole."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._held += data[skipped:]
        odd = []
        while len(self._held) >= 9:
            size, kind = int.from_bytes(self._held[:3], "big"), self._held[3]
            if kind in _SKIPPED or (kind == _SETTINGS and size > _LARGEST_SETTINGS):
                if kind == _DATA:
                    self._count(size)
                self._drop(9 + size)
                continue
            if len(self._held) < 9 + size:
                break
            frame = bytes(self._held[: 9 + size])
            del self._held[: 9 + size]
            if kind > _LAST_KNOWN:
                odd.append(frame)
            else:
                self._take(frame)
        return odd

    def take(self, stream: int) -> tuple[bytes, Http2Way]:
        """The header blocks of a stream and the way it came; the stream is then forgotten."""
        known = self._streams.pop(stream, None) or _Stream()
        way = Http2Way(
            settings=self._settings or (), window=self._window, priority=known.priority, data_frames=tuple(known.data)
        )
        return bytes(known.block), way

    def _drop(self, size: int) -> None:
        held = min(size, len(self._held))
        del self._held[:held]
        self._skip = size - held

    def _count(self, size: int) -> None:
        known = self._streams.get(_number(self._held[5:9]) & 0x7FFFFFFF)
        if known is not None and len(known.data) < _MOST_FRAMES:
            known.data.append(size)

    def _take(self, frame: bytes) -> None:
        match frame[3]:
            case kind if kind == _SETTINGS:
                if self._settings is None and not frame[4] & _ACK:
                    pairs = (frame[at : at + 6] for at in range(9, len(frame) - 5, 6))
                    self._settings = tuple((_number(p[:2]), _number(p[2:])) for p in pairs)
            case kind if kind == _WINDOW_UPDATE:
                if not self._asked and not _stream_of(frame):
                    self._window += _number(frame[9:13]) & 0x7FFFFFFF
            case _:
                self._keep(frame)

    def _keep(self, frame: bytes) -> None:
        kind, flags = frame[3], frame[4]
        known = self._streams.setdefault(_stream_of(frame), _Stream())
        start, padding = 9, 0
        if kind == _HEADERS:
            self._asked = True
            if flags & _PADDED:
                start, padding = 10, frame[9] if len(frame) > 9 else 0
            if flags & _HAS_PRIORITY:
                depends = _number(frame[start : start + 4])
                weight = frame[start + 4] + 1 if len(frame) > start + 4 else 0
                known.priority = (weight, depends & 0x7FFFFFFF, bool(depends >> 31))
                start += 5
        if len(known.block) < _MOST:
            known.block += frame[start : len(frame) - padding]


def _number(raw: bytes | bytearray) -> int:
    return int.from_bytes(raw, "big")


def _stream_of(frame: bytes) -> int:
    return _number(frame[5:9]) & 0x7FFFFFFF
