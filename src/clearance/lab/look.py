"""Look into a release without running it: open what hides inside, read it, keep what was seen by digest, judge it.

1. What was examined before, by this very code, is taken from the cache; rules judge it anew each time.
2. Everything below the release's tree is opened through ``intake.unpack.inside``; what could not be is in the contents.
3. Members are read by worker processes (``lab.examiner``).
4. Texts that an agent follows are judged by ``lab.judge_texts``, and rules over them are applied here too.
5. A user's own rules and advisories are applied to what was read; they are not part of what is kept.
"""

import csv
import datetime
import hashlib
import re
import resource
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from clearance import __version__
from clearance.detect.contents import ALL as RULES
from clearance.detect.rule import in_order, judge_all, verdict
from clearance.detect.texts import ALL as TEXT_RULES
from clearance.intake.acquire import Acquired
from clearance.intake.cache import Cache
from clearance.intake.unpack.inside import InsideLimits, open_release
from clearance.lab.examiner import examine_all
from clearance.lab.member_bytes import release_files
from clearance.lab.user_rules import UserRules
from clearance.model.contents import (
    AN_INTERPRETER,
    Contents,
    Examined,
    Language,
    Member,
    RuleMatch,
    SupplyFact,
    Unopened,
    Vulnerability,
)
from clearance.model.judged import JudgedTexts
from clearance.model.look import Look, LookStats
from clearance.model.release import FileEntry, Problem, Release, SourceType
from clearance.observe.static.gather import gathered, with_facts
from clearance.observe.static.starts import started
from clearance.observe.static.supply.bin_folders import commands_of_folders

