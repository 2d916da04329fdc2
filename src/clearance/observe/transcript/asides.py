"""Lines of Claude Code's transcripts that are no messages: what the client keeps for itself, and what it hands on.

Which kinds there are is promised nowhere and grows with each release. So the kinds that are known to be bookkeeping are
not read, and of any other kind all that could be text for a model is.
"""

from typing import Final

import msgspec

from clearance.model.threat import SpanChannel
from clearance.observe.transcript.taken import Place, Taken

BOOKKEEPING: Final = frozenset(
    "summary system progress file-history-snapshot file-history-delta queue-operation custom-title ai-title agent-name "
    "permission-mode mode last-prompt pr-link tag worktree-state attribution-snapshot bridge-session cost-state".split()
)
"""Kinds of lines that hold nothing that a model reads or writes, or only what other lines hold too."""
_OF_LINES: Final = frozenset(
    "type uuid parentUuid sessionId timestamp cwd version gitBranch userType slug entrypoint requestId messageId "
    "leafUuid isSidechain agentId".split()
)
"""Names that every line may have."""
_PLACES: Final = ("filename", "filePath", "path", "displayPath")
_BYTES: Final = ("base64", "data")
_MOST_LINE: Final = 4_194_304
"""Bytes of such a line that are decoded whole: many small things take far more memory than bytes."""
_MOST_PARTS: Final = 100_000
_MOST_STRINGS: Final = 10_000
_MOST_DEPTH: Final = 16
_WORDS: Final = 3
"""Words from which on a string could say something to a model."""
_LONG: Final = 200
"""Characters from which on it could without spaces, too."""


def take_aside(kind: str, line: bytes, place: Place) -> Taken:
    """A line that is no message: its text as a span, where it has some. Raises msgspec.DecodeError."""
    if kind in BOOKKEEPING:
        return Taken(kind=kind)
    if len(line) > _MOST_LINE:
        return Taken(
            unseen=(f"It is of kind {kind[:40]!r} and has {len(line)} bytes; more than {_MOST_LINE} are not read.",)
        )
    held = msgspec.json.decode(line, type=dict[str, object])
    strings, left = _strings({name: value for name, value in held.items() if name not in _OF_LINES})
    unseen = []
    if left:
        unseen.append("It holds too many parts, or they are nested too deep; some were not read.")
    texts = [text for name, text in strings if not _is_bytes(name, text)]
    if len(texts) < len(strings):
        unseen.append("A part of it is no text (an image, a document); it was not looked at.")
    if not any(_says_something(text) for text in texts):
        return Taken(kind=kind[:40], unseen=tuple(unseen))
    where = next((text for name, text in strings if name in _PLACES), f"a line of kind {kind[:40]}")
    asked = _asked(held.get("attachment"))
    span = (
        place.span(SpanChannel.USER_PROMPT, asked)
        if asked
        else place.span(SpanChannel.FILE_RESULT, "\n".join(texts), where=where[:4096])
    )
    return Taken(spans=(span,), unseen=tuple(unseen))


def _asked(attached: object) -> str:
    """What the user typed while the assistant worked, or nothing."""
    if not isinstance(attached, dict) or attached.get("type") != "queued_command" or attached.get("commandMode"):
        return ""
    prompt = attached.get("prompt")
    return prompt if isinstance(prompt, str) else ""


def _is_bytes(name: str, text: str) -> bool:
    return name in _BYTES and len(text) > _LONG


def _says_something(text: str) -> bool:
    return len(text) > _LONG or len(text.split(maxsplit=_WORDS)) >= _WORDS


def _strings(own: dict[str, object]) -> tuple[list[tuple[str, str]], bool]:
    """All strings with the name nearest above them, in order, and whether some were left out."""
    found: list[tuple[str, str]] = []
    stack: list[tuple[str, object, int]] = [("", own, 0)]
    left = False
    while stack and len(found) < _MOST_STRINGS:
        name, value, depth = stack.pop()
        if isinstance(value, str):
            if name != "type" or _says_something(value):
                found.append((name, value))
        elif isinstance(value, dict | list) and (depth >= _MOST_DEPTH or len(value) + len(stack) > _MOST_PARTS):
            left = True
        elif isinstance(value, dict):
            stack.extend((str(key), inner, depth + 1) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((name, inner, depth + 1) for inner in reversed(value))
    return found, left or bool(stack)
