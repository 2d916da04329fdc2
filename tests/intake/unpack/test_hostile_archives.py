"""Hostile archives become problems; nothing is ever written outside, and what is honest still arrives."""

import contextlib
import gzip
import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clearance.intake.errors import CorruptArchive
from clearance.intake.unpack.archive import as_wheel, below, copy_folder, unpack
from clearance.intake.unpack.door import Door, LimitReached, Limits


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """``room/root`` is where things may land; everything else below ``room`` must stay as it is."""
    (tmp_path / "room" / "root").mkdir(parents=True)
    (tmp_path / "room" / "victim").write_text("untouched")
    return tmp_path / "room"


def opened(archive: Path, room: Path, limits: Limits | None = None, **rename: int) -> Door:
    door = Door(room / "root", limits)
    with contextlib.suppress(LimitReached):
        unpack(archive, door, rename=below("", **rename))
    door.finish()
    assert sorted(os.listdir(room)) == ["root", "victim"]
    assert (room / "victim").read_text() == "untouched"
    root = os.path.realpath(room / "root")
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            assert (os.path.realpath(os.path.join(folder, name)) + "/").startswith(root + "/")
    return door


def kinds(door: Door) -> list[str]:
    return [problem.kind for problem in door.problems]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (b"../victim", "path-traversal"),
        (b"a/../../victim", "path-traversal"),
        (b"/etc/clearance-was-here", "absolute-name"),
        (b"\xff\xfe", "bad-name"),
        (b"./", "bad-name"),
    ],
)
def test_a_name_that_leads_out_is_a_problem_and_the_next_member_still_arrives(room, tmp_path, raw_tar, name, kind):
    archive = raw_tar().add(name, b"evil").add(b"good.txt", b"good").write(tmp_path / "a.tgz")
    door = opened(archive, room)
    assert kinds(door) == [kind]
    assert [entry.path for entry in door.files] == ["good.txt"]
    assert not Path("/etc/clearance-was-here").exists()


