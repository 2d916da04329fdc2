"""The bundle that our helper answers from: for each audience and tool, what holds when, signed.

1. The compiler cuts time at every instant where a ruling begins or ends, until the bundle expires.
2. For each piece it works out what holds (`standing`), so that the helper decides nothing.
3. The payload is signed behind a context line by whoever holds the key; the key never comes here.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec

from clearance.model.ruling import Requirement, Ruling
from clearance.model.version_span import VersionSpan
from clearance.policy.compile.claude_settings import claude_settings
from clearance.policy.compile.errors import CompileError
from clearance.policy.compile.facts import facts
from clearance.policy.compile.helper.assemble import program
from clearance.policy.compile.helper.reading import CONTEXT
from clearance.policy.compile.standing import Standing, standing
from clearance.policy.compile.target import CompiledFile, Context, Platform

_EARLY = timedelta(minutes=5)
"""Clocks of devices may be this much behind."""

Json = dict[str, object]
Sign = Callable[[bytes], bytes]
"""Ed25519 over the bytes, 64 bytes back."""


def payload(rulings: Sequence[Ruling], *, now: datetime, expires: datetime) -> bytes:
    """The unsigned bundle. Raises CompileError where rulings cannot be kept together, or it would expire at once."""
    if expires <= now:
        raise CompileError("The bundle would have expired before it is signed.", advice="Give it at least an hour.")
    audiences = sorted({"", *(r.audience for r in rulings)})
    tools = sorted({r.tool for r in rulings})
    said: Json = {
        "format": "clearance.helper-bundle/1",
        "issued": int(now.timestamp()),
        "expires": int(expires.timestamp()),
        "audiences": {
            audience: {tool: _periods(tool, rulings, audience, now - _EARLY, expires) for tool in tools}
            for audience in audiences
        },
    }
    return msgspec.json.encode(said, order="deterministic")


def sealed(unsigned: bytes, sign: Sign) -> bytes:
    """The bundle as it lies on devices."""
    envelope = {
        "payload": base64.b64encode(unsigned).decode(),
        "signature": base64.b64encode(sign(CONTEXT + unsigned)).decode(),
    }
    return msgspec.json.encode(envelope) + b"\n"


def helper_files(context: Context, bundle: bytes) -> tuple[CompiledFile, ...]:
    """The program and the bundle, for every device of any target that calls it."""
    places = facts("helper").places
    text = program(
        public_key=context.helper_key,
        interpreter=context.interpreter,
        bundle=places["bundle"].linux,
        audience=places["audience"].linux,
        version=context.version,
    )
    both = (Platform.LINUX, Platform.MACOS)
    named = dict.fromkeys(both, places["audience"].linux)
    return (
        CompiledFile(
            name="clearance-policy-helper",
            content=text,
            mode=0o755,
            paths=dict.fromkeys(both, places["program"].linux),
        ),
        CompiledFile(name="bundle.json", content=bundle, paths=dict.fromkeys(both, places["bundle"].linux)),
        CompiledFile(name="audience", content=f"{context.audience}\n".encode(), paths=named),
    )


def _periods(tool: str, rulings: Sequence[Ruling], audience: str, first: datetime, last: datetime) -> list[Json]:
    own = [r for r in rulings if r.tool == tool]
    edges = {edge for r in own for edge in (r.since, r.until) if edge is not None and first < edge < last}
    cuts = sorted({first, last, *edges})
    return [_period(standing(tool, own, at=begin, audience=audience), begin, end) for begin, end in pairwise(cuts)]


def _period(held: Standing, begin: datetime, end: datetime) -> Json:
    """A period as the helper reads it. What is empty is left out."""
    said: Json = {
        "from": begin.astimezone(UTC).timestamp(),
        "until": end.astimezone(UTC).timestamp(),
        "closed": held.closed,
        "message": held.message,
        "allowed": [{**_span(span), "text": str(span)} for span in held.allowed],
        "bans": [{**_span(ban.versions), "message": ban.message} for ban in held.bans],
        "models": list(held.models),
        "denied_models": list(held.denied_models),
        "no_bypass": held.needs(Requirement.NO_BYPASS),
    }
    if held.tool == "claude-code" and not held.closed:
        said["settings"] = claude_settings(held)
    return {name: value for name, value in said.items() if value or name in {"from", "until"}}


def _span(span: VersionSpan) -> Json:
    built: Json = msgspec.to_builtins(span)
    return built
