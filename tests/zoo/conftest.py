"""Makes ``zoo.catalogue`` and ``zoo.stage`` importable from tests: the zoo is a library for them too."""

import sys
from pathlib import Path

_TESTS = str(Path(__file__).parent.parent)
if _TESTS not in sys.path:
    sys.path.append(_TESTS)
