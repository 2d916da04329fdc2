"""Which builds are for this machine, told from fields and from names."""

import pytest

from clearance.intake.machine import Machine, this_machine

HERE = Machine(os="linux", cpu="x64", libc="glibc")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("agent-linux-x64", True), ("agent-linux-arm64", False), ("agent-darwin-x64", False), ("agent-win32-x64", False),
        ("agent-linux-x64-musl", False), ("@img/sharp-linuxmusl-x64", False), ("clip-linux-x64-gnu", True),
        ("windows-build-tools", True), ("x64-only", True), ("node-pty", True), ("sharp", True),
    ],
)  # fmt: skip
def test_a_name_speaks_only_when_it_has_system_and_processor(name, wanted):
    assert HERE.may_want(name, (name,)) is wanted


def test_of_builds_for_old_and_new_processors_one_kind_is_wanted():
    both = ("a-linux-x64", "a-linux-x64-baseline")
    old = Machine(os="linux", cpu="x64", libc="glibc", modern=False)
    assert [HERE.may_want(name, both) for name in both] == [True, False]
    assert [old.may_want(name, both) for name in both] == [False, True]
    assert HERE.may_want(both[1], both[1:])


def test_fields_allow_name_and_exclude():
    assert HERE.accepts((), (), ())
    assert HERE.accepts(("darwin", "linux"), ("x64",), ("glibc",))
    assert not HERE.accepts(("linux",), ("arm64",), ())
    assert not HERE.accepts(("!linux",), (), ())
    assert HERE.accepts(("!win32",), (), ())
    assert not HERE.accepts((), (), ("musl",))


def test_this_machine_has_npms_words():
    assert this_machine().os == "linux"
    assert this_machine().libc in ("glibc", "musl")
    assert this_machine().platform.count("-") == 1
