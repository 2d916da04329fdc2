"""How a client speaks HTTP/2: its settings, windows, priorities, and how it cuts a body into frames."""

from collections.abc import Iterator

from clearance.model.trace import Http2Way

_FRAME = 16384
"""Octets that a DATA frame may hold unless the server allows more: longer bodies have to be cut."""
_NAMES = {
    1: "header table size",
    2: "enable push",
    3: "concurrent streams",
    4: "initial window",
    5: "frame size",
    6: "header list size",
    8: "extended CONNECT",
    9: "no RFC 7540 priorities",
}


def http2_choices(way: Http2Way) -> Iterator[tuple[str, str]]:
    """Each choice with its situation. The length of the last DATA frame follows from that of the body: no choice."""
    settings = (f"{_NAMES.get(number, f'setting {number}')} {value}" for number, value in way.settings)
    yield "HTTP/2 settings", ", ".join(settings) or "none"
    yield "HTTP/2 window", f"{way.window} more" if way.window else "as it is"
    yield "HTTP/2 priority", _priority(way.priority)
    sizes = list(way.data_frames)
    last_is_empty = sizes[-1:] == [0]
    while sizes[-1:] == [0]:
        sizes.pop()
    if sizes:
        body = "a long body" if sum(sizes) > _FRAME else "a short body"
        cuts = sorted(set(sizes[:-1]))
        yield f"HTTP/2 frames of {body}", f"cut at {' and '.join(map(str, cuts[:20]))}" if cuts else "one"
        yield f"HTTP/2 end of {body}", "an empty frame" if last_is_empty else "its last frame"


def _priority(priority: tuple[int, int, bool] | None) -> str:
    if priority is None:
        return "none"
    weight, depends, exclusive = priority
    return f"weight {weight}, depends on stream {depends}{', exclusively' if exclusive else ''}"
