"""What makes something run, before it is followed to the files that it names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A command line, or a file, that runs at a moment."""

    moment: str
    """As in ``model.contents.Started``."""
    said: str
    path: str
    """The member that says so."""
    folder: str
    """Where a command line runs, and names in it begin."""
    command: str = ""
    file: str = ""
    """The member that runs, where it is no command line."""
    dialect: str = ""
    """Of the file, where its name does not tell."""
