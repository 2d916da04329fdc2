"""Which builds fit this machine: operating system, processor and C library, as npm names them."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

_CPUS = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "arm", "i686": "ia32"}
_OS_WORDS = {
    "linux": "linux", "linuxmusl": "linux", "darwin": "darwin", "macos": "darwin", "win32": "win32",
    "windows": "win32", "freebsd": "freebsd", "openbsd": "openbsd", "netbsd": "netbsd", "android": "android",
    "sunos": "sunos", "aix": "aix",
}  # fmt: skip
_CPU_WORDS = {
    "x64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64", "arm": "arm", "armv7": "arm", "ia32": "ia32",
    "x86": "ia32", "i686": "ia32", "riscv64": "riscv64", "s390x": "s390x", "ppc64": "ppc64", "ppc64le": "ppc64",
    "loong64": "loong64", "mips64el": "mips64el", "wasm32": "wasm32", "universal": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a build must fit."""

    os: str
    cpu: str
    libc: str
    """``glibc`` or ``musl``."""
    modern: bool = True
    """Whether the processor runs the ordinary builds (AVX2 on x64), so that ``-baseline`` ones are not needed."""

    @property
    def platform(self) -> str:
        """``linux-x64`` and the like."""
        return f"{self.os}-{self.cpu}"

    @property
    def slug(self) -> str:
        """All that the choice of builds depends on, as one word."""
        return f"{self.os}-{self.cpu}-{self.libc}{'' if self.modern else '-baseline'}"

    def accepts(self, os_list: tuple[str, ...], cpu_list: tuple[str, ...], libc_list: tuple[str, ...]) -> bool:
        """Whether a package with these ``os``, ``cpu`` and ``libc`` fields is for this machine."""
        return _allows(os_list, self.os) and _allows(cpu_list, self.cpu) and _allows(libc_list, self.libc)

    def may_want(self, name: str, siblings: tuple[str, ...]) -> bool:
        """Whether a package of that name can be for this machine, as far as names tell.

        A name speaks only when it has both a system and a processor in it (``tool-darwin-arm64``). Of builds for old
        processors (``…-baseline``) beside ordinary ones among ``siblings`` only one kind is wanted.
        """
        words = set(re.split(r"[^a-z0-9]+", name.lower()))
        systems = {_OS_WORDS[w] for w in words if w in _OS_WORDS}
        cpus = {_CPU_WORDS[w] for w in words if w in _CPU_WORDS} - {""}
        if "x86" in words and "64" in words:
            cpus = {"x64"}
        if not systems or not cpus:
            return True
        musl = bool(words & {"musl", "linuxmusl"})
        if self.os not in systems or self.cpu not in cpus or (self.os == "linux" and musl != (self.libc == "musl")):
            return False
        if "baseline" in words:
            return not self.modern or name.replace("-baseline", "") not in siblings
        return self.modern or not any(s != name and s.replace("-baseline", "") == name for s in siblings)


def this_machine() -> Machine:
    """The machine this runs on."""
    machine = platform.machine().lower()
    musl = not platform.libc_ver()[0] and any(Path("/lib").glob("ld-musl-*"))
    return Machine(
        os=os.uname().sysname.lower(),
        cpu=_CPUS.get(machine, machine),
        libc="musl" if musl else "glibc",
        modern=machine != "x86_64" or _has_avx2(),
    )


def _has_avx2() -> bool:
    try:
        return " avx2 " in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").replace("\n", " ")
    except OSError:
        return True


def _allows(listed: tuple[str, ...], own: str) -> bool:
    if f"!{own}" in listed:
        return False
    wanted = [word for word in listed if not word.startswith("!")]
    return not wanted or own in wanted or "any" in wanted
