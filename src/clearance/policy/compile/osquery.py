"""osquery: a pack that reports what is installed, compiled files that are missing or changed, and ways past them."""

import hashlib
from collections.abc import Iterator

from clearance.model.ruling import Ruling
from clearance.policy.compile.assistants import ASSISTANTS
from clearance.policy.compile.coverage import covered, numbered
from clearance.policy.compile.facts import facts
from clearance.policy.compile.target import Compiled, CompiledFile, Context, Platform, Target
from clearance.policy.compile.written import as_json

ID = "osquery"
_HOURLY, _OFTEN = 3600, 600
_SYSTEMS = {Platform.LINUX: "linux", Platform.MACOS: "darwin", Platform.WINDOWS: "windows"}

Query = dict[str, object]


def compile_osquery(rulings: tuple[Ruling, ...], context: Context) -> Compiled:
    """The pack and its coverage."""
    queries: dict[str, Query] = {}
    for tool in sorted({r.tool for r in rulings}):
        queries |= dict(_installed(tool))
    queries |= dict(_files(rulings, context))
    file = CompiledFile(name="clearance.pack.json", content=as_json({"queries": queries}))
    return Compiled(files=(file,), coverage=covered(ID, numbered(rulings, ""), facts(ID), context))


def _installed(tool: str) -> Iterator[tuple[str, Query]]:
    named = {what: facts("installs").values.get(f"{tool}.{what}", ()) for what in ("npm", "brew", "files", "variables")}
    if named["npm"]:
        sql = f"SELECT name, version, path FROM npm_packages WHERE name IN ({_quoted(named['npm'])});"
        yield f"{tool}_npm", _query(sql, f"{tool} installed by npm", every=_HOURLY)
    if named["brew"]:
        sql = f"SELECT name, version, path FROM homebrew_packages WHERE name IN ({_quoted(named['brew'])});"
        yield f"{tool}_homebrew", _query(sql, f"{tool} installed by Homebrew", every=_HOURLY, system="darwin")
    if named["files"]:
        where = " OR ".join(f"path LIKE {_quoted((path,))}" for path in named["files"])
        sql = f"SELECT path, filename, size, mtime FROM file WHERE {where};"
        yield f"{tool}_programs", _query(sql, f"{tool} installed on its own", every=_HOURLY, system="posix")
    if named["variables"]:
        sql = (
            "SELECT p.pid, p.uid, p.path, e.key, e.value FROM processes p JOIN process_envs e ON e.pid = p.pid "
            f"WHERE e.key IN ({_quoted(named['variables'])});"
        )
        yield (
            f"{tool}_variables",
            _query(sql, f"variables that pass {tool}'s settings by", every=_OFTEN, system="posix"),
        )


def _files(rulings: tuple[Ruling, ...], context: Context) -> Iterator[tuple[str, Query]]:
    tools = {r.tool for r in rulings}
    for target in ASSISTANTS:
        for file in target.compile(rulings, context).files if target.tool in tools else ():
            for platform, path in file.paths.items():
                yield (
                    f"{target.id}_{platform.value}_{file.name.rpartition('/')[2]}",
                    _drift(path, platform, file.content),
                )


def _drift(path: str, platform: Platform, content: bytes) -> Query:
    digest = hashlib.sha256(content).hexdigest()
    where = _quoted((path,))
    sql = (
        f"SELECT {where} AS path, 'missing or changed' AS state WHERE NOT EXISTS "
        f"(SELECT 1 FROM hash WHERE path = {where} AND sha256 = '{digest}');"
    )
    return _query(sql, f"{path} is not what was compiled", every=_OFTEN, system=_SYSTEMS[platform])


def _query(sql: str, said: str, *, every: int, system: str = "") -> Query:
    found: Query = {"query": sql, "interval": every, "description": said, "snapshot": True}
    return found | ({"platform": system} if system else {})


def _quoted(texts: tuple[str, ...]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


TARGET = Target(id=ID, title="osquery", tool="", compile=compile_osquery)
