"""How fast everything that left is searched for canaries: a campaign's traffic, and text never seen before.

Run: ``.venv/bin/python bench/canary_search.py``. Figures are CPU seconds of one core.
"""

import base64
import json
import random
import resource
import time
from collections.abc import Iterator

from clearance.lab.canaries.tokens import draw_canaries
from clearance.observe.canary_search import CanarySearch

RUNS, REQUESTS = 100, 12
WORDS = (
    "the file reads and writes a tool answer with care for every user who asks about code in this project " * 2
).split()


def paragraph(rng: random.Random, size: int) -> str:
    lines = []
    while sum(map(len, lines)) < size:
        lines.append(" ".join(rng.choice(WORDS) for _ in range(14)) + ".")
    return "\n".join(lines)


def run_traffic(number: int, prompt: str, tools: list[object]) -> Iterator[tuple[str, bytes]]:
    """One run: a growing conversation with the same long prompt, and telemetry full of ids."""
    rng = random.Random(number)
    session = f"{rng.getrandbits(128):032x}"
    history: list[object] = []
    for turn in range(REQUESTS):
        history.append({"role": "user", "content": f"turn {turn}: " + paragraph(random.Random(turn), 2000)})
        body = {"session": session, "system": f"Today is day {number}.\n{prompt}", "tools": tools, "messages": history}
        yield f"request {turn} body", json.dumps(body).encode()
        events = [{"id": f"{rng.getrandbits(128):032x}", "at": rng.random(), "name": "tool_use"} for _ in range(50)]
        yield f"telemetry {turn} body", json.dumps(events).encode()


def searched(search: CanarySearch, runs: Iterator[list[tuple[str, bytes]]], what: str) -> None:
    size, spent, hits = 0, 0.0, 0
    for chunks in runs:
        size += sum(len(data) for _, data in chunks)
        began = time.process_time()
        hits += len(search.search(chunks))
        spent += time.process_time() - began
    print(f"{what:<34} {size / 1e6:8.1f} MB {spent:7.2f} s {size / 1e6 / spent:8.1f} MB/s {hits} sightings")


def main() -> None:
    began = time.process_time()
    search = CanarySearch(draw_canaries(seed=1, salt=b"a salt of a bench").everything())
    print(f"compiled in {time.process_time() - began:.2f} s")
    rng = random.Random(0)
    prompt = paragraph(rng, 100_000)
    tools = [
        {"name": f"tool{i}", "description": paragraph(rng, 1500), "input_schema": {"type": "object"}} for i in range(30)
    ]
    searched(search, (list(run_traffic(n, prompt, tools)) for n in range(RUNS)), f"campaign of {RUNS} runs")
    searched(search, iter([[("b", paragraph(rng, 2_000_000).encode())]]), "new prose")
    searched(search, iter([[("b", base64.b64encode(rng.randbytes(1_500_000)))]]), "random base64")
    searched(search, iter([[("b", rng.randbytes(2_000_000))]]), "random bytes")
    ids = json.dumps([f"{rng.getrandbits(128):032x}" for _ in range(50_000)]).encode()
    searched(search, iter([[("b", ids)]]), "nothing but ids (worst)")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
