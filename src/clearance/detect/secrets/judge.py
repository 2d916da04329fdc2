"""One object that finds secrets in bytes: hits that never hold the secret, and gaps for what was not judged.

1. One pass of the engine over the whole text, whatever its size; each match is read by its row's reader.
2. Of secrets that overlap the more telling one counts: a provider's token before a value by its name.
3. A hit shows at most four characters, the length, and a digest under a key that is handed in, so that equal secrets
   can be told and a short one cannot be guessed from its digest.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from clearance.detect.patterns import Engine, Patterns
from clearance.detect.secrets.assigned import assigned_reader
from clearance.detect.secrets.jwt import jwt_readers
from clearance.detect.secrets.kubernetes import kubernetes_reader
from clearance.detect.secrets.payment import payment_readers
from clearance.detect.secrets.pem import pem_reader
from clearance.detect.secrets.persons import person_readers
from clearance.detect.secrets.reader import Reader
from clearance.detect.secrets.requests import request_readers
from clearance.detect.secrets.seen import SeenSecret
from clearance.detect.secrets.tokens import token_readers
from clearance.model.finding import Clear, Evidence, Finding, Gap, Hit
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

RULE: Final = RuleId("holds-a-secret")
MOST_MATCHES: Final = 100_000
"""Matches that are read in one text; what is behind is a gap."""
MOST_HITS: Final = 2_000
"""Hits told of one text."""
_TITLE: Final = "A credential, or a number that belongs to somebody"
_ADVICE: Final = "Take it out, and have it replaced where it was given out: what was sent once is known."


def readers() -> tuple[Reader, ...]:
    """Every reader: the table of the engine, row for row."""
    return (
        *token_readers(),
        assigned_reader(),
        pem_reader(),
        *jwt_readers(),
        *request_readers(),
        kubernetes_reader(),
        *payment_readers(),
        *person_readers(),
    )


class SecretJudge:
    """Finds secrets. May be used from several threads.

    Args:
        key: 16 bytes or more that stay with the installation; digests are made under it.
        saved: ``saved`` of an earlier judge's engine, to start at once.
        engine: another engine over the rows of ``readers()``, in their order.
    """

    def __init__(self, key: bytes, *, saved: bytes = b"", engine: Engine | None = None) -> None:
        if len(key) < 16:
            raise ValueError("a key of less than 16 bytes lets short secrets be guessed from their digests")
        self._key = hashlib.sha256(key).digest()
        self._readers = [reader.read for reader in readers()]
        self.engine = engine or Patterns.compile([reader.row for reader in readers()], saved=saved)

    def judge(self, data: bytes, channel: SpanChannel) -> tuple[Finding, ...]:
        """Hits by place and gaps; a Clear if there are none. Never raises on any bytes."""
        found, gaps = self._found(data)
        hits = [self._hit(secret, data, channel) for secret in found[:MOST_HITS]]
        if len(found) > MOST_HITS:
            gaps.append(_gap(f"More than {MOST_HITS} secrets; those from byte {found[MOST_HITS].start} are not told."))
        return (*hits, *gaps) or (Clear(rule=RULE, title=_TITLE, message="None of the known forms is in the text."),)

    def find(self, data: bytes) -> tuple[SeenSecret, ...]:
        """The secrets in order, none overlapping another."""
        return tuple(self._found(data)[0])

    def _found(self, data: bytes) -> tuple[list[SeenSecret], list[Gap]]:
        matches = self.engine.scan(data)
        gaps = []
        if len(matches) > MOST_MATCHES:
            matches.sort(key=lambda match: match.start)
            first = matches[MOST_MATCHES].start
            gaps.append(_gap(f"More than {MOST_MATCHES} places look alike; from byte {first} on none was judged."))
            del matches[MOST_MATCHES:]
        seen = (secret for match in matches for secret in self._readers[match.row](data, match.start, match.end))
        return list(_apart(seen)), gaps

    def _hit(self, secret: SeenSecret, data: bytes, channel: SpanChannel) -> Hit:
        value = data[secret.start : secret.end]
        what = f"{secret.provider} {secret.what}".strip()
        shown = masked(value)
        return Hit(
            rule=RULE,
            severity=secret.severity,
            confidence=secret.confidence,
            title=f"Holds a secret: {what}",
            message=f"Bytes {secret.start} to {secret.end} look like this: {what} ({secret.id}).",
            because=(Evidence(what=what, staged=shown, note=f"digest {self.digest(value)}"),),
            advice=_ADVICE,
            span=ThreatSpan(threat=ThreatKind.SECRET, channel=channel, start=secret.start, end=secret.end),
        )

    def digest(self, value: bytes) -> str:
        """Sixteen hex digits; equal for equal secrets of one installation, and worthless without its key."""
        return hashlib.blake2b(value, key=self._key, digest_size=8).hexdigest()


def masked(value: bytes) -> str:
    """At most four characters, never more than a sixth, and how many there are."""
    shown = value[: min(4, len(value) // 6)].decode("ascii", "replace")
    return f"{shown}… ({len(value)} bytes)"


def _apart(seen: Iterable[SeenSecret]) -> Iterator[SeenSecret]:
    """Those that no more telling one overlaps, in order."""
    taken: list[SeenSecret] = []
    for secret in sorted(seen, key=lambda s: (s.start, s.rank, -s.end)):
        if taken and secret.start < taken[-1].end:
            if secret.rank < taken[-1].rank:
                taken[-1] = secret
            continue
        taken.append(secret)
    return iter(taken)


def _gap(message: str) -> Gap:
    return Gap(
        rule=RULE,
        title="Not all of the text was looked at for secrets",
        message=message,
        advice="Judge it in parts, or do not let it pass.",
        blocks_verdict=True,
    )
