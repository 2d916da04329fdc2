"""DNS without sockets: reads a question byte for byte and builds its answer.

Questions are read by hand: labels, case and odd bytes are evidence, and nothing a room sends may raise. Answers repeat
the question's own bytes.
"""

import ipaddress
import struct
from dataclasses import dataclass

from dnslib import QTYPE

from clearance.lab.world.names import NameBook

_A, _PTR, _AAAA, _OPT, _ANY = 1, 12, 28, 41, 255
_TTL = 300
_NXDOMAIN = 3
_MOST_QUESTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, and the address or name it was answered with (empty: no such record)."""

    name_raw: str
    """Labels joined with dots, case as sent; bytes outside printable ASCII, dots and backslashes as ``\\ddd``."""
    qtype: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A DNS message, read and answered."""

    asked: tuple[Asked, ...]
    reply: bytes
    surplus: bool
    """True when the message carries more than questions and a bare EDNS record: worth keeping whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    labels: tuple[bytes, ...]
    qtype: int
    start: int
    end: int

    @property
    def name_raw(self) -> str:
        return ".".join("".join(_shown(byte) for byte in label) for label in self.labels)


def answer_query(message: bytes, book: NameBook) -> Answered | None:
    """Reads a query and answers each of its questions; None when the bytes are no DNS query."""
    questions = _questions(message)
    if questions is None:
        return None
    asked, records, code = [], [], 0
    for question in questions:
        answer, data = _look_up(question, book)
        if question.qtype == _PTR and not answer:
            code = _NXDOMAIN
        if data:
            records.append(_record(question, data))
        asked.append(Asked(name_raw=question.name_raw, qtype=_type_name(question.qtype), answer=answer))
    end = questions[-1].end
    edns = _has_edns(message, end)
    (flags,) = struct.unpack_from(">H", message, 2)
    head = message[:2] + struct.pack(
        ">HHHHH", 0x8080 | (flags & 0x0110) | code, len(questions), len(records), 0, int(edns)
    )
    option = struct.pack(">BHHIH", 0, _OPT, 1232, 0, 0) if edns else b""
    reply = head + message[12:end] + b"".join(records) + option
    return Answered(asked=tuple(asked), reply=reply, surplus=len(message) > end + (11 if edns else 0))


def _questions(message: bytes) -> list[_Question] | None:
    if len(message) < 12:
        return None
    flags, count = struct.unpack_from(">HH", message, 2)
    if flags & 0xF800 or not 0 < count <= _MOST_QUESTIONS:  # a response, or not a plain query
        return None
    questions, at = [], 12
    for _ in range(count):
        question = _question(message, at)
        if question is None:
            return None
        questions.append(question)
        at = question.end
    return questions


def _question(message: bytes, start: int) -> _Question | None:
    labels, at, total = [], start, 1
    while at < len(message) and (size := message[at]):
        total += size + 1
        if size > 63 or total > 255 or at + 1 + size > len(message):
            return None
        labels.append(message[at + 1 : at + 1 + size])
        at += 1 + size
    if at + 5 > len(message):
        return None
    (qtype,) = struct.unpack_from(">H", message, at + 1)
    return _Question(labels=tuple(labels), qtype=qtype, start=start, end=at + 5)


def _look_up(question: _Question, book: NameBook) -> tuple[str, bytes]:
    name = question.name_raw
    if not name:
        return "", b""
    if question.qtype in {_A, _ANY}:
        address = book.ipv4(name)
        return address, ipaddress.IPv4Address(address).packed
    if question.qtype == _AAAA:
        address = book.ipv6(name)
        return address, ipaddress.IPv6Address(address).packed
    if question.qtype == _PTR:
        pointed = book.name_of(_reversed_address(name.lower()))
        return pointed, _encode_name(pointed) if pointed else b""
    return "", b""


def _record(question: _Question, data: bytes) -> bytes:
    kind = _A if question.qtype == _ANY else question.qtype
    return struct.pack(">HHHIH", 0xC000 | question.start, kind, 1, _TTL, len(data)) + data


def _reversed_address(name: str) -> str:
    parts = name.split(".")[::-1]
    try:
        if parts[:2] == ["arpa", "in-addr"]:
            return str(ipaddress.IPv4Address(".".join(parts[2:])))
        if parts[:2] == ["arpa", "ip6"]:
            return str(ipaddress.IPv6Address(bytes.fromhex("".join(parts[2:]))))
    except ValueError:
        pass
    return ""


def _encode_name(name: str) -> bytes:
    labels = [label.encode("ascii", "replace")[:63] for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _has_edns(message: bytes, end: int) -> bool:
    return message[end : end + 3] == b"\0\0\x29"


def _type_name(qtype: int) -> str:
    return str(QTYPE.forward.get(qtype, f"TYPE{qtype}"))


def _shown(byte: int) -> str:
    return chr(byte) if 0x20 < byte < 0x7F and byte not in b".\\" else f"\\{byte:03d}"
