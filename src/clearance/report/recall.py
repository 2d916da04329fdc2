"""The benchmark of the classifiers as a table for a terminal and a plot."""

from collections.abc import Iterator
from math import log

from clearance.model.recall import ClassifierBench, JudgeRecall, OperatingPoint, RequestRecall
from clearance.report.portable import portable_json

_WIDTH, _HEIGHT, _MARGIN = 640, 400, 56
_FONT = 'font-family="sans-serif" font-size="12"'
_COLOURS = ("#0b57d0", "#b3261e", "#7a5c00", "#386a20", "#6750a4")
_LEAST, _MOST = 0.05, 20.0
"""Percent of false alarms at the ends of the plot's axis, which is logarithmic."""


def render_recall(bench: ClassifierBench) -> str:
    """Every family of every judge at each budget, good or bad."""
    lines: list[str] = [f"weights {bench.weights[:12]}, thresholds from {bench.fitted_on:,} ordinary windows"]
    for judge in bench.judges:
        lines += _judge(judge)
    lines += _requests(bench.requests)
    if bench.unread:
        lines.append(f"not read: {len(bench.unread)} files of the named data, such as {bench.unread[0]}")
    return "\n".join(lines)


def render_recall_json(bench: ClassifierBench) -> str:
    """The contract ``clearance.classify-bench/1``."""
    return portable_json(bench)


def render_recall_plot(bench: ClassifierBench) -> str:
    """Macro recall against false alarms, a line a judge, as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_FONT}>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *_axes(),
    ]
    for number, judge in enumerate(bench.judges):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{_x(p.percent):.1f},{_y(p.macro):.1f}" for p in judge.curve)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{_MARGIN + 12}" y="{30 + 16 * number}" fill="{colour}">{_plain(judge.name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _judge(judge: JudgeRecall) -> Iterator[str]:
    yield ""
    yield judge.name
    budgets = "".join(f"{f'at {point.percent:g} %':>24}" for point in judge.points)
    yield f"  {'family':34}{'rows':>6}{budgets}"
    for rows in zip(*(point.families for point in judge.points), strict=True):
        shares = "".join(f"{f'{r.flagged:.3f} ({r.low:.2f}–{r.high:.2f})':>24}" for r in rows)
        yield f"  {rows[0].family:34}{rows[0].rows:6}{shares}"
    yield f"  {'macro recall':40}" + "".join(_macro(point) for point in judge.points)
    yield f"  {'false alarms, developer text':34}{judge.points[0].windows:6}" + "".join(
        f"{f'{point.alarms:.4f}':>24}" for point in judge.points
    )
    for family, flagged in judge.ordinary.items():
        yield f"  {f'flagged, ordinary: {family}':40}" + "".join(f"{share:24.4f}" for share in flagged)


def _macro(point: OperatingPoint) -> str:
    return f"{f'{point.macro:.3f} ({point.low:.2f}–{point.high:.2f})':>24}"


def _requests(requests: tuple[RequestRecall, ...]) -> Iterator[str]:
    yield ""
    yield "requests: the head for misuse"
    for request in requests:
        caught = ", ".join(f"{name} {share:.3f}" for name, share in request.caught.items())
        flagged = ", ".join(f"{name} {share:.4f}" for name, share in request.flagged.items())
        yield f"  at {request.percent:g} %: caught {caught}; ordinary flagged {flagged}"


def _axes() -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        yield f'<line x1="{_MARGIN}" x2="{_WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        yield f'<text x="{_MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{share:g}</text>'
    for percent in (0.05, 0.1, 0.5, 1, 5, 20):
        yield f'<text x="{_x(percent):.1f}" y="{_HEIGHT - 28}" text-anchor="middle">{percent:g} %</text>'
    yield f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">false alarms among ordinary windows</text>'
    yield f'<text x="{_MARGIN}" y="14">macro recall</text>'


def _x(percent: float) -> float:
    share = (log(percent) - log(_LEAST)) / (log(_MOST) - log(_LEAST))
    return _MARGIN + share * (_WIDTH - 16 - _MARGIN)


def _y(share: float) -> float:
    return 20 + (1 - share) * (_HEIGHT - 70)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
