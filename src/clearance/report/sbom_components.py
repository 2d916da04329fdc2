"""Parts of a bill of materials in the classes of the CycloneDX library (extra ``sbom``): only ``sbom`` imports this."""

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.component_evidence import (
    AnalysisTechnique,
    ComponentEvidence,
    Identity,
    IdentityField,
    Method,
    Occurrence,
)
from cyclonedx.model.vulnerability import BomTarget, VulnerabilityRating, VulnerabilitySeverity
from cyclonedx.model.vulnerability import Vulnerability as Listed
from packageurl import PackageURL

from clearance import __version__
from clearance.model.contents import BundledPackage, Contents, Vulnerability
from clearance.model.release import Artifact, Release
from clearance.report.sbom_graph import ecosystem_of, ref_of, root_ref

_SURE: Final = {
    "package.json": ("manifest-analysis", "1"),
    "dist-info": ("manifest-analysis", "1"),
    "manifest": ("manifest-analysis", "0.9"),
    "bill of materials": ("attestation", "0.9"),
    "banner": ("source-code-analysis", "0.7"),
    "module path": ("source-code-analysis", "0.6"),
}
_UNSURE: Final = ("binary-analysis", "0.5")
_PURLS: Final = {"npm": "npm", "PyPI": "pypi", "crates.io": "cargo", "Go": "golang", "vscode": "vscode"}
_SEVERITIES: Final = {severity.value: severity for severity in VulnerabilitySeverity} | {
    "moderate": VulnerabilitySeverity.MEDIUM
}


def tool_component() -> Component:
    """This program."""
    return Component(type=ComponentType.APPLICATION, name="clearance", version=__version__, bom_ref="tool:clearance")


def release_component(release: Release) -> Component:
    """The release, with the digest of the archive that it came as, and one distribution for each archive."""
    name = release.artifacts[0].name if release.artifacts else release.assistant
    return Component(
        type=ComponentType.APPLICATION,
        name=release.title or release.assistant,
        version=release.version,
        bom_ref=root_ref(release),
        purl=_purl(ecosystem_of(release), name, release.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=release.sha256)],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(_uri(item.url)),
                comment=f"{item.name} {item.version}",
                hashes=list(_hashes(item)),
            )
            for item in release.artifacts
        ],
        properties=[
            Property(name="clearance:assistant", value=release.assistant),
            Property(name="clearance:platform", value=release.platform),
        ],
    )


def _hashes(item: Artifact) -> Iterator[HashType]:
    yield HashType(alg=HashAlgorithm.SHA_256, content=item.sha256)
    kind, _, value = item.integrity.partition("-")
    if kind == "sha512":
        try:
            digest = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return
        if len(digest) == 64:
            yield HashType(alg=HashAlgorithm.SHA_512, content=digest.hex())


def component_of(package: BundledPackage, release: Release) -> Component:
    """A package inside the release; the digests of its archive where it was fetched as one."""
    own = [a for a in release.artifacts if (a.name, a.version) == (package.name, package.version)]
    return Component(
        type=ComponentType.LIBRARY,
        name=package.name,
        version=package.version or None,
        bom_ref=ref_of(package),
        purl=_purl(package.ecosystem, package.name, package.version),
        hashes=[item for artifact in own[:1] for item in _hashes(artifact)],
        licenses=[LicenseFactory().make_from_string(package.licence)] if package.licence.strip() else None,
        evidence=_evidence(package),
    )


def _evidence(package: BundledPackage) -> ComponentEvidence:
    technique, sure = _SURE.get(package.found_by, _UNSURE)
    method = Method(technique=AnalysisTechnique(technique), confidence=Decimal(sure), value=package.found_by or None)
    where = Occurrence(location=package.path or "?", bom_ref=f"seen:{ref_of(package)}")
    return ComponentEvidence(
        identity=[Identity(field=IdentityField.NAME, confidence=Decimal(sure), methods=[method])], occurrences=[where]
    )


def _purl(ecosystem: str, name: str, version: str) -> PackageURL | None:
    """The package URL; None where the name can be none."""
    kind = _PURLS.get(ecosystem, "generic")
    space, _, last = name.rpartition("/")
    if kind == "vscode":
        space, _, last = name.partition(".")
    if kind == "pypi":
        last = re.sub(r"[-_.]+", "-", last).lower()
    try:
        return PackageURL(type=kind, namespace=space or None, name=last, version=version or None)
    except ValueError:
        return None


def vulnerabilities(contents: Contents, packages: Iterable[BundledPackage]) -> Iterator[Listed]:
    """Advisories of packages that are components."""
    refs = {(p.ecosystem, p.name, p.version): ref_of(p) for p in packages}
    for known in contents.vulnerabilities:
        ref = refs.get((known.ecosystem, known.package, known.version))
        if ref is not None:
            yield Listed(
                bom_ref=f"{known.advisory} {ref}",
                id=known.advisory,
                description=known.summary or None,
                recommendation=f"Fixed in {known.fixed}." if known.fixed else None,
                ratings=_ratings(known),
                affects=[BomTarget(ref=ref)],
            )


def _ratings(known: Vulnerability) -> list[VulnerabilityRating]:
    severity = _SEVERITIES.get(known.severity.lower())
    return [VulnerabilityRating(severity=severity)] if severity else []


def _uri(address: str) -> str:
    return urllib.parse.quote(address.encode("utf-8", "backslashreplace"), safe=":/?#@!$&'*+,;=%~")
