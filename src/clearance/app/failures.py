"""Failures in words, with the exit code that scripts rely on: 2 bad use, 3 could not vet, 130 interrupted."""

import asyncio
import contextlib
import errno
import io
import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from clearance.app.places import ELSEWHERE, cache_folder, state_folder
from clearance.app.writable import Unwritable
from clearance.detect.classifier.errors import WeightsUnusable
from clearance.intake.endpoint import EndpointRefused
from clearance.intake.errors import (
    IntakeError,
    ProfileError,
    SourceMissing,
    SourceUnreadable,
    UnknownPackage,
    UnknownVersion,
)
from clearance.lab.errors import LabError, RulesRefused, UnknownFinding
from clearance.lab.expand import NotDrivable
from clearance.ledger.errors import LedgerError
from clearance.model.trace import TraceError
from clearance.policy.compile.errors import CompileError
from clearance.policy.errors import PolicyError
from clearance.report.errors import ReportError
from clearance.report.visible import spell
from clearance.store.errors import StoreError

BAD_USE, COULD_NOT_VET, INTERRUPTED, READER_GONE = 2, 3, 130, 141
_GONE = (errno.EPIPE, errno.EIO)
"""Whoever read our output has gone: ``| head``, a terminal that was closed."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)
_REFUSALS = (
    CompileError, IntakeError, LabError, LedgerError, NotDrivable, PolicyError, ReportError, TraceError, Unwritable,
    StoreError, WeightsUnusable,
)  # fmt: skip
_BAD_USE = (
    CompileError, EndpointRefused, ReportError, ProfileError, UnknownPackage, UnknownVersion, SourceMissing,
    RulesRefused, SourceUnreadable, UnknownFinding,
)  # fmt: skip


def report_failure(error: BaseException) -> int:
    """Say what went wrong on standard error, with the next step; the exit code. Faults of ours are raised again."""
    if isinstance(error, BaseExceptionGroup):
        return report_failure(error.exceptions[0])
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        said = io.StringIO()
        error.show(said)
        _print(*(Text(spell(line)) for line in said.getvalue().splitlines()))  # what was typed may have been pasted
        return BAD_USE
    if isinstance(error, KeyboardInterrupt | asyncio.CancelledError | click.Abort):
        _print(Text("Interrupted: every room was ended; what was recorded is kept."))
        return INTERRUPTED
    if isinstance(error, _REFUSALS):
        _say(str(error), getattr(error, "advice", ""))
        return BAD_USE if isinstance(error, _BAD_USE) else COULD_NOT_VET
    if isinstance(error, OSError) and error.errno in (*_GONE, *_FULL, *_REFUSED):
        return _not_written(error)
    raise error


def _not_written(error: OSError) -> int:
    """What has a name is a file of ours or of the user's; what has none is standard output."""
    if error.filename is None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is written, also not at exit
        if error.errno in _GONE:
            return READER_GONE
        _say(f"{error.strerror}: standard output", "Send it where it can be written.")
        return COULD_NOT_VET
    path = Path(os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(error.filename))
    ours = any(path.is_relative_to(folder) for folder in (cache_folder(), state_folder()))
    elsewhere = ELSEWHERE if ours else "Name another file or folder."
    _say(f"{error.strerror}: {path}", f"Free some space there. {elsewhere}" if error.errno in _FULL else elsewhere)
    return COULD_NOT_VET


def _say(message: str, advice: str) -> None:
    hint = [Text.assemble(("hint: ", "bold"), spell(advice))] if advice else []
    _print(Text.assemble(("error: ", "bold red"), spell(message)), *hint)


def _print(*lines: Text) -> None:
    console = Console(stderr=True, highlight=False)
    with contextlib.suppress(OSError):  # there may be no terminal any more to say it on
        for line in lines:
            console.print(line, soft_wrap=True)
