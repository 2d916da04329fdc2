"""Files that Python runs each time it starts: lines of ``.pth`` files, ``sitecustomize``, ``usercustomize``."""

import re
from typing import Final

from clearance.observe.static.supply.found import Found, Manifest

_RUN: Final = re.compile(r"^import[ \t][^\n]*", re.MULTILINE)
_CUSTOM: Final = re.compile(r"(?:site|user)customize(?:\.py|\.pyc|\.cpython-\d+\.pyc|/__init__\.py)?\Z")


def python_start(manifest: Manifest) -> Found:
    """A fact for a file that lies where Python looks at its start; a ``.pth`` file that only adds folders is none."""
    found = Found()
    if manifest.name.lower().endswith(".pth") and manifest.is_at_root:
        text = manifest.text.replace("\r\n", "\n").replace("\r", "\n")
        runs = [match[0] for match in _RUN.finditer(text)]
        if runs:
            which = f"{len(runs)} line{'s' * (len(runs) > 1)}"
            detail = f"every start of Python in the environment runs {which} of it"
            found.facts.append(manifest.fact("pth-file", manifest.name, detail, "\n".join(runs)))
    elif _CUSTOM.match(manifest.name) and manifest.is_at_root:
        detail = "every start of Python in the environment runs it"
        text = manifest.text if manifest.name.endswith(".py") else ""
        found.facts.append(manifest.fact("sitecustomize", manifest.name, detail, text))
    return found
