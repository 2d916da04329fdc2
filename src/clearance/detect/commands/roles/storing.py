"""Programs that write, pack and delete files, and that change the registry."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.action import Action
from clearance.detect.commands.arguments import sort_words
from clearance.detect.commands.patches import patched
from clearance.detect.commands.places import normal
from clearance.detect.commands.roles.recoding import looks_encoded
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import UNKNOWN, Origin, Value, carried, joined, plain
from clearance.model.command import CommandCapability as Can
from clearance.model.command import SinkKind, SourceKind

WIDE: Final = re.compile(
    r"^(?:/|/\*|~|~/|~/\*|/(?:etc|usr|var|home|bin|sbin|lib|lib64|boot|opt|root|users|system|library|"
    r"srv)(?:/\*?)?|[a-z]:/?|[a-z]:/\*(?:\.\*)?"
    r"|c:/(?:windows|users|program files)\S*|\*:/?)$"
)
_ARCHIVE: Final = re.compile(
    r"\.(?:tar|tgz|tbz2?|txz|t?gz|bz2|xz|zst|zip|7z|rar|cab|gpg|enc|aes|b64|bin|jar)(?:\.\w{1,4})?$"
)


_HOMES: Final = re.compile(r"~(?:/|/\*[.\w*]*|/\$\w+|/(?:documents|desktop|appdata|downloads|pictures)\S*)?$")


def writer(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Writes what comes in, or a value of an option, into the files it is given."""
    words = sort_words(tool, action)
    content = joined([action.stdin, *words.values(tool.sends)])
    targets = [*words.values(tool.saves), *words.rest[:8]]
    if (
        tool.saves
        and words.rest
        and not words.values(tool.sends)
        and len(words.rest) > 1
        and not words.values(tool.saves)
    ):
        content, targets = joined([content, *words.rest[1:]]), words.rest[:1]
    for target in targets:
        scene.write(target, content)
    return content


