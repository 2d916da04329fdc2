"""The HTML page of a look: self-contained, everything escaped, no script (see ``report.html`` for the rules)."""

from collections.abc import Sequence

from markupsafe import Markup

from clearance.model.contents import MOST_PLACES, Contents, Where
from clearance.model.finding import Clear, Gap, Hit
from clearance.model.look import Look
from clearance.report.html import environment, own_file, policy
from clearance.report.look_terminal import LOOK_MEANINGS
from clearance.report.meanings import data_size, severity_counts

_ROWS = 400
"""Rows of one table; the JSON report has all."""
_PROMPTS = 150
_TEXT = 300
Row = tuple[str, ...]


def render_look_html(look: Look) -> str:
    """The page as text; encode it as UTF-8."""
    contents, style = look.contents, own_file("page.css")
    text = (
        environment()
        .get_template("look.html.j2")
        .render(
            look=look,
            style=Markup(style),  # noqa: S704 - our own file, read from the package
            policy=policy(style=style),
            meanings=LOOK_MEANINGS,
            table=_table,
            severities=severity_counts(look.findings),
            hits=[f for f in look.findings if isinstance(f, Hit)],
            gaps=[f for f in look.findings if isinstance(f, Gap)],
            clears=[f for f in look.findings if isinstance(f, Clear)],
            hidden=_hidden(contents),
            reads=_reads(contents),
            endpoints=_endpoints(contents),
            abilities=[(c.kind, c.detail, f"{c.count}", _place(contents, c.places)) for c in contents.capabilities],
            prompts=sorted(contents.prompts, key=lambda p: (-p.size, p.sha256))[:_PROMPTS],
            extensions=[
                (e.kind, e.name, " ; ".join(e.commands), ", ".join(e.permissions), e.path) for e in contents.extensions
            ],
            started=[(s.moment, s.said, s.path, ", ".join(s.via)) for s in contents.started],
            supply=[(s.kind, s.subject, s.detail, s.path) for s in contents.supply],
            packages=[(p.name, p.version, p.ecosystem, p.licence, p.found_by) for p in contents.packages],
            members=_members(contents),
        )
    )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _table(columns: Sequence[str], rows: Sequence[Row]) -> Markup:
    cut = [tuple(cell if len(cell) <= _TEXT else f"{cell[:_TEXT]}…" for cell in row) for row in rows[:_ROWS]]
    if len(rows) > _ROWS:
        cut.append((f"and {len(rows) - _ROWS} more, in the JSON report", *([""] * (len(columns) - 1))))
    # The template escapes every cell.
    return Markup(environment().get_template("table.html.j2").render(columns=columns, rows=cut))  # noqa: S704


def _hidden(contents: Contents) -> list[Row]:
    strings = [
        (str(h.kind), " of ".join(h.layers), ", ".join(h.items) or h.text, _at(contents, h.place), ", ".join(h.near))
        for h in contents.hidden_strings
    ]
    texts = [
        (h.kind, f"in a {h.where}", h.decoded or ", ".join(h.code_points), _place(contents, h.places), "")
        for h in contents.hidden_texts
    ]
    return [*strings, *texts]


def _reads(contents: Contents) -> list[Row]:
    ordered = sorted(contents.reads, key=lambda r: (r.distance < 0, r.distance, r.kind, r.name))
    return [
        (r.kind, r.name, f"{r.distance:,}" if r.distance >= 0 else "", r.near, f"{r.count}", _place(contents, r.places))
        for r in ordered
    ]


def _endpoints(contents: Contents) -> list[Row]:
    ordered = sorted(contents.endpoints, key=lambda e: (e.purpose == "", e.purpose, e.owner, e.host))
    return [
        (f"{e.scheme}://{e.host}" if e.scheme else e.host, e.owner, e.purpose, " ".join(e.paths[:4]), f"{e.count}")
        for e in ordered
    ]


def _members(contents: Contents) -> list[Row]:
    largest = sorted(contents.members, key=lambda m: (-m.size, m.path))[:100]
    return [(m.path, m.how, "runtime" if m.runtime else str(m.language), data_size(m.size)) for m in largest]


def _place(contents: Contents, places: Sequence[Where]) -> str:
    more = f" and {len(places) - 1}{'+' if len(places) == MOST_PLACES else ''} more" if len(places) > 1 else ""
    return f"{_at(contents, places[0])}{more}" if places else ""


def _at(contents: Contents, where: Where) -> str:
    path = contents.members[where.member].path if where.member < len(contents.members) else "?"
    return f"{path}, byte {where.offset}"
