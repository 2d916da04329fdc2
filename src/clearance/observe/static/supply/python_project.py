"""What Python projects want: ``requirements.txt``, ``pyproject.toml``, ``setup.cfg``."""

import configparser
import itertools
import re
from typing import Final

from clearance.observe.static.documents.node import Node
from clearance.observe.static.supply.found import Found, Manifest
from clearance.observe.static.supply.requirements import requirement
from clearance.observe.static.supply.shadows import shadowed

_REQUIREMENTS: Final = re.compile(
    r"(?:^|/)(?:[\w.-]*requirements?[\w.-]*|constraints[\w.-]*|requirements/[\w.-]+)\.(?:txt|in)\Z", re.IGNORECASE
)
_OPTION: Final = re.compile(r"\A(-[a-z]|--[a-z-]+)(?:[ \t]*=[ \t]*|[ \t]+|\Z)(.*)\Z")
_INDEXES: Final = frozenset({"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host"})
_USUAL: Final = re.compile(r"https://(?:pypi\.org|download\.pytorch\.org)(?:/|\Z)")
_DIRECT: Final = re.compile(r"(?:git|hg|svn|bzr)\+|https?://|file:|\.{1,2}/|/")
_REMARK: Final = re.compile(r"(?:^|\s)#.*")
_MOST_LINES: Final = 5000
_LARGEST: Final = 1 << 20
_PLACES: Final = ("git", "url", "path", "workspace")


def python_project(manifest: Manifest) -> Found:
    """What the file asks to be installed, and from where."""
    found = Found()
    if len(manifest.data) > _LARGEST:
        return found
    if manifest.name == "pyproject.toml":
        _pyproject(manifest, manifest.toml, found)
    elif manifest.name == "setup.cfg":
        _setup_cfg(manifest, found)
    elif _REQUIREMENTS.search(manifest.place):
        lines = (_REMARK.sub("", line).strip() for line in manifest.text.replace("\\\n", " ").splitlines())
        for line in itertools.islice(filter(None, lines), _MOST_LINES):
            _line(manifest, line, found)
    return found


def _line(manifest: Manifest, line: str, found: Found) -> None:
    option = _OPTION.match(line)
    if option is None:
        if _DIRECT.match(line):
            found.facts.append(manifest.fact("dependency-elsewhere", line.rpartition("#egg=")[2][:80], line))
        else:
            requirement(manifest, re.sub(r"\s--\w.*", "", line), "runtime", found)
        return
    name, value = option[1], option[2].strip()
    if name in {"-e", "--editable"}:
        found.facts.append(manifest.fact("dependency-elsewhere", value.rpartition("#egg=")[2][:80], value))
    elif name in _INDEXES and value and not _USUAL.match(value):
        found.facts.append(manifest.fact("registry", name, value))


def _pyproject(manifest: Manifest, value: Node, found: Found) -> None:
    for text in value.texts("project", "dependencies"):
        requirement(manifest, text, "runtime", found)
    for _, group in value.items("project", "optional-dependencies"):
        for text in group.texts():
            requirement(manifest, text, "optional", found)
    for text in value.texts("build-system", "requires"):
        requirement(manifest, text, "build", found)
    _tables(manifest, value.at("tool", "poetry", "dependencies"), found, wants=True)
    _tables(manifest, value.at("tool", "uv", "sources"), found, wants=False)
    name = value.text("project", "name")
    if name:
        commands = [key for table in ("scripts", "gui-scripts") for key, _ in value.items("project", table)]
        shadowed(manifest, name, commands, found)
    if manifest.is_project and value.texts("build-system", "backend-path"):
        backend, where = (
            value.text("build-system", "build-backend"),
            ", ".join(value.texts("build-system", "backend-path")),
        )
        detail = f"build-backend: {backend} from the package's own {where}"
        found.facts.append(
            manifest.fact("install-script", value.text("project", "name") or manifest.folder, detail, backend)
        )


def _tables(manifest: Manifest, table: Node, found: Found, *, wants: bool) -> None:
    """Requirements that are tables: ``{git = "…"}``, or a version."""
    for name, entry in table.items():
        if name.lower() == "python":
            continue
        if wants:
            kind = "optional" if entry.is_on("optional") else "runtime"
            found.dependencies.append(manifest.dependency(name, entry.text() or entry.text("version"), "PyPI", kind))
        for key in _PLACES[:3]:
            if place := entry.text(key):
                where = f"file:{place}" if key == "path" else place
                found.facts.append(manifest.fact("dependency-elsewhere", name, where))


def _setup_cfg(manifest: Manifest, found: Found) -> None:
    reader = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    try:
        reader.read_string(manifest.text)
    except configparser.Error:
        return
    wanted = (("install_requires", "runtime"), ("setup_requires", "build"))
    for key, kind in wanted:
        for text in (reader.get("options", key, fallback="") or "").splitlines():
            requirement(manifest, text.strip(), kind, found)
    scripts = "\n".join(
        reader.get("options.entry_points", k, fallback="") or "" for k in ("console_scripts", "gui_scripts")
    )
    commands = [line.partition("=")[0].strip() for line in scripts.splitlines() if "=" in line]
    shadowed(manifest, reader.get("metadata", "name", fallback="") or manifest.folder, commands, found)
    if reader.has_section("options.extras_require"):
        for _, texts in reader.items("options.extras_require"):
            for text in (texts or "").splitlines():
                requirement(manifest, text.strip(), "optional", found)
