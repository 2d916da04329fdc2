"""The head of a Markdown file between ``---`` lines, and the text below it."""

import re
from dataclasses import dataclass
from typing import Final

from clearance.observe.static.documents.node import Node
from clearance.observe.static.documents.yaml_text import read_yaml

_LARGEST: Final = 64 << 10
_HEAD: Final = re.compile(r"\s*---[ \t]*\r?\n(.*?\n)??---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_REMARK: Final = re.compile(r"^[ \t]*#[ \t]*([^\n]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A Markdown file in its two parts."""

    fields: Node
    body: str
    remarks: tuple[str, ...] = ()
    """Lines of the head that YAML does not read: ``# …``."""


def front_matter(text: str) -> FrontMatter:
    """The two parts; without a head, or with one above 64 KiB, all is body."""
    found = _HEAD.match(text[:_LARGEST])
    if found is None:
        return FrontMatter(fields=Node({}), body=text)
    head = found[1] or ""
    remarks = tuple(m[1].strip() for m in _REMARK.finditer(head))
    return FrontMatter(fields=Node(read_yaml(head)), body=text[found.end() :], remarks=remarks)
