"""Arbitrary rulings."""

import datetime as dt

from hypothesis import strategies as st

from clearance.model.ruling import McpServer, Requirement, Ruling, RulingState
from clearance.model.version_span import VersionSpan

TOOLS = ("claude-code", "codex", "gemini-cli", "qwen-code", "opencode", "cursor", "github-copilot", "another-tool")
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
GATEWAY = "https://gateway.example.com/v1"
SERVERS = (
    McpServer(name="docs", url="https://mcp.example.com/docs"),
    McpServer(name='odd "name"', command=("npx", "-y", "@example/files")),
)
_TEXT = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Zl", "Zp")), max_size=30
)
_VERSION = st.sampled_from(["", "0.1.0", "1.2.3-beta.1", "2.1.331", "10"])
_HOURS = st.integers(-48, 48).map(lambda hours: NOW + dt.timedelta(hours=hours))


@st.composite
def spans(draw: st.DrawFn) -> VersionSpan:
    maximum = draw(_VERSION)
    return VersionSpan(
        minimum=draw(_VERSION), maximum=maximum, maximum_excluded=draw(st.booleans()) if maximum else False
    )


@st.composite
def one_ruling(draw: st.DrawFn) -> Ruling:
    state = draw(st.sampled_from(RulingState))
    since, until = draw(st.none() | _HOURS), draw(st.none() | _HOURS)
    if since and until and since >= until:
        since = None
    fields = {
        "tool": draw(st.sampled_from(TOOLS)),
        "state": state,
        "audience": draw(st.sampled_from(["", "", "research"])),
        "since": since,
        "until": until,
        "versions": draw(spans()),
        "message": draw(_TEXT),
        "replacement": draw(_TEXT),
    }
    if state is not RulingState.BANNED:
        fields |= draw(conditions(state))
    return Ruling(**fields)


@st.composite
def conditions(draw: st.DrawFn, state: RulingState) -> dict[str, object]:
    wanted = draw(st.sets(st.sampled_from(Requirement))) if state is RulingState.CONDITIONAL else set()
    gateway = GATEWAY if Requirement.GATE in wanted else draw(st.sampled_from(["", GATEWAY]))
    return {
        "exception": draw(st.booleans()),
        "models": (
            "shared/model",
            *draw(st.lists(st.sampled_from(["openai/gpt-*", "anthropic/claude-opus-*"]), max_size=2)),
        )
        if draw(st.booleans())
        else (),
        "denied_models": tuple(draw(st.lists(st.sampled_from(["openai/gpt-4", "anthropic/haiku"]), max_size=2))),
        "requirements": tuple(sorted(wanted)),
        "gateway": gateway,
        "mcp_servers": draw(st.none() | st.sets(st.sampled_from(SERVERS)).map(lambda s: tuple(sorted(s, key=str)))),
    }


policies = st.lists(one_ruling(), min_size=1, max_size=6).map(tuple)
