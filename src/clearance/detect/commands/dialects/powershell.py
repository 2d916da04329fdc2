"""PowerShell, by tree-sitter's grammar: expressions are evaluated as far as they are constant, methods are commands too."""

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.dialects.dotnet import called_method, cast, formatted, operated
from clearance.detect.commands.roles.text import variable_origins
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.texture import look_at_text, name_in_pieces
from clearance.detect.commands.value import EMPTY, UNKNOWN, Value, carried, joined, plain
from clearance.model.command import Dialect

MOST_NESTING: Final = 45
"""Branches of the tree, chains of single children not counted."""
_TICK: Final = re.compile(r"`(.)", re.DOTALL)


@functools.cache
def _language() -> Language:
    return Language(tree_sitter_powershell.language())


def read(scene: Scene, text: str) -> Value:
    """Walk a script; what could not be parsed is a gap, and what is around it is still read."""
    data = _quoted_paths(text.replace("\x00", "").replace("\r\n", "\n")).encode("utf-8", "replace")
    look_at_text(scene, text, Dialect.POWERSHELL)
    root = Parser(_language()).parse(data).root_node
    if root.has_error:
        scene.gaps["A part of it could not be parsed as PowerShell."] = None
    return Walk(scene).value(root)


_PATHS: Final = re.compile(
    r"@\"\n[\s\S]*?\n\"@|@'\n[\s\S]*?\n'@|\"(?:[^\"`]|`[\s\S])*\"|'[^']*'|#[^\n]*"
    r"|(?P<at>(?:^|(?<=[\n;|{(]))[ \t]*|(?<=[\s,=(]))(?P<path>(?:\$\{?[A-Za-z]\w*(?::\w+(?:\(x86\))?)?\}?)(?:\\(?:'[^'\n]*'|[^\s;|(){}'\",])+)+)"
)


def _quoted_paths(text: str) -> str:
    """Bare ``$env:TEMP\\x``, which the grammar does not know, in quotes; with ``&`` in front where a command begins."""

    def one(found: re.Match[str]) -> str:
        path = found["path"]
        if path is None:
            return found[0]
        begins = found.string[: found.start("path")].rstrip(" \t")[-1:] in ("", "\n", ";", "|", "{")
        return found["at"] + ("& " if begins else "") + '"' + path.replace("'", "") + '"'

    return _PATHS.sub(one, text) if "$" in text and "\\" in text else text


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


