"""What follows from several things together that none of them says alone."""

from typing import Final

from clearance.detect.commands.scene import Scene
from clearance.model.command import CommandCapability as Can

_MANY: Final = 3


def combine(scene: Scene) -> None:
    """Add what the combination of sightings says; each is a sighting of its own."""
    asked = [s for s in scene.sightings.values() if s.capability is Can.DISCOVER]
    if len(asked) >= _MANY:
        weight = min(0.6, 0.12 * len(asked))
        scene.see(
            Can.DISCOVER, weight, f"It asks {len(asked)} different things about the machine, its users or its network."
        )
    gathered = [
        s for s in scene.sightings.values() if s.capability is Can.COLLECT and s.sentence.startswith("It gathers")
    ]
    if gathered and len(asked) > 1:
        scene.see(Can.COLLECT, 0.3, "It asks about the machine and keeps the answers.")
    shell = any("a shell" in s.sentence for s in scene.sightings.values())
    if shell and scene.destinations:
        scene.see(Can.EXECUTE, 0.6, f"It has a shell and a connection: {', '.join(list(scene.destinations)[:2])[:80]}.")
    hidden = any(s.capability is Can.HIDE and s.weight >= 0.3 for s in scene.sightings.values())
    acts = any(
        s.capability in (Can.PERSIST, Can.UPLOAD, Can.DESTROY) and s.weight >= 0.2 for s in scene.sightings.values()
    )
    if hidden and acts:
        scene.see(Can.HIDE, 0.4, "It hides something and does something that would be seen.")
