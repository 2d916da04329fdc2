"""Words of bash: quoting, expansions, braces and substitutions resolved to values."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tree_sitter import Node

from clearance.detect.commands.places import normal
from clearance.detect.commands.roles.text import unescaped, variable_origins
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.value import EMPTY, UNKNOWN, Value, exchanged, joined, plain, unknown

MOST_NESTING: Final = 30
_BRACES: Final = re.compile(r"\{([^{}\s]*,[^{}\s]*)\}")
_MOST_BRACES: Final = 64


class Words:
    """Evaluates words; what statements inside of them print, the walk over statements says."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.deep = 0

    def statements(self, node: Node, stdin: Value = EMPTY, *, piped: bool = False) -> Value:
        """What the statements below a node print."""
        raise NotImplementedError

    def _file(self, node: Node, stdin: Value, piped: bool) -> tuple[Value, bool, tuple[Value, ...]]:  # noqa: FBT001
        sign = next((c.type for c in node.children if not c.is_named), "")
        target = node.child_by_field_name("destination")
        if target is None:
            return stdin, piped, ()
        path = self.word(target)
        number = next((text_of(c) for c in node.named_children if c.type == "file_descriptor"), "")
        if number.isdigit() and int(number) > 2:
            self.scene.variables[f"&{number}"] = path
        if sign.startswith("<"):
            return (
                (self._substituted(target) if target.type == "process_substitution" else self.scene.read(path)),
                True,
                (),
            )
        if path.text.isdigit() or path.text == "-":
            held = self.scene.variables.get(f"&{path.text}")
            return stdin, piped, (held,) if held is not None else ()
        return stdin, piped, (path,)

    def _split(self, node: Node) -> list[Value]:
        """One word of the source as the words it becomes: braces and unquoted substitutions."""
        value = self.word(node)
        if node.type in ("concatenation", "word", "brace_expression") and "{" in value.text:
            return _braces(value)
        quoted = any("string" in c.type for c in node.children) and "IFS" not in text_of(node)
        if (
            node.type in ("simple_expansion", "expansion", "command_substitution", "concatenation")
            and value.known
            and not quoted
        ):
            signs = self.scene.variables.get("IFS", EMPTY).text.strip()
            parts = value.text.split() if not signs else re.split(f"[{re.escape(signs)}\\s]+", value.text)
            if len(parts) > 1:
                return [replace(value, text=p) for p in parts[:200]]
        return [value]

    def word(self, node: Node) -> Value:
        """The value of a word."""
        if self.deep >= MOST_NESTING:
            self.scene.gaps[f"It is nested more than {MOST_NESTING} deep; what is below was not read."] = None
            return UNKNOWN
        self.deep += 1
        try:
            return self._word(node)
        finally:
            self.deep -= 1

    def _word(self, node: Node) -> Value:
        kind = node.type
        if kind in (
            "word",
            "number",
            "variable_name",
            "special_variable_name",
            "extglob_pattern",
            "regex",
            "test_operator",
        ):
            return plain(_unquoted(text_of(node)))
        if kind == "raw_string":
            return plain(text_of(node)[1:-1])
        if kind == "ansi_c_string":
            return plain(unescaped(text_of(node)[2:-1]))
        if kind in ("string", "translated_string", "heredoc_body"):
            return self._pieces(node)
        if kind == "simple_expansion":
            return self._variable(text_of(node)[1:])
        if kind == "expansion":
            return self._expansion(node)
        if kind == "command_substitution":
            printed = self._inside(node)
            text = printed.text.rstrip("\n")
            return replace(printed, text=text if text or printed.known else "$(…)")
        if kind == "process_substitution":
            return self._substituted(node)
        if kind == "concatenation":
            return joined([self.word(c) for c in node.children])
        if kind == "array":
            return joined([self.word(c) for c in node.named_children], " ")
        return plain(_unquoted(text_of(node)))

    def _inside(self, node: Node) -> Value:
        children = node.named_children
        if len(children) == 1 and children[0].type == "file_redirect":
            piped = False
            return self._file(children[0], EMPTY, piped)[0]  # $(<file)
        around = self.scene.stdin  # ``bash -c 'x=$(cat)'`` reads what bash was given
        return self.statements(node, around, piped=bool(around.origins or around.text))

    def _substituted(self, node: Node) -> Value:
        """``<(command)`` is a file that holds what the command prints."""
        printed = self._inside(node)
        path = f"/dev/fd/{node.start_byte}"
        self.scene.files[normal(path)] = printed
        return Value(path, origins=printed.origins, steps=printed.steps)

    def _pieces(self, node: Node) -> Value:
        """A string in double quotes or a here-document: text between expansions."""
        source, at = _bytes(node), node.start_byte
        quote = 1 if node.type == "string" else 0
        parts, here = [], at + quote
        for child in node.named_children:
            if child.type in _EXPANSIONS:
                parts.append(plain(_escaped(source[here - at : child.start_byte - at].decode("utf-8", "replace"))))
                parts.append(self.word(child))
                here = child.end_byte
        parts.append(plain(_escaped(source[here - at : len(source) - quote].decode("utf-8", "replace"))))
        return joined(parts)

    def _variable(self, name: str) -> Value:
        found = self.scene.variables.get(name)
        if found is not None:
            return found
        if name == "IFS":
            return plain(" ")
        return unknown(f"${name}", variable_origins(name))

    def _expansion(self, node: Node) -> Value:
        text = text_of(node)[2:-1]
        found = re.match(r"^[#!]?([A-Za-z_]\w*|[@*#?0-9-])(.*)$", text, re.DOTALL)
        if found is None:
            return UNKNOWN
        name, rest = found.groups()
        value = self._variable(name)
        if text.startswith("!"):
            value = self._variable(value.text) if value.known else value
        if name == "IFS":
            return plain(" ")
        if not rest:
            return value
        if value.known:
            return replace(value, text=_modified(value.text, rest))
        default = re.match(r"^:?[-=+](.*)$", rest, re.DOTALL)
        if default and default.group(1) and not value.origins and "$" not in default.group(1):
            return unknown(default.group(1).strip("\"'"), value.origins)
        return value


