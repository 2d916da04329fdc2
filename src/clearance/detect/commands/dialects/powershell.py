"""PowerShell, by tree-sitter's grammar: commands, pipelines, methods and scripts carried out in order."""

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Final

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.bounds import parseable
from clearance.detect.commands.dialects.dotnet import called_method
from clearance.detect.commands.dialects.powershell_values import TICK, Values, text_of
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.texture import look_at_text, name_in_pieces
from clearance.detect.commands.value import EMPTY, UNKNOWN, Value, carried, joined, plain
from clearance.model.command import Dialect

MOST_NESTING: Final = 45
"""Branches of the tree, chains of single children not counted."""


@functools.cache
def _language() -> Language:
    return Language(tree_sitter_powershell.language())


def read(scene: Scene, text: str) -> Value:
    """Walk a script; what could not be parsed is a gap, and what is around it is still read."""
    data = _quoted_paths(parseable(scene, text).replace("\r\n", "\n")).encode("utf-8", "replace")
    look_at_text(scene, text, Dialect.POWERSHELL)
    root = Parser(_language()).parse(data).root_node
    if root.has_error:
        scene.gaps["A part of it could not be parsed as PowerShell."] = None
    return Walk(scene).value(root)


_PATHS: Final = re.compile(
    r"@\"\n[\s\S]*?\n\"@|@'\n[\s\S]*?\n'@|\"(?:[^\"`]|`[\s\S])*\"|'[^']*'|#[^\n]*"
    r"|(?P<at>(?:^|(?<=[\n;|{(]))[ \t]*|"
    r"(?<=[\s,=(]))(?P<path>(?:\$\{?[A-Za-z]\w*(?::\w+(?:\(x86\))?)?\}?)(?:\\(?:'[^'\n]*'|[^\s;|"
    r"(){}'\",])+)+)"
)


def _quoted_paths(text: str) -> str:
    r"""Bare ``$env:TEMP\\x``, unknown to the grammar, in quotes; with ``&`` in front where a command begins."""

    def one(found: re.Match[str]) -> str:
        path = found["path"]
        if path is None:
            return found[0]
        begins = found.string[: found.start("path")].rstrip(" \t")[-1:] in ("", "\n", ";", "|", "{")
        return found["at"] + ("& " if begins else "") + '"' + path.replace("'", "") + '"'

    return _PATHS.sub(one, text) if "$" in text and "\\" in text else text


class Walk(Values):
    """One walk over one tree."""

    def value(self, node: Node) -> Value:
        """The value of an expression, or what statements print."""
        while node.type not in self.KINDS and node.child_count == 1:
            node = node.children[0]
        if self.deep >= MOST_NESTING or self.scene.left < 0:
            self.scene.gaps[f"It is nested more than {MOST_NESTING} deep; what is below was not read."] = None
            return UNKNOWN
        self.deep += 1
        try:
            kind = self.KINDS.get(node.type)
            return kind(self, node) if kind else self._all(node)
        finally:
            self.deep -= 1

    def _error(self, node: Node) -> Value:
        """What the grammar could make nothing of: a path in quotes with options is run; else words are words."""
        words = [self.value(c) for c in node.named_children]
        text = text_of(node)
        if text.startswith(('"', "'")) and words:
            rest = [plain(w) for w in re.findall(r"\"[^\"]*\"|\S+", text[:4096])[1:]]
            return self._run(words[0], rest, EMPTY, piped=False)
        return joined(words, " ")

    def _invocation(self, node: Node) -> Value:
        base = node.named_children[0]
        name = next((self.value(c) for c in node.named_children[1:] if c.type == "member_name"), EMPTY)
        arguments = next((c for c in node.named_children if c.type == "argument_list"), None)
        on = plain(text_of(base)) if base.type == "type_literal" else self.value(base)
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
            words = arguments or [on]
            return (
                self._run(plain("iex"), [words[0]], EMPTY, piped=False) if on.text[:1] != "[" or arguments else UNKNOWN
            )
        return called_method(self.scene, on, low, arguments)

    def _member(self, node: Node) -> Value:
        base = self.value(node.named_children[0]) if node.named_children else EMPTY
        name = text_of(node).rpartition(".")[2].lower()
        if name in ("length", "count"):
            return UNKNOWN
        # A property of something is something of it.
        return replace(base, known=False, text=f"{base.text}.{name}" if base.text.startswith("$") else base.text)

    def _assignment(self, node: Node) -> Value:
        children = node.named_children
        name = text_of(children[0]).strip("${}").strip().lower()
        name = re.sub(r"^\[[\w.\[\]]+\]\s*\$", "", name)
        value = self.value(children[-1])
        if any(text_of(c) == "+=" for c in children[1:-1]):
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
            self.scene.variables[text_of(variable).strip("${}").lower()] = replace(over, known=False)
        return self.value(block) if block is not None else EMPTY

    def _define(self, node: Node) -> Value:
        name = next((text_of(c) for c in node.named_children if c.type == "function_name"), "")
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
        name = EMPTY
        elements: list[Value] = []
        writes: list[Value] = []
        for child in node.named_children:
            if child.type in ("command_name", "command_name_expr", "foreach_command"):
                name = self.value(child) if child.named_children else plain(TICK.sub(r"\1", text_of(child)))
                if child.type == "command_name_expr" and "$" not in text_of(child)[:2] and name.known:
                    name_in_pieces(self.scene, name.text, text_of(child))
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
            writes.append(plain(text_of(target).strip().strip("\"'")))
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
                on = plain(text_of(base)) if base.type == "type_literal" else self.value(base)
                self._held = (on, text_of(inner.named_children[-1]))
                elements.append(on)
                return
            if inner.type == "script_block_expression":
                held = self.scene.variables.get("_")
                self.scene.variables["_"] = replace(stdin, known=False)
                printed = self.value(inner)
                if held is not None:
                    self.scene.variables["_"] = held
                elements.append(replace(carried((printed,)), text=text_of(inner)[:300]))
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

    KINDS: ClassVar[dict[str, Callable[[Any, Node], Value]]] = {
        **Values.KINDS,
        "ERROR": _error,
        "invokation_expression": _invocation,
        "member_access": _member,
        "assignment_expression": _assignment,
        "foreach_statement": _foreach,
        "function_statement": _define,
        "pipeline_chain": _pipeline,
        "command": _simple,
    }
    """How nodes are walked, by the grammar's name for them."""
