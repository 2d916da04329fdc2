"""The login: user name, and with it the home and the project's path."""

import re
from collections.abc import Callable

from clearance.lab.expand import Expansion
from clearance.lab.factors.context import FactorContext, name, with_extra
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName

_BASELINE = "dev"
_LEVELS = (
    "zhangwei",
    "runner",
    "ivanov",
    "root",
    "sandbox",
    "jsmith",
    "priya.sharma",
    "ubuntu",
    "tanaka",
    "researcher",
    "admin",
    "analyst",
    "redteam",
    "coder",
)
_USERNAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,31}$")


def build(context: FactorContext) -> Factor:
    """The factor; it is staged first, because every path in the home follows from it."""
    expansion = context.expansion
    factor = Factor(
        name=FactorName("username"),
        why="Whose login it is changes paths, which a prompt may state; nothing else may hang on a person's name.",
        baseline=_level(expansion, _BASELINE),
        levels=tuple(_level(expansion, user) for user in _LEVELS),
        order=0,
    )
    return with_extra(context, factor, lambda v: _level(expansion, v) if _USERNAME.match(v) else None)


def _level(expansion: Expansion, user: str) -> Level:
    slug = re.sub(r"[^A-Za-z0-9]", "-", user)  # how tools turn a path into one name
    plain = dict.fromkeys((f"/home/{user}", user, f"-home-{slug}", slug))
    return Level(name=name(user), stage=_stage(expansion, user), renderings=tuple(plain))


def _stage(expansion: Expansion, user: str) -> Callable[[Staging], Staging]:
    return lambda staging: expansion.with_user(staging, user)
