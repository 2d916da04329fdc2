"""The command line. Each command calls one service and renders; errors end in one sentence and a hint.

Nothing but the standard library is imported before an interrupt would be noticed: what takes time comes in ``main``.
"""

import io
import os
import sys

_INTERRUPTED = 130
_WIDTHS = range(20, 10_001)
"""Columns that a summary can be shown in; what is outside is a terminal that does not know its width."""


def main() -> None:
    """The program ``clearance``."""
    try:
        code = _run()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        code = _INTERRUPTED
    sys.exit(code)


def _run() -> int:
    from clearance.app.cli.root import root
    from clearance.app.failures import report_failure

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a sign is no reason to fail
    _forget_odd_width()
    try:
        code = root.main(standalone_mode=False)
        sys.stdout.flush()  # here it can still be said that nobody takes it
    except BaseException as error:  # noqa: BLE001 - the one place that turns failures into words and exit codes
        return report_failure(error)
    return code if isinstance(code, int) else 0


def _forget_odd_width() -> None:
    """``COLUMNS=0`` would show nothing: without it the terminal is asked, and 80 is taken where there is none."""
    said = os.environ.get("COLUMNS", "80")
    if not (said.isascii() and said.isdigit() and len(said) < 9 and int(said) in _WIDTHS):
        del os.environ["COLUMNS"]
