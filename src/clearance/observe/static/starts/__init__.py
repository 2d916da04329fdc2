"""What runs because a release is installed, cloned, built or opened, followed to the files that are named.

1. Manifests, hooks and settings say what runs (``origins``).
2. A command line is followed to the scripts and files that it names, a file to those it loads or starts: at most four
   deep, the files of one origin at most 40, names resolved within the release only.
3. Nothing is run and nothing is judged here. What could not be followed because of a limit is said.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from clearance.model.contents import Extension, Language, Started, Unopened
from clearance.observe.static.documents.node import Node
from clearance.observe.static.documents.reading import read_json
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python
from clearance.observe.static.made_code import made_code
from clearance.observe.static.starts.command_names import NamedStart
from clearance.observe.static.starts.file_names import loaded_by
from clearance.observe.static.starts.npm import scripts_of
from clearance.observe.static.starts.origin import Origin
from clearance.observe.static.starts.origins import origins
from clearance.observe.static.starts.release_files import ReleaseFiles, folder_of

__all__ = ["ReleaseFiles", "started"]

_DEEPEST: Final = 4
_MOST_FILES: Final = 40
_MOST: Final = 3000
"""Facts of one release."""
_ORDER: Final = ("install", "prepare", "start", "hook", "open", "git", "shell", "build", "test")
"""Moments, those that fewer people can avoid first: what runs at several is told for the first."""
_NO_SCRIPT: Final = re.compile(
    r"\.(?:json5?|d\.[mc]?ts|node|md|txt|ya?ml|toml|map|wasm|html?|css|png|svg|lock|c|cc|h|hpp)\Z", re.IGNORECASE
)
_HEAD, _TAIL = 43_008, 21_504
_SHORT_MOMENTS: Final = ("build", "test")
"""Moments at which whole libraries may run: only what is said itself, and what it names directly, is followed."""
_OF_ITS_FOLDER: Final = ("javascript", "python")
"""Languages whose relative names begin where the file lies."""
_DIALECTS: Final = {
    "js": "javascript", "cjs": "javascript", "mjs": "javascript", "ts": "javascript", "mts": "javascript",
    "cts": "javascript", "py": "python", "sh": "shell", "bash": "shell", "zsh": "shell", "ps1": "powershell",
    "bat": "batch", "cmd": "batch", "rs": "rust", "pl": "script", "rb": "script", "php": "script", "lua": "script",
}  # fmt: skip


def started(files: ReleaseFiles, extensions: Iterable[Extension]) -> tuple[tuple[Started, ...], tuple[Unopened, ...]]:
    """What runs unasked, each once, and what could not be followed. No bytes make it raise."""
    found: dict[tuple[str, str, str], Started] = {}
    for origin in sorted(origins(files, extensions), key=lambda o: _ORDER.index(o.moment)):
        for start in _Following(files, origin).all():
            found.setdefault((start.path, start.dialect, start.text), start)
        if len(found) > _MOST:
            left = Unopened(
                path=origin.path, size=0, reason=f"More than {_MOST} things run unasked; the rest was not followed."
            )
            return tuple(found.values())[:_MOST], (left,)
    unread = tuple(
        Unopened(path=path, size=0, reason="What runs unasked is too large in all; this was not followed.")
        for path in dict.fromkeys(files.unread)
    )
    return tuple(found.values()), unread


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """Something that runs, whole, and the folder that names in it begin at."""

    start: Started
    text: str
    folder: str


@dataclass(slots=True)
class _Following:
    """One origin, and the files that it leads to."""

    files: ReleaseFiles
    origin: Origin
    seen: set[str] = field(default_factory=set)

    def all(self) -> Iterator[Started]:
        """The origin itself, then what it leads to, nearest first."""
        if self.origin.file:
            first = self._file(self.origin.file, (), self.origin.dialect, self.origin.folder)
        else:
            first = self._step(self.origin.path, "command", self.origin.command, (), self.origin.folder)
        waiting = deque([(first, 0)])
        while waiting:
            step, deep = waiting.popleft()
            yield step.start
            if deep < (1 if self.origin.moment in _SHORT_MOMENTS else _DEEPEST):
                waiting.extend((following, deep + 1) for following in self._next(step))

    def _next(self, step: "_Step") -> Iterator["_Step"]:
        start = step.start
        via = start.via if start.path == self.origin.path else tuple(dict.fromkeys((*start.via, start.path)))
        for name in loaded_by(step.text, start.dialect, step.folder):
            folders = tuple(dict.fromkeys((name.folder, folder_of(start.path), self.origin.folder)))
            yield from self._named(name, folders, via)

    def _named(self, name: NamedStart, folders: tuple[str, ...], via: tuple[str, ...]) -> Iterator["_Step"]:
        if len(self.seen) >= _MOST_FILES:
            return
        match name.kind:
            case "code":
                yield self._step(self.origin.path, name.dialect, name.what, via, folders[0])
            case "script":
                yield from self._script(name, folders, via) or self._at(
                    self.files.named(folders, name.what, "javascript"), "javascript", via
                )
            case "makefile":
                yield from self._at(self.files.named(folders, name.what), "makefile", via)
            case "module":
                yield from self._at(self.files.named(folders, name.what.replace(".", "/"), "python"), "python", via)
            case _:
                path = self.files.named(folders, name.what, name.dialect)
                if path is None and name.dialect == "javascript" and name.what.strip("./") == "":
                    path = self._main(folders)
                yield from self._at(path, name.dialect, via)

    def _script(self, name: NamedStart, folders: tuple[str, ...], via: tuple[str, ...]) -> list["_Step"]:
        """A script of the ``package.json`` there, with those that npm runs before and after it."""
        manifest = self.files.named(folders, "package.json")
        scripts = scripts_of(self._json(manifest)) if manifest else {}
        wanted = [s for s in scripts if s == name.what or (name.what.endswith("*") and s.startswith(name.what[:-1]))]
        steps = []
        for key in [k for w in wanted for k in (f"pre{w}", w, f"post{w}") if k in scripts]:
            mark = f"{manifest}#{key}"
            if mark not in self.seen and manifest:
                self.seen.add(mark)
                steps.append(self._step(manifest, "command", scripts[key], via, folder_of(manifest)))
        return steps

    def _at(self, path: str | None, dialect: str, via: tuple[str, ...]) -> Iterator["_Step"]:
        if path is None or path in self.seen or path == self.origin.file or _NO_SCRIPT.search(path):
            return
        self.seen.add(path)
        yield self._file(path, via, dialect, folder_of(path) if dialect in _OF_ITS_FOLDER else self.origin.folder)

    def _main(self, folders: tuple[str, ...]) -> str | None:
        manifest = self.files.named(folders, "package.json")
        main = self._json(manifest).text("main") if manifest else ""
        return self.files.named(folders, main or "index", "javascript")

    def _json(self, path: str) -> Node:
        return read_json(self.files.text(path)) or Node(None)

    def _file(self, path: str, via: tuple[str, ...], dialect: str, folder: str) -> "_Step":
        text = self.files.text(path)
        by_name = _DIALECTS.get(path.rpartition("/")[2].rpartition(".")[2].lower(), "")
        by_line = _of_first_line(text)
        chosen = by_line or dialect or by_name if self.origin.moment == "git" else by_name or dialect or by_line
        return self._step(path, chosen, text, via, folder)

    def _step(self, path: str, dialect: str, text: str, via: tuple[str, ...], folder: str) -> "_Step":
        cut = max(0, len(text) - _HEAD - _TAIL)
        start = Started(
            moment=self.origin.moment,
            said=self.origin.said[:1000],
            origin=self.origin.path,
            path=path,
            dialect=dialect,
            text=f"{text[:_HEAD]}\n{text[-_TAIL:]}" if cut else text,
            left_out=cut,
            made_code=_made(text, dialect),
            via=via,
        )
        return _Step(start=start, text=text, folder=folder)


def _made(text: str, dialect: str) -> tuple[str, ...]:
    language = {"javascript": Language.JAVASCRIPT, "python": Language.PYTHON}.get(dialect)
    if language is None:
        return ()
    data = text.encode("utf-8", "replace")
    script = lex_python(data) if language is Language.PYTHON else lex_javascript(data)
    return tuple(dict.fromkeys(f"{seen.kind}: {seen.detail}" for seen in made_code(data, language, script)))


def _of_first_line(text: str) -> str:
    first = text[:200].partition("\n")[0]
    if not first.startswith("#!"):
        return ""
    for mark, dialect in (("node", "javascript"), ("bun", "javascript"), ("deno", "javascript"), ("python", "python")):
        if mark in first:
            return dialect
    return "shell" if "sh" in first else "script"
