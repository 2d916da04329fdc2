"""The SARIF 2.1.0 report, for code scanning platforms.

1. A hit is a result of kind ``fail``, a gap ``open`` and a clear ``pass``; only ``fail`` carries a level (3.27.10).
2. A gap is a notification of the invocation too: viewers that hide ``open`` results still show it.
3. Fingerprints are made of what a finding claims, not of what was measured: they stay over runs and versions.
4. Messages are escaped: braces and brackets in them would be placeholders and links (3.11.5, 3.11.6).
"""

import hashlib
import re
import urllib.parse
from typing import assert_never

from clearance.model.finding import Clear, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.look import Look
from clearance.model.release import Artifact
from clearance.model.vetting import VerdictWord, Vetting
from clearance.report import sarif_shapes as sarif
from clearance.report.meanings import CLASS_MEANINGS
from clearance.report.portable import portable_json
from clearance.report.visible import spell

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}
"""The 0 to 10 scale by which code scanning platforms sort (``security-severity``)."""
_ATLAS = "MITRE ATLAS"
_PURPOSES = (
    "Vets a release of an assistant by what leaves it, and what that depends on.",
    "Looks into a release of an assistant without running it.",
)
_URI_SAFE = ":/?#@!$&'*+,;=%"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)


Judged = Vetting | Look
"""What has a release, findings and a verdict."""


def render_sarif(vetting: Judged) -> str:
    """The report as ASCII text, indented by two, with a line feed at the end. The same vetting gives the same bytes."""
    rules = tuple(dict.fromkeys(finding.rule for finding in vetting.findings))
    techniques = tuple(sorted({t for hit in vetting.findings if isinstance(hit, Hit) for t in hit.atlas}))
    log = sarif.Log(
        schema_uri=_SCHEMA,
        version="2.1.0",
        runs=(
            sarif.Run(
                tool=sarif.Tool(driver=_driver(vetting, rules)),
                invocations=(_invocation(vetting),),
                automation_details=_automation(vetting),
                artifacts=tuple(_artifact(item) for item in vetting.release.artifacts),
                results=tuple(_result(finding, vetting, rules) for finding in vetting.findings),
                taxonomies=(_taxonomy(techniques),) if techniques else (),
                properties=_run_properties(vetting),
            ),
        ),
    )
    return portable_json(log)


def _run_properties(vetting: Judged) -> sarif.Properties:
    if isinstance(vetting, Look):
        return _bag(verdict=vetting.verdict, endpoints=vetting.contents.endpoints)
    return _bag(
        verdict=vetting.verdict,
        seed=vetting.seed,
        endpoints=vetting.endpoints,
        staged=vetting.staged,
        replay=vetting.replay,
    )


def _driver(vetting: Judged, rules: tuple[RuleId, ...]) -> sarif.Component:
    name, _, version = spell(vetting.tool).partition(" ")
    return sarif.Component(
        name=name.capitalize(),
        version=version or None,
        short_description=_message(_PURPOSES[isinstance(vetting, Look)]),
        rules=tuple(_rule(rule, vetting) for rule in rules),
        notifications=tuple(
            sarif.Descriptor(id=spell(rule), short_description=_message(title)) for rule, title in _gap_titles(vetting)
        ),
    )


def _gap_titles(vetting: Judged) -> tuple[tuple[RuleId, str], ...]:
    titles: dict[RuleId, str] = {}
    for finding in vetting.findings:
        if isinstance(finding, Gap):
            titles.setdefault(finding.rule, finding.title)
    return tuple(titles.items())


def _rule(rule: RuleId, vetting: Judged) -> sarif.Descriptor:
    """A rule, as far as its findings tell of it; its worst hit gives the level."""
    own = [finding for finding in vetting.findings if finding.rule == rule]
    found = sorted((finding for finding in own if isinstance(finding, Hit)), key=lambda hit: -hit.severity.rank)
    worst = found[0].severity if found else Severity.INFO
    meanings = tuple(dict.fromkeys(CLASS_MEANINGS[hit.channel] for hit in found if hit.channel))
    advice = tuple(dict.fromkeys(item.advice for item in own if not isinstance(item, Clear) and item.advice))
    claim = spell(rule).replace("-", " ").capitalize()
    return sarif.Descriptor(
        id=spell(rule),
        short_description=_message(claim),
        full_description=_message(" ".join((f"{claim}.", *meanings))),
        help=_message(" ".join((f"{claim}.", *meanings, *advice))),
        default_configuration=sarif.Configuration(level=_LEVELS[worst]),
        properties=_bag(tags=("security", "ai-assistant"), **{"security-severity": _SCORES[worst]}),
    )


def _result(finding: Finding, vetting: Judged, rules: tuple[RuleId, ...]) -> sarif.Result:
    match finding:
        case Hit():
            kind, level = "fail", _LEVELS[finding.severity]
            taxa = tuple(_taxon_reference(technique) for technique in finding.atlas)
        case Clear():
            kind, level, taxa = "pass", "none", ()
        case Gap():
            kind, level, taxa = "open", "none", ()
        case _:
            assert_never(finding)
    return sarif.Result(
        rule_id=spell(finding.rule),
        rule_index=rules.index(finding.rule),
        kind=kind,
        level=level,
        message=_message(_sentence(finding)),
        locations=_locations(finding, vetting),
        partial_fingerprints={"claim/v1": _fingerprint(finding, vetting)},
        taxa=taxa,
        properties=_result_properties(finding),
    )


