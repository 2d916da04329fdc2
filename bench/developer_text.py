"""Ordinary developer text by name: packages that classifiers learn from, are calibrated on and are judged on.

    python bench/developer_text.py --out DIR            # fetches what developer_text.toml pins, checks digests, unpacks
    python bench/developer_text.py --update             # writes the table anew with the newest versions

Below DIR lie ``train``, ``calibrate``, ``judge`` and ``unread``, a folder a package; no package is in two of them. What
was flagged in ``judge`` was read and changed the data engine; nobody read ``unread``. All are under permissive licences
(MIT, BSD, Apache-2.0, ISC, PSF). None of it is run: archives go through the product's own door.
"""

import argparse
import hashlib
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urljoin

import httpx
from packaging.version import InvalidVersion, Version

from clearance.intake.unpack.archive import below, unpack
from clearance.intake.unpack.door import Door

TABLE = Path(__file__).with_suffix(".toml")
NAMES: Mapping[str, Sequence[str]] = {
    "train": (
        "pypi:flask", "pypi:requests", "pypi:httpx", "pypi:rich", "pypi:pydantic", "pypi:fastapi", "pypi:celery",
        "pypi:scrapy", "pypi:black", "pypi:mypy", "pypi:pytest", "pypi:openai", "pypi:mcp", "pypi:tornado",
        "pypi:sanic", "pypi:marshmallow", "pypi:sqlalchemy", "pypi:bandit", "pypi:instructor", "pypi:langchain-core",
        "pypi:pydantic-ai-slim", "pypi:smolagents", "pypi:haystack-ai", "pypi:dspy", "pypi:litellm",
        "pypi:autogen-agentchat", "pypi:openai-agents", "pypi:nltk", "pypi:sphinx", "pypi:twine", "pypi:tox",
        "pypi:invoke", "pypi:boto3", "pypi:faker", "npm:express", "npm:axios", "npm:webpack", "npm:eslint",
        "npm:prettier", "npm:vite", "npm:commander", "npm:chalk", "npm:lodash", "npm:react", "npm:svelte",
        "npm:fastify", "npm:@modelcontextprotocol/sdk", "npm:@modelcontextprotocol/server-filesystem", "npm:npm",
        "npm:mocha", "npm:socket.io", "npm:puppeteer-core", "npm:ai", "npm:zod",
    ),
    "calibrate": (
        "pypi:click", "pypi:jinja2", "pypi:aiohttp", "pypi:attrs", "pypi:pip", "pypi:anthropic",
        "pypi:llama-index-core", "pypi:werkzeug", "pypi:poetry-core", "pypi:uvicorn", "pypi:typer", "pypi:loguru",
        "pypi:docutils", "npm:rollup", "npm:vue", "npm:koa", "npm:jest-cli", "npm:yargs", "npm:ws", "npm:next-auth",
        "npm:@modelcontextprotocol/server-everything", "npm:playwright-core", "npm:moment",
    ),
    "judge": (
        "pypi:django", "pypi:starlette", "pypi:tqdm", "pypi:coverage", "pypi:isort", "pypi:setuptools", "pypi:crewai",
        "pypi:semantic-kernel", "pypi:dask", "pypi:gunicorn", "pypi:pygments", "pypi:networkx", "pypi:keyring",
        "npm:typescript", "npm:hapi", "npm:pm2", "npm:gulp", "npm:knex", "npm:redux", "npm:three", "npm:nodemailer",
        "npm:@modelcontextprotocol/server-memory", "npm:passport", "npm:ghost-cli",
    ),
    "unread": (
        "pypi:httpie", "pypi:mkdocs", "pypi:bokeh", "pypi:luigi", "pypi:cookiecutter", "pypi:falcon", "pypi:peewee",
        "pypi:sympy", "pypi:paramiko", "pypi:textual", "pypi:agno", "pypi:camel-ai", "pypi:letta", "pypi:browser-use",
        "npm:next", "npm:astro", "npm:ember-cli", "npm:mongoose", "npm:sequelize", "npm:winston", "npm:cheerio",
        "npm:handlebars", "npm:@modelcontextprotocol/server-sequential-thinking", "npm:serverless",
    ),
}  # fmt: skip
_TIMEOUT = 60


def main() -> None:
    """Fetch, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="folder for the unpacked packages")
    parser.add_argument("--update", action="store_true", help="write the table with the newest versions")
    options = parser.parse_args()
    fetch_table(TABLE, NAMES, out=options.out, update=options.update)


def fetch_table(table: Path, names: Mapping[str, Sequence[str]], *, out: Path | None, update: bool) -> None:
    """Write the table anew, unpack what it pins below ``out``, or both."""
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client:
        if update:
            table.write_text("".join(_rows(client, table.stem, names)), encoding="utf-8")
        if out:
            for split, rows in tomllib.loads(table.read_text(encoding="utf-8")).items():
                for row in rows:
                    _fetch(client, row, out / split)


def _rows(client: httpx.Client, stem: str, wanted: Mapping[str, Sequence[str]]) -> list[str]:
    lines = [f"# Written by bench/{stem}.py --update.\n"]
    for split, names in wanted.items():
        for name in names:
            try:
                version, url = _newest(client, name)
                digest = hashlib.sha256(client.get(url).raise_for_status().content).hexdigest()
            except (httpx.HTTPError, LookupError, ValueError) as error:
                print(f"{name}: left out, {error}")
                continue
            lines.append(f'\n[[{split}]]\nname = "{name}"\nversion = "{version}"\nurl = "{url}"\nsha256 = "{digest}"\n')
    return lines


def _newest(client: httpx.Client, name: str) -> tuple[str, str]:
    registry, _, package = name.partition(":")
    if registry == "npm":
        found = client.get(f"https://registry.npmjs.org/{package}/latest").raise_for_status().json()
        return found["version"], found["dist"]["tarball"]
    page = f"https://pypi.org/simple/{package}/"
    found = client.get(page, headers={"Accept": "application/vnd.pypi.simple.v1+json"}).raise_for_status().json()
    sdists = {_version(package, file["filename"]): urljoin(page, file["url"]) for file in found["files"]}
    newest = max(version for version in sdists if version and not version.is_prerelease)
    return str(newest), sdists[newest]


def _version(package: str, filename: str) -> Version | None:
    stem = filename.removesuffix(".tar.gz")
    if stem == filename:
        return None
    try:
        return Version(stem[len(package) + 1 :])
    except InvalidVersion:
        return None


def _fetch(client: httpx.Client, row: Mapping[str, str], folder: Path) -> None:
    place = folder / row["name"].replace(":", "-").replace("/", "-").replace("@", "")
    if place.is_dir():
        return
    data = client.get(row["url"]).raise_for_status().content
    if hashlib.sha256(data).hexdigest() != row["sha256"]:
        raise SystemExit(f"{row['name']} {row['version']}: the bytes are not those of the table")
    place.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "archive"
        archive.write_bytes(data)
        door = Door(place)
        unpack(archive, door, rename=below("", strip=1))
        door.finish()
    print(f"{row['name']} {row['version']}: {len(door.files)} files")


if __name__ == "__main__":
    main()
