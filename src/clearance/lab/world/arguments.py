"""Arguments for the tool of a turn: suggestions by what a property is called, taken where the schema allows them."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clearance.lab.world.filler import Filler
from clearance.lab.world.nested import code_for
from clearance.lab.world.schema import types_of
from clearance.lab.world.tools import Step
from clearance.lab.world.vocabulary import (
    ABSOLUTE,
    CHOICES,
    COMMAND,
    CONTENT,
    FOLDER,
    HARSH,
    PATCH,
    PATH,
    PATTERN,
    REASON,
    Intent,
    words_of,
)
from clearance.model.wire.answer import ToolCall
from clearance.model.wire.jsontree import Json, items, text
from clearance.model.wire.request import ToolStyle

NOTE = "clearance-note.md"
"""The file that a turn without a better third tool writes."""
_NOTE_TEXT = "A note.\n"
_PATCH_TEXT = f"*** Begin Patch\n*** Add File: {NOTE}\n+A note.\n*** End Patch\n"


FILES = ("README.md",)
"""Files of a project that the conversation asks the tool to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the conversation takes place."""

    project: str
    """Absolute path of the project in the room."""
    files: tuple[str, ...] = FILES
    """Files to read, relative to the project; the first is there in every kind of project."""
    note: str = NOTE
    """File to write, relative to the project."""


def call_for(step: Step, place: Place, *, id: str, said: str) -> ToolCall:  # noqa: A002 - the noun's own field name
    """The call of a turn. ``said`` is put where the tool wants a sentence (a reason, a title, the final answer)."""
    tool, hints = step.tool, _Hints(step, place, said)
    if step.carrier is not None:
        inner = call_for(replace(step, carrier=None), place, id=id, said=said)
        code = code_for(step.carrier, tool, dict(inner.arguments), inner.freeform)
        group = step.carrier.namespace
        return ToolCall(id=id, name=step.carrier.name, style=ToolStyle.FREEFORM, namespace=group, freeform=code)
    match tool.style:
        case ToolStyle.FREEFORM:
            return ToolCall(
                id=id, name=tool.name, style=tool.style, namespace=tool.namespace, freeform=hints.freeform()
            )
        case ToolStyle.LOCAL_SHELL:
            arguments: dict[str, Json] = {"command": list(shlex.split(hints.command())), "timeout_ms": 10000}
        case ToolStyle.SHELL:
            arguments = {"commands": [hints.command()]}
        case ToolStyle.APPLY_PATCH:
            arguments = {"type": "create_file", "path": place.note, "diff": "+A note.\n"}
        case ToolStyle.FUNCTION:
            arguments = Filler(dict(tool.schema), suggest=hints.suggest, wanted=hints.wanted).arguments()
    return ToolCall(id=id, name=tool.name, style=tool.style, namespace=tool.namespace, arguments=arguments)


class _Hints:
    """What one turn would like to say, property by property."""

    def __init__(self, step: Step, place: Place, said: str) -> None:
        self._step = step
        self._place = place
        self._said = said
        self._absolute_everywhere = bool(ABSOLUTE.search(step.tool.description[:3000]))

    @property
    def _file(self) -> str:
        if self._step.intent is Intent.NOTE:
            return self._place.note
        return self._place.files[self._step.repeat % len(self._place.files)]

    def command(self) -> str:
        """A command whose output depends on nothing but the file that it names."""
        readme = shlex.quote(self._place.files[0])
        if self._step.intent is Intent.READ:
            return f"cat {readme}"
        return ("echo clearance", f"ls {readme}", "echo done")[self._step.repeat % 3]

    def freeform(self) -> str:
        """Input for a tool that takes plain text: what kind of text, its description says."""
        tool = self._step.tool
        about = f"{tool.name} {tool.description}".lower()
        if "patch" in about or self._step.intent is Intent.NOTE:
            return _PATCH_TEXT
        if "javascript" in about or "typescript" in about:
            return 'console.log("clearance");\n'
        if "python" in about and "shell" not in about:
            return 'print("clearance")\n'
        return self.command()

    def wanted(self, path: tuple[str, ...], schema: Mapping[str, Json]) -> bool:
        """The optional property that the turn is about, where the tool requires none for it."""
        del schema
        words = set(words_of(path[-1]))
        return len(path) == 1 and bool(words & self._about()) and not self._covered()

    def suggest(self, path: tuple[str, ...], schema: Mapping[str, Json]) -> Iterable[Json]:
        """Values for a property, best first; the filler takes the first that the schema allows."""
        if not path:
            return
        words = words_of(path[-1])
        yield from self._from_choices(schema)
        for value in self._by_name(set(words), schema):
            if "array" in types_of(schema) and "string" not in types_of(schema):
                yield list(shlex.split(value)) if set(words) & COMMAND and not _lines(words, schema) else [value]
            else:
                yield value
        yield from _by_number(set(words), schema)

    def _about(self) -> frozenset[str]:
        match self._step.intent:
            case Intent.READ:
                return COMMAND if self._runs else PATH
            case Intent.RUN:
                return COMMAND
            case Intent.LOOK:
                return PATTERN
            case Intent.NOTE:
                return PATH | CONTENT | PATCH
            case Intent.FINISH:
                return REASON
            case Intent.OTHER:
                return frozenset()

    @property
    def _runs(self) -> bool:
        """A command runner that stands in for a reader."""
        names = {word for name in self._properties for word in words_of(name)}
        return bool(names & COMMAND) and not names & PATH

    @property
    def _properties(self) -> tuple[str, ...]:
        known = self._step.tool.schema.get("properties")
        return tuple(known) if isinstance(known, dict) else ()

    def _covered(self) -> bool:
        needed = {word for name in items(self._step.tool.schema.get("required")) for word in words_of(text(name))}
        return bool(needed & self._about())

    def _from_choices(self, schema: Mapping[str, Json]) -> Iterable[Json]:
        """Of a fixed list: what suits the intent, else the first that removes nothing."""
        listed = items(schema.get("enum"))
        if not listed:
            return
        for wish in CHOICES[self._step.intent]:
            yield from (entry for entry in listed if wish in words_of(text(entry)))
        yield from (entry for entry in listed if not HARSH.intersection(words_of(text(entry))))

    def _by_name(self, words: set[str], schema: Mapping[str, Json]) -> Iterable[str]:
        if words & COMMAND or (self._step.intent is Intent.RUN and words & {"code", "input"}):
            yield self.command()
        if words & PATTERN:
            yield self._place.files[0]
        if words & FOLDER:
            yield from self._located("", words, schema)
        if words & PATH:
            folder = self._step.intent is Intent.LOOK
            yield from self._located("" if folder else self._file, words, schema)
        if words & PATCH:
            yield _PATCH_TEXT
        if words & {"url", "uri"}:
            yield f"file://{self._place.project}/{self._file}"
        if words & CONTENT and not words & {"old"}:
            yield self._said if self._step.intent is Intent.FINISH else _NOTE_TEXT
        if words & REASON:
            yield self._said

    def _located(self, relative: str, words: set[str], schema: Mapping[str, Json]) -> Iterable[str]:
        """The path in the form that the tool asks for first, then in the other."""
        absolute = f"{self._place.project}/{relative}".rstrip("/")
        said = text(schema.get("description"))
        wants = self._absolute_everywhere or "absolute" in words or "workdir" in words or bool(ABSOLUTE.search(said))
        if "uri" in words or schema.get("format") == "uri":
            yield f"file://{absolute}"
        yield from (absolute, relative or ".") if wants else (relative or ".", absolute)


def _lines(words: tuple[str, ...], schema: Mapping[str, Json]) -> bool:
    """A list of whole command lines rather than one command cut into words."""
    return bool({"commands", "cmds"}.intersection(words)) or "command lines" in text(schema.get("description")).lower()


def _by_number(words: set[str], schema: Mapping[str, Json]) -> Iterable[Json]:
    if not {"integer", "number"}.intersection(types_of(schema)):
        return
    if words & {"timeout", "ms", "milliseconds", "timeoutms"}:
        yield from (10000, 10)
    if words & {"limit", "count", "max", "lines", "end", "length", "head", "total"}:
        yield from (100, 10)
