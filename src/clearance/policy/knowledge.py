"""Reading the knowledge base: TOML with a schema, every fact with source and date; later parts replace earlier ones."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Protocol, TypeVar

import msgspec

from clearance.model.knowledge import Knowledge, Organisation
from clearance.policy.errors import PolicyError


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T")
Named = TypeVar("Named", bound=_HasId)


def read_toml(raw: bytes, kind: type[T], name: str) -> T:
    """The document as that noun. Raises PolicyError that names the file, the key and the place."""
    try:
        return msgspec.convert(tomllib.loads(raw.decode("utf-8")), kind)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError(f"{name} is not TOML: {error}.", advice="Mend the place that is named.") from error
    except (msgspec.ValidationError, ValueError) as error:
        raise PolicyError(f"{name}: {error}.", advice="docs/deciding.md says what each key takes.") from error


@cache
def shipped_knowledge() -> Knowledge:
    """The knowledge base that comes with this program."""
    folder = files("clearance.policy") / "knowledge"
    parts = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return merged([read_toml(part.read_bytes(), Knowledge, part.name) for part in parts])


def merged(parts: Iterable[Knowledge]) -> Knowledge:
    """One knowledge base; where two facts have one id the later counts. Raises PolicyError for an unknown schema."""
    found = list(parts)
    for part in found:
        if part.schema != "clearance.knowledge/1":
            raise PolicyError(f"{part.schema!r} is no schema that is known.", advice="Update Clearance.")
    return Knowledge(
        collected=max((part.collected for part in found), default=""),
        providers=_by_id(fact for part in found for fact in part.providers),
        assistants=_by_id(fact for part in found for fact in part.assistants),
        snapshots=_by_id(fact for part in found for fact in part.snapshots),
        rules=_by_id(fact for part in found for fact in part.rules),
        measures=_by_id(fact for part in found for fact in part.measures),
        incidents=_by_id(fact for part in found for fact in part.incidents),
        employers=_by_id(fact for part in found for fact in part.employers),
        catalogues=_by_id(fact for part in found for fact in part.catalogues),
    )


def read_organisation(raw: bytes, name: str) -> Organisation:
    """The company's own file. Raises PolicyError."""
    organisation = read_toml(raw, Organisation, name)
    if organisation.schema != "clearance.organisation/1" or organisation.silence not in ("deny", "ask"):
        raise PolicyError(
            f"{name}: the schema must be clearance.organisation/1 and silence deny or ask.", advice="Mend it."
        )
    for entity in organisation.entities:
        if sum(owner.percent for owner in entity.owners) > 100.0001 or any(o.percent < 0 for o in entity.owners):
            raise PolicyError(
                f"{name}: the owners of {entity.id} hold more than all of it.", advice="Mend the percentages."
            )
    return organisation


def _by_id(facts: Iterable[Named]) -> tuple[Named, ...]:
    return tuple({fact.id: fact for fact in facts}.values())
