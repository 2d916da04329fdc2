"""Two releases compared: their facts, and every literal and property name that only one of them has."""

import datetime
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clearance import __version__
from clearance.detect.concern import new_findings, ranked
from clearance.intake.acquire import Acquired
from clearance.intake.cache import Cache
from clearance.intake.unpack.inside import FoundMember, InsideLimits, open_release
from clearance.lab.look import LookOptions, LookWatcher, examine_release, judged, own_files, release_key
from clearance.model.comparison import ReleaseChange, ReleaseComparison
from clearance.model.contents import Language
from clearance.model.look import Look
from clearance.observe.static.changes import changes
from clearance.observe.static.escapes import unescape
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python, lex_shell
from clearance.observe.static.wording import Rows, only_in, united, wording

_KEPT = "wording"
_LEXERS = {Language.JAVASCRIPT: lex_javascript, Language.PYTHON: lex_python, Language.SHELL: lex_shell}
_LARGEST = 256 << 20
MOST_LITERALS = 400
"""New or gone literals that are listed one by one."""
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two releases."""

    acquired: Acquired
    look: Look
    rows: Rows


def side_of(acquired: Acquired, options: LookOptions, *, store: Path, watcher: LookWatcher, began: float) -> Side:
    """Look at one release and take down its wording. Raises IntakeError."""
    examined, cached = examine_release(acquired, options, store=store, watcher=watcher)
    look = judged(examined, cached=cached, began=began, downloaded=acquired.downloaded_bytes)
    return Side(acquired=acquired, look=look, rows=_wording_of(acquired, options, store))


def compare_sides(before: Side, after: Side, *, store: Path) -> ReleaseComparison:
    """What is different, in order of concern."""
    come, gone = only_in(after.rows, before.rows), only_in(before.rows, after.rows)
    found = [
        *new_findings(before.look.findings, after.look.findings),
        *changes((before.look.release, before.look.contents), (after.look.release, after.look.contents)),
        *_texts(after, come, "added", store),
        *_texts(before, gone, "removed", store),
    ]
    return ReleaseComparison(
        before=before.look.release,
        after=after.look.release,
        changes=ranked(found),
        literals=(len(before.rows), len(after.rows), len(come), len(gone)),
        created=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        tool=f"clearance {__version__}",
    )


def _wording_of(acquired: Acquired, options: LookOptions, store: Path) -> Rows:
    kept, key = Cache(store), release_key(acquired)
    if not options.fresh and (raw := kept.noted(_KEPT, key)) is not None:
        rows: Rows = np.load(io.BytesIO(raw), allow_pickle=False)
        return rows
    with kept.scratch() as scratch:
        opened = open_release(acquired.root, own_files(acquired), scratch=scratch, limits=InsideLimits())
        rows = united([_rows(index, found) for index, found in _scripts(opened.members)])
    held = io.BytesIO()
    np.save(held, rows, allow_pickle=False)
    kept.note(_KEPT, key, held.getvalue())
    return rows


def _scripts(members: Sequence[FoundMember]) -> Iterator[tuple[int, FoundMember]]:
    for index, found in enumerate(members):
        if found.member.language in _LEXERS and found.member.size <= _LARGEST:
            yield index, found


def _rows(index: int, found: FoundMember) -> Rows:
    with found.file.open("rb") as file:
        file.seek(found.start)
        data = file.read(found.member.size)
    return wording(_LEXERS[found.member.language](data), index)


def _texts(side: Side, rows: Rows, how: str, store: Path) -> Iterator[ReleaseChange]:
    """The longest of the literals, and all property names in one change."""
    names = rows[rows["size"] < 0]
    literals = rows[rows["size"] > 0]
    chosen = literals[np.argsort(-literals["size"], kind="stable")][:MOST_LITERALS]
    with Cache(store).scratch() as scratch:
        opened = open_release(side.acquired.root, own_files(side.acquired), scratch=scratch, limits=InsideLimits())
        for row in chosen:
            found = opened.members[int(row["member"])]
            text = unescape(_read(found, int(row["offset"]), min(int(row["size"]), 4 * _SHOWN)))[:_SHOWN]
            where = f"{found.member.path}, byte {int(row['offset'])}"
            yield ReleaseChange(kind="literal", how=how, subject=text, where=where)
        listed = sorted(
            _read(opened.members[int(row["member"])], int(row["offset"]), -int(row["size"])).decode("utf-8", "replace")
            for row in names[: 20 * MOST_LITERALS]
        )
    if listed:
        shown = ", ".join(listed[:80]) + (f" and {len(names) - 80} more" if len(names) > 80 else "")
        yield ReleaseChange(kind="property", how=how, subject=f"{len(names)} names of properties", after=shown)


def _read(found: FoundMember, offset: int, size: int) -> bytes:
    with found.file.open("rb") as file:
        file.seek(found.start + offset)
        data: bytes = file.read(size)
    return data
