"""``package.json`` and ``binding.gyp``: what npm runs, what it fetches from where, which commands it installs."""

import re
from typing import Final

from clearance.observe.static.documents.node import Node
from clearance.observe.static.supply.found import Found, Manifest, listed
from clearance.observe.static.supply.licences import is_plain_licence, licence_of
from clearance.observe.static.supply.shadows import outside, shadowed
from clearance.observe.static.supply.vsix import vsix

_AT_INSTALL: Final = ("preinstall", "install", "postinstall")
_AT_PREPARE: Final = ("preprepare", "prepare", "postprepare", "prepublish", "prepack", "postpack", "dependencies")
_KINDS: Final = (
    ("dependencies", "runtime"),
    ("optionalDependencies", "optional"),
    ("peerDependencies", "peer"),
)
_ELSEWHERE: Final = re.compile(
    r"\A(?:git\b|git[+:@]|ssh:|https?:|file:|link:|portal:|exec:|github:|gitlab:|bitbucket:|gist:|\.{1,2}/|/|~/|[A-Za-z]:[\\/]"
    r"|[\w.-]+/[\w.-]+(?:#|\Z))|\.(?:tgz|tar\.gz|tar)\Z",
    re.IGNORECASE,
)
_FOLDER: Final = re.compile(r"(?:^|/)node_modules/((?:@[^/]+/)?[^/@.][^/]*)\Z")
_SHELL_OUT: Final = re.compile(r"<!@?\(([^()]{0,400}(?:\([^()]{0,200}\)[^()]{0,200}){0,4})\)")


def npm_manifest(manifest: Manifest) -> Found:
    """What a ``package.json`` says; nothing for other files, nor for one without a name."""
    found = Found()
    value = manifest.json if manifest.name == "package.json" else Node(None)
    name = value.text("name")
    if not value.is_table:
        return found
    _scripts(manifest, value, found)
    _needs(manifest, value, found)
    if name:
        _identity(manifest, value, found)
        shadowed(manifest, name, _bins(value), found)
        outside(manifest, name, ((key, target.text()) for key, target in value.items("bin")), found)
    if value.has("engines") and value.text("engines", "vscode"):
        vsix(manifest, value, found)
    return found


def gyp(manifest: Manifest) -> Found:
    """A ``binding.gyp`` beside a manifest makes npm build native code, and it may run programs of its own to do so."""
    found = Found()
    package = _FOLDER.search(manifest.folder)
    if manifest.name == "binding.gyp" and (package or manifest.is_project):
        runs = [match[1] for match in _SHELL_OUT.finditer(manifest.text)]
        detail = "binding.gyp: npm runs node-gyp rebuild where the manifest has no install script"
        subject = package[1] if package else manifest.folder.rpartition("/")[2] or "the package"
        found.facts.append(manifest.fact("install-script", subject, detail, "\n".join(("node-gyp rebuild", *runs))))
    return found


def _scripts(manifest: Manifest, value: Node, found: Found) -> None:
    subject = "@".join(filter(None, (value.text("name") or manifest.folder, value.text("version"))))
    for kind, names in (("install-script", _AT_INSTALL), ("prepare-script", _AT_PREPARE)):
        for name in names:
            if script := value.text("scripts", name):
                found.facts.append(manifest.fact(kind, subject, f"{name}: {script}", script))


def _needs(manifest: Manifest, value: Node, found: Found) -> None:
    optional = dict(value.items("optionalDependencies"))
    for key, kind in _KINDS:
        for name, wanted in value.items(key):
            if key == "dependencies" and name in optional:
                continue  # npm lists an optional one in both
            found.dependencies.append(manifest.dependency(name, wanted.text(), "npm", kind))
            if is_elsewhere(wanted.text()):
                found.facts.append(manifest.fact("dependency-elsewhere", name, wanted.text()))
    for key in ("overrides", "resolutions"):
        rows = [(path, wanted) for path, wanted in value.at(key).leaves()]
        if rows:
            told = listed(f"{path} to {wanted}" for path, wanted in rows)
            found.facts.append(manifest.fact("overrides", value.text("name") or manifest.folder, told))
        found.facts += [
            manifest.fact("dependency-elsewhere", path, wanted) for path, wanted in rows if is_elsewhere(wanted)
        ]


def is_elsewhere(wanted: str) -> bool:
    """Whether npm would not ask the registry for it."""
    return not wanted.startswith(("npm:", "workspace:", "catalog:")) and _ELSEWHERE.search(wanted.strip()) is not None


def _identity(manifest: Manifest, value: Node, found: Found) -> None:
    name, version, licence = value.text("name"), value.text("version"), licence_of(value)
    if version:
        found.packages.append(manifest.package(name, version, "npm", "package.json", licence))
        if not is_plain_licence(licence) and not value.is_on("private"):
            said = f"the licence is given as {licence!r}" if licence else "no licence is given"
            found.facts.append(manifest.fact("licence", f"{name}@{version}", said, licence))
    folder = _FOLDER.search(manifest.folder)
    if folder is not None and folder[1] != name:
        found.facts.append(manifest.fact("name-mismatch", name, f"installed as {folder[1]}, calls itself {name}"))


def _bins(value: Node) -> tuple[str, ...]:
    named = tuple(key for key, _ in value.items("bin"))
    return named or ((value.text("name").rpartition("/")[2],) if value.text("bin") else ())
