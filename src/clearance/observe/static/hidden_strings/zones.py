"""Time zones by the names of IANA's database: an area and a place in it, or one of the names kept for old programs."""

import re
from typing import Final

_ZONE: Final = re.compile(
    r"Etc/(?:GMT(?:[+-]?\d{1,2})?|UTC|UCT|Universal|Greenwich|Zulu)"
    r"|(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)"
    r"/[A-Z][A-Za-z]*(?:[_-][A-Za-z]+)*(?:[+-]?\d{1,2})?(?:/[A-Z][A-Za-z]+(?:[_-][A-Za-z]+)*)?",
    re.IGNORECASE,
)
_OLD: Final = frozenset(
    """cuba egypt eire gb gb-eire gmt greenwich hongkong iceland iran israel jamaica japan kwajalein libya navajo nz
    nz-chat poland portugal prc roc rok singapore turkey uct utc universal w-su zulu""".split()
)


def is_zone(item: str) -> bool:
    """True for a zone's name, written in any case."""
    return _ZONE.fullmatch(item) is not None


def is_old_zone(item: str) -> bool:
    """True for a name without an area: among names with one it is a zone too."""
    return item.lower() in _OLD
