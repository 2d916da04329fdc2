"""The part of SARIF 2.1.0 that we write, shape for shape and name for name as the standard has it."""

import msgspec

Properties = dict[str, object]
"""A property bag: the standard leaves its values open. Anything that msgspec can encode."""


class _Shape(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    pass


class Message(_Shape, frozen=True, kw_only=True):
    """A message; ``text`` is escaped, or it could smuggle in links and placeholders."""

    text: str
    markdown: str | None = None


class ArtifactLocation(_Shape, frozen=True, kw_only=True):
    """Where a file is."""

    uri: str | None = None
    index: int | None = None
    description: Message | None = None


class Artifact(_Shape, frozen=True, kw_only=True):
    """A file that was analysed."""

    location: ArtifactLocation
    roles: tuple[str, ...]
    length: int
    hashes: dict[str, str]
    properties: Properties


class PhysicalLocation(_Shape, frozen=True, kw_only=True):
    """Which file."""

    artifact_location: ArtifactLocation


class LogicalLocation(_Shape, frozen=True, kw_only=True):
    """Which place in what left."""

    fully_qualified_name: str
    kind: str


class Location(_Shape, frozen=True, kw_only=True):
    """A place."""

    physical_location: PhysicalLocation | None = None
    logical_locations: tuple[LogicalLocation, ...] = ()


class ToolComponentReference(_Shape, frozen=True, kw_only=True):
    """A taxonomy that is meant."""

    name: str
    index: int


class Reference(_Shape, frozen=True, kw_only=True):
    """A rule, a notification or a taxon that is meant."""

    id: str
    index: int | None = None
    tool_component: ToolComponentReference | None = None


class Configuration(_Shape, frozen=True, kw_only=True):
    """What a rule says when nobody configures it."""

    level: str


class Descriptor(_Shape, frozen=True, kw_only=True):
    """A rule, a notification or a taxon."""

    id: str
    short_description: Message | None = None
    full_description: Message | None = None
    help: Message | None = None
    help_uri: str | None = None
    default_configuration: Configuration | None = None
    properties: Properties = {}


class Component(_Shape, frozen=True, kw_only=True):
    """A tool, or a taxonomy."""

    name: str
    version: str | None = None
    organization: str | None = None
    information_uri: str | None = None
    short_description: Message | None = None
    rules: tuple[Descriptor, ...] = ()
    notifications: tuple[Descriptor, ...] = ()
    taxa: tuple[Descriptor, ...] = ()


class Tool(_Shape, frozen=True, kw_only=True):
    """The tool."""

    driver: Component


class Result(_Shape, frozen=True, kw_only=True):
    """One finding."""

    rule_id: str
    rule_index: int
    kind: str
    level: str
    message: Message
    locations: tuple[Location, ...]
    partial_fingerprints: dict[str, str]
    taxa: tuple[Reference, ...] = ()
    properties: Properties


class Notification(_Shape, frozen=True, kw_only=True):
    """What kept the tool from looking."""

    descriptor: Reference
    level: str
    message: Message


class Invocation(_Shape, frozen=True, kw_only=True):
    """The campaign."""

    execution_successful: bool
    end_time_utc: str | None = None
    tool_execution_notifications: tuple[Notification, ...] = ()
    properties: Properties


class AutomationDetails(_Shape, frozen=True, kw_only=True):
    """Which runs are runs of the same thing."""

    id: str
    description: Message


class Run(_Shape, frozen=True, kw_only=True):
    """One vetting."""

    tool: Tool
    invocations: tuple[Invocation, ...]
    automation_details: AutomationDetails
    artifacts: tuple[Artifact, ...]
    results: tuple[Result, ...]
    taxonomies: tuple[Component, ...] = ()
    column_kind: str = "unicodeCodePoints"
    properties: Properties


class Log(_Shape, frozen=True, kw_only=True, rename={"schema_uri": "$schema"}):
    """The file."""

    schema_uri: str
    version: str
    runs: tuple[Run, ...]
