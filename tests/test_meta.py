"""What holds for the whole tree: names, docstrings, words, and tests that are tests."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import clearance
from clearance.lab.catalogue import factor_catalogue
from clearance.lab.factors import ALL as FACTORS

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "clearance"
MODULES = sorted(SOURCE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))

BROAD_ALLOWED = {
    "app/cli/__init__.py",  # turns failures into words and exit codes
    "lab/room/warden",  # processes that must report whatever ends them
    "lab/conformance/probe.py",  # what could not be tried is not sealed
    "policy/compile/helper/calling.py",  # a program of its own: whatever went wrong, nobody allowed the start
    "lab/world/datagrams.py",  # the next three keep it for World.close, which raises it
    "lab/world/link.py",
    "lab/world/meter.py",
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def classes(path: Path) -> tuple[ast.ClassDef, ...]:
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef) and is_noun(node))


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def documented(node: ast.AST, *, inside: str) -> Iterator[tuple[str, bool]]:
    """Public classes and functions with whether they say what they promise; methods of public classes too."""
    for child in getattr(node, "body", []):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            is_overload = any("overload" in ast.dump(d) for d in child.decorator_list)
            yield f"{inside}.{child.name}", is_overload or ast.get_docstring(child) is not None
            if isinstance(child, ast.ClassDef):
                yield from documented(child, inside=f"{inside}.{child.name}")


def test_every_public_module_class_and_function_has_a_docstring() -> None:
    bare = [name_of(p) for p in MODULES if ast.get_docstring(tree(p)) is None]
    bare += [name for p in MODULES for name, has in documented(tree(p), inside=name_of(p)) if not has]
    assert bare == []


def is_noun(node: ast.ClassDef) -> bool:
    is_struct = any("Struct" in ast.unparse(base) for base in node.bases)
    return is_struct or any("dataclass" in ast.unparse(d) for d in node.decorator_list)


def nouns() -> Iterator[tuple[str, str, ast.ClassDef]]:
    for path in MODULES:
        for node in classes(path):
            yield node.name, name_of(path), node


def test_a_noun_is_declared_once_in_its_room_and_those_of_model_once_in_the_tree() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name, place, _ in nouns():
        if not name.startswith("_"):
            places[name].append(place)
    rooms = {name: [place.partition("/")[0] for place in where] for name, where in places.items()}
    twice = {n for n, found in rooms.items() if len(set(found)) < len(found) or ("model" in found and len(found) > 1)}
    # An npm package's manifest and a cached tree's; what a warden saw on disk and what a world saw on a wire; a text cut
    # into tokens and what hidden bytes turned out to say.
    assert twice <= {"Manifest", "Seen", "Reading"}


def test_recorded_nouns_are_frozen_and_strict() -> None:
    loose = []
    for name, place, node in nouns():
        if place.startswith("model/") and any("Struct" in ast.unparse(b) for b in node.bases):
            words = {k.arg for k in node.keywords if isinstance(k.value, ast.Constant) and k.value.value is True}
            if not {"frozen", "kw_only", "forbid_unknown_fields"} <= words and not place.startswith("model/wire/"):
                loose.append(f"{place}: {name}")
    assert loose == []


def test_words_that_judge_motives_are_nowhere() -> None:
    pattern = re.compile("back" + "door|spy" + "ware", re.IGNORECASE)
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    texts += [p for p in SOURCE.rglob("*") if p.suffix in {".py", ".toml", ".j2", ".html", ".css", ".js", ".md"}]
    assert [str(p) for p in texts if pattern.search(p.read_text(encoding="utf-8"))] == []


def test_modules_have_names_for_the_reader_and_are_small() -> None:
    assert [name_of(p) for p in MODULES if p.stem in {"utils", "helpers", "common", "manager", "base", "misc"}] == []
    assert [name_of(p) for p in MODULES if len(p.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_functions_are_small() -> None:
    long = [
        f"{name_of(path)}: {node.name}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    # A function whose parameters are documented one by one has most of its lines there.
    assert len(long) <= 3, long


def test_the_factors_are_those_that_were_asked_for() -> None:
    wanted = """timezone locale base_url proxy_env hostname username git_remote git_identity clock ci_env
    credentials_env project_kind canary session"""
    found = [row.name for row in factor_catalogue(datetime(2026, 11, 18, tzinfo=UTC))]
    assert sorted(found) == sorted(wanted.split())
    assert [f.__module__.rpartition(".")[2] for f in FACTORS] == found


def test_every_factor_says_why_and_has_another_level() -> None:
    for row in factor_catalogue(datetime(2026, 11, 18, tzinfo=UTC)):
        assert row.why.endswith("."), row.name
        assert row.levels, row.name
        assert row.baseline not in row.levels, row.name


def test_broad_excepts_stand_only_where_failures_become_words() -> None:
    broad = []
    for path in MODULES:
        for node in ast.walk(tree(path)):
            caught = ast.unparse(node.type) if isinstance(node, ast.ExceptHandler) and node.type else None
            bare = isinstance(node, ast.ExceptHandler) and node.type is None
            ends_in_raise = isinstance(node, ast.ExceptHandler) and isinstance(node.body[-1], ast.Raise)
            if (bare or caught in {"Exception", "BaseException"}) and not ends_in_raise:
                broad.append(name_of(path))
    assert {b for b in broad if not any(b.startswith(allowed) for allowed in BROAD_ALLOWED)} == set()


def test_every_test_file_has_tests_and_a_name_of_its_own() -> None:
    assert [str(p) for p in TESTS if not any(_tests(tree(p)))] == []
    names = [p.name for p in TESTS]
    assert [n for n in set(names) if names.count(n) > 1] == []


def _tests(node: ast.AST) -> Iterator[str]:
    for child in getattr(node, "body", []):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and child.name.startswith("test_"):
            yield child.name


def test_every_room_says_what_it_is() -> None:
    for found in pkgutil.iter_modules(clearance.__path__):
        module = importlib.import_module(f"clearance.{found.name}")
        assert module.__doc__, found.name


def test_product_text_names_no_place_of_its_making() -> None:
    words = re.compile("/" + r"work/(?:main|shared)|\." + "library")
    texts = [*MODULES, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert [str(p) for p in texts if words.search(p.read_text(encoding="utf-8"))] == []
