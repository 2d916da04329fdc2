"""How a request is written, not what it says: choices that a client makes without a reader ever seeing them.

Each choice is a leaf of its own, ``written: <situation>``. A situation that only one side met (nobody had to write a
character beyond ASCII there) says nothing, so such leaves are compared only where both sides had to choose.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

WRITTEN = "written: "
"""What the place of every such leaf begins with."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_SPACED = re.compile(rb"([ \t\r\n]*)([{}\[\],:]|[^ \t\r\n{}\[\],:]+)")
_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_BEYOND_ASCII = re.compile(rb"\\u[0-9a-fA-F]{4}|\\.|[\xc2-\xf4][\x80-\xbf]*", re.DOTALL)
_MARKUP = re.compile(rb"\\u00(?:3[cCeE]|26)|\\.|[<>&]", re.DOTALL)
_ESCAPED_MARKUP = frozenset(rb"\u003c \u003C \u003e \u003E \u0026".split())
_SOLIDUS = re.compile(rb"\\.|/", re.DOTALL)
_SHORT = {0x08: b"\\b", 0x09: b"\\t", 0x0A: b"\\n", 0x0C: b"\\f", 0x0D: b"\\r", 0x22: b'\\"', 0x5C: b"\\\\"}
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})([^\r\n]*)(\r?\n)")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_OPTIONAL = "!$'()*,:;@"
"""Signs that most clients may write as they are or escaped, and mean the same (RFC 3986, 2.2 and 3.3)."""
_SPACE_NAMES = {0x20: "space", 0x09: "tab", 0x0A: "line feed", 0x0D: "carriage return"}
_RUN = re.compile(rb" +|\t+|\n+|\r+|.", re.DOTALL)
_SHOWN = 40
"""Positions told of a choice that is not always made alike; of more, their digest."""

_BEGINS = {
    "request line": "white-space",
    "request start": "white-space",
    "header lines": "white-space",
    "host letters": "case",
    "method letters": "case",
    "content-length": "number-format",
    "repeated": "repetition",
    "JSON repeated": "repetition",
    "host": "spelling",
    "request target": "spelling",
    "path slashes": "spelling",
    "path dots": "spelling",
    "path end": "spelling",
    **dict.fromkeys(("chunk", "gzip", "zlib", "trailers", "HTTP/2"), "framing"),
}
_HOLDS = {"space": "white-space", "case": "case"}
Choice = tuple[str, str]
"""A situation and what was chosen in it."""


def mechanism_of(situation: str) -> str:
    """By what a difference in this situation is a difference of form."""
    begins = (mechanism for begin, mechanism in _BEGINS.items() if situation.startswith(begin))
    holds = (mechanism for part, mechanism in _HOLDS.items() if part in situation)
    return next(begins, None) or next(holds, "escaping")


def json_choices(body: bytes) -> Iterator[Choice]:
    """White space between tokens, and which characters are escaped and how. ``body`` is valid JSON (or lines of it)."""
    yield from _white_space(_skeleton(body))
    escapes = frozenset(_ESCAPE.findall(body)) if b"\\" in body else frozenset[bytes]()
    if not body.isascii() or any(len(e) == 6 and _code(e) > 0x7F for e in escapes):
        yield from _mixed("JSON characters beyond ASCII", _beyond_ascii(body, escapes))
    if b"/" in body:
        slashes = (b"raw" if m == b"/" else m for m in _SOLIDUS.findall(body) if m in {b"/", b"\\/"})
        yield from _mixed("JSON solidus", slashes if b"\\/" in escapes else (b"raw",))
    if not escapes.isdisjoint(_ESCAPED_MARKUP):
        found = (m if m[:1] == b"\\" else b"raw" for m in _MARKUP.findall(body) if len(m) != 2)
        yield from _mixed("JSON markup characters", (_spelling(m) for m in found))
    elif any(sign in body for sign in (b"<", b">", b"&")):
        yield "JSON markup characters", "raw"
    yield from _needless(escapes)


def _skeleton(body: bytes) -> bytes:
    """The JSON with each string as a single quotation mark: backslashes and quotes stand in and around strings only."""
    if b"\0" in body:  # lines in another encoding than UTF-8
        return _STRING.sub(b'"', body)
    if b"\\" in body:
        body = body.replace(rb"\\", b"").replace(rb"\"", b"")
    return b'"'.join(body.split(b'"')[::2])


def _beyond_ascii(body: bytes, escapes: frozenset[bytes]) -> Iterable[bytes]:
    if not any(len(e) == 6 for e in escapes):
        return (b"raw",)
    found = (m for m in _BEYOND_ASCII.findall(body) if m[:1] != b"\\" or (len(m) == 6 and _code(m) > 0x7F))
    # Half characters can only be written as escapes: no choice there.
    return (_spelling(m) if m[:1] == b"\\" else b"raw" for m in found if m[2:4].lower() not in _HALVES or len(m) != 6)


