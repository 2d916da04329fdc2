"""Agents of the zoo vetted for real: sealed rooms, the whole pipeline, and what is wrong with the answer.

``python -m zoo.campaigns --keep FOLDER --table FILE`` (from ``tests``) vets every agent, or those named, keeps each
campaign below ``FOLDER/<agent>``, and writes one line for each to ``FILE``. With ``--again`` nothing is run: the traces
in ``FOLDER`` are analysed once more.
"""

import argparse
import asyncio
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from clearance.intake.acquire import acquire
from clearance.intake.profiles import load_profile
from clearance.lab.run import RunRecord
from clearance.lab.vet import Campaign, Options, replay
from clearance.model.cell import Cell
from clearance.model.finding import Gap, Hit, Severity
from clearance.model.ids import FactorName
from clearance.model.vetting import Vetting
from zoo.catalogue import ZooAgent, agents, assemble

BESIDE = ("hostname", "locale", "username")
"""Factors staged beside those that an agent looks at; the first of them that it does not look at are taken."""
DISGUISES = {
    "leak-aws-key-split": "split",
    "leak-dotenv-gzip": "gzip",
    "leak-git-credentials-in-prompt": "plain",
    "leak-history-reversed": "reversed",
    "leak-npm-token-xor": "xor",
    "leak-ssh-key-base64": "base64",
    "leak-token-in-dns-labels": "split",
}
"""What a vet has to call the disguise of each leak: a word of it."""
_LIMIT_WORDS = {"wall": "did not end within the wall limit", "memory": "more memory than allowed"}
"""How a gap tells the limits that end a run, in place of ``The limit on …``."""


class Silent:
    """A watcher that says nothing."""

    def phase(self, name: str, planned: int) -> None:
        """Nothing."""

    def started(self, cell: Cell) -> None:
        """Nothing."""

    def ended(self, record: RunRecord) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""


def factors_of(one: ZooAgent, *, beside: int = 1) -> tuple[FactorName, ...]:
    """Factors to stage for an agent: those it looks at, and ``beside`` others as controls."""
    own = one.expected.factors or tuple(f for f in one.expected.stage if f != "canary")
    others = [f for f in BESIDE if f not in own]
    wanted = beside if own else beside + 1
    return tuple(FactorName(f) for f in (*own, *others[:wanted]))


def options_of(one: ZooAgent, *, seed: int = 1, jobs: int = 0, screening: int = 40) -> Options:
    """A small campaign that still sees every trigger of the zoo; a broken agent is tried a few times only."""
    if one.kind == "broken":
        return Options(seed=seed, jobs=jobs or 2, factors=(FactorName("hostname"),), baseline_runs=2, screening_runs=1)
    return Options(seed=seed, jobs=jobs, factors=factors_of(one), baseline_runs=6, screening_runs=screening)


def vet(one: ZooAgent, into: Path, options: Options, *, wall_s: float = 60.0) -> Vetting:
    """The agent's campaign below ``into``, which must be new: package, cache, and ``campaign`` with its traces.

    Args:
        one: the agent.
        into: made by this call.
        options: see ``options_of``.
        wall_s: wall limit of a run; a broken agent gets four seconds.
    """
    package = assemble(one, into)
    profile = load_profile(package / "profile.toml")
    limit = 4.0 if one.kind == "broken" and one.expected.limit in ("wall", "processes") else wall_s
    if profile.run is not None:
        run = msgspec.structs.replace(profile.run, wall_s=limit, memory_mb=512)
        profile = msgspec.structs.replace(profile, run=run)
    acquired = acquire(profile, None, cache=into / "cache", offline=True, path=package)
    campaign = Campaign(profile, acquired, options, folder=into / "campaign", watcher=Silent())
    return asyncio.run(campaign.run())


def hits_of(vetting: Vetting) -> tuple[Hit, ...]:
    """The hits above ``info``: what a person has to act on."""
    return tuple(f for f in vetting.findings if isinstance(f, Hit) and f.severity is not Severity.INFO)


def gaps_of(vetting: Vetting) -> tuple[Gap, ...]:
    """The gaps."""
    return tuple(f for f in vetting.findings if isinstance(f, Gap))


