"""Hosts are named once, with who runs them; files, properties and package names are no hosts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.model.contents import Endpoint, Language
from clearance.observe.static.endpoints import endpoints, owner_of
from clearance.observe.static.lex_javascript import lex_javascript


def of(code: str) -> dict[str, Endpoint]:
    data = code.encode()
    return {e.host: e for e in endpoints(data, 0, language=Language.JAVASCRIPT, script=lex_javascript(data))}


def test_a_host_in_urls_is_one_endpoint_with_its_paths() -> None:
    seen = of("a='https://api.openai.com/v1/responses';b=`https://api.openai.com/v1/chat/completions`")
    host = seen["api.openai.com"]
    assert (host.owner, host.purpose, host.count) == ("OpenAI", "model API", 2)
    assert host.paths == ("/v1/responses", "/v1/chat/completions")


@pytest.mark.parametrize("literal", ["gateway.some-company.cn", "some-company.cn", "logs.vendor.io:8443"])
def test_a_bare_host_counts(literal: str) -> None:
    assert literal.partition(":")[0] in of(f"x={literal!r}")


@pytest.mark.parametrize(
    "literal", ["index.js", "service.name", "com.example.app", "README.md", "a.b.c", "user.id", "1.2.3", "x.test.tsx"]
)
def test_what_only_looks_like_a_host_does_not(literal: str) -> None:
    assert of(f"x={literal!r}") == {}


def test_comments_name_no_endpoints_and_pieces_of_templates_neither() -> None:
    assert of("// https://in.comment.example/x\na=`https://sts.${region}.x`;b='https://$1.x'") == {}


def test_addresses_are_endpoints_and_private_ones_are_local() -> None:
    seen = of("a='http://169.254.169.254/latest';b='http://[::1]:9/';c='http://8.8.8.8/dns'")
    assert {h: e.purpose for h, e in seen.items()}["169.254.169.254"] == "local"
    assert seen["::1"].port == 9
    assert seen["8.8.8.8"].purpose != "local"


def test_the_longest_known_suffix_says_whose_it_is() -> None:
    assert owner_of("statsig.anthropic.com") == ("Anthropic", "feature flags")
    assert owner_of("new.anthropic.com") == ("Anthropic", "")
    assert owner_of("x.example.invalid") == ("", "local")


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    for script in (None, lex_javascript(data)):
        list(endpoints(b"https://" + data, 0, language=Language.TEXT, script=script))
