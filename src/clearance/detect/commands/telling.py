"""What names tell: programs called after what attacks do, notes of extortion, searches for guards and credentials."""

import re
from typing import Final

from clearance.detect.commands.action import Action
from clearance.detect.commands.scene import Scene
from clearance.model.command import CommandCapability as Can

_DEEDS: Final = re.compile(
    r"keylog|ransom(?!ware[-_]?(?:check|test|detect))|rootkit|back[-_.]?d[o0]or|shellcode|meterpreter|mimikatz|stealer|"
    r"(?:reverse|rev|bind|web)[-_.]?shell|(?:password|passwd|pass|pwd|console|cred\w{0,8})[-_.]?"
    r"(?:spray|steal|dump|stuff)|"
    r"(?:dump|steal|harvest|grab)[-_.]?(?:hash|cred|lsass|sam(?![a-z])|pass|token|cookie|browser|secret)|hash[-_.]?dump|"
    r"(?:process|dll|code|thread|apc|got|ptrace|memory|pe)[-_.]?(?:injec|hollow)|hollowing|"
    r"(?:uac|amsi|etw|edr|defender|applocker|gatekeeper|tcc)[-_.]?(?:bypass|patch|kill|unhook|evad)|"
    r"bypass[-_.]?(?:uac|amsi|edr)|"
    r"privesc|privilege[-_.]?escalat|brute[-_.]?forc|(?:arp|dns|llmnr)[-_.]?(?:spoof|poison)|cryptojack|xmrig|exfil|"
    r"token[-_.]?(?:imperson|theft|steal)|dnsdump|kerberoast|asreproast|timestomp|"
    r"(?:^|[-_.])(?:exploit|beacon|implant|trojan|malware|evil|malicious|miner|worm|persistence)(?:$|[-_.\d])"
)
"""Words for what attacks do, as the names of programs carry them."""
_PATH: Final = re.compile(r"[/\\]|\.\w{2,5}$")
_NOTES: Final = re.compile(
    r"(?:^|/)[^/]*(?:your[-_ ]?files|how[-_ ]?to[-_ ]?(?:decrypt|recover|restore|get|unlock)|ransom|"
    r"(?:decrypt|recover|restore|unlock)[-_ ]?(?:instruction|my|your|file|me(?![a-z]))|files[-_ ]?encrypted)[^/]*$"
)
_CODE: Final = re.compile(
    r"\.(?:py|swift|psd?1|psm1|sh|rb|go|js|pl|exe|dll|so|dylib|c|cs|jar|vbs|osa|scpt|ko|bin|elf)$"
)
_TESTS: Final = re.compile(r"(?:^|/)(?:tests?|spec|fixtures|node_modules)(?:/|[-_.])|[-_.](?:test|spec)\.")
_GUARDS: Final = re.compile(
    r"falcon|crowdstrike|carbon ?black|cbdefense|cbdaemon|cylance|sentinel(?:one|agent)|mdatp|sophos|mcafee|symantec|"
    r"kaspersky|avast|bitdefender|clamav|clamd|osquery|wazuh|ossec|sysmon|little ?snitch|xprotect|fireeye|xagt|tanium|"
    r"cortex ?xdr|defender|windefend|msmpeng|antivirus|virus|engineav|rkhunter|chkrootkit|elastic-agent|qualys"
)
_MACHINES: Final = re.compile(
    r"vmware|virtual(?:\b| ?box|ization)|vbox|qemu|hyper-?v|hypervisor|\bxen\b|parallels|bochs|innotek"
)
_FILTERS: Final = frozenset(
    "grep egrep fgrep zgrep rg ag findstr find select-string sls awk gawk where-object ?".split()
)
_KEEP: Final = frozenset("env printenv set history export declare".split())
_SECRETS: Final = re.compile(r"passw|secret|token|cred|api_?key|_key|ssh|(?<![a-z])(?:key|pass|pwd)(?![a-z])")
_ASKS: Final = frozenset("dmesg lspci lsusb lscpu lsblk mount ps launchctl systemctl ioreg sysctl tasklist sc".split())


def telling_name(scene: Scene, called: str, action: Action) -> None:
    """A program or script whose own name says what attacks do. One on the path of programs is known or installed."""
    if not _PATH.search(called):
        return
    name = called.replace("\\", "/").rstrip("/").rpartition("/")[2][:120]
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    if name and (_DEEDS.search(spaced) or _DEEDS.search(name.lower())):
        scene.see(Can.EXECUTE, 0.46, f"It runs {name[:60]}, which is called after what attacks do.", action.line)


def telling_words(scene: Scene, action: Action) -> None:
    """Scripts and libraries among the first words, which a program of another name runs or loads."""
    for word in action.words[:4]:
        text = word.text.replace("\\", "/").lower()
        if _CODE.search(text) and not _TESTS.search(text):
            telling_name(scene, word.text, action)


def telling_target(scene: Scene, path: str) -> None:
    """A file that is called like a note of extortion."""
    if _NOTES.search(path[:400].lower().replace("\\", "/")):
        scene.see(Can.DESTROY, 0.5, f"It writes a file that is called like a note of extortion: {path[-80:]}.", path)


def looks_for(scene: Scene, action: Action) -> None:
    """A search for what protects, or for signs of a virtual machine, in what the machine said or keeps about itself."""
    if action.program not in _FILTERS:
        return
    said = " ".join(action.texts[:12])[:1000]
    before = scene.resolved[-2].partition(" ")[0].lower() if len(scene.resolved) > 1 else ""
    of_machine = any(t.startswith(("/proc/", "/sys/")) for t in action.texts) or (
        action.piped and (before in _ASKS or any(s.capability is Can.DISCOVER for s in scene.sightings.values()))
    )
    if not of_machine and before not in _KEEP:
        return
    if before in _KEEP and _SECRETS.search(said):
        scene.see(Can.READ, 0.46, f"It looks for credentials in what {before} prints.", action.line)
    if _GUARDS.search(said):
        scene.see(Can.DISCOVER, 0.46, "It looks for what protects the machine.", action.line)
    if _MACHINES.search(said):
        scene.see(Can.DISCOVER, 0.46, "It looks for signs of a virtual machine.", action.line)