_KEPT = "look"
_CLOSED = (
    "bad-name",
    "bomb",
    "dependencies-left-out",
    "encrypted",
    "path-traversal",
    "too-many-files",
    "too-many-packages",
    "unreadable",
)
"""Problems of archives whose bytes nobody read."""
_CODE = (
    "observe.static",
    "intake.unpack",
    "lab.batches",
    "lab.examine_batch",
    "lab.examiner",
    "lab.look",
    "lab.member_bytes",
    "model.carried",
    "model.contents",
    "model.readable",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookOptions:
    """How a look is made."""

    jobs: int = 2
    fresh: bool = False
    """Look again, whatever is kept."""


class LookWatcher:
    """Told how far a look is; does nothing by itself."""

    def opened(self, members: int, size: int) -> None:
        """The release was opened: how many members there are, and bytes in all."""

    def read(self, members: int, size: int) -> None:
        """So many more were read."""


def examine_release(
    acquired: Acquired, options: LookOptions, *, store: Path, watcher: LookWatcher
) -> tuple[Examined, bool]:
    """What the release holds, and whether it was kept from before. Raises IntakeError."""
    kept = Cache(store)
    key = release_key(acquired)
    if not options.fresh and (raw := kept.noted(_KEPT, key)) is not None:
        try:
            return msgspec.msgpack.decode(raw, type=Examined), True
        except msgspec.DecodeError:
            pass  # written by other code, or damaged: looked at again
    with kept.scratch() as scratch:
        contents = _contents(acquired, options, scratch, watcher)
    examined = Examined(release=acquired.release, contents=contents, examiner=examiner_id())
    kept.note(_KEPT, key, msgspec.msgpack.encode(examined))
    return examined, False


def matches_of(acquired: Acquired, rules: UserRules, *, store: Path) -> tuple[RuleMatch, ...]:
    """What the user's own rules say of every member. Raises IntakeError."""
    with Cache(store).scratch() as scratch:
        opened = open_release(acquired.root, own_files(acquired), scratch=scratch, limits=InsideLimits())
        return rules.matches(opened.members)


def judged(
    examined: Examined,
    *,
    cached: bool,
    began: float,
    downloaded: int,
    vulnerabilities: Iterable[Vulnerability] = (),
    matches: Iterable[RuleMatch] = (),
    texts: JudgedTexts | None = None,
) -> Look:
    """Findings over what was examined, and over its texts for the agent where these were judged."""
    contents = msgspec.structs.replace(
        examined.contents, vulnerabilities=tuple(vulnerabilities), matches=tuple(matches)
    )
    said = judge_all(TEXT_RULES, texts) if texts is not None else ()
    findings = in_order((*judge_all(RULES, contents), *said))
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return Look(
        release=examined.release,
        verdict=verdict(findings),
        findings=findings,
        contents=contents,
        stats=LookStats(
            wall_s=round(time.monotonic() - began, 2),
            cpu_s=round(own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime, 2),
            peak_rss_mb=round(max(own.ru_maxrss, workers.ru_maxrss) / 1024, 1),
            cached=cached,
            downloaded_bytes=downloaded,
        ),
        created=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        tool=f"clearance {__version__}",
    )


def _contents(acquired: Acquired, options: LookOptions, scratch: Path, watcher: LookWatcher) -> Contents:
    opened = open_release(acquired.root, own_files(acquired), scratch=scratch, limits=InsideLimits())
    members = tuple(found.member for found in opened.members)
    watcher.opened(len(members), sum(member.size for member in members))
    left = {index: AN_INTERPRETER for index, member in enumerate(members) if member.runtime}
    result = examine_all(
        opened.members,
        jobs=options.jobs,
        done=watcher.read,
        leave=frozenset(left),
        compiled=_beside_scripts(members),
    )
    facts = gathered(result.facts)
    supply = (
        *facts.supply,
        *_install_scripts(acquired.release, facts.supply),
        *commands_of_folders(release_files(opened.members)),
    )
    runs, unfollowed = started(release_files(opened.members), facts.extensions)
    skipped = sum(m.size for m in members if m.language is Language.MEDIA)
    unread = tuple(Unopened(path=members[i].path, size=members[i].size, reason=why) for i, why in left.items())
    unopened = (*opened.unopened, *result.unopened, *unread, *unfollowed, *_closed(acquired.release.problems))
    contents = Contents(
        members=members,
        unopened=unopened,
        started=runs,
        problems=(*acquired.release.problems, *opened.problems),
        read_bytes=sum(m.size for m in members) - skipped - sum(u.size for u in (*result.unopened, *unread)),
        skipped_bytes=skipped,
    )
    return with_facts(contents, msgspec.structs.replace(facts, supply=tuple(dict.fromkeys(supply))))


def own_files(acquired: Acquired) -> tuple[FileEntry, ...]:
    """The release's own files: of a Python environment the rest is other packages, of which the metadata is enough.

    A wheel says in its RECORD what is its own. npm releases bring what they need as their own.
    """
    release = acquired.release
    if release.source is not SourceType.PYPI or not release.artifacts:
        return acquired.files
    own = re.sub(r"[-_.]+", "_", release.artifacts[0].name).lower()
    records = [
        entry.path
        for entry in acquired.files
        if entry.path.endswith(".dist-info/RECORD")
        and re.sub(r"[-_.]+", "_", entry.path.split("/")[-2].partition("-")[0]).lower() == own
    ]
    if not records:
        return acquired.files
    folder = records[0].rsplit("/", 2)[0]
    rows = csv.reader((acquired.root / records[0]).read_text("utf-8", "replace").splitlines())
    listed = {f"{folder}/{row[0]}" for row in rows if row}
    return tuple(e for e in acquired.files if e.path in listed or e.path.endswith((".dist-info/METADATA", ".pth")))


def _closed(problems: Sequence[Problem]) -> tuple[Unopened, ...]:
    """What unpacking left out unread, as what it is: a gap."""
    return tuple(
        Unopened(path=problem.path, size=0, reason=f"{problem.problem[:1].upper()}{problem.problem[1:]}.")
        for problem in problems
        if problem.kind in _CLOSED
    )


def _beside_scripts(members: Sequence[Member]) -> frozenset[int]:
    """Compiled code whose scripts are there too."""
    scripts = {_holder(m.path) for m in members if m.language is Language.JAVASCRIPT and "!" in m.path}
    return frozenset(
        index
        for index, member in enumerate(members)
        if member.language is Language.BYTECODE and not member.runtime and _holder(member.path) in scripts
    )


def _holder(path: str) -> str:
    return path.rpartition("!")[0]


def _install_scripts(release: Release, known: Sequence[SupplyFact]) -> tuple[SupplyFact, ...]:
    """What the registry says is run at installation, where no manifest in the tree said it already."""
    said = {fact.detail.partition(": ")[2] or fact.detail for fact in known if fact.kind == "install-script"}
    return tuple(
        SupplyFact(kind="install-script", subject=release.assistant, detail=script, text=script)
        for script in release.install_scripts
        if not any(script.partition(": ")[2] in text for text in said)
    )


def release_key(acquired: Acquired) -> str:
    """A digest of the release, its files and the code that looks."""
    said = hashlib.sha256(f"{acquired.release.sha256}\0{acquired.package}\0{examiner_id()}\n".encode())
    for entry in acquired.files:
        said.update(f"{entry.path}\0{entry.sha256}\n".encode())
    return said.hexdigest()


def examiner_id() -> str:
    """A digest of the code that looks: other code looks again."""
    return code_id(_CODE)


@cache
def code_id(names: tuple[str, ...]) -> str:
    """A digest of modules and packages of ours, with their tables."""
    said = hashlib.sha256()
    root = files("clearance")
    for name in names:
        for path, source in sorted(_sources(root, name)):
            said.update(f"{path}\0{len(source)}\0".encode() + source)
    return said.hexdigest()[:16]


def _sources(root: Traversable, name: str) -> Iterable[tuple[str, bytes]]:
    *folders, last = name.split(".")
    at = root
    for folder in folders:
        at = at / folder
    if (at / f"{last}.py").is_file():
        return [(name, (at / f"{last}.py").read_bytes())]
    return list(_below(at / last, name))


def _below(folder: Traversable, name: str) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{name}/{entry.name}")
        elif entry.name.endswith((".py", ".toml")):
            yield f"{name}/{entry.name}", entry.read_bytes()
