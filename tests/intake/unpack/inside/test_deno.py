"""Programs that Deno compiled, before and since 2.1."""

import pytest


def test_files_of_a_program_are_found_by_its_tree(look, build):
    seen = look({"tool": build.deno({"main.ts": b"const a: number = 1;\n", "read.md": b"# Read\n"})})
    assert seen.bytes_of("tool!app/main.ts") == b"const a: number = 1;\n"
    assert seen.how("tool!app/read.md") == ("deno-file", "markdown")
    assert seen.how("tool!(description)") == ("deno-file", "data")
    assert seen.members["tool"].member.runtime


def test_what_lies_between_description_and_tree_is_a_member(look, build):
    remote = b"https://example.org/mod.ts export const remote = 1; " * 4
    seen = look({"tool": build.deno({"main.ts": b"1"}, middle=remote)})
    assert any(remote in seen.bytes_of(path) for path in seen.members if "unclaimed" in path)


def test_modules_of_an_older_program_are_found_by_its_eszip(look, build):
    seen = look({"tool": build.eszip({"app/main.ts": b"let a;\n", "app/b.ts": b"let b;\n"})})
    assert seen.bytes_of("tool!app/b.ts") == b"let b;\n"
    assert seen.how("tool!app/main.ts") == ("deno-file", "javascript")


@pytest.mark.parametrize("words", [1, 2, 9])
def test_the_magic_word_alone_is_just_a_string(look, build, words):
    seen = look({"deno": build.elf + b"d3n0l4nd something " * words})
    assert seen.how("deno") == ("file", "native")
    assert (seen.kinds, seen.closed) == ([], {})


def test_a_file_that_holds_the_magic_word_hides_nothing(look, build):
    seen = look({"tool": build.deno({"a.txt": b"d3n0l4nd d3n0l4nd", "main.ts": b"let a;"})})
    assert seen.bytes_of("tool!app/main.ts") == b"let a;"
