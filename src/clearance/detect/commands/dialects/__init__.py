"""Readers of languages: each walks a text and carries its simple commands out in the scene."""

from collections.abc import Callable

from clearance.detect.commands.dialects import bash, cmd, light, powershell, python
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.value import Value
from clearance.model.command import Dialect

_READERS: dict[Dialect, Callable[[Scene, str], Value]] = {
    Dialect.BASH: bash.read,
    Dialect.POWERSHELL: powershell.read,
    Dialect.CMD: cmd.read,
    Dialect.PYTHON: python.read,
    Dialect.JAVASCRIPT: light.read,
}


def interpret(scene: Scene, text: str, dialect: Dialect) -> Value:
    """Read a text in one language; returns what it prints."""
    before, scene.dialect = scene.dialect, dialect
    try:
        return _READERS[dialect](scene, text)
    finally:
        scene.dialect = before
