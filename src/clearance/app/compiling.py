"""Wiring of a compilation: rulings in, a folder of files for devices and its coverage report out."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from clearance import __version__
from clearance.app.compiled_folder import OutputFile, refuse_foreign, write_folder
from clearance.model.coverage import CoverageReport, DeviceFile
from clearance.model.ruling import Ruling
from clearance.policy.compile import ALL
from clearance.policy.compile.coverage import lines_of
from clearance.policy.compile.errors import CompileError
from clearance.policy.compile.facts import facts
from clearance.policy.compile.helper_bundle import helper_files, payload, sealed
from clearance.policy.compile.rulings_file import read_rulings
from clearance.policy.compile.target import CompiledFile, Context, CoverageRow, How, Target
from clearance.report.coverage import COVERAGE_SCHEMA_ID, render_coverage_json, render_coverage_markdown

HELPER = "helper"
_WINDOWS = (
    "The helper runs on Linux and macOS. Windows devices get what holds without it: compile without a key to see that."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileWish:
    """What the user asked for."""

    rulings: Path
    targets: tuple[str, ...]
    out: Path
    at: datetime
    audience: str = ""
    key: Path | None = None
    valid_for: timedelta = timedelta(days=14)
    interpreter: str = "/usr/bin/python3"


def compile_policy(wish: CompileWish) -> CoverageReport:
    """Compile, write the folder, return the report. Raises CompileError, Unwritable; then nothing was written."""
    refuse_foreign(wish.out)
    rulings = _read(wish.rulings)
    _refuse_unheard_of(wish.audience, rulings)
    chosen = tuple(target for target in ALL if target.id in wish.targets)
    key = _key(wish.key) if wish.key else None
    context = _context(wish, key)
    expires = wish.at + wish.valid_for
    files: list[tuple[str, CompiledFile]] = []
    rows: list[CoverageRow] = []
    for target in _ruled(chosen, rulings):
        compiled = target.compile(rulings, context)
        files += [(target.id, file) for file in compiled.files]
        rows += compiled.coverage
    if key is not None:
        bundle = sealed(payload(rulings, now=wish.at, expires=expires), key.sign)
        files += [(HELPER, file) for file in helper_files(context, bundle)]
    report = _report(wish, rulings, rows, files, notes=_notes(chosen, rulings, with_helper=key is not None))
    write_folder(wish.out, _outputs(files, report))
    return report


def fails(report: CoverageReport, fail_on: str) -> bool:
    """Whether the exit code says so: ``cannot``, ``partly`` or ``never``."""
    return (fail_on in {How.CANNOT, How.PARTLY} and report.cannot > 0) or (fail_on == How.PARTLY and report.partly > 0)


def _read(path: Path) -> tuple[Ruling, ...]:
    try:
        return read_rulings(path.read_bytes(), path.name).ruling
    except OSError as error:
        raise CompileError(f"{path} cannot be read: {error.strerror}.", advice="Name a file of rulings.") from error


def _refuse_unheard_of(audience: str, rulings: Sequence[Ruling]) -> None:
    """A mistyped audience would be refused on every device that it reaches."""
    known = sorted({r.audience for r in rulings} - {""})
    if audience and audience not in known:
        raise CompileError(
            f"No ruling is for the audience {audience!r}.",
            advice=f"Audiences are: {', '.join(known)}." if known else "All rulings are for everybody: leave it out.",
        )


def _key(path: Path) -> Ed25519PrivateKey:
    advice = "Make one with: openssl genpkey -algorithm ed25519 -out policy-key.pem"
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CompileError(f"{path} is no private key in PEM: {error}", advice=advice) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CompileError(f"{path} is no Ed25519 key.", advice=advice)
    return key


def _context(wish: CompileWish, key: Ed25519PrivateKey | None) -> Context:
    public = key.public_key().public_bytes_raw().hex() if key else ""
    return Context(
        now=wish.at,
        audience=wish.audience,
        helper_key=public,
        interpreter=wish.interpreter,
        version=__version__,
    )


def _ruled(chosen: Sequence[Target], rulings: Sequence[Ruling]) -> tuple[Target, ...]:
    tools = {r.tool for r in rulings}
    return tuple(t for t in chosen if not t.tool or t.tool in tools)


def _notes(chosen: Sequence[Target], rulings: Sequence[Ruling], *, with_helper: bool) -> tuple[str, ...]:
    tools = {r.tool for r in rulings}
    own = {t.tool for t in chosen}
    silent = [
        f"No ruling is about {t.tool}: nothing was compiled for it." for t in chosen if t.tool and t.tool not in tools
    ]
    lost = [f"Rulings about {tool} reached no target of its own." for tool in sorted(tools - own)]
    return (*silent, *lost, *([_WINDOWS] if with_helper else []))


def _report(
    wish: CompileWish,
    rulings: Sequence[Ruling],
    rows: Sequence[CoverageRow],
    files: Sequence[tuple[str, CompiledFile]],
    *,
    notes: tuple[str, ...],
) -> CoverageReport:
    counted = Counter(row.how for row in rows)
    return CoverageReport(
        schema=COVERAGE_SCHEMA_ID,
        tool=f"clearance {__version__}",
        compiled_at=wish.at.astimezone(UTC).isoformat(timespec="seconds"),
        audience=wish.audience,
        bundle_expires=(wish.at + wish.valid_for).astimezone(UTC).isoformat(timespec="seconds") if wish.key else "",
        enforced=counted[How.ENFORCED],
        partly=counted[How.PARTLY],
        cannot=counted[How.CANNOT],
        lines=lines_of(rows, rulings),
        files=tuple(_device_file(folder, file) for folder, file in files),
        tried={target: facts(target).seen for target in sorted({row.target for row in rows})},
        notes=notes,
    )


def _device_file(folder: str, file: CompiledFile) -> DeviceFile:
    return DeviceFile(
        path=f"{folder}/{file.name}",
        sha256=hashlib.sha256(file.content).hexdigest(),
        mode=f"{file.mode:04o}",
        on_devices={platform.value: path for platform, path in file.paths.items()},
    )


def _outputs(files: Sequence[tuple[str, CompiledFile]], report: CoverageReport) -> dict[str, OutputFile]:
    found = {f"{folder}/{file.name}": OutputFile(content=file.content, mode=file.mode) for folder, file in files}
    texts = {"COVERAGE.md": render_coverage_markdown(report), "coverage.json": render_coverage_json(report)}
    return found | {name: OutputFile(content=text.encode()) for name, text in texts.items()}
