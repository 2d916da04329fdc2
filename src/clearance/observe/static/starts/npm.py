"""What npm runs by itself: scripts of ``package.json``, commands within ``binding.gyp``."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.observe.static.documents.node import Node
from clearance.observe.static.starts.origin import Origin
from clearance.observe.static.supply.found import Manifest

AT_INSTALL: Final = ("preinstall", "install", "postinstall")
AT_PREPARE: Final = ("preprepare", "prepare", "postprepare", "prepublish", "prepack", "postpack", "dependencies")
"""Run where npm takes the package from git or a folder, and where its makers pack it."""
_COMMAND: Final = re.compile(r"<!@?\(((?:[^()]|\((?:[^()]|\([^()]{0,400}\)){0,400}\)){1,2000})\)")
_ACTION: Final = re.compile(r"[\"']action[\"']\s*:\s*\[([^\]]{1,2000})\]")
_SETTING: Final = re.compile(
    r"^[ \t]*(node-options|script-shell|git|onload-script)[ \t]*=([^\n]{1,1000})", re.MULTILINE
)
_WORD: Final = re.compile(r"\"((?:[^\"\\\n]|\\.){0,1000})\"|'((?:[^'\\\n]|\\.){0,1000})'")


def package_scripts(manifest: Manifest) -> Iterator[Origin]:
    """One for each script that npm runs unasked."""
    scripts = manifest.json.at("scripts")
    for moment, names in (("install", AT_INSTALL), ("prepare", AT_PREPARE)):
        for name in names:
            if script := scripts.text(name):
                yield Origin(
                    moment=moment,
                    said=f"{name}: {script}",
                    path=manifest.path,
                    folder=folder_within(manifest),
                    command=script,
                )


def gyp_commands(manifest: Manifest) -> Iterator[Origin]:
    """All commands that node-gyp runs to read a ``binding.gyp`` or to build what it says, one a line."""
    lines = [match[1].strip() for match in _COMMAND.finditer(manifest.text)]
    lines += [
        " ".join(_quoted(one or other) for one, other in _WORD.findall(match[1]))
        for match in _ACTION.finditer(manifest.text)
    ]
    told = [line.replace('\\"', '"').replace("\\'", "'") for line in dict.fromkeys(filter(None, lines))]
    if told:
        yield Origin(
            moment="install",
            said=f"{manifest.name}: node-gyp runs {told[0]}{f' and {len(told) - 1} more' if len(told) > 1 else ''}",
            path=manifest.path,
            folder=folder_within(manifest),
            command="\n".join(told),
        )


def hooks_of_package(manifest: Manifest) -> Iterator[Origin]:
    """Commands that husky 4 and simple-git-hooks make git run."""
    for keys in (("husky", "hooks"), ("simple-git-hooks",)):
        for name, value in manifest.json.items(*keys):
            if command := value.text():
                yield Origin(
                    moment="git",
                    said=f"{name}: {command}",
                    path=manifest.path,
                    folder=folder_within(manifest),
                    command=command,
                )


def client_settings(manifest: Manifest) -> Iterator[Origin]:
    """What an ``.npmrc`` beside a project makes npm load or start."""
    for match in _SETTING.finditer(manifest.text):
        value = match[2].strip().strip("\"'")
        yield Origin(
            moment="install",
            said=f"{match[1]}: {value}",
            path=manifest.path,
            folder=folder_within(manifest),
            command=f"node {value}" if match[1] == "node-options" else value,
        )


def pnpm_hooks(manifest: Manifest) -> Iterator[Origin]:
    """A pnpmfile: pnpm runs it when it installs."""
    yield Origin(
        moment="install",
        said=f"{manifest.name}: pnpm runs it when it installs",
        path=manifest.path,
        folder=folder_within(manifest),
        file=manifest.path,
    )


def scripts_of(manifest: Node) -> dict[str, str]:
    """Every script of a ``package.json``."""
    return {name: value.text() for name, value in manifest.items("scripts") if value.text()}


def folder_within(manifest: Manifest) -> str:
    """The folder of its path as members are named, archives and all."""
    return manifest.path.rpartition("/")[0]


def _quoted(word: str) -> str:
    return f"'{word}'" if " " in word and "'" not in word else word