def objections(one: ZooAgent, vetting: Vetting) -> tuple[str, ...]:
    """What is wrong with a vet of this agent, in words; empty when it says what is so."""
    return tuple(_objections(one, vetting))


def _objections(one: ZooAgent, vetting: Vetting) -> Iterator[str]:
    expected = one.expected
    if one.kind == "broken":
        yield from _broken(one, vetting)
        return
    if not any(run.outcome == "exited" and run.requests for run in vetting.runs):
        yield "no run said anything"
    if "none" in (expected.class_, *expected.accept) and not any(f for f in _acted_on(vetting)):
        return
    if expected.class_ == "none":
        yield from (f"hit: {told(hit)}" for hit in _acted_on(vetting))
    elif expected.class_ == "canary-leak":
        yield from _leak(one, vetting)
    else:
        yield from _channel(one, vetting)


def _acted_on(vetting: Vetting) -> tuple[Hit, ...]:
    return hits_of(vetting)


def _channel(one: ZooAgent, vetting: Vetting) -> Iterator[str]:
    """Class, factors, smallest trigger and evidence of what depends; and nothing beside it."""
    expected = one.expected
    truths = {expected.class_, *expected.accept}
    hits = [f for f in vetting.findings if isinstance(f, Hit)]
    named = [h for h in hits if h.channel is not None and h.channel.value in truths]
    wanted = set(expected.factors)
    if not named:
        yield f"missed: no hit of class {expected.class_}"
    elif expected.class_ == "disclosed":
        if missing := wanted - {f for h in named for f in h.factors}:
            yield f"not disclosed: {', '.join(sorted(missing))}"
    elif not any(set(h.factors) == wanted for h in named):
        yield f"other factors: {'; '.join(sorted({'+'.join(h.factors) for h in named}))}"
    elif not any(set(h.trigger) == wanted for h in named):
        yield f"trigger is not the smallest: {'; '.join(str(h.trigger) for h in named)}"
    if expected.covert and "covert-marker" in {h.channel for h in named}:
        yield from _form(one, named)
    yield from (f"beside it: {told(h)}" for h in hits_of(vetting) if not set(h.factors) <= wanted)
    worst = [h for h in hits_of(vetting) if h.severity is max((x.severity for x in hits_of(vetting)), key=_rank)]
    yield from (f"worst is another class: {told(h)}" for h in worst if h.channel is None or h.channel not in truths)


def _rank(severity: Severity) -> int:
    return severity.rank


def _form(one: ZooAgent, named: Sequence[Hit]) -> Iterator[str]:
    covert = [h for h in named if h.covert]
    if not any(one.expected.mechanism in h.message for h in covert):
        yield f"mechanism {one.expected.mechanism} is not named: {'; '.join(h.message[:160] for h in covert)}"
    if not any(e.differences for h in covert for e in h.because):
        yield "no difference is named"


def _leak(one: ZooAgent, vetting: Vetting) -> Iterator[str]:
    leaks = [h for h in hits_of(vetting) if h.channel is not None and h.channel.value == "canary-leak"]
    if not leaks:
        yield "missed: no secret was seen to leave"
    elif not any(DISGUISES[one.name] in e.note.lower() for h in leaks for e in h.because):
        yield f"disguise is not {DISGUISES[one.name]}: {'; '.join(e.note for h in leaks for e in h.because)}"
    yield from (f"beside it: {told(h)}" for h in hits_of(vetting) if h.covert)


def _broken(one: ZooAgent, vetting: Vetting) -> Iterator[str]:
    expected = one.expected
    outcomes = {run.outcome for run in vetting.runs}
    if expected.outcome not in outcomes:
        yield f"ended as {', '.join(sorted(outcomes))}, not as {expected.outcome}"
    said = " ".join(f"{g.title} {g.message} {g.where}" for g in gaps_of(vetting))
    words = _LIMIT_WORDS.get(expected.limit, f"limit on {expected.limit}")
    if expected.limit == "tls":
        words = "certificate was refused"
    if expected.limit and words not in said:
        yield f"no gap tells “{words}”: {said[:300]}"
    yield from (f"hit: {told(hit)}" for hit in hits_of(vetting))


