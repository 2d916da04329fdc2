"""Sessions that assistants wrote down, line by line: Clearance's own form, Claude Code's and Codex's."""

from clearance.observe.transcript.reading import MOST_LINE, TranscriptReader
from clearance.observe.transcript.taken import Taken

__all__ = ["MOST_LINE", "Taken", "TranscriptReader"]
