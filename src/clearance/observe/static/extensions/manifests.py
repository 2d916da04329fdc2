"""Manifests of MCP servers that are shipped as packages: MCPB (DXT) bundles, the MCP registry, Smithery."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.source import Source, command_line, setting

_SMITHERY: Final = re.compile(r"(?:^|/)smithery\.ya?ml\Z", re.IGNORECASE)
_RUNNERS: Final = {"npm": "npx -y", "pypi": "uvx", "oci": "docker run", "nuget": "dnx", "mcpb": "mcpb"}


def manifests(source: Source, value: Node) -> Iterator[Extension]:
    """The server that the manifest describes; nothing for manifests of other things."""
    if source.name == "manifest.json" and (value.has("dxt_version") or value.has("manifest_version", "server")):
        yield from _bundle(source, value)
    elif source.name == "server.json" and (value.each("packages") or value.each("remotes")):
        yield from _registered(source, value)
    elif _SMITHERY.search(source.place):
        yield from _smithery(source, value)


def _bundle(source: Source, value: Node) -> Iterator[Extension]:
    started = value.at("server", "mcp_config")
    others = [platform for _, platform in started.items("platform_overrides")]
    said = (value.text("description"), value.text("long_description"), *_told(value))
    yield source.fact(
        "mcp-server",
        value.text("name"),
        commands=[
            command_line((*c.texts("command"), *c.texts("args"))) for c in (started, *others) if c.texts("command")
        ],
        permissions=(
            *(setting(f"env.{name}", item.text()) for name, item in started.items("env")),
            *(f"user_config.{name}: {item.text('type')}" for name, item in value.items("user_config")),
        ),
        text="\n".join(filter(None, said)),
    )


def _told(value: Node) -> Iterator[str]:
    """What the bundle's tools and prompts say to the model."""
    for tool in value.each("tools"):
        yield f"{tool.text('name')}: {tool.text('description')}"
    for prompt in value.each("prompts"):
        yield f"{prompt.text('name')}: {prompt.text('description')} {prompt.text('text')}"


def _registered(source: Source, value: Node) -> Iterator[Extension]:
    packages = value.each("packages")
    variables = [
        v.text("name") for p in packages for v in (*p.each("environmentVariables"), *p.each("environment_variables"))
    ]
    yield source.fact(
        "mcp-server",
        value.text("name"),
        commands=[_start(package) for package in packages],
        urls=[remote.text("url") for remote in value.each("remotes")],
        permissions=[f"env.{name}" for name in variables],
        text=value.text("description"),
    )


def _start(package: Node) -> str:
    """The command line that a client makes of a registry's entry."""
    kind = package.text("registryType") or package.text("registry_name")
    runner = package.text("runtimeHint") or _RUNNERS.get(kind, kind)
    version = package.text("version")
    what = package.text("identifier") or package.text("name")
    arguments = [*_arguments(package, "runtimeArguments"), f"{what}@{version}" if version else what]
    return command_line((*runner.split(), *arguments, *_arguments(package, "packageArguments")))


def _arguments(package: Node, key: str) -> Iterator[str]:
    for argument in package.each(key):
        yield from filter(None, (argument.text("name"), argument.text("value") or argument.text("default")))


def _smithery(source: Source, value: Node) -> Iterator[Extension]:
    start = value.at("startCommand")
    commands = (start.text("commandFunction"), *start.texts("command"), *value.texts("commandFunction"))
    yield source.fact(
        "mcp-server",
        source.folder or source.stem,
        commands=filter(None, commands),
        permissions=[f"config.{name}" for name, _ in start.items("configSchema", "properties")],
        text=value.text("description"),
    )
