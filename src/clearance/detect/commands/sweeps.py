"""Loops that try: many addresses or ports, many names to log in with, many names to ask for."""

import re
from itertools import islice
from typing import Final

from clearance.detect.commands.scene import Scene
from clearance.model.command import CommandCapability as Can

_MOST: Final = 8192
_MOST_LOOPS: Final = 8
_REACH: Final = 1000
"""Characters behind the head of a loop that are taken for its body."""
_PROBE: Final = (
    r"(?:\b(?:ping6?|nslookup|nc|ncat|host|dig|nbtstat|arping|test-netconnection|tnc|test-connection|resolve-dnsname|"
    r"tcpclient)\b|/dev/tcp/)"
)
_ANY_LOOP: Final = re.compile(r"\bfor\s+(\w+)\s+in\b")
_LOGIN: Final = (
    r"(?:^|[\s;&|])(?:sshpass|kinit|smbclient|su|ldapwhoami|rdesktop|xfreerdp|psexec|crackmapexec|rpcclient)\s"
)
_LOOPS: Final = (
    re.compile(r"for\s+(\w+)\s+in\s+(?:\$\(\s*seq\s|`\s*seq\s|\{\d{1,9}\.\.\d)", re.IGNORECASE),
    re.compile(r"for\s+/l\s+(%{1,2}\w)\s+in", re.IGNORECASE),
    re.compile(r"foreach\s*\(\s*(\$\w+)\s+in\s+\d{1,9}\.\.\d", re.IGNORECASE),
    re.compile(
        r"\d{1,9}\.\.\d{1,9}\s{0,3}\)?\s{0,9}\|\s{0,9}(?:%|foreach(?:-object)?)\s*\{[^}\n]{0,200}?(\$_)", re.IGNORECASE
    ),
    re.compile(r"for\s*\(\(?\s*(\$?\w+)\s*=\s*\d", re.IGNORECASE),
)


def look_for_sweeps(scene: Scene, text: str) -> None:
    """A loop whose variable is part of the address or the port that is tried, or of what somebody logs in with."""
    text = text[:_MOST]
    scene.loops_left -= len(text)
    if scene.loops_left < 0:
        scene.gaps["It holds so much code in code that loops in the rest of it were not looked at."] = None
        return
    for loop in _LOOPS:
        for found in islice(loop.finditer(text), _MOST_LOOPS):
            name = re.escape(found.group(1).lstrip("$%"))
            tried = re.compile(_PROBE + rf"[^\n;|]{{0,120}}[$%{{]+{name}\b", re.IGNORECASE)
            if tried.search(text, found.start(), found.start() + _REACH):
                scene.see(Can.DISCOVER, 0.5, "It tries many addresses or ports, one after the other.", found.group(0))
    for found in islice(_ANY_LOOP.finditer(text), _MOST_LOOPS):
        logs_in = re.compile(_LOGIN + rf"[^\n;|]{{0,160}}\$\{{?{re.escape(found.group(1))}\b", re.IGNORECASE)
        if logs_in.search(text, found.end(), found.end() + _REACH):
            scene.see(
                Can.ESCALATE, 0.5, "It tries to log in again and again, each time with another name.", found.group(0)
            )
        named = re.compile(
            rf"\b(?:dig|nslookup|host|resolve-dnsname)\s[^\n;|]{{0,80}}\$\{{?{re.escape(found.group(1))}\}}?\.\w",
            re.IGNORECASE,
        )
        if named.search(text, found.end(), found.end() + _REACH):
            scene.see(
                Can.UPLOAD, 0.5, "It puts values into names that are asked for, one after the other.", found.group(0)
            )
