"""What follows the end of a picture is a member of its own; a picture alone stays whole."""

import io
import json
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.intake.unpack.inside import InsideLimits, open_release
from clearance.model.contents import Language
from clearance.model.release import FileEntry


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    + chunk(b"IEND", b"")
)
JPEG = (
    b"\xff\xd8\xff\xe1\x00\x08ab\xff\xd9c" + b"\xff\xdb\x00\x04xy" + b"\xff\xda\x00\x04ab" + b"\x12\xff\x00\x34\xff\xd1\x56"
    + b"\xff\xda\x00\x04ab\x78\xff\xd9"
)  # fmt: skip
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02;\x01\0;"
PICTURES = {"a.png": PNG, "a.jpg": JPEG, "a.gif": GIF}
CODE = b'module.exports=()=>require("os").hostname();\n'


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("list.json", json.dumps(["one"]))
    return out.getvalue()


def members(folder, name: str, data: bytes):
    scratch, root = folder / "scratch", folder / "root"
    for each in (scratch, root):
        each.mkdir(exist_ok=True)
    (root / name).write_bytes(data)
    entry = FileEntry(path=name, size=len(data), sha256="0" * 64)
    return [found.member for found in open_release(root, [entry], scratch=scratch, limits=InsideLimits()).members]


@pytest.mark.parametrize("name", PICTURES)
def test_what_follows_the_end_is_a_member_that_is_read(name, tmp_path):
    picture, behind = members(tmp_path, name, PICTURES[name] + CODE)
    assert (picture.size, picture.language) == (len(PICTURES[name]), Language.MEDIA)
    assert (behind.how, behind.size, behind.offset) == ("behind-picture", len(CODE), len(PICTURES[name]))
    assert behind.language is Language.TEXT


@pytest.mark.parametrize("name", PICTURES)
def test_an_archive_behind_the_end_is_opened(name, tmp_path):
    found = members(tmp_path, name, PICTURES[name] + zipped())
    assert any(member.path.endswith("!list.json") for member in found)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("behind", [b"", b"\n", b"\0" * 500])
def test_a_picture_and_its_padding_stay_whole(name, behind, tmp_path):
    (picture,) = members(tmp_path, name, PICTURES[name] + behind)
    assert picture.language is Language.MEDIA


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_cut_off_stays_whole(name, tmp_path):
    (picture,) = members(tmp_path, name, PICTURES[name][:-3])
    assert picture.size == len(PICTURES[name]) - 3


def test_text_in_the_place_of_a_chunk_is_behind_the_picture(tmp_path):
    _, behind = members(tmp_path, "a.png", PNG[:-12] + b"<<<<<<<<" + CODE)
    assert behind.size == len(CODE) + 8


@given(data=st.binary(max_size=400), begin=st.sampled_from([PNG[:8], JPEG[:3], GIF[:6], PNG, JPEG, GIF]))
def test_any_bytes_end_in_members(data, begin, tmp_path_factory):
    found = members(tmp_path_factory.mktemp("any"), "a.bin", begin + data)
    assert found[0].path == "a.bin"
