"""The runtime a profile asks for (``node@22``), from npm, resolved once and pinned in the cache."""

import re
from pathlib import Path

from clearance.intake import npm
from clearance.intake.errors import ProfileError, WrongPlatform
from clearance.intake.machine import Machine
from clearance.intake.npm_registry import Registry
from clearance.intake.placement import build_tree
from clearance.intake.unpack.door import Limits

_SPEC = re.compile(r"(node)@(\d+(?:\.\d+){0,2})")


def runtime(spec: str, registry: Registry, machine: Machine, limits: Limits) -> Path:
    """Path of ``node`` in the cache. The newest release that fits is taken the first time, and that one ever after.

    Raises:
        ProfileError: not ``node@<version>``.
        WrongPlatform: there is no build for this machine.
        RegistryUnreachable, OfflineMiss, IntegrityMismatch: see ``Fetcher``.
    """
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ProfileError(f"runtime = {spec!r} is not known.", advice="Write it as node@22, or leave it out.")
    if machine.os != "linux" or machine.cpu not in ("x64", "arm64") or machine.libc != "glibc":
        raise WrongPlatform(
            f"There is no build of {spec} for {machine.slug}.", advice="Vet it on Linux with glibc, on x64 or arm64."
        )
    name = f"node-linux-{machine.cpu}"
    cache, pin = registry.cache, f"{registry.url} {name}@{match[2]}"
    noted = cache.noted("runtimes", pin)
    packument, version = npm.pick(registry, name, noted.decode() if noted else match[2])
    cache.note("runtimes", pin, version.encode())
    found = npm.alone(packument, version)
    placements, _ = npm.fetch(registry, found)
    _, root, _ = build_tree(cache, placements, limits)
    return root / "node_modules" / name / "bin" / "node"
