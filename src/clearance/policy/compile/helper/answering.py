"""What a believed bundle says about one tool, one version and one model, here and now.

A bundle holds a list of periods for each audience: the compiler worked out what holds when, so that nothing is decided
here. Where it says nothing, the answer is no.
"""

import fnmatch

from clearance.policy.compile.helper.reading import Refused
from clearance.policy.compile.helper.versions import inside


def standing(payload: "dict[str, object]", tool: str, audience: str, now: float) -> "dict[str, object]":
    """What holds for the tool. Raises Refused where the bundle says nothing."""
    audiences = _table(payload.get("audiences"))
    if audience not in audiences:
        known = ", ".join(sorted(name or "everybody" for name in audiences))
        raise Refused("this machine's audience is " + repr(audience) + ", and the policy is for " + known)
    periods = _table(audiences[audience]).get(tool)
    for period in periods if isinstance(periods, list) else ():
        if float(period["from"]) <= now < float(period["until"]):
            return _table(period)
    raise Refused("no decision allows " + tool)


def judged(period: "dict[str, object]", tool: str, version: str) -> None:
    """Raise Refused if this version may not start. ``version`` is empty where it could not be found out."""
    name = tool + " " + version if version else tool
    if period.get("closed"):
        raise Refused(str(period.get("message") or name + " may not be used"))
    bans, spans = period.get("bans"), period.get("allowed")
    banned = bans if isinstance(bans, list) else []
    allowed = spans if isinstance(spans, list) else []
    if not version and (banned or any(span.get("minimum") or span.get("maximum") for span in allowed)):
        raise Refused("the version of " + tool + " could not be found out, and not every version is allowed")
    for ban in banned:
        if inside(version, ban):
            raise Refused(name + " may not be used. " + str(ban.get("message") or ""))
    if version and not any(inside(version, span) for span in allowed):
        said = "; ".join(str(span.get("text") or "") for span in allowed)
        raise Refused(
            name + " may not be used: allowed is " + (said or "no version") + ". " + str(period.get("message") or "")
        )


def mode_judged(period: "dict[str, object]", model: str, mode: str) -> None:
    """Raise Refused for a model or a permission mode that may not be used; empty where the tool told none."""
    allowed, denied = period.get("models"), period.get("denied_models")
    if model and _any(model, denied):
        raise Refused("the model " + model + " may not be used. " + str(period.get("message") or ""))
    if model and isinstance(allowed, list) and allowed and not _any(model, allowed):
        raise Refused("the model " + model + " may not be used: allowed is " + ", ".join(allowed) + ".")
    if period.get("no_bypass") and mode in ("yolo", "bypassPermissions", "bypass-permissions"):
        raise Refused(
            "the mode that asks for nothing (" + mode + ") may not be used. " + str(period.get("message") or "")
        )


def _any(model: str, patterns: object) -> bool:
    names = {model.lower(), model.lower().rpartition("/")[2]}
    listed = patterns if isinstance(patterns, list) else []
    return any(fnmatch.fnmatchcase(name, str(pattern).lower()) for name in names for pattern in listed)


def _table(value: object) -> "dict[str, object]":
    return value if isinstance(value, dict) else {}
