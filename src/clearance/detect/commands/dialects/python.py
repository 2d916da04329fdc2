"""Python, by its own parser: calls are known by their dotted names, values are followed through assignments."""

import ast
import functools
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any, ClassVar, Final

import msgspec

from clearance.detect.commands.dialects import light
from clearance.detect.commands.roles.recoding import decoded
from clearance.detect.commands.roles.text import variable_origins
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.value import EMPTY, UNKNOWN, Origin, Value, carried, exchanged, joined, plain, unknown
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect, SourceKind

_MOST_SOURCE: Final = 65_536
_MOST_DEPTH: Final = 60


class _Calls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of calls by what they do, without the modules that hold them where the last part says enough."""

    reads: tuple[str, ...]
    sends: tuple[str, ...]
    fetches: tuple[str, ...]
    runs: tuple[str, ...]
    evaluates: tuple[str, ...]
    encodes: tuple[str, ...]
    decodes: tuple[str, ...]
    deletes: tuple[str, ...]
    writes: tuple[str, ...]
    spawns: tuple[str, ...]


@functools.cache
def _calls() -> _Calls:
    data = files("clearance.detect.commands").joinpath("python_calls.toml").read_bytes()
    return msgspec.toml.decode(data, type=_Calls)


def read(scene: Scene, text: str) -> Value:
    """Walk a program; what Python's parser refuses is read as other languages are, and is a gap."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text[:_MOST_SOURCE].replace("\x00", ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        scene.gaps["A part of it could not be parsed as Python."] = None
        return light.read(scene, text)
    return Walk(scene).block(tree.body)


