"""What a campaign could not stage, see or test, in sentences."""

from collections.abc import Iterator, Sequence

from clearance.lab.analysis import Analysed
from clearance.lab.campaign import Lab
from clearance.lab.experiment.silence import Silence
from clearance.lab.plan import CampaignPlan
from clearance.lab.reading import CLOCK, CampaignReader
from clearance.lab.staging import Factor
from clearance.lab.taken import not_taken
from clearance.model.facts import Shortfall

_TURNS = 3
"""Requests to the model in a session from which on later turns count as seen."""
_OUTCOMES = {
    "timeout": "did not end within the wall limit and were ended",
    "killed-memory": "used more memory than allowed and were ended",
    "killed": "were killed",
    "no-command": "could not start the command",
    "interrupted": "were interrupted",
    "room-failed": "could not be carried out because the room failed",
}


def shortfalls(
    lab: Lab, plan: CampaignPlan, reader: CampaignReader, analysed: Analysed, factors: Sequence[Factor]
) -> tuple[Shortfall, ...]:
    """Every shortfall of a campaign, the gravest first."""
    found = [
        *_behaviour(plan, reader, analysed),
        *not_taken(plan.release.problems),
        *_budget(lab),
        *_certificates(reader),
        *_factors(factors, reader),
        *_silence(analysed.silence),
        *_outcomes(reader),
        *_limits(reader),
        *_undecoded(reader),
        *_search(analysed),
        *_noise(analysed),
    ]
    return tuple(sorted(found, key=lambda s: not s.blocks_verdict))


def not_driven(assistant: str, gap: str) -> Shortfall:
    """The profile itself says why this assistant's behaviour cannot be seen, or not to the end."""
    return Shortfall(
        kind="behaviour",
        message=f"{assistant} could not be driven to the end: {gap.rstrip('. ')}.",
        where="profile",
        advice="What was seen until then is listed with the endpoints; a profile of your own may lead it further.",
        blocks_verdict=True,
    )


def _behaviour(plan: CampaignPlan, reader: CampaignReader, analysed: Analysed) -> Iterator[Shortfall]:
    if plan.gap:
        yield not_driven(plan.release.title, plan.gap)
    elif analysed.baseline_runs < 2:
        yield _nothing_said(reader)
    elif reader.model_requests < _TURNS:
        yield Shortfall(
            kind="conversation",
            message=(
                f"No run sent more than {reader.model_requests} requests to the model, so what it would send later in "
                "a conversation was not seen. It offers the model no tool that the script could call, or ends early."
            ),
            where="baseline",
            advice="Another command or prompt in the profile may lead to a longer conversation.",
        )


def _nothing_said(reader: CampaignReader) -> Shortfall:
    said = "; ".join(
        f"{outcome} ({' '.join(detail.split())})" if detail else outcome for outcome, detail in reader.outcomes
    )
    return Shortfall(
        kind="behaviour",
        message=(
            f"Of {len(reader.runs)} baseline runs fewer than two sent a request to the model API, so nothing could be "
            f"compared. The runs ended: {said or 'not at all'}."
        ),
        where="baseline",
        advice="Check the profile's command, environment and first-run files; the traces hold the tool's output.",
        blocks_verdict=True,
    )


def _budget(lab: Lab) -> Iterator[Shortfall]:
    if lab.skipped:
        yield Shortfall(
            kind="budget",
            message=f"{lab.skipped} planned runs were not started because the time was up.",
            advice="Vet again with a larger --budget, or with fewer --factors.",
            blocks_verdict=True,
        )


def _certificates(reader: CampaignReader) -> Iterator[Shortfall]:
    for name, runs in sorted(reader.refused.items()):
        yield Shortfall(
            kind="certificate",
            message=f"Connections to {name} could not be read in {runs} sessions: the room's certificate was refused.",
            where=name,
            advice="It pins its certificate or keeps its own list of authorities; what it sends there is unknown.",
        )


