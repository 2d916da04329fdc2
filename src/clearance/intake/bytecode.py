"""Bytecode beside a Python release's sources, as installers write it, so that no run has to compile them anew.

1. Sources are parsed and written out by the interpreter that will run them; nothing of the release is imported.
2. The files hold no times: the same sources give the same bytes.
3. Bytecode that the release brings along stays as it is.
4. What cannot be compiled is left out; the release then starts more slowly and says what it would have said.
"""

import subprocess  # noqa: TID251 - bytecode belongs to one interpreter, so that one has to write it
from pathlib import Path

_WAIT_S = 600
_MEMORY = 2 << 30
"""Bytes of address space for each process: sources may be made to cost more."""
_CODE = f"""
import compileall, concurrent.futures, functools, importlib.util, os, pathlib, py_compile, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY}))
root = sys.argv[1]
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
write = functools.partial(compileall.compile_file, quiet=2, stripdir=root, invalidation_mode=mode)
sources = [str(path) for path in pathlib.Path(root).rglob("*.py")]
missing = [path for path in sources if not os.path.lexists(importlib.util.cache_from_source(path))]
with concurrent.futures.ProcessPoolExecutor() as pool:
    list(pool.map(write, missing, chunksize=64))
"""


def write_bytecode(root: Path, interpreter: Path) -> None:
    """Compile every ``.py`` below ``root``, once for each interpreter; a tree that was done before is left as it is.

    A mark beside ``root`` says that it was done: it goes away with the tree.
    """
    mark = root.with_name("bytecode" + str(interpreter).replace("/", "_"))
    if mark.exists():
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
    mark.touch()