def test_names_that_are_too_long_or_hold_a_nul_are_problems(room, tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in ("x" * 300, "/".join(["d" * 200] * 30), "fine"):
            archive.addfile(tarfile.TarInfo(name))
    (tmp_path / "long.tar").write_bytes(buffer.getvalue())
    door = opened(tmp_path / "long.tar", room)
    assert kinds(door) == ["bad-name", "bad-name"]
    assert [entry.path for entry in door.files] == ["fine"]
    assert all(len(problem.path) <= 200 for problem in door.problems)


def test_a_pax_path_with_a_nul_is_a_problem(room, tmp_path, raw_tar):
    archive = raw_tar().add(b"pax", b"14 path=a\0b.c\n", kind=b"x").add(b"ok", b"1").write(tmp_path / "a.tgz")
    assert kinds(opened(archive, room)) == ["bad-name"]


@pytest.mark.parametrize("target", [b"/etc/passwd", b"../victim", b"a/../../victim", b"../../../../etc/passwd"])
def test_a_link_out_is_left_out(room, tmp_path, raw_tar, target):
    door = opened(raw_tar().add(b"l", kind=b"2", target=target).write(tmp_path / "a.tgz"), room)
    assert kinds(door) == ["link-outside"]
    assert door.links == ()


def test_writing_through_a_link_lands_inside_because_links_are_made_last(room, tmp_path, raw_tar):
    archive = (
        raw_tar().add(b"d", kind=b"2", target=b"../..").add(b"e", kind=b"2", target=b"f").add(b"d/victim", b"evil")
        .add(b"e/x", b"1").write(tmp_path / "a.tgz")
    )  # fmt: skip
    door = opened(archive, room)
    assert (room / "root/d/victim").read_bytes() == b"evil"
    assert kinds(door) == ["link-outside", "conflict"]


def test_a_chain_of_links_that_each_look_harmless_but_lead_out_is_taken_away(room, tmp_path, raw_tar):
    # a/b/up -> ../.. is the root; x -> a/b/up/../victim looks like a/b/victim but resolves beside the root.
    archive = (
        raw_tar().add(b"a/b/c", b"1").add(b"a/b/up", kind=b"2", target=b"../..")
        .add(b"x", kind=b"2", target=b"a/b/up/../victim").write(tmp_path / "a.tgz")
    )  # fmt: skip
    door = opened(archive, room)
    assert kinds(door) == ["link-outside"]
    assert door.links == (("a/b/up", "../.."),)


def test_a_link_inside_and_a_hard_link_to_an_earlier_file_are_kept(room, tmp_path, raw_tar):
    archive = (
        raw_tar().add(b"bin/tool", b"#!", mode=0o755).add(b"t", kind=b"2", target=b"bin/tool")
        .add(b"h", kind=b"1", target=b"bin/tool").write(tmp_path / "a.tgz")
    )  # fmt: skip
    door = opened(archive, room)
    assert kinds(door) == []
    assert (room / "root/t").read_bytes() == (room / "root/h").read_bytes() == b"#!"


def test_a_hard_link_to_something_outside_is_a_problem(room, tmp_path, raw_tar):
    archive = raw_tar().add(b"h", kind=b"1", target=b"../victim").add(b"i", kind=b"1", target=b"/etc/passwd")
    assert kinds(opened(archive.write(tmp_path / "a.tgz"), room)) == ["path-traversal", "absolute-name"]


def test_overwriting_a_hard_link_leaves_the_other_name_alone(room, tmp_path, raw_tar):
    archive = raw_tar().add(b"a", b"old").add(b"b", kind=b"1", target=b"a").add(b"b", b"new").write(tmp_path / "a.tgz")
    door = opened(archive, room)
    assert kinds(door) == ["duplicate"]
    assert ((room / "root/a").read_bytes(), (room / "root/b").read_bytes()) == (b"old", b"new")


@pytest.mark.parametrize("kind", [b"3", b"4", b"6", b"V", b"S"])
def test_devices_pipes_and_unknown_kinds_are_problems(room, tmp_path, raw_tar, kind):
    door = opened(raw_tar().add(b"n", kind=kind).add(b"ok", b"1").write(tmp_path / "a.tgz"), room)
    assert kinds(door) == ["special-file"]
    assert [entry.path for entry in door.files] == ["ok"]


def test_modes_are_ours_and_setuid_is_a_problem(room, tmp_path, raw_tar):
    archive = raw_tar().add(b"s", b"1", mode=0o4755).add(b"w", b"1", mode=0o000).add(b"d/", kind=b"5", mode=0o7000)
    door = opened(archive.write(tmp_path / "a.tgz"), room)
    assert kinds(door) == ["special-bits"]
    assert [stat.S_IMODE((room / "root" / n).stat().st_mode) for n in "swd"] == [0o755, 0o644, 0o755]


def test_the_last_of_two_members_with_one_name_stays_and_is_recorded(room, tmp_path, raw_tar):
    door = opened(raw_tar().add(b"f", b"one").add(b"./f", b"two!").write(tmp_path / "a.tgz"), room)
    assert kinds(door) == ["duplicate"]
    assert (room / "root/f").read_bytes() == b"two!"
    assert [entry.size for entry in door.files] == [4]


def test_a_file_where_a_folder_is_and_the_other_way_round_are_problems(room, tmp_path, raw_tar):
    archive = raw_tar().add(b"a", b"1").add(b"a/b", b"2").add(b"c/d", b"3").add(b"c", b"4").write(tmp_path / "a.tgz")
    door = opened(archive, room)
    assert kinds(door) == ["conflict", "conflict"]
    assert [entry.path for entry in door.files] == ["a", "c/d"]


def test_a_gzip_bomb_stops_early(room, tmp_path, raw_tar):
    archive = raw_tar().add(b"first", b"1").add(b"zeros", bytes(8 << 20)).write(tmp_path / "a.tgz")
    door = opened(archive, room, Limits(ratio=50, ratio_from_bytes=1 << 20))
    assert kinds(door) == ["bomb"]
    assert sum(f.stat().st_size for f in (room / "root").iterdir()) < 2 << 20


def test_the_default_limits_stop_a_real_bomb(room, tmp_path):
    head = tarfile.TarInfo("zeros")
    head.size = 1 << 30
    with gzip.open(tmp_path / "bomb.tgz", "wb", compresslevel=1) as out:
        out.write(head.tobuf())
        for _ in range(100):
            out.write(bytes(1 << 20))
    assert kinds(opened(tmp_path / "bomb.tgz", room)) == ["bomb"]


def test_too_much_altogether_stops(room, tmp_path, raw_tar):
    archive = raw_tar()
    for number in range(8):
        archive.add(b"%d" % number, os.urandom(1000))
    door = opened(archive.write(tmp_path / "a.tgz"), room, Limits(total_bytes=4500))
    assert kinds(door) == ["bomb"]
    assert len(door.files) == 4


def test_a_million_files_stop_at_the_limit(room, tmp_path, raw_tar):
    archive = raw_tar()
    for number in range(300):
        archive.add(b"d%d/f" % number)
    door = opened(archive.write(tmp_path / "a.tgz"), room, Limits(entries=100))
    assert kinds(door) == ["too-many-files"]
    assert sum(len(folders) + len(files) for _, folders, files in os.walk(room / "root")) <= 101


def test_a_flood_of_problems_is_counted_not_kept(room, tmp_path, raw_tar):
    archive = raw_tar()
    for _ in range(1500):
        archive.add(b"../x")
    problems = opened(archive.write(tmp_path / "a.tgz"), room).problems
    assert len(problems) == 1001
    assert "500 more" in problems[-1].problem


@pytest.mark.parametrize("cut", [600, 700, 1500])
def test_a_cut_archive_is_corrupt(room, tmp_path, raw_tar, cut):
    whole = raw_tar().add(b"f", os.urandom(1200)).data
    (tmp_path / "a.tar").write_bytes(whole[:cut])
    with pytest.raises(CorruptArchive, match="corrupt"):
        opened(tmp_path / "a.tar", room)


def test_a_cut_gzip_and_a_wrong_checksum_are_corrupt(room, tmp_path, raw_tar):
    good = raw_tar().add(b"f", os.urandom(5000)).write(tmp_path / "a.tgz").read_bytes()
    for bad in (good[:-20], good[:3000], good[:40] + bytes([good[40] ^ 1]) + good[41:]):
        (tmp_path / "b.tgz").write_bytes(bad)
        with pytest.raises(CorruptArchive) as caught:
            unpack(tmp_path / "b.tgz", Door(room / "root"), rename=below(""))
        assert caught.value.advice
        for left in (room / "root").iterdir():
            left.unlink()


@pytest.mark.parametrize("size", [-1, 1 << 61])
def test_sizes_that_cannot_be_are_corrupt(room, tmp_path, raw_tar, size):
    archive = raw_tar().add(b"f", b"x").data
    header = bytearray(archive[:512])
    field = size.to_bytes(12, "big", signed=True)
    header[124:136] = bytes([field[0] | 0x80]) + field[1:]
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    (tmp_path / "a.tar").write_bytes(bytes(header) + archive[512:])
    with pytest.raises(CorruptArchive):
        opened(tmp_path / "a.tar", room)


def test_an_extended_header_of_a_gigabyte_is_not_read_into_memory(room, tmp_path, raw_tar):
    archive = raw_tar().add(b"x", b"", kind=b"x", size=1 << 30).write(tmp_path / "a.tgz")
    with pytest.raises(CorruptArchive, match="a name of"):
        opened(archive, room)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tars_of_every_form_are_read_as_tarfile_wrote_them(room, tmp_path, form):
    names = ["a", "d/" + "n" * 90, "/".join(["long" * 10] * 4) + "/end", "umläut-é"]
    with tarfile.open(tmp_path / "a.tar", "w", format=form) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(name.encode())
            archive.addfile(info, io.BytesIO(name.encode()))
    door = opened(tmp_path / "a.tar", room)
    assert kinds(door) == []
    assert {e.path: (room / "root" / e.path).read_text() for e in door.files} == {name: name for name in names}


def test_zip_members_meet_the_same_door(room, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../victim", "evil")
        archive.writestr("/etc/clearance-was-here", "evil")
        archive.writestr("ok/run.sh", "#!")
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../victim")
        tool = zipfile.ZipInfo("tool")
        tool.external_attr = (stat.S_IFREG | 0o755) << 16
        archive.writestr(tool, "#!")
        pipe = zipfile.ZipInfo("pipe")
        pipe.external_attr = stat.S_IFIFO << 16
        archive.writestr(pipe, "")
    door = opened(tmp_path / "a.zip", room)
    assert sorted(kinds(door)) == ["absolute-name", "link-outside", "path-traversal", "special-file"]
    assert [(e.path, e.executable) for e in door.files] == [("ok/run.sh", False), ("tool", True)]


def test_a_zip_bomb_and_a_broken_zip_are_seen(room, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(4 << 20))
    assert kinds(opened(tmp_path / "a.zip", room, Limits(ratio_from_bytes=1 << 20))) == ["bomb"]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("f", b"x" * 1000)
    data = (tmp_path / "b.zip").read_bytes().replace(b"x" * 1000, b"x" * 999 + b"y")
    (tmp_path / "b.zip").write_bytes(data)
    with pytest.raises(CorruptArchive):
        opened(tmp_path / "b.zip", room)
    (tmp_path / "c.zip").write_bytes(data[:600])
    with pytest.raises(CorruptArchive):
        opened(tmp_path / "c.zip", room)


def test_a_zip_whose_directory_claims_to_be_huge_is_not_read(room, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("f", b"x")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data)
    assert kinds(opened(tmp_path / "a.zip", room)) == ["too-many-files"]


def test_a_wheels_data_folders_go_where_installers_put_them(room, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        for name in ("pkg/a.py", "pkg-1.data/purelib/b.py", "pkg-1.data/scripts/tool", "pkg-1.data/data/x", "../y"):
            archive.writestr(name, "")
    door = Door(room / "root")
    unpack(tmp_path / "a.whl", door, rename=as_wheel("site"))
    assert [e.path for e in door.files] == ["bin/tool", "share/pkg-1.data/data/x", "site/b.py", "site/pkg/a.py"]
    assert kinds(door) == ["path-traversal"]


def test_a_folder_is_copied_without_what_leads_out_of_it(room, tmp_path):
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "run.sh").write_text("#!")
    (source / "sub" / "run.sh").chmod(0o700)
    (source / "out").symlink_to("/etc")
    (source / "in").symlink_to("sub/run.sh")
    os.mkfifo(source / "pipe")
    door = Door(room / "root")
    copy_folder(source, door, prefix="package")
    door.finish()
    assert sorted(kinds(door)) == ["link-outside", "special-file"]
    assert [(e.path, e.executable) for e in door.files] == [("package/sub/run.sh", True)]
    assert stat.S_IMODE((room / "root/package/sub/run.sh").stat().st_mode) == 0o755
    assert (room / "root/package/in").read_text() == "#!"


_PIECES = st.sampled_from([b"..", b".", b"", b"a", b"b", b"/", b"\xff", b"\xe2\x80\xae", b"CON", b"a\\b", b"x" * 120])
_NAMES = st.lists(_PIECES, min_size=1, max_size=5).map(b"/".join) | st.binary(min_size=1, max_size=90)


@example(members=[(b"a", b"2", b"\0")])  # a link to nothing
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=st.lists(st.tuples(_NAMES, st.sampled_from([b"0", b"1", b"2", b"5"]), _NAMES), max_size=6))
def test_whatever_the_names_nothing_lands_outside(tmp_path_factory, raw_tar, members):
    place = tmp_path_factory.mktemp("names")
    room = place / "room"
    (room / "root").mkdir(parents=True)
    (room / "victim").write_text("untouched")
    archive = raw_tar()
    for name, kind, target in members:
        archive.add(name.replace(b"\0", b"0"), b"data" if kind == b"0" else b"", kind=kind, target=target[:100])
    door = opened(archive.write(place / "a.tgz"), room)
    for entry in door.files:
        assert (room / "root" / entry.path).is_file()
    for problem in door.problems:
        assert problem.path.isprintable()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=1500), head=st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"PK\x05\x06"]))
def test_noise_is_corrupt_or_read_and_raises_nothing_else(tmp_path_factory, noise, head):
    place = tmp_path_factory.mktemp("noise")
    (place / "root").mkdir()
    (place / "a").write_bytes(head + noise)
    door = Door(place / "root")
    try:
        unpack(place / "a", door, rename=below(""))
    except CorruptArchive as error:
        assert error.advice  # noqa: PT017 - it may also be read without an error
    except LimitReached:
        assert door.problems
