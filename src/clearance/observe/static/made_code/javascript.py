"""JavaScript that runs what it fetched, or what it decodes from a text of its own.

1. A fetch is a call of ``fetch``, of Node's ``http`` and ``https`` by whatever name, or of a well-known client. Names
   that its callbacks take, and that are assigned from it, hold what was fetched, within 4,000 characters.
2. A run is ``eval``, ``Function``, ``vm``, ``_compile`` and, for commands, ``exec``. It counts where it is given such
   a name.
3. A run of a decoder counts where the decoder is given a text of this file, or a file that is read there and then.
"""

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from clearance.observe.static.made_code.brackets import chain_end, closing
from clearance.observe.static.made_code.occurrences import occurrences
from clearance.observe.static.made_code.sighting import FETCHED, HIDDEN, MadeCode

_REACH: Final = 4000
_SHORT_NAME: Final = 2
_AROUND: Final = 64 << 10
"""Characters before a use in which the text that is decoded is looked for."""
_MOST: Final = 40
_MOST_FETCHES, _MOST_RUNS = 40, 60
_CLIENTS: Final = "axios|node-fetch|got|needle|request|superagent|undici|phin|bent|cross-fetch|follow-redirects"
_CLIENT_NAMES: Final = ("http", "https", *_CLIENTS.split("|"))
_BOUND: Final = re.compile(
    rf"([\w$]{{1,60}})\s*=\s*(?:await\s+)?(?:require|import)\s*\(\s*[\"'`](?:node:)?(https?|{_CLIENTS})[\"'`]\s*\)"
    rf"|import\s+(?:\*\s*as\s+)?([\w$]{{1,60}})\s+from\s*[\"'](?:node:)?(https?|{_CLIENTS})[\"']"
)
_FETCH: Final = re.compile(
    rf"(?<![\w$.])fetch\s*\(|require\s*\(\s*[\"'`](?:node:)?(?:https?|{_CLIENTS})[\"'`]\s*\)\s*(?:\.\s*(?:get|request|post))?\s*\("
    r"|(?<![\w$.])(?:https?|axios|got|needle|superagent)\s*\.\s*(?:get|request|post)\s*\(|(?<![\w$.])(?:axios|got)\s*\("
)
_RUN: Final = re.compile(
    r"(?:(?<![\w$.])|(?<=\bglobalThis\.)|(?<=\bwindow\.)|(?<=\bglobal\.)|(?<=\bself\.))(eval|Function)\s*\(|\(\s*0\s*,\s*(eval)\s*\)\s*\("
    r"|\.\s*(runInThisContext|runInNewContext|runInContext|compileFunction|_compile)\s*\(|\bvm\s*\.\s*(Script)\s*\("
    r"|(?:child_process[\"'`]?\s*\)?\s*\.\s*|\bcp\s*\.\s*|(?<![\w$.]))(exec|execSync)\s*\("
    r"|(?<![\w$])(spawn|spawnSync|execFile|execFileSync)\s*\("
    r"|(?<![\w$.])(import)\s*\((?=\s*[\"'`]data:)|(?<![\w$.])(import|require)\s*\((?=\s*[A-Za-z_$][\w$]{0,60}\s*\))"
)
_WRITTEN: Final = re.compile(r"\bwriteFile(?:Sync)?\s*\(\s*([A-Za-z_$][\w$]{0,60})\s*,([^;\n]{1,200})")
_DATA_CODE: Final = re.compile(r"[\"'`]data:(?:text|application)/javascript[^,\n]{0,40},[^\"'`\n]{24}")
_RUN_WORDS: Final = (
    "eval",
    "Function",
    "runIn",
    "_compile",
    "compileFunction",
    "Script",
    "exec(",
    "execSync(",
    "import(",
    "exec (",
    "spawn",
    "execFile",
    "require(",
)
_ONLY_TEXT: Final = re.compile(r"\s*(?:\"[^\"\\\n]*\"|'[^'\\\n]*')\s*\)")
_MOST_SEEN: Final = 20_000
_DECODER: Final = re.compile(
    r"\batob\s*\(|Buffer\s*\.\s*from\s*\(|(?:inflate|gunzip|unzip|brotliDecompress)\w*\s*\(|\bunescape\s*\(|createDecipher\w*\s*\("
    r"|fromCharCode|fromCodePoint|\bdecodeURIComponent\s*\("
)
_DECODER_WORDS: Final = (
    "atob",
    "Buffer",
    "nflate",
    "unzip",
    "brotliDecompress",
    "unescape",
    "createDecipher",
    "fromCharCode",
    "fromCodePoint",
    "decodeURIComponent",
)
_READ: Final = re.compile(r"\breadFile(?:Sync)?\s*\(")
_UNDOES: Final = re.compile(
    r"\batob\s*\(|(?:inflate|gunzip|unzip|brotliDecompress)\w*\s*\(|createDecipher\w*\s*\(|[\"'`](?:base64|hex)[\"'`]"
    r"|\.\s*map\s*\([^\n]{0,80}?[\w)\]]\s*\^\s*[\w(]"
)
"""What is more than reading a file as text."""
_NAME: Final = re.compile(r"(?<![\w$.])[A-Za-z_$][\w$]{0,60}")
_TEXT: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`", re.DOTALL)
_LONG_TEXT: Final = re.compile(r"[\"'`][^\"'`\n]{24}")
_PARAMETERS: Final = re.compile(
    r"(?:\bfunction\b[^(){}]{0,60})?\(([\w$\s,{}:=]{1,120})\)\s*(?:=>|\{)|(?<![\w$.])([\w$]{1,60})\s*=>"
)
_ASSIGNED: Final = re.compile(r"([\w$]{1,60})\s*\+?=(?![=>])\s*([^;\n]{1,400})")
_CALLBACK: Final = re.compile(r"[,(]\s*([A-Za-z_$][\w$]{1,60})\s*\)")
_PUSHED: Final = re.compile(r"([\w$]{1,60})\s*\.\s*push\s*\(([^()]{1,80})\)")
_IS_LONG: Final = (
    r"\s*=\s*(?:[\"'`][^\"'`\n]{24}|\[\s*\d{1,6}(?:\s*,\s*\d{1,6}){12}"
    r"|\[\s*[\"'][^\"'\n]{2,}[\"']\s*(?:,\s*[\"'][^\"'\n]{2,}[\"']\s*){4})"
)
_NUMBERS: Final = re.compile(r"\d{1,6}(?:\s*,\s*\d{1,6}){12}")

