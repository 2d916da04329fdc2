"""A script read once for all eyes, and the eyes for hidden strings, which take as long as all others together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from clearance.model.contents import HiddenString, Language, Member
from clearance.observe.static.callers import call_sites
from clearance.observe.static.digests import digest_lists
from clearance.observe.static.gather import MemberFacts, moved
from clearance.observe.static.hidden_strings import hidden_strings
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python, lex_shell
from clearance.observe.static.nearness import with_nearness
from clearance.observe.static.patterns import PatternHit, find_patterns
from clearance.observe.static.script import Script
from clearance.observe.static.sixteen_bits import as_utf8

LEXERS: Final[Mapping[Language, Callable[[bytes], Script]]] = {
    Language.JAVASCRIPT: lex_javascript,
    Language.PYTHON: lex_python,
    Language.SHELL: lex_shell,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadScript:
    """A script's literals, what was recognised in it, and where its functions are called."""

    script: Script
    hits: tuple[PatternHit, ...]
    calls: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(cls, language: Language, data: bytes) -> "ReadScript":
        """Read in a few passes over the bytes."""
        script = LEXERS[language](data)
        hits = tuple(find_patterns(data, language, script))
        return cls(script=script, hits=hits, calls=call_sites(hits, data))

    def hidden(self, index: int) -> tuple[HiddenString, ...]:
        """Strings that are not written down as they are used, with what stands near their use."""
        hidden = (*hidden_strings(self.script, index), *digest_lists(self.script, index))
        return with_nearness(hidden, self.hits, self.script, self.calls)


def hidden_facts(member: Member, index: int, data: bytes) -> MemberFacts:
    """Of a script's facts the hidden strings alone."""
    wide = as_utf8(data)
    hidden = ReadScript.of(member.language, wide[0] if wide else data).hidden(index)
    facts = MemberFacts(hidden_strings=hidden)
    return moved(facts, wide[1]) if wide else facts
