"""Bytecode beside a Python release's sources, as installers write it, so that no run has to compile them anew.

1. Sources are parsed and written out by the interpreter that will run them; nothing of the release is imported.
2. The files hold no times: the same sources give the same bytes.
3. What cannot be compiled is left out; the release then starts more slowly and says what it would have said.
"""

import subprocess  # noqa: TID251 - bytecode belongs to one interpreter, so that one has to write it
from pathlib import Path

from clearance.intake.cache import Cache

_WAIT_S = 600
_MEMORY = 2 << 30
"""Bytes of address space for each process: sources may be made to cost more."""
_CODE = f"""
import compileall, py_compile, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY}))
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
compileall.compile_dir(sys.argv[1], quiet=2, workers=0, stripdir=sys.argv[1], invalidation_mode=mode)
"""


def write_bytecode(cache: Cache, root: Path, interpreter: Path) -> None:
    """Compile every ``.py`` below ``root``, once for each interpreter; a tree that was done before is left as it is."""
    key = f"{root.resolve()} {interpreter}"
    if cache.noted("bytecode", key) is not None and any(root.rglob("__pycache__")):
        return
    try:
        # -I -S: nothing of the user's or of site-packages runs.
        subprocess.run(
            [interpreter, "-I", "-S", "-c", _CODE, root],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WAIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    cache.note("bytecode", key, b"")
