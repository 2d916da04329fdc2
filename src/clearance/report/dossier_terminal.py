"""What verifying a dossier came to, on a terminal."""

from rich.console import Group
from rich.text import Text

from clearance.model.dossier import PackChecked
from clearance.report.meanings import VERDICT_TITLES, count
from clearance.report.visible import spell

_SHOWN = 100


def render_checked(checked: PackChecked) -> Group:
    """Problems first, each with its file; then what it is about, and what was trusted."""
    lines = [
        Text.assemble(("✖ ", "bold red"), (spell(p.path) or "the pack", "bold"), f" {spell(p.problem)}")
        for p in checked.problems[:_SHOWN]
    ]
    if len(checked.problems) > _SHOWN:
        lines.append(Text(f"and {len(checked.problems) - _SHOWN} more"))
    if checked.problems:
        lines.append(Text.assemble(("Not verified: ", "bold red"), count(len(checked.problems), "problem")))
    else:
        lines += _about(checked)
    lines += [Text.assemble(("note: ", "bold"), spell(note)) for note in checked.notes]
    return Group(*lines)


def _about(checked: PackChecked) -> list[Text]:
    manifest = checked.manifest
    assert manifest is not None  # a manifest that cannot be read is a problem
    release = manifest.release
    return [
        Text.assemble(
            ("✔ ", "bold green"),
            (spell(f"{release.title} {release.version}, {release.platform}"), "bold"),
            f"  {VERDICT_TITLES[manifest.verdict]}",
        ),
        Text(f"SHA-256 {spell(release.sha256)}"),
        Text(
            f"{count(checked.files, 'file')} hold, {count(len(manifest.decisions), 'decision')}, "
            f"{count(len(manifest.proofs), 'proof')} verified"
        ),
        Text(f"Signed by key {checked.keyid} ({'given' if checked.key_given else 'from the pack'})"),
    ]
