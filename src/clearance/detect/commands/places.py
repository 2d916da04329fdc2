"""What paths, registry keys and names of variables mean, as data (``places.toml``)."""

import functools
import re
from importlib.resources import files
from typing import Final

import msgspec

_MOST: Final = 2048
"""Characters of one word that are looked at for places."""


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of place, and what it means to read or write there."""

    kind: str
    """``secret``, ``personal``, ``persistence``, ``defence`` or ``system``."""
    what: str
    """In words: ``private keys of SSH``."""
    paths: tuple[str, ...]
    """Patterns over normal forms of paths and registry keys."""
    read: float = 0.0
    """Weight of reading there."""
    write: float = 0.0
    """Weight of writing there."""


class _Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    place: tuple[Place, ...]
    secret_variables: tuple[str, ...]
    plain_variables: tuple[str, ...]


@functools.cache
def _sheet() -> _Sheet:
    return msgspec.toml.decode(files("clearance.detect.commands").joinpath("places.toml").read_bytes(), type=_Sheet)


@functools.cache
def _patterns() -> tuple[tuple[Place, re.Pattern[str]], ...]:
    return tuple((place, re.compile("|".join(place.paths))) for place in _sheet().place)


@functools.cache
def _variables() -> tuple[re.Pattern[str], re.Pattern[str]]:
    sheet = _sheet()
    return re.compile("|".join(sheet.secret_variables)), re.compile("|".join(sheet.plain_variables))


_HOMES: Final = re.compile(
    r"(?:%userprofile%|%homepath%|%homedrive%|\$\{?env:userprofile\}?|\$\{?env:homepath\}?|\$\{?home\}?(?![a-z_])"
    r"|^~[a-z0-9_-]*(?=/)|/home/[^/]+(?=/|$)|/users/(?!public)[^/]+(?=/|$)|"
    r"(?:c:)?/users/(?!public)[^/]+(?=/|$)|^/root(?=/|$))+"
)
_WAYS: Final = (
    (re.compile(r"%appdata%|\$\{?env:appdata\}?"), "~/appdata/roaming"),
    (re.compile(r"%localappdata%|\$\{?env:localappdata\}?"), "~/appdata/local"),
    (re.compile(r"%(?:temp|tmp)%|\$\{?env:te?mp\}?|\$\{?tmpdir\}?"), "%temp%"),
    (re.compile(r"%(?:systemroot|windir)%|\$\{?env:(?:systemroot|windir)\}?"), "c:/windows"),
    (re.compile(r"%programdata%|%allusersprofile%|\$\{?env:(?:programdata|allusersprofile)\}?"), "c:/programdata"),
    (re.compile(r"%public%|\$\{?env:public\}?"), "c:/users/public"),
    (re.compile(r"%programfiles(?:\(x86\))?%|\$\{?env:programfiles(?:\(x86\))?\}?"), "c:/program files"),
    (re.compile(r"^(?:registry::?)?/?(?:hkey_local_machine|hklm):?"), "hklm"),
    (re.compile(r"^(?:registry::?)?/?(?:hkey_current_user|hkcu):?"), "hkcu"),
    (re.compile(r"^(?:registry::?)?/?(?:hkey_classes_root|hkcr):?"), "hkcr"),
    (re.compile(r"^(?:registry::?)?/?(?:hkey_users|hku):?"), "hku"),
)


@functools.lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """One spelling for a path: lower case, slashes, ``~`` for homes, ``%temp%``, ``hklm``."""
    path = re.sub(r"(?!^)/{2,}", "/", text[:_MOST].lower().replace("\\", "/").replace('"', "").replace("'", ""))
    for pattern, name in _WAYS:
        path = pattern.sub(name, path)
    return _HOMES.sub("~", path.removeprefix("./"))


@functools.lru_cache(maxsize=4096)
def places(text: str) -> tuple[Place, ...]:
    """Every kind of place that a word names."""
    if len(text) < 3 and text not in ("~", "~/"):
        return ()
    path = normal(text)
    return tuple(place for place, pattern in _patterns() if pattern.search(path))


@functools.lru_cache(maxsize=4096)
def names_a_secret(variable: str) -> bool:
    """Whether a variable's name says that it holds a credential."""
    secret, ordinary = _variables()
    return secret.search(variable.upper()) is not None and ordinary.search(variable.upper()) is None
