"""From a profile and an unpacked release to the staging that factors start from, and back again when they move it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from clearance.lab.errors import LabError
from clearance.lab.staging import Limits, Mount, SeedFile, Staging
from clearance.model.profile import Dialect, Profile, Run, Variant

RELEASE_TARGET = "/opt/assistant"
"""Where the release lies in the room."""

RUNTIME_TARGET = "/opt/runtime/bin"
"""Where the folder with the runtime's program (``node``) lies in the room; it is first on ``PATH``."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_VENDOR_URL = {
    Dialect.ANTHROPIC_MESSAGES: "https://api.anthropic.com",
    Dialect.OPENAI_CHAT: "https://api.openai.com/v1",
    Dialect.OPENAI_RESPONSES: "https://api.openai.com/v1",
    Dialect.GEMINI: "https://generativelanguage.googleapis.com",
}


class NotDrivable(LabError):  # noqa: N818 named as the lab names its refusals
    """The profile says how to get the assistant, but not how to run it."""


def vendor_base_url(run: Run) -> str:
    """What the tool uses when nobody sets a base URL."""
    return run.vendor_base_url or _VENDOR_URL[run.api]


def picked_variant(run: Run, package: Path) -> Variant | None:
    """The first variant whose file lies in the release; None: the run table itself holds."""
    return next((v for v in run.variants if any(package.glob(v.when_file))), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A profile's placeholders and what fills them. The same one writes a staging and rewrites it."""

    run: Run
    command: tuple[str, ...]
    package: str
    """Folder of the package inside the room."""
    prompt: str
    api_key: str
    mounts: tuple[Mount, ...]

    def begin(self, *, base_url: str | None = None, username: str = "dev") -> Staging:
        """A staging with nothing in it but the assistant and an ordinary login of ``username``."""
        path = f"{RUNTIME_TARGET}:{_PATH}" if any(m.target == RUNTIME_TARGET for m in self.mounts) else _PATH
        bare = Staging(
            command=self.command,
            env=MappingProxyType({"PATH": path, "SHELL": "/bin/bash", "TERM": "xterm-256color"}),
            mounts=self.mounts,
            username=username,
            home=f"/home/{username}",
            project=f"/home/{username}/project",
            base_url=base_url,
            limits=Limits(wall_s=self.run.wall_s, memory_mb=self.run.memory_mb),
        )
        return self._filled(_login(bare))

    def with_base_url(self, staging: Staging, base_url: str | None) -> Staging:
        """The same with another base URL. What factors have set themselves stays as they set it."""
        return self._filled(dataclasses.replace(self._emptied(staging), base_url=base_url))

    def with_user(self, staging: Staging, username: str) -> Staging:
        """The same for another login: home, project and every file below them move along."""
        bare, home = self._emptied(staging), f"/home/{username}"
        moved = dataclasses.replace(
            bare,
            username=username,
            home=home,
            project=_moved(bare.project, bare.home, home),
            files=MappingProxyType({_moved(path, bare.home, home): file for path, file in bare.files.items()}),
        )
        return self._filled(_login(moved))

    def _filled(self, staging: Staging) -> Staging:
        values = self._values(staging)
        env = {**self._env(staging, values), **staging.env}
        files = {**self._files(staging, values), **staging.files}
        command = tuple(_fill(part, values) for part in self.command)
        return dataclasses.replace(staging, command=command, env=MappingProxyType(env), files=MappingProxyType(files))

    def _emptied(self, staging: Staging) -> Staging:
        """The staging without what the profile wrote and nobody has changed since."""
        values = self._values(staging)
        ours_env, ours_files = self._env(staging, values), self._files(staging, values)
        env = {name: value for name, value in staging.env.items() if ours_env.get(name) != value}
        files = {path: file for path, file in staging.files.items() if ours_files.get(path) != file}
        return dataclasses.replace(staging, env=MappingProxyType(env), files=MappingProxyType(files))

    def _values(self, staging: Staging) -> Mapping[str, str]:
        return {
            "package": self.package,
            "prompt": self.prompt,
            "api_key": self.api_key,
            "base_url": staging.base_url or vendor_base_url(self.run),
            "home": staging.home,
            "project": staging.project,
        }

    def _env(self, staging: Staging, values: Mapping[str, str]) -> dict[str, str]:
        gone = () if staging.base_url is not None else only_with_base_url(self.run)
        return {name: _fill(value, values) for name, value in self.run.env.items() if name not in gone}

    def _files(self, staging: Staging, values: Mapping[str, str]) -> dict[str, SeedFile]:
        extra = self.run.files_with_base_url if staging.base_url is not None else {}
        written = {**self.run.files, **extra}
        return {_fill(path, values): SeedFile(content=_fill(text, values).encode()) for path, text in written.items()}


def undrivable(profile: Profile) -> str:
    """Why a profile without ``run`` cannot be driven, without a full stop."""
    return profile.gap.strip().rstrip(".") or "its profile has no [run] table"


def only_with_base_url(run: Run) -> tuple[str, ...]:
    """Variables that exist only when a custom base URL is staged."""
    return run.base_url_env or tuple(name for name, value in run.env.items() if "{base_url}" in value)


def expansion(
    profile: Profile, *, root: Path, package: str, runtime: Path | None, prompt: str, api_key: str
) -> Expansion:
    """How to stage one release.

    Args:
        profile: The assistant's profile.
        root: Folder of the host with the unpacked release; mounted at ``RELEASE_TARGET``.
        package: The package's folder relative to ``root``; empty or ``.`` for the root itself.
        runtime: The runtime's program on the host (``…/bin/node``); its folder is mounted and first on ``PATH``.
        prompt: What the assistant is asked.
        api_key: The key it authenticates with (not a canary: it is meant to leave).

    Raises:
        NotDrivable: the profile has no ``run``.
    """
    if profile.run is None:
        raise NotDrivable(
            f"{profile.title} cannot be driven: {undrivable(profile)}.",
            advice="Add a [run] table to the profile, or vet only what can be read without running.",
        )
    inside = "" if package in {"", "."} else package.strip("/")
    variant = picked_variant(profile.run, root / inside)
    mounts = [Mount(source=root, target=RELEASE_TARGET)]
    if runtime is not None:
        mounts.append(Mount(source=runtime.parent, target=RUNTIME_TARGET))
    return Expansion(
        run=profile.run,
        command=variant.command if variant else profile.run.command,
        package=f"{RELEASE_TARGET}/{inside}" if inside else RELEASE_TARGET,
        prompt=prompt,
        api_key=api_key,
        mounts=tuple(mounts),
    )


def _login(staging: Staging) -> Staging:
    return staging.with_env(HOME=staging.home, USER=staging.username, LOGNAME=staging.username, PWD=staging.project)


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Replace the known placeholders only: file contents may hold other braces (JSON, TOML)."""
    pieces, rest = [], text
    while (start := rest.find("{")) >= 0:
        end = rest.find("}", start)
        value = values.get(rest[start + 1 : end]) if end > start else None
        pieces.append(rest[:start] + (value if value is not None else "{"))
        rest = rest[end + 1 :] if value is not None else rest[start + 1 :]
    return "".join(pieces) + rest


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(old + "/") else path
