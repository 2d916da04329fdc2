"""What came of one line, and what is known of the calls so far."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from clearance.model.session import SessionSpan
from clearance.model.threat import SpanChannel

_MOST_CALLS: Final = 4096
_MOST_NAME: Final = 256
_MOST_WHERE: Final = 4096
"""Characters of names and places that are remembered of a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The spans of one line in order, and what of it was not understood or cannot be looked at."""

    spans: tuple[SessionSpan, ...] = ()
    unseen: tuple[str, ...] = ()
    """In sentences."""
    kind: str = ""
    """Of a line that holds nothing a model reads or writes, as far as is known: ``progress``."""


@dataclass(slots=True, kw_only=True)
class Place:
    """Where in the session a reader is."""

    turn: int = 0
    project: str = ""
    """The folder that the assistant works in, as soon as a line names it."""
    tools: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict)
    """Ids of calls to tool and place; the oldest make room."""

    def called(self, call: str, tool: str, where: str) -> None:
        """Remember which tool a call is of."""
        self.tools[call[:_MOST_NAME]] = (tool[:_MOST_NAME], where[:_MOST_WHERE])
        if len(self.tools) > _MOST_CALLS:
            self.tools.popitem(last=False)

    def span(self, channel: SpanChannel, text: str, *, tool: str = "", call: str = "", where: str = "") -> SessionSpan:
        """A span at this place; a prompt begins a turn."""
        if channel is SpanChannel.USER_PROMPT:
            self.turn += 1
        return SessionSpan(channel=channel, turn=self.turn, text=text, tool=tool, call=call, where=where)

    def answer(self, call: str, text: str) -> SessionSpan:
        """The answer to a call that was remembered; to any other, an answer of an unknown tool."""
        tool, where = self.tools.get(call[:_MOST_NAME], ("", ""))
        return self.span(channel_of(tool), text, tool=tool, call=call, where=where)


_FILES: Final = frozenset(
    "read edit write multiedit notebookread notebookedit grep glob ls search_files read_file list_dir grep_files "
    "view_image apply_patch update_plan todowrite todoread exitplanmode".split()
)
_WEB: Final = frozenset("webfetch websearch web_search web_search_call open_page find_in_page web_fetch".split())
_COMMANDS: Final = frozenset(
    "bash bashoutput killshell shell shell_command local_shell exec_command write_stdin container.exec task agent "
    "powershell unified_exec".split()
)


def channel_of(tool: str) -> SpanChannel:
    """What the answer of a tool is. One that is not known may hold what strangers wrote."""
    low = tool.lower()
    if low.startswith("mcp__"):
        return SpanChannel.MCP_RESULT
    if low in _WEB:
        return SpanChannel.WEB_RESULT
    if low in _COMMANDS:
        return SpanChannel.COMMAND_RESULT
    return SpanChannel.FILE_RESULT if low in _FILES else SpanChannel.MCP_RESULT
