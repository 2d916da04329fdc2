"""What an npm registry says of a package: versions, tags, and one version's manifest, decoded strictly where used."""

import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import quote, urlsplit

import msgspec

from clearance.intake import semver
from clearance.intake.cache import Cache
from clearance.intake.errors import RegistryUnreachable, UnknownPackage, UnknownVersion
from clearance.intake.fetch import Expected, Fetcher

DEFAULT_REGISTRY = "https://registry.npmjs.org"
_NAME = re.compile(r"(?:@[a-z0-9~_-][a-z0-9._~-]*/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*")


class Dist(msgspec.Struct, frozen=True, kw_only=True):
    """Where the archive is and what its digest is."""

    tarball: str
    integrity: str = ""
    shasum: str = ""

    @property
    def expected(self) -> Expected:
        """The digest to check: ``integrity``, or for old releases ``shasum``."""
        return Expected(text=self.integrity or (f"sha1:{self.shasum}" if self.shasum else ""))


class _Person(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""


class _PeerMeta(msgspec.Struct, frozen=True, kw_only=True):
    optional: bool = False


_Words = str | tuple[str, ...] | None
_Deps = dict[str, str] | None


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename={"npm_user": "_npmUser"}):
    """One version, as far as intake cares. Other fields exist; the registry's document is not ours to forbid."""

    name: str
    version: str
    dist: Dist
    dependencies: _Deps = None
    optional: _Deps = msgspec.field(default=None, name="optionalDependencies")
    peer: _Deps = msgspec.field(default=None, name="peerDependencies")
    peer_meta: dict[str, _PeerMeta] | None = msgspec.field(default=None, name="peerDependenciesMeta")
    bundled: bool | tuple[str, ...] | None = msgspec.field(default=None, name="bundleDependencies")
    bundled_too: bool | tuple[str, ...] | None = msgspec.field(default=None, name="bundledDependencies")
    scripts: dict[str, str] | None = None
    bin: str | dict[str, str] | None = None
    os: _Words = None
    cpu: _Words = None
    libc: _Words = None
    npm_user: _Person | None = None

    @property
    def runs(self) -> tuple[str, ...]:
        """Paths that npm makes executable at installation."""
        bins = self.bin
        return (bins,) if isinstance(bins, str) else tuple((bins or {}).values())

    @property
    def needs(self) -> tuple[tuple[str, str, bool], ...]:
        """Name, range and whether it is optional, of everything npm would install beside it."""
        optional = self.optional or {}
        inside = self._bundled()
        meta = self.peer_meta or {}
        peers = {n: r for n, r in (self.peer or {}).items() if not (n in meta and meta[n].optional)}
        firm = {n: r for n, r in {**peers, **(self.dependencies or {})}.items() if n not in optional}
        both = (*((n, r, False) for n, r in firm.items()), *((n, r, True) for n, r in optional.items()))
        return tuple(need for need in both if need[0] not in inside)

    def _bundled(self) -> frozenset[str]:
        both: frozenset[str] = frozenset()
        for field in (self.bundled, self.bundled_too):
            if field is True:
                both |= frozenset(self.dependencies or {})
            elif field:
                both |= frozenset(field)
        return both


