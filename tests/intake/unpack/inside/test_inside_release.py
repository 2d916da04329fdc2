"""A release's tree: every file a member, links not followed, nothing read whole to tell what it is."""

import os
import time

import pytest

from clearance.intake.unpack.inside import InsideLimits, open_release
from clearance.model.release import FileEntry


def entry(path: str, size: int = 0) -> FileEntry:
    return FileEntry(path=path, size=size, sha256="0" * 64)


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "scratch").mkdir()

    def run(*paths: str):
        entries = [entry(path, 7) for path in paths]
        return open_release(tmp_path / "root", entries, scratch=tmp_path / "scratch", limits=InsideLimits())

    run.root = tmp_path / "root"
    return run


def test_every_file_is_a_member_in_the_order_given(look):
    seen = look({"b.js": b"let b", "a/README.md": b"# A", "empty": b"", "tool": b"\x7fELF\2\1\1" + bytes(99)})
    assert [(f.member.path, f.member.how, str(f.member.language)) for f in seen.opened.members] == [
        ("b.js", "file", "javascript"),
        ("a/README.md", "file", "markdown"),
        ("empty", "file", "text"),
        ("tool", "file", "native"),
    ]
    assert all(f.member.offset == 0 and f.start == 0 for f in seen.opened.members)


def test_links_are_not_followed_wherever_they_stand(tree, tmp_path):
    (tmp_path / "secret").write_text("outside")
    (tree.root / "link").symlink_to("../secret")
    (tree.root / "folder").symlink_to("..")
    opened = tree("link", "folder/secret", "folder")
    assert opened.members == ()
    assert [u.path for u in opened.unopened] == ["link", "folder/secret", "folder"]


def test_what_is_missing_or_no_file_is_unopened_with_the_reason(tree):
    os.mkfifo(tree.root / "pipe")
    (tree.root / "dir").mkdir()
    opened = tree("gone.js", "pipe", "dir", "dir/x/y")
    assert [(u.path, u.size) for u in opened.unopened] == [("gone.js", 7), ("pipe", 7), ("dir", 7), ("dir/x/y", 7)]
    assert all(u.reason for u in opened.unopened)


def test_names_that_lead_out_are_problems(tree):
    opened = tree("../scratch/x", "/etc/passwd", "a\0b")
    assert [p.kind for p in opened.problems] == ["path-traversal", "absolute-name", "bad-name"]
    assert opened.members == ()


@pytest.mark.long
@pytest.mark.parametrize("head", [b"", b"\x7fELF\2\1\1", b"let a = 1", b"PK\3\4"])
def test_a_sparse_file_of_ten_gigabytes_takes_no_time(tree, head):
    path = tree.root / "sparse.bin"
    path.write_bytes(head)
    os.truncate(path, 10 << 30)
    began = time.process_time()
    opened = tree("sparse.bin")
    assert time.process_time() - began < 5
    assert [(f.member.size, str(f.member.language)) for f in opened.members] == [(10 << 30, "native")]


def test_names_that_are_no_text_still_make_a_path(look, build):
    program = build.pyinstaller([(b"\xff\xfe.py", b"x", b"import os\n", False)])
    assert "tool!\\xff\\xfe.py" in look({"tool": program}).members


def test_long_names_are_cut(look, build):
    seen = look({"app.asar": build.asar({"n" * 5000: b"1"})})
    assert all(len(path) <= 2000 for path in seen.members)
    assert seen.kinds == ["bad-name"]


def test_the_same_tree_opens_the_same_way_twice(look, build):
    files = {
        "tool": build.bun(
            [{"name": f"/$bunfs/root/{n}.js", "contents": b"let a", "bytecode": b"\xe2" * 80} for n in range(9)]
        ),
        "app.asar": build.asar({"a.js": b"1", "b/c.js": b"2"}),
    }
    first, second = look(files), look(files)
    assert [f.member for f in first.opened.members] == [f.member for f in second.opened.members]
