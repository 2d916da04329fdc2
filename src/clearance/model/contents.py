"""What a release holds, seen without running it: facts with byte offsets, before anybody judges them.

Rules of the facts: the same thing seen many times is one fact with a count and at most ``MOST_PLACES`` places; text
that comes from the release is kept as it is (renderers make it visible); what could not be read is an ``Unopened``.
"""

import enum

import msgspec

from clearance.model.ids import Digest
from clearance.model.release import Problem, Release

MOST_PLACES = 8
"""Places kept of one fact."""


class Language(enum.StrEnum):
    """How a member's bytes are read."""

    JAVASCRIPT = "javascript"
    """Also TypeScript and JSX."""
    PYTHON = "python"
    SHELL = "shell"
    MARKDOWN = "markdown"
    DATA = "data"
    """JSON, TOML, YAML, XML, HTML: text with values."""
    TEXT = "text"
    NATIVE = "native"
    """Machine code and everything else that is read by its strings."""
    BYTECODE = "bytecode"
    """Compiled script without its source: read by its strings."""
    MEDIA = "media"
    """Pictures, fonts, sound: not read, save for text hidden in it."""


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some bytes of a release that belong together: a file, or what hides inside one."""

    path: str
    """``node_modules/tool/cli.js``; what lies inside another member follows ``!``: ``bin/tool!/$bunfs/root/cli.js``."""
    how: str
    """What it was found as: ``file``, ``bun-module``, ``bun-bytecode``, ``bun-source-map``, ``bun-runtime``,
    ``node-sea``, ``node-runtime``, ``pkg-file``, ``nexe-file``, ``deno-file``, ``deno-runtime``, ``asar-entry``,
    ``pyinstaller-entry``, ``zip-member``, ``tar-member``, ``decompressed``, ``source-map-source``, ``unclaimed``,
    ``behind-picture`` …"""
    language: Language
    size: int
    """Bytes."""
    offset: int = 0
    """Where its bytes begin in the file on disk that holds them as they are; -1 where they had to be decompressed."""
    runtime: bool = False
    """True for an interpreter that many programs share (Bun, Node): what is in it says nothing of the release."""


class Where(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A spot in a member."""

    member: int
    """Index into ``Contents.members``."""
    offset: int
    """Bytes from the member's begin."""


