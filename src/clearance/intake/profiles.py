"""Read profiles: the shipped ones and a user's own, strictly, with errors that name the key and the place."""

import re
import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from clearance.intake.errors import ProfileError
from clearance.model.profile import Profile, Run, Source, Variant
from clearance.model.release import SourceType

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TABLES: dict[str, type[msgspec.Struct]] = {"": Profile, "source": Source, "run": Run, "run.variants": Variant}
_WHERE = re.compile(r" - at `\$?\.?(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PLACEHOLDERS = ("package", "prompt", "api_key", "base_url", "home", "project")
_LARGEST = 1 << 20


def load_profile(path: Path) -> Profile:
    """The profile in that TOML file.

    Raises:
        ProfileError: not there, not TOML, a wrong key or type; the sentence names file, place and what is allowed.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ProfileError(f"{path} is too large for a profile.", advice="Name the profile's TOML file.")
        raw = path.read_bytes()
    except OSError as error:
        raise ProfileError(
            f"The profile {path} cannot be read: {error.strerror}.", advice="Name the profile's TOML file."
        ) from error
    return parse_profile(raw, str(path))


def parse_profile(raw: bytes, name: str) -> Profile:
    """The profile in these bytes; ``name`` is what errors call it. Raises ProfileError."""
    try:
        document = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{name} is not TOML: {error}.", advice="Mend the line that is named.") from error
    try:
        profile = msgspec.convert(document, Profile)
    except msgspec.ValidationError as error:
        raise _explained(name, str(error)) from error
    _check(profile, name)
    return profile


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """The profiles that come with this program, by id."""
    folder = files("clearance.intake") / "profiles"
    found = [parse_profile(f.read_bytes(), f.name) for f in folder.iterdir() if f.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda profile: profile.id))


def find_profile(name: str) -> Profile:
    """The shipped profile of that id.

    Raises:
        ProfileError: there is none; near ones and all of them are named.
    """
    known = {profile.id: profile for profile in shipped_profiles()}
    if name in known:
        return known[name]
    packages = {profile.source.name: profile.id for profile in known.values() if profile.source.name}
    near = [packages[name]] if name in packages else get_close_matches(name, known, n=3, cutoff=0.5)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    raise ProfileError(
        f"No assistant is called {name!r}.",
        advice=f"{meant}Known: {', '.join(known)}. For another one write a profile and give it with --profile.",
    )


def _explained(name: str, message: str) -> ProfileError:
    where = _WHERE.search(message)
    text = _WHERE.sub("", message)
    path = where["path"] if where else ""
    table = re.sub(r"\[[^\]]*\]", "", path).strip(".")
    at = f"in [{table}]" if table else "at the top level"
    if (unknown := _UNKNOWN.search(text)) is not None and table in _TABLES:
        allowed = _TABLES[table].__struct_encode_fields__
        near = get_close_matches(unknown["key"], allowed, n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        return ProfileError(
            f"{name}: the key {unknown['key']!r} {at} is not known.", advice=f"{meant}Allowed: {', '.join(allowed)}."
        )
    if (missing := _MISSING.search(text)) is not None:
        return ProfileError(f"{name}: the key {missing['key']!r} {at} is missing.", advice="Add it.")
    return ProfileError(f"{name}: {path or 'the file'} is wrong: {text}.", advice=_allowed(path))


def _allowed(path: str) -> str:
    values = {"source.type": Source, "run.api": Run}
    if path not in values:
        return "Give it a value of that type; docs and the shipped profiles show each key."
    kind = SourceType if path == "source.type" else Run.__annotations__["api"]
    return f"Allowed: {', '.join(kind)}."


def _check(profile: Profile, name: str) -> None:
    """What types cannot say. Raises ProfileError."""
    if not _ID.fullmatch(profile.id):
        raise ProfileError(
            f"{name}: id = {profile.id!r} cannot be an id.", advice="Use small letters, digits, '-', '_' and '.'."
        )
    if profile.source.type is not SourceType.PATH and not profile.source.name:
        raise ProfileError(f"{name}: the key 'name' in [source] is missing.", advice="Set it to the package's name.")
    if profile.run is None:
        if not profile.gap:
            raise ProfileError(
                f"{name}: there is no [run], and no gap that says why.",
                advice="Add [run], or gap = '…' with the reason.",
            )
        return
    _check_run(profile.run, name)


def _check_run(run: Run, name: str) -> None:
    commands = {"run.command": run.command} | {
        f"run.variants[{i}].command": variant.command for i, variant in enumerate(run.variants)
    }
    for where, command in commands.items():
        if not command or not command[0].strip():
            raise ProfileError(f"{name}: {where} is empty.", advice='Write it as ["program", "argument", …].')
    if run.wall_s <= 0 or run.memory_mb <= 0:
        raise ProfileError(f"{name}: run.wall_s and run.memory_mb must be above 0.", advice="Leave them out if unsure.")
    for text in (*(word for command in commands.values() for word in command), *run.env.values()):
        for word in _PLACEHOLDER.findall(text):
            if word not in _PLACEHOLDERS and get_close_matches(word, _PLACEHOLDERS, n=1, cutoff=0.75):
                raise ProfileError(
                    f"{name}: the placeholder {{{word}}} is not known.",
                    advice=f"Known: {', '.join(f'{{{known}}}' for known in _PLACEHOLDERS)}.",
                )
