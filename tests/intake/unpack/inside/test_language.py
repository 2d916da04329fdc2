"""How bytes are read: first bytes over names, names over guesses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.intake.unpack.inside.language import HEAD, language_of
from clearance.model.contents import Language

ELF = b"\x7fELF\x02\x01\x01\0\0\0"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    ("name", "head", "language"),
    [
        ("readme.txt", ELF, "native"),
        ("cli.js", ELF, "native"),
        ("tool", b"MZ\x90\0\3\0\0\0", "native"),
        ("tool", b"\xcf\xfa\xed\xfe\7\0\0\1", "native"),
        ("tool", b"\xca\xfe\xba\xbe\0\0\0\2", "native"),
        ("A.class", b"\xca\xfe\xba\xbe\0\0\0\x3d", "bytecode"),
        ("a.wasm", b"\0asm\1\0\0\0", "native"),
        ("a.cjs", b"let a", "javascript"),
        ("a.d.ts", b"declare const a: 1", "javascript"),
        ("a.js", b"/*\0*/ let a", "javascript"),
        ("a.js", b"GIF89a = 1; run()", "javascript"),
        ("a.js", b"\xcc\x05\xde\xc0\x0b\xc2", "bytecode"),
        ("a.jsc", b"anything", "bytecode"),
        ("m.cpython-311.pyc", b"\xa7\r\r\n\0\0\0\0", "bytecode"),
        ("m.dat", b"\xa7\r\r\n\0\0\0\0\0\0\0\0", "bytecode"),
        ("x/SKILL.md", b"# Skill", "markdown"),
        ("rules.mdc", b"---\n", "markdown"),
        (".cursorrules", b"Always", "markdown"),
        ("a.JSON", b"{}", "data"),
        ("n.ipynb", b"{}", "data"),
        ("pic.svg", b"<svg/>", "data"),
        ("pic.png", PNG, "media"),
        ("pic", PNG, "media"),
        ("pic.png", b"instructions for the agent", "text"),
        ("pic.png", b"\x01\x02\x03\0\0\0\xff\xfe", "native"),
        ("font.woff2", b"wOF2\0\1\0\0", "media"),
        ("x.bin", b"wOF2 is what this says", "text"),
        ("film.mp4", b"\0\0\0\x20ftypisom", "media"),
        ("run", b"#!/bin/sh\n", "shell"),
        ("run", b"#!/usr/bin/env -S node --no-warnings\n", "javascript"),
        ("run", b"#!/usr/bin/env FOO=1 python3.11\n", "python"),
        ("run", b"#!/usr/bin/perl\n", "text"),
        ("LICENSE", b"MIT License", "text"),
        ("page", b"<!DOCTYPE html>", "data"),
        ("note", "\ufeffgr\u00fc\u00df dich".encode("utf-16"), "text"),
        ("note.md", "# gr\u00fc\u00df dich".encode("utf-16-le"), "markdown"),
        ("alt.txt", "Grüße aus München, viele".encode("latin-1"), "text"),
        ("cfg.json", bytes(range(256)), "native"),
        ("blob", bytes(range(256)), "native"),
        ("blob", b"", "text"),
        ("prog.cpp", b"int main() {}", "text"),
    ],
)
def test_a_name_and_a_head_say_how_bytes_are_read(name, head, language):
    assert language_of(name, head) == language


def test_what_the_container_says_counts_more_than_the_name_but_not_than_machine_code():
    assert language_of("a.txt", b"let a", hint=Language.JAVASCRIPT) is Language.JAVASCRIPT
    assert language_of("a.js", ELF, hint=Language.JAVASCRIPT) is Language.NATIVE


def test_a_letter_that_the_head_cuts_in_two_does_not_make_a_text_binary():
    text = "ж".encode() * HEAD
    for start in (0, 1):
        assert language_of("note", b" " * start + text[: HEAD - start]) is Language.TEXT


@given(st.text(max_size=40), st.binary(max_size=300))
def test_any_name_and_any_bytes_have_a_language(name, head):
    assert language_of(name, head) in Language


@given(st.text(min_size=1, max_size=200))
def test_every_text_is_a_text(text):
    printable = "".join(c for c in text if c.isprintable()) or "a"
    assert language_of("notes.txt", printable.encode()) is Language.TEXT