_HALVES = frozenset(b"d8 d9 da db dc dd de df".split())


def _code(escape: bytes) -> int:
    """The code unit of a six-byte escape."""
    return int(escape.removeprefix(b"\\u"), 16)


def _spelling(escape: bytes) -> bytes:
    """With small or with capital hex digits; where all are decimal, with small ones."""
    if escape[:1] != b"\\":
        return escape
    return b"\\uXXXX" if escape[2:] != escape[2:].lower() else b"\\uxxxx"


def _needless(escapes: Iterable[bytes]) -> Iterator[Choice]:
    """How controls, quotes and ordinary ASCII are escaped, where it is not the usual way."""
    controls: set[str] = set()
    ordinary: set[str] = set()
    for escape in escapes:
        if len(escape) != 6:
            continue
        code = _code(escape)
        if code < 0x20 or code in _SHORT:
            usual = escape == escape.lower() and code not in _SHORT
            controls.update(() if usual else (escape.decode(),))
        elif code < 0x7F and chr(code) not in "<>&":
            ordinary.add(escape.decode())
    yield "JSON controls", " ".join(sorted(controls)) or "as usual"
    yield "JSON letters, digits and signs", " ".join(sorted(ordinary)) or "as they are"


def _white_space(skeleton: bytes) -> Iterator[Choice]:
    """``skeleton``: JSON whose strings are single quotation marks."""
    if not re.search(rb"[ \t\r\n]", skeleton):
        sites = [(name, sign) for name, sign in (("after comma", b","), ("after colon", b":")) if sign in skeleton]
        yield from ((f"JSON space {name}", "none") for name, _ in sites)
        yield "JSON space at brackets", "none"
        yield "JSON space before commas and colons", "none"
        yield "JSON space before it", "none"
        yield "JSON space behind it", "none"
        return
    found: dict[str, list[bytes]] = {}
    for where, space in _spaces(skeleton):
        found.setdefault(where, []).append(space)
    for where, kinds in found.items():
        yield from _mixed(f"JSON space {where}", kinds)


def _spaces(skeleton: bytes) -> Iterator[tuple[str, bytes]]:
    """Each place where white space may stand: its situation and what stands there; indents count by level."""
    depth, before = 0, b""
    for space, token in _SPACED.findall(skeleton):
        depth -= token in b"}]"
        yield _situation(before, token, depth), _indent(space, depth)
        depth += token in b"{["
        before = token
    yield "behind it", white_space_in_words(skeleton[len(skeleton.rstrip(b" \t\r\n")) :]).encode()


def _situation(before: bytes, token: bytes, depth: int) -> str:
    if not before or depth < 0:
        return "before it"
    if token in b"}]":
        return "in empty brackets" if before in b"{[" else "before the last bracket" if depth == 0 else "at brackets"
    if before in b"{[":
        return "at brackets"
    if token in b",:":
        return "before commas and colons"
    return "after comma" if before == b"," else "after colon" if before == b":" else "between values"


def _indent(space: bytes, depth: int) -> bytes:
    """``none``, the white space in words, or a new line with so much for each level."""
    filler = space[1:]
    if not space or space[:1] != b"\n" or depth < 1 or len(filler) % depth or len(set(filler)) > 1:
        return white_space_in_words(space).encode()
    return f"a new line and {white_space_in_words(filler[: len(filler) // depth])} a level".encode()


def white_space_in_words(space: bytes) -> str:
    """``none``, ``a space``, ``2 spaces``, ``a line feed and a tab``."""
    if not space:
        return "none"
    runs = [(_SPACE_NAMES.get(run[0]) or f"byte {run[0]:02x}", len(run)) for run in _RUN.findall(space)]
    return " and ".join(f"a {name}" if count == 1 else f"{count} {name}s" for name, count in runs)


def _mixed(situation: str, kinds: Iterable[bytes]) -> Iterator[Choice]:
    """One choice; where it is not always the same, which of them was made otherwise."""
    listed = list(kinds)
    if not listed:
        return
    usual, _ = max(sorted(Counter(listed).items()), key=lambda item: item[1])
    others = [f"{number} {kind.decode()}" for number, kind in enumerate(listed, 1) if kind != usual]
    text = ", ".join(others) if len(others) <= _SHOWN else _digest(others)
    yield situation, usual.decode() + (f", but {text}" if others else "")


def _digest(texts: Sequence[str]) -> str:
    return f"{len(texts)} others ({hashlib.sha256(','.join(texts).encode()).hexdigest()[:12]})"


def form_choices(text: str, kind: str = "form") -> Iterator[Choice]:
    """How URL-encoded fields are spelt: spaces, percent signs (``path_choices``), fields without a value."""
    escapes = set(_PERCENT.findall(text))
    if "+" in text or "%20" in escapes:
        yield f"{kind} space", " and ".join(sorted({"+"} & set(text) | {"%20"} & escapes))
    yield from path_choices(text, kind)
    bare = sum("=" not in field for field in text.split("&"))
    yield f"{kind} fields", f"{bare} without a value" if bare else "as usual"


