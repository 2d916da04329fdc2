"""What this machine can stage and what it cannot, with the command that mends it. Looks only; changes nothing."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from clearance.lab.room.host import find_faketime, which
from clearance.lab.room.warden.cgroups import make_control_group

_INSTALL = "apt-get install -y"
_TIMEOUT_S = 10.0
_ZONE = Path("/usr/share/zoneinfo/Asia/Shanghai")
_TPROXY_RULES = (
    "table inet t { chain c { type filter hook prerouting priority mangle; meta l4proto tcp tproxy to :1; }; }"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """One thing that vetting uses."""

    name: str
    ok: bool
    detail: str
    mend: str = ""
    """The exact command that mends it; empty when it is there."""
    needed: bool = True
    """Nothing can be vetted without it; otherwise its lack is a gap in what can be staged."""


def examine() -> tuple[Ability, ...]:
    """Every ability, the ones that nothing works without first. Takes about a second."""
    return (
        _user_namespaces(),
        _program("bwrap", "bubblewrap", "sandbox"),
        _program("ip", "iproute2", "the room's network"),
        _program("nft", "nftables", "catches every connection"),
        _transparent_proxy(),
        _program("strace", "strace", "files and processes"),
        _python(),
        _faketime(),
        _time_zones(),
        _locales(),
        _control_groups(),
        _program("node", "nodejs", "JavaScript releases", needed=False),
        _program("npm", "npm", "install scripts in a room", needed=False),
        _program("git", "git", "the project's repository", needed=False),
    )


def _program(program: str, package: str, what_for: str, *, needed: bool = True) -> Ability:
    path = which(program)
    detail = f"{path} ({what_for})" if path else f"not found ({what_for})"
    return Ability(
        name=program, ok=bool(path), detail=detail, mend="" if path else f"{_INSTALL} {package}", needed=needed
    )


def _try(*argv: str, text: str = "") -> str:
    """Run a harmless trial. Empty when it worked, else its last words."""
    try:
        done = subprocess.run(argv, input=text, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip()[-200:] or f"exit code {done.returncode}"


def _user_namespaces() -> Ability:
    """As the room uses them: also root's rooms give up root before bubblewrap makes one."""
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    words = _try(*nobody, "unshare", "--user", "--map-root-user", "--net", "--mount", "true")
    settings = {
        "kernel.unprivileged_userns_clone": "0",
        "user.max_user_namespaces": "0",
        "kernel.apparmor_restrict_unprivileged_userns": "1",
    }
    mends = {
        name: f"sysctl -w {name}={'0' if bad == '1' else '15000' if 'max' in name else '1'}"
        for name, bad in settings.items()
        if _setting(name) == bad
    }
    mend = "; ".join(mends.values()) or "sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000"
    detail = words or "allowed for ordinary users"
    return Ability(name="user namespaces", ok=not words, detail=detail, mend=mend if words else "")


def _setting(name: str) -> str:
    try:
        return Path("/proc/sys", *name.split(".")).read_text().strip()
    except OSError:
        return ""


def _transparent_proxy() -> Ability:
    """A rule like the room's in a network namespace of its own."""
    words = _try("unshare", "--user", "--map-root-user", "--net", which("nft") or "nft", "-f", "-", text=_TPROXY_RULES)
    mend = "modprobe -a nf_tables nft_tproxy nf_tproxy_ipv4 nf_tproxy_ipv6" if words else ""
    return Ability(name="nft tproxy", ok=not words, detail=words or "the kernel has it", mend=mend)


def _python() -> Ability:
    path = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin") or f"{sys.base_prefix}/bin/python3"
    ok = Path(path).exists()
    detail = f"{path} (inside rooms)" if ok else "no python3 that a room can see"
    return Ability(name="python3", ok=ok, detail=detail, mend="" if ok else f"{_INSTALL} python3")


def _faketime() -> Ability:
    path = find_faketime()
    detail = path or "not found: the factor clock cannot be staged"
    return Ability(
        name="libfaketime", ok=bool(path), detail=detail, mend="" if path else f"{_INSTALL} libfaketime", needed=False
    )


def _time_zones() -> Ability:
    ok = _ZONE.exists()
    detail = str(_ZONE.parent.parent) if ok else "no zone files: the factor timezone cannot be staged"
    return Ability(name="tzdata", ok=ok, detail=detail, mend="" if ok else f"{_INSTALL} tzdata", needed=False)


def _locales() -> Ability:
    """Programs fall back to C for a locale that is not generated; the variables are staged all the same."""
    found = _listed("locale", "-a")
    useful = tuple(name for name in found if name not in {"C", "POSIX"} and not name.startswith("C."))
    detail = f"{len(useful)} besides C" if useful else "only C: C programs see other locales by their variables alone"
    mend = "" if useful else f"{_INSTALL} locales-all"
    return Ability(name="locales", ok=bool(useful), detail=detail, mend=mend, needed=False)


def _listed(*argv: str) -> tuple[str, ...]:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(done.stdout.split())


def _control_groups() -> Ability:
    """Without them a watchdog looks ten times a second, and a room may overshoot its memory between two looks."""
    group = make_control_group(os.getpid(), 64, 16)
    if group is None:
        detail = "not writable: memory and processes are limited by a watchdog"
        return Ability(name="control groups", ok=False, detail=detail, mend="run as root", needed=False)
    group.remove()
    return Ability(name="control groups", ok=True, detail=", ".join(group.folders), needed=False)
