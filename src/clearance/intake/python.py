"""Which Python a release can run with on this machine, and which wheels it needs; no package's code is run."""

import shutil
import subprocess  # noqa: TID251 - the package clients (uv, pip) that resolve dependencies are programs
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, platform_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from clearance.intake.errors import MissingClient, WrongPlatform

_NEWEST = 15  # python3.15: names on PATH that are looked for
_OLDEST_IMAGINED = 6
_LAST_PATCH = 99
_WAIT_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python that wheels are chosen for: one of this machine, not a virtual environment's, or one only thought of."""

    path: Path | None
    """None: it is not here, so nothing that is chosen for it can be run."""
    version: str
    """``3.11.7``."""

    @property
    def minor(self) -> tuple[int, int]:
        """``(3, 11)``."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    def tags(self) -> tuple[Tag, ...]:
        """Wheel tags it takes, the most fitting first."""
        platforms = tuple(platform_tags())
        own = f"cp{self.minor[0]}{self.minor[1]}"
        return (*cpython_tags(self.minor, platforms=platforms), *compatible_tags(self.minor, own, platforms))


class Wheel(msgspec.Struct, frozen=True, kw_only=True):
    """One wheel that is needed."""

    name: str
    version: str
    url: str
    sha256: str
    published: str = ""


def interpreter_for(requires: str, what: str) -> Interpreter:
    """The first fitting Python: the system's own (rooms have it anyway), the one we run on, others on PATH.

    Raises:
        WrongPlatform: none fits ``requires``.
    """
    try:
        wanted = SpecifierSet(requires)
    except InvalidSpecifier:
        wanted = SpecifierSet()
    seen = []
    for interpreter in _interpreters():
        if wanted.contains(interpreter.version, prereleases=True):
            return interpreter
        seen.append(interpreter.version)
    raise WrongPlatform(
        f"{what} needs Python {requires}; this machine has {', '.join(seen) or 'none'}.",
        advice="Install a Python of that version (its own package, or `uv python install`) so that it is on PATH.",
    )


def imagined_interpreter(requires: str, what: str) -> Interpreter:
    """The oldest Python that fits ``requires``, whether or not it is here: enough to choose files that are only read.

    Raises:
        WrongPlatform: no known version of Python fits.
    """
    wanted = SpecifierSet(requires)
    for minor in range(_OLDEST_IMAGINED, _NEWEST + 1):
        # A bound may lie within a minor version (>=3.9.1, !=3.9.7): the last of its patches is tried too.
        for patch in (0, _LAST_PATCH):
            if wanted.contains(f"3.{minor}.{patch}", prereleases=True):
                return Interpreter(path=None, version=f"3.{minor}.{patch}")
    raise WrongPlatform(
        f"{what} needs Python {requires}, which no Python 3.{_OLDEST_IMAGINED} to 3.{_NEWEST} is.",
        advice="Fetch its archive yourself and name the file: clearance look ./FILE",
    )


def resolve_wheels(
    requirements: tuple[str, ...], interpreter: Interpreter, *, index: str, scratch: Path
) -> tuple[Wheel, ...]:
    """Every wheel that the requirements need with that interpreter. Only wheels are considered.

    ``index`` is a simple index to use instead of the client's own configuration, or empty.

    Raises:
        MissingClient: neither uv nor pip is here, or the client cannot resolve it; its own words are in the message.
    """
    (scratch / "wanted.txt").write_text("\n".join(requirements) + "\n", encoding="utf-8")
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is not None:
        return _with_uv(uv, interpreter, index, scratch)
    return _with_pip(interpreter, index, scratch)


def best_wheel(filenames: tuple[str, ...], tags: tuple[Tag, ...]) -> str | None:
    """The filename whose tags fit best; None when none does."""
    rank = {tag: i for i, tag in reversed(tuple(enumerate(tags)))}
    scored: list[tuple[int, str]] = []
    for filename in filenames:
        try:
            fitting = [rank[tag] for tag in parse_wheel_filename(filename)[3] if tag in rank]
        except InvalidWheelFilename:
            continue
        if fitting:
            scored.append((min(fitting), filename))
    return min(scored)[1] if scored else None


def _interpreters() -> Iterator[Interpreter]:
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    names = ("python3", *(f"python3.{minor}" for minor in range(10, _NEWEST + 1)))
    found = (shutil.which(name) for name in names)
    paths = (Path("/usr/bin/python3"), base, *(Path(path) for path in found if path))
    seen: set[Path] = set()
    for path in paths:
        if path.exists() and path.resolve() not in seen:
            seen.add(path.resolve())
            if (version := _version_of(path)) is not None:
                yield Interpreter(path=path.resolve(), version=version)


def _version_of(path: Path) -> str | None:
    # -I -S: nothing of the user's or of site-packages runs.
    code = "import sys; print('%d.%d.%d' % sys.version_info[:3], sys.prefix == sys.base_prefix)"
    try:
        done = subprocess.run([path, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    version, _, own = done.stdout.strip().partition(" ")
    return version if own == "True" else None


def _with_uv(uv: str, interpreter: Interpreter, index: str, scratch: Path) -> tuple[Wheel, ...]:
    argv = [uv, "pip", "compile", "wanted.txt", "--format", "pylock.toml", "-o", "pylock.toml", "--quiet"]
    argv += ["--only-binary", ":all:", "--no-header"]
    argv += ["--python", str(interpreter.path)] if interpreter.path else ["--python-version", _minor(interpreter)]
    _run([*argv, *(["--default-index", index] if index else [])], scratch)
    try:
        lock = msgspec.convert(tomllib.loads((scratch / "pylock.toml").read_text(encoding="utf-8")), _Lock)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _failed("uv", str(error)) from error
    tags = interpreter.tags()
    return tuple(_chosen(package, tags) for package in lock.packages)


def _with_pip(interpreter: Interpreter, index: str, scratch: Path) -> tuple[Wheel, ...]:
    argv = [
        str(interpreter.path or next(_interpreters()).path),
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--ignore-installed",
    ]
    argv += ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    argv += ["--report", "report.json", "-r", "wanted.txt"]
    if interpreter.path is None:  # pip asks its own Python whether a package fits it, whatever version is named
        argv += ["--python-version", _minor(interpreter), "--target", "nowhere", "--ignore-requires-python"]
    _run([*argv, *(["--index-url", index] if index else [])], scratch)
    try:
        report = msgspec.json.decode((scratch / "report.json").read_bytes(), type=_Report)
        return tuple(item.wheel() for item in report.install)
    except (OSError, msgspec.DecodeError, KeyError) as error:
        raise _failed("pip", str(error)) from error


def _minor(interpreter: Interpreter) -> str:
    return ".".join(map(str, interpreter.minor))


def _run(argv: list[str], scratch: Path) -> None:
    client = Path(argv[0]).name if argv[1] != "-m" else "pip"
    try:
        subprocess.run(argv, cwd=scratch, capture_output=True, text=True, timeout=_WAIT_S, check=True)
    except subprocess.CalledProcessError as error:
        if "No module named pip" in error.stderr:
            raise MissingClient(
                "Dependencies from PyPI are resolved with uv or pip, and neither is here.",
                advice="Install uv (`pip install uv`) so that it is on PATH.",
            ) from error
        raise _failed(client, error.stderr) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(client, str(error)) from error


def _failed(client: str, said: str) -> MissingClient:
    words = " ".join(said.split())[-600:]
    return MissingClient(
        f"The dependencies could not be resolved with {client}: {words}",
        advice="Check the network. If a dependency has no wheel: it would have to be built by running its code, "
        "which is not done here; take another version.",
    )


class _LockedWheel(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    hashes: dict[str, str]
    name: str = ""

    @property
    def filename(self) -> str:
        return self.name or self.url.rsplit("/", 1)[-1].split("#", 1)[0]


class _Locked(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    version: str = ""
    wheels: tuple[_LockedWheel, ...] = ()


class _Lock(msgspec.Struct, frozen=True, kw_only=True):
    packages: tuple[_Locked, ...] = ()


def _chosen(package: _Locked, tags: tuple[Tag, ...]) -> Wheel:
    by_name = {wheel.filename: wheel for wheel in package.wheels if "sha256" in wheel.hashes}
    best = best_wheel(tuple(by_name), tags)
    if best is None:
        raise _failed("uv", f"{package.name} {package.version} has no wheel for this machine")
    wheel = by_name[best]
    return Wheel(name=package.name, version=package.version, url=wheel.url, sha256=wheel.hashes["sha256"])


class _ArchiveInfo(msgspec.Struct, frozen=True, kw_only=True):
    hashes: dict[str, str] = {}


class _DownloadInfo(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    archive_info: _ArchiveInfo


class _Metadata(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    version: str


class _Install(msgspec.Struct, frozen=True, kw_only=True):
    download_info: _DownloadInfo
    metadata: _Metadata

    def wheel(self) -> Wheel:
        """As the lock has it. Raises KeyError without a digest."""
        info, meta = self.download_info, self.metadata
        return Wheel(name=meta.name, version=meta.version, url=info.url, sha256=info.archive_info.hashes["sha256"])


class _Report(msgspec.Struct, frozen=True, kw_only=True):
    install: tuple[_Install, ...] = ()
