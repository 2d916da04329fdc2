"""Read profiles: the shipped ones and a user's own, strictly, with errors that name the key and the place."""

import re
import stat
import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from clearance.intake.errors import ProfileError
from clearance.intake.run_table import check_run
from clearance.model.profile import Profile, Run, Source, Variant
from clearance.model.release import SourceType

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TABLES: dict[str, type[msgspec.Struct]] = {"": Profile, "source": Source, "run": Run, "run.variants": Variant}
_WHERE = re.compile(r" - at `\$?\.?(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_LARGEST = 1 << 20
_NAME_IT = "Name the profile's TOML file."
_EXPECTED = re.compile(r"Expected `(?P<wanted>[a-z]+)[^`]*`, got `(?P<given>[a-z]+)`")
_VALUE = re.compile(r"Invalid enum value (?P<value>.*)", re.DOTALL)
_IN_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "date": "a date",
    "time": "a time of day",
    "datetime": "a date and time",
}


def load_profile(path: Path) -> Profile:
    """The profile in that TOML file.

    Raises:
        ProfileError: not there, not TOML, a wrong key or type; the sentence names file, place and what is allowed.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or a device may never end
            raise ProfileError(f"The profile {path} cannot be read: it is no regular file.", advice=_NAME_IT)
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise ProfileError(f"The profile {path} cannot be read: {error.strerror}.", advice=_NAME_IT) from error
    if len(raw) > _LARGEST:
        raise ProfileError(f"{path} is too large for a profile: more than 1 MB.", advice=_NAME_IT)
    return parse_profile(raw, str(path))


def parse_profile(raw: bytes, name: str) -> Profile:
    """The profile in these bytes; ``name`` is what errors call it. Raises ProfileError."""
    try:
        document = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ProfileError(f"{name} is not TOML: it is no UTF-8 text.", advice=_NAME_IT) from error
    except tomllib.TOMLDecodeError as error:
        where = "the line that is named" if "line " in str(error) else "the end of the file"
        raise ProfileError(f"{name} is not TOML: {error}.", advice=f"Mend {where}.") from error
    except (ValueError, RecursionError) as error:
        raise ProfileError(
            f"{name} cannot be read: a number in it is too long, or its brackets are too many.", advice=_NAME_IT
        ) from error
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
    return ProfileError(f"{name}: {_wrong(path, text)}.", advice=_allowed(path))


def _wrong(path: str, text: str) -> str:
    """What is wrong with a value, in words that need no knowledge of types, without a full stop."""
    what = f"an entry of {path.removesuffix('[...]')}" if path.endswith("[...]") else path or "the file"
    if (found := _EXPECTED.search(text)) is not None:
        wanted, given = (_IN_WORDS.get(found[key], found[key]) for key in ("wanted", "given"))
        return f"{what} must be {wanted}, not {given}{' with a fraction' * (found['given'] == 'float')}"
    if (found := _VALUE.search(text)) is not None:
        return f"{what} cannot be {found['value']}"
    return f"{what} is wrong: {text}"


def _allowed(path: str) -> str:
    values = {"source.type": Source, "run.api": Run}
    if path not in values:
        return "docs/profiles.md says what each key takes."
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
    check_run(profile.run, name)
