"""Patches as assistants and ``diff`` write them: which files they change, and what they put there."""

import re
from collections.abc import Iterator
from typing import Final

_FILE: Final = re.compile(r"\*\*\* (?:Add File|Update File|Move to): (.{1,1000})|\+\+\+ (?:b/)?([^\t]{1,1000})")
_MOST_FILES: Final = 200


def patched(text: str) -> Iterator[tuple[str, str]]:
    """Each file with the lines that are added to it; nothing where the text is no patch. At most 200 files."""
    path, added, files = "", list[str](), 0
    for line in text.splitlines():
        found = _FILE.match(line)
        if found is None:
            if path and line.startswith("+"):
                added.append(line[1:])
            continue
        if path:
            yield path, "\n".join(added)
        path, added, files = (found[1] or found[2]).strip(), [], files + 1
        if files > _MOST_FILES:
            return
    if path:
        yield path, "\n".join(added)
