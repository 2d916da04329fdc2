"""What an installed Python package says of itself: ``METADATA``, entry points, where it came from, its own SBOM."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from packaging.utils import canonicalize_name

from clearance.model.contents import BundledPackage
from clearance.observe.static.supply.found import Found, Manifest
from clearance.observe.static.supply.licences import is_plain_licence
from clearance.observe.static.supply.requirements import requirement
from clearance.observe.static.supply.shadows import shadowed

_METADATA: Final = re.compile(r"(?:^|/)(?:([^/]+)\.dist-info/METADATA|[^/]+\.egg-info/PKG-INFO|[^/]*/?PKG-INFO)\Z")
_HEADER: Final = re.compile(r"^([A-Za-z][\w-]{1,40}):[ \t]*([^\n]*)", re.MULTILINE)
_LARGEST_HEAD: Final = 256 << 10
_ENTRY: Final = re.compile(r"^[ \t]*(?:\[([^\]\n]+)\]|([\w.:-]+)[ \t]*=[ \t]*([\w.:\[\], -]+))[ \t\r]*$", re.MULTILINE)
_COMMANDS: Final = frozenset({"console_scripts", "gui_scripts"})
_PURL: Final = re.compile(r"pkg:([a-z]+)/([^@?#]+)(?:@([^?#]+))?")
_ECOSYSTEMS: Final = {"npm": "npm", "pypi": "PyPI", "cargo": "crates.io", "golang": "Go"}
_MOST: Final = 5000


def dist_info(manifest: Manifest) -> Found:
    """The package, what it wants, its commands, and where it was installed from if that was no index."""
    found = Found()
    if _METADATA.search(manifest.place):
        _metadata(manifest, found)
    elif manifest.folder.endswith((".dist-info", ".egg-info")):
        name = _name_of(manifest.folder)
        if manifest.name == "entry_points.txt":
            _entry_points(manifest, name, found)
        elif manifest.name == "direct_url.json":
            url = manifest.json.text("url")
            commit = manifest.json.text("vcs_info", "commit_id")
            if url:
                found.facts.append(manifest.fact("dependency-elsewhere", name, f"{url}@{commit}" if commit else url))
    return found


def _metadata(manifest: Manifest, found: Found) -> None:
    head = re.split(r"\n\r?\n", manifest.text[:_LARGEST_HEAD], maxsplit=1)[0]
    fields = [(match[1].lower(), match[2].strip()) for match in _HEADER.finditer(head)]
    said = dict(reversed(fields))
    name, version = said.get("name", ""), said.get("version", "")
    if not name or not version or "metadata-version" not in said:
        return
    licence = said.get("license-expression", "") or _classified(fields) or said.get("license", "")
    found.packages.append(manifest.package(name, version, "PyPI", "dist-info", licence))
    if not licence or ("license-expression" in said and not is_plain_licence(licence)):
        told = f"the licence is given as {licence!r}" if licence else "no licence is given"
        found.facts.append(manifest.fact("licence", f"{name} {version}", told, licence))
    for key, text in fields:
        if key == "requires-dist":
            requirement(manifest, text, "runtime", found)
    folder = _name_of(manifest.folder) if manifest.folder.endswith(".dist-info") else ""
    if folder and canonicalize_name(folder) != canonicalize_name(name):
        found.facts.append(manifest.fact("name-mismatch", name, f"installed as {folder}, calls itself {name}"))


def _classified(fields: list[tuple[str, str]]) -> str:
    return " OR ".join(
        text.rpartition("::")[2].strip()
        for key, text in fields
        if key == "classifier" and text.startswith("License ::")
    )


def _name_of(folder: str) -> str:
    return folder.rpartition("/")[2].rpartition(".")[0].partition("-")[0]


def _entry_points(manifest: Manifest, name: str, found: Found) -> None:
    group = ""
    commands: list[str] = []
    for match in _ENTRY.finditer(manifest.text[:_LARGEST_HEAD]):
        if match[1]:
            group = match[1].strip()
        elif group in _COMMANDS:
            commands.append(match[2])
        elif group:
            found.facts.append(manifest.fact("entry-point", group, f"{name} adds {match[2]} = {match[3].strip()}"))
    shadowed(manifest, name, commands, found)


def inside_boms(manifest: Manifest) -> Found:
    """Packages that a CycloneDX bill of materials inside the release lists."""
    found = Found()
    if manifest.name.endswith((".cdx.json", "bom.json")) and manifest.json.text("bomFormat") == "CycloneDX":
        found.packages += list(_components(manifest))[:_MOST]
    return found


def _components(manifest: Manifest) -> Iterator[BundledPackage]:
    for component in manifest.json.each("components"):
        purl = _PURL.match(component.text("purl"))
        kind = purl[1] if purl else ""
        name = unquote(purl[2]) if purl else component.text("name")
        if name:
            yield manifest.package(
                name, component.text("version"), _ECOSYSTEMS.get(kind, "generic"), "bill of materials"
            )
