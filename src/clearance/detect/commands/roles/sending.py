"""Programs that send and fetch."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.arguments import Sorted, sort_words
from clearance.detect.commands.destinations import hosts_in, is_address, weight_of_host
from clearance.detect.commands.places import normal
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import EMPTY, UNKNOWN, Value, carried, joined, plain
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect, SourceKind

_REMOTE: Final = re.compile(r"^(?:[\w.-]+@)?[\w.-]{2,}:(?![\\/]{2})|^rsync://|^(?:s3|gs|az|oss|cos|b2)://")
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


def copier(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Copies or moves; a place on another machine makes it sending or fetching."""
    words = sort_words(tool, action)
    named = words.values(tool.saves)
    _put_by_script(scene, action, words.rest)
    places = [w for w in (*words.rest, *words.values(tool.sends)) if not re.fullmatch(r"/[a-zA-Z](?::\S*)?", w.text)]
    if not places:
        return UNKNOWN
    target, sources = (named[0], places) if named else (places[-1], places[:-1])
    if _is_remote(target.text):
        content = joined([scene.read(s, keeper=tool.keeper) for s in sources] or [action.stdin])
        scene.see(Can.UPLOAD, 0.03, f"It copies to another machine: {target.text[:120]}.", action.line)
        scene.send(replace(content, text=""), target, action.program, always=True)
        return UNKNOWN
    if any(_is_remote(s.text) for s in sources):
        for source in sources:
            scene.read(source, keeper=tool.keeper)
        scene.write(target, scene.fetch(sources))
        return UNKNOWN
    content = joined([scene.read(s) for s in sources]) if sources else EMPTY
    _masks(scene, sources, target, action)
    into = target
    if target.text.endswith(("/", "\\", "/.")) or target.text == ".":
        names = [s.text.replace("\\", "/").rpartition("/")[2] for s in sources]
        into = replace(target, text=target.text.rstrip("/.") + "/" + (names[0] if names else ""))
    scene.write(into, content)
    return UNKNOWN


_PUT: Final = re.compile(r"(?:^|[\s;\"'])(?:m?put|send|mirror\s+-R|reput)\s+([^\s;\"']+)")


def _put_by_script(scene: Scene, action: Action, rest: list[Value]) -> None:
    """``sftp host <<< "put file"`` and ``lftp -e "put file"``: what is put is in the text of the commands."""
    said = "\n".join((action.stdin.text, *(w.text for w in action.words)))[:8192]
    host = next(
        (w for w in rest if hosts_in(w.text.partition(":")[0]) or "@" in w.text or "://" in w.text),
        rest[0] if rest else EMPTY,
    )
    for found in _PUT.finditer(said):
        content = scene.read(plain(found.group(1).strip("'\"")))
        scene.send(replace(content, text=""), host, action.program, always=True)


_SYSTEM_PROGRAM: Final = re.compile(
    r"(?:^|/)(?:windows/(?:system32|syswow64)\S*/|s?bin/|usr/s?bin/)([\w.-]+)$|^/(?:usr/)?bin/(\w+)$"
)


_PASSED: Final = re.compile(r"(?:/tmp|/var/tmp|/dev/shm|%temp%)/[\w.-]+$|~/\.\w")


def _masks(scene: Scene, sources: list[Value], target: Value, action: Action) -> None:
    """A program of the system under another name is there to be taken for something else."""
    for source in sources:
        found = _SYSTEM_PROGRAM.search(normal(source.text))
        name = normal(target.text).rpartition("/")[2]
        if (
            found
            and name not in (found.group(1) or found.group(2), "")
            and ("." in name or _PASSED.match(normal(target.text)) or "/" in normal(target.text))
        ):
            scene.see(Can.HIDE, 0.45, f"It copies a program of the system under another name: {name}.", action.line)


def _is_remote(text: str) -> bool:
    if len(text) > 1 and text[1] == ":" and text[0].isalpha():
        return False
    return _REMOTE.match(text) is not None or re.match(r"^\\\\[\w.$%-]+\\|^//[\w.-]+/", text) is not None


def mailer(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Sends what comes in and the files it is given to whom the words name."""
    words = sort_words(tool, action)
    content = joined(
        [
            action.stdin,
            *(joined([v, scene.read(v)]) for v in words.values(tool.sends)),
            *(carried((w,)) for w in action.words),
        ]
    )
    to = next((w for w in words.rest if "@" in w.text or "." in w.text), plain(action.program))
    scene.send(replace(content, text=""), to, action.program, always=True)
    return UNKNOWN


def publisher(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Puts files or text into the cloud, an issue, a gist, a chat: everything it is given may be seen there."""
    words = sort_words(tool, action)
    at = next((i for i, w in enumerate(action.words) if w.text == "--"), None)
    if at is not None and at + 1 < len(action.words) and action.program in ("kubectl", "oc", "k"):
        inner = action.words[at + 1 :]
        act(scene, replace(action, program=program_of(inner[0].text), called=inner[0].text, words=inner[1:], writes=()))
    given = [*words.rest, *words.values(tool.sends)]
    content = joined([action.stdin, *(joined([w, scene.read(w, keeper=True)]) for w in given)])
    scene.send(replace(content, text=""), joined(given, " "), action.line[:60])
    return UNKNOWN


def remote(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """A shell on another machine: what comes in goes there, and its command runs there."""
    words = sort_words(tool, action)
    if words.rest:
        host = plain(words.rest[0].text)
        scene.send(replace(action.stdin, text=""), host, action.program, always=True)
        scene.send(carried(words.rest), host, action.program, always=True)
        if len(words.rest) > 1 and scene.depth < 4:
            scene.nested(" ".join(w.text for w in words.rest[1:]), Dialect.BASH)
    return UNKNOWN


def untrusted(value: Value) -> bool:
    """Whether something of it was fetched."""
    return any(o.kind is SourceKind.UNTRUSTED for o in value.origins)
