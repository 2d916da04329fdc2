"""What runs because a folder is opened: tasks of an editor, commands of a development container."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.source import Source, command_line
from clearance.observe.static.extensions.trust import trust_in

_TASKS: Final = re.compile(r"(?:^|/)(?:\.vscode|\.cursor|\.zed|User)/tasks\.json\Z|\.code-workspace\Z", re.IGNORECASE)
_CONTAINER: Final = re.compile(r"(?:^|/)(?:\.devcontainer/(?:[^/]+/)?|\.)devcontainer\.json\Z", re.IGNORECASE)
_SYSTEMS: Final = ("windows", "osx", "linux")
_STEPS: Final = (
    "initializeCommand",
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
    "postStartCommand",
    "postAttachCommand",
)


def workspace(source: Source, value: Node) -> Iterator[Extension]:
    """One fact for each task that starts by itself, and one for a development container."""
    if _TASKS.search(source.place):
        tasks = (*value.each("tasks"), *value.each("tasks", "tasks"))
        yield from (fact for task in tasks if (fact := _task(source, task)) is not None)
    if _CONTAINER.search(source.place):
        yield _container(source, value)


def _task(source: Source, task: Node) -> Extension | None:
    if task.text("runOptions", "runOn") != "folderOpen":
        return None
    lines = [
        command_line((*t.texts("command"), *t.texts("args")))
        for t in (task, *map(task.at, _SYSTEMS))
        if t.texts("command")
    ]
    if task.text("script"):
        lines.append(f"npm run {task.text('script')}")
    quiet = (
        [f"presentation.reveal: {task.text('presentation', 'reveal')}"] if task.text("presentation", "reveal") else []
    )
    name = task.text("label") or task.text("taskName") or "task"
    return source.fact("settings", name, commands=lines, permissions=["runOn: folderOpen", *quiet])


def _container(source: Source, value: Node) -> Extension:
    commands = [line for step in _STEPS for line in _lines(value.at(step))]
    features = [f"features: {name}" for name, _ in value.items("features")]
    return source.fact(
        "settings",
        value.text("name") or source.name,
        commands=commands,
        permissions=(*trust_in(value, beside=("customizations",)).permissions, *features),
    )


def _lines(step: Node) -> Iterator[str]:
    """A command line, a program with arguments, or several of either by name."""
    for _name, named in step.items():  # noqa: PERF102 - it is no dict
        yield from _lines(named)
    if words := step.texts():
        yield command_line(words)
