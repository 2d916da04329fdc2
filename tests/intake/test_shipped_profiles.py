"""Every profile that comes with the program loads, fills its placeholders and keeps to facts."""

import re
from pathlib import Path

import pytest

from clearance.intake.profiles import find_profile, shipped_profiles
from clearance.lab.expand import expansion
from clearance.model.profile import Profile

IDS = ("aider", "claude-code", "codex", "crush", "gemini-cli", "opencode", "qodercli", "qwen-code")
NEEDS_ACCOUNT_OR_PROGRAM = {"crush", "qodercli"}
PLACEHOLDER = re.compile(r"\{(package|prompt|api_key|base_url|home|project)\}")
ANY_WORD = re.compile(r"\{([a-z_]+)\}")
GATEWAY = "https://llm-gateway.example.net"

every_profile = pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda p: p.id)
driven = pytest.mark.parametrize("profile", [p for p in shipped_profiles() if p.run], ids=lambda p: p.id)


def staging(profile: Profile, base_url: str | None):
    begun = expansion(profile, root=Path("/none"), package="package", runtime=None, prompt="PROMPT", api_key="KEY")
    return begun.begin(base_url=base_url)


def test_these_assistants_have_a_profile() -> None:
    assert tuple(sorted(p.id for p in shipped_profiles())) == IDS


def test_what_cannot_be_driven_says_why() -> None:
    assert {p.id for p in shipped_profiles() if p.gap} == NEEDS_ACCOUNT_OR_PROGRAM
    assert all(p.gap for p in shipped_profiles() if p.run is None)


@every_profile
def test_a_profile_is_found_by_its_id_and_names_vendor_package_and_purposes(profile: Profile) -> None:
    assert find_profile(profile.id) is profile
    assert profile.title
    assert profile.vendor
    assert profile.source.name
    assert profile.purposes


@driven
@pytest.mark.parametrize("base_url", [None, GATEWAY], ids=["vendor", "gateway"])
def test_every_placeholder_is_known_and_filled(profile: Profile, base_url: str | None) -> None:
    filled = staging(profile, base_url)
    texts = (*filled.command, *filled.env.values(), *filled.files, *(f.content.decode() for f in filled.files.values()))
    assert not [text for text in texts if PLACEHOLDER.search(text)]
    assert profile.run is not None
    commands = (profile.run.command, *(variant.command for variant in profile.run.variants))
    words = [word for command in commands for part in command for word in ANY_WORD.findall(part)]
    assert {"prompt", "package"} >= set(words) >= {"prompt"}


@driven
def test_a_staged_base_url_is_said_to_the_tool_and_an_ordinary_run_does_not_mention_one(profile: Profile) -> None:
    def said(base_url: str | None) -> str:
        filled = staging(profile, base_url)
        return "\n".join((*filled.command, *filled.env.values(), *(f.content.decode() for f in filled.files.values())))

    assert GATEWAY not in said(None)
    if not profile.gap:
        assert GATEWAY in said(GATEWAY)


@every_profile
def test_a_profile_holds_no_release_and_no_character_that_a_rule_could_look_for(profile: Profile) -> None:
    """Profiles say how to run a tool; what it hides has to be found in its behaviour."""
    if profile.run is None:
        return
    words = (*profile.run.command, *profile.run.env.values(), *profile.run.files.values())
    assert all(word.isascii() for word in words)
    assert profile.source.version == "latest"
