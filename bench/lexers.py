"""The lexer of literals against tree-sitter, on a real bundle: seconds, memory, and whether both find the same strings.

    python bench/lexers.py FILE.js

Each runs in a process of its own, so that peak memory is its own. tree-sitter and its JavaScript grammar are installed
into a throw-away environment (they are no dependency of the product).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

_PACKAGES = ("tree-sitter==0.25.2", "tree-sitter-javascript==0.25.0")
_OURS = """
import json, resource, sys, time
from clearance.observe.static.lex_javascript import lex_javascript
data = open(sys.argv[1], "rb").read()
began = time.process_time()
script = lex_javascript(data)
seconds = time.process_time() - began
strings = int((script.kinds == 0).sum())
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, strings]))
"""
_THEIRS = """
import json, resource, sys, time
import tree_sitter_javascript
from tree_sitter import Language, Parser, Query, QueryCursor
data = open(sys.argv[1], "rb").read()
language = Language(tree_sitter_javascript.language())
began = time.process_time()
tree = Parser(language).parse(data)
found = QueryCursor(Query(language, "(string) @s")).captures(tree.root_node)
seconds = time.process_time() - began
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(found["s"])]))
"""


def measured(python: str, code: str, file: str) -> tuple[float, float, int]:
    """CPU seconds, peak MB, strings."""
    done = subprocess.run([python, "-c", code, file], check=True, capture_output=True, text=True)
    seconds, peak, strings = json.loads(done.stdout)
    return seconds, peak, strings


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    file = parser.parse_args().file
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        other = str(Path(folder) / "bin" / "python")
        subprocess.run([other, "-m", "pip", "install", "-q", "--no-warn-conflicts", *_PACKAGES], check=True)
        ours, theirs = measured(sys.executable, _OURS, file), measured(other, _THEIRS, file)
    for name, (seconds, peak, strings) in (("lexer", ours), ("tree-sitter", theirs)):
        print(f"{name:12} {seconds:6.2f} s CPU  {peak:6.0f} MB  {strings:,} strings")
    print(f"ratio        {theirs[0] / ours[0]:.1f} CPU, {theirs[1] / ours[1]:.1f} memory")


if __name__ == "__main__":
    main()
