"""Which controls the findings of a rule bear on, and why: read from ``controls.toml``."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from clearance.model.finding import Finding
from clearance.model.ids import RuleId

NIST = "nist-800-53"
"""The framework whose controls OSCAL's own objectives are."""
_EVERY = RuleId("*")


class _Framework(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    source: str
    items: dict[str, str]


class _Concern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    rules: tuple[RuleId, ...]
    controls: tuple[tuple[str, str, str], ...]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    framework: dict[str, _Framework]
    concern: tuple[_Concern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control, clause or article."""

    framework: str
    """``nist-800-53``."""
    edition: str
    """``NIST SP 800-53 Rev. 5``."""
    source: str
    number: str
    """``sc-31``, ``Article 28``."""
    title: str

    @property
    def id(self) -> str:
        """``nist-800-53:sc-31``."""
        return f"{self.framework}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """A control that a rule bears on, and why."""

    control: Control
    why: str


def bearings(rule: RuleId) -> tuple[Bearing, ...]:
    """The controls that a rule bears on, in the table's order. Rules that it does not name have those of every rule."""
    return tuple(
        Bearing(control=_controls()[framework, number], why=why)
        for concern in _table().concern
        if rule in concern.rules or _EVERY in concern.rules
        for framework, number, why in concern.controls
    )


def mapped_rules() -> frozenset[RuleId]:
    """Every rule that the table names."""
    return frozenset(rule for concern in _table().concern for rule in concern.rules) - {_EVERY}


def controls_of(findings: Iterable[Finding]) -> tuple[Control, ...]:
    """Every control that some finding's rule bears on, each once, in the frameworks' order."""
    wanted = {bearing.control.id for finding in findings for bearing in bearings(finding.rule)}
    return tuple(control for control in _controls().values() if control.id in wanted)


@cache
def _controls() -> dict[tuple[str, str], Control]:
    return {
        (key, number): Control(
            framework=key, edition=framework.title, source=framework.source, number=number, title=title
        )
        for key, framework in _table().framework.items()
        for number, title in framework.items.items()
    }


@cache
def _table() -> _Table:
    text = resources.files(__package__).joinpath("controls.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), type=_Table)
