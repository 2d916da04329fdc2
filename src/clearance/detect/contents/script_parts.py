"""JavaScript that runs unasked: what its parts come to, where no command and no made code is in it.

High where one thing is seen to go into the next (one name, one call), medium where the parts only stand together.
Installers of prebuilt programs fetch, write, make executable and ask for a version: that alone is nothing here.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.contents.unasked_claim import UnaskedDoing
from clearance.model.finding import Severity

_FETCH: Final = re.compile(
    r"\bfetch\s*\(|\bhttps?\b[^\n]{0,40}\.\s*(?:get|request)\s*\(|\b(?:axios|got|needle|undici|superagent)\b"
)
_START: Final = re.compile(r"\bspawn(?:Sync)?\s*\(\s*([^\s,()]{1,200})\s*,[^;]{0,200}?\bdetached\s*:\s*(?:true|!0)\b")
_EXECUTABLE: Final = re.compile(r"\bmode\s*:\s*(?:0o?7\d\d|493|511|448)\b|\bchmod(?:Sync)?\s*\(")
_WRITE: Final = r"\b(?:writeFile|appendFile|outputFile|createWriteStream|outputJson|writeJson)(?:Sync)?\s*\("
_WRITES: Final = re.compile(_WRITE)
_NO_ASKING: Final = re.compile(
    r"\bbypassPermissions\b|\bdangerously(?:-skip-permissions|-bypass-approvals|SkipPermissions)|\bapproval_policy\b.{0,8}\bnever\b"
)
_OF_ASSISTANT: Final = re.compile(r"\.(?:claude|codex|gemini|cursor|qwen)(?:[\"'`/\\.]|\b)")
AT_EVERY_START: Final = re.compile(
    rf"{_WRITE}[^;\n]{{0,100}}\.(?:bashrc|zshrc|profile|bash_profile|zprofile|zshenv|bash_login)[\"'`]\s*\)*\s*,\s*\Z"
)
"""What stands before the text that is written into a file which every shell reads."""
_KEPT: Final = (
    r"process\.env(?:\.|\[\s*[\"'`])(?!npm_)(?:\w{0,60}_)?"
    r"(?:TOKEN|SECRET|PASSWORD|PASSWD|(?:API|ACCESS|PRIVATE|SECRET)_?KEY)\w{0,40}"
)
_READS_TOKEN: Final = re.compile(_KEPT)
_NAMED_TOKEN: Final = re.compile(rf"(?<![\w$.])([\w$]{{1,40}})\s*=\s*[^;\n]{{0,80}}?{_KEPT}")
_ASKS_NAMES: Final = re.compile(
    r"(?:\bdns\b|\bpromises|\brequire\s*\(\s*[\"'`](?:node:)?dns(?:/promises)?[\"'`]\s*\))\s*\.\s*(?:lookup|resolve\w{0,8})\s*\(([^;\n]{1,400})"
)
_ADDRESS: Final = re.compile(
    r"(?:\bfetch|\.\s*(?:get|request))\s*\(\s*(?:[\"']https?://[^\"'\n]{3,200}[?=/&][\"']\s*\+|`https?://)([^;\n]{1,400}?)(?:,\s*(?:\{|\(|function|[\w$]+\s*=>)|\)\s*(?:[;.]|$)|$)"
)
_BODY: Final = re.compile(
    r"\bbody\s*:([^;\n]{1,200}?)(?:\}\s*\)|$)|\.\s*(?:end|write)\s*\(([^;\n]{1,200}?)\)\s*(?:[;.]|$)", re.MULTILINE
)
_SENDS: Final = re.compile(r"\bfetch\s*\(|\bhttps?\b[^\n]{0,40}\.\s*get\s*\(|\.\s*request\s*\(|\bdns\b|\baxios\b")
_GIVEN_AS_SUCH: Final = re.compile(r"uthorization|\bBearer\b|[xX]-[\w-]*(?:[tT]oken|[kK]ey)")
"""How a token is honestly given to whom it belongs to."""
_MOST: Final = 40


def doing_of_parts(text: str) -> Iterator[UnaskedDoing]:
    """What its parts come to; at most one claim of a kind."""
    yield from itertools.islice(_left_running(text), 1)
    yield from itertools.islice(_no_asking(text), 1)
    yield from itertools.islice(_tokens(text), 1)


def _left_running(text: str) -> Iterator[UnaskedDoing]:
    """A download that is made executable and left running when the installation ends."""
    if not _FETCH.search(text) or not _EXECUTABLE.search(text) or not _WRITES.search(text):
        return
    starts = list(itertools.islice(_START.finditer(text), _MOST))
    for start in starts:
        if re.search(rf"{_WRITE}\s*{re.escape(start[1])}\s*[,)]", text):
            yield UnaskedDoing(
                severity=Severity.HIGH, what="fetches a program and leaves it running", shown=start[0][:300]
            )
    if starts:
        what = "fetches, writes programs and leaves something running"
        yield UnaskedDoing(severity=Severity.MEDIUM, what=what, shown=starts[0][0][:300])


def _no_asking(text: str) -> Iterator[UnaskedDoing]:
    """Settings of an assistant written so that it asks nobody."""
    if not _WRITES.search(text) or not _OF_ASSISTANT.search(text):
        return
    found = list(itertools.islice(_NO_ASKING.finditer(text), _MOST))
    for match in found:
        around = text[max(0, match.start() - 400) : match.end() + 400]
        if _WRITES.search(around) and _OF_ASSISTANT.search(around):
            what = "writes settings with which an assistant asks nobody"
            yield UnaskedDoing(severity=Severity.HIGH, what=what, shown=around[200:-200] or match[0])
    if found:
        what = "names settings with which an assistant asks nobody, and writes files"
        yield UnaskedDoing(severity=Severity.MEDIUM, what=what, shown=found[0][0])


def _tokens(text: str) -> Iterator[UnaskedDoing]:
    """A token of the environment in a name that is asked for, in an address or in what is sent."""
    read = _READS_TOKEN.search(text)
    if read is None or not _SENDS.search(text):
        return
    names = [m[1] for m in itertools.islice(_NAMED_TOKEN.finditer(text), 12)]
    held = re.compile("|".join((_KEPT, *(rf"(?<![\w$.]){re.escape(name)}(?![\w$])" for name in names))))
    for pattern in (_ASKS_NAMES, _ADDRESS, _BODY):
        for match in itertools.islice(pattern.finditer(text), _MOST):
            given = next((group for group in match.groups() if group), "")
            if held.search(given) and not _GIVEN_AS_SUCH.search(given):
                yield UnaskedDoing(
                    severity=Severity.HIGH, what="takes secrets and reaches the network", shown=match[0][:300]
                )
    if not _GIVEN_AS_SUCH.search(text):
        what = "reads a secret of the environment and reaches the network"
        yield UnaskedDoing(severity=Severity.MEDIUM, what=what, shown=read[0])
