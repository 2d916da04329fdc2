"""Values that show by the name they are given to: ``SOME_API_KEY=…``, ``"client_secret": "…"``.

1. The engine finds runs of six characters or more that hold a digit, behind a quote or an operator.
2. What stands before must be an operator and a name. The name says whose it is: a provider's, then its shapes; or one
   of the words for credentials, then any value that looks drawn at random.
3. Names of what is public, counted or stored elsewhere (``public_key``, ``token_url``, ``key_id``) are none, nor are
   hashes, digests and lock files' integrity.
"""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.chance import UUID, entropy, hexadecimal, looks_random, placeholder
from clearance.detect.secrets.formats import AssignedFormat, providers
from clearance.detect.secrets.reader import Reader
from clearance.detect.secrets.seen import SeenSecret
from clearance.model.finding import Confidence, Severity

_VALUE: Final = r"[A-Za-z0-9+/_.~%@!#^&*$-]"
_PLAIN: Final = r"[A-Za-z+/_.~%@!#^&*$-]"
_ROW: Final = PatternRow(
    id="assigned-value",
    expression=r"""(?:[=:>|][ \t\r\n]{1,12}|['"=:>,(|`])"""
    rf"(?:{_PLAIN}{{0,31}}[0-9](?:{_VALUE}|=){{5}}|{_PLAIN}{{5,47}}[0-9])",
)
_DELIMITER: Final = re.compile(rb"(?s).[ \t\r\n]*")
_WHOLE: Final = re.compile(_VALUE.encode() + rb"{8,400}+={0,3}+")
_BEFORE: Final = 110
_JUNK: Final = b" \t\r\n'\"`\\|=>(+?.:,"
_OPERATORS: Final = frozenset(b"=:>,(|")
_ASSIGNS: Final = frozenset(b"=:>'\"`|")
_NAME: Final = re.compile(rb"[\w. \t-]{2,60}")
_CREDENTIAL: Final = re.compile(
    rb"(?:api|access|auth|secret|private|encryption|signing|master|account|client|service|session|shared|app|"
    rb"bot)[_. -]?"
    rb"(?:key|token|secret|pass)|passw|passphrase|pwd\b|secret|token|credential|creds|user[_. -]?auth|\bauth\b"
)
_NONE: Final = re.compile(
    rb"public|pub[_.-]?key|csrf|xsrf|author|access(?:ibility|or)|"
    rb"token(?:s\b|iz|_?(?:count|type|index|limit|length|file|uri|url|name|id\b|endpoint))|"
    rb"(?:key|secret|credentials?|token|password|passwd|client|access)[_. -]?(?:id|ids|name|length|size|url|uri|file|"
    rb"path|dir|type|version|arn|field|label|hint|alias|vault|store|ring|hash|digest|fingerprint|policy|expir\w*|date|time\w*)\b|"
    rb"(?:next|previous|continuation|change|client|request|action|term|lock|lease|sync|resume|start|upload|cancel|device|push|"
    rb"page|paging|scroll|cursor)[_. -]?token|request[_. -]?token|"
    rb"hash|sha\d|digest|checksum|integrity|fingerprint|etag|commit|revision|nonce|salt\b|cursor|page|uuid|guid|signature|"
    rb"secrets?[_. -]?manager|"
    rb"usersecretsid|credentials?id|secretname|keyname|keyid|keysize|jwks?|schema|primary|foreign|sequence|bucket|idempot"
)
_PASSWORD: Final = re.compile(rb"passw|passphrase|pwd")
_SPOKEN: Final = re.compile(
    rb"(?i)(?:abc|xyz)(?:def|123)|secret|passw|token|credential|api_?key|some_?|(?:must|long|this|that|with)_?[A-Z]"
)
_PROSE: Final = re.compile(rb"\.\w|://|^[/.~]|[/\\].*[/\\]|\$|^%|[&#@!]")
"""Paths, members, URLs and code; passwords may hold the signs."""
_RANK: Final = 3


def assigned_reader() -> Reader:
    """The reader of values by name."""
    return Reader(row=_ROW, read=_read)


