"""``clearance ban | approve | restrict | except | lift``, ``sign`` and ``check``."""

import shutil
import textwrap
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from clearance.app.cli.destinations import write_text
from clearance.app.deciding import Desk
from clearance.app.knowing import imported
from clearance.app.recording import record
from clearance.model.decision import Decision, DecisionKind, DecisionRecord, Reason, Scope
from clearance.model.ids import Digest
from clearance.model.record import DecisionRecorded, DecisionSigned
from clearance.model.use import AccessChannel, Use
from clearance.policy.cases import UseSaid
from clearance.policy.decide import decide
from clearance.policy.errors import PolicyError
from clearance.policy.records import record_id
from clearance.policy.signing import counts
from clearance.policy.times import as_datetime, begins, shown
from clearance.policy.updates import starts
from clearance.report.decision_json import render_answer_json

_LABEL = 11
Command = TypeVar("Command", bound=Callable[..., object])
_SCOPES = {
    "entity": "entities", "country": "countries", "group": "groups", "model": "models", "provider": "providers",
    "channel": "channels", "ring": "rings", "data-class": "data_classes", "who": "people",
}  # fmt: skip
_FOLDERS = (
    click.option(
        "--records", type=click.Path(path_type=Path, file_okay=False), help="Folder of records (a git checkout)."
    ),
    click.option("--org", type=click.Path(path_type=Path, dir_okay=False), help="Organisation file (TOML)."),
)
_ABOUT = (
    click.argument("tool", required=False, default=""),
    click.option("--versions", default="", metavar="WINDOW", help="Versions: '>=2.1.300,<2.2'."),
    click.option("--scope", "scopes", multiple=True, metavar="KEY=VALUE", help=f"Also: {', '.join(_SCOPES)}."),
    click.option("--model", "models", multiple=True, metavar="NAME", help="Models, * for any letters."),
    click.option("--group", "groups", multiple=True, metavar="NAME", help="Groups of people."),
    click.option("--from", "from_", default="", metavar="WHEN", help="Day or time it begins."),
    click.option("--until", default="", metavar="WHEN", help="Last day, or time it ends."),
    click.option("--zone", default="", metavar="ZONE", help="Time zone of its days.  [default: the entity's]"),
    click.option("--reason", "reasons", multiple=True, metavar="TEXT", help="Why."),
    click.option(
        "--evidence", "evidence", multiple=True, metavar="SHA256", help="What shows it, in the order of reasons."
    ),
    click.option("--source", "sources", multiple=True, metavar="URL", help="Where it can be read."),
    click.option("--require", default="", metavar="A,B,…", help="Conditions that must hold: gate,managed-settings."),
    click.option("--replacement", default="", help="What to use in its place."),
    click.option("--message", default="", help="What the developer reads."),
    click.option("--owner", default="", help="Who answers questions about it."),
    click.option("--ticket", default="", help="Where it is tracked."),
    click.option("--review", default="", metavar="DAY", help="When somebody looks again."),
)
_EPILOG = """\
A record that loosens (approve, except, lift) counts when two different people have signed it, one that tightens
when one has: clearance sign.

Exit codes: 0 written, 2 bad use, 3 the record is refused.

\b
Examples:
  {example}
"""


