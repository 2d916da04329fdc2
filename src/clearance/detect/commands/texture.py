"""How a command is written, apart from what it does: names in pieces, sliced variables, odd places."""

import itertools
import re
from typing import Final

from clearance.detect.commands.action import Action
from clearance.detect.commands.places import normal
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.sweeps import look_for_sweeps
from clearance.detect.commands.tools import NO_TOOL, KnownTool
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect

_WINDOWS: Final = frozenset({Dialect.CMD, Dialect.POWERSHELL})
_QUIET: Final = re.compile(r"^(?:c:/users/public|c:/windows/temp|c:/programdata|c:/perflogs|c:/\$recycle)")
_TEMPORARY: Final = re.compile(r"%temp%/")
_LIBRARY: Final = re.compile(
    r"\.(?:dll|ocx|cpl|sys|drv|scr|xll|wll|sct|xsl|inf|mof|sdb|hta|vbs|vbe|wsf|jse)(?:$|[,\"'])"
)
_SLICED: Final = re.compile(r"%[a-z_]\w*:~-?\d+(?:,-?\d+)?%", re.IGNORECASE)
_CARETS: Final = re.compile(r"\w\^\w")
_BY_OTHER_WAYS: Final = re.compile(
    r"FtpWebRequest|WebRequestMethods\+Ftp|Mail\.(?:SmtpClient|MailMessage)|Ping\(?\)?\.Send\b", re.IGNORECASE
)
_TICKS: Final = re.compile(r"\w`\w")


def look_at_words(scene: Scene, tool: KnownTool, action: Action) -> None:
    """Windows only: what the words name, where that is not what developers name."""
    if scene.dialect not in _WINDOWS:
        return
    called = action.called.lower()
    if tool is NO_TOOL and called.endswith((".exe", ".com", ".scr")):
        scene.see(Can.EXECUTE, 0.3, f"It runs {action.called[-60:]}, of which nothing is known.", action.line)
    words = [normal(w.text) for w in (*action.words[:60], *action.writes) if 3 < len(w.text) < 400]
    if any(_QUIET.match(w) for w in words):
        scene.see(Can.HIDE, 0.3, "It names a place that any program may write to and nobody looks into.", action.line)
    if any(_TEMPORARY.match(w) for w in words):
        scene.see(Can.WRITE, 0.15, "It works in the folder for temporary files.", action.line)
    if any(_LIBRARY.search(w) for w in words) and not tool.keeper:
        scene.see(
            Can.EXECUTE, 0.2, "It names a library or script of a kind that programs of Windows load.", action.line
        )


_SHELL: Final = re.compile(
    r"(?:^|[\s!;=:,\"'(\[{])(?:/usr)?/bin/(?:ba|da|z|k|c|a)?sh(?:$|[\s\"');\]},&])|![/a-z]{0,40}sh$"
    r"|\bexec[^a-z]{1,3}(?:ba|da|z)?sh\b"
)
_WITH_SHELLS: Final = frozenset(
    """chsh useradd usermod adduser su sudo docker podman kubectl nerdctl lxc ssh ln cp mv ls cat echo printf test [
    which command export grep sed chmod schroot nix env screen tmux tee crontab machinectl distrobox toolbox apptainer
    singularity doas xterm konsole alacritty kitty gnome-terminal wezterm foot git homectl arch-chroot chroot proot
    newgrp sg srun salloc qsub bsub""".split()
)


def gets_a_shell(scene: Scene, tool: KnownTool, action: Action) -> None:
    """A shell among the words of a program that has another purpose is a way out of what that program may do."""
    if tool.role in ("interpreter", "wrapper", "find", "xargs", "eval") or action.program in _WITH_SHELLS:
        return
    own = tuple(itertools.takewhile(lambda w: w.text != "--", action.words[:40]))  # what follows is a command to run
    if any(_SHELL.search(w.text[:2000]) for w in own) or (_SHELL.search(action.stdin.text[:2000]) and action.piped):
        scene.see(
            Can.ESCALATE, 0.45, f"It gets a shell out of {action.program}, which is for something else.", action.line
        )


def look_at_text(scene: Scene, text: str, dialect: Dialect) -> None:
    """Words that are taken apart so that no search for them finds them."""
    text = text[:20_000]
    look_for_sweeps(scene, text)
    if dialect is Dialect.CMD:
        if _SLICED.search(text):
            scene.see(Can.HIDE, 0.5, "It spells words by parts of variables.", text[:200])
        if len(_CARETS.findall(text)) >= 3:
            scene.see(Can.HIDE, 0.5, "It breaks words with carets.", text[:200])
    elif dialect is Dialect.POWERSHELL and (found := _BY_OTHER_WAYS.search(text)):
        scene.see(Can.UPLOAD, 0.35, f"It talks to the network by {found.group(0)}.", found.group(0))
    if dialect is Dialect.POWERSHELL and len(_TICKS.findall(text)) >= 3:
        scene.see(Can.HIDE, 0.5, "It breaks words with backticks.", text[:200])


def name_in_pieces(scene: Scene, called: str, written: str) -> None:
    """The name of a program that is put together from pieces."""
    if "${{" in written:  # a place that a build service fills in
        return
    if called and "/" not in called and "\\" not in called and called.lower() not in written.lower():
        scene.see(Can.HIDE, 0.45, f"It puts the name of a program together from pieces: {called[:40]}.", written[:200])
