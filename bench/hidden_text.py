"""How often ordinary files are said to hide text from their reader.

    python bench/hidden_text.py FOLDER… [--show 20] [--most-bytes 1000000]

Every file below the folders is read up to so many bytes, links aside; files with a NUL byte in their first 8,000 bytes
are no text and are counted apart. Printed: files, flagged, kinds, the first flagged ones, and other views made.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator

from clearance.detect.canonical import canonical


def files(folders: list[str]) -> Iterator[str]:
    """Regular files, in order."""
    for folder in folders:
        for where, below, names in os.walk(folder):
            below.sort()
            yield from (path for name in sorted(names) if not os.path.islink(path := os.path.join(where, name)))


def main() -> None:
    """The measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--most-bytes", type=int, default=1_000_000)
    given = parser.parse_args()
    number = binary = flagged = changed = size = 0
    kinds: Counter[str] = Counter()
    shown: list[str] = []
    began = time.process_time()
    for path in files(given.folders):
        try:
            with open(path, "rb") as file:
                data = file.read(given.most_bytes)
        except OSError as error:
            print(f"not read: {path}: {error.strerror}", file=sys.stderr)
            continue
        if b"\0" in data[:8000]:
            binary += 1
            continue
        number += 1
        size += len(data)
        views = canonical(data)
        changed += views.skeleton is not views.plain
        found = views.hidden
        flagged += bool(found)
        for kind, message in {(f.kind, bool(f.message)) for f in found}:
            kinds[f"{kind}, {'read' if message else 'not read'}"] += 1
        if found and len(shown) < given.show:
            first = found[0]
            says = ascii(first.message[:60])
            shown.append(f"{path}: {len(found)} × first {first.kind} {first.count} at {first.start} {says}")
    seconds = time.process_time() - began
    print(f"{number:,} text files, {size / 1e6:,.0f} MB, {seconds:.0f} s CPU; {binary:,} binary files left out")
    print(f"flagged {flagged} = {10_000 * flagged / max(1, number):.2f} in 10,000; other skeleton {changed}")
    for kind, many in kinds.most_common():
        print(f"  {many:5} {kind}")
    print("\n".join(shown))


if __name__ == "__main__":
    main()
