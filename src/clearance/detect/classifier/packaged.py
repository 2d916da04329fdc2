"""The weights that ship in the package."""

from importlib import resources


def read(name: str) -> bytes:
    """The bytes of one of the files. Raises OSError."""
    return resources.files(__package__).joinpath("weights", name).read_bytes()
