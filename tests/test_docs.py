"""What the documentation says is so: pages are current, links lead somewhere, commands and keys exist."""

import re
import runpy
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
import pytest

from clearance.app.cli.root import root
from clearance.detect.contents import ALL as CONTENT_RULES
from clearance.detect.rules import ALL as RULES
from clearance.detect.texts import ALL as TEXT_RULES
from clearance.intake.profiles import parse_profile
from clearance.lab.factors import ALL as FACTORS
from clearance.model.finding import ChannelClass
from clearance.model.profile import Profile, Run, Source, Variant
from clearance.model.vetting import EndpointRow, Stats
from clearance.report.json import FindingRow, Report

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(
    sorted(
        page
        for pattern in ("*.md", "docs/**/*.md", "tests/zoo/README.md", "bench/*.md")
        for page in ROOT.glob(pattern)
        if "schemas" not in page.parts
    )
)
GENERATED = {"rules.md", "factors.md", "secret-formats.md"} | {
    f"schema/clearance.{name}-1.schema.json"
    for name in (
        "vet",
        "look",
        "compare",
        "bisect",
        "coverage",
        "decision-answer",
        "policy-test",
        "dry-run",
        "ledger-verification",
        "proof",
        "dossier-check",
    )
}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_SOURCE = re.compile(r"(?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|toml|json)")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def without_code(text: str) -> str:
    return _CODE.sub("", _FENCE.sub("", text))


def commands(text: str) -> Iterator[str]:
    """Every ``clearance …`` line of shell blocks and of inline code, comments and pipes cut off."""
    for language, block in _FENCE.findall(text):
        if language in ("", "sh"):
            yield from (line for line in block.splitlines() if line.startswith("clearance "))
    yield from (code for code in _CODE.findall(_FENCE.sub("", text)) if code.startswith("clearance "))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def wrong_command(line: str) -> str:
    """What is wrong with a command line of the documentation; empty if it could be typed so."""
    words = shlex.split(line.split(" | ", maxsplit=1)[0].replace("…", ""), comments=True)[1:]
    if not words or words[0].startswith("-") or not re.fullmatch(r"[a-z]+", words[0]):
        return ""
    command = root.get_command(click.Context(root), words[0])
    if command is None:
        return f"no command {words[0]}"
    while isinstance(command, click.Group) and words[1:] and words[1] in command.commands:
        command, words = command.commands[words[1]], words[1:]
    if isinstance(command, click.Group) and "text" in command.commands:  # a group whose first word may be a text
        command = command.commands["text"]
    known = {option for parameter in command.params for option in (*parameter.opts, "--help")}
    unknown = [word for word in words[1:] if word.startswith("--") and word.partition("=")[0] not in known]
    return f"{words[0]} has no option {unknown[0]}" if unknown else ""


def test_there_is_documentation_to_look_at() -> None:
    assert {"README.md", "SECURITY.md", "docs/index.md", "docs/rules.md"} <= {name_of(page) for page in PAGES}


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_a_generated_page_is_what_the_code_gives_today(name: str) -> None:
    pages: Mapping[str, str] = runpy.run_path(str(ROOT / "scripts/generate_docs.py"))["pages"]()
    assert set(pages) == GENERATED
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == pages[name], "run: make docs"


def test_generated_pages_hold_every_rule_and_every_factor() -> None:
    rules, factors = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("rules.md", "factors.md"))
    assert all(f"## {rule.id}\n" in rules and rule.why in rules for rule in (*RULES, *CONTENT_RULES, *TEXT_RULES))
    assert factors.count("\n## ") == len(FACTORS)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in _LINK.findall(without_code(page.read_text(encoding="utf-8")).replace("[`", "[")):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)} links to {link}"
        assert target.is_relative_to(ROOT)
        assert not heading or heading in anchors(target), f"{name_of(page)} links to {link}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_in_the_documentation_can_be_typed(page: Path) -> None:
    wrong = {line: problem for line in commands(page.read_text(encoding="utf-8")) if (problem := wrong_command(line))}
    assert not wrong


def test_the_readme_names_the_commands_that_a_newcomer_needs() -> None:
    named = {line.split()[1] for line in commands((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {"vet", "doctor", "profiles", "replay", "conformance"} <= named


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    assert wrong_command("clearance vett codex") == "no command vett"
    assert wrong_command("clearance vet codex --colour") == "vet has no option --colour"
    assert not wrong_command("clearance vet codex --json - | jq .verdict")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_in_the_documentation_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    blocks = "\n".join(block for language, block in _FENCE.findall(text) if language == "")
    named = re.findall(r"^make ([a-z-]+)", blocks, re.MULTILINE)
    named += [code.split()[1] for code in _CODE.findall(_FENCE.sub("", text)) if re.match(r"make [a-z]", code)]
    assert set(named) <= targets


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_source_file_named_in_the_documentation_exists(page: Path) -> None:
    for code in _CODE.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if _SOURCE.fullmatch(code):
            places = (ROOT, ROOT / "src", ROOT / "src/clearance", ROOT / "src/clearance/lab", page.parent)
            assert any((place / code).exists() for place in places), f"{name_of(page)} names {code}"


def test_the_example_profile_loads_as_it_stands() -> None:
    text = (ROOT / "docs/profiles.md").read_text(encoding="utf-8")
    (example,) = [block for language, block in _FENCE.findall(text) if language == "toml"]
    assert parse_profile(example.encode(), "docs/profiles.md").id == "some-agent"


@pytest.mark.parametrize("noun", [Profile, Source, Run, Variant])
def test_every_key_of_a_profile_is_explained(noun: type[msgspec.Struct]) -> None:
    text = (ROOT / "docs/profiles.md").read_text(encoding="utf-8")
    tables = {"source", "run", "purposes", "variants"}
    missing = [k for k in noun.__struct_encode_fields__ if f"| `{k}` |" not in text and k not in tables]
    assert not missing
    assert all(f"[{table}]" in text or f"`{table}`" in text for table in tables)


@pytest.mark.parametrize("noun", [Report, FindingRow, EndpointRow, Stats])
def test_every_key_of_the_json_contract_is_explained(noun: type[msgspec.Struct]) -> None:
    text = (ROOT / "docs/json.md").read_text(encoding="utf-8")
    assert not [key for key in noun.__struct_encode_fields__ if f"`{key}`" not in text]


def test_every_class_of_dependence_is_explained() -> None:
    text = (ROOT / "docs/findings.md").read_text(encoding="utf-8")
    assert not [kind for kind in ChannelClass if f"| `{kind}` |" not in text]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_python_in_the_documentation_compiles_and_its_imports_exist(page: Path) -> None:
    for language, block in _FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "python" and "clearance" in block:
            imports = "\n".join(line for line in block.splitlines() if line.startswith(("import ", "from ")))
            namespace: dict[str, Any] = {}
            compile(block, name_of(page), "exec")
            if "from zoo" not in imports:
                exec(compile(imports, name_of(page), "exec"), namespace)


def test_docs_say_what_the_types_say_about_dialects_and_kinds() -> None:
    kinds = get_args(msgspec.structs.fields(FindingRow)[0].type)
    text = (ROOT / "docs/json.md").read_text(encoding="utf-8")
    assert all(f"`{kind}`" in text for kind in kinds)