def _factors(factors: Sequence[Factor], reader: CampaignReader) -> Iterator[Shortfall]:
    for factor in factors:
        if factor.gap:
            yield Shortfall(
                kind="factor", message=f"{factor.name} was not staged: {factor.gap}", factors=(factor.name,)
            )
    if reader.clock.ignored:
        yield _clock_ignored(reader.clock.ignored)


def _silence(silence: Silence) -> Iterator[Shortfall]:
    if silence.unexplained:
        named = " and ".join(silence.suspects)
        yield Shortfall(
            kind="silent",
            message=(
                f"{silence.unexplained} runs said nothing to the model; no confirmed trigger explains it, and that it "
                f"was chance was not shown. What was staged in them: {named}."
            ),
            factors=silence.suspects,
            advice="The traces of those runs say how they ended; vet again with these factors alone.",
            blocks_verdict=True,
        )
    for name, levels in sorted(silence.explained.items()):
        if levels:
            yield Shortfall(
                kind="silent",
                message=(
                    f"With {name} = {', '.join(levels)} the tool does not talk to the model, so what it would tell it "
                    "there is not known. What it sent elsewhere was compared."
                ),
                factors=(name,),
                advice="The hit says what is sent instead; the traces of those runs say how they ended.",
            )
    if silence.by_chance:
        yield Shortfall(
            kind="silent",
            message=(
                f"{silence.by_chance} runs said nothing to the model by chance: the same cells talked when they were "
                "repeated, or nothing was staged in them."
            ),
        )


def _clock_ignored(runs: int) -> Shortfall:
    return Shortfall(
        kind="factor",
        message=(
            f"clock was not staged: in {runs} runs with another date the program sent dates near the real time and "
            "none near the staged one, so it reads the time in a way that libfaketime does not reach (a static "
            "program, or system calls of its own)."
        ),
        factors=(CLOCK,),
        advice="What it would do at another date is not known. A machine whose own clock is set can tell.",
    )


def _outcomes(reader: CampaignReader) -> Iterator[Shortfall]:
    counts: dict[str, int] = {}
    for (outcome, _), runs in reader.outcomes.items():
        counts[outcome] = counts.get(outcome, 0) + runs
    for outcome, runs in sorted(counts.items()):
        if outcome != "exited":
            yield Shortfall(
                kind="outcome",
                message=f"{runs} of {len(reader.runs)} runs {_OUTCOMES.get(outcome, f'ended as {outcome}')}.",
                advice="What they sent until then was recorded and compared.",
            )


def _limits(reader: CampaignReader) -> Iterator[Shortfall]:
    counts: dict[tuple[str, str], int] = {}
    for (what, limit), times in reader.limits.items():
        counts[what, limit] = counts.get((what, limit), 0) + times
    for (what, limit), times in sorted(counts.items()):
        yield Shortfall(
            kind="limit",
            message=f"The limit on {what} ({limit}) was reached {times} times; what lies beyond was not recorded.",
            where=what,
        )


def _undecoded(reader: CampaignReader) -> Iterator[Shortfall]:
    for reason, times in sorted(reader.undecoded.items()):
        yield Shortfall(
            kind="undecoded",
            message=f"In {times} sessions something was compared by size and digest only: {reason}.",
            where=reason,
        )


def _search(analysed: Analysed) -> Iterator[Shortfall]:
    search = analysed.search
    if search.not_followed:
        yield Shortfall(
            kind="budget",
            message=f"{search.not_followed} groups of differences seen in screening were not followed up.",
            advice="Vet with fewer --factors, or vet this release alone with more time.",
        )
    vanished = search.not_reproduced + analysed.unconfirmed
    if vanished:
        yield Shortfall(
            kind="noise",
            message=f"{vanished} differences seen in screening did not come back in fresh runs and are not reported.",
        )


def _noise(analysed: Analysed) -> Iterator[Shortfall]:
    if analysed.noisy:
        shown = "; ".join(analysed.noisy[:3])
        yield Shortfall(
            kind="noise",
            message=(
                f"{len(analysed.noisy)} places vary by themselves in the baseline beyond description and were not "
                f"compared, for example {shown[:400]}."
            ),
            advice="A marker in randomness that the tool draws itself cannot be told from noise without its source.",
        )
