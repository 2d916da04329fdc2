"""Ways out of a session: calls that carry something to where others can read it."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from clearance.detect.commands.destinations import hosts_in, weight_of_host
from clearance.detect.commands.roles.recoding import looks_encoded
from clearance.detect.session.calls import URLS, Call
from clearance.detect.session.words import addresses, bounded
from clearance.model.command import CommandCapability, SinkKind
from clearance.model.session import SessionScope, SessionSpan
from clearance.model.threat import SpanChannel

WRITES: Final = re.compile(
    r"(?i)(?:^|[_\W])(?:create|update|add|post|send|write|delete|push|merge|comment|publish|upload|set|edit|reply|"
    r"submit|invite|share|put|insert|append|move|fork|assign|notify|execute|run|call|invoke)"
)
FETCHES: Final = re.compile(r"(?i)fetch|browse|navigate|url|http|open_page|scrape|crawl")
SEARCHES: Final = re.compile(r"(?i)search")
_LONG: Final = 40
"""Characters of a part of an address that could hold data."""
_SENDING: Final = {
    "git": ({"push", "send-email", "request-pull"}, "git push"),
    "npm": ({"publish"}, "a package is published"),
    "pnpm": ({"publish"}, "a package is published"),
    "yarn": ({"publish"}, "a package is published"),
    "cargo": ({"publish"}, "a package is published"),
    "twine": ({"upload"}, "a package is published"),
    "docker": ({"push"}, "an image is pushed"),
    "podman": ({"push"}, "an image is pushed"),
    "gem": ({"push"}, "a package is published"),
    "gh": ({"create", "comment", "edit", "review", "api", "upload", "merge", "close", "sync"}, "gh writes to a forge"),
    "glab": ({"create", "note", "update", "api", "upload", "merge"}, "glab writes to a forge"),
    "aws": ({"cp", "sync", "mv", "put-object", "publish", "send-message", "invoke"}, "aws sends to a cloud"),
    "gsutil": ({"cp", "rsync", "mv"}, "gsutil sends to a cloud"),
    "rclone": ({"copy", "sync", "move", "copyto", "rcat"}, "rclone sends to a cloud"),
    "az": ({"upload", "upload-batch", "send"}, "az sends to a cloud"),
}
"""Programs that send with one of these words among their first ones."""
_ALWAYS: Final = frozenset(
    "scp rsync sftp ftp lftp tftp nc ncat netcat socat telnet mail mailx mutt sendmail msmtp swaks".split()
)
_NAMES: Final = frozenset("nslookup dig host drill resolvectl ping ping6 getent kdig".split())
_BODIES: Final = re.compile(
    r"^(?:-d|-F|-T|--data(?:-\w+)?|--form(?:-\w+)?|--upload-file|--json|--post-data|--post-file|--body-data|--body-file)"
    r"(?:=|$)|^(?:POST|PUT|PATCH|DELETE)$|^-X(?:POST|PUT|PATCH|DELETE)$|^--(?:method|request)=(?:POST|PUT|PATCH|DELETE)$"
)
_CLIENTS: Final = frozenset("curl wget http https xh httpie aria2c iwr invoke-webrequest irm invoke-restmethod".split())
_INTERPRETER: Final = re.compile(r"(?:python|pypy|node|deno|bun|tsx|ruby|perl|php|lua|rscript|osascript)[\d.]*")
_IMAGE: Final = re.compile(
    r"(?i)!\[[^\]]{0,200}\]\(\s{0,8}<?(https?://[^)\s>]{3,2048})|<img\b[^>]{0,200}\bsrc\s?=\s?[\"']?(https?://[^\"'\s>]{3,2048})"
)
_MOST_IMAGES: Final = 64

Known = Callable[[str], bool]
"""Whether an address stood in the session as it is, before anybody called it."""


def ways_out(span: SessionSpan, call: Call | None, scope: SessionScope, known: Known) -> tuple[tuple[str, str], ...]:
    """Where something goes to (host, server or remote) and how, in words; nothing for trusted ones."""
    if span.channel is SpanChannel.OUTBOUND_BODY:
        found: Iterator[tuple[str, str]] = iter([(_host(span.where) or "the network", "a body was sent")])
    elif span.channel is SpanChannel.ASSISTANT_TEXT:
        found = _of_images(span.text, known)
    elif call is None:
        return ()
    elif call.server:
        found = _of_server(call)
    else:
        found = _of_call(call, known)
    trusted = frozenset(scope.trusted_hosts)
    servers = frozenset(scope.trusted_servers)
    kept = ((where, how) for where, how in found if not _trusted(where, trusted, servers))
    return tuple(dict.fromkeys(kept))


def _of_images(text: str, known: Known) -> Iterator[tuple[str, str]]:
    """Images in an answer are fetched by whoever shows it."""
    for match, _ in zip(_IMAGE.finditer(bounded(text)), range(_MOST_IMAGES), strict=False):
        url = match.group(1) or match.group(2)
        if carries(url) and not known(url):
            yield _host(url), "an image in an answer has an address with parameters"


def _trusted(where: str, hosts: frozenset[str], servers: frozenset[str]) -> bool:
    return where in hosts or where.removeprefix("MCP server ") in servers or weight_of_host(where, hosts) < 0


def _of_server(call: Call) -> Iterator[tuple[str, str]]:
    if WRITES.search(call.name):
        yield f"MCP server {call.server}", f"a tool that writes was called ({call.name[:60]})"
    elif FETCHES.search(call.name):
        yield f"MCP server {call.server}", f"a tool that fetches was called ({call.name[:60]})"


def _of_call(call: Call, known: Known) -> Iterator[tuple[str, str]]:
    if call.is_command:
        for line in call.lines:
            yield from _of_line(line, known)
        yield from _of_reading(call)
        return
    urls = [url for name, text in call.texts if name in URLS for url in addresses(text)]
    if FETCHES.search(call.name) or urls:
        for url in urls:
            if carries(url) and not known(url):
                yield _host(url), "an address with parameters was fetched"
    elif SEARCHES.search(call.name):
        return  # it goes to whoever runs the search, not to whoever wrote a page
    yield from _of_reading(call)


def _of_reading(call: Call) -> Iterator[tuple[str, str]]:
    """What the reader of commands saw to be sent, in whatever language."""
    where = next(iter(call.reading.destinations), "the network")
    if any(flow.sink is SinkKind.NETWORK for flow in call.reading.flows):
        yield where, "a command sends what it read"
    elif CommandCapability.UPLOAD in call.reading.capabilities:
        yield where, "a command uploads"
    elif call.reading.destinations and any(_INTERPRETER.fullmatch(line[0]) for line in call.lines):
        yield where, "a script names an address"


def _of_line(line: tuple[str, ...], known: Known) -> Iterator[tuple[str, str]]:
    program, words = line[0], line[1:]
    urls = [word for word in words if "://" in word]
    if program in _ALWAYS:
        yield _destination(words) or program, f"{program} sends"
    elif program in _NAMES:
        if name := _destination(words):
            yield name, f"a name is asked for ({program})"
    elif program in _CLIENTS:
        for url in urls or [w for w in words if not w.startswith("-") and hosts_in(w)]:
            if any(_BODIES.match(word) for word in words):
                yield _host(url), f"{program} sends a body"
            elif carries(url) and not known(url):
                yield _host(url), f"{program} fetches an address with parameters"
    elif program in _SENDING:
        subcommands, how = _SENDING[program]
        bare = [word for word in words if not word.startswith("-")]
        if subcommands & set(bare[:3]):
            yield _remote(program, bare, words), how


def _remote(program: str, bare: list[str], words: tuple[str, ...]) -> str:
    """Where a push goes: an address if one is written down, else the remote by its name."""
    hosts = [host for word in words for host in hosts_in(word)] if program != "git" else _git_hosts(words)
    if hosts:
        return hosts[0]
    if program == "git":
        return bare[bare.index("push") + 1] if "push" in bare and bare[-1] != "push" else "the usual remote"
    return program


def _git_hosts(words: tuple[str, ...]) -> list[str]:
    return [host for word in words if "://" in word or re.match(r"^[\w.-]+@[\w.-]+:", word) for host in hosts_in(word)]


def _destination(words: tuple[str, ...]) -> str:
    for word in words:
        hosts = hosts_in(word.rstrip(":").partition(":")[0] if "://" not in word and "@" in word else word)
        if hosts:
            return hosts[0]
    return next((word for word in reversed(words) if "." in word and not word.startswith("-")), "")


def carries(url: str) -> bool:
    """Whether an address has room for data: a query, a fragment, a name before the host, or a long part."""
    try:
        parts = urlsplit(url)
        host, named = parts.hostname or "", parts.username is not None
    except ValueError:
        return True
    if parts.query or named:
        return True
    pieces = [*parts.path.split("/"), *host.split(".")[:-2], parts.fragment]
    return any(len(piece) >= _LONG and looks_encoded(piece) for piece in pieces) or any(
        len(label) >= _LONG for label in host.split(".")
    )


def _host(url: str) -> str:
    return next(iter(hosts_in(url)), url[:120])
