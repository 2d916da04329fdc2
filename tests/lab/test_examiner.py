"""Members are read by workers: the same facts by one or by several, and a worker's death costs one member."""

from pathlib import Path

import msgspec
import pytest

from clearance.intake.unpack.inside import FoundMember
from clearance.lab import examiner
from clearance.lab.batches import SHARED_BYTES, batches_of
from clearance.lab.examiner import INLINE_BYTES, examine_all
from clearance.model.contents import Language, Member
from clearance.observe.static.eyes import Eyes
from clearance.observe.static.gather import gathered

LINE = 'fetch("https://api.kolor{n}.com/v1", {{body: Intl.DateTimeFormat().resolvedOptions().timeZone}});\n'


def member(folder: Path, name: str, data: bytes, language: Language = Language.JAVASCRIPT) -> FoundMember:
    file = folder / name
    file.write_bytes(data)
    return FoundMember(member=Member(path=name, how="file", language=language, size=len(data)), file=file)


def program(number: int, size: int) -> bytes:
    line = LINE.format(n=number).encode()
    return line + b"a+=1;\n" * (size // 6)


@pytest.fixture
def several(tmp_path: Path) -> tuple[FoundMember, ...]:
    sizes = (SHARED_BYTES + 5, INLINE_BYTES // 2, INLINE_BYTES // 2, 4000, 10)
    return tuple(member(tmp_path, f"{n}.js", program(n, size)) for n, size in enumerate(sizes))


@pytest.mark.long
def test_facts_do_not_depend_on_the_number_of_workers(several: tuple[FoundMember, ...]) -> None:
    counted: list[tuple[int, int]] = []
    one = examine_all(several, jobs=1, done=lambda members, size: counted.append((members, size)))
    two = examine_all(several, jobs=2, done=lambda members, size: None)
    facts = gathered(one.facts)
    assert facts == gathered(two.facts)
    assert [e.host for e in facts.endpoints] == [f"api.kolor{n}.com" for n in range(5)]
    assert {read.kind for read in facts.reads} == {"timezone"}
    assert sum(members for members, _ in counted) == len(several)
    assert sum(size for _, size in counted) == sum(found.member.size for found in several)


def test_a_large_script_is_shared_by_two_and_every_member_is_in_a_batch(several: tuple[FoundMember, ...]) -> None:
    batches = batches_of(several, frozenset({4}), frozenset())
    eyes = [(item.index, item.eyes) for batch in batches for item in batch.members]
    assert eyes[:2] == [(0, Eyes.HIDDEN_STRINGS), (0, Eyes.OTHERS)]
    assert {index for index, _ in eyes} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("memory", "seconds", "says"), [(60 << 20, 60.0, "ended the process"), (3 << 30, 0.0, "took longer")]
)
def test_a_member_that_a_worker_does_not_survive_is_unopened_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int, seconds: float, says: str
) -> None:
    """Limits so small that no worker can meet them stand in for a member that is too much for any."""
    monkeypatch.setattr(examiner, "MEMORY_BYTES", memory)
    monkeypatch.setattr(examiner, "_SECONDS", seconds)
    monkeypatch.setattr(examiner, "_SECONDS_PER_MB", 0.0)
    monkeypatch.setattr(examiner, "_START", f"import clearance.lab.examiner as e; e.MEMORY_BYTES = {memory}; e.serve()")
    found = (member(tmp_path, "a.js", program(1, INLINE_BYTES + 9)),)
    result = examine_all(found, jobs=1, done=lambda members, size: None)
    assert [(one.path, one.size) for one in result.unopened] == [("a.js", found[0].member.size)]
    assert says in result.unopened[0].reason


def test_what_travels_between_processes_is_what_was_found(several: tuple[FoundMember, ...]) -> None:
    for batch in batches_of(several, frozenset(), frozenset()):
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(batch), type=type(batch)) == batch
