"""Bash and its relatives, by tree-sitter's grammar: pipes, lists, functions and redirections carried out in order."""

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.bounds import parseable
from clearance.detect.commands.dialects.bash_words import MOST_NESTING, WORDS, Words, substitutions, text_of
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.texture import look_at_text, name_in_pieces
from clearance.detect.commands.value import EMPTY, UNKNOWN, Value, carried, joined, plain
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect

_SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash"})
_SOCKET: Final = re.compile(r"^/dev/(?:tcp|udp)/")


@functools.cache
def _language() -> Language:
    return Language(tree_sitter_bash.language())


def read(scene: Scene, text: str) -> Value:
    """Walk a script; what could not be parsed is a gap, and what is around it is still read."""
    data = parseable(scene, text).encode("utf-8", "replace")
    look_at_text(scene, text, Dialect.BASH)
    root = Parser(_language()).parse(data).root_node
    if root.has_error:
        scene.gaps["A part of it could not be parsed as bash."] = None
    return Walk(scene).statements(root, scene.stdin, piped=bool(scene.stdin.origins or scene.stdin.text))


class Walk(Words):
    """One walk over one tree."""

    def statements(self, node: Node, stdin: Value = EMPTY, *, piped: bool = False) -> Value:
        """All statements below a node, one after the other; what they print, together."""
        if node.type == "ERROR" and not any(c.type in Walk.KINDS for c in node.named_children):
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
            walk = self.KINDS.get(node.type)
            return walk(self, node, stdin, piped) if walk else self.statements(node, stdin, piped=piped)
        finally:
            self.deep -= 1

    def _loose(self, node: Node, stdin: Value, *, piped: bool) -> Value:
        """Words that the grammar could make nothing of are still words of a command."""
        words = [self.word(c) for c in node.named_children if c.type in WORDS or c.type == "command_name"]
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
                if not text_of(child).startswith("IFS="):  # for this command alone, which splits nothing of its own
                    self._assign(child, EMPTY, piped)
            elif child.type == "herestring_redirect":
                stdin, piped = self._here_string(child), True
            elif child.type == "file_redirect":
                stdin, piped, more = self._file(child, stdin, piped)
                writes = (*writes, *more)
            elif child.type == "command_name":
                words.extend(self._split(child.named_children[0]) if child.named_children else [plain(text_of(child))])
                if (
                    words
                    and words[0].known
                    and child.named_children
                    and child.named_children[0].type == "concatenation"
                ):
                    name_in_pieces(self.scene, words[0].text, text_of(child))
            elif child.type == "process_substitution" and text_of(child).startswith(">"):
                self.statements(child, stdin, piped=True)  # ``tee >(x)`` gives x what comes in
            else:
                words.extend(self._split(child))
        return self._run(words, stdin, piped=piped, writes=writes) if words else EMPTY

    def _run(self, words: list[Value], stdin: Value, *, piped: bool, writes: tuple[Value, ...]) -> Value:
        called = words[0].text
        if called in ("read", "mapfile", "readarray"):
            for word in (w.text for w in words[1:] if w.text.isidentifier()):
                self.scene.variables[word] = replace(stdin, text=stdin.text.rstrip("\n"))
            return EMPTY
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

        if action.program in _SHELLS and action.piped and "-i" in action.texts:
            self.scene.see(Can.EXECUTE, 0.6, "It ties a shell that waits for words to a pipe.", action.line)

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
        piped = True
        if node.type == "pipeline":
            return self._pipeline(node, value, piped)
        return self.statement(node, value, piped=True)

    def _here_string(self, node: Node) -> Value:
        return joined([self.word(c) for c in node.named_children])

    def _here_document(
        self,
        node: Node,
        stdin: Value,
        piped: bool,  # noqa: FBT001
    ) -> tuple[Value, bool, tuple[Value, ...], list[Node]]:
        body, rest = stdin, list[Node]()
        writes: tuple[Value, ...] = ()
        start = next((text_of(c) for c in node.named_children if c.type == "heredoc_start"), "")
        for child in node.named_children:
            if child.type == "heredoc_body":
                quoted = start[:1] in ("'", '"', "\\")
                body, piped = (plain(text_of(child)) if quoted else self._pieces(child)), True
            elif child.type == "file_redirect":
                _, _, writes = self._file(child, stdin, piped)
            elif child.type in Walk.KINDS:
                rest.append(child)
        return body, piped, writes, rest

    def _assign(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001, ARG002
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None:
            found = self.word(value) if value is not None else EMPTY
            key = text_of(name)
            if any(c.type == "+=" for c in node.children) and key in self.scene.variables:
                found = joined([self.scene.variables[key], found])
            self.scene.set_variable(key, found)
        return EMPTY

    def _declaration(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        for child in node.named_children:
            if child.type == "variable_assignment":
                self._assign(child, stdin, piped)
        words = [self.word(c) for c in node.named_children if c.type != "variable_assignment"]
        return self._run([plain(text_of(node.children[0])), *words], stdin, piped=piped, writes=())

    def _for(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        values = [v for c in node.children_by_field_name("value") for v in self._split(c)]
        if variable is not None:
            self.scene.variables[text_of(variable)] = joined(values, " ") if values else UNKNOWN
        return self.statement(body, stdin, piped=piped) if body is not None else EMPTY

    def _while(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        condition = node.child_by_field_name("condition")
        for part in [condition] if condition is not None else []:
            names = text_of(part).split()
            if names[:1] == ["read"] or "read" in names[:3]:
                for name in (n for n in names if n.isidentifier() and n not in ("read", "IFS")):
                    self.scene.variables[name] = carried((stdin,))
            self.statement(part, stdin, piped=piped)
        body = node.child_by_field_name("body")
        return self.statement(body, stdin, piped=piped) if body is not None else EMPTY

    def _define(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001, ARG002
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            called = text_of(name)
            if called == ":" and "|" in text_of(body) and text_of(body).count(":") > 1:
                self.scene.see(Can.DESTROY, 0.8, "It starts itself without end.", text_of(node)[:80])
            before = self.scene.functions.get(called)
            if before is None:
                self.scene.functions[called] = body
        return EMPTY

    def _test(self, node: Node, stdin: Value, piped: bool) -> Value:  # noqa: FBT001
        for child in node.named_children:
            for inner in substitutions(child):
                self.statements(inner, stdin, piped=piped)
        return EMPTY

    KINDS: ClassVar[dict[str, Callable[["Walk", Node, Value, bool], Value]]] = {
        "program": _program,
        "pipeline": _pipeline,
        "command": _command,
        "redirected_statement": _redirected,
        "variable_assignment": _assign,
        "declaration_command": _declaration,
        "unset_command": _declaration,
        "for_statement": _for,
        "while_statement": _while,
        "function_definition": _define,
        "test_command": _test,
        "list": _list,
        "subshell": _program,
        "compound_statement": _program,
        "if_statement": _program,
        "elif_clause": _program,
        "else_clause": _program,
        "do_group": _program,
        "case_statement": _program,
        "case_item": _program,
        "negated_command": _program,
        "variable_assignments": _program,
    }
    """How nodes are walked, by the grammar's name for them."""
