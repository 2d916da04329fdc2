"""The HTML report: one self-contained page that a browser shows without network.

1. Nothing of a vetting is trusted: every value is escaped, and what cannot be seen in it is named by code point.
2. The page's policy allows its own style and script by hash and nothing else: no address is loaded, no form sent.
3. Values become links only as anchors of the page, or as addresses built here from ids of a known form.
"""

import base64
import functools
import hashlib
import unicodedata
from importlib import resources

import jinja2
from markupsafe import Markup

from clearance.model.vetting import Vetting
from clearance.report.meanings import (
    CLASS_MEANINGS,
    CLASS_NAMES,
    LIMITS,
    VERDICT_MEANINGS,
    VERDICT_TITLES,
    count,
    data_size,
)
from clearance.report.page import lay_out
from clearance.report.side_by_side import Mark, Piece
from clearance.report.visible import Part, Show, parts, spell

_TEMPLATES = "templates"


def render_html(vetting: Vetting) -> str:
    """The page as text; encode it as UTF-8."""
    style, script = own_file("page.css"), own_file("page.js")
    text = (
        environment()
        .get_template("page.html.j2")
        .render(
            page=lay_out(vetting),
            vetting=vetting,
            # Our own files, read from the package: the only text that is not escaped.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            policy=policy(style=style, script=script),
        )
    )
    # A half surrogate pair cannot be encoded; parts() has named all, this is for what a template might not pass to it.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def policy(*, style: str, script: str = "") -> str:
    """What the page may load: its own style and script by hash, and nothing else."""
    scripts = f"script-src '{_hash(script)}'; " if script else ""
    return f"default-src 'none'; style-src '{_hash(style)}'; {scripts}base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def own_file(name: str) -> str:
    """A template, style or script of the package."""
    return resources.files("clearance.report").joinpath(_TEMPLATES, name).read_text(encoding="utf-8")


@functools.cache
def environment() -> jinja2.Environment:
    """Templates with every value escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(own_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        seen=_seen,
        marked=_marked,
        plain=spell,
        data_size=data_size,
    )
    environment.globals.update(
        count=count,
        class_names=CLASS_NAMES,
        class_meanings=CLASS_MEANINGS,
        verdict_titles=VERDICT_TITLES,
        verdict_meanings=VERDICT_MEANINGS,
        limits=LIMITS,
    )
    return environment


def _seen(text: str) -> Markup:
    """A value within a sentence or a cell."""
    return Markup("").join(_part(part) for part in parts(text, Show.PROSE))


def _marked(pieces: tuple[Piece, ...]) -> Markup:
    """One side of an exhibit."""
    return Markup("").join(_piece(piece) for piece in pieces)


def _piece(piece: Piece) -> Markup:
    inner = Markup("").join(_part(part) for part in piece.parts)
    match piece.mark:
        case Mark.SAME:
            return inner
        case Mark.CHANGED:
            return Markup("<mark>{}</mark>").format(inner)
        case Mark.SKIPPED:
            return Markup('<span class="skipped">{} more</span>').format(count(piece.skipped, "character"))


def _part(part: Part) -> Markup:
    if not part.named:
        return Markup("{}").format(part.text)
    chip = Markup('<span class="chip" title="{}">{}{}</span>')
    return chip.format(part.label, _glyph(part.text), part.code)


def _glyph(char: str) -> Markup:
    """The character itself where it has a shape of its own that cannot disturb its neighbours."""
    if unicodedata.category(char)[0] in "LNPS" and unicodedata.bidirectional(char) not in {"R", "AL"}:
        return Markup('<span class="glyph">{}</span>').format(char)
    return Markup("")