class Walk:
    """One walk over one program."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.names: dict[str, Value] = {}
        self.modules: dict[str, str] = {}
        self.deep = 0

    def block(self, body: Sequence[ast.AST]) -> Value:
        """All statements; what they print, together."""
        return joined([self.value(s) for s in body]) if body else EMPTY

    def value(self, node: ast.AST | None) -> Value:
        """The value of an expression, the printed text of a statement."""
        if node is None:
            return EMPTY
        if self.deep >= _MOST_DEPTH or not self.scene.spend():
            self.scene.gaps[f"It is nested more than {_MOST_DEPTH} deep; what is below was not read."] = None
            return UNKNOWN
        self.deep += 1
        try:
            return self._value(node)
        finally:
            self.deep -= 1

    def _value(self, node: ast.AST) -> Value:
        kind = self.KINDS.get(type(node))
        if kind is not None:
            return kind(self, node)
        return joined([self.value(c) for c in ast.iter_child_nodes(node)], "\n")

    def _constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, str | bytes):
            said = node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")
            return Value(said, not self.scene.ambient, self.scene.ambient)
        return plain(str(node.value))

    def _name(self, node: ast.Name) -> Value:
        return self.names.get(node.id, self.scene.variables.get(node.id, UNKNOWN))

    def _operation(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        return joined((left, right if isinstance(node.op, ast.Add) else carried((right,))))

    def _string(self, node: ast.JoinedStr) -> Value:
        return joined([self.value(v) for v in node.values])

    def _inner(self, node: ast.FormattedValue | ast.Await | ast.Expr) -> Value:
        return self.value(node.value)

    def _loop(self, node: ast.For | ast.AsyncFor) -> Value:
        self._bind(node.target, self.value(node.iter))
        return self.block(node.body)

    def _with(self, node: ast.With | ast.AsyncWith) -> Value:
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, value)
        return self.block(node.body)

    def _lambda(self, node: ast.Lambda) -> Value:
        return self.value(node.body)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
        over = EMPTY
        for part in node.generators:
            over = self.value(part.iter)
            self._bind(part.target, replace(over, known=False))
        body = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        return carried((*(self.value(b) for b in body), over))

    def _import(self, node: ast.Import | ast.ImportFrom) -> Value:
        for name in node.names:
            whole = name.name if isinstance(node, ast.Import) else f"{node.module or ''}.{name.name}"
            self.modules[name.asname or name.name.partition(".")[0]] = (
                whole if name.asname or isinstance(node, ast.ImportFrom) else name.name.partition(".")[0]
            )
        return EMPTY

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> Value:
        value = self.value(node.value)
        if isinstance(node, ast.AugAssign):
            value = joined((self.value(node.target), value))
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            self._bind(target, value)
        return value if isinstance(node, ast.NamedExpr) else EMPTY

    def _bind(self, target: ast.AST, value: Value) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._bind(one, replace(value, known=False))
        elif isinstance(target, ast.Attribute | ast.Subscript) and isinstance(target.value, ast.Name):
            before = self.names.get(target.value.id, EMPTY)
            self.names[target.value.id] = joined((before, carried((value,))))

    def _part(self, node: ast.Attribute | ast.Subscript) -> Value:
        name = self.dotted(node)
        if name.startswith("sys.stdin"):
            return replace(self.scene.stdin, known=False)
        if name.endswith("os.environ") or name == "environ":
            return unknown("", frozenset({Origin(SourceKind.ENVIRONMENT, "the whole environment")}))
        if isinstance(node, ast.Subscript):
            base = self.value(node.value)
            if self.dotted(node.value).endswith("environ") and isinstance(node.slice, ast.Constant):
                key = str(node.slice.value)
                return unknown(f"${key}", variable_origins(key))
            if base.known and isinstance(node.slice, ast.Slice) and ast.unparse(node.slice) == "::-1":
                return replace(base, text=base.text[::-1])
            return replace(base, known=False)
        base = self.value(node.value)
        return replace(base, known=False) if base.origins else UNKNOWN

    def dotted(self, node: ast.AST) -> str:
        """``requests.post``, with the real names of modules; empty where it has no such name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Call):
            inner = self.dotted(node.func)
            if inner == "__import__" and node.args and isinstance(node.args[0], ast.Constant):
                inner = str(node.args[0].value)
            elif inner == "getattr" and len(node.args) > 1:
                inner = f"{self.dotted(node.args[0])}.{self.value(node.args[1]).text}"
            elif inner.endswith("import_module") and node.args:
                inner = self.value(node.args[0]).text
            parts.append(inner or "()")
        elif isinstance(node, ast.Name):
            parts.append(self.modules.get(node.id, node.id))
        return ".".join(reversed(parts))

    def _call(self, node: ast.Call) -> Value:
        name = self.dotted(node.func)
        on = self.value(node.func.value) if isinstance(node.func, ast.Attribute) else EMPTY
        given = [*(self.value(a) for a in node.args), *(self.value(k.value) for k in node.keywords)]
        if name.endswith("dup2") and "socket" in self.modules.values() and "fileno" in ast.unparse(node)[:400]:
            self.scene.see(Can.EXECUTE, 0.6, "It ties what the program reads and prints to a connection.", name)
        if isinstance(node.func, ast.Name) and node.func.id in self.names:
            on = self.names[node.func.id]  # a function of the program's own: what it works with is in what it gives
        return self._done(name, on, given)

    def _done(self, name: str, on: Value, given: list[Value]) -> Value:
        calls, first = _calls(), given[0] if given else EMPTY
        everything = joined((carried((on,)), *(carried((g,)) for g in given)))
        if name in ("os.getenv", "os.environ.get", "environ.get", "getenv"):
            return unknown(f"${first.text}", variable_origins(first.text))
        if _is(name, calls.runs):
            command = joined(given[:1]) if first.known else joined(given, " ")
            self.scene.see(Can.EXECUTE, 0.03, "It runs a command from within Python.", name)
            return self.scene.execute(replace(command, text=command.text.replace("\n", " ")), Dialect.BASH, name)
        if _is(name, calls.evaluates):
            return self.scene.execute(first, Dialect.PYTHON, name)
        if _is(name, calls.spawns):
            self.scene.see(Can.EXECUTE, 0.5, f"It starts a shell from within Python: {name}.", first.text)
        if _is(name, calls.decodes):
            return self._decode(first if given else on, name)
        if _is(name, calls.encodes):
            return carried((on, *given)).after(name.rpartition(".")[2])
        if _is(name, calls.sends):
            named = (g for g in (on, *given) if "://" in g.text or re.match(r"^[\w-]+(?:\.[\w-]+)+$", g.text))
            to = next(named, joined((first, on), " "))
            self.scene.send(everything, to, name, always=True)
            return self.scene.fetch([to])
        if _is(name, calls.fetches):
            self.scene.send(carried(given), first, name)
            return self.scene.fetch([first])
        if _is(name, calls.reads):
            found = self.scene.read(first if given else on)
            # What is opened is known by its path from here on, for what is written into it.
            return found if found.text else replace(found, text=first.text, known=False)
        if _is(name, calls.deletes):
            self.scene.nested(f"rm -r -- {first.text!r}", Dialect.BASH) if first.text else None
        if _is(name, calls.writes) and on.text:
            self.scene.write(on, joined([*given, self.scene.read(first, keeper=True)]) if given else EMPTY)
        return _of_text(name, on, given) or joined((on, *given)) if given or on.origins or on.text else UNKNOWN

    def _decode(self, first: Value, name: str) -> Value:
        how = "hex" if "hex" in name else "base32" if "32" in name else "base64"
        text = decoded(first.text, how) if first.text else None
        if text and first.known:
            self.scene.decode(first.text)
        origins = first.origins | {Origin(SourceKind.ENCODED, (first.text or "what it decodes")[:80])}
        return Value(text or "", text is not None and first.known, origins, first.steps)

    KINDS: ClassVar[dict[type, Callable[["Walk", Any], Value]]] = {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Import: _import,
        ast.ImportFrom: _import,
        ast.Assign: _assign,
        ast.AnnAssign: _assign,
        ast.AugAssign: _assign,
        ast.NamedExpr: _assign,
        ast.BinOp: _operation,
        ast.JoinedStr: _string,
        ast.FormattedValue: _inner,
        ast.Await: _inner,
        ast.Expr: _inner,
        ast.Attribute: _part,
        ast.Subscript: _part,
        ast.Call: _call,
        ast.For: _loop,
        ast.AsyncFor: _loop,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Lambda: _lambda,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.DictComp: _comprehension,
    }
    """How nodes are read, by their type."""


def _is(name: str, names: tuple[str, ...]) -> bool:
    return any(name == n or name.endswith("." + n) for n in names)


def _of_text(name: str, on: Value, given: list[Value]) -> Value | None:
    last = name.rpartition(".")[2]
    if last == "join" and given:
        return replace(joined((on, *given)), text=exchanged(given[0].text, "\n", on.text))
    if last == "replace" and on.known and len(given) > 1 and given[0].text:
        return replace(on, text=exchanged(on.text, given[0].text, given[1].text))
    if last in ("decode", "encode", "strip", "lower", "upper", "read", "rstrip", "lstrip"):
        return on
    if last == "chr" and given and given[0].text.isdigit() and len(given[0].text) < 7:
        return plain(chr(min(int(given[0].text), 0x10FFFF)))
    return None
