"""Sources that travel in source maps."""

import base64
import json

from clearance.intake.unpack.inside import source_maps


def mapped(sources: list[str], contents: list[str | None], **more: object) -> bytes:
    return json.dumps(
        {"version": 3, "sources": sources, "sourcesContent": contents, "mappings": "AAAA"} | more
    ).encode()


def test_sources_of_a_map_are_members_and_the_map_stays_whole(look):
    raw = mapped(["src/foo.ts", "webpack://x/./lib/b.py?1f3a", "gone.ts"], ["let a = 1\n", "import os\n", None])
    seen = look({"x.js.map": raw})
    assert seen.bytes_of("x.js.map!src/foo.ts") == b"let a = 1\n"
    assert seen.how("x.js.map!src/foo.ts") == ("source-map-source", "javascript")
    assert seen.how("x.js.map!webpack://x/./lib/b.py") == ("source-map-source", "python")
    assert len(seen.members) == 3
    assert seen.bytes_of("x.js.map") == raw
    assert seen.how("x.js.map") == ("file", "data")


def test_a_map_inside_a_script_is_found(look):
    inline = b"//# sourceMappingURL=data:application/json;charset=utf-8;base64,"
    raw = base64.b64encode(mapped(["src/a.ts"], ["const secret = 'kept'\n"])).rstrip(b"=")
    script = b"let a\n//# sourceMappingURL=data:application/json;base64,\n" + inline + raw + b"\n"
    seen = look({"x.js": script})
    assert seen.bytes_of("x.js!src/a.ts") == b"const secret = 'kept'\n"
    assert seen.bytes_of("x.js") == script
    assert seen.closed == {}


def test_a_script_that_only_speaks_of_maps_is_just_a_script(look):
    script = b"append(`sourceMappingURL=data:application/json;base64,${btoa(map)}`); '\"sourcesContent\"'"
    seen = look({"x.js": script})
    assert (list(seen.members), seen.closed) == (["x.js"], {})


def test_sections_of_a_map_are_maps(look):
    section = {"offset": {"line": 0, "column": 0}, "map": json.loads(mapped(["a.ts"], ["let deep\n"]))}
    seen = look({"x.map": mapped([], [], sections=[section])})
    assert seen.bytes_of("x.map!a.ts") == b"let deep\n"


def test_what_servers_put_before_json_is_dropped(look):
    assert look({"x.map": b")]}'\n" + mapped(["a.ts"], ["let a"])}).bytes_of("x.map!a.ts") == b"let a"


def test_a_broken_map_says_so(look):
    seen = look(
        {
            "x.map": b'{"sourcesContent": [1, 2]}',
            "y.map": b'{"sourcesContent": ["',
            "z.map": b"[" * 9000 + b'"sourcesContent"',
        }
    )
    assert sorted(seen.closed) == ["x.map", "y.map", "z.map"]


def test_a_map_of_millions_of_tiny_strings_is_not_built_in_memory(look, monkeypatch):
    monkeypatch.setattr(source_maps, "_MOST_QUOTES", 100)
    assert "strings" in look({"x.map": mapped(["a"] * 60, ["b"] * 60)}).closed["x.map"]


def test_lone_surrogates_are_written_as_they_can_be(look):
    seen = look({"x.map": b'{"sources": ["a.js"], "sourcesContent": ["\\u0061\\u00e9"]}'})
    assert seen.bytes_of("x.map!a.js") == "aé".encode()
