"""Failures in words, with the exit code that scripts rely on: 2 bad use, 3 could not vet, 130 interrupted."""

import asyncio
import errno
import io
import os
import sys

import click
from rich.console import Console
from rich.text import Text

from clearance.intake.errors import IntakeError, ProfileError, SourceMissing, UnknownPackage, UnknownVersion
from clearance.lab.errors import LabError
from clearance.lab.expand import NotDrivable
from clearance.model.trace import TraceError
from clearance.report.visible import spell

BAD_USE, COULD_NOT_VET, INTERRUPTED, READER_GONE = 2, 3, 130, 141
_ROOM = "Free some space or set CLEARANCE_HOME elsewhere."
_ELSEWHERE = "Name another file or folder."
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EACCES: _ROOM,
    errno.EROFS: _ROOM,
    errno.EISDIR: _ELSEWHERE,
    errno.ENOTDIR: _ELSEWHERE,
    errno.ENAMETOOLONG: _ELSEWHERE,
}
_BAD_USE = (ProfileError, UnknownPackage, UnknownVersion, SourceMissing)


def report_failure(error: BaseException) -> int:
    """Say what went wrong on standard error, with the next step; the exit code. Faults of ours are raised again."""
    if isinstance(error, BaseExceptionGroup):
        return report_failure(error.exceptions[0])
    console = Console(stderr=True, highlight=False)
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        said = io.StringIO()
        error.show(said)
        for line in said.getvalue().splitlines():
            console.print(Text(spell(line)), soft_wrap=True)  # what was typed may have been pasted
        return BAD_USE
    if isinstance(error, KeyboardInterrupt | asyncio.CancelledError | click.Abort):
        console.print("Interrupted: every room was ended; what was recorded is kept.")
        return INTERRUPTED
    if isinstance(error, IntakeError | LabError | NotDrivable | TraceError):
        _say(console, str(error), getattr(error, "advice", ""))
        return BAD_USE if isinstance(error, _BAD_USE) else COULD_NOT_VET
    if isinstance(error, BrokenPipeError):
        return _reader_gone()
    if isinstance(error, OSError) and error.errno in _ADVICE:
        _say(console, f"{error.strerror}: {error.filename or 'standard output'}", _ADVICE[error.errno])
        return COULD_NOT_VET
    raise error


def _reader_gone() -> int:
    """Whoever read our output has gone (``| head``): nothing more is written, also not at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE


def _say(console: Console, message: str, advice: str) -> None:
    console.print(Text.assemble(("error: ", "bold red"), spell(message)), soft_wrap=True)
    if advice:
        console.print(Text.assemble(("hint: ", "bold"), spell(advice)), soft_wrap=True)
