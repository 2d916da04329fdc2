"""What a decision costs, beside Cedar on one policy in the same minute.

    python bench/decide.py [--records 1000] [--groups 200] [--events 100000]

1. One decision with so many records and groups, the facts warm, each use a new one; and the same use again.
2. Past uses decided one after another, as ``clearance policy dry-run`` does, on one core.
3. Where cedarpy is installed: one ``is_authorized`` over one policy, for comparison.
"""

import argparse
import base64
import random
import statistics
import time
from datetime import UTC, datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearance.model.decision import DecisionKind, DecisionRecord, Reason, Scope
from clearance.model.knowledge import Organisation, Person
from clearance.model.region import LegalEntity
from clearance.model.use import AccessChannel, Subject, Use
from clearance.policy.book import Book
from clearance.policy.circumstances import Circumstances
from clearance.policy.decide import decide
from clearance.policy.knowledge import shipped_knowledge
from clearance.policy.memory import Remembering
from clearance.policy.signing import sign

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TOOLS = (
    "claude-code",
    "codex",
    "gemini-cli",
    "qwen-code",
    "opencode",
    "copilot",
    "cursor",
    "crush",
    "aider",
    "qodercli",
)
KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2)]
PEOPLE = [
    Person(id=f"p{n}", public_key=base64.b64encode(key.public_key().public_bytes_raw()).decode())
    for n, key in enumerate(KEYS)
]


def records(many: int, groups: int, chance: random.Random) -> list[DecisionRecord]:
    """Approvals for groups, and a tenth of bans and restrictions, each signed as it must be."""
    found = []
    for n in range(many):
        kind = chance.choices(list(DecisionKind)[:3], (8, 1, 1))[0]
        made = DecisionRecord(
            kind=kind,
            scope=Scope(tools=(chance.choice(TOOLS),), groups=(f"group-{chance.randrange(groups)}",)),
            from_=f"2026-0{chance.randint(1, 9)}-01",
            zone="UTC",
            owner=f"owner{n}@acme.example",
            created="2026-01-01",
            reasons=(Reason(text="bench"),),
            lift_when=("vet:no covert hit",) if kind is DecisionKind.BAN else (),
            conditions=("gate",) if kind is DecisionKind.RESTRICT else (),
        )
        for person, key in zip(PEOPLE, KEYS, strict=True):
            made = msgspec.structs.replace(made, signatures=(*made.signatures, sign(made, person, key, NOW)))
        found.append(made)
    return found


def uses(many: int, groups: int, chance: random.Random) -> list[tuple[Use, datetime]]:
    """Uses of people in ten of the groups."""
    return [
        (
            Use(
                subject=Subject(
                    who=f"dev{chance.randrange(5000)}",
                    entity="works",
                    country=chance.choice(("SG", "US", "HK", "DE")),
                    groups=frozenset(f"group-{chance.randrange(groups)}" for _ in range(10)),
                ),
                tool=chance.choice(TOOLS),
                version=f"2.1.{chance.randrange(400)}",
                model=chance.choice(("claude-opus-4-8", "gpt-5.5", "gemini-3-pro")),
                channel=chance.choice(list(AccessChannel)),
            ),
            NOW + timedelta(minutes=chance.randrange(100_000)),
        )
        for _ in range(many)
    ]


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--records", 1000), ("--groups", 200), ("--events", 100_000)):
        parser.add_argument(name, type=int, default=default)
    wanted = parser.parse_args()
    chance = random.Random(1)
    entity = LegalEntity(id="works", headquarters="SG", independent=True, source="bench", seen="2026-07-01")
    facts = Circumstances(shipped_knowledge(), Organisation(entities=(entity,), people=tuple(PEOPLE)))
    began = time.perf_counter()
    book = Book(records(wanted.records, wanted.groups, chance), facts, now=int(NOW.timestamp()) + 60)
    print(f"{wanted.records} records signed, checked and indexed: {time.perf_counter() - began:.2f} s")
    asked = uses(2000, wanted.groups, chance)
    for use, at in asked[:200]:
        decide(use, book, facts, at)
    costs = []
    for use, at in asked:
        began = time.perf_counter()
        decide(use, book, facts, at)
        costs.append(time.perf_counter() - began)
    slow = statistics.quantiles(costs, n=100)
    print(f"one decision, not remembered: median {slow[49] * 1e6:.0f} µs, 99 % {slow[98] * 1e6:.0f} µs")
    remembering = Remembering(book, facts)
    use, at = asked[0]
    remembering.decide(use, at)
    began = time.perf_counter()
    for _ in range(20_000):
        remembering.decide(use, at)
    print(f"the same use again, remembered: {(time.perf_counter() - began) / 20_000 * 1e6:.2f} µs")
    events = uses(wanted.events, wanted.groups, chance)
    began = time.perf_counter()
    for use, at in events:
        decide(use, book, facts, at, ahead=False)
    took = time.perf_counter() - began
    print(f"{wanted.events:,} past uses: {took:.1f} s, {took / wanted.events * 1e6:.0f} µs each on one core")
    cedar()


def cedar() -> None:
    """One policy in Cedar."""
    try:
        import cedarpy
    except ImportError:
        print("cedarpy is not installed here: no comparison")
        return
    policy = 'permit(principal, action, resource) when { context.tool == "codex" };'
    request = {"principal": 'U::"a"', "action": 'A::"use"', "resource": 'T::"codex"', "context": {"tool": "codex"}}
    began = time.perf_counter()
    for _ in range(2000):
        cedarpy.is_authorized(request, policy, [])
    print(f"cedarpy, one policy, one request: {(time.perf_counter() - began) / 2000 * 1e6:.0f} µs")


if __name__ == "__main__":
    main()
