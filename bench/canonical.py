"""What the views of a text cost, beside unicodedata.normalize and one pattern for invisible code points.

    python bench/canonical.py [--characters 4000] [--rounds 300]

Median milliseconds of CPU for all views, findings and problems of one text; the peer runs in turn with it. Then 10 MB
of several kinds once each, in processes of their own, with their peak memory.
"""

import argparse
import base64
import random
import re
import resource
import statistics
import string
import time
import unicodedata
from multiprocessing import get_context

from clearance.detect.canonical import canonical, hidden_findings
from clearance.model.threat import SpanChannel

SIZE = 10_000_000
PROSE = (
    "The build reads its settings from `config.toml` (see below) and writes a report; nothing else is sent anywhere. "
    "If a test fails, run it alone with `-k name` and look at what it prints. getElementsByTagName('a')[0].href = x;\n"
)
MIXED = (
    "The café’s menu — “naïve” crêpes, 20 €… – costs nothing; ✅ done 👩‍💻 soon. "
    "Это обычный русский текст, в нём нет ничего. 这是普通的中文文本,没有隐藏的内容。 "
    "Die Straße ist gesperrt. getElementsByTagName('a')[0].href = x;\n"
)
PEER = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)


def whole(data: bytes) -> int:
    """Everything that is made of a text."""
    views = canonical(data)
    found = hidden_findings(views, SpanChannel.FILE_RESULT)
    return len(views.plain.text) + len(views.skeleton.text) + len(views.decoded) + len(found) + len(views.problems)


def peer(data: bytes) -> int:
    """What is commonly done: normalise, and take out what is invisible."""
    return len(PEER.sub("", unicodedata.normalize("NFKC", data.decode("utf-8", "replace"))))


def units() -> dict[str, bytes]:
    """What is said again and again in 10 MB of each kind."""
    chance = random.Random(7)
    letters = string.ascii_letters + string.digits
    words = [("".join(chance.choices(letters, k=chance.randint(3, 30)))) for _ in range(2000)]
    return {
        "prose": PROSE.encode(),
        "mixed": MIXED.encode(),
        "identifiers": (" ".join(words)).encode(),
        "fullwidth": "Ｉｇｎｏｒｅ　ａｌｌ".encode(),
        "combining marks": "e\u0323\u0301\u0302".encode(),
        "marks only": "\u0323\u0301".encode(),
        "hebrew points": "\u05b0\u05c1".encode(),
        "invisible": "\u200b\u200c\u2060".encode(),
        "invalid UTF-8": b"\xff\xfe\x80a",
        "base64 of prose": base64.b64encode(PROSE.encode() * 3),
        "one base64": base64.b64encode(PROSE.encode() * 40_000),
        "percent": b"%69%67",
        "backspaces": b"ab\b\b",
        "spaces": b"    \t  ",
        "comments": b"<!-- a comment of some length -->",
        "open comments": b"<!--",
        "escapes": b"\x1b[31m\x1b]",
        "cyrillic words": "сору рост ".encode(),
        "one cyrillic word": "сор".encode(),
        "surrogates": b"\xed\xa0\x80",
        "expanding": "\ufdfa".encode(),
    }


def alone(name: str) -> tuple[float, int]:
    """Seconds of CPU, and the peak of memory in MB beyond the data."""
    unit = units()[name]
    data = (unit * (SIZE // len(unit) + 1))[:SIZE]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    views = canonical(data)
    whole(data)
    views.skeleton.bytes_at(len(views.skeleton.text) // 2, len(views.skeleton.text))
    seconds = time.process_time() - began
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--no-large", action="store_true")
    given = parser.parse_args()
    for name, unit in (("ASCII", PROSE), ("mixed", MIXED)):
        data = (unit * (given.characters // len(unit) + 1))[: given.characters].encode()
        whole(data)
        ours, theirs = [], []
        for _ in range(given.rounds):
            for of, call in ((ours, whole), (theirs, peer)):
                began = time.process_time()
                call(data)
                of.append((time.process_time() - began) * 1000)
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"{name:6} {given.characters} characters: {mine:.3f} ms; peer {other:.3f} ms; ratio {mine / other:.1f}")
    if not given.no_large:
        with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            for name in units():
                seconds, megabytes = pool.apply(alone, (name,))
                print(f"10 MB {name:18} {seconds:6.2f} s CPU, {megabytes:5} MB more at the peak", flush=True)


if __name__ == "__main__":
    main()
