"""Python that runs what it fetched, or what it decodes from a text of its own: values followed through names."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from clearance.observe.static.made_code.literals import literal_bytes
from clearance.observe.static.made_code.sighting import FETCHED, HIDDEN, MadeCode

_LARGEST: Final = 1 << 20
_MOST: Final = 40
_GATE_RUN: Final = re.compile(
    rb"\b(?:exec|eval|compile|__import__|getattr|system|popen|Popen|run|call|check_call|check_output|loads?)\s*\("
)
_GATE_MADE: Final = re.compile(
    rb"urlopen|urlretrieve|requests|httpx|urllib|http\.client|aiohttp|marshal|pickle|dill|b64decode|b85decode|b32decode|a85decode"
    rb"|unhexlify|fromhex|decompress|Fernet|decrypt|codecs|rot_?13|chr\s*\("
)
_FETCHES: Final = re.compile(
    r"(?:.*\.)?(?:urlopen|urlretrieve)\Z|(?:requests|httpx|session|client|urllib3|aiohttp|http)\.(?:\w+\.)*(?:get|post|request|put|stream)\Z"
    r"|.*\.(?:PoolManager|Session|Client|HTTPSConnection|HTTPConnection)\(\)\.(?:get|post|request|getresponse)\Z"
)
_RUNS: Final = frozenset(
    ("exec", "eval", "builtins.exec", "builtins.eval", "compile", "builtins.compile", "__builtins__.exec")
)
_COMMANDS: Final = frozenset(("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"))
_SHELLED: Final = frozenset(
    ("subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call", "subprocess.check_output")
)
_LOADERS: Final = re.compile(r"(?:.*\.)?(marshal|pickle|cPickle|dill|cloudpickle)\.loads\Z")
_DECODES: Final = re.compile(
    r"(?:.*\.)?(?:b(?:16|32|64|85)decode|a85decode|standard_b64decode|urlsafe_b64decode|unhexlify|a2b_\w+|fromhex|decompress"
    r"|decrypt|translate|codecs\.decode|decodebytes|decodestring)\Z"
)
_STRANGE_PICKLE: Final = re.compile(
    rb"c(?:os|posix|nt|subprocess|builtins|__builtin__|sys|importlib|pty|socket|runpy)\n|\x8c.(?:os|posix|nt|subprocess|builtins)\x94",
    re.DOTALL,
)
_LONG: Final = 24
_LONGEST_WORD: Final = 60
_MOST_DECODED: Final = 200
_DEEPEST: Final = 60


def python_made(data: bytes) -> Iterator[MadeCode]:
    """What it runs that it fetched or decoded; nothing for what is no Python, or is above one MiB."""
    if len(data) > _LARGEST or not _GATE_RUN.search(data) or not _GATE_MADE.search(data):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the compiler thinks of its escapes is not our matter
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    walk = _Walk(starts=_line_starts(data))
    walk.bind(tree)
    yield from list(dict.fromkeys(walk.seen(tree)))[:_MOST]


def _line_starts(data: bytes) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer(rb"\n", data)))


@dataclass(frozen=True, slots=True)
class _Of:
    """What is known of a value."""

    fetched: str = ""
    decoded: str = ""
    own: bool = False
    """A long text of the file is in it."""

    def with_other(self, other: "_Of") -> "_Of":
        return _Of(self.fetched or other.fetched, self.decoded or other.decoded, self.own or other.own)


_NOTHING: Final = _Of()


@dataclass(slots=True)
class _Walk:
    starts: tuple[int, ...]
    names: dict[str, _Of] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    """What names stand for: modules, and functions that run text."""
    takes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The parameters of functions of the file, by name."""
    texts: dict[str, bytes] = field(default_factory=dict)
    """Texts and bytes that names hold as they are written down."""
    words: dict[str, bytes] = field(default_factory=dict)
    """Those that may be a word."""
    left: int = _MOST_DECODED
    """Literals that may still be decoded."""

    def bind(self, tree: ast.Module) -> None:
        """What each name holds, whichever function it is in; two rounds, for names used before they are given."""
        nodes = list(ast.walk(tree))
        for node in nodes:
            if isinstance(node, ast.Import):
                self.modules.update(
                    (n.asname or n.name.partition(".")[0], n.name if n.asname else n.name.partition(".")[0])
                    for n in node.names
                )
            elif isinstance(node, ast.ImportFrom):
                self.modules.update((n.asname or n.name, f"{node.module or ''}.{n.name}") for n in node.names)
        for node in nodes:
            self._function(node)
        for _ in range(2):
            for node in nodes:
                self._assign(node)
                self._handed(node)

    def _function(self, node: ast.AST) -> None:
        """Names that are given a function of the file, one that runs text, or a text."""
        match node:
            case ast.FunctionDef(name=name, args=args):
                self.takes[name] = tuple(a.arg for a in args.args)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=args)):
                self.takes[name] = tuple(a.arg for a in args.args)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str() | bytes() as text)):
                self.texts[name] = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
                if len(self.texts[name]) <= _LONGEST_WORD:
                    self.words[name] = self.texts[name]
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name() | ast.Attribute() | ast.Call() as value):
                if _is_run(known := self.dotted(value)):
                    self.modules[name] = known
            case _:
                return

    def _handed(self, node: ast.AST) -> None:
        """What a call of a function of the file gives to its parameters."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=given) if name in self.takes:
                names = self.takes[name]
            case ast.Call(func=ast.Lambda(args=args), args=given):
                names = tuple(a.arg for a in args.args)
            case _:
                return
        for parameter, value in zip(names, given, strict=False):
            if (held := self.of(value)) != _NOTHING:
                self.names[parameter] = self.names.get(parameter, _NOTHING).with_other(held)

    def _assign(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                held = self.of(value)
                for target in targets:
                    self._name(target, held)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                self._name(target, self.of(value))
            case ast.NamedExpr(target=target, value=value):
                self._name(target, self.of(value))
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._name(target, self.of(value))
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                self._name(target, self.of(value))
            case _:
                return

    def _name(self, target: ast.expr, held: _Of) -> None:
        if held == _NOTHING:
            return
        for name in ast.walk(target):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                self.names[name.id] = self.names.get(name.id, _NOTHING).with_other(held)

    def of(self, node: ast.AST, deep: int = 0) -> _Of:
        """What is in the value of an expression."""
        if deep > _DEEPEST or isinstance(node, ast.Lambda):
            return _NOTHING
        if isinstance(node, ast.Constant):
            return _Of(own=isinstance(node.value, str | bytes) and len(node.value) >= _LONG)
        if isinstance(node, ast.Name):
            return self.names.get(node.id, _NOTHING)
        found = _NOTHING
        for child in ast.iter_child_nodes(node):
            found = found.with_other(self.of(child, deep + 1))
        if (
            isinstance(node, ast.List | ast.Tuple)
            and len(node.elts) >= _LONG
            and all(isinstance(e, ast.Constant) for e in node.elts[:_LONG])
        ):
            found = found.with_other(_Of(own=True))
        if isinstance(node, ast.Call):
            name = self.dotted(node.func)
            if _FETCHES.match(name):
                return found.with_other(_Of(fetched=name))
            if _LOADERS.match(name) and found.decoded and " of " not in found.decoded:
                return _Of(found.fetched, f"{name} of {found.decoded}", found.own)
            if _DECODES.match(name) or _LOADERS.match(name) or (name == "chr" and found.own):
                return found.with_other(_Of(decoded=name))
        return found

    def seen(self, tree: ast.Module) -> Iterator[MadeCode]:
        """Every run of such a value."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (node.args or node.keywords):
                yield from self._run(node, self.dotted(node.func))

    def _run(self, node: ast.Call, name: str) -> Iterator[MadeCode]:
        shelled = name in _SHELLED and any(
            k.arg == "shell" and isinstance(k.value, ast.Constant) and k.value.value for k in node.keywords
        )
        runs = _is_run(name)
        if (runs or name in _COMMANDS or shelled) and node.args:
            held = self.of(node.args[0])
            if held.fetched:
                yield self._made(node, FETCHED, f"{name} of what {held.fetched} fetches")
            elif held.decoded and held.own and runs and not ("eval" in name and held.decoded.endswith("loads")):
                yield self._made(node, HIDDEN, f"{name} of {held.decoded}")
        elif (loader := _LOADERS.match(name)) and node.args and loader[1] != "marshal":
            self.left -= 1
            first = literal_bytes(node.args[0], self.dotted, self.texts) if self.left >= 0 else None
            if first is not None and _STRANGE_PICKLE.search(first):
                yield self._made(node, HIDDEN, f"{name} of a text that calls programs")

    def _made(self, node: ast.Call, kind: str, detail: str) -> MadeCode:
        line = min(node.lineno - 1, len(self.starts) - 1)
        return MadeCode(kind=kind, detail=detail, offset=self.starts[line] + node.col_offset)

    def _key(self, node: ast.expr) -> str:
        """The name that an expression of literals spells: ``"ex" + "ec"``."""
        held = literal_bytes(node, lambda _: "", self.words)
        return held.decode("utf-8", "replace") if held and len(held) <= _LONGEST_WORD else ""

    def dotted(self, node: ast.expr) -> str:
        """``requests.get`` with the real names of modules; calls within are ``()``; empty where it has no such name."""
        parts: list[str] = []
        while len(parts) < 8:
            match node:
                case ast.Attribute(value=inner, attr=attr):
                    parts.append(attr)
                    node = inner
                case ast.Call(func=ast.Name(id="__import__"), args=[ast.Constant(value=str() as module), *_]):
                    parts.append(module)
                    break
                case ast.Call(func=ast.Name(id="getattr"), args=[inner, key, *_]) if attr := self._key(key):
                    parts.append(attr)
                    node = inner
                case ast.Call(func=inner):
                    name = self.dotted(inner)
                    parts.append(f"{name}()" if name else "()")
                    break
                case ast.Name(id=name):
                    parts.append(self.modules.get(name, name))
                    break
                case _:
                    return ""
        return ".".join(reversed(parts))


def _is_run(name: str) -> bool:
    return name in _RUNS or (name.endswith((".exec", ".eval")) and "builtins" in name)
