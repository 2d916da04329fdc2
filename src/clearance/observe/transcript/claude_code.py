"""Lines of ``~/.claude/projects/<project>/<session>.jsonl``: messages of the API with what the client adds.

Not an interface that the vendor promises: read as seen in public descriptions of it. What is not known is said.
"""

from collections.abc import Iterator

import msgspec

from clearance.model.session import SessionSpan
from clearance.model.threat import SpanChannel
from clearance.observe.transcript.asides import take_aside
from clearance.observe.transcript.taken import Place, Taken


class _Message(msgspec.Struct, frozen=True):
    role: str = ""
    content: msgspec.Raw = msgspec.Raw(b'""')


class ClaudeLine(msgspec.Struct, frozen=True):
    """One line; what is not named here is not read."""

    type: str = ""
    message: _Message | None = None
    cwd: str = ""
    isMeta: bool = False  # noqa: N815 - the name in the file
    isCompactSummary: bool = False  # noqa: N815 - the name in the file


class _Input(msgspec.Struct, frozen=True):
    """What of a tool's arguments says where it reads, if it has that shape."""

    command: str = ""
    file_path: str = ""
    url: str = ""
    path: str = ""


def take_claude(line: ClaudeLine, raw: bytes, place: Place) -> Taken:
    """The spans of a line; ``raw`` is all of it. Raises msgspec.DecodeError where a message has another shape."""
    if line.cwd and not place.project:
        place.project = line.cwd
    if line.type not in ("user", "assistant"):
        return take_aside(line.type, raw, place)
    if line.message is None:
        return Taken(unseen=(f"This line of kind {line.type!r} has no message.",))
    spans: list[SessionSpan] = []
    unseen: list[str] = []
    for each in _taken(line, line.message, place):
        if isinstance(each, str):
            unseen.append(each)
        else:
            spans.append(each)
    return Taken(spans=tuple(spans), unseen=tuple(unseen))


def _taken(line: ClaudeLine, message: _Message, place: Place) -> Iterator[SessionSpan | str]:
    raw = bytes(message.content)
    if raw.lstrip()[:1] == b'"':
        yield place.span(_spoken(line), msgspec.json.decode(raw, type=str))
        return
    for block in msgspec.json.decode(raw, type=tuple[_Loose, ...]):
        yield from _of_block(block, line, place)


class _Loose(msgspec.Struct, frozen=True):
    """A block of any kind."""

    type: str = ""
    text: str = ""
    id: str = ""
    name: str = ""
    input: msgspec.Raw = msgspec.Raw(b"{}")
    tool_use_id: str = ""
    content: msgspec.Raw = msgspec.Raw(b'""')


def _of_block(block: _Loose, line: ClaudeLine, place: Place) -> Iterator[SessionSpan | str]:
    match block.type:
        case "text":
            yield place.span(_spoken(line), block.text)
        case "tool_use" | "server_tool_use":
            yield _call(block, place)
        case "tool_result" | "web_search_tool_result" | "web_fetch_tool_result" | "mcp_tool_result":
            text, left = _text(bytes(block.content))
            yield place.answer(block.tool_use_id, text)
            if left:
                yield f"{left} parts of an answer are no text (images, documents); they were not looked at."
        case "thinking" | "redacted_thinking":
            return
        case _:
            yield f"A part of kind {block.type[:40]!r} was not looked at."


def _spoken(line: ClaudeLine) -> SpanChannel:
    if line.type == "assistant":
        return SpanChannel.ASSISTANT_TEXT
    return SpanChannel.SYSTEM_PROMPT if line.isMeta or line.isCompactSummary else SpanChannel.USER_PROMPT


def _call(block: _Loose, place: Place) -> SessionSpan:
    raw = bytes(block.input)
    try:
        known = msgspec.json.decode(raw, type=_Input)
    except msgspec.DecodeError:
        known = _Input()  # arguments of other types: the whole is read below
    place.called(block.id, block.name, known.file_path or known.url or known.path)
    if block.name == "Bash" and known.command:
        return place.span(SpanChannel.COMMAND, known.command, tool=block.name, call=block.id)
    return place.span(SpanChannel.TOOL_CALL, raw.decode("utf-8", "replace"), tool=block.name, call=block.id)


class _Part(msgspec.Struct, frozen=True):
    type: str = ""
    text: str = ""
    title: str = ""
    url: str = ""


def _text(raw: bytes) -> tuple[str, int]:
    """The text of an answer, and how many parts of it are none."""
    first = raw.lstrip()[:1]
    if first == b'"':
        return msgspec.json.decode(raw, type=str), 0
    if first != b"[":
        return raw.decode("utf-8", "replace"), 0
    parts = msgspec.json.decode(raw, type=tuple[_Part, ...])
    texts = [part.text or f"{part.title} {part.url}".strip() for part in parts]
    return "\n".join(text for text in texts if text), sum(not text for text in texts)