def _modified(text: str, how: str) -> str:
    """``${x:1:2}``, ``${x#y}``, ``${x%y}``, ``${x/a/b}``, ``${x^^}`` for plain patterns."""
    if cut := re.match(r"^:\s*(\d+)(?::\s*(\d+))?$", how):
        start, size = int(cut.group(1)), cut.group(2)
        return text[start : start + int(size)] if size else text[start:]
    if swap := re.match(r"^(//?)([^/]+)/(.*)$", how, re.DOTALL):
        return (
            exchanged(text, swap.group(2), swap.group(3))
            if swap.group(1) == "//"
            else text.replace(swap.group(2), swap.group(3), 1)
        )
    if drop := re.match(r"^//?([^/*?\[]+)$", how):
        return text.replace(drop.group(1), "")
    if how.startswith("#") and "*" not in how:
        return text.removeprefix(how.lstrip("#"))
    if how.startswith("%") and "*" not in how:
        return text.removesuffix(how.lstrip("%"))
    return text.upper() if how == "^^" else text.lower() if how == ",," else text


def _braces(value: Value) -> list[Value]:
    """``{a,b}`` as two words; at most ``_MOST_BRACES``."""
    texts = [value.text]
    while len(texts) < _MOST_BRACES and (found := next((t for t in texts if _BRACES.search(t)), None)) is not None:
        at, match = texts.index(found), _BRACES.search(found)
        assert match is not None
        texts[at : at + 1] = [found[: match.start()] + p + found[match.end() :] for p in match.group(1).split(",")[:32]]
    return [replace(value, text=t) for t in texts]


def substitutions(node: Node) -> Iterator[Node]:
    """Command substitutions below a node, not deeper than the walk goes."""
    stack = [(node, 0)]
    while stack:
        here, depth = stack.pop()
        if here.type == "command_substitution":
            yield here
        elif depth < MOST_NESTING:
            stack.extend((c, depth + 1) for c in here.named_children)


def _bytes(node: Node) -> bytes:
    return node.text or b""


def text_of(node: Node) -> str:
    """The source of a node."""
    return _bytes(node).decode("utf-8", "replace")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: "" if m[1] == "\n" else m[1], text, flags=re.DOTALL) if "\\" in text else text


def _escaped(text: str) -> str:
    return re.sub(r"\\([\"\\$`\n])", lambda m: "" if m[1] == "\n" else m[1], text) if "\\" in text else text


_EXPANSIONS: Final = frozenset({"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"})
WORDS: Final = frozenset(
    {
        "word",
        "string",
        "raw_string",
        "ansi_c_string",
        "concatenation",
        "simple_expansion",
        "expansion",
        "command_substitution",
        "number",
    }
)
