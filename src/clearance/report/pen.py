"""Writing on a terminal of any width and any character set.

Whatever comes from a vetting goes through `Pen.text`: no escape sequence, bidirectional mark or markup gets past it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from clearance.report.visible import Show, spell

_SIGNS = {"clear": "✔", "findings": "✖", "incomplete": "?", "hit": "✖", "gap": "?", "bullet": "•"}
_ASCII_SIGNS = {"clear": "+", "findings": "x", "incomplete": "?", "hit": "x", "gap": "?", "bullet": "*"}
_NARROW = 76
"""Columns below which the table of factors leaves out the levels."""
_CRAMPED = 100
"""Columns below which a host and its figures do not fit on one line."""
_TEXT_SHOWN = 600
"""Characters of one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How this terminal can be written on."""

    ascii_only: bool
    narrow: bool
    cramped: bool

    def text(self, value: str, style: str = "") -> Text:
        """One value of a vetting, spelt, and cut where it would flood the screen."""
        rest = len(value) - _TEXT_SHOWN
        shown = value if rest <= 0 else f"{value[:_TEXT_SHOWN]} [and {rest:,} more characters, in the report]"
        if self.ascii_only:
            return Text(spell(shown.replace("→", "->"), Show.ASCII), style=style, overflow="fold")
        return Text(spell(shown), style=style, overflow="fold")

    def sign(self, name: str) -> str:
        """The sign for ``clear``, ``findings``, ``incomplete``, ``hit``, ``gap`` or ``bullet``."""
        return (_ASCII_SIGNS if self.ascii_only else _SIGNS)[name]

    def pairs(self, rows: Iterable[tuple[str, RenderableType]]) -> Table:
        """Labels beside values, wrapped within their column."""
        grid = Table.grid(padding=(0, 2), expand=True)
        grid.add_column(style="dim", min_width=10, max_width=20, overflow="fold")
        grid.add_column(ratio=1, overflow="fold")
        for label, value in rows:
            grid.add_row(self.text(label), value)
        return grid

    def marked(self, sign: Text, *body: RenderableType) -> Table:
        """A sign in front of a block."""
        grid = Table.grid(padding=(0, 1), expand=True)
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(sign, Group(*body))
        return grid

    def table(self, *columns: str, right: tuple[str, ...] = ()) -> Table:
        """A table whose text columns fold rather than cut."""
        table = Table(box=None, expand=True, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for position, name in enumerate(columns):
            ratio = {0: 3, 1: 2}.get(position)
            if name in right:
                table.add_column(name, justify="right", no_wrap=True)
            else:
                table.add_column(name, ratio=ratio, overflow="fold")
        return table


def pen_for(options: ConsoleOptions) -> Pen:
    """The pen for a terminal."""
    width = options.max_width
    return Pen(ascii_only=options.ascii_only, narrow=width < _NARROW, cramped=width < _CRAMPED)