def _read(text: bytes, start: int, _end: int) -> Iterator[SeenSecret]:
    start = _DELIMITER.match(text, start).end()  # type: ignore[union-attr]  # the row begins like this
    name = name_before(text, start)
    if not _GATE.search(name.lower()):
        return
    seen = _of_provider(name, text, start) or _of_credential(name.lower(), text, start)
    if seen is not None:
        format_, provider, end = seen
        yield SeenSecret(
            id=format_.id,
            provider=provider,
            what=format_.what,
            start=start,
            end=end,
            severity=Severity.LOW if format_.public else format_.severity,
            confidence=Confidence.MEDIUM if provider else Confidence.LOW,
            rank=_RANK + (not provider),
        )


def name_before(text: bytes, start: int) -> bytes:
    """The name that the value at a place is given to; nothing where nothing is given to a name."""
    left = text[max(0, start - _BEFORE) : start]
    bare = left.rstrip(_JUNK)
    between = left[len(bare) :]
    if not _OPERATORS.intersection(between) or (between[-1:].isspace() and not _ASSIGNS.intersection(between)):
        return b""
    found = _NAME.match(bare[::-1].lstrip(b")]"))
    return found.group()[::-1] if found else b""


def _of_provider(name: bytes, text: bytes, start: int) -> tuple[AssignedFormat, str, int] | None:
    for hit in _PROVIDERS.finditer(name.lower()):
        before = name[hit.start() - 1 : hit.start()]
        if before.isalpha() and not (before.islower() and name[hit.start() : hit.start() + 1].isupper()):
            continue  # ``blob``, ``draws``: a part of a word is no name
        provider, formats = _BY_NAME[_bare(hit.group())]
        for format_, shape in formats:
            found = shape.match(text, start)
            if found and _drawn(found.group(1)):
                return format_, provider, found.end()
    return None


def _drawn(value: bytes) -> bool:
    if placeholder(value):
        return False
    return value.isdigit() or looks_random(value) or (not value.isalpha() and entropy(value) > 2.5)


def _of_credential(name: bytes, text: bytes, start: int) -> tuple[AssignedFormat, str, int] | None:
    whole = _WHOLE.match(text, start)
    if whole is None or not _CREDENTIAL.search(name) or _NONE.search(name):
        return None
    value = whole.group().rstrip(b".,;:&!")
    end = start + len(value)
    if text[end : end + 1] in (b"(", b"[", b"{") or placeholder(value) or _SPOKEN.search(value):
        return None
    if _PASSWORD.search(name):
        fits = len(value) >= 10 and entropy(value) >= 3.0 and _password(value)
        return (_PASSWORD_ROW, "", end) if fits else None
    if UUID.match(value):
        return _GENERIC_ROW, "", end
    if len(value) < 16 or _PROSE.search(value) or entropy(value) < (3.0 if hexadecimal(value) else 3.5):
        return None
    return (_GENERIC_ROW, "", end) if looks_random(value) else None


def _password(value: bytes) -> bool:
    signs = sum(value.count(sign) for sign in (b"!", b"#", b"$", b"%", b"^", b"&", b"*", b"@", b"~"))
    return looks_random(value) and not (signs == 0 and _PROSE.search(value)) and b"://" not in value


def _bare(name: bytes) -> bytes:
    return re.sub(rb"[_. \t-]", b"", name)


_PASSWORD_ROW: Final = AssignedFormat(id="password", what="password", value="", severity=Severity.MEDIUM)
_GENERIC_ROW: Final = AssignedFormat(
    id="generic-credential", what="key, token or secret", value="", severity=Severity.MEDIUM
)
_BOUND: Final = rb")(?![A-Za-z0-9_=+/-])"
_BY_NAME: Final = {
    _bare(name.encode()): (
        provider.name,
        tuple((format_, re.compile(b"(" + format_.value.encode() + _BOUND)) for format_ in provider.assigned),
    )
    for provider in providers()
    for name in provider.names
}
_SPELT: Final = b"|".join(
    name.encode().replace(b"_", rb"[_. \t-]?")
    for name in sorted((name for provider in providers() for name in provider.names), key=len, reverse=True)
)
_PROVIDERS: Final = re.compile(_SPELT)
_GATE: Final = re.compile(_SPELT + rb"|key|token|secret|pass|pwd|cred|auth")
