"""Electron's asar: files as stretches of it."""

import json


def test_files_are_stretches_of_the_archive(look, build):
    archive = build.asar({"main.js": b"let a\n", "node_modules/x/readme.md": b"# X\n"})
    seen = look({"app.asar": archive})
    assert seen.bytes_of("app.asar!main.js") == b"let a\n"
    assert seen.how("app.asar!node_modules/x/readme.md") == ("asar-entry", "markdown")
    assert list(seen.scratch.iterdir()) == []
    assert json.loads(seen.bytes_of("app.asar")[16:].rstrip(b"\0"))["files"]


def test_a_link_out_and_a_name_that_climbs_are_problems(look, build):
    more = {
        "out": {"link": "../../etc/passwd"},
        "in": {"link": "main.js"},
        "..": {"files": {"x": {"size": 1, "offset": "0"}}},
    }
    seen = look({"app.asar": build.asar({"main.js": b"let a\n"}, more=more)})
    assert sorted(seen.kinds) == ["link-outside", "path-traversal"]
    assert seen.bytes_of("app.asar!../x") == b"l"


def test_a_file_kept_beside_the_archive_is_not_looked_for_in_it(look, build):
    more = {"native.node": {"size": 5_000_000, "unpacked": True}}
    seen = look({"app.asar": build.asar({"a.js": b"1"}, more=more), "app.asar.unpacked/native.node": build.elf})
    assert seen.how("app.asar.unpacked/native.node") == ("file", "native")
    assert (seen.kinds, seen.closed) == ([], {})


def test_a_file_that_was_changed_after_packing_is_a_problem(look, build):
    archive = build.asar({"main.js": b"let a = 1\n"}).replace(b"let a = 1", b"let a = 2")
    seen = look({"app.asar": archive})
    assert seen.kinds == ["wrong-digest"]
    assert seen.bytes_of("app.asar!main.js") == b"let a = 2\n"


def test_a_file_that_lies_outside_is_closed_and_the_others_arrive(look, build):
    more = {
        "far.js": {"size": 9, "offset": "99999"},
        "no.js": {"size": 9, "offset": "-1"},
        "odd.js": {"size": -3, "offset": "0"},
    }
    seen = look({"app.asar": build.asar({"main.js": b"1"}, more=more)})
    assert sorted(seen.closed) == ["app.asar!far.js", "app.asar!no.js", "app.asar!odd.js"]
    assert seen.bytes_of("app.asar!main.js") == b"1"


def test_bytes_that_no_entry_names_are_unclaimed(look, build):
    seen = look({"app.asar": build.asar({"main.js": b"1"}) + b"hidden behind the last file " * 9})
    assert any(b"hidden" in seen.bytes_of(path) for path in seen.members if "unclaimed" in path)


def test_a_directory_nested_without_end_is_closed(look, build):
    text = b'{"files":' + b'{"a":{"files":' * 3000 + b"{}" + b"}}" * 3000 + b"}"
    head = b"".join(n.to_bytes(4, "little") for n in (4, len(text) + 8, len(text) + 4, len(text)))
    seen = look({"app.asar": head + text})
    assert "cannot be read" in seen.closed["app.asar"]


def test_a_directory_of_millions_of_parts_is_not_built_in_memory(look, build, monkeypatch):
    monkeypatch.setattr("clearance.intake.unpack.inside.asar._MOST_NODES", 10)
    assert "parts" in look({"app.asar": build.asar({f"{n}.js": b"1" for n in range(9)})}).closed["app.asar"]
