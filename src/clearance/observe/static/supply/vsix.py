"""The manifest of an extension for VS Code and its kin: who publishes it, when it starts, what it brings with it."""

from typing import Final

from clearance.observe.static.documents.node import Node
from clearance.observe.static.supply.found import Found, Manifest

_AT_START: Final = frozenset({"*", "onStartupFinished"})


def vsix(manifest: Manifest, value: Node, found: Found) -> None:
    """Add what the manifest says beyond an npm manifest."""
    publisher = value.text("publisher")
    subject = ".".join(filter(None, (publisher, value.text("name"))))
    if publisher:
        found.facts.append(manifest.fact("publisher", publisher, f"the manifest names {publisher} as publisher"))
    events = [event for event in value.texts("activationEvents") if event in _AT_START]
    if events:
        when = "before the editor is ready" if "*" in events else "each time the editor has started"
        found.facts.append(manifest.fact("starts-by-itself", subject, f"it is started {when}", ", ".join(events)))
    for key, kind in (("extensionDependencies", "runtime"), ("extensionPack", "optional")):
        for name in value.texts(key):
            found.dependencies.append(manifest.dependency(name, "", "vscode", kind))
    if value.text("version") and publisher:
        found.packages.append(manifest.package(subject, value.text("version"), "vscode", "package.json"))
    for proposal in value.texts("enabledApiProposals"):
        found.facts.append(manifest.fact("proposed-api", subject, f"it uses the proposed API {proposal}"))
