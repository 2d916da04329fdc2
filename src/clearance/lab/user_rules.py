"""YARA rules that the user brings, over every member that can be read (YARA-X; the extra ``yara``).

A rule's metadata may say ``description`` and ``severity`` (info, low, medium, high, critical).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clearance.intake.unpack.inside import FoundMember
from clearance.lab.errors import LabError, RulesRefused
from clearance.model.contents import Language, RuleMatch, Where

if TYPE_CHECKING:
    import yara_x

_SECONDS = 60
_LARGEST = 16 << 20
"""Bytes of a file of rules."""
_NAME_ONE = "Name a .yar file, or a folder that holds one."
_MOST_MATCHES = 500
_EXCERPT = 120


class OutOfTimeError(Exception):
    """The rules were not done with some bytes within their time."""


class UserRules:
    """Compiled rules.

    Args:
        paths: rule files, and folders of ``.yar`` and ``.yara`` files.
        seconds: how long they may look at one file or text.

    Raises:
        LabError: YARA-X is not installed.
        RulesRefused: there are no rules, a file cannot be read, or a rule is wrong; the message
            says where.
    """

    def __init__(self, paths: Sequence[Path], *, seconds: int = _SECONDS) -> None:
        try:
            import yara_x
        except ImportError as error:
            raise LabError(
                "Rules of your own need YARA-X, which is not installed.",
                advice="Install it: pip install 'clearance[yara]'.",
            ) from error
        compiler = yara_x.Compiler()
        files = tuple(_rule_files(paths))
        if not files:
            named = ", ".join(map(str, paths))
            raise RulesRefused(
                f"There are no rules in {named}.", advice="Name a .yar file, or a folder that holds one."
            )
        for path in files:
            compiler.new_namespace(path.name)
            if not path.is_file() or path.stat().st_size > _LARGEST:
                raise RulesRefused(
                    f"{path} is no file of rules: it has to be a regular file of at most {_LARGEST >> 20} MB.",
                    advice=_NAME_ONE,
                )
            try:
                compiler.add_source(path.read_text(encoding="utf-8"), origin=str(path))
            except yara_x.CompileError as error:
                raise RulesRefused(
                    f"The rules in {path} are wrong: {_first_lines(error)}", advice="Mend them."
                ) from error
            except (OSError, UnicodeDecodeError) as error:
                raise RulesRefused(
                    f"The rules in {path} cannot be read: {error}.", advice="Name a text file."
                ) from error
        self._scanner = yara_x.Scanner(compiler.build())
        self._scanner.set_timeout(seconds)
        self.files = files
        """The files that were read."""
        self._timeout: type[Exception] = yara_x.TimeoutError

    def matches(self, members: Sequence[FoundMember]) -> tuple[RuleMatch, ...]:
        """Every rule that matched, with its first place in each member."""
        found: list[RuleMatch] = []
        for index, member in enumerate(members):
            if member.member.language is Language.MEDIA or member.member.runtime:
                continue
            found.extend(self._in_member(index, member))
            if len(found) >= _MOST_MATCHES:
                break
        return tuple(found[:_MOST_MATCHES])

    def scan(self, data: bytes) -> "tuple[yara_x.Rule, ...]":
        """The rules that match some bytes, with the places of their patterns. Raises OutOfTimeError."""
        try:
            return tuple(self._scanner.scan(data).matching_rules)
        except self._timeout as error:
            raise OutOfTimeError from error

    def _in_member(self, index: int, found: FoundMember) -> Iterator[RuleMatch]:
        data = read_member(found)
        try:
            rules = self.scan(data)
        except OutOfTimeError:
            return
        for rule in rules:
            yield _match(rule, index, data)


def _match(rule: "yara_x.Rule", index: int, data: bytes) -> RuleMatch:
    said = {str(name): str(value) for name, value in rule.metadata}
    places = [match for pattern in rule.patterns for match in pattern.matches]
    offset = places[0].offset if places else 0
    length = min(places[0].length, _EXCERPT) if places else 0
    return RuleMatch(
        rule=rule.identifier,
        namespace=rule.namespace,
        tags=tuple(rule.tags),
        description=said.get("description", ""),
        severity=said.get("severity", ""),
        place=Where(member=index, offset=offset),
        excerpt=bytes(data[offset : offset + length]).decode("utf-8", "replace"),
    )


def read_member(found: FoundMember) -> bytes:
    """A member's bytes; YARA-X takes nothing but bytes."""
    with found.file.open("rb") as file:
        file.seek(found.start)
        data: bytes = file.read(found.member.size)
    return data


def _rule_files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".yar", ".yara") and p.is_file())
        else:
            yield path


def _first_lines(error: Exception) -> str:
    return " ".join(str(error).split())[:400]
