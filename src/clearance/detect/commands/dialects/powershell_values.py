"""Values of PowerShell: literals, variables, operators, casts, as far as they are constant."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Final

from tree_sitter import Node

from clearance.detect.commands.dialects.dotnet import cast, formatted, operated
from clearance.detect.commands.roles.text import variable_origins
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.value import EMPTY, Value, carried, joined, plain, unknown

TICK: Final = re.compile(r"`(.)", re.DOTALL)


class Values:
    """Evaluates expressions; what commands inside of them print, the walk over commands says."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.deep = 0

    def value(self, node: Node) -> Value:
        """The value of any node."""
        raise NotImplementedError

    def _all(self, node: Node) -> Value:
        if not node.child_count:
            return plain(text_of(node)) if node.is_named else EMPTY
        return joined([self.value(c) for c in node.named_children if c.type != "comment"], "\n")

    def _verbatim(self, node: Node) -> Value:
        return plain(text_of(node)[1:-1].replace("''", "'"))

    def _here(self, node: Node) -> Value:
        return plain(text_of(node)[2:-2].strip("\n"))

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
        return plain(text_of(node))

    def _variable(self, node: Node) -> Value:
        name = text_of(node).strip("${}").lower()
        found = self.scene.variables.get(name)
        if found is not None:
            return found
        bare = name.removeprefix("env:")
        origins = variable_origins(bare) if name.startswith("env:") else frozenset()
        return unknown({"true": "$true", "null": ""}.get(name, f"${name}"), origins)

    def _word(self, node: Node) -> Value:
        text = TICK.sub(r"\1", text_of(node))
        inner = [c for c in node.named_children if c.type in ("variable", "sub_expression")]
        if len(inner) == 1 and text_of(inner[0]) == text_of(node):
            return self.value(inner[0])
        return joined([self._spelled(text), *(carried((self.value(c),)) for c in inner)])

    def _spelled(self, text: str) -> Value:
        r"""A bare word may hold variables: ``$env:TEMP\\x``."""

        def one(found: re.Match[str]) -> str:
            value = self.scene.variables.get(found.group(1).lower())
            return value.text if value is not None and value.known else found.group(0)

        return plain(re.sub(r"\$\{?((?:env:)?\w+)\}?", one, text) if "$" in text else text)

    # operators

    def _operation(self, node: Node) -> Value:
        parts = [c for c in node.children if c.type != "comment"]
        if len(parts) == 3:
            sign = text_of(parts[1]).lower()
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
        sign = text_of(node.children[0]).lower()
        operand = node.named_children[-1] if node.named_children else node
        if sign == "-join":
            return joined(self._list(operand))
        return self.value(operand)

    def _array(self, node: Node) -> Value:
        return joined([self.value(c) for c in node.named_children], "\n")

    def _cast(self, node: Node) -> Value:
        kind = text_of(node.children[0]).strip("[] ").lower()
        values = self._list(node.named_children[-1])
        return cast(kind, values)

    def _element(self, node: Node) -> Value:
        children = node.named_children
        base = self.value(children[0])
        wanted = text_of(node).rpartition("[")[2].rstrip("]").strip()
        if base.known and (indices := re.findall(r"-?\d+", wanted)) and ".." not in wanted and len(base.text) < 4096:
            items = base.text.split("\n") if "\n" in base.text else list(base.text)
            taken = [items[int(i)] for i in indices if -len(items) <= int(i) < len(items)]
            return replace(base, text="\n".join(taken))
        return replace(base, known=False)

    KINDS: ClassVar[dict[str, Callable[[Any, Node], Value]]] = {
        "verbatim_string_characters": _verbatim,
        "verbatim_here_string_characters": _here,
        "expandable_string_literal": _expandable,
        "expandable_here_string_literal": _expandable,
        "decimal_integer_literal": _number,
        "hexadecimal_integer_literal": _number,
        "variable": _variable,
        "generic_token": _word,
        "command_parameter": _word,
        "path_command_name": _word,
        "additive_expression": _operation,
        "comparison_expression": _operation,
        "multiplicative_expression": _operation,
        "format_expression": _format,
        "expression_with_unary_operator": _unary,
        "array_literal_expression": _array,
        "cast_expression": _cast,
        "element_access": _element,
    }
    """How nodes are evaluated, by the grammar's name for them."""


def _unticked(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return TICK.sub(lambda m: {"n": "\n", "t": "\t", "r": "\r", "0": ""}.get(m[1], m[1]), text) if "`" in text else text


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace")
