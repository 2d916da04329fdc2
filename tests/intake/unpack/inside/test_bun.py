"""Programs that Bun compiled: sources, bytecode once, shared strings, the runtime apart."""

import pytest

from clearance.intake.unpack.inside import InsideLimits, open_release

ROOT = "/$bunfs/root/"
LAYOUTS = [(32, 52), (32, 36), (24, 36), (24, 32)]


@pytest.mark.parametrize(("header", "entry"), LAYOUTS)
def test_modules_of_every_layout_are_found_where_they_lie(look, build, header, entry):
    modules = [
        {"name": ROOT + "cli.js", "contents": b"// @bun\nconsole.log(1)"},
        {"name": ROOT + "notes-1.md", "contents": b"# Notes\n", "loader": 5},
    ]
    seen = look({"bin/tool": build.bun(modules, header=header, entry=entry)})
    assert seen.bytes_of(f"bin/tool!{ROOT}cli.js") == b"// @bun\nconsole.log(1)"
    assert seen.how(f"bin/tool!{ROOT}cli.js") == ("bun-module", "javascript")
    assert seen.how(f"bin/tool!{ROOT}notes-1.md") == ("bun-module", "markdown")
    assert (seen.kinds, seen.closed) == ([], {})


def test_the_program_itself_becomes_its_runtime_which_says_nothing_of_the_release(look, build):
    program = build.bun([{"name": ROOT + "a.js", "contents": b"1"}])
    runtime = look({"tool": program}).members["tool"].member
    assert (runtime.how, runtime.runtime, runtime.offset) == ("bun-runtime", True, 0)
    assert 0 < runtime.size < len(program)


def test_a_payload_behind_another_program_does_not_make_that_a_runtime(look, build):
    seen = look({"tool": build.bun([{"name": ROOT + "a.js", "contents": b"1"}], runtime=build.elf)})
    assert not seen.members["tool"].member.runtime
    assert seen.kinds == ["foreign-runtime"]


def test_what_bun_runs_is_script_whatever_its_name(look, build):
    modules = [
        {"name": ROOT + "tool", "contents": b"let a"},
        {"name": ROOT + "x.txt", "contents": b"let b", "loader": 2},
    ]
    seen = look({"tool": build.bun(modules)})
    assert seen.how(f"tool!{ROOT}tool")[1] == seen.how(f"tool!{ROOT}x.txt")[1] == "javascript"


def test_machine_code_among_modules_is_native(look, build):
    seen = look({"tool": build.bun([{"name": ROOT + "a.js", "contents": build.elf}])})
    assert seen.how(f"tool!{ROOT}a.js") == ("bun-module", "native")


def test_an_area_of_bytecode_that_modules_share_is_one_member(look, build):
    shared = b"\xe2code" * 100
    modules = [
        {"name": f"{ROOT}{n}.js", "contents": b"// @bun @bytecode", "bytecode": (n * 7, len(shared) - n * 7)}
        for n in range(40)
    ]
    seen = look({"tool": build.bun(modules, shared=shared)})
    areas = [found for found in seen.opened.members if found.member.how == "bun-bytecode"]
    assert [(a.member.path, a.member.size, str(a.member.language)) for a in areas] == [
        ("tool!(bytecode)", len(shared), "bytecode")
    ]
    assert seen.bytes_of("tool!(bytecode)") == shared
    assert seen.kinds == []


def test_bytecode_without_source_has_its_modules_name(look, build):
    modules = [
        {"name": ROOT + "only.js", "bytecode": b"\xe2" * 90},
        {"name": ROOT + "both.js", "contents": b"1", "bytecode": b"\xe3" * 90},
    ]
    seen = look({"tool": build.bun(modules)})
    assert seen.how(f"tool!{ROOT}only.js") == ("bun-bytecode", "bytecode")
    assert seen.bytes_of(f"tool!{ROOT}both.js (bytecode)") == b"\xe3" * 90


