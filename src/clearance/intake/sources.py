"""A release of the npm registry: a profile and a version to a tree in the cache; what every source works with."""

from dataclasses import dataclass

from clearance.intake import npm
from clearance.intake.fetch import Fetcher
from clearance.intake.machine import Machine
from clearance.intake.npm_registry import Registry
from clearance.intake.placement import build_tree
from clearance.intake.record import Finding, Taken, keep, recall
from clearance.intake.unpack.door import Limits
from clearance.model.profile import Profile
from clearance.model.release import SourceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an acquisition works with."""

    fetcher: Fetcher
    machine: Machine
    limits: Limits
    to_run: bool = True
    """False: the release is only read, so that a Python which is not here will do."""


def from_npm(profile: Profile, wanted: str, registry: Registry, setting: Setting) -> Taken:
    """The package with its platform package and dependencies; ``package`` is ``node_modules/<name>``."""
    name = profile.source.name
    key = f"npm {registry.url} {setting.machine.slug} {profile.id} {name}"
    if (kept := recall(setting.fetcher, f"{key}@{wanted}", setting.limits)) is not None:
        return kept
    packument, version = npm.pick(registry, name, wanted)
    key = f"{key}@{version}"
    if (kept := recall(setting.fetcher, key, setting.limits)) is not None:
        return kept
    found = npm.resolve(registry, packument, version, setting.machine)
    placements, artifacts = npm.fetch(registry, found)
    _, root, manifest = build_tree(setting.fetcher.cache, placements, setting.limits)
    finding = Finding(
        assistant=profile.id,
        title=profile.title,
        version=version,
        source=SourceType.NPM,
        platform=setting.machine.platform,
        package=f"node_modules/{name}",
        placements=placements,
        artifacts=artifacts,
        problems=tuple(found.problems),
    )
    paths = {entry.path for entry in manifest.files}
    return keep(setting.fetcher.cache, key, finding, npm.install_scripts(found, paths.__contains__), (root, manifest))
