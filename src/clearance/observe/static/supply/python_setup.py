"""``setup.py`` of a source archive: installing runs it, so what it does beyond describing the package is shown."""

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Final

from clearance.observe.static.supply.found import Found, Manifest

_LARGEST: Final = 256 << 10
_CALLS: Final = re.compile(
    r"(?:os\.(?:system|popen|exec\w*|spawn\w*|startfile|putenv)|subprocess\.\w+|exec|eval|compile|__import__|getattr"
    r"|importlib\.import_module|(?:urllib\d?|requests|httpx|http|socket|ftplib|aiohttp|urllib3)(?:\.\w+)*|urlopen|urlretrieve"
    r"|base64\.\w+|(?:codecs|binascii|zlib|marshal|pickle|ctypes|winreg)\.\w+|Popen|check_call|check_output|b64decode)\Z"
)
_COMMANDS: Final = frozenset(
    {"install", "develop", "build_py", "egg_info", "sdist", "bdist_wheel", "build", "build_ext"}
)
_MOST_LINES: Final = 60


def python_setup(manifest: Manifest) -> Found:
    """One fact with the lines that run programs, code or the network, or that replace steps of the installation."""
    found = Found()
    if manifest.name != "setup.py" or not manifest.is_project:
        return found
    subject = manifest.folder.rpartition("/")[2] or "the package"
    lines = manifest.text.splitlines()
    tree = _parsed(manifest.data)
    if tree is None:
        found.facts.append(
            manifest.fact("install-script", subject, "setup.py: cannot be read as Python", manifest.text)
        )
        return found
    numbers = sorted(dict.fromkeys(_more_than_setup(tree)))[:_MOST_LINES]
    if numbers:
        shown = "\n".join(f"{n}: {lines[n - 1].strip()[:300]}" for n in numbers if n <= len(lines))
        detail = f"setup.py: does more than describe the package, in {len(numbers)} lines"
        found.facts.append(manifest.fact("install-script", subject, detail, shown))
    return found


def _parsed(data: bytes) -> ast.Module | None:
    """The program; None for one that is none, or above 256 KiB."""
    if len(data) > _LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the compiler thinks of its escapes is not our matter
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _more_than_setup(tree: ast.Module) -> Iterator[int]:
    """Line numbers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if _CALLS.match(_dotted(node.func)):
                yield node.lineno
            yield from (k.value.lineno for k in node.keywords if k.arg == "cmdclass")
        elif isinstance(node, ast.ClassDef) and any(_dotted(b).rpartition(".")[2] in _COMMANDS for b in node.bases):
            yield node.lineno


def _dotted(node: ast.expr) -> str:
    """``os.system`` for the expression that says so; empty for others, and for names longer than eight parts."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < 8:
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""