def _with(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _scope(tool: str, values: Mapping[str, Any]) -> Scope:
    found: dict[str, list[str]] = {name: [] for name in _SCOPES.values()}
    for text in values["scopes"]:
        key, sign, value = text.partition("=")
        if not sign or key not in _SCOPES or not value:
            raise click.UsageError(f"--scope {text!r}: write one of {', '.join(f'{name}=…' for name in _SCOPES)}")
        found[_SCOPES[key]].append(value)
    found["models"] += values["models"]
    found["groups"] += values["groups"]
    try:
        channels = tuple(map(AccessChannel, found.pop("channels")))
    except ValueError as error:
        raise click.UsageError(f"{error}; channels: {', '.join(AccessChannel)}") from error
    named = {name: tuple(items) for name, items in found.items()}
    return Scope(tools=tuple(filter(None, tool.split(","))), versions=values["versions"], channels=channels, **named)


def _reasons(values: Mapping[str, Any]) -> tuple[Reason, ...]:
    evidence, sources = [*values["evidence"]], [*values["sources"]]
    return tuple(
        Reason(
            text=text,
            evidence=evidence[at] if at < len(evidence) else "",
            source=sources[at] if at < len(sources) else "",
        )
        for at, text in enumerate(values["reasons"])
    )


def _record(kind: DecisionKind, desk: Desk, tool: str, values: Mapping[str, Any], **more: Any) -> int:
    plain = ("until", "zone", "replacement", "message", "owner", "ticket", "review")
    made = DecisionRecord(
        kind=kind,
        scope=_scope(tool, values),
        from_=values["from_"],
        reasons=_reasons(values),
        conditions=tuple(filter(None, values["require"].split(","))),
        created=desk.now.date().isoformat(),
        **{name: values[name] for name in plain},
        **more,
    )
    facts = desk.facts()
    path = desk.keep(made, facts)
    digest = record_id(made)
    record(DecisionRecorded(decision=path.stem, kind=kind.value, record=Digest(digest), owner=made.owner))
    click.echo(f"{kind.value}  {digest[:12]}  {path}")
    if why := counts(made, facts.organisation.people, int(desk.now.timestamp())):
        yet = "It permits nothing yet" if kind.loosens else "It denies already, as a record that nobody vouches for"
        click.echo(f"{yet}: {why}. Next: clearance sign {digest[:12]} --as PERSON --key FILE")
    return 0


def _command(kind: DecisionKind, text: str, example: str, *more: Callable[[Any], Any]) -> click.Command:
    @_with(*_ABOUT, *more, *_FOLDERS)
    def run(tool: str, records: Path | None, org: Path | None, **values: Any) -> int:
        desk = Desk.at(records, org)
        extra = {
            name: values.pop(name) for name in ("lift_when", "permanent", "against", "lifts", "meets") if name in values
        }
        if isinstance(extra.get("lifts"), str) and extra["lifts"]:
            extra["lifts"] = record_id(desk.found(extra["lifts"])[1])
        if "against" in extra:
            extra["against"] = tuple(
                each if each.startswith("rule:") else record_id(desk.found(each)[1]) for each in extra["against"]
            )
        return _record(kind, desk, tool, values, **extra)

    run.__doc__ = text
    return click.command(kind.value, epilog=_EPILOG.format(example=example))(run)


ban = _command(
    DecisionKind.BAN,
    "Ban TOOL (several with commas; all when it is left out) within a scope.",
    "clearance ban claude-code --from 2026-07-10 --scope entity=acme-cn --reason … --lift-when 'vet:no covert hit' "
    "--owner sec@acme.example",
    click.option(
        "--lift-when", "lift_when", multiple=True, metavar="CONDITION", help="What would have to hold to lift it."
    ),
    click.option("--permanent", is_flag=True, help="It is never lifted."),
)
approve = _command(
    DecisionKind.APPROVE,
    "Approve TOOL within a scope, under conditions if there are any.",
    "clearance approve claude-code --versions '>=2.1.300,<2.2' --group payments --until 2027-01-31 --require gate "
    "--reason … --owner sec@acme.example",
)
restrict = _command(
    DecisionKind.RESTRICT,
    "Ask for conditions wherever TOOL is used within a scope.",
    "clearance restrict codex --require managed-settings --reason … --owner sec@acme.example",
)
except_ = _command(
    DecisionKind.EXCEPT,
    "Take a scope out of a ban or restriction, for a time.",
    "clearance except claude-code --against 3fa1c2 --group research --until 2026-08-31 --ticket SEC-12 --reason … "
    "--owner sec@acme.example",
    click.option(
        "--against", multiple=True, metavar="RECORD", help="Record (its first digits) or rule:ID that does not count."
    ),
)
lift = _command(
    DecisionKind.LIFT,
    "End a ban or restriction: say which, and that its conditions are met.",
    "clearance lift claude-code --record 3fa1c2 --met 'vet:no covert hit' --evidence SHA256 --reason … "
    "--owner sec@acme.example",
    click.option("--record", "lifts", required=True, metavar="RECORD", help="Its first digits or its file."),
    click.option("--met", "meets", multiple=True, metavar="CONDITION", help="A condition for lifting that is met."),
)


@click.command(epilog="\b\nExamples:\n  clearance sign 3fa1c2 --as ann@acme.example --key ~/ann.pem")
@click.argument("named", metavar="RECORD")
@click.option("--as", "person", required=True, help="Who signs, as in the organisation file.")
@click.option(
    "--key", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Ed25519, PEM."
)
@_with(*_FOLDERS)
def sign(named: str, person: str, key: Path, records: Path | None, org: Path | None) -> int:
    """Sign RECORD (its first digits or its file)."""
    desk = Desk.at(records, org)
    facts = desk.facts()
    path, signed = desk.sign(named, person, key, facts)
    digest, key_id = record_id(signed), signed.signatures[-1].key
    record(DecisionSigned(decision=path.stem, record=Digest(digest), person=person, key=key_id))
    why = counts(signed, facts.organisation.people, int(desk.now.timestamp()))
    click.echo(f"signed  {record_id(signed)[:12]}  {path}")
    click.echo(f"Not yet enough: {why}." if why else "It counts.")
    return 0


_CHECK_EPILOG = """\
Exit codes: 0 permitted (also under conditions), 1 denied or to be asked, 2 bad use, 3 could not be decided.

\b
Examples:
  clearance check --who dev@acme.example --country HK --tool claude-code@2.1.320 --model claude-opus-4-8
  clearance check --entity acme-cn --tool claude-code --at 2026-07-10T00:00:00+08:00 --json -
"""


@click.command(epilog=_CHECK_EPILOG)
@click.option("--tool", required=True, metavar="NAME[@VERSION]", help="Which assistant.")
@click.option("--who", default="", help="The person; the rest is filled in from the organisation file.")
@click.option("--entity", default="", help="Their legal entity.")
@click.option("--country", default="", help="Where they work: HK, UA-43.")
@click.option("--group", "groups", multiple=True, help="Groups they are in; without it nobody knows.")
@click.option("--model", default="", help="Which model.")
@click.option(
    "--channel", type=click.Choice([channel.value for channel in AccessChannel]), help="The way to the model."
)
@click.option("--ring", default="", help="Ring of the device.")
@click.option("--data-class", default="", help="Class of the data.")
@click.option("--at", "at", default="", metavar="WHEN", help="Day or time (UTC unless it says).  [default: now]")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.decision-answer/1) to a file, or -.")
@click.option("--database", metavar="URL", help="Read records from a database (see `policy store`).")
@_with(*_FOLDERS)
def check(
    groups: tuple[str, ...],
    at: str,
    json_: str | None,
    database: str | None,
    records: Path | None,
    org: Path | None,
    **said: str | None,
) -> int:
    """Say whether somebody may use an assistant, and why."""
    desk = Desk.at(records, org, database)
    moment = datetime.fromtimestamp(begins(at, "UTC", tightens=True), tz=UTC) if at else desk.now
    facts = desk.facts(moment)
    use = UseSaid(groups=groups or None, **{key: text or "" for key, text in said.items()}).use()
    if use.tool not in facts.assistants:
        raise PolicyError(f"No assistant is called {use.tool!r}.", advice=f"Known: {', '.join(sorted(facts.schemes))}.")
    decision = _until_facts_change(decide(use, desk.book(facts), facts, moment), use, desk)
    if json_:
        write_text(json_, render_answer_json(decision))
    if json_ != "-":
        _show(decision, facts.zones.get(facts.complete(use).subject.entity, "") or "UTC")
    return 0 if decision.answer.permits else 1


