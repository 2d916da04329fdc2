"""The machine's host name."""

import dataclasses
import re
from collections.abc import Callable

from clearance.lab.factors.context import FactorContext, name, with_extra
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName

_BASELINE = "devbox-01"
_LEVELS = (
    "deepseek-dev-17",
    "ip-10-0-12-34.ec2.internal",
    "ws-4411.jpmorgan.example",
    "sandbox-07",
    "MacBook-Pro-7.local",
    "yandex-build-3",
    "runner-x7k2p9qa",
    "openai-research-02",
    "samsung-dev-22",
    "DESKTOP-7K2Q9LM",
    "analysis-vm",
    "gov-ws-0042",
    "localhost",
    "kali",
)
_HOSTNAME = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$")


def build(context: FactorContext) -> Factor:
    """The factor; extra levels are host names of at most 63 characters."""
    factor = Factor(
        name=FactorName("hostname"),
        why="What a machine is called says who owns it, and nothing about the work done on it.",
        baseline=_level(_BASELINE),
        levels=tuple(map(_level, _LEVELS)),
        order=5,
    )
    return with_extra(context, factor, lambda value: _level(value) if _HOSTNAME.match(value) else None)


def _level(hostname: str) -> Level:
    plain = dict.fromkeys((hostname, hostname.lower(), hostname.partition(".")[0]))
    return Level(name=name(hostname), stage=_stage(hostname), renderings=tuple(plain))


def _stage(hostname: str) -> Callable[[Staging], Staging]:
    return lambda staging: dataclasses.replace(staging.with_env(HOSTNAME=hostname), hostname=hostname)
