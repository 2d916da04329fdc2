"""A simple command, whatever language it was written in."""

from dataclasses import dataclass

from clearance.detect.commands.value import EMPTY, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One program with its words, and what is connected to it."""

    program: str
    """Lower case, without folder and ``.exe``."""
    called: str
    """As it was written, resolved."""
    words: tuple[Value, ...]
    stdin: Value = EMPTY
    piped: bool = False
    """Whether something is connected to its standard input."""
    writes: tuple[Value, ...] = ()
    """Where its output is redirected to."""

    @property
    def line(self) -> str:
        """The resolved command, cut to a length for people."""
        return " ".join((self.called, *(w.text for w in self.words)))[:300]

    @property
    def texts(self) -> tuple[str, ...]:
        """The words in lower case."""
        return tuple(w.text.lower() for w in self.words)


def program_of(called: str) -> str:
    r"""The name by which a program is known: ``C:\Windows\System32\Reg.exe`` is ``reg``."""
    name = called.strip().strip("\"'").replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    for ending in (".exe", ".com"):
        name = name.removesuffix(ending)
    return name
