"""The command line. Each command calls one service and renders; errors end in one sentence and a hint."""

import io
import sys

from clearance.app.cli.root import root
from clearance.app.failures import report_failure


def main() -> None:
    """The program ``clearance``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a sign is no reason to fail
    try:
        code = root.main(standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - the one place that turns failures into words and exit codes
        code = report_failure(error)
    sys.exit(code if isinstance(code, int) else 0)
