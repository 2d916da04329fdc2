"""Credentials in commands and URLs: what curl is handed, ``Authorization`` headers, ``//user:password@host``."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.chance import UUID, entropy, hexadecimal, looks_random, placeholder
from clearance.detect.secrets.reader import Reader
from clearance.detect.secrets.seen import SeenSecret
from clearance.detect.secrets.structure import unbase64
from clearance.model.finding import Confidence, Severity

_HEADER: Final = PatternRow(
    id="authorization-header",
    expression=r"""(?i)(?:authorization|x-[a-z-]{1,24}key|x-[a-z-]{1,24}token|api-?key|api-?token|token)["']?"""
    r"""[ \t]{0,3}:[ \t]{0,5}["']?(?:(?:basic|bearer|token|api-token)[ \t]{1,3})?[A-Za-z0-9_=~@.+/-]{8}""",
    keywords=("authorization", "key:", "token:", 'key"', 'token"', "key'", "token'"),
)
_USER: Final = PatternRow(
    id="curl-user",
    expression=r"""[ \t\n](?:-u|--user)(?:=|[ \t]{0,5})["']?[^ \t\n:"']{0,80}["']?:["']?[^ \t\n"']{1,80}|"""
    r"""[ \t\n](?:-u|--user)(?:=|[ \t]{0,5})"[^ \t\n:"]{6,80}:\"""",
    keywords=(" -u", "\t-u", "\n-u", "--user"),
)
_URL: Final = PatternRow(
    id="url-password",
    expression=r"://[^ \t\n:/@\"'`<>?#]{0,60}"
    r":[^ \t\n:/@\"'`<>?#]{3,100}@[A-Za-z0-9_.-]{3}",
)
_NUGET: Final = PatternRow(
    id="nuget-password",
    expression=r"""(?i)<add[ \t]{1,4}key="(?:cleartext)?password"[ \t]{1,8}value="[^"\n]{8,100}\"""",
    keywords=('password"',),
)
_SCHEME: Final = re.compile(rb"[a-zA-Z0-9+.]{1,20}")
_NEAR: Final = 1200
_PARTS: Final = re.compile(
    rb"(?i)([\w-]+)[\"']?[ \t]*:[ \t]*[\"']?(?:(basic|bearer|token|api-token)[ \t]+)?([A-Za-z0-9_=~@.+/-]{8,4000}+)"
)
_IDLE: Final = re.compile(
    rb"(?i)(?:pass(?:word|wd|w)?|pwd|test|token|user(?:name)?|secret|root|admin|guest|postgres|mysql|redis|rabbitmq|minio|"
    rb"key|foo|bar|baz|pw|changeit|changeme|hunter2|\*+|x+|y+|\.+)[0-9]{0,4}\Z|[\[<{$(%]|\\|\.\.\."
)


def request_readers() -> Iterator[Reader]:
    """Readers of headers, users and URLs."""
    yield Reader(row=_HEADER, read=_read_header)
    yield Reader(row=_USER, read=_read_user)
    yield Reader(row=_URL, read=_read_url)
    yield Reader(row=_NUGET, read=_read_nuget)


def _read_header(text: bytes, start: int, _end: int) -> Iterator[SeenSecret]:
    found = _PARTS.match(text, start)
    if found is None:
        return
    name, scheme, value = found[1].lower(), (found[2] or b"").lower(), found[3].rstrip(b".")
    by_curl = text.rfind(b"curl", max(0, start - _NEAR), start) >= 0
    if (not by_curl and (name != b"authorization" or not scheme)) or placeholder(value):
        return
    if scheme == b"basic":
        fits = _pair(unbase64(value), least=0 if by_curl else 8)
    else:
        fits = UUID.match(value) is not None or (entropy(value) >= (2.75 if by_curl else 3.3) and _drawn(value))
    if fits:
        yield _seen("authorization-header", "credentials of a header", found.start(3), found.start(3) + len(value))


def _read_user(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    value = re.split(rb"-u|--user", text[start:end], maxsplit=1)[-1]
    user, _, password = value.lstrip(b"=er \t\"'").partition(b":")
    password = password.strip(b"\"'") or user.strip(b"\"'")
    if text.rfind(b"curl", max(0, start - _NEAR), start) < 0 or len(password) < 3 or user[:1] in (b"<", b"$"):
        return
    if not (_IDLE.match(password) or placeholder(password) or b"$" in password[:1] or entropy(password) < 2):
        yield _seen("curl-user", "password handed to curl", end - len(value.lstrip(b"= \t")), end)


def _read_url(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    scheme = _SCHEME.match(text[max(0, start - 20) : start][::-1])
    pair = text[start + 3 : end].rpartition(b"@")[0]
    host = text[start + 4 + len(pair) : end + 100].split(b"/")[0]
    password = pair.partition(b":")[2]
    if scheme is None or placeholder(password) or placeholder(host) or _IDLE.match(password) or len(password) < 8:
        return
    if looks_random(password) or (hexadecimal(password) and entropy(password) > 2.5):
        what = f"password in a URL ({scheme.group()[::-1].decode().lower()})"
        yield _seen("url-password", what, start + 3, start + 3 + len(pair))


def _read_nuget(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    value = text[start : end - 1].rpartition(b'"')[2]
    if not ((value.startswith(b"%") and value.endswith(b"%")) or entropy(value) < 2.5 or placeholder(value)):
        yield _seen("nuget-password", "password of a NuGet source", end - 1 - len(value), end - 1)


def _pair(decoded: bytes, *, least: int) -> bool:
    user, colon, password = decoded.partition(b":")
    readable = bool(user or password) and all(32 <= b < 127 for b in decoded)
    return bool(colon) and readable and len(password) >= least and not (_IDLE.match(password) or placeholder(password))


def _drawn(value: bytes) -> bool:
    return looks_random(value) or hexadecimal(value) or sum(48 <= b < 58 for b in value) >= 2


def _seen(row: str, what: str, start: int, end: int) -> SeenSecret:
    return SeenSecret(
        id=row, provider="", what=what, start=start, end=end,
        severity=Severity.HIGH, confidence=Confidence.MEDIUM, rank=3,
    )  # fmt: skip