Shown = Callable[[int], bool]
"""Whether a byte is code, not text or comment."""


def javascript_made(text: str, is_code: Shown) -> Iterator[MadeCode]:
    """What it runs that it fetched or decoded; ``text`` has one character for each byte."""
    runs = [run for run in _runs(text) if is_code(_name_at(run))]
    if runs:
        yield from itertools.islice(_fetched(text, runs, is_code), _MOST)
        yield from itertools.islice(_decoded(text, runs), _MOST)


def _runs(text: str) -> "list[re.Match[str]]":
    """Every call that may run a value, by its place; not those that are given nothing but a text."""
    words = _RUN_WORDS if "writeFile" in text else _RUN_WORDS[:-1]
    found: dict[int, re.Match[str]] = {}
    for at in occurrences(text, words):
        match = _RUN.search(text, max(0, at - 40), at + 40)
        if match is None:
            continue
        if "import" in match[0] or not _ONLY_TEXT.match(text, match.end(), match.end() + 200):
            found.setdefault(match.start(), match)
    return [found[at] for at in sorted(found)][:_MOST_SEEN]


def _name_of(run: "re.Match[str]") -> str:
    return next(group for group in run.groups() if group)


def _name_at(run: "re.Match[str]") -> int:
    """Where its name stands: a match may begin within the string of ``require('child_process')``."""
    return run.start(run.lastindex or 0)


def _given(text: str, run: "re.Match[str]") -> str:
    """Its arguments."""
    return text[run.end() : closing(text, run.end() - 1, most=2000) - 1]


