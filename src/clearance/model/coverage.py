"""The coverage report of a compilation, as it is written (``clearance.coverage/1``)."""

import msgspec


class CoverageLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one clause of one ruling at one target."""

    target: str
    ruling: int
    """Position in the file of rulings, from 1."""
    tool: str
    clause: str
    """Its kind: ``ban``, ``window``, ``no-telemetry`` …"""
    asked: str
    how: str
    """``enforced``, ``partly`` or ``cannot``."""
    by: str
    why: str
    decisions: tuple[str, ...] = ()


class DeviceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file that was written, and where it belongs."""

    path: str
    """Relative to the output folder."""
    sha256: str
    mode: str
    """Octal: ``0644``."""
    on_devices: dict[str, str]
    """Platform to path; empty where another system takes it."""


class CoverageReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that one compilation wrote and could not do."""

    schema: str
    tool: str
    compiled_at: str
    audience: str
    bundle_expires: str
    """Empty where no bundle was signed."""
    enforced: int
    partly: int
    cannot: int
    lines: tuple[CoverageLine, ...]
    files: tuple[DeviceFile, ...]
    tried: dict[str, str]
    """Target to the release that its coverage was tried on, or that it was not."""
    notes: tuple[str, ...] = ()
    """What nothing was compiled for, and where less holds."""