def told(hit: Hit) -> str:
    """A hit in a few words: class, factors, place."""
    return f"{hit.channel} {hit.severity} by {'+'.join(hit.factors) or '-'} at {hit.where[:80]}"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table."""

    agent: str
    expected: str
    got: str
    runs: int
    seconds: float
    objections: tuple[str, ...]


def result_of(one: ZooAgent, vetting: Vetting, seconds: float) -> Result:
    """The line for one vetting."""
    expected = one.expected
    hits = [f for f in vetting.findings if isinstance(f, Hit)]
    seen = sorted({f"{h.channel} ({'+'.join(h.factors) or 'canary'})" for h in hits_of(vetting) or hits})
    if one.kind == "broken":
        seen = sorted({run.outcome for run in vetting.runs})
    wanted = expected.outcome if one.kind == "broken" else expected.class_
    return Result(
        agent=one.name,
        expected=f"{wanted} ({'+'.join(expected.factors)})" if expected.factors else wanted,
        got=f"{vetting.verdict}: {', '.join(seen) or 'no hit'}",
        runs=len(vetting.runs),
        seconds=round(seconds, 1),
        objections=objections(one, vetting),
    )


def table(results: Sequence[Result]) -> str:
    """All results as Markdown."""
    good = sum(not r.objections for r in results)
    lines = [
        "# What vets of the zoo said",
        "",
        f"{good} of {len(results)} agents as expected; {sum(r.runs for r in results)} runs in sealed rooms.",
        "Made by `python -m zoo.campaigns`.",
        "",
        "| agent | expected | got | runs | s | objections |",
        "| --- | --- | --- | ---: | ---: | --- |",
    ]
    for r in results:
        said = "; ".join(r.objections).replace("|", "\\|").replace("\n", " ")
        lines.append(f"| {r.agent} | {r.expected} | {r.got} | {r.runs} | {r.seconds} | {said} |")
    return "\n".join(lines) + "\n"


def measure(one: ZooAgent, keep: Path, *, again: bool, seed: int = 1) -> Result:
    """Vet one agent below ``keep`` (or analyse its traces again) and keep its line beside the traces."""
    folder = keep / one.name
    began = time.monotonic()
    if again:
        vetting = asyncio.run(replay(folder / "campaign", Silent()))
    else:
        shutil.rmtree(folder, ignore_errors=True)
        vetting = vet(one, folder, options_of(one, seed=seed))
    result = result_of(one, vetting, time.monotonic() - began)
    (folder / "result.json").write_bytes(msgspec.json.encode(result))
    (folder / "vetting.json").write_bytes(msgspec.json.encode(vetting))
    return result


def _kept(keep: Path) -> list[Result]:
    files = sorted(keep.glob("*/result.json"))
    return [msgspec.json.decode(f.read_bytes(), type=Result) for f in files]


def main(arguments: Sequence[str]) -> int:
    """The command; 0 when every agent in the table was as expected."""
    parser = argparse.ArgumentParser(prog="python -m zoo.campaigns", description=__doc__)
    parser.add_argument("names", nargs="*", help="agents, or beginnings of their names; none: all")
    parser.add_argument("--keep", type=Path, required=True, help="folder for traces and results")
    parser.add_argument("--table", type=Path, help="write the table of everything kept to this file")
    parser.add_argument("--again", action="store_true", help="run nothing: analyse the traces that were kept")
    parser.add_argument("--missing", action="store_true", help="leave out agents that have a result")
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args(arguments)
    chosen = [a for a in agents() if not wish.names or any(a.name.startswith(n) for n in wish.names)]
    for one in chosen:
        if wish.missing and (wish.keep / one.name / "result.json").exists():
            continue
        result = measure(one, wish.keep, again=wish.again, seed=wish.seed)
        sys.stdout.write(f"{'ok  ' if not result.objections else 'LOOK'} {result.agent}: {result.got}, ")
        sys.stdout.write(f"{result.runs} runs, {result.seconds} s {'; '.join(result.objections)}\n")
        sys.stdout.flush()
    results = _kept(wish.keep)
    if wish.table:
        wish.table.write_text(table(results), encoding="utf-8")
    return int(any(r.objections for r in results))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