def test_strings_that_no_entry_points_to_are_members_too(look, build):
    modules = [{"name": ROOT + "a.js", "contents": b"1", "bytecode": b"\xe2" * 90}]
    seen = look({"tool": build.bun(modules, shared=b"system prompt in a shared table " * 20)})
    rest = [found for found in seen.opened.members if found.member.how == "unclaimed"]
    assert [str(found.member.language) for found in rest] == ["bytecode"]
    assert b"system prompt" in seen.bytes_of(rest[0].member.path)


def test_what_follows_the_trailer_is_not_lost(look, build):
    seen = look({"tool": build.bun([{"name": ROOT + "a.js", "contents": b"1"}], after=b"appended secret " * 10)})
    (rest,) = [found for found in seen.opened.members if found.member.how == "unclaimed"]
    assert seen.bytes_of(rest.member.path) == b"appended secret " * 10
    assert not rest.member.runtime


def test_every_byte_of_a_program_is_in_one_member_or_is_its_bookkeeping(look, build):
    program = build.bun(
        [{"name": f"{ROOT}{n}.js", "contents": b"x" * 500, "bytecode": b"\xe2" * 700} for n in range(5)]
    )
    seen = look({"tool": program})
    covered = sum(found.member.size for found in seen.opened.members)
    assert covered <= len(program) < covered + 5 * (52 + 20) + 100


def test_a_map_in_buns_own_form_gives_its_sources(look, build, zstd_text):
    packed, text = zstd_text
    name = b"src/real.ts"
    numbers = (1, 4, 28, len(name), 28 + len(name), len(packed))
    blob = b"".join(n.to_bytes(4, "little") for n in numbers) + b"AAAA" + name + packed
    module = {"name": ROOT + "a.js", "contents": b"1", "map": blob}
    seen = look({"tool": build.bun([module])})
    assert seen.bytes_of(f"tool!{ROOT}a.js.map!src/real.ts") == text
    assert seen.how(f"tool!{ROOT}a.js.map!src/real.ts") == ("source-map-source", "javascript")


def test_a_table_of_a_layout_to_come_still_gives_names_and_contents(look, build):
    program = build.bun([{"name": f"{ROOT}{n}.js", "contents": b"let later"} for n in range(7)], entry=60)
    seen = look({"tool": program})
    assert seen.bytes_of(f"tool!{ROOT}3.js") == b"let later"


def test_a_module_that_lies_outside_makes_no_payload(look, build):
    seen = look({"tool": build.bun([{"name": ROOT + "a.js", "contents": (5, 1 << 31)}])})
    assert list(seen.members) == ["tool"]
    assert seen.how("tool") == ("file", "native")


def test_entries_that_overlap_end_the_opening(look, build):
    body = b"x" * 3_000_000
    modules = [{"name": f"{ROOT}{n}.js", "contents": (0, len(body))} for n in range(50)]
    seen = look({"tool": build.bun(modules, shared=body)})
    assert seen.kinds == ["bomb"]
    assert sum(found.member.size for found in seen.opened.members) < 5 * len(body)


def test_a_trailer_alone_is_just_a_string(look, build):
    seen = look({"tool": build.elf + b"\n---- Bun! ----\n" * 5})
    assert seen.how("tool") == ("file", "native")
    assert (seen.kinds, seen.closed) == ([], {})


@pytest.mark.network
def test_a_real_release_gives_its_source_and_its_bytecode(fetch, tmp_path):
    acquired = fetch("claude-code", "2.1.196")
    opened = open_release(acquired.root, acquired.files, scratch=tmp_path, limits=InsideLimits())
    inner = {f.member.path.partition("!")[2]: f.member for f in opened.members if "!" in f.member.path}
    source = inner["/$bunfs/root/src/entrypoints/cli.js"]
    assert (str(source.language), source.size) == ("javascript", 18_054_465)
    assert [m.size for m in inner.values() if m.how == "bun-bytecode"] == [139_093_328]
    assert [f.member.runtime for f in opened.members if f.member.how == "bun-runtime"] == [True]
    assert (opened.unopened, opened.problems, list(tmp_path.iterdir())) == ((), (), [])
