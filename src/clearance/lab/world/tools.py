"""Which of the tools that a request offers does what: told from name, description and schema, of any agent.

A tool that waits for a person, starts another agent, goes out to the web or removes things is taken only where nothing
else is offered.
"""

from dataclasses import dataclass, replace

from clearance.lab.world.nested import tools_inside
from clearance.lab.world.schema import resolve
from clearance.lab.world.vocabulary import (
    CONTENT,
    DESCRIPTIONS,
    NAMES,
    NEEDS,
    PATCH,
    PATH,
    SHUNNED,
    SHUNNED_SAYS,
    Intent,
    words_of,
)
from clearance.model.wire.jsontree import Json, items, mapping, text
from clearance.model.wire.request import Tool, ToolStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One turn: a tool and what to do with it."""

    tool: Tool
    intent: Intent
    carrier: Tool | None = None
    """The code tool through which the tool is called, if it is not offered by itself."""
    repeat: int = 0
    """How often the same tool was used before for another purpose."""


_ENOUGH = 7
_ORDER = (Intent.READ, Intent.RUN, Intent.LOOK, Intent.NOTE)
TURNS = 3
"""Turns with a tool call that a script has at least, where any tool is offered."""


def score(tool: Tool, intent: Intent) -> int:
    """How well the tool suits the intent. 7 and more: it does that; below 0: it should not be touched."""
    names = _name_words(tool)
    said = tool.description[:1500]
    points = sum(sorted((NAMES[intent].get(word, 0) for word in set(names)), reverse=True)[:2])
    points += 3 if DESCRIPTIONS[intent].search(said[:400]) else 0
    points += _style_points(tool, intent)
    if intent is not Intent.FINISH:
        points += _parameter_points(tool, intent) - shunned(tool)
    return points


def shunned(tool: Tool) -> int:
    """0 for a harmless tool; more, the more it looks like one that waits, goes out, removes or starts another agent."""
    points = 8 * len(SHUNNED.intersection(_name_words(tool)))
    return points + (6 if SHUNNED_SAYS.search(tool.description[:400]) else 0)


def plan(tools: tuple[Tool, ...]) -> tuple[Step, ...]:
    """The steps of the script with these tools, one a turn; empty when no tool is offered.

    Reading first, then running, then looking or, where nothing looks, writing a note. Gaps are filled with other
    harmless tools, then with the same tools and other arguments.
    """
    if not tools:
        return ()
    carriers, tools = _opened(tools)
    found = [(intent, best) for intent in _ORDER if (best := _best(tools, intent))]
    steps = [Step(tool=tool, intent=intent) for intent, tool in found][:TURNS]
    for tool in _spare(tools, tuple(tool for _, tool in found)):
        if len(steps) >= TURNS:
            break
        steps.append(Step(tool=tool, intent=Intent.OTHER))
    if not any(step.intent is Intent.READ for step in steps):
        runs = [step for step in steps if step.intent is Intent.RUN]
        steps = [*(Step(tool=step.tool, intent=Intent.READ) for step in runs), *steps][:TURNS]
    for repeat in range(1, TURNS):
        steps += [Step(tool=step.tool, intent=step.intent, repeat=repeat) for step in _repeatable(steps)]
    return tuple(replace(step, carrier=carriers.get(_key(step.tool))) for step in steps[:TURNS])


def finishing(tools: tuple[Tool, ...]) -> Tool | None:
    """The tool by which the agent wants to be told that the work is done, if it offers one."""
    ranked = sorted(tools, key=lambda tool: -score(tool, Intent.FINISH))
    return ranked[0] if ranked and score(ranked[0], Intent.FINISH) >= _ENOUGH + 2 else None


def named(tools: tuple[Tool, ...], name: str) -> Tool | None:
    """The tool of that name."""
    return next((tool for tool in tools if tool.name == name), None)


def _key(tool: Tool) -> tuple[str, str]:
    return tool.namespace, tool.name


def _opened(tools: tuple[Tool, ...]) -> tuple[dict[tuple[str, str], Tool], tuple[Tool, ...]]:
    """Code tools replaced by the tools inside them, and which of them carries which."""
    carriers = {_key(inner): tool for tool in tools for inner in tools_inside(tool)}
    opened = tuple(inner for tool in tools for inner in (tools_inside(tool) or (tool,)))
    return carriers, opened


def _best(tools: tuple[Tool, ...], intent: Intent) -> Tool | None:
    """The tool with the most points, the first offered among equals; None when none has enough."""
    best = max(tools, key=lambda tool: score(tool, intent))
    return best if score(best, intent) >= _ENOUGH else None


def _spare(tools: tuple[Tool, ...], used: tuple[Tool, ...]) -> list[Tool]:
    """Tools not used yet that do no harm; when there is nothing else at all, the least bad of the rest."""
    names = {_key(tool) for tool in used}
    rest = [tool for tool in tools if _key(tool) not in names]
    harmless = [tool for tool in rest if shunned(tool) == 0 and score(tool, Intent.FINISH) < _ENOUGH]
    if harmless or used:
        return sorted(harmless, key=_unknown_needs)
    return sorted(rest, key=shunned)[:1]


def _repeatable(steps: list[Step]) -> list[Step]:
    """Which steps to do again: a command can differ each time, so commands come first."""
    fresh = [step for step in steps if step.repeat == 0]
    return sorted(fresh, key=lambda step: step.intent is not Intent.RUN)


def _name_words(tool: Tool) -> tuple[str, ...]:
    return words_of(tool.name)


def _required(tool: Tool) -> dict[str, Json]:
    tree = resolve(dict(tool.schema), dict(tool.schema))
    known = mapping(tree.get("properties"))
    return {name: known.get(name) for name in items(tree.get("required")) if isinstance(name, str)}


def _unknown_needs(tool: Tool) -> int:
    """Required arguments that nobody can guess: identifiers of things that do not exist."""
    return sum(words_of(name)[-1:] in (("id",), ("ids",), ("token",), ("handle",)) for name in _required(tool))


def _parameter_points(tool: Tool, intent: Intent) -> int:
    if tool.style is not ToolStyle.FUNCTION:
        return 0
    needed = {word for name in _required(tool) for word in words_of(name)}
    offered = {
        word
        for name in mapping(resolve(dict(tool.schema), dict(tool.schema)).get("properties"))
        for word in words_of(name)
    }
    wanted = NEEDS[intent]
    points = 3 if wanted & needed else 1 if wanted & offered else -3
    if intent is Intent.READ and needed & (CONTENT | PATCH):
        points -= 6  # it writes
    if intent is Intent.NOTE and not needed & PATH:
        points -= 6  # nowhere to write to: a list of things to do, a memory
    if intent in (Intent.READ, Intent.NOTE) and _choices(tool) & {"view", "create"}:
        points += 4  # one tool with a command for each of these
    return points - 6 * _unknown_needs(tool)


def _choices(tool: Tool) -> set[str]:
    return {text(entry) for schema in _required(tool).values() for entry in items(mapping(schema).get("enum"))}


def _style_points(tool: Tool, intent: Intent) -> int:
    match tool.style:
        case ToolStyle.LOCAL_SHELL | ToolStyle.SHELL:
            return 5 if intent is Intent.RUN else -20
        case ToolStyle.APPLY_PATCH:
            return 5 if intent is Intent.NOTE else -20
        case ToolStyle.FREEFORM:
            return 1 if intent in (Intent.RUN, Intent.NOTE) else -20
        case ToolStyle.FUNCTION:
            return 0
