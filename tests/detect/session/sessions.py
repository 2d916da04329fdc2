"""Sessions for tests: spans in few words, and everything that was told."""

import json
from collections.abc import Sequence

from clearance.detect.secrets import SecretJudge
from clearance.detect.session import Session
from clearance.model.finding import Finding, Hit
from clearance.model.session import SessionScope, SessionSpan
from clearance.model.threat import SpanChannel as Of

KEY = b"a key for tests, 32 bytes long!!"
SECRETS = SecretJudge(KEY)
TOKEN = "AKIA" + "Q3EGTRDYUS7LZ5XW"
SCOPE = SessionScope(project="/home/dev/shop")


class Talk:
    """A session that is written down as it goes on."""

    def __init__(self, scope: SessionScope = SCOPE) -> None:
        self.session = Session(KEY, scope)
        self.turn, self.calls = 0, 0
        self.told: list[Finding] = []

    def feed(self, channel: Of, text: str, findings: Sequence[Finding] | None = None, **more: object) -> list[Finding]:
        judged = SECRETS.judge(text.encode("utf-8", "replace"), channel) if findings is None else findings
        new = self.session.feed(SessionSpan(channel=channel, turn=self.turn, text=text, **more), judged)  # type: ignore[arg-type]
        self.told += new
        return list(new)

    def asks(self, text: str) -> list[Finding]:
        self.turn += 1
        return self.feed(Of.USER_PROMPT, text)

    def calls_tool(self, tool: str, answer: str = "", /, **arguments: object) -> list[Finding]:
        self.calls += 1
        call = f"call-{self.calls}"
        told = self.feed(Of.TOOL_CALL, json.dumps(arguments), tool=tool, call=call)
        channel = (
            Of.WEB_RESULT
            if tool.startswith("Web")
            else Of.MCP_RESULT
            if tool.startswith("mcp__")
            else Of.COMMAND_RESULT
            if tool == "Bash"
            else Of.FILE_RESULT
        )
        return told + (self.feed(channel, answer, tool=tool, call=call) if answer else [])

    def runs(self, command: str, answer: str = "") -> list[Finding]:
        return self.calls_tool("Bash", answer, command=command)

    def reads(self, path: str, answer: str) -> list[Finding]:
        return self.calls_tool("Read", answer, file_path=path)

    def fetches(self, url: str, answer: str = "") -> list[Finding]:
        return self.calls_tool("WebFetch", answer, url=url, prompt="what does it say")

    def hits(self, rule: str = "") -> list[Hit]:
        return [each for each in self.told if isinstance(each, Hit) and (not rule or each.rule == rule)]