def _sentence(finding: Finding) -> str:
    advice = "" if isinstance(finding, Clear) else finding.advice
    changes: tuple[str, ...] = ()
    if isinstance(finding, Hit):
        changes = tuple(dict.fromkeys(change for evidence in finding.because for change in evidence.differences))
    said = f"{finding.title}. {finding.message}"
    return " ".join(filter(None, (said, f"Differences: {'; '.join(changes)}." if changes else "", advice)))


def _locations(finding: Finding, vetting: Judged) -> tuple[sarif.Location, ...]:
    """The place in what left, and the archive it left from: platforms want a file."""
    where = "" if isinstance(finding, Clear) else finding.where
    kind = "member" if isinstance(vetting, Look) else "emission"
    logical = (sarif.LogicalLocation(fully_qualified_name=spell(where), kind=kind),) if where else ()
    physical = None
    if vetting.release.artifacts:
        uri = _uri(vetting.release.artifacts[0].url)
        physical = sarif.PhysicalLocation(artifact_location=sarif.ArtifactLocation(uri=uri, index=0))
    return (sarif.Location(physical_location=physical, logical_locations=logical),) if physical or logical else ()


def _fingerprint(finding: Finding, vetting: Judged) -> str:
    channel, where = "", "" if isinstance(finding, Clear) else finding.where
    if isinstance(finding, Hit) and finding.channel:
        channel = finding.channel.value
    kind = type(finding).__name__.lower()
    claim = (vetting.release.assistant, kind, finding.rule, channel, where, *sorted(finding.factors))
    # Each part carries its length, so that no two claims run together to the same text.
    text = "".join(f"{len(part)}:{part}" for part in claim)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _result_properties(finding: Finding) -> sarif.Properties:
    match finding:
        case Hit():
            return _bag(
                severity=finding.severity,
                confidence=finding.confidence,
                covert=finding.covert,
                factors=finding.factors,
                bits=finding.bits,
                p_value=finding.p_value,
                replicates=finding.replicates,
                trigger=finding.trigger,
                evidence=finding.because,
                **{"class": finding.channel, "security-severity": _SCORES[finding.severity]},
            )
        case Clear():
            return _bag(covert=False, factors=finding.factors, replicates=finding.replicates)
        case Gap():
            return _bag(covert=False, factors=finding.factors, blocks_verdict=finding.blocks_verdict)
        case _:
            assert_never(finding)


def _invocation(vetting: Judged) -> sarif.Invocation:
    found = tuple(finding for finding in vetting.findings if isinstance(finding, Gap))
    rules = tuple(rule for rule, _ in _gap_titles(vetting))
    return sarif.Invocation(
        execution_successful=vetting.verdict is not VerdictWord.INCOMPLETE,
        end_time_utc=vetting.created if _TIME.fullmatch(vetting.created) else None,
        tool_execution_notifications=tuple(
            sarif.Notification(
                descriptor=sarif.Reference(id=spell(gap.rule), index=rules.index(gap.rule)),
                level="warning" if gap.blocks_verdict else "note",
                message=_message(_sentence(gap)),
            )
            for gap in found
        ),
        properties=_bag(stats=vetting.stats),
    )


def _automation(vetting: Judged) -> sarif.AutomationDetails:
    release = vetting.release
    category = "/".join(
        urllib.parse.quote(spell(part), safe="")
        for part in (
            "clearance",
            *(("look",) if isinstance(vetting, Look) else ()),
            release.assistant,
            release.platform,
        )
    )
    what = "Look into" if isinstance(vetting, Look) else "Vetting of"
    said = f"{what} {release.title} {release.version} for {release.platform}, SHA-256 {release.sha256}"
    return sarif.AutomationDetails(id=f"{category}/", description=_message(said))


def _artifact(item: Artifact) -> sarif.Artifact:
    return sarif.Artifact(
        location=sarif.ArtifactLocation(uri=_uri(item.url), description=_message(f"{item.name} {item.version}")),
        roles=("analysisTarget",),
        length=item.size,
        hashes={"sha-256": spell(item.sha256)},
        properties=_bag(
            integrity=item.integrity, published=item.published, publisher=item.publisher, problems=item.problems
        ),
    )


def _taxonomy(techniques: tuple[str, ...]) -> sarif.Component:
    return sarif.Component(
        name=_ATLAS,
        organization="MITRE",
        information_uri="https://atlas.mitre.org/",
        taxa=tuple(sarif.Descriptor(id=spell(technique)) for technique in techniques),
    )


def _taxon_reference(technique: str) -> sarif.Reference:
    return sarif.Reference(id=spell(technique), tool_component=sarif.ToolComponentReference(name=_ATLAS, index=0))


def _uri(address: str) -> str:
    """An address, or a path, as a URI reference whatever is in it."""
    quoted = urllib.parse.quote(address.encode("utf-8", "backslashreplace"), safe=_URI_SAFE)
    quoted = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quoted)
    # A scheme other than these could be run by a viewer that makes links of locations.
    return quoted if re.match(r"(https?://|/|\./|file:///)", quoted) else f"./{quoted.replace(':', '%3A')}"


def _message(text: str) -> sarif.Message:
    escaped = spell(text).replace("{", "{{").replace("}", "}}")
    return sarif.Message(text=escaped.replace("[", "\\[").replace("]", "\\]"))


def _bag(**values: object) -> sarif.Properties:
    return {name: value for name, value in values.items() if value is not None}
