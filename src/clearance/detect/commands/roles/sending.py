"""Programs that send and fetch."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.action import Action
from clearance.detect.commands.arguments import Sorted, sort_words
from clearance.detect.commands.destinations import hosts_in, is_address, weight_of_host
from clearance.detect.commands.places import normal
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import EMPTY, Value, carried, joined, plain
from clearance.model.command import CommandCapability as Can
from clearance.model.command import SourceKind

_HEADERS: Final = (
    "-h",
    "-H",
    "--header",
    "-Headers",
    "-headers",
    "-A",
    "--user-agent",
    "-e",
    "--referer",
    "-b",
    "--cookie",
    "-U",
    "-u",
    "--user",
)
_PROGRAMS: Final = re.compile(r"\.(?:exe|dll|ps1|bat|cmd|vbs|js|hta|sct|scr|msi|sh|py|elf|jar|xsl|bin)(?:$|[?\"'])")


def transfer(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """A client of HTTP or FTP: what its options send, what it saves, and what the answer is."""
    words = sort_words(tool, action)
    urls = [w for w in (*words.rest, *words.values(("--url", "-Uri", "-uri", "-Source", "-source"))) if w.text]
    address = joined(urls, " ")
    sent = [_body(scene, o, v, action) for o, v in words.options if o in tool.sends and v is not EMPTY]
    if action.program.startswith((".upload", ".post", ".put", ".send", ".openwrite")):
        sent += [joined([v, scene.read(v)]) for v in words.rest[1:]]
    if action.piped and action.program in (
        "http",
        "https",
        "xh",
        "httpie",
        "iwr",
        "irm",
        "invoke-webrequest",
        "invoke-restmethod",
    ):
        sent.append(replace(action.stdin, text=""))
    if action.program in ("http", "https", "xh", "httpie"):
        sent += [_body(scene, "", v, action) if "=" in v.text else _item(scene, v) for v in words.rest[1:]]
    if sent or (words.has(*tool.sends)):
        scene.see(Can.UPLOAD, _oddness(scene, address), f"It sends data with {action.program}.", action.line)
    headers = [_in_header(scene, o, v) for o, v in words.options if o in _HEADERS and v is not EMPTY]
    scene.send(joined([*sent, *headers, *(replace(u, text="") for u in urls)]), address, action.program)
    answer = scene.fetch(urls)
    _save(scene, tool, words, urls, answer, action)
    return answer


def _oddness(scene: Scene, address: Value) -> float:
    worst = max((weight_of_host(h, scene.trusted) for h in hosts_in(address.text)), default=0.0)
    return 0.02 + max(0.0, 0.45 * worst)


def _body(scene: Scene, option: str, value: Value, action: Action) -> Value:
    """``@file`` and ``name=@file`` are read, ``-`` is what comes in, other words are sent or name a file."""
    text = value.text
    if text in ("-", "@-", ".", "@/dev/stdin", "/dev/stdin") or text.endswith(("=@-", "=<-")):
        return joined([value, action.stdin])
    head, at, path = text.partition("@")
    if at and (not head or head.endswith(("=", "<")) or (option == "--data-urlencode" and head.isidentifier())):
        return joined([value, scene.read(replace(value, text=path.partition(";")[0]))])
    named = "file" in option.lower() or option == "-T" or "/" in text or "\\" in text or text.startswith((".", "~"))
    return joined([value, scene.read(value)]) if named and " " not in text else value


def _item(scene: Scene, value: Value) -> Value:
    """``field@file`` of httpie."""
    return (
        joined([value, scene.read(replace(value, text=value.text.partition("@")[2]))]) if "@" in value.text else value
    )


def _in_header(scene: Scene, option: str, value: Value) -> Value:
    """A credential in its own header is how clients say who they are."""
    if option in ("-H", "--header") and value.text.startswith("@"):
        return joined([value, scene.read(replace(value, text=value.text[1:]))])
    if option in ("-u", "--user"):
        # A password from a variable is what the option is for; what lies in files of credentials is not.
        return replace(value, origins=frozenset(value.of(SourceKind.SECRET)))
    low = value.text.lower().lstrip()
    if low.startswith(
        (
            "authorization",
            "private-token",
            "x-api-key",
            "api-key",
            "job-token",
            "x-vault-token",
            "x-auth-token",
            "x-github-token",
        )
    ):
        return EMPTY
    return value


def _save(scene: Scene, tool: KnownTool, words: Sorted, urls: list[Value], answer: Value, action: Action) -> None:
    targets = words.values(tool.saves)
    if words.has("-O", "--remote-name", "-sO", "-LO") or (
        not targets and action.program in ("wget", "wget2", "aria2c", "axel")
    ):
        targets = [plain(u.text.partition("?")[0].rstrip("/").rpartition("/")[2]) for u in urls if "/" in u.text]
    if "wget" in action.program and any(t.text == "-" for t in targets):
        targets = []
    for target in targets:
        scene.write(target, answer)
        if _HIDDEN.match(normal(target.text)):
            scene.see(Can.DOWNLOAD, 0.4, f"It fetches a file to {target.text[:80]}, where nobody looks.", action.line)
    heavy = max((_weight_of_fetch(u.text) for u in urls), default=0.0) if targets or tool.step == "saves" else 0.0
    if urls and (targets or tool.step == "saves"):
        scene.see(Can.DOWNLOAD, heavy, f"It fetches {address_of(urls)} into a file.", action.line)


_HIDDEN: Final = re.compile(r"c:/(?:users/public|windows|programdata|perflogs)|/dev/shm/|/var/tmp/|(?:/tmp|~)/\.\w")


def _weight_of_fetch(url: str) -> float:
    """A program from an address without a name is odd; from a name, hardly."""
    program = _PROGRAMS.search(url.lower()) is not None
    numbered = any(is_address(h) for h in hosts_in(url))
    return (0.06 if program else 0.02) + (0.4 if numbered else 0.0)


def address_of(urls: list[Value]) -> str:
    """The addresses in words."""
    return ", ".join(u.text[:120] for u in urls[:2]) or "something"


def socket(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """A raw connection: what comes in goes out; a shell on it is somebody else's shell."""
    words = sort_words(tool, action)
    target = joined([w for w in words.rest if not w.text.isdigit()], " ")
    inside = joined([*words.values(tool.sends), *(scene.read(w) for w in words.rest if w.text.startswith(("/", "~")))])
    line = " ".join(action.texts)
    gives = re.search(r"\b(?:exec|system):|(?:^|\s)-[a-z]*[ec]\s+\S*(?:sh|cmd|powershell)|--(?:sh-)?exec", line)
    if gives and action.program not in ("ssh", "openssl"):
        scene.see(Can.EXECUTE, 0.9, f"It gives a shell to the network with {action.program}.", action.line)
    elif words.has("-l", "-lvp", "-lp", "-lvnp", "--listen", "-nlvp", "-lnvp") and action.program != "ssh":
        scene.see(Can.DOWNLOAD, 0.15, f"It waits for connections with {action.program}.", action.line)
    address = target if hosts_in(target.text) else plain((words.rest[0].text if words.rest else "") or "")
    scene.send(joined([replace(action.stdin, text=""), inside]), address, action.program, always=True)
    scene.send(carried(w for w in words.rest), address, action.program, always=True)
    return scene.fetch([address])


def lookup(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Asks for names: what stands in the name goes out with the question."""
    asked = joined(action.words, " ")
    scene.send(carried((asked,)), Value("a name server"), action.program)
    # What comes back is whatever the owner of the name wrote there.
    return scene.fetch([asked])