def _fetched(text: str, runs: "list[re.Match[str]]", is_code: Shown) -> Iterator[MadeCode]:
    seen: set[int] = set()
    looked = 0
    for fetch in itertools.islice(_fetches(text, runs), 4000):
        begin = fetch.start()
        first = bisect.bisect_left(runs, begin - 200, key=lambda r: r.start())
        last = bisect.bisect_right(runs, begin + _REACH, key=lambda r: r.start())
        near = [run for run in runs[first : min(last, first + 12)] if run.start() not in seen]
        if not near or not is_code(begin):
            continue
        looked += 1
        if looked > _MOST_FETCHES:
            return
        end = chain_end(text, fetch.end() - 1, most=_REACH)
        holds = _holding(text, begin, end)
        for run in near:
            if _runs_one_of(text, run, holds, begin, end):
                seen.add(run.start())
                what = " ".join(fetch[0].split()).rstrip("( ")
                yield MadeCode(kind=FETCHED, detail=f"{_name_of(run)} of what {what} fetches", offset=run.start())


def _fetches(text: str, runs: "list[re.Match[str]]") -> "Iterator[re.Match[str]]":
    """Calls that fetch, as far before a run as what they fetch may reach."""
    names = _own_names(text)
    own = re.compile(rf"(?<![\w$.])({'|'.join(map(re.escape, sorted(names)))})\s*(?:\.\s*(?:get|request|post)\s*)?\(")
    at = 0
    for run in runs:
        begin, end = max(at, run.start() - _REACH), min(len(text), run.end() + 200)
        if begin < end:
            yield from _FETCH.finditer(text, begin, end)
            if names:
                yield from (m for m in own.finditer(text, begin, end) if _means(m[1], m.start(), names[m[1]]))
            at = end


def _means(name: str, at: int, bound: "list[int]") -> bool:
    """Whether a name still means the client there: bundles give one letter to thousands of things."""
    return len(name) > _SHORT_NAME or any(0 <= at - place <= _REACH for place in bound)


def _own_names(text: str) -> dict[str, list[int]]:
    """What the script calls its clients, and where each name was given."""
    words = [f"{client}{quote}" for client in _CLIENT_NAMES for quote in "\"'`"]
    found: dict[str, list[int]] = {}
    for at in occurrences(text, words)[:2000]:
        for match in _BOUND.finditer(text, max(0, at - 120), at + 40):
            found.setdefault(match[1] or match[3], []).append(match.start())
    return {name: found[name] for name in sorted(found)[:60] if name not in ("https", "http", "axios", "got")}


def _runs_one_of(text: str, run: "re.Match[str]", holds: frozenset[str], begin: int, end: int) -> bool:
    given = _given(text, run)
    if _name_of(run) == "require" or (_name_of(run) == "import" and "data:" not in given):
        return f"file {given.strip()}" in holds
    if _name_of(run) in _PROGRAMS:  # so are a downloaded file's arguments
        return False
    if _name_of(run) in _COMMANDS:  # a line that names a downloaded file is how binaries are put in place
        first = given.partition(",")[0].strip()
        return re.sub(r"(?:\.toString\(\w*\)?|\.trim\(\)?)*\)?\Z", "", first) in holds
    bare = _TEXT.sub(lambda m: m[0] if m[0].startswith("`") else '""', given)
    if any(name in holds for name in _NAME.findall(bare)):
        return True
    return run.start() < begin < run.start() + len(given) + 20 and end > 0


