"""Programs of PyInstaller and the archive of modules in them; code objects are never loaded."""

import marshal

import pytest

from clearance.intake.unpack.inside.marshalled import parse
from clearance.intake.unpack.inside.region import Broken


def test_entries_are_found_packed_or_not(look, build):
    code = marshal.dumps(compile("print(1)", "tool.py", "exec"))
    seen = look(
        {
            "tool": build.pyinstaller(
                [(b"tool", b"s", code, True), (b"data.txt", b"x", b"text\n", False), (b"lib", b"n", b"", False)]
            )
        }
    )
    assert seen.bytes_of("tool!tool") == code
    assert seen.how("tool!tool") == ("pyinstaller-entry", "bytecode")
    assert seen.bytes_of("tool!data.txt") == b"text\n"
    assert seen.how("tool!data.txt") == ("pyinstaller-entry", "text")
    assert (seen.kinds, seen.closed) == ([], {})


def test_modules_of_the_inner_archive_are_bytecode(look, build):
    modules = {"agent.core": b"\xe3 code of core", "agent.net": b"\xe3 code of net"}
    seen = look({"tool": build.pyinstaller([(b"PYZ.pyz", b"z", build.pyz(modules), False)])})
    assert seen.bytes_of("tool!PYZ.pyz!agent.net.pyc") == b"\xe3 code of net"
    assert seen.how("tool!PYZ.pyz!agent.core.pyc") == ("pyinstaller-entry", "bytecode")


def test_an_encrypted_module_says_that_it_is_closed(look, build):
    archive = build.pyz({"agent": b"\xe3" * 50})
    broken = archive.replace(b"x\x9c", b"\x00\x00", 1)
    assert "encrypted" in look({"PYZ.pyz": broken}).closed["PYZ.pyz!agent"]


def test_a_cookie_alone_is_just_a_string(look, build):
    seen = look({"tool": build.elf + b"MEI\x0c\x0b\x0a\x0b\x0e" * 9 + bytes(100)})
    assert seen.how("tool") == ("file", "native")


@pytest.mark.parametrize(
    "value", [[("a", (0, 12, 5)), ("a.b", (1, 17, 5))], {"a": (0, 1, 2)}, ["x", "x", b"y", None, True, -5, ("é",)]]
)
def test_a_table_is_read_as_python_wrote_it(value):
    assert parse(marshal.dumps(value)) == value


@pytest.mark.parametrize("version", [0, 2, 4])
def test_tables_of_every_version_of_the_format_are_read(version):
    value = [("name", (0, 1, 2)), ("name", (0, 1, 2))]
    assert parse(marshal.dumps(value, version)) == value


def test_code_and_nesting_are_refused():
    nested: tuple[object, ...] = ()
    for _ in range(40):
        nested = (nested,)
    for raw in (
        marshal.dumps(compile("1", "a", "eval")),
        marshal.dumps(nested),
        b"[\xff\xff\xff\x7f",
        b"",
        b"r\0\0\0\0",
    ):
        with pytest.raises(Broken):
            parse(raw)
