"""Where a report or a list goes: to a file, or to standard output with ``-``; said before anything is run."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from clearance.app.writable import Unwritable, try_file


def one_on_stdout(wanted: Mapping[str, str | None], *, beside: Iterable[tuple[str, str, Path]] = ()) -> bool:
    """Whether something goes to standard output. Whether files can be written is tried here, before anything is run.

    Args:
        wanted: kind of report (which names the option) to path, ``-`` or None.
        beside: other files that will be written, as option, kind and path.

    Raises:
        UsageError: two should go to standard output or to one file, or one cannot be written where it should go.
    """
    several = [kind for kind, where in wanted.items() if where == "-"]
    if len(several) > 1:
        raise click.UsageError(f"only one report can go to standard output, not {' and '.join(several)}")
    files = [(f"--{kind}", kind, Path(where)) for kind, where in wanted.items() if where and where != "-"]
    _refuse_empty(wanted)
    for option, _, path in (*files, *beside):
        _refuse_unwritable(option, path)
    _refuse_twice((*files, *beside))
    return bool(several)


def write_text(where: str | Path, text: str) -> None:
    """Write a text to a file, its folders made where they are missing, or to standard output (``-``).

    Raises:
        Unwritable: the file could not be written, though it could when that was tried.
    """
    if where == "-":
        sys.stdout.write(text)
        return
    path = Path(where)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unwritable(
            f"{path} could not be written: {error.strerror}.", advice="Free some space there, or name another file."
        ) from error


def _refuse_empty(wanted: Mapping[str, str | None]) -> None:
    for kind, where in wanted.items():
        if where == "":
            raise click.UsageError(f"--{kind} names no file")


def _refuse_unwritable(option: str, path: Path) -> None:
    try:
        try_file(path)
    except IsADirectoryError:
        meant = "name another folder" if option == "--out" else "name a file, or use --out for all reports"
        raise click.UsageError(f"{option} {str(path)!r} is a folder; {meant}") from None
    except OSError as error:
        raise click.UsageError(f"{option} {str(path)!r} cannot be written: {error.strerror}") from error


def _refuse_twice(files: Iterable[tuple[str, str, Path]]) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for option, kind, path in files:
        real = os.path.realpath(path)
        before, other = seen.setdefault(real, (option, kind))
        if kind != other and (path.is_file() or not path.exists()):
            raise click.UsageError(f"{before} and {option} name the same file, {str(path)!r}; one would be lost")
