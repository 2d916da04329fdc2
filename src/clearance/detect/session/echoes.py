"""Text of earlier spans found again in later ones: what untrusted content said, and what private data held."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from clearance.detect.canonical import canonical
from clearance.detect.session.bounded import Bounded, Names
from clearance.detect.session.moment import Echo
from clearance.detect.session.words import addresses, bounded, mailboxes, paths, runs, tokens
from clearance.model.finding import Finding, Hit
from clearance.model.session import SessionStep
from clearance.model.threat import ThreatKind

_RUNS: Final = 65_536
_RUNS_A_SPAN: Final = 8_192
_NAMES: Final = 16_384
_SECRETS: Final = 8_192
_SECRETS_A_SPAN: Final = 512
_ENOUGH: Final = 3
"""Runs of five words that two texts must share: seven words in a row, or as many in pieces."""
_MOST_VIEWS: Final = 16


class UntrustedText:
    """What untrusted spans said: runs of words, addresses and paths, each with the span that said it last."""

    def __init__(self) -> None:
        self._runs: Bounded[int, SessionStep] = Bounded(_RUNS)
        self._names: Names[SessionStep] = Names(_NAMES)

    @property
    def held(self) -> int:
        """Runs and names that are remembered."""
        return len(self._runs) + len(self._names)

    def keep(self, text: str, step: SessionStep, hosts: Iterable[str]) -> None:
        """Remember a span; the oldest runs make room."""
        text = bounded(text)
        for run, _ in zip(runs(text), range(_RUNS_A_SPAN), strict=False):
            self._runs.set(run, step)
        for name in (*addresses(text), *paths(text), *mailboxes(text), *hosts):
            self._names.set(name, step)

    def named(self, name: str) -> SessionStep | None:
        """The untrusted span that named a host, an address or a path."""
        return self._names.get(name)

    def in_call(self, text: str, recipients: Sequence[str], where: str, asked: Names[int]) -> Iterator[Echo]:
        """What of untrusted spans stands in a call, or who gets it, and was not asked for by the user."""
        text = bounded(text)
        for step, shared in _shared(text, self._runs):
            yield Echo(step=step, what=f"{shared} runs of five words", where=where)
        for kind, names in (("address", addresses(text)), ("mail address", recipients), ("path", paths(text))):
            for name in names:
                named = self._names.get(name)
                if named is not None and name not in asked:
                    yield Echo(step=named, what=f"the {kind} {name[:120]}", where=where, kind=kind)


class PrivateText:
    """What private spans held: digests of secrets and of tokens, and runs of words; never the values themselves."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(key).digest()
        self._secrets: Bounded[bytes, SessionStep] = Bounded(_SECRETS)
        self._runs: Bounded[int, SessionStep] = Bounded(_RUNS)

    @property
    def held(self) -> int:
        """Digests and runs that are remembered."""
        return len(self._runs) + len(self._secrets)

    def keep(self, text: str, step: SessionStep, findings: Sequence[Finding], *, whole: bool) -> None:
        """Remember what is private in a span: its secrets, and all of it where ``whole``."""
        for value in secrets_in(text, findings):
            self._secrets.set(self._digest(value), step)
        if not whole:
            return
        text = bounded(text)
        telling = (token for token in tokens(text) if _tells(token))
        for token, _ in zip(telling, range(_SECRETS_A_SPAN), strict=False):
            self._secrets.set(self._digest(token), step)
        for run, _ in zip(runs(text), range(_RUNS_A_SPAN), strict=False):
            self._runs.set(run, step)

    def in_outbound(self, text: str, where: str, findings: Sequence[Finding]) -> Iterator[Echo]:
        """What of private spans goes out, also in base64, hex and the like."""
        if not len(self._secrets) and not len(self._runs):
            return
        told: set[int] = set()
        for value, form in _values(text, findings):
            step = self._secrets.get(self._digest(value))
            if step is not None and step.number not in told:
                told.add(step.number)
                yield Echo(step=step, what=f"a value of {len(value)} characters{form}", where=where)
        for step, shared in _shared(bounded(text), self._runs):
            yield Echo(step=step, what=f"{shared} runs of five words", where=where)

    def _digest(self, value: str) -> bytes:
        return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=12).digest()


def secrets_in(text: str, findings: Sequence[Finding]) -> tuple[str, ...]:
    """The secrets that somebody found in a text, by their bytes."""
    data: bytes | None = None
    found = []
    for finding in findings:
        if isinstance(finding, Hit) and finding.span is not None and finding.span.threat is ThreatKind.SECRET:
            data = data if data is not None else text.encode("utf-8", "replace")
            found.append(data[finding.span.start : finding.span.end].decode("utf-8", "replace"))
    return tuple(found)


def _values(text: str, findings: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    for value in secrets_in(text, findings):
        yield value, ""
    for token in tokens(bounded(text)):
        yield token, ""
    views = canonical(bounded(text).encode("utf-8", "replace"))
    for view, _ in zip(views.decoded, range(_MOST_VIEWS), strict=False):
        yield view.text.strip(), f" in {', '.join(view.decoded_by)}"
        for token in tokens(view.text):
            yield token, f" in {', '.join(view.decoded_by)}"


def _shared(text: str, kept: Bounded[int, SessionStep]) -> Iterator[tuple[SessionStep, int]]:
    """The spans that share enough runs with a text, with how many."""
    counts: Counter[int] = Counter()
    steps = {}
    for _, step in kept.all_of(dict.fromkeys(runs(text))):
        counts[step.number] += 1
        steps[step.number] = step
    return ((steps[number], shared) for number, shared in counts.most_common(3) if shared >= _ENOUGH)


_KINDS: Final = (re.compile(r"[a-zA-Z]"), re.compile(r"\d"))


def _tells(token: str) -> bool:
    """Whether a token of a private text would be the same elsewhere by chance only."""
    return len(token) >= 12 and all(kind.search(token) for kind in _KINDS) and token.count("/") + token.count(".") <= 2
