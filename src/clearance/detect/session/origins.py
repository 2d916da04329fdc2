"""Who may have written what a session reads: strangers on the web, in MCP servers and in files of third parties."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from clearance.detect.commands.destinations import hosts_in, weight_of_host
from clearance.detect.session.bounded import Names
from clearance.detect.session.calls import PATHS, URLS, Call, server_and_tool
from clearance.detect.session.private import is_inside
from clearance.model.finding import Finding, Hit, Severity
from clearance.model.session import SessionScope, SessionSpan
from clearance.model.threat import SpanChannel, ThreatKind

_FOREIGN: Final = re.compile(
    r"(?i)(?:^|[\\/])(?:node_modules|bower_components|site-packages|dist-packages|vendor|third[_-]party|external|"
    r"\.venv|venv|\.cargo[\\/]registry|pkg[\\/]mod|\.m2|\.gradle|pods|downloads|deps|\.nuget|\.cache)[\\/]"
    r"|^(?:/tmp|/var/tmp|/private/tmp|/dev/shm|%temp%)/"
)
_OWN: Final = re.compile(r"^(?:/etc|/usr|/opt|/proc|/sys|/bin|/lib|/dev)/|^(?:~|/home/[^/]+|/root|/Users/[^/]+)/\.")
"""Files of the system and settings of the user."""
_ORDERS: Final = (ThreatKind.INJECTION, ThreatKind.HIDDEN_TEXT)
_FROM_ELSEWHERE: Final = frozenset("curl wget http xh httpie lynx w3m links aria2c irm iwr invoke-webrequest".split())
_FORGES: Final = frozenset({"gh", "glab", "hub"})
_SHOWS: Final = frozenset("view list diff checks api status search read".split())


def untrusted(
    span: SessionSpan,
    call: Call | None,
    findings: Sequence[Finding],
    scope: SessionScope,
    brought: Names[int],
) -> tuple[str, str] | None:
    """Where untrusted content came from and how, or None. ``call`` is the one that the span answers, if known.

    ``brought`` holds folders and files that came from elsewhere in this session.
    """
    if not span.text.strip():
        return None
    match span.channel:
        case SpanChannel.WEB_RESULT:
            return _of_web(span, call, scope)
        case SpanChannel.MCP_RESULT:
            server = server_and_tool(span.tool)[0] or (call.server if call else "") or span.where or span.tool
            return None if server in scope.trusted_servers else (f"MCP server {server}"[:200], "a server answered")
        case SpanChannel.COMMAND_RESULT | SpanChannel.FILE_RESULT if call is None and not span.where:
            return span.tool or "an unknown place", "where it came from is not known"
        case SpanChannel.COMMAND_RESULT:
            return _of_command(call, scope, brought) or _by_orders(span, findings)
        case SpanChannel.FILE_RESULT:
            path = span.where or (call.named(*PATHS) if call else "")
            return of_path(path, scope, brought) or _by_orders(span, findings)
        case SpanChannel.TOOL_DEFINITION | SpanChannel.SKILL:
            return _by_orders(span, findings)
        case _:
            return None


def of_path(path: str, scope: SessionScope, brought: Names[int]) -> tuple[str, str] | None:
    """Whether a file is of third parties: by its folder, because it came in this session, or lies elsewhere."""
    if not path:
        return None
    if _FOREIGN.search(path):
        return path[:200], "a file of third parties was read"
    if any(one in brought for one in _above(path)):
        return path[:200], "a file was read that came from elsewhere in this session"
    if not is_inside(path, scope) and not _OWN.search(path):
        return path[:200], "a file outside of the project was read"
    return None


def brought_in(call: Call) -> Iterator[str]:
    """Folders and files that a call fetches from elsewhere."""
    for line in call.lines:
        program, words = line[0], [word for word in line[1:] if not word.startswith("-")]
        if program == "git" and "clone" in words[:1] and len(words) > 1:
            last = words[2] if len(words) > 2 else re.split(r"[/:]", words[1].rstrip("/"))[-1].removesuffix(".git")
            yield _plain(last)
        elif program in _FROM_ELSEWHERE:
            yield from _outputs(line)


def _outputs(line: tuple[str, ...]) -> Iterator[str]:
    for option, value in pairwise(line):
        if option in ("-o", "-O", "--output", "--output-document") and value != "-" and "://" not in value:
            yield _plain(value)
    if {"-O", "--remote-name"} & set(line) or line[0] == "wget":
        yield from (_plain(word.rstrip("/").rpartition("/")[2]) for word in line[1:] if "://" in word)


def _plain(path: str) -> str:
    return path.strip("\"'").removeprefix("./").rstrip("/")


def _above(path: str) -> Iterator[str]:
    """The path, each folder that it begins with, and each of its parts: a clone is known by its folder's name."""
    plain = _plain(path)
    parts = plain.split("/")[:64]
    for size in range(len(parts), 0, -1):
        yield "/".join(parts[:size])
    yield from (part for part in parts if part)


def _of_web(span: SessionSpan, call: Call | None, scope: SessionScope) -> tuple[str, str] | None:
    where = span.where or (call.named(*URLS, "query") if call else "") or span.tool or "the web"
    hosts = hosts_in(where)
    if hosts and all(weight_of_host(host, frozenset(scope.trusted_hosts)) < 0 for host in hosts):
        return None
    return where[:200], "a page was read" if hosts else "answers of a search were read"


def _of_command(call: Call | None, scope: SessionScope, brought: Names[int]) -> tuple[str, str] | None:
    """What a command prints comes from elsewhere if the command fetches, or shows files of third parties."""
    if call is None:
        return None
    trusted = frozenset(scope.trusted_hosts)
    for line in call.lines:
        program, words = line[0], line[1:]
        hosts = [host for word in words for host in hosts_in(word)]
        if program in _FROM_ELSEWHERE and any(weight_of_host(host, trusted) >= 0 for host in hosts):
            return hosts[0], f"{program} fetched it"
        if program in _FORGES and _SHOWS & set(words[:3]):
            return f"{program} {' '.join(words[:3])}"[:200], "it shows what others wrote"
        if program in _READERS:
            shown = [word for word in words if not word.startswith("-") and ("/" in word or word in brought)]
            found = next((made for word in shown if (made := of_path(word, scope, brought)) is not None), None)
            if found is not None:
                return found
    return None


_READERS: Final = frozenset("cat head tail less more bat sed awk grep rg nl strings jq xxd type get-content gc".split())


def _by_orders(span: SessionSpan, findings: Sequence[Finding]) -> tuple[str, str] | None:
    """Text that gives orders did not come from whoever may give some, wherever it lies."""
    for finding in findings:
        if not isinstance(finding, Hit) or finding.span is None or finding.severity.rank < Severity.HIGH.rank:
            continue
        if finding.span.threat in _ORDERS:
            return span.where or span.tool or span.channel, "it reads like orders for the assistant"
    return None
