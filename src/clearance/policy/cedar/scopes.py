"""The scope of a record as one Cedar expression.

What tightens holds where the use does not say; what loosens does not. So each part of a scope is ``if it is known then
it fits else (whether the record tightens)``.
"""

from collections.abc import Iterator

from clearance.model.decision import Scope
from clearance.policy.cedar import texts
from clearance.policy.cedar.labels import window_label
from clearance.policy.errors import PolicyError
from clearance.policy.versions import Bound, semver_bounds


def scope_expression(scope: Scope, *, tightens: bool) -> str:
    """The expression that is true for exactly the uses that lie in the scope."""
    return " && ".join(f"({part})" for part in _parts(scope, tightens)) or "true"


def _parts(scope: Scope, tightens: bool) -> Iterator[str]:  # noqa: FBT001 - handed on
    otherwise = "true" if tightens else "false"
    yield from _tools(scope, tightens)
    if scope.versions:
        yield f"if context.versionKnown then ({_versions(scope.versions, tightens)}) else {otherwise}"
    if scope.models:
        yield f"if context has model then {_models(scope.models)} else {otherwise}"
    for attribute, named in (
        ("provider", scope.providers),
        ("channel", tuple(channel.value for channel in scope.channels)),
        ("entity", scope.entities),
        ("ring", scope.rings),
        ("dataClass", scope.data_classes),
        ("who", scope.people),
    ):
        if named:
            yield f"if context has {attribute} then {texts.names(named)}.contains(context.{attribute}) else {otherwise}"
    if scope.countries:
        yield f"if context has country then {_countries(scope.countries, tightens)} else {otherwise}"
    if scope.groups:
        groups = ", ".join(f"Group::{texts.literal(group)}" for group in sorted(set(scope.groups)))
        yield f"if context.groupsKnown then principal in [{groups}] else {otherwise}"


def _tools(scope: Scope, tightens: bool) -> Iterator[str]:  # noqa: FBT001 - handed on
    if scope.tools or not tightens:
        tools = [*scope.tools, *([""] if tightens else [])]
        named = ", ".join(f"Tool::{texts.literal(tool)}" for tool in sorted(set(tools)))
        yield f"resource in [{named}]" if scope.tools else 'resource != Tool::""'


def _versions(window: str, tightens: bool) -> str:  # noqa: FBT001 - handed on
    told = f"context.matches.contains({texts.literal(window_label(window, tightens=tightens))})"
    try:
        bounds = semver_bounds(window)
    except PolicyError:  # a window of PEP 440
        return told
    if any(bound.prerelease for bound in bounds):
        return told
    return f"if context has version then {_compared(bounds, tightens)} else {told}"


def _compared(bounds: tuple[Bound, ...], tightens: bool) -> str:  # noqa: FBT001 - handed on
    release = " && ".join(_release(bound) for bound in bounds) or "true"
    if not tightens:
        return f"(!context.version.prerelease && ({release}))"
    before = " && ".join(_before(bound) for bound in bounds) or "true"
    return f"(({release}) || (context.version.prerelease && ({before})))"


def _release(bound: Bound) -> str:
    """Whether the release of that number fits the bound."""
    more, same = _more(bound), _same(bound)
    return {
        ">=": f"({more} || {same})",
        ">": f"{more}",
        "<=": f"!({more})",
        "<": f"!({more} || {same})",
        "!=": f"!({same})",
    }.get(bound.operator, f"({same})")


def _before(bound: Bound) -> str:
    """Whether a prerelease of that number fits the bound: it lies below the release."""
    more, same = _more(bound), _same(bound)
    return {
        ">=": f"{more}",
        ">": f"{more}",
        "<=": f"!({more})",
        "<": f"(!({more}) || {same})",
        "!=": "true",
    }.get(bound.operator, "false")


def _more(bound: Bound) -> str:
    major, minor, patch = bound.numbers
    v = "context.version"
    return (
        f"({v}.major > {major} || ({v}.major == {major} && ({v}.minor > {minor} || "
        f"({v}.minor == {minor} && {v}.patch > {patch}))))"
    )


def _same(bound: Bound) -> str:
    major, minor, patch = bound.numbers
    v = "context.version"
    return f"({v}.major == {major} && {v}.minor == {minor} && {v}.patch == {patch})"


def _models(globs: tuple[str, ...]) -> str:
    return texts.any_of([f"context.model like {texts.pattern(glob.lower())}" for glob in globs])


def _countries(named: tuple[str, ...], tightens: bool) -> str:  # noqa: FBT001 - handed on
    inside = (
        f"({texts.names(named)}.contains(context.country) || "
        f"(if context has part then {texts.names(named)}.contains(context.part) else false))"
    )
    parts_of = {place.partition("-")[0] for place in named if "-" in place}
    if not tightens or not parts_of:
        return inside
    return f"({inside} || (!(context has part) && {texts.names(parts_of)}.contains(context.country)))"
