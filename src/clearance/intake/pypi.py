"""PyPI releases: the wheel (or the source archive, unbuilt) and its dependencies' wheels, in one ``site-packages``.

A package client only resolves which wheels are needed; the wheels are fetched, checked and unpacked here, so that no
package's code runs on this machine and every digest is recorded.
"""

import os
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import quote, urljoin

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from clearance.intake.errors import RegistryUnreachable, UnknownPackage, UnknownVersion
from clearance.intake.fetch import Fetcher

DEFAULT_INDEX = "https://pypi.org"


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a release."""

    filename: str
    url: str
    digests: dict[str, str]
    packagetype: str
    requires_python: str | None = None
    published: str = msgspec.field(default="", name="upload_time_iso_8601")
    yanked: bool = False


class Info(msgspec.Struct, frozen=True, kw_only=True):
    """What a release says of itself."""

    name: str
    version: str
    author: str | None = None
    requires_python: str | None = None
    requires_dist: tuple[str, ...] | None = None
    """None: not known, or none; the index writes both as null."""

    def needs(self, python: str) -> tuple[str, ...] | None:
        """Requirements that hold without extras for that version of Python, as written; None when not known."""
        if self.requires_dist is None:
            return None
        return tuple(text for text in self.requires_dist if _applies(text, python))


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One release (``urls``), or a package with all its versions (``releases``)."""

    info: Info
    urls: tuple[File, ...] = ()
    releases: dict[str, msgspec.Raw] | None = None

    def of(self, version: str) -> "Document | None":
        """One release out of a package's document: its files, but (save for the newest) not what it requires."""
        raw = (self.releases or {}).get(version)
        if raw is None:
            return None
        info = self.info if self.info.version == version else Info(name=self.info.name, version=version)
        return Document(info=info, urls=msgspec.json.decode(raw, type=tuple[File, ...]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index's JSON API through the cache."""

    fetcher: Fetcher
    url: str

    def release(self, name: str, wanted: str) -> Document:
        """One release: an exact version, or ``latest``.

        Raises:
            UnknownPackage, UnknownVersion: the index does not have it; near versions are named.
            RegistryUnreachable, OfflineMiss: see ``Fetcher.answer``.
        """
        version = self._package(name).info.version if wanted == "latest" else wanted
        url = self._url(name, version)
        # What one exact release holds does not change: a kept answer is as good as a new one.
        raw = self.fetcher.cache.noted("pypi", url)
        found = _decode(raw, name) if raw is not None else self._ask(url, f"{name} {version}")
        if found is None:  # some mirrors serve only the document of the whole package
            everything = self._package(name)
            found = everything.of(version)
            if found is None:
                raise _unknown_version(everything, wanted)
            url = self._url(name)
        return _absolute(found, url)

    def versions(self, name: str) -> tuple[str, ...]:
        """Every version, newest last. Raises as ``release``."""
        return _in_order(self._package(name).releases or {})

    def _package(self, name: str) -> Document:
        url = self._url(name)
        raw = self.fetcher.kept("pypi", url)
        found = _decode(raw, name) if raw is not None else self._ask(url, name)
        if found is None:
            raise UnknownPackage(
                f"The index {self.url} has no package {name!r}.",
                advice="Check the spelling: of what you named, or of source.name in the profile.",
            )
        return found

    def _ask(self, url: str, what: str) -> Document | None:
        body = self.fetcher.answer(url, what=what)
        if body is None:
            return None
        document = _decode(body, what)
        self.fetcher.cache.note("pypi", url, body)
        return document

    def _url(self, name: str, *version: str) -> str:
        path = "/".join(quote(part, safe="") for part in (canonicalize_name(name), *version))
        return f"{self.url}/pypi/{path}/json"


def index_url(given: str | None = None) -> str:
    """The index to ask: the argument, ``CLEARANCE_PYPI_INDEX``, or the public one; without a last slash."""
    return (given or os.environ.get("CLEARANCE_PYPI_INDEX") or DEFAULT_INDEX).rstrip("/")


def _absolute(document: Document, url: str) -> Document:
    """The document with whole addresses: some mirrors write them relative to their own."""
    files = tuple(msgspec.structs.replace(file, url=urljoin(url, file.url)) for file in document.urls)
    return msgspec.structs.replace(document, urls=files)


def _decode(body: bytes, name: str) -> Document:
    try:
        return msgspec.json.decode(body, type=Document)
    except msgspec.DecodeError as error:
        raise RegistryUnreachable(
            f"The index's answer for {name} cannot be understood: {error}.",
            advice="Is there a proxy or a login page in between? Try again, or name another index.",
        ) from error


def _unknown_version(everything: Document, wanted: str) -> UnknownVersion:
    ordered = _in_order(everything.releases or {})
    near = tuple(dict.fromkeys((*get_close_matches(wanted, ordered, n=4), *ordered[-1:])))
    return UnknownVersion(
        f"{everything.info.name} has no version {wanted}.", advice=f"Near ones: {', '.join(near) or 'none'}."
    )


def _in_order(versions: dict[str, msgspec.Raw]) -> tuple[str, ...]:
    found: list[tuple[Version, str]] = []
    for text in versions:
        try:
            found.append((Version(text), text))
        except InvalidVersion:
            continue  # from before versions had a grammar
    return tuple(text for _, text in sorted(found))


def _applies(text: str, python: str) -> bool:
    try:
        marker = Requirement(text).marker
    except InvalidRequirement:
        return True
    environment = {"extra": "", "python_full_version": python, "python_version": ".".join(python.split(".")[:2])}
    return marker is None or marker.evaluate(environment)
