"""The imagined machine that a command is read on: what it would touch is written down, nothing is run."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from clearance.detect.commands.destinations import hosts_in, tells_where, tells_who, weight_of_host
from clearance.detect.commands.places import Place, normal, places
from clearance.detect.commands.policy import flow_weight
from clearance.detect.commands.value import EMPTY, UNKNOWN, Origin, Value, unknown
from clearance.model.command import CommandCapability, CommandSighting, DataFlow, Dialect, SinkKind, SourceKind

MOST_ACTIONS: Final = 4000
MOST_DEPTH: Final = 24
_MOST_TEXT: Final = 160

_STREAM: Final = re.compile(r"\.\w{1,5}:[\w.-]+(?::\$data)?$|::\$(?:index_allocation|data)")
_PASSING: Final = re.compile(
    r"^(?:%temp%|/tmp|/var/tmp|/dev/shm|c:/(?:windows/)?temp|c:/users/public|~/desktop|~/appdata)/"
)
_SOURCES: Final = {"secret": SourceKind.SECRET, "personal": SourceKind.PERSONAL}
_WRITTEN: Final = {
    "persistence": (CommandCapability.PERSIST, "writes"),
    "defence": (CommandCapability.HIDE, "changes"),
    "system": (CommandCapability.WRITE, "writes"),
    "secret": (CommandCapability.WRITE, "changes"),
    "personal": (CommandCapability.WRITE, "writes"),
}
_CAN: Final = {SinkKind.NETWORK: CommandCapability.UPLOAD, SinkKind.PERSISTENCE: CommandCapability.PERSIST}


@dataclass(slots=True, kw_only=True)
class Scene:
    """Variables, files and what was seen so far; one for each command that is read."""

    dialect: Dialect
    interpret: Callable[["Scene", str, Dialect], Value]
    project: str = ""
    trusted: frozenset[str] = frozenset()
    variables: dict[str, Value] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)  # a node of the grammar that defined it
    files: dict[str, Value] = field(default_factory=dict)
    sightings: dict[tuple[CommandCapability, str], CommandSighting] = field(default_factory=dict)
    flows: dict[tuple[str, ...], DataFlow] = field(default_factory=dict)
    gaps: dict[str, None] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    destinations: dict[str, None] = field(default_factory=dict)
    depth: int = 0
    within: int = 0
    left: int = MOST_ACTIONS
    stdin: Value = EMPTY
    """What is connected to the standard input of what is read now."""
    ambient: frozenset[Origin] = frozenset()
    """What was put into the code that is read now, at places that are not known."""
    folder: str = ""
    """What ``.`` is, where the command changed into a folder that is known."""
    rooted: bool = False
    """Whether what is read now would run with rights of root."""
    checked: bool = False
    """Whether something was compared with a digest or a signature before."""
    sent: set[str] = field(default_factory=set)
    loops_left: int = 262_144
    """Characters in which loops that try are still looked for: texts in texts are many."""
    decodings: int = 0
    """How often something was decoded that is written in the command."""

    def spend(self) -> bool:
        """Take one step from the budget; False, and a gap, when none is left."""
        self.left -= 1
        if self.left < 0:
            self.gaps[f"It does more than {MOST_ACTIONS} things; only these were read."] = None
        return self.left >= 0

    def see(self, capability: CommandCapability, weight: float, sentence: str, seen: str = "") -> None:
        """Write down one thing that it does; the heaviest of the same sentence stays."""
        key = (capability, sentence)
        before = self.sightings.get(key)
        if before is None or before.weight < weight:
            self.sightings[key] = CommandSighting(
                capability=capability, sentence=sentence, weight=weight, seen=seen[:300]
            )

    def nested(self, text: str, dialect: Dialect) -> Value:
        """What a command inside the command does and prints; a gap when it lies too deep."""
        if self.depth >= MOST_DEPTH:
            self.gaps[f"Commands lie in commands more than {MOST_DEPTH} deep; what is below was not read."] = None
            return UNKNOWN
        self.depth += 1
        try:
            return self.interpret(self, text, dialect)
        finally:
            self.depth -= 1

    def set_variable(self, name: str, value: Value) -> None:
        """A variable is set; some make other programs load, run or forget something."""
        self.variables[name] = value
        if name == "PROMPT_COMMAND" and _RECORDS.search(value.text[:2000]):
            self.see(CommandCapability.COLLECT, 0.3, "It makes shells pass on what is typed.", value.text)
        for pattern, text, capability, weight, sentence in _VARIABLES:
            if (
                pattern.fullmatch(name.upper().removeprefix("ENV:"))
                and (value.text or text == "")
                and (not text or value.text.strip("'\"") in text.split("|"))
            ):
                self.see(capability, weight, f"{sentence}: {name}={value.text[:80]}.")

    def decode(self, said: str) -> None:
        """What is written in the command is decoded: once is what people do, again and again is not."""
        self.decodings += 1
        self.see(CommandCapability.HIDE, 0.3, "It decodes what is written in it.", said)
        if self.decodings > 1:
            self.see(CommandCapability.HIDE, 0.3, "It decodes what is written in it again and again.", said)

    def read(self, path: Value, *, keeper: bool = False) -> Value:
        """The content of a file: what the command itself wrote there, and what its place says of it."""
        kept = self.files.get(normal(path.text)) if path.text else None
        origins = set(path.origins) | (set(kept.origins) if kept else set())
        for place in places(path.text):
            kind = _SOURCES.get(place.kind)
            if kind is not None:
                origins.add(Origin(kind, path.text[:_MOST_TEXT]))
            if not keeper and place.read:
                self._see_read(place, path)
        if kept is not None:
            return Value(kept.text, kept.known, frozenset(origins), kept.steps)
        return unknown("", frozenset(origins), path.steps)

    def _see_read(self, place: Place, path: Value) -> None:
        sentence = f"It reads {place.what}: {path.text[:_MOST_TEXT]}."
        asks = place.kind == "personal"
        self.see(CommandCapability.DISCOVER if asks else CommandCapability.READ, place.read, sentence, path.text)

    def write(self, path: Value, content: Value, *, weight: float = 1.0) -> None:
        """A file is written: keep its content, and say so where the place matters."""
        key = normal(path.text)
        if key in ("/dev/null", "nul", "$null", ""):
            return
        if key.startswith(("/dev/tcp/", "/dev/udp/")):
            host = Value((key.split("/") + [""] * 4)[3])
            if weight_of_host(host.text, self.trusted) >= 0:
                self.see(CommandCapability.UPLOAD, 0.5, "It opens a raw connection from the shell.", path.text)
            self.send(content, host, "a socket of the shell", always=True)
            return
        self.see(CommandCapability.WRITE, 0.0, "It writes files.", path.text)
        if _STREAM.search(key):
            self.see(CommandCapability.HIDE, 0.6, "It writes into a stream of a file that no listing shows.", path.text)
        before = self.files.get(key)
        self.files[key] = content if before is None else Value(
            before.text + content.text, before.known and content.known, before.origins | content.origins, content.steps
        )  # fmt: skip
        if _PASSING.match(key) and any(o.kind in (SourceKind.PERSONAL, SourceKind.SECRET) for o in content.origins):
            sentence = f"It gathers what it learns about the machine or its users in {path.text[:80]}."
            self.see(CommandCapability.COLLECT, 0.35, sentence, path.text)
        for place in places(path.text):
            capability, verb = _WRITTEN[place.kind]
            # What is emptied is lost all the same; only start-up depends on what is written.
            heavy = place.write * (weight if place.kind == "persistence" else 1.0)
            self.see(capability, heavy, f"It {verb} {place.what}: {path.text[:_MOST_TEXT]}.", path.text)
            if place.kind == "persistence":
                self.flow(content, SinkKind.PERSISTENCE, path.text)
        if content.text:
            from clearance.detect.commands.configuration import look_at_configuration

            look_at_configuration(self, path.text, content.text)

    def send(self, content: Value, to: Value, by: str, *, always: bool = False) -> None:
        """Something goes to the network: where, and what of it matters."""
        hosts = hosts_in(to.text) or ((to.text,) if always and to.text else ())
        for host in hosts:
            self.destinations[host] = None
        where = f"{by} to {hosts[0]}" if hosts else by
        worst = max((weight_of_host(h, self.trusted) for h in hosts), default=0.1)
        self.flow(content, SinkKind.NETWORK, where, at=worst)
        self.sent.update(o.what for o in content.origins)

    def flow(self, value: Value, sink: SinkKind, ended: str, *, at: float = 0.0) -> None:
        """One flow for each origin, with its weight; ``at`` is how odd the destination is, below 0 is trusted."""
        for origin in sorted(value.origins, key=lambda o: (o.kind, o.what)):
            weight = flow_weight(origin, sink, value, at)
            if self.checked and origin.kind is SourceKind.UNTRUSTED:
                weight *= 0.4
            if weight <= 0:
                continue
            flow = DataFlow(
                source=origin.kind, taken=origin.what, steps=value.steps, sink=sink, ended=ended[:_MOST_TEXT]
            )
            self.flows.setdefault((origin.kind, origin.what, sink, flow.ended), flow)
            capability = _CAN.get(sink, CommandCapability.EXECUTE)
            self.see(capability, weight, f"{_SENTENCE[sink].format(what=origin.kind)}: {flow.path}.", flow.path)

    def execute(self, code: Value, dialect: Dialect, by: str, stdin: Value = EMPTY) -> Value:
        """Text is run as a program: read it where it is known, and say where it came from.

        What it prints may hold what came in.
        """
        self.flow(code, SinkKind.EXECUTION, by)
        if not code.text.strip():
            return replace(stdin, text="", known=False)
        held, self.stdin, around = self.stdin, stdin, self.ambient
        self.ambient = around | frozenset(o for o in code.origins if o.kind in _VALUABLE)
        try:
            printed = self.nested(code.text, dialect)
        finally:
            self.stdin, self.ambient = held, around
        if not stdin.origins or dialect is Dialect.BASH:
            return printed
        return Value(
            printed.text,
            printed.known and not stdin.origins,
            printed.origins | stdin.origins,
            (*stdin.steps, dialect.value),
        )

    def fetch(self, urls: Iterable[Value]) -> Value:
        """Something is fetched: the answer is as untrusted as the hosts it came from."""
        origins: set[Origin] = set()
        for url in urls:
            for host in hosts_in(url.text):
                self.destinations[host] = None
                origins |= self._of_host(host, url)
            self.see(CommandCapability.DOWNLOAD, 0.0, "It fetches something.", url.text)
            origins.add(Origin(SourceKind.UNTRUSTED, url.text[:_MOST_TEXT] or "the network"))
        return unknown("", frozenset(origins))

    def _of_host(self, host: str, url: Value) -> set[Origin]:
        """Hosts that tell a machine about itself."""
        where = url.text[:_MOST_TEXT]
        if tells_where(host):
            self.see(
                CommandCapability.DISCOVER, 0.46, f"It asks the internet where this machine stands: {where}.", where
            )
        if not tells_who(host):
            return set()
        what = f"It asks the cloud who this machine is and for its credentials: {where}."
        self.see(CommandCapability.READ, 0.5, what, where)
        return {Origin(SourceKind.SECRET, where)}


_RECORDS: Final = re.compile(r"history|logger|\btee\b|>>|BASH_COMMAND|\bcurl\b|\bnc\b")
_VALUABLE: Final = (SourceKind.SECRET, SourceKind.ENVIRONMENT, SourceKind.PERSONAL)
_LOADS: Final = re.compile(
    r"LD_PRELOAD|DYLD_INSERT_LIBRARIES|LD_AUDIT|DOTNET_STARTUP_HOOKS|CORE?(?:CLR)?_PROFILER(?:_PATH\w*)?"
)
_REMEMBERS: Final = re.compile(r"HISTFILE|HISTSIZE|HISTFILESIZE|HISTCONTROL|HISTIGNORE")
_NOTHING: Final = "|0|/dev/null|ignorespace|ignoreboth|*"
_VARIABLES: Final = (
    (_LOADS, "", CommandCapability.EXECUTE, 0.5, "It makes programs load a library"),
    (_REMEMBERS, _NOTHING, CommandCapability.HIDE, 0.55, "It keeps the shell from remembering commands"),
    (re.compile(r"PROMPT_COMMAND|BASH_ENV"), "", CommandCapability.PERSIST, 0.4, "It makes shells run something"),
    (re.compile(r"COMPLUS_ETWENABLED"), "0", CommandCapability.HIDE, 0.6, "It switches recording off"),
)
_SENTENCE: Final = {
    SinkKind.NETWORK: "It sends something ({what}) to the network",
    SinkKind.EXECUTION: "It runs something ({what}) as a program",
    SinkKind.PERSISTENCE: "It leaves something ({what}) where it is started again",
    SinkKind.DELETION: "It deletes something ({what})",
}