class Packument(msgspec.Struct, frozen=True, kw_only=True):
    """All a registry says of one package; versions stay raw until one is asked for."""

    name: str
    tags: dict[str, str] = msgspec.field(default_factory=dict, name="dist-tags")
    versions: dict[str, msgspec.Raw] = {}
    time: dict[str, msgspec.Raw] = {}

    def published(self, version: str) -> str:
        """When it was published (ISO 8601), empty if the registry does not say."""
        try:
            return msgspec.json.decode(self.time[version], type=str)
        except (KeyError, msgspec.DecodeError):
            return ""

    def manifest(self, version: str) -> Manifest:
        """That version. Raises RegistryUnreachable when the registry's words for it cannot be understood."""
        try:
            return msgspec.json.decode(self.versions[version], type=Manifest)
        except msgspec.DecodeError as error:
            raise _not_understood(f"{self.name} {version}", error) from error

    def resolve(self, wanted: str) -> str | None:
        """An exact version, a tag or a range to a version; None when nothing fits."""
        if wanted in self.versions:
            return wanted
        if (tagged := self.tags.get(wanted or "latest")) in self.versions:
            return tagged
        # npm prefers what is tagged latest as long as the range allows it.
        latest = self.tags.get("latest", "")
        if latest in self.versions and semver.fits(latest, wanted):
            return latest
        return semver.newest(self.versions, wanted)

    def near(self, wanted: str) -> tuple[str, ...]:
        """Up to five versions a person may have meant, closest first, and the newest."""
        ordered = semver.in_order(self.versions)
        close = get_close_matches(wanted, ordered, n=4, cutoff=0.6)
        return tuple(dict.fromkeys((*close, *ordered[-1:])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """One registry through the cache."""

    fetcher: Fetcher
    url: str

    @property
    def cache(self) -> Cache:
        """Where answers are kept."""
        return self.fetcher.cache

    def packument(self, name: str, *, having: str | None = None) -> Packument:
        """Everything about a package. A kept answer serves when it has the version ``having``, or is young enough.

        Raises:
            UnknownPackage: the registry does not know the name, or it is no npm name.
            RegistryUnreachable, OfflineMiss: see ``Fetcher.answer``.
        """
        if not _NAME.fullmatch(name) or len(name) > 214:
            raise _unknown(name, self.url)
        key = f"{self.url}/{name}"
        if having and (raw := self.cache.noted("npm", key)) is not None:
            noted = _decode(raw, name)
            if having in noted.versions:
                return noted
        if (raw := self.fetcher.kept("npm", key)) is not None:
            return _decode(raw, name)
        body = self.fetcher.answer(f"{self.url}/{quote(name, safe='@')}", what=name)
        if body is None:
            raise _unknown(name, self.url)
        packument = _decode(body, name)
        self.cache.note("npm", key, body)
        return packument

    def tarball(self, dist: Dist) -> str:
        """The archive's address; a mirror's answer that still names the public registry is sent to the mirror."""
        public, mirror = urlsplit(DEFAULT_REGISTRY), urlsplit(self.url)
        at = urlsplit(dist.tarball)
        if at.netloc != public.netloc or mirror.netloc == public.netloc:
            return dist.tarball
        return at._replace(scheme=mirror.scheme, netloc=mirror.netloc, path=mirror.path.rstrip("/") + at.path).geturl()


def registry_url(given: str | None = None) -> str:
    """The registry to ask: the argument, ``CLEARANCE_NPM_REGISTRY``, or the public one; without a last slash."""
    return (given or os.environ.get("CLEARANCE_NPM_REGISTRY") or DEFAULT_REGISTRY).rstrip("/")


def unknown_version(packument: Packument, wanted: str) -> UnknownVersion:
    """The error that names near versions."""
    near = ", ".join(packument.near(wanted))
    tags = ", ".join(sorted(packument.tags))
    return UnknownVersion(
        f"{packument.name} has no version {wanted}.",
        advice=f"Near ones: {near or 'none'}." + (f" Tags: {tags}." if tags else ""),
    )


def _unknown(name: str, url: str) -> UnknownPackage:
    return UnknownPackage(
        f"The registry {url} has no package {name!r}.",
        advice="Check the spelling: of what you named, or of source.name in the profile.",
    )


def _decode(body: bytes, name: str) -> Packument:
    try:
        return msgspec.json.decode(body, type=Packument)
    except msgspec.DecodeError as error:
        raise _not_understood(name, error) from error


def _not_understood(what: str, error: Exception) -> RegistryUnreachable:
    return RegistryUnreachable(
        f"The registry's answer for {what} cannot be understood: {error}.",
        advice="Is there a proxy or a login page in between? Try again, or name another registry.",
    )