def _holding(text: str, begin: int, end: int) -> frozenset[str]:
    """Names that hold what was fetched."""
    inside = text[begin:end]
    holds = {n for m in _PARAMETERS.finditer(inside) for n in _NAME.findall(m[1] or m[2])}
    for called in _CALLBACK.findall(inside)[:4]:
        found = re.compile(rf"function\s+{re.escape(called)}\s*\(").search(
            text, max(0, begin - _AROUND), begin + _AROUND
        )
        opened = text.find("{", found.end()) if found is not None else -1
        if found is not None and opened >= 0:  # a callback that is a function with a name
            body = text[found.start() : closing(text, opened, most=_REACH)]
            inside += body
            holds |= {n for m in _PARAMETERS.finditer(body) for n in _NAME.findall(m[1] or m[2])}
    before = text[max(0, begin - 120) : begin]
    if (
        bound := re.search(r"([\w$]{1,60})\s*=\s*(?:await\s+|\(\s*await\s+|\(\s*)*(?:\w+\s*=\s*)?\Z", before)
    ) is not None:
        holds.add(bound[1])
    holds -= _WORDS
    for _ in range(2):
        for match in (*_ASSIGNED.finditer(text, begin, min(len(text), begin + _REACH)), *_ASSIGNED.finditer(inside)):
            if holds & set(_NAME.findall(_TEXT.sub('""', match[2]))):
                holds.add(match[1])
        for match in _PUSHED.finditer(inside):
            if holds & set(_NAME.findall(match[2])):
                holds.add(match[1])
    written = {
        f"file {match[1]}"
        for match in _WRITTEN.finditer(text, begin, min(len(text), begin + _REACH))
        if holds & set(_NAME.findall(match[2]))
    }
    return frozenset((holds - _WORDS) | written)


_COMMANDS: Final = ("exec", "execSync")
_PROGRAMS: Final = ("spawn", "spawnSync", "execFile", "execFileSync")
_WORDS: Final = frozenset(
    """function async await return const let var new if else for while of in typeof void this null true false undefined
    console process require module exports Buffer JSON Object Array String Promise Error err error _""".split()
)


def _decoded(text: str, runs: "list[re.Match[str]]") -> Iterator[MadeCode]:
    places = occurrences(text, (*_DECODER_WORDS, "readFile"))
    near = [run for run in runs if _name_of(run) == "import" or _is_near(run, places)]
    for run in near[:_MOST_RUNS]:
        name = _name_of(run)
        given = _given(text, run)
        if _DATA_CODE.match(given.lstrip()):
            yield MadeCode(kind=HIDDEN, detail="import of a text", offset=run.start())
            continue
        decoder = _DECODER.search(_TEXT.sub(lambda m: '"' + "x" * max(0, len(m[0]) - 2) + '"', given))
        if decoder is not None and _has_own_text(text, run.start(), given):
            yield MadeCode(kind=HIDDEN, detail=f"{name} of {decoder[0].rstrip('( ')}", offset=run.start())
            continue
        if _READ.search(given) and _UNDOES.search(given):
            yield MadeCode(kind=HIDDEN, detail=f"{name} of a file that it decodes", offset=run.start())
            continue
        for held in _NAME.findall(_TEXT.sub('""', given))[:4]:
            if (made := _made_before(text, run.start(), held)) is not None:
                yield MadeCode(kind=HIDDEN, detail=f"{name} of {made}", offset=run.start())
                break


def _is_near(run: "re.Match[str]", places: Sequence[int]) -> bool:
    first = bisect.bisect_left(places, run.start() - _REACH)
    return first < len(places) and places[first] < run.end() + 2000


def _made_before(text: str, at: int, name: str) -> str | None:
    """The decoder whose answer a name was given shortly before."""
    window = text[max(0, at - 4000) : at]
    pattern = re.compile(rf"(?<![\w$.]){re.escape(name)}\s*=(?![=>])\s*([^;\n]{{1,1500}})")
    for match in itertools.islice(pattern.finditer(window), 3):
        decoder = _DECODER.search(match[1])
        if decoder is not None and _has_own_text(text, at, match[1]):
            return decoder[0].rstrip("( ")
        if _READ.search(match[1]) and _UNDOES.search(match[1]):
            return "a file that it decodes"
    return None


def _has_own_text(text: str, at: int, given: str) -> bool:
    """Whether what is decoded stands in the file: a long text or a row of numbers there, or by one name."""
    if _LONG_TEXT.search(given) or _NUMBERS.search(given):
        return True
    window = text[max(0, at - _AROUND) : at + _REACH]
    names = dict.fromkeys(_NAME.findall(_TEXT.sub('""', given))[:12])
    return any(
        name not in _WORDS and re.search(rf"(?<![\w$.]){re.escape(name)}{_IS_LONG}", window) is not None
        for name in names
    )
