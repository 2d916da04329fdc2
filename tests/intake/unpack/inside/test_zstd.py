"""zstd: what the reference tool packed comes out, and nothing else does harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.intake.unpack.inside.region import Broken, opened
from clearance.intake.unpack.inside.zstd import unzstd


@pytest.fixture
def unpack(tmp_path_factory):
    place = tmp_path_factory.mktemp("zstd") / "x"

    def run(raw: bytes) -> bytes:
        place.write_bytes(raw)
        with opened(place) as region:
            return b"".join(unzstd(region))

    return run


def frame(*blocks: tuple[int, int, bytes]) -> bytes:
    """A frame without a size: kind, length and body of each block."""
    out = b"\x28\xb5\x2f\xfd\x00\x58"
    for number, (kind, size, body) in enumerate(blocks):
        out += ((number == len(blocks) - 1) | kind << 1 | size << 3).to_bytes(3, "little") + body
    return out


def test_a_compressed_text_comes_out(unpack, zstd_text):
    packed, text = zstd_text
    assert unpack(packed) == text


def test_frames_follow_one_another_and_skippable_ones_are_skipped(unpack, zstd_text):
    packed, text = zstd_text
    skipped = b"\x53\x2a\x4d\x18\x05\0\0\0hello"
    assert unpack(packed + skipped + packed + bytes(30)) == text * 2


def test_raw_and_run_blocks(unpack):
    assert unpack(frame((0, 3, b"abc"), (1, 70_000, b"z"), (0, 0, b""))) == b"abc" + b"z" * 70_000


def test_a_match_that_overlaps_itself(unpack):
    """A block with raw literals and predefined tables, as ``zstd -3`` packs a word that repeats 4,000 times."""
    packed = bytes.fromhex("28b52ffd6080baa5000060616272616361646162726120010071bbeb2509")
    assert unpack(packed) == b"abracadabra " * 4000


@pytest.mark.parametrize(
    "raw",
    [
        b"\x28\xb5\x2f\xfd",
        frame((3, 1, b"x")),
        frame((0, 200_000, bytes(200_000))),
        frame((1, 200_000, b"x")),
        frame((2, 3, b"\0\1\0")),
        b"\x28\xb5\x2f\xfd\x00\xff" + bytes(9),
        b"\x28\xb5\x2f\xfd\x01\x58\x07" + bytes(9),
        b"not zstd",
    ],
)
def test_what_is_wrong_is_broken_and_nothing_else(unpack, raw):
    with pytest.raises(Broken):
        unpack(raw)


def test_every_cut_of_a_text_is_broken(unpack, zstd_text):
    packed, text = zstd_text
    for end in range(1, len(packed)):
        with pytest.raises(Broken):
            unpack(packed[:end])
    assert unpack(packed) == text


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_bytes_raise_anything_else_or_swell(tmp_path_factory, zstd_text, data):
    packed = bytearray(zstd_text[0])
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(4, len(packed) - 1))] = data.draw(st.integers(0, 255))
    place = tmp_path_factory.mktemp("zstd") / "x"
    place.write_bytes(packed)
    with opened(place) as region:
        total = 0
        try:
            for chunk in unzstd(region):
                assert len(chunk) <= 32 << 20
                total += len(chunk)
        except Broken:
            pass
    assert total <= 1 << 20
