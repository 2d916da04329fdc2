"""Commands in a text that an agent follows: read by the analyser of commands, kept where data flows the wrong way."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.commands import CommandReading, analyse_command
from clearance.detect.commands.destinations import hosts_in, weight_of_host
from clearance.detect.instructions.line import Effect, Instruction
from clearance.detect.instructions.spans import Span
from clearance.model.command import CommandVerdict, DataFlow, SinkKind, SourceKind

_LONGEST: Final = 8_192
_PROMPT: Final = re.compile(r"^[ \t>]*(?:\$|PS[^>\n]{0,80}>|❯|%)[ \t]+", re.MULTILINE)
_OF: Final = {
    SinkKind.NETWORK: Effect.SENDS,
    SinkKind.EXECUTION: Effect.INSTALLS,
    SinkKind.PERSISTENCE: Effect.HOOKS,
}
_REASON: Final = {
    Effect.SENDS: "A command in it sends what is private",
    Effect.INSTALLS: "A command in it runs what it fetched or what nobody can read",
    Effect.HOOKS: "A command in it makes something from elsewhere run later",
}
_LEAST: Final = 0.45


def coded(code: Span) -> Iterator[Instruction]:
    """What the commands in a piece of code would do; nothing for what developers' commands do."""
    reading = analyse_command(_PROMPT.sub("", code.text)[:_LONGEST])
    if reading.verdict is not CommandVerdict.DANGEROUS:
        return
    for effect, reason, weight in _seen(reading):
        yield Instruction(
            effect=effect,
            start=code.start + len(code.text) - len(code.text.lstrip()),
            end=code.start + len(code.text.rstrip()),
            line=code.text.strip(),
            reason=reason,
            weight=weight,
        )
        return  # the heaviest; one command is one line


def _seen(reading: CommandReading) -> Iterator[tuple[Effect, str, float]]:
    for flow in reading.flows:
        effect = _OF.get(flow.sink)
        if effect is not None and _counts(flow):
            yield effect, f"{_REASON[effect]}: {flow.path[:200]}.", min(0.9, max(_LEAST, reading.score))


def _counts(flow: DataFlow) -> bool:
    """One variable that is named like a credential is sent to every API; paths go to programs of the project."""
    if flow.sink is not SinkKind.NETWORK:
        return flow.source is SourceKind.ENCODED or (flow.source is SourceKind.UNTRUSTED and bool(hosts_in(flow.taken)))
    if flow.source is SourceKind.ENVIRONMENT and flow.taken.startswith("$"):
        return any(weight_of_host(host, frozenset()) >= 0.5 for host in hosts_in(flow.ended.rpartition(" ")[2]))
    return flow.source in (SourceKind.SECRET, SourceKind.ENVIRONMENT)
