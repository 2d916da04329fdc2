"""A span of versions."""

import re

import msgspec

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


class VersionSpan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """From ``minimum`` (included) to ``maximum`` (included unless ``maximum_excluded``); empty ends are open."""

    minimum: str = ""
    maximum: str = ""
    maximum_excluded: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no version."""
        for version in (self.minimum, self.maximum):
            if version and not _VERSION.fullmatch(version):
                raise ValueError(f"not a version: {version!r}")
        if self.maximum_excluded and not self.maximum:
            raise ValueError("maximum_excluded without a maximum")

    @property
    def everything(self) -> bool:
        """Whether both ends are open."""
        return not self.minimum and not self.maximum

    def __str__(self) -> str:
        if self.everything:
            return "every version"
        most = f"{'<' if self.maximum_excluded else '<='} {self.maximum}" if self.maximum else ""
        return ", ".join(part for part in (f">= {self.minimum}" if self.minimum else "", most) if part)
