"""Python requirements as lines of text."""

from packaging.requirements import InvalidRequirement, Requirement

from clearance.observe.static.supply.found import Found, Manifest


def requirement(manifest: Manifest, text: str, kind: str, found: Found) -> None:
    """Add what one requirement asks for, and where from if that is not the index; what is none is left out."""
    try:
        wanted = Requirement(text[:1000])
    except InvalidRequirement:
        return
    if wanted.marker is not None and "extra" in str(wanted.marker) and kind == "runtime":
        kind = "optional"
    found.dependencies.append(manifest.dependency(wanted.name, wanted.url or str(wanted.specifier), "PyPI", kind))
    if wanted.url:
        found.facts.append(manifest.fact("dependency-elsewhere", wanted.name, wanted.url))