def _until_facts_change(decision: Decision, use: Use, desk: Desk) -> Decision:
    """The decision with an earlier end, where an imported update of facts that counts later changes it."""
    for start in sorted(as_datetime(starts(update)) for update in imported() if update.from_):
        if start > decision.at and (decision.changes_at is None or start < decision.changes_at):
            facts = desk.facts(start)
            then = decide(use, desk.book(facts), facts, start, ahead=False)
            if (then.answer, then.conditions) != (decision.answer, decision.conditions):
                return msgspec.structs.replace(decision, changes_at=start)
    return decision


def _show(decision: Decision, zone: str) -> None:
    click.secho(f"{decision.answer.value.upper()}  at {shown(int(decision.at.timestamp()), zone)}", bold=True)
    for text in decision.conditions:
        _row("requires", text)
    _row("message", decision.message)
    _row("use instead", decision.replacement)
    changes = shown(int(decision.changes_at.timestamp()), zone) if decision.changes_at else "never, as things are"
    _row("changes", changes)
    click.echo("\nBecause")
    for because in decision.chain:
        _row(because.says.value if because.says else "-", because.what)
        for source in because.sources:
            _row("", source)


def _row(label: str, text: str) -> None:
    """A label and a text beside it, wrapped to the terminal; a long label has a line of its own."""
    if not text:
        return
    if len(label) > _LABEL:
        click.echo(f"  {label}")
        label = ""
    width = max(40, min(shutil.get_terminal_size().columns, 120)) - _LABEL - 4
    lines = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        click.echo(f"  {label if number == 0 else '':{_LABEL}}  {line}")
