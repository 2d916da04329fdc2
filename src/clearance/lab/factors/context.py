"""What a campaign tells its factors: the release's expansion, the time, the canaries, levels found elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from clearance.lab.canaries.tokens import CanarySet
from clearance.lab.expand import Expansion
from clearance.lab.staging import Factor, Level
from clearance.model.ids import FactorName, LevelName
from clearance.model.profile import Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorContext:
    """Everything a factor may need to build its levels. Nothing in it is read from the machine."""

    expansion: Expansion
    """Rewrites command, environment and files when the base URL or the login changes."""
    now: datetime
    """The campaign's start, with its time zone: staged clocks are counted from here."""
    canaries: CanarySet
    seed: int = 0
    extra: Mapping[FactorName, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Values that static examination found in the release: time zones, hosts, locales, host names, user names."""
    installed_locales: tuple[str, ...] = ()
    """What ``locale -a`` lists; levels outside it are staged by their variables alone."""

    @property
    def dialect(self) -> Dialect:
        """The model API that the assistant speaks."""
        return self.expansion.run.api

    def own_variables(self) -> frozenset[str]:
        """Variables of the assistant under test that no factor may touch."""
        return frozenset(self.expansion.run.env)


BuildFactor = Callable[[FactorContext], Factor]
"""What each factor's module offers as ``build``."""


def with_extra(context: FactorContext, factor: Factor, make: Callable[[str], Level | None]) -> Factor:
    """The factor with the campaign's extra values as levels, each once.

    Extra and general levels alternate: what a release carries is telling, but a release that carries a long list of
    decoys must not push everything else out of the budget.
    """
    taken = {level.name for level in (factor.baseline, *factor.levels)}
    found: list[Level] = []
    for value in context.extra.get(factor.name, ()):
        level = make(value)
        if level is None:
            continue
        if level.name not in taken:
            found.append(level)
            taken.add(level.name)
        elif any(level.name == known.name for known in factor.levels) and level.name not in {f.name for f in found}:
            found.append(factor.level(level.name))
    names = {level.name for level in found}
    general = [level for level in factor.levels if level.name not in names]
    return replace(factor, levels=_alternating(found, general))


def _alternating(first: Sequence[Level], second: Sequence[Level]) -> tuple[Level, ...]:
    both = min(len(first), len(second))
    mixed = [level for pair in zip(first, second, strict=False) for level in pair]
    return (*mixed, *first[both:], *second[both:])


def name(text: str) -> LevelName:
    """A level's name: printable, one line, at most 100 characters."""
    return LevelName("".join(c if c.isprintable() else "?" for c in text)[:100])
