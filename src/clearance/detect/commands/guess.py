"""Which language a command is written in, from how it looks; the shell that ran it knows better."""

import re
from typing import Final

from clearance.model.command import Dialect

_MOST: Final = 20_000
_SURELY: Final = 3
"""Signs of PowerShell that paths and switches of Windows do not outweigh."""
_POWERSHELL: Final = re.compile(
    r"(?im)\$env:\w|(?:^|[\s|;({&])(?:get|set|new|remove|invoke|start|stop|add|import|export|test|"
    r"write|out|select|where|foreach|convertto|convertfrom|copy|move|rename"
    r"|clear|disable|enable|register|unregister|install|uninstall|connect|update|find|mount|dismount|"
    r"unblock|resolve|read|join|split|restart|expand|compress|receive|send|enter|wait|format|sort|"
    r"measure|group|push|pop|grant|revoke|save|show|hide)-[A-Za-z]{3,}\b(?!\.\w)"
    r"|\[[A-Za-z][\w.]{2,60}(?:\[\])?\]::|\[(?:char|byte|string|int|void|xml|type|convert|regex|adsi|"
    r"activator|adsisearcher|wmiclass|wmisearcher|ref)\b|\$\w+\s*=\s*(?:@[({]|\[|New-|\"|'|Get-|\(|\$)|-(?:eq|ne|like|match|notlike|"
    r"contains|join|replace)\s+[\"'$(]|\biex\b|\biwr\b|\birm\b|\bgwmi\b|\bgcim\b|\bgci\b|\$_\b|\$\(\$|"
    r"\bWrite-Host\b|\|\s*%\s*\{|\bfunction\s+[\w-]+\s*\{\s*param|\$PSVersionTable|\)\.\w+\s*=\s|^[ \t]*&\s*[\"'$(]|"
    r"^[ \t]*\.\s+[\"'$].*\.ps1|-(?:ErrorAction|Recurse|Force|Path|Filter)\b"
)
_CMDLET: Final = re.compile(
    r"(?i)\s*(?:get|set|new|remove|invoke|start|stop|add|import|export|test|copy|move|rename|clear|"
    r"disable|enable|register|install|uninstall|connect|mount|unblock|resolve"
    r"|expand|compress|out|write|restart|receive|find|convertto|update)-[a-z]{3,40}(?:\s|$)"
)
_VERBS: Final = re.compile(r"(?m)^[ \t]*\$\w+\s*=[^=]")
_CMD: Final = re.compile(
    r"(?im)%\w[\w()]*(?::[^%\n]{1,40})?%|^[ \t]*(?:@?echo off|rem\s|set\s+\"?\w+=|"
    r"if\s+(?:not\s+)?exist\s|for\s+/[fdlr]\s|copy\s|xcopy\s|del\s+/|rd\s+/|dir\s+/|type\s|"
    r"(?:dism|pnputil|wevtutil|bcdedit|vssadmin|wbadmin|reagentc|tasklist|systeminfo|icacls|takeown|certutil|"
    r"bitsadmin|fsutil|cmdkey|nltest|dsquery|gpresult|qwinsta|setspn|auditpol|cipher|diskpart|sdelete|pathping)\b|"
    r"reg(?:\.exe)?\s+(?:add|delete|query|save|export|import|load|copy|restore)|net(?:\.exe)?\s+\w|"
    r"sc(?:\.exe)?\s+\w|schtasks|wmic|netsh|taskkill|cmd(?:\.exe)?\s+/)"
    r"|\b[a-z]:\\|(?:^|\s)[\"']?[\w.\\:%-]+\.exe\b|\\\\[\w.]+\\|\b(?:hklm|hkcu|hkcr|hkey_\w+)\\|"
    r"\s/(?:c|k|q|f|s|v|t|d|y|all|quiet|create|delete|tn|tr|sc|ru|grant)\b|>\s*nul\b|\^[&|<>\"]|"
    r"\.\.\\|\w\\(?!x[0-9a-f]{2})\w{2,}\\(?!x[0-9a-f]{2})\w"
)
_BASH: Final = re.compile(
    r"(?m)^#!.*\b(?:ba|z|k|da)?sh\b|\bfi\b|\bdone\b|\besac\b|\$\{[A-Za-z_]\w*[:#%/^,}\[]|"
    r"(?<![\w:])/(?:bin|etc|usr|tmp|dev|home|var|proc|opt)/|\bsudo\b|\$\((?![$\"'\[])[a-z]|"
    r"\bexport \w+=|(?:^|[\s;&|])(?:apt(?:-get)?|chmod|chown|grep|sed|awk|cat|curl|wget|base64|"
    r"mkdir -p|rm -)\s|<<-?\s*['\"]?\w+|2>&1|>/dev/null|&& \\?$|\s--?[a-z][\w-]+[= ]\S*/\S+|\|"
    r"\s*(?:ba|z)?sh\b"
)
_PYTHON: Final = re.compile(r"^[ \t]*(?:import \w[\w., ]*$|from [\w.]+ import |def \w+\(.*\):|print\()", re.MULTILINE)


_SURE: Final = re.compile(
    r"(?i)\s*(?:\$\w+\s*=|\[\w|[a-z]{3,12}-[a-z]{3,40}\s|if\s*\(|try\s*\{|#|@echo|reg\s|set\s|copy\s)"
)


def guesses(text: str) -> tuple[Dialect, ...]:
    """The likeliest language first; bash too where something of it looks like that."""
    best = guess(text)
    if best in (Dialect.CMD, Dialect.POWERSHELL) and not _SURE.match(text) and _BASH.search(text[:_MOST]):
        return best, Dialect.BASH
    return (best,)


def guess(text: str) -> Dialect:
    """The likeliest language; bash when nothing tells."""
    text = text[:_MOST]
    if re.match(
        r"\s*(?:perl|ruby|php|python[23]?|node|lua|awk)\s+-|\s*(?:ba|z|da|k)?sh\s+-\w*c\s|\s*(?:eval|sudo|export|source)\s",
        text,
    ):
        return Dialect.BASH
    if _PYTHON.match(text):
        return Dialect.PYTHON
    power = len(_POWERSHELL.findall(text)) + (2 if _VERBS.search(text) else 0) + (4 if _CMDLET.match(text) else 0)
    batch, shell = len(_CMD.findall(text)), len(_BASH.findall(text))
    if power and power >= shell and (power >= batch or power >= _SURELY or _VERBS.search(text)):
        first = text.lstrip().split(maxsplit=1)[0].lower() if text.strip() else ""
        if (
            re.match(r"\s*(?:powershell|pwsh)\s+(?:-\w+\s+(?:\w+\s+)?)*-?\w*\s*'", text, re.IGNORECASE)
            and "%" not in text
        ):
            return Dialect.BASH
        # ``powershell -c "…"`` and ``cmd /c "…"`` hold the other language in a word.
        if not (
            first.strip('"').rpartition("\\")[2].removesuffix(".exe")
            in ("powershell", "pwsh", "cmd", "wmic", "reg", "schtasks", "sc")
            and not _VERBS.search(text)
        ):
            return Dialect.POWERSHELL
        return (
            Dialect.CMD
            if "$" not in text.partition('"')[0] and ("%" in text or "\\" in text or "/" in text)
            else Dialect.POWERSHELL
        )
    if batch and batch >= shell:
        return Dialect.CMD
    return Dialect.BASH
