"""What the project is about: language, branch of business, language of its documents.

Every kind has the same ``README.md``: the script asks the assistant to read it. Kinds are data (``kinds.toml``).
"""

from collections.abc import Callable
from importlib.resources import files

import msgspec

from clearance.lab.canaries.contents import import_script, onboarding
from clearance.lab.factors.context import FactorContext
from clearance.lab.project import Repository, build_repository
from clearance.lab.staging import Factor, Level, SeedFile, Staging
from clearance.model.ids import FactorName, LevelName

_SHORT = 7
_EVERYWHERE = frozenset({"src", "docs", "tests", "model.py", "MARKINGS"})  # in a sentence these words state no kind
# The customer's name is a placeholder in what is committed and a canary in the working folder, so that commit ids
# follow the kind alone; ``git status`` shows the same two changed files everywhere.
_COMMITTED_CUSTOMER = "CUSTOMER"


class _Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``kinds.toml``."""

    name: str
    words: tuple[str, ...]
    """How a person would name the kind."""
    files: dict[str, str]


class _Kinds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``kinds.toml``: the first kind is the baseline."""

    readme: str
    gitignore: str
    kinds: tuple[_Kind, ...]


def build(context: FactorContext) -> Factor:
    """The factor; it lays the repository in which the remote is then set."""
    del context
    text = files("clearance.lab.factors").joinpath("kinds.toml").read_bytes()
    data = msgspec.toml.decode(text, type=_Kinds)
    levels = tuple(_level(data, kind) for kind in data.kinds)
    return Factor(
        name=FactorName("project_kind"),
        why="An assistant works with the files it is asked about; whose trade a project belongs to is no switch.",
        baseline=levels[0],
        levels=levels[1:],
        order=20,
    )


def _level(data: _Kinds, kind: _Kind) -> Level:
    committed = {
        "README.md": data.readme,
        ".gitignore": data.gitignore,
        "scripts/import_customers.py": import_script(_COMMITTED_CUSTOMER),
        "docs/onboarding.md": onboarding(_COMMITTED_CUSTOMER),
        **kind.files,
    }
    repository = build_repository(
        {path: SeedFile(content=text.encode()) for path, text in committed.items()}, remote=None
    )
    ids = (repository.head, repository.first)
    paths = [part for path in kind.files for part in (path, path.rpartition("/")[2], path.partition("/")[0])]
    plain_paths = (path for path in paths if path not in _EVERYWHERE)
    alone = tuple(dict.fromkeys(path for path in paths if path in _EVERYWHERE))
    # An assistant may quote the commit ids, which follow from the files: that is saying it openly.
    plain = (*ids, *(commit[:_SHORT] for commit in ids), *plain_paths, *kind.words)
    return Level(
        name=LevelName(kind.name), stage=_stage(repository), renderings=tuple(dict.fromkeys(plain)), alone=alone
    )


def _stage(repository: Repository) -> Callable[[Staging], Staging]:
    def stage(staging: Staging) -> Staging:
        return staging.with_files({f"{staging.project}/{path}": file for path, file in repository.files.items()})

    return stage
