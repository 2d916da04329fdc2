"""The pieces as one file that plain ``python3`` runs, with its key and its paths written in."""

import re
from importlib.resources import files

PIECES = ("ed25519", "versions", "reading", "answering", "caller", "calling")
_OURS = re.compile(r"^from clearance\.[^\n]*\n", re.MULTILINE)
_IMPORT = re.compile(r"^import [a-z0-9_]+\n", re.MULTILINE)
_DOCSTRING = re.compile(r'\A"""(.*?)"""\n', re.DOTALL)
_MARK = re.compile(r"  # noqa[^\n]*")


def program(*, public_key: str, interpreter: str, bundle: str, audience: str, version: str) -> bytes:
    """The program's bytes.

    Args:
        public_key: 64 hex characters; a bundle signed by any other key is refused.
        interpreter: absolute path of python3, called isolated (``-I``) and without site packages (``-S``).
        bundle: absolute path of the signed bundle on the device.
        audience: absolute path of the file that says which audience the device belongs to.
        version: of Clearance.
    """
    sources = [files(__package__).joinpath(f"{name}.py").read_text(encoding="utf-8") for name in PIECES]
    imports = sorted({found for source in sources for found in _IMPORT.findall(source)})
    parts = [_bare(source) for source in sources]
    head = f"#!{interpreter} -IS\n# clearance-policy-helper of Clearance {version}. Do not edit: compile again.\n"
    text = head + "".join(imports) + "\n" + "\n\n".join(parts)
    for name, value in (("BUNDLE", bundle), ("AUDIENCE", audience), ("PUBLIC_KEY", public_key)):
        text = _with_constant(text, name, value)
    return text.encode()


def _with_constant(text: str, name: str, value: str) -> str:
    """The text with another value for a constant of the module."""
    before = f"\n{name} = "
    start = text.index(before) + len(before)
    return text[:start] + repr(value) + text[text.index("\n", start) :]


def _bare(source: str) -> str:
    """A piece without its imports and marks; its docstring becomes a comment."""
    said = _DOCSTRING.match(source)
    comment = "".join(f"# {line}".rstrip() + "\n" for line in said.group(1).splitlines()) if said else ""
    rest = _IMPORT.sub("", _OURS.sub("", source[said.end() :] if said else source))
    return comment + _MARK.sub("", rest).strip("\n") + "\n"
