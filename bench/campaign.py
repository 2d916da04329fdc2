"""What a vetting costs: room start-up, one run with and without recording side by side, a whole campaign.

    python bench/campaign.py [RELEASE] [--pairs N] [--no-campaign]

Runs with and without recording alternate, so that both see the same machine. The figures go to bench/README.md by hand,
with the date and the machine.
"""

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clearance.app.places import cache_folder
from clearance.intake.acquire import acquire
from clearance.intake.profiles import find_profile
from clearance.lab.canaries.tokens import draw_canaries
from clearance.lab.expand import expansion, vendor_base_url
from clearance.lab.factors import build_all, stage_cell
from clearance.lab.factors.context import FactorContext
from clearance.lab.room.keeper import Keeper
from clearance.lab.run import Trust, host_of_url, run_cell, staged_time
from clearance.lab.staging import Staging
from clearance.lab.vet import API_KEY, PROMPT
from clearance.lab.world.arguments import Place
from clearance.lab.world.authority import Authority
from clearance.lab.world.names import NameBook
from clearance.lab.world.script import Conversation
from clearance.lab.world.world import World
from clearance.model.cell import Cell
from clearance.model.ids import RunId


def own_cpu() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def unrecorded(staging: Staging, keeper: Keeper, authority: Authority, work: Path) -> tuple[float, float]:
    """The same run, the same answers, nothing written down: ``(wall, cpu)`` in seconds."""
    began, before = time.monotonic(), own_cpu()
    room = await keeper.open_room(Trust(authority).added_to(staging), work=work, trace=False)
    world = World(
        authority=authority,
        names=NameBook(),
        answerer=Conversation(place=Place(project=staging.project)),
        sink=lambda _: None,
        now=lambda: time.monotonic() - began,
        traffic_limit=1 << 30,
        connections_limit=10_000,
        wall_clock=staged_time(staging),
    )
    await world.serve(room.sockets)
    await room.start()
    outcome = await room.wait()
    await world.close()
    room.discard()
    return outcome.wall_s, outcome.cpu_s + own_cpu() - before


async def recorded(
    number: int, staging: Staging, keeper: Keeper, authority: Authority, work: Path, host: str
) -> tuple[float, float]:
    """One run as a campaign does it: ``(wall, cpu)`` in seconds."""
    before = own_cpu()
    record = await run_cell(
        Cell(run=RunId(f"bench-{number:03d}"), phase="baseline", levels={}),
        staging,
        keeper=keeper,
        authority=authority,
        answerer=Conversation(place=Place(project=staging.project)),
        api_hosts=(host,),
        work=work,
        traces=work,
    )
    return record.wall_s, record.cpu_s + own_cpu() - before


async def start_up(staging: Staging, keeper: Keeper, work: Path, times: int) -> tuple[float, float]:
    """Median milliseconds of a room that runs ``true``, and of plain bubblewrap that does, in turn."""
    import dataclasses

    nothing = dataclasses.replace(staging, command=("true",))
    ours, plain = [], []
    for _ in range(times):
        began = time.monotonic()
        room = await keeper.open_room(nothing, work=work)
        ours.append(time.monotonic() - began)
        await room.start()
        await room.wait()
        for held in (room.sockets.tcp, room.sockets.dns, room.sockets.udp):
            held.close()
        room.discard()
        began = time.monotonic()
        subprocess.run(["bwrap", "--ro-bind", "/", "/", "--unshare-all", "true"], check=True)  # noqa: ASYNC221 - nothing else runs
        plain.append(time.monotonic() - began)
    return 1000 * statistics.median(ours), 1000 * statistics.median(plain)


async def measure(release: str, pairs: int) -> None:
    """Print room start-up and the recorder's overhead."""
    name, _, version = release.partition("@")
    profile = find_profile(name)
    acquired = acquire(profile, version or None, cache=cache_folder())
    expanded = expansion(
        profile,
        root=acquired.root,
        package=acquired.package,
        runtime=acquired.runtime,
        prompt=PROMPT,
        api_key=API_KEY,
    )
    import datetime

    context = FactorContext(
        expansion=expanded,
        now=datetime.datetime.now(tz=datetime.UTC),
        canaries=draw_canaries(seed=1, salt=os.urandom(16)),
    )
    staging = stage_cell(build_all(context), {}, expanded.begin())
    host = host_of_url(vendor_base_url(expanded.run))
    authority = Authority()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        async with Keeper() as keeper:
            ours, plain = await start_up(staging, keeper, work, 15)
            print(
                f"room start-up: {ours:.0f} ms; plain bubblewrap running true: {plain:.0f} ms; ratio {ours / plain:.1f}"
            )
            with_, without = [], []
            for number in range(pairs):
                with_.append(await recorded(number, staging, keeper, authority, work, host))
                without.append(await unrecorded(staging, keeper, authority, work))
    wall_a, cpu_a = (statistics.median(column) for column in zip(*with_, strict=True))
    wall_b, cpu_b = (statistics.median(column) for column in zip(*without, strict=True))
    print(f"{profile.id} {acquired.release.version}, {pairs} pairs, one room at a time, medians:")
    print(f"  recorded:   {wall_a:.2f} s wall, {cpu_a:.2f} s CPU")
    print(f"  unrecorded: {wall_b:.2f} s wall, {cpu_b:.2f} s CPU")
    print(f"  ratio:      {wall_a / wall_b:.2f} wall, {cpu_a / cpu_b:.2f} CPU")


def campaign(release: str) -> None:
    """Print what a whole vetting costs."""
    import json

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [sys.executable, "-m", "clearance.app.cli", "vet", release, "--quiet", "--json", str(out)]
        code = subprocess.run(command, check=False).returncode
        report = json.loads(out.read_text())
    stats = report["stats"]
    print(f"campaign of {release}: exit code {code}, verdict {report['verdict']}")
    print(
        f"  {stats['runs']} runs, {stats['factors']} factors, {stats['rooms_at_once']} rooms at once: "
        f"{stats['wall_s']:.0f} s wall, {stats['cpu_s']:.0f} s CPU ({stats['room_cpu_s']:.0f} s in rooms), "
        f"{stats['wall_s'] / stats['runs']:.2f} s wall a run, peak {stats['peak_rss_mb']:.0f} MB"
    )


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", default="claude-code")
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--no-campaign", action="store_true")
    wanted = parser.parse_args()
    asyncio.run(measure(wanted.release, wanted.pairs))
    if not wanted.no_campaign:
        campaign(wanted.release)


if __name__ == "__main__":
    main()
