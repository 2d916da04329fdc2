"""The pattern engine: a table of expressions in, the places where they match out, in one pass over any bytes.

1. ``Patterns.compile(rows)`` gives an ``Engine``; ``engine.scan(text)`` gives ``Match(row, start, end)`` in bytes.
2. hyperscan looks, or re2 where there is no hyperscan; both give the same answers. Without either we refuse.
3. Rows are checked before they are used (``syntax.py``).
"""

from clearance.detect.patterns.engine import Engine, Patterns
from clearance.detect.patterns.errors import NoEngine, PatternRefused, PatternsError
from clearance.detect.patterns.rows import Match, PatternRow, Verifier

__all__ = ["Engine", "Match", "NoEngine", "PatternRefused", "PatternRow", "Patterns", "PatternsError", "Verifier"]
