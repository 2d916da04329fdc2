"""Limits: bombs end with a Problem, what was found before is kept, and the next container is opened."""

import gzip
import io
import os
import zipfile

import pytest


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def on_disk(seen) -> int:
    return sum(path.stat().st_size for path in seen.scratch.iterdir())


def test_a_bomb_ends_and_what_came_before_is_kept(look):
    bomb = zipped({"a.js": b"let first", "zeros": bytes(30 << 20), "late.js": b"never"})
    seen = look({"bomb.zip": bomb, "next.zip": zipped({"b.js": b"let b"})}, ratio_from_bytes=1 << 20)
    assert seen.kinds == ["bomb"]
    assert "limit" in seen.closed["bomb.zip"]
    assert seen.bytes_of("bomb.zip!a.js") == b"let first"
    assert "bomb.zip!late.js" not in seen.members
    assert seen.bytes_of("next.zip!b.js") == b"let b"
    assert on_disk(seen) < 2 << 20


@pytest.mark.long
def test_the_default_limits_stop_a_real_bomb(look):
    zeros = gzip.compress(bytes(200 << 20), compresslevel=9)
    seen = look({"bomb.gz": zeros})
    assert seen.kinds == ["bomb"]
    assert on_disk(seen) == 0


def test_bombs_in_bombs_stop_at_the_limit_of_the_whole_release(look):
    layer = os.urandom(60_000)
    for _ in range(3):
        layer = zipped({f"{n}.zip": layer + bytes([n]) for n in range(6)})
    seen = look({"nested.zip": layer}, total_bytes=1_000_000)
    assert "bomb" in seen.kinds
    assert on_disk(seen) <= 1_000_000


def test_one_member_has_a_limit_of_its_own(look):
    seen = look({"a.zip": zipped({"big": os.urandom(5000)})}, one_member=4000)
    assert seen.kinds == ["bomb"]
    assert on_disk(seen) == 0


def test_more_members_than_may_be_end_the_opening(look):
    files = {f"f{n}.js": b"1" for n in range(50)}
    seen = look({"a.zip": zipped(files), "b.zip": zipped(files), "c.txt": b"c"}, members=20)
    assert seen.kinds == ["too-many-files", "too-many-files"]
    assert sum("!" in path for path in seen.members) == 20
    assert "c.txt" in seen.members


def test_containers_deeper_than_may_be_stay_closed(look):
    layer = b"let deepest"
    for depth in range(6):
        layer = zipped({f"{depth}.zip" if depth else "x.js": layer})
    seen = look({"a.zip": layer})
    assert seen.kinds == ["nested-too-deep"]
    deepest = max(seen.members, key=len)
    assert deepest == "a.zip!5.zip!4.zip!3.zip!2.zip"
    assert "limit" in seen.closed[deepest]


def test_a_quine_of_a_script_that_is_deep_but_no_container_is_no_problem(look):
    layer = b"let deepest"
    for depth in range(4):
        layer = zipped({f"{depth}.zip" if depth else "x.js": layer})
    seen = look({"a.zip": layer})
    assert seen.kinds == []
    assert seen.bytes_of("a.zip!3.zip!2.zip!1.zip!x.js") == b"let deepest"


def test_archives_that_fan_out_stay_closed_beyond_a_number(look):
    layer = zipped({"x.js": b"let deepest"})
    for _ in range(2):
        layer = zipped({f"{n}.zip": layer for n in range(4)})
    seen = look({"a.zip": layer, "b.txt": b"b"}, nested=6)
    assert seen.kinds == ["too-many-archives"]
    assert sum(path.endswith("x.js") for path in seen.members) == 4
    assert all("More than 6 archives" in reason for reason in seen.closed.values())
    assert "b.txt" in seen.members


@pytest.mark.long
def test_a_flood_of_problems_is_counted_not_kept(look):
    seen = look({"a.zip": zipped({f"../{n}": b"" for n in range(1500)})})
    assert len(seen.opened.problems) == 1001
    assert "500 more" in seen.opened.problems[-1].problem


def test_a_flood_of_closed_things_is_counted_not_kept(look):
    data = bytearray(zipped({str(n): b"" for n in range(1200)}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    seen = look({"a.zip": bytes(data)})
    assert len(seen.opened.unopened) == 1001
    assert "200 more" in seen.opened.unopened[-1].reason


def test_of_a_huge_program_only_the_end_is_searched(look, build):
    program = build.bun([{"name": "/$bunfs/root/a.js", "contents": b"let a"}])
    seen = look({"tool": build.elf + bytes(3 << 20) + program}, one_member=2 << 20)
    assert "last 2 MiB" in seen.closed["tool"]
    assert seen.bytes_of("tool!/$bunfs/root/a.js") == b"let a"
