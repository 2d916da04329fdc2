"""Member names: which part of an archive's name may become a path, and how a bad one is shown."""

_LONGEST_PART = 255  # bytes; NAME_MAX of every Linux file system that matters
_LONGEST_PATH = 2000  # bytes; leaves half of PATH_MAX for the folder it is unpacked in
_SHOWN = 200


class BadName(Exception):  # noqa: N818 - a verdict on data, which the door turns into a Problem
    """The name cannot become a path below the root."""

    def __init__(self, *, kind: str, problem: str) -> None:
        super().__init__(problem)
        self.kind = kind
        self.problem = problem


def printable(raw: bytes | str) -> str:
    """The name as a person may safely see it: no control or invisible character, at most 200 characters."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def parts_of(raw: bytes | str) -> tuple[str, ...]:
    """The path's parts, ``.`` and empty ones dropped; the empty tuple is the root itself.

    Raises:
        BadName: absolute, climbing (``..``), NUL, not UTF-8, or too long.
    """
    name = _text(raw)
    if "\0" in name:
        raise BadName(kind="bad-name", problem="the name holds a NUL")
    if name.startswith("/"):
        raise BadName(kind="absolute-name", problem="the name is absolute")
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        raise BadName(kind="path-traversal", problem="the name climbs out with '..'")
    if any(len(part.encode()) > _LONGEST_PART for part in parts) or len(name.encode()) > _LONGEST_PATH:
        raise BadName(kind="bad-name", problem="the name is too long")
    return parts


def _text(raw: bytes | str) -> str:
    try:
        # A str may hold lone surrogates (from os.fsdecode); those are bytes that were not UTF-8.
        return raw.decode("utf-8") if isinstance(raw, bytes) else raw.encode("utf-8").decode("utf-8")
    except UnicodeError as error:
        raise BadName(kind="bad-name", problem="the name is not UTF-8") from error
