"""Profiles are read strictly, and what is wrong in one is said with its place and what is allowed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.intake.errors import ProfileError
from clearance.intake.profiles import find_profile, load_profile, parse_profile, shipped_profiles
from clearance.model.profile import Dialect
from clearance.model.release import SourceType

USERS_OWN = b"""
id = "some-agent"
title = "Some Agent"
[source]
type = "path"            # npm | pypi | path
[run]
command = ["python3", "{package}/agent.py", "-p", "{prompt}"]
api = "anthropic-messages"   # openai-chat | openai-responses | gemini
[run.env]
ANTHROPIC_API_KEY = "{api_key}"
ANTHROPIC_BASE_URL = "{base_url}"
"""


def test_the_profile_of_the_documentation_loads_as_it_stands(tmp_path: Path):
    (tmp_path / "profile.toml").write_bytes(USERS_OWN)
    profile = load_profile(tmp_path / "profile.toml")
    assert profile.source.type is SourceType.PATH
    assert profile.run is not None
    assert profile.run.api is Dialect.ANTHROPIC_MESSAGES
    assert profile.run.env["ANTHROPIC_BASE_URL"] == "{base_url}"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title =", "titel =", ("'titel'", "top level", "title", "Allowed: id, title")),
        ("command =", "comand =", ("'comand'", "[run]", "command")),
        ('type = "path"', 'type = "git"', ("source.type", "npm, pypi, path")),
        ('api = "anthropic-messages"', 'api = "claude"', ("run.api", "openai-chat")),
        ('type = "path"', 'type = "npm"', ("'name'", "[source]")),
        ('type = "path"', 'kind = "path"', ("'kind'", "[source]", "Allowed: type")),
        ('id = "some-agent"\n', "", ("'id'", "missing")),
        ('id = "some-agent"', 'id = "../x"', ("id", "../x")),
        ('id = "some-agent"', "id = 3", ("id must be text", "whole number")),
        ('"{prompt}"]', "4]", ("run.command[3]", "must be text")),
        ('"{prompt}"]', '"{promt}"]', ("{promt}", "{prompt}")),
        ("[run.env]", "wall_s = 0\n[run.env]", ("wall_s",)),
        ("[run.env]", "[run.env]\nX = 3", ("run.env", "must be text")),
        ("[run.env]", '[[run.variants]]\nwhen = "x"\n[run.env]', ("'when'", "[run.variants]", "when_file")),
        ('["python3", "{package}/agent.py", "-p", "{prompt}"]', "[]", ("run.command", "empty")),
        ("[source]", "[source", ("TOML", "line")),
    ],
)  # fmt: skip
def test_a_wrong_key_or_type_is_named_with_its_place(old, new, words):
    text = USERS_OWN.decode()
    assert old in text
    with pytest.raises(ProfileError) as caught:
        parse_profile(text.replace(old, new, 1).encode(), "profile.toml")
    said = f"{caught.value} {caught.value.advice}"
    assert said.startswith("profile.toml")
    assert all(word in said for word in words), said


def test_a_profile_that_is_not_there_or_no_text_is_said_so(tmp_path: Path):
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path / "none.toml")
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path)
    with pytest.raises(ProfileError, match="not TOML"):
        parse_profile(b"\xff\xfe", "x")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_noise_raises_nothing_but_its_own_error(raw: bytes):
    with pytest.raises(ProfileError) as caught:
        parse_profile(raw, "noise")
    assert caught.value.advice


def test_every_shipped_profile_loads_and_names_its_package():
    profiles = shipped_profiles()
    assert "claude-code" in {profile.id for profile in profiles}
    assert len({profile.id for profile in profiles}) == len(profiles)
    assert all(profile.source.name for profile in profiles)
    assert all(profile.run is not None or profile.gap for profile in profiles)


def test_an_unknown_assistant_gets_near_names():
    assert find_profile("claude-code").source.name == "@anthropic-ai/claude-code"
    for wrong in ("claude-cod", "@anthropic-ai/claude-code"):
        with pytest.raises(ProfileError) as caught:
            find_profile(wrong)
        assert "Did you mean claude-code" in caught.value.advice
        assert "--profile" in caught.value.advice