def path_choices(text: str, kind: str = "path") -> Iterator[Choice]:
    """Percent signs: case of the hex digits, what is escaped without need, signs that may be escaped or not."""
    escapes = set(_PERCENT.findall(text))
    if cased := {"upper" if e == e.upper() else "lower" for e in escapes if e.upper() != e.lower()}:
        yield f"{kind} hex digits", " and ".join(sorted(cased))
    needless = sorted(e for e in escapes if chr(int(e[1:], 16)) in _UNRESERVED)
    yield f"{kind} escapes", " ".join(needless) or "as usual"
    meant = {chr(int(e[1:], 16)) for e in escapes}
    for sign in _OPTIONAL:
        if sign in text or sign in meant:
            both = sign in text and sign in meant
            yield f"{kind} sign {sign}", "both ways" if both else "raw" if sign in text else "escaped"


def head_choices(head: bytes) -> Iterator[Choice]:
    """How an HTTP/1.1 head is laid out: spaces of the request line, after colons and at line ends, folded lines."""
    begins = head.lstrip(b"\r\n")
    yield "request start", _counted(head[: len(head) - len(begins)].count(b"\n"), "empty line")
    line, *lines = begins.split(b"\n")
    spaces = [white_space_in_words(each) for each in re.findall(rb"[ \t]+", line.rstrip(b"\r"))]
    layout = "as usual" if spaces == ["a space"] * 2 else " … ".join(spaces) or "no space"
    yield "request line", f"{layout}{_line_end(line)}"
    kinds = {_layout(each) for each in lines if each.strip() and (_is_folded(each) or each.partition(b":")[2].strip())}
    yield "header lines", "; ".join(sorted(kinds)) or "none"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)} before it" if number else "at once"


def _is_folded(line: bytes) -> bool:
    return line[:1] in (b" ", b"\t")


def _layout(line: bytes) -> str:
    if _is_folded(line):
        return f"a folded line{_line_end(line)}"
    _, _, rest = line.partition(b":")
    value = rest.rstrip(b"\r")
    before = rest[: len(rest) - len(rest.lstrip(b" \t"))]
    behind = value[len(value.rstrip(b" \t")) :]
    usual = before == b" " and not behind
    first = "as usual" if usual else f"{white_space_in_words(before) if before else 'no space'} before the value"
    return f"{first}{f', {white_space_in_words(behind)} behind it' if behind else ''}{_line_end(line)}"


def _line_end(line: bytes) -> str:
    return "" if line.endswith(b"\r") else ", with a line feed alone at its end"


def chunk_choices(raw: bytes) -> Iterator[Choice]:
    """Chunked framing: the sizes that the body is cut at (the last follows from its length), and their spelling."""
    sizes: list[int] = []
    spelt: set[str] = set()
    at = 0
    while match := _CHUNK.match(raw, at):
        digits, extension, end = match.groups()
        sizes.append(int(digits, 16))
        spelt |= _spelt(digits, extension, end)
        at = match.end()
        if not sizes[-1]:
            break
        at += sizes[-1]
        at += len(end) if raw.startswith(end, at) else 0
    cuts = sorted(set(sizes[:-2] if sizes and sizes[-1] == 0 else sizes[:-1]))
    yield "chunk sizes", " ".join(map(str, cuts[:20])) or "one chunk"
    if cased := {"upper", "lower"} & spelt:
        yield "chunk digits", " and ".join(sorted(cased))
    yield "chunk lines", "\n".join(sorted(spelt - {"upper", "lower"})) or "as usual"
    yield "trailers", raw[at:].rstrip(b"\r\n").decode("latin-1")[:2000] or "none"


def _spelt(digits: bytes, extension: bytes, end: bytes) -> set[str]:
    seen = {
        "upper": digits != digits.lower(),
        "lower": digits != digits.upper(),
        "leading zeros": digits[:1] == b"0" and len(digits) > 1,
        extension.decode("latin-1"): bool(extension),
        "LF": end == b"\n",
    }
    return {what for what, there in seen.items() if there}


def gzip_choices(body: bytes) -> Iterator[Choice]:
    """The header of a gzip or zlib stream: flags, time, level, system, and the names it can carry."""
    if body[:2] == b"\x1f\x8b" and len(body) >= 10:
        yield "gzip header", f"flags {body[3]:02x}, level {body[8]:02x}, system {body[9]:02x}"
        yield "gzip time", str(int.from_bytes(body[4:8], "little"))
        if body[3] & 0b11100:
            yield "gzip names", repr(body[10:74].split(b"\0")[0])[1:]
    elif len(body) >= 2:
        yield "zlib header", body[:2].hex() if body[:1] == b"\x78" else "none"