class Unopened(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes that nobody could look into, and why."""

    path: str
    size: int
    reason: str
    """A sentence for a person."""


AN_INTERPRETER = "It is an interpreter that many programs share; it was taken for what it says it is."
"""Why a member was left unread although it could be read."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A host that the release names."""

    host: str
    scheme: str = ""
    port: int = 0
    """0: the scheme's own."""
    owner: str = ""
    """Who runs it, empty if unknown."""
    purpose: str = ""
    """``model API``, ``telemetry``, ``feature flags``, ``update``, ``sign-in``, ``documentation`` …; empty: unknown."""
    paths: tuple[str, ...] = ()
    """Paths seen with it, at most ten."""
    count: int
    places: tuple[Where, ...]


class Prompt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that addresses a model: a system prompt, a tool's description."""

    kind: str
    """``system``, ``tool`` or ``text``."""
    title: str
    """Its first words, or the tool's name."""
    text: str
    """As one can read it; interpolated values stand as ``${…}``. Cut at 64 KiB."""
    size: int
    """Characters before the cut."""
    sha256: Digest
    place: Where


class EnvironmentRead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something about the machine or its user that the code asks for."""

    kind: str
    """``variable``, ``timezone``, ``locale``, ``hostname``, ``username``, ``git``, ``proxy``, ``clock``, ``network``,
    ``machine-id``, ``file``."""
    name: str
    """The variable, the call, or the path."""
    distance: int = -1
    """Bytes to the nearest code that builds a request or a prompt in the same member; -1: none there."""
    near: str = ""
    """What that code is."""
    count: int
    places: tuple[Where, ...]
    """The nearest first."""


class Hiding(enum.StrEnum):
    """What a decoded string turned out to be."""

    HOSTS = "hosts"
    TIME_ZONES = "time-zones"
    PATHS = "paths"
    CODE = "code"
    WORDS = "words"
    """A list of short words."""
    TEXT = "text"
    DIGESTS = "digests"
    """A list of digests that something is compared with: what is on it cannot be read at all."""


class HiddenString(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that is not written down as it is used."""

    layers: tuple[str, ...]
    """Outermost first: ``base64``, ``xor 91``, ``gzip``, ``char codes``, ``string array`` …; at most four."""
    kind: Hiding
    items: tuple[str, ...] = ()
    """For lists: what is in it, at most 2,000."""
    text: str
    """The decoded value, cut at 16 KiB."""
    size: int
    """Bytes of the decoded value before the cut."""
    encoded: int
    """Bytes of it as written."""
    score: float
    """0 to 1: how surely it is what ``kind`` says."""
    place: Where
    near: tuple[str, ...] = ()
    """Environment reads (``kind name``) near it or near the code that uses it, nearest first."""

    @property
    def keyed(self) -> bool:
        """True when a key or a scrambled order stands between the value and a reader, not just a transport encoding."""
        return any(layer.startswith(("xor", "rc4", "string array", "reversed", "shift")) for layer in self.layers)


class HiddenText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Code points that a reader does not see, or takes for others."""

    kind: str
    """``zero-width``, ``bidi``, ``tag``, ``variation-selector``, ``look-alike``, ``private-use``, ``blank``."""
    where: str
    """``prompt``, ``identifier``, ``string``, ``comment``, ``document``."""
    code_points: tuple[str, ...]
    """``U+200B ZERO WIDTH SPACE``, each once, at most ten."""
    decoded: str = ""
    """What the code points say, where they are another way to write letters: tags, variation selectors, digits."""
    excerpt: str
    """Text around the first."""
    count: int
    """Code points."""
    runs: int = 1
    """Places where some stand in a row; for ``look-alike`` words."""
    longest: int = 1
    """Code points of the longest row in which few kinds stand again and again, as digits do; 0: there is none."""
    places: tuple[Where, ...]


class CompiledCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Compiled code that lies beside scripts, by its strings: what of it no script or text of the release has."""

    member: int
    """Index into ``Contents.members``."""
    strings: int
    """Different strings of 16 and more characters."""
    unexplained: int
    """Of these, strings of which most is in no script or text; engines bring a few along."""
    telling: tuple["CompiledString", ...] = ()


class CompiledString(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A string of compiled code that no script has and that says something."""

    kind: str
    """``host``, ``text`` or ``coded``: letters of base64 in a row."""
    text: str
    offset: int
    """Bytes from the member's begin."""


class Capability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that the code can do."""

    kind: str
    """``process``, ``dynamic-code``, ``native-module``, ``keychain``, ``credential-files``, ``browser-data``,
    ``wallet``, ``clipboard``, ``screen``, ``microphone``, ``listens``, ``persistence``, ``self-update``,
    ``self-modification``, ``bypass-flag``, ``remote-settings``, ``downloads-code``, ``runs-fetched-code``,
    ``runs-hidden-code``, ``debugger-check`` …"""
    detail: str
    """What was seen: ``child_process``, ``~/.ssh/id_rsa``, ``--dangerously-skip-permissions``."""
    count: int
    places: tuple[Where, ...]


class BundledPackage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package that is inside the release."""

    name: str
    version: str
    """Empty where it could not be told."""
    ecosystem: str
    """``npm``, ``PyPI``, ``crates.io``, ``Go``, ``generic``."""
    licence: str = ""
    found_by: str
    """``package.json``, ``dist-info``, ``banner``, ``module path``, ``registry`` …"""
    path: str
    """The member that showed it."""


class Dependency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a package wants to be installed beside it."""

    name: str
    wanted: str
    ecosystem: str
    kind: str
    """``runtime``, ``optional``, ``peer``, ``build``."""
    path: str


class SupplyFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something about how the release is made, published or installed."""

    kind: str
    """``install-script``, ``prepare-script``, ``pth-file``, ``sitecustomize``, ``native-binary``, ``bytecode-only``,
    ``shadows-command``, ``command-outside``, ``pytest-plugin``,
    ``dependency-elsewhere``, ``licence``, ``provenance``, ``publisher``,
    ``name-mismatch``, ``source-map``, ``encrypted`` …"""
    subject: str
    """The script, file, package or person."""
    detail: str
    """What exactly, for a person."""
    text: str = ""
    """What it runs, or holds, cut at 4 KiB."""
    path: str = ""


class Started(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that runs because a release is installed, cloned, built or opened: a command line, or a file of it."""

    moment: str
    """What people do then: ``install``, ``prepare`` (from git), ``start`` (Python), ``hook`` (of an assistant),
    ``open`` (a folder), ``git``, ``shell``, ``build``, ``test``."""
    said: str
    """What makes it run, as its manifest says it: ``preinstall: node index.js``."""
    origin: str
    """The member that says so."""
    path: str
    """The member that runs; ``origin`` for a command line that stands in it."""
    dialect: str
    """``command``, ``shell``, ``powershell``, ``batch``, ``python``, ``javascript``, ``script``, ``makefile``,
    ``rust``; empty: unknown."""
    text: str
    """What runs, cut to its first 43,008 and its last 21,504 characters."""
    left_out: int = 0
    """Characters that were cut."""
    made_code: tuple[str, ...] = ()
    """What it runs that it fetched or decoded, anywhere in it: ``runs-fetched-code: eval of what fetch fetches``."""
    via: tuple[str, ...] = ()
    """Files between ``origin`` and ``path``, the first first."""


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that extends an agent: what it runs, what it asks for, what it tells the agent."""

    kind: str
    """``mcp-server``, ``mcp-tool``, ``skill``, ``hook``, ``command``, ``plugin``, ``agent``, ``rules-file`` or
    ``settings``."""
    name: str
    path: str
    commands: tuple[str, ...] = ()
    """Command lines that it has run."""
    urls: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    """Tools, paths or modes that it asks for."""
    text: str = ""
    """What it tells the agent, cut at 16 KiB."""
    unseen: tuple[str, ...] = ()
    """Instructions that a reader of the rendered file does not see (comments, hidden text), cut at 2 KiB each."""
    offset: int = -1
    """Byte of the member at which the text begins, where source says it; -1 elsewhere."""


class Vulnerability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bundled package that an advisory names."""

    package: str
    version: str
    ecosystem: str
    advisory: str
    """``GHSA-…``, ``CVE-…``."""
    summary: str
    severity: str = ""
    """As the advisory says it."""
    fixed: str = ""
    path: str = ""


class RuleMatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pattern rule of the user's own (YARA) that matched."""

    rule: str
    namespace: str
    tags: tuple[str, ...] = ()
    description: str = ""
    severity: str = ""
    place: Where
    excerpt: str = ""


class Contents(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that static examination established of one release; rules read this and nothing else."""

    members: tuple[Member, ...]
    unopened: tuple[Unopened, ...] = ()
    problems: tuple[Problem, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    reads: tuple[EnvironmentRead, ...] = ()
    hidden_strings: tuple[HiddenString, ...] = ()
    hidden_texts: tuple[HiddenText, ...] = ()
    compiled: tuple[CompiledCode, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    packages: tuple[BundledPackage, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    supply: tuple[SupplyFact, ...] = ()
    extensions: tuple[Extension, ...] = ()
    started: tuple[Started, ...] = ()
    vulnerabilities: tuple[Vulnerability, ...] = ()
    matches: tuple[RuleMatch, ...] = ()
    read_bytes: int = 0
    """Bytes that were read for facts."""
    skipped_bytes: int = 0
    """Bytes of media, which were not."""


class Examined(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A release and what it holds: what is kept in the cache by digest."""

    release: Release
    contents: Contents
    examiner: str
    """Version of the code that looked; another one looks again."""
