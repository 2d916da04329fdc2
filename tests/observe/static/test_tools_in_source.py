"""What a tool says of itself is read where its source says it: decorators, calls that register, tables with a schema."""

import time

import pytest

from clearance.model.contents import Extension
from clearance.observe.static.extensions.written import written_tools
from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.lex_python import lex_python

PYTHON = '''
from mcp.server.fastmcp import FastMCP
server = FastMCP("weather")

@server.tool()
async def forecast(city: Annotated[str, Field(description="Name of a city.")] = "Oslo") -> dict[str, int]:
    """Tells the weather of tomorrow.

    Ask for a city."""
    return {"description": "no text of the tool"}

@server.tool(name="rain-radar", description="Shows rain " "on a map.")
def radar(x: int): ...

@server.tool
def bare():
    # a comment
    r"""Has no brackets."""

def helper():
    """No tool."""
'''
JAVASCRIPT = r"""
const s = new McpServer({ name: "weather", version: "1" });
s.registerTool("forecast", { title: "Forecast", description: "Tells the weather\nof " + "tomorrow.",
  inputSchema: { city: z.string().describe("Name of a city.") } }, async () => ({}));
s.tool("radar", `Shows rain in ${unit}.`, { x: z.number() }, async () => ({}));
const tools = [{ name: "snow", description: "Tells of snow.", inputSchema: { type: "object",
  properties: { place: { type: "string", description: "A mountain." } } } }];
"""


def python(source: str) -> dict[str, Extension]:
    return {fact.name: fact for fact in written_tools("server.py", lex_python(source.encode()))}


def javascript(source: str) -> dict[str, Extension]:
    return {fact.name: fact for fact in written_tools("server.js", lex_javascript(source.encode()))}


def test_decorated_functions_are_tools_with_all_that_a_model_reads() -> None:
    facts = python(PYTHON)
    assert {name: fact.text.split("\n")[0] for name, fact in facts.items()} == {
        "forecast": "Tells the weather of tomorrow.",
        "rain-radar": "Shows rain on a map.",
        "bare": "Has no brackets.",
    }
    assert "Name of a city." in facts["forecast"].text
    assert "no text of the tool" not in facts["forecast"].text


def test_calls_and_tables_of_javascript_are_tools() -> None:
    texts = {name: fact.text for name, fact in javascript(JAVASCRIPT).items()}
    assert texts == {
        "forecast": "Tells the weather\nof tomorrow.\nForecast\nName of a city.",
        "radar": "Shows rain in ${…}.",
        "snow": "Tells of snow.\nA mountain.",
    }


def test_a_low_level_server_in_python_lists_its_tools() -> None:
    source = 'tools = [types.Tool(name="snow", description="Tells of snow.", inputSchema={"type": "object"})]'
    assert {name: fact.text for name, fact in python(source).items()} == {"snow": "Tells of snow."}


def test_a_fact_says_at_which_byte_its_text_begins() -> None:
    for fact in (*python("# é\n" + PYTHON).values(), *javascript("// é\n" + JAVASCRIPT).values()):
        whole = ("# é\n" + PYTHON if fact.path.endswith("py") else "// é\n" + JAVASCRIPT).encode()
        assert whole[fact.offset :].decode().startswith(fact.text[:8])


@pytest.mark.parametrize(
    "source",
    [
        'cli.tool(run, {description: "no name"});',
        'yargs.command("build", "Builds the site.");',
        'const option = {name: "colour", description: "Colour of the lines."};',
        '// s.tool("old", "Was taken out.")',
        "const text = \"s.tool('a', 'b')\";",
        "s.tool(",
        "inputSchema",
        "",
    ],
)
def test_other_tables_and_calls_are_none(source: str) -> None:
    assert javascript(source) == {}


def test_a_decorator_in_a_docstring_is_none() -> None:
    assert python("\"\"\"Use it so:\n\n@server.tool()\ndef f():\n    '''Example.'''\n\"\"\"") == {}


@pytest.mark.long
def test_the_worst_sources_take_bounded_time() -> None:
    hostile = (
        "{inputSchema:" * 100_000,
        "{" * 1_000_000 + "inputSchema",
        's.tool("a",' * 100_000,
        "inputSchema " * 100_000,
        '{description:"a",inputSchema:{}},' * 40_000,
        '"a"+' * 300_000 + "inputSchema",
    )
    began = time.process_time()
    for source in hostile:
        assert len(javascript(source)) <= 500
        python(source)
    python("@a.tool(\n" * 100_000)
    python('@a.tool()\ndef f():\n  "x"\n' * 40_000)
    assert time.process_time() - began < 20