class Walk:
    """One walk over one tree."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.deep = 0

    def value(self, node: Node) -> Value:
        """The value of an expression, or what statements print."""
        while node.type not in _KINDS and node.child_count == 1:
            node = node.children[0]
        if self.deep >= MOST_NESTING or self.scene.left < 0:
            self.scene.gaps[f"It is nested more than {MOST_NESTING} deep; what is below was not read."] = None
            return UNKNOWN
        self.deep += 1
        try:
            kind = _KINDS.get(node.type)
            return kind(self, node) if kind else self._all(node)
        finally:
            self.deep -= 1

    def _all(self, node: Node) -> Value:
        if not node.child_count:
            return plain(_text(node)) if node.is_named else EMPTY
        return joined([self.value(c) for c in node.named_children if c.type != "comment"], "\n")

    def _error(self, node: Node) -> Value:
        """What the grammar could make nothing of: a path in quotes with options behind it is run; else words are words."""
        words = [self.value(c) for c in node.named_children]
        text = _text(node)
        if text.startswith(('"', "'")) and words:
            rest = [plain(w) for w in re.findall(r"\"[^\"]*\"|\S+", text[:4096])[1:]]
            return self._run(words[0], rest, EMPTY, piped=False)
        return joined(words, " ")

    # literals

    def _verbatim(self, node: Node) -> Value:
        return plain(_text(node)[1:-1].replace("''", "'"))

    def _here(self, node: Node) -> Value:
        return plain(_text(node)[2:-2].strip("\n"))

    def _expandable(self, node: Node) -> Value:
        source, at = node.text or b"", node.start_byte
        quote = 2 if "here" in node.type else 1
        parts, here = [], at + quote
        for child in node.named_children:
            if child.type in ("variable", "sub_expression"):
                parts += [plain(_unticked(source[here - at : child.start_byte - at])), self.value(child)]
                here = child.end_byte
        parts.append(plain(_unticked(source[here - at : len(source) - quote]).replace('""', '"')))
        return joined(parts)

    def _number(self, node: Node) -> Value:
        return plain(_text(node))

    def _variable(self, node: Node) -> Value:
        name = _text(node).strip("${}").lower()
        found = self.scene.variables.get(name)
        if found is not None:
            return found
        bare = name.removeprefix("env:")
        origins = variable_origins(bare) if name.startswith("env:") else frozenset()
        return Value({"true": "$true", "null": ""}.get(name, f"${name}"), False, origins)

    def _word(self, node: Node) -> Value:
        text = _TICK.sub(r"\1", _text(node))
        inner = [c for c in node.named_children if c.type in ("variable", "sub_expression")]
        if len(inner) == 1 and _text(inner[0]) == _text(node):
            return self.value(inner[0])
        return joined([self._spelled(text), *(carried((self.value(c),)) for c in inner)])

    def _spelled(self, text: str) -> Value:
        """A bare word may hold variables: ``$env:TEMP\\x``."""

        def one(found: re.Match[str]) -> str:
            value = self.scene.variables.get(found.group(1).lower())
            return value.text if value is not None and value.known else found.group(0)

        return plain(re.sub(r"\$\{?((?:env:)?\w+)\}?", one, text) if "$" in text else text)

    # operators

    def _operation(self, node: Node) -> Value:
        parts = [c for c in node.children if c.type != "comment"]
        if len(parts) == 3:
            sign = _text(parts[1]).lower()
            left, right = self.value(parts[0]), self.value(parts[2])
            return operated(sign, left, right, self._list(parts[2]))
        return joined([self.value(c) for c in node.named_children])

    def _format(self, node: Node) -> Value:
        children = node.named_children
        if len(children) < 2:
            return self._all(node)
        return formatted(self.value(children[0]), self._list(children[-1]))

    def _list(self, node: Node) -> list[Value]:
        """The items of a list that is written down, or the one value."""
        while node.child_count == 1 or node.type in ("parenthesized_expression", "array_expression"):
            inner = [c for c in node.children if c.is_named]
            if len(inner) != 1:
                break
            node = inner[0]
        if node.type == "array_literal_expression":
            return [self.value(c) for c in node.named_children]
        value = self.value(node)
        return [replace(value, text=t) for t in value.text.split("\n")] if "\n" in value.text else [value]

    def _unary(self, node: Node) -> Value:
        sign = _text(node.children[0]).lower()
        operand = node.named_children[-1] if node.named_children else node
        if sign == "-join":
            return joined(self._list(operand))
        return self.value(operand)

    def _array(self, node: Node) -> Value:
        return joined([self.value(c) for c in node.named_children], "\n")

    def _cast(self, node: Node) -> Value:
        kind = _text(node.children[0]).strip("[] ").lower()
        values = self._list(node.named_children[-1])
        return cast(kind, values)

    def _element(self, node: Node) -> Value:
        children = node.named_children
        base = self.value(children[0])
        wanted = _text(node).rpartition("[")[2].rstrip("]").strip()
        if base.known and (indices := re.findall(r"-?\d+", wanted)) and ".." not in wanted and len(base.text) < 4096:
            items = base.text.split("\n") if "\n" in base.text else list(base.text)
            taken = [items[int(i)] for i in indices if -len(items) <= int(i) < len(items)]
            return replace(base, text="\n".join(taken))
        return replace(base, known=False)

    # calls

    def _invocation(self, node: Node) -> Value:
        base = node.named_children[0]
        name = next((self.value(c) for c in node.named_children[1:] if c.type == "member_name"), EMPTY)
        arguments = next((c for c in node.named_children if c.type == "argument_list"), None)
        on = plain(_text(base)) if base.type == "type_literal" else self.value(base)
        return self._method(on, name.text, self._arguments(arguments))

    def _arguments(self, node: Node | None) -> list[Value]:
        if node is None:
            return []
        inner = node.named_children
        items = inner[0].named_children if inner else []
        return [self.value(c) for c in items]

    def _method(self, on: Value, name: str, arguments: list[Value]) -> Value:
        low = name.strip("\"'").lower()
        if low in ("invoke", "invokescript", "invokereturnasis", "begininvoke") and on.text:
            words = [on] if not arguments else arguments
            return (
                self._run(plain("iex"), [words[0]], EMPTY, piped=False) if on.text[:1] != "[" or arguments else UNKNOWN
            )
        return called_method(self.scene, on, low, arguments)

    def _member(self, node: Node) -> Value:
        base = self.value(node.named_children[0]) if node.named_children else EMPTY
        name = _text(node).rpartition(".")[2].lower()
        if name in ("length", "count"):
            return UNKNOWN
        # A property of something is something of it.
        return replace(base, known=False, text=f"{base.text}.{name}" if base.text.startswith("$") else base.text)

    def _assignment(self, node: Node) -> Value:
        children = node.named_children
        name = _text(children[0]).strip("${}").strip().lower()
        name = re.sub(r"^\[[\w.\[\]]+\]\s*\$", "", name)
        value = self.value(children[-1])
        if any(_text(c) == "+=" for c in children[1:-1]):
            value = joined([self.scene.variables.get(name, EMPTY), value])
        self.scene.set_variable(name, value)
        if "." in name:
            base = name.partition(".")[0]
            self.scene.variables[base] = joined([self.scene.variables.get(base, EMPTY), carried((value,))])
            act(self.scene, Action(program=f".{name.rpartition('.')[2]}=", called=name, words=(value,)))
        return EMPTY

    def _foreach(self, node: Node) -> Value:
        children = node.named_children
        variable = next((c for c in children if c.type == "variable"), None)
        block = next((c for c in children if c.type == "statement_block"), None)
        over = joined([self.value(c) for c in children if c not in (variable, block)])
        if variable is not None:
            self.scene.variables[_text(variable).strip("${}").lower()] = replace(over, known=False)
        return self.value(block) if block is not None else EMPTY

    def _define(self, node: Node) -> Value:
        name = next((_text(c) for c in node.named_children if c.type == "function_name"), "")
        self.scene.functions[name.lower()] = node
        block = node.named_children[-1]
        # Read where it stands too: a function may be called in ways that are not seen.
        return self.value(block) and EMPTY

    def _pipeline(self, node: Node) -> Value:
        value, piped = EMPTY, False
        for child in node.named_children:
            if child.type == "command":
                value = self._command(child, value, piped=piped)
            elif child.type == "ERROR":
                value = joined([value, self._error(child)])
            else:
                value = self.value(child)
            piped = True
        return value

    def _simple(self, node: Node) -> Value:
        return self._command(node, EMPTY, piped=False)

    def _command(self, node: Node, stdin: Value, *, piped: bool) -> Value:
        name, elements, writes = EMPTY, [], []
        for child in node.named_children:
            if child.type in ("command_name", "command_name_expr", "foreach_command"):
                name = self.value(child) if child.named_children else plain(_TICK.sub(r"\1", _text(child)))
                if child.type == "command_name_expr" and "$" not in _text(child)[:2] and name.known:
                    name_in_pieces(self.scene, name.text, _text(child))
            elif child.type == "command_elements":
                for part in child.named_children:
                    self._take(part, elements, writes, stdin)
        if node.children and node.children[0].type == "command_invokation_operator" and name is EMPTY and elements:
            name, elements = elements[0], elements[1:]
        return self._run(name, elements, stdin, piped=piped, writes=tuple(writes))

    def _take(self, part: Node, elements: list[Value], writes: list[Value], stdin: Value) -> None:
        if part.type == "command_argument_sep":
            return
        if part.type == "redirection":
            target = part.named_children[-1]
            writes.append(plain(_text(target).strip().strip("\"'")))
        elif part.type == "argument_list":
            arguments = self._arguments(part)
            on = elements.pop() if elements else EMPTY
            elements.append(
                self._method(self._held[0], self._held[1], arguments) if self._held else joined([on, *arguments])
            )
            self._held = None
        else:
            inner = part
            while inner.child_count == 1:
                inner = inner.children[0]
            self._held = None
            if inner.type == "member_access" and inner.named_children:
                base = inner.named_children[0]
                on = plain(_text(base)) if base.type == "type_literal" else self.value(base)
                self._held = (on, _text(inner.named_children[-1]))
                elements.append(on)
                return
            if inner.type == "script_block_expression":
                held = self.scene.variables.get("_")
                self.scene.variables["_"] = replace(stdin, known=False)
                printed = self.value(inner)
                if held is not None:
                    self.scene.variables["_"] = held
                elements.append(replace(carried((printed,)), text=_text(inner)[:300]))
                return
            elements.append(self.value(part))

    _held: tuple[Value, str] | None = None

    def _run(
        self, name: Value, words: list[Value], stdin: Value, *, piped: bool, writes: tuple[Value, ...] = ()
    ) -> Value:
        called = name.text.strip()
        if called.lower() in (
            "%",
            "foreach-object",
            "?",
            "where-object",
            "foreach",
            "where",
            "select-object",
            "select",
        ):
            if called.lower() in ("?", "where-object", "where"):
                act(
                    self.scene,
                    Action(program="where-object", called=called, words=tuple(words), stdin=stdin, piped=piped),
                )
            printed = carried([*words, stdin]) if words else stdin
            return replace(printed, known=False) if called.lower() in ("%", "foreach-object", "foreach") else stdin
        body = self.scene.functions.get(called.lower())
        if body is not None and words and self.scene.depth < MOST_NESTING // 3:
            self.scene.variables.update({"args": joined(words, " ")})
        action = Action(
            program=program_of(called), called=called, words=tuple(words), stdin=stdin, piped=piped, writes=writes
        )
        return act(self.scene, action)


def _unticked(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return (
        _TICK.sub(lambda m: {"n": "\n", "t": "\t", "r": "\r", "0": ""}.get(m[1], m[1]), text) if "`" in text else text
    )


_KINDS: Final[dict[str, Callable[[Walk, Node], Value]]] = {
    "ERROR": Walk._error,
    "verbatim_string_characters": Walk._verbatim,
    "verbatim_here_string_characters": Walk._here,
    "expandable_string_literal": Walk._expandable,
    "expandable_here_string_literal": Walk._expandable,
    "decimal_integer_literal": Walk._number,
    "hexadecimal_integer_literal": Walk._number,
    "variable": Walk._variable,
    "generic_token": Walk._word,
    "command_parameter": Walk._word,
    "path_command_name": Walk._word,
    "additive_expression": Walk._operation,
    "comparison_expression": Walk._operation,
    "multiplicative_expression": Walk._operation,
    "format_expression": Walk._format,
    "expression_with_unary_operator": Walk._unary,
    "array_literal_expression": Walk._array,
    "cast_expression": Walk._cast,
    "element_access": Walk._element,
    "invokation_expression": Walk._invocation,
    "member_access": Walk._member,
    "assignment_expression": Walk._assignment,
    "foreach_statement": Walk._foreach,
    "function_statement": Walk._define,
    "pipeline_chain": Walk._pipeline,
    "command": Walk._simple,
}
