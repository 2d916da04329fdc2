"""Licences as manifests give them."""

import re
from typing import Final

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from clearance.observe.static.documents.node import Node

_WORDS: Final = re.compile(r"[A-Za-z0-9 .+()-]{1,200}\Z")


def licence_of(value: Node) -> str:
    """The licence of an npm manifest in any of the forms that were in use; several are joined by OR."""
    own = value.text("license") or value.text("license", "type") or value.text("licence")
    if own:
        return own
    several = value.each("licenses") or value.each("license")
    return " OR ".join(filter(None, (item.text() or item.text("type") for item in several)))


def is_plain_licence(text: str) -> bool:
    """Whether it is an SPDX expression, so that a licence by that name can be looked up."""
    if not _WORDS.match(text):
        return False
    try:
        canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return False
    return True
