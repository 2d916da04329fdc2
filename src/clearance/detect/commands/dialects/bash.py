"""Bash and its relatives, by tree-sitter's grammar: quoting, substitution, variables, functions and redirections resolved."""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.places import normal
from clearance.detect.commands.roles.text import unescaped, variable_origins
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.texture import name_in_pieces
from clearance.detect.commands.value import EMPTY, UNKNOWN, Value, carried, joined, plain
from clearance.model.command import CommandCapability as Can

MOST_NESTING: Final = 30
_BRACES: Final = re.compile(r"\{([^{}\s]*,[^{}\s]*)\}")
_MOST_BRACES: Final = 64
_SOCKET: Final = re.compile(r"^/dev/(?:tcp|udp)/")


@functools.cache
def _language() -> Language:
    return Language(tree_sitter_bash.language())


def read(scene: Scene, text: str) -> Value:
    """Walk a script; what could not be parsed is a gap, and what is around it is still read."""
    data = text.replace("\x00", "").encode("utf-8", "replace")
    root = Parser(_language()).parse(data).root_node
    if root.has_error:
        scene.gaps["A part of it could not be parsed as bash."] = None
    return Walk(scene).statements(root, scene.stdin, piped=bool(scene.stdin.origins or scene.stdin.text))


class Walk:
    """One walk over one tree."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.deep = 0

    def statements(self, node: Node, stdin: Value = EMPTY, *, piped: bool = False) -> Value:
        """All statements below a node, one after the other; what they print, together."""
        if node.type == "ERROR" and not any(c.type in _STATEMENTS for c in node.named_children):
            return self._loose(node, stdin, piped=piped)
        printed = [
            self.statement(child, stdin, piped=piped) for child in node.named_children if child.type != "comment"
        ]
        return joined(printed) if printed else EMPTY

    def statement(self, node: Node, stdin: Value = EMPTY, *, piped: bool = False) -> Value:
        """One statement; returns what it prints."""
        if self.deep >= MOST_NESTING:
            self.scene.gaps[f"It is nested more than {MOST_NESTING} deep; what is below was not read."] = None
            return UNKNOWN
        if self.scene.left < 0:
            return UNKNOWN
        self.deep += 1
        try:
            walk = _STATEMENTS.get(node.type)
            return walk(self, node, stdin, piped) if walk else self.statements(node, stdin, piped=piped)
        finally:
            self.deep -= 1

    def _loose(self, node: Node, stdin: Value, *, piped: bool) -> Value:
        """Words that the grammar could make nothing of are still words of a command."""
        words = [self.word(c) for c in node.named_children if c.type in _WORDS or c.type == "command_name"]
        if not words:
            return joined([self.statement(c, stdin, piped=piped) for c in node.named_children])
        return self._run(words, stdin, piped=piped, writes=())

    def _program(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001 - one shape for all of the table
        return self.statements(node, stdin, piped=piped)

    def _list(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        """``a || b``: what ``a`` prints, where that is known."""
        printed = [self.statement(c, stdin, piped=piped) for c in node.named_children if c.type != "comment"]
        if any(c.type == "||" for c in node.children) and printed and printed[0].known and printed[0].text.strip():
            return printed[0]
        return joined(printed) if printed else EMPTY

    def _pipeline(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        value, connected = stdin, piped
        for child in node.named_children:
            value = self.statement(child, value, piped=connected)
            connected = True
        return value

    def _command(self, node: Node, stdin: Value, piped: bool, writes: tuple[Value, ...] = ()) -> Value:  # noqa: FBT001
        words: list[Value] = []
        for child in node.named_children:
            if child.type == "variable_assignment":
                self._assign(child, EMPTY, False)
            elif child.type == "herestring_redirect":
                stdin, piped = self._here_string(child), True
            elif child.type == "file_redirect":
                stdin, piped, more = self._file(child, stdin, piped)
                writes = (*writes, *more)
            elif child.type == "command_name":
                words.extend(self._split(child.named_children[0]) if child.named_children else [plain(_text(child))])
                if (
                    words
                    and words[0].known
                    and child.named_children
                    and child.named_children[0].type == "concatenation"
                ):
                    name_in_pieces(self.scene, words[0].text, _text(child))
            else:
                words.extend(self._split(child))
        return self._run(words, stdin, piped=piped, writes=writes) if words else EMPTY

    def _run(self, words: list[Value], stdin: Value, *, piped: bool, writes: tuple[Value, ...]) -> Value:
        called = words[0].text
        body = self.scene.functions.get(called)
        if body is not None and self.scene.depth < MOST_NESTING // 2:
            return self._function(body, words, stdin, piped=piped)
        alias = self.scene.variables.get(f"alias {called}")
        if alias is not None:
            called = alias.text.split(" ")[0] if alias.text else called
            words = [*(plain(w) for w in alias.text.split()), *words[1:]]
        if not called.strip() and len(words) > 1 and not words[0].known:
            words = words[1:]
            called = words[0].text
        action = Action(
            program=program_of(called), called=called, words=tuple(words[1:]), stdin=stdin, piped=piped, writes=writes
        )
        self._socket_shell(action)
        if words[0].origins and not words[0].text.startswith("/"):
            from clearance.model.command import SinkKind

            self.scene.flow(words[0], SinkKind.EXECUTION, "the shell")
        return act(self.scene, action)

    def _socket_shell(self, action: Action) -> None:
        if any(_SOCKET.match(w.text) for w in action.writes) and action.program in (
            "sh",
            "bash",
            "zsh",
            "dash",
            "exec",
        ):
            self.scene.see(
                Can.EXECUTE, 0.95, "It gives a shell to the network through a socket of the shell.", action.line
            )

    def _function(self, body: Node, words: list[Value], stdin: Value, *, piped: bool) -> Value:
        held = {k: v for k, v in self.scene.variables.items() if k.isdigit() or k in ("@", "*")}
        self.scene.variables.update({str(i): w for i, w in enumerate(words)})
        self.scene.variables["@"] = self.scene.variables["*"] = joined(words[1:], " ")
        self.scene.depth += 1
        try:
            return self.statement(body, stdin, piped=piped)
        finally:
            self.scene.depth -= 1
            self.scene.variables.update(held)

    def _redirected(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        body = node.child_by_field_name("body")
        writes: tuple[Value, ...] = ()
        rest: list[Node] = []
        for child in node.named_children:
            if child == body:
                continue
            if child.type == "file_redirect":
                stdin, piped, more = self._file(child, stdin, piped)
                writes = (*writes, *more)
            elif child.type == "herestring_redirect":
                stdin, piped = self._here_string(child), True
            elif child.type == "heredoc_redirect":
                stdin, piped, more, rest = self._here_document(child, stdin, piped)
                writes = (*writes, *more)
        if body is not None and body.type == "command":
            printed = self._command(body, stdin, piped, writes)
        else:
            printed = self.statement(body, stdin, piped=piped) if body is not None else EMPTY
            for target in writes:
                self.scene.write(target, printed)
        for follower in rest:
            printed = self._follow(follower, printed)
        return printed

    def _follow(self, node: Node, value: Value) -> Value:
        """``cat <<X | sh``: the grammar puts what follows inside the redirection."""
        if node.type == "pipeline":
            return self._pipeline(node, value, True)
        return self.statement(node, value, piped=True)

    def _file(self, node: Node, stdin: Value, piped: bool) -> tuple[Value, bool, tuple[Value, ...]]:  # noqa: FBT001
        sign = next((c.type for c in node.children if not c.is_named), "")
        target = node.child_by_field_name("destination")
        if target is None:
            return stdin, piped, ()
        path = self.word(target)
        number = next((_text(c) for c in node.named_children if c.type == "file_descriptor"), "")
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

    def _here_string(self, node: Node) -> Value:
        return joined([self.word(c) for c in node.named_children])

    def _here_document(
        self,
        node: Node,
        stdin: Value,
        piped: bool,  # noqa: FBT001
    ) -> tuple[Value, bool, tuple[Value, ...], list[Node]]:
        body, rest, writes = stdin, [], ()
        start = next((_text(c) for c in node.named_children if c.type == "heredoc_start"), "")
        for child in node.named_children:
            if child.type == "heredoc_body":
                quoted = start[:1] in ("'", '"', "\\")
                body, piped = (plain(_text(child)) if quoted else self._pieces(child)), True
            elif child.type == "file_redirect":
                _, _, writes = self._file(child, stdin, piped)
            elif child.type in _STATEMENTS:
                rest.append(child)
        return body, piped, writes, rest

    def _assign(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001, ARG002
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None:
            found = self.word(value) if value is not None else EMPTY
            key = _text(name)
            if any(c.type == "+=" for c in node.children) and key in self.scene.variables:
                found = joined([self.scene.variables[key], found])
            self.scene.set_variable(key, found)
        return EMPTY

    def _declaration(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        for child in node.named_children:
            if child.type == "variable_assignment":
                self._assign(child, stdin, piped)
        words = [self.word(c) for c in node.named_children if c.type != "variable_assignment"]
        return self._run([plain(_text(node.children[0])), *words], stdin, piped=piped, writes=())

    def _for(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        values = [v for c in node.children_by_field_name("value") for v in self._split(c)]
        if variable is not None:
            self.scene.variables[_text(variable)] = joined(values, " ") if values else UNKNOWN
        return self.statement(body, stdin, piped=piped) if body is not None else EMPTY

    def _while(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        condition = node.child_by_field_name("condition")
        for part in [condition] if condition is not None else []:
            names = _text(part).split()
            if names[:1] == ["read"] or "read" in names[:3]:
                for name in (n for n in names if n.isidentifier() and n not in ("read", "IFS")):
                    self.scene.variables[name] = carried((stdin,))
            self.statement(part, stdin, piped=piped)
        body = node.child_by_field_name("body")
        return self.statement(body, stdin, piped=piped) if body is not None else EMPTY

    def _define(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001, ARG002
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            called = _text(name)
            if called == ":" and "|" in _text(body) and _text(body).count(":") > 1:
                self.scene.see(Can.DESTROY, 0.8, "It starts itself without end.", _text(node)[:80])
            before = self.scene.functions.get(called)
            if before is None:
                self.scene.functions[called] = body
        return EMPTY

    def _test(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        for child in node.named_children:
            for inner in _substitutions(child):
                self.statements(inner, stdin, piped=piped)
        return EMPTY

    # words

    def _split(self, node: Node) -> list[Value]:
        """One word of the source as the words it becomes: braces and unquoted substitutions."""
        value = self.word(node)
        if node.type in ("concatenation", "word", "brace_expression") and "{" in value.text:
            return _braces(value)
        quoted = any("string" in c.type for c in node.children)
        if (
            node.type in ("simple_expansion", "expansion", "command_substitution", "concatenation")
            and value.known
            and not quoted
        ):
            parts = value.text.split()
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
            return plain(_unquoted(_text(node)))
        if kind == "raw_string":
            return plain(_text(node)[1:-1])
        if kind == "ansi_c_string":
            return plain(unescaped(_text(node)[2:-1]))
        if kind in ("string", "translated_string", "heredoc_body"):
            return self._pieces(node)
        if kind == "simple_expansion":
            return self._variable(_text(node)[1:])
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
        return plain(_unquoted(_text(node)))

    def _inside(self, node: Node) -> Value:
        children = node.named_children
        if len(children) == 1 and children[0].type == "file_redirect":
            return self._file(children[0], EMPTY, False)[0]  # $(<file)
        return self.statements(node)

    def _substituted(self, node: Node) -> Value:
        """``<(command)`` is a file that holds what the command prints."""
        printed = self._inside(node)
        path = f"/dev/fd/{node.start_byte}"
        self.scene.files[normal(path)] = printed
        return Value(path, True, printed.origins, printed.steps)

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
        return Value(f"${name}", False, variable_origins(name))

    def _expansion(self, node: Node) -> Value:
        text = _text(node)[2:-1]
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
            return Value(default.group(1).strip("\"'"), False, value.origins)
        return value


def _modified(text: str, how: str) -> str:
    """``${x:1:2}``, ``${x#y}``, ``${x%y}``, ``${x/a/b}``, ``${x^^}`` for plain patterns."""
    if cut := re.match(r"^:\s*(\d+)(?::\s*(\d+))?$", how):
        start, size = int(cut.group(1)), cut.group(2)
        return text[start : start + int(size)] if size else text[start:]
    if swap := re.match(r"^(//?)([^/]+)/(.*)$", how, re.DOTALL):
        return text.replace(swap.group(2), swap.group(3), -1 if swap.group(1) == "//" else 1)
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


def _substitutions(node: Node) -> Iterator[Node]:
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


def _text(node: Node) -> str:
    return _bytes(node).decode("utf-8", "replace")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: "" if m[1] == "\n" else m[1], text, flags=re.DOTALL) if "\\" in text else text


def _escaped(text: str) -> str:
    return re.sub(r"\\([\"\\$`\n])", lambda m: "" if m[1] == "\n" else m[1], text) if "\\" in text else text


_EXPANSIONS: Final = frozenset({"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"})
_WORDS: Final = frozenset(
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
_STATEMENTS: Final[dict[str, Callable[[Walk, Node, Value, bool], Value]]] = {
    "program": Walk._program,
    "pipeline": Walk._pipeline,
    "command": Walk._command,
    "redirected_statement": Walk._redirected,
    "variable_assignment": Walk._assign,
    "declaration_command": Walk._declaration,
    "for_statement": Walk._for,
    "while_statement": Walk._while,
    "function_definition": Walk._define,
    "test_command": Walk._test,
    "list": Walk._list,
    "subshell": Walk._program,
    "compound_statement": Walk._program,
    "if_statement": Walk._program,
    "elif_clause": Walk._program,
    "else_clause": Walk._program,
    "do_group": Walk._program,
    "case_statement": Walk._program,
    "case_item": Walk._program,
    "negated_command": Walk._program,
    "variable_assignments": Walk._program,
}