def patcher(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Puts lines into the files that the patch names."""
    for path, added in (change for v in (*action.words, action.stdin) for change in patched(v.text)):
        scene.write(plain(path), replace(action.stdin, text=added))
    return UNKNOWN


def dd(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """``if=`` is read, ``of=`` is written; a device is overwritten."""
    named = {w.text.partition("=")[0]: replace(w, text=w.text.partition("=")[2]) for w in action.words}
    content = scene.read(named["if"]) if "if" in named else action.stdin
    if "of" in named:
        target = normal(named["of"].text)
        if re.match(r"/dev/(?:[shv]d[a-z]|nvme|disk|mmcblk|xvd)", target) and re.search(
            r"/dev/(?:zero|u?random)", joined([named.get("if", UNKNOWN)]).text
        ):
            scene.see(Can.DESTROY, 0.6, f"It overwrites the disk {target}.", action.line)
        scene.write(named["of"], content)
    elif any(w.text for w in action.writes) and re.search(r"/dev/(?:zero|u?random)", named.get("if", UNKNOWN).text):
        scene.see(Can.HIDE, 0.45, "It pads a file, so that it is another file and the same program.", action.line)
    return content


def archiver(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Packs the files it is given; the archive holds what they hold."""
    words = sort_words(tool, action)
    named = [w for w in (*words.rest, *words.values(tool.sends)) if len(w.text) > 1]
    saved = words.values(tool.saves)
    out = saved or [w for w in named if _ARCHIVE.search(w.text.lower())][:1]
    read = [w for w in named if w not in out]
    content = carried(
        [*(scene.read(w) for w in (*read, *(o for o in out if normal(o.text) in scene.files))), action.stdin]
    )
    content = content.after(tool.step or action.program)
    if any(_HOMES.match(normal(w.text)) for w in read):
        scene.see(Can.COLLECT, 0.45, "It packs files of the user's home.", action.line)
    for target in out:
        if target.text not in ("-", "/dev/stdout"):
            scene.write(target, content)
    return content


def deleter(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Deletes: ordinary inside the project, not of homes, systems and what others need."""
    flags = " ".join(w.text.lower() for w in action.words if w.text.startswith(("-", "/")) and len(w.text) < 20)
    deep = re.search(r"-[a-z]*r|/s\b|--recursive", flags) is not None
    for word in action.words:
        if word.text.startswith("-"):
            continue
        path = normal(word.text)
        if scene.folder and re.fullmatch(r"\.?/?\*?|\./\.\*", word.text):
            path = normal(f"{scene.folder.rstrip('/')}/{word.text.strip('./')}")
        if WIDE.match(path) and (deep or path.endswith("*")):
            scene.see(Can.DESTROY, 0.9, f"It deletes everything below {word.text[:80]}.", action.line)
            scene.flow(
                Value(word.text, origins=frozenset({Origin(SourceKind.PERSONAL, word.text[:80])})),
                SinkKind.DELETION,
                action.program,
            )
        elif re.match(r"[a-z]:/\*", path) and deep:
            scene.see(
                Can.DESTROY, 0.75, f"It deletes files of a kind on the whole disk: {word.text[:80]}.", action.line
            )
        else:
            scene.write(word, UNKNOWN, weight=0.9)
    return UNKNOWN


def registry(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """``reg`` and the cmdlets for items: keys that start programs, keys that protect, hives that hold secrets."""
    texts = list(action.texts)
    verb = texts[0] if action.program == "reg" and texts else action.program
    keys = [w for w in action.words if re.search(r"(?i)hk(?:lm|cu|cr|u|ey_)|registry::", w.text)]
    value = joined([w for w in action.words[1:] if w not in keys])
    if not keys:
        return _item(scene, tool, action)
    # The name of the value may be what matters: ``HKCU\Environment`` with ``UserInitMprLogonScript``.
    named = " ".join(w.text for w in keys) + "/" + _named(action)
    if verb in (
        "add",
        "import",
        "copy",
        "restore",
        "load",
        "delete",
        "set-itemproperty",
        "new-itemproperty",
        "new-item",
        "sp",
        "ni",
        "set-item",
        "remove-item",
        "remove-itemproperty",
        "rename-item",
        "rp",
        "ri",
        "clear-item",
        "set-acl",
        "copy-item",
        "move-item",
        "clear-itemproperty",
    ):
        weight = 0.1 if _DEVELOPERS.search(normal(named)) else 0.45
        scene.see(Can.WRITE, weight, f"It changes the registry: {keys[0].text[:120]}.", action.line)
        content = replace(value, origins=value.origins | _encoded_in(action))
        scene.write(replace(keys[0], text=named), content)
    elif verb in ("save", "export"):
        scene.read(replace(keys[0], text=keys[0].text))
        scene.see(Can.READ, 0.2, f"It copies a part of the registry: {keys[0].text[:120]}.", action.line)
    else:
        ordinary = _DEVELOPERS.search(normal(keys[0].text)) is not None
        scene.see(Can.DISCOVER, 0.05 if ordinary else 0.45, "It asks the registry.", action.line)
        return scene.read(keys[0], keeper=True)
    return UNKNOWN


_DEVELOPERS: Final = re.compile(
    r"visualstudio|windows kits|microsoft sdks|net framework setup|msbuild|python|node|/git|java|"
    r"path/to|longpathsenabled|appmodelunlock|chocolatey|android"
)


def _named(action: Action) -> str:
    words = action.texts
    return "/".join(
        words[i + 1]
        for i, w in enumerate(words[:-1])
        if w in ("/v", "-name", "-n", "/d", "-value", "/f") and not words[i + 1].startswith("/")
    )[:300]


def _encoded_in(action: Action) -> frozenset[Origin]:
    return frozenset(
        Origin(SourceKind.ENCODED, w.text[:80]) for w in action.words if looks_encoded(w.text) and len(w.text) > 40
    )


def _item(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """The same cmdlets over files."""
    if action.program in ("remove-item", "ri"):
        return deleter(scene, tool, action)
    words = sort_words(tool, action)
    for word in words.rest[:4]:
        if action.program.startswith(("get", "gi", "gp")):
            return scene.read(word)
        scene.write(word, joined(words.rest[1:]))
    for word in words.values(tool.saves):
        scene.write(word, joined(words.values(tool.sends)))
    return UNKNOWN
