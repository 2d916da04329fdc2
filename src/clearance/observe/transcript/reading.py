"""One line after the other, whichever of the known forms it has. No bytes raise anything."""

from typing import Final

import msgspec

from clearance.model.session import SessionSpan
from clearance.observe.transcript.claude_code import ClaudeLine, take_claude
from clearance.observe.transcript.codex import ENVELOPES, ITEMS, CodexLine, take_codex
from clearance.observe.transcript.taken import Place, Taken

MOST_LINE: Final = 33_554_432
"""Bytes of a line that are read; a longer one is not looked at, and that is said."""


class _Form(msgspec.Struct, frozen=True):
    channel: str = ""
    type: str = ""


class TranscriptReader:
    """Reads one session. Holds the turn and which tools the open calls are of."""

    def __init__(self) -> None:
        self._place = Place()

    @property
    def project(self) -> str:
        """The folder that the assistant works in, if a line named it so far."""
        return self._place.project

    @property
    def turn(self) -> int:
        """Prompts so far."""
        return self._place.turn

    def take(self, line: bytes) -> Taken:
        """The spans of one line, and what of it could not be read, in sentences."""
        if not line.strip():
            return Taken(kind="empty")
        if len(line) > MOST_LINE:
            return Taken(unseen=(f"It has {len(line)} bytes; lines of more than {MOST_LINE} are not read.",))
        try:
            return self._take(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Taken(unseen=(f"It is no line of a known form: {str(error)[:200] or type(error).__name__}.",))

    def _take(self, line: bytes) -> Taken:
        form = msgspec.json.decode(line, type=_Form)
        if form.channel:
            span = msgspec.json.decode(line, type=SessionSpan)
            self._place.turn = span.turn
            return Taken(spans=(span,))
        if form.type in ENVELOPES or form.type in ITEMS:
            return take_codex(msgspec.json.decode(line, type=CodexLine), line, self._place)
        if form.type:
            return take_claude(msgspec.json.decode(line, type=ClaudeLine), line, self._place)
        return take_header(line)


class _Header(msgspec.Struct, frozen=True):
    id: str
    timestamp: str
    """How older files of Codex begin."""


def take_header(line: bytes) -> Taken:
    """The first line of older files. Raises msgspec.DecodeError where it is another."""
    msgspec.json.decode(line, type=_Header)
    return Taken(kind="header")
