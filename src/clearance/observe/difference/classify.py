"""In what two values of one place differ.

1. Equal or absent: nothing to look at.
2. Both sides become tokens (:mod:`reading`), and these are aligned (:mod:`align`).
3. Each spot is judged: form, statement, words, or something opaque (:mod:`judge`).
4. What is more than form may still be the same items in another order (:mod:`order`).
5. The spots together give one word. A marker of form is never outweighed by an honest statement beside it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clearance.observe.difference import sentences
from clearance.observe.difference.align import shared_ends
from clearance.observe.difference.changes import changes_of
from clearance.observe.difference.encodings import encoded_statement
from clearance.observe.difference.judge import Sides, Spot, spots
from clearance.observe.difference.nouns import Change, Difference, Shown
from clearance.observe.difference.order import Pairs, moved_items, paired, reordered, windows
from clearance.observe.difference.reading import read
from clearance.observe.difference.views import visible

_HIDDEN = frozenset({"homoglyph", "invisible", "unicode-normalisation", "date-format"})
"""Forms that do not come about by writing another sentence: they count even beside other words."""
_FORM_OR_SAID = frozenset({Shown.FORM, Shown.STATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statements:
    """What each side may say openly."""

    baseline: tuple[str, ...]
    staged: tuple[str, ...]
    dates: bool

    def spots(self, before: str, after: str) -> tuple[Spot, ...]:
        """Every spot of difference; what both sides share at their ends is not read."""
        head, tail = shared_ends(before, after)
        sides = Sides(
            before=read(before[head : len(before) - tail], self.baseline, self.staged),
            after=read(after[head : len(after) - tail], self.staged, self.baseline),
            dates_are_stated=self.dates,
        )
        return tuple(replace(spot, at=spot.at + head, staged_at=spot.staged_at + head) for spot in spots(sides))

    def key(self, item: str) -> tuple[str, ...]:
        """What two items share when they differ in form or statement at most."""
        return tuple(key for key in read(item, self.baseline, self.staged).keys if key != " ")


def compare(
    baseline: str | None,
    staged: str | None,
    *,
    renderings_baseline: tuple[str, ...] = (),
    renderings_staged: tuple[str, ...] = (),
    dates_are_stated: bool = False,
) -> Difference:
    """In what the value with the trigger differs from the one without. Total: any two texts, or None for absent.

    ``renderings_…``: plain statements of each side's level (``Asia/Shanghai``), matched as whole words, longest first,
    case-sensitive. ``dates_are_stated``: another date or time in the same format says the staged clock openly.
    """
    if baseline == staged:
        return Difference(shown=Shown.SAME, message=sentences.of(Shown.SAME, ()))
    if baseline is None or staged is None:
        return _one_sided(baseline, staged)
    said = _Statements(baseline=renderings_baseline, staged=renderings_staged, dates=dates_are_stated)
    found = said.spots(baseline, staged)
    if not _form_or_said(found) and visible(baseline) == visible(staged):
        # Put into the middle of an escape it makes other tokens of both halves, and is still all that differs.
        found = (replace(found[0], shown=Shown.FORM, mechanisms=("invisible",)),)
    if not _form_or_said(found):
        found = _in_other_order(baseline, staged, found, said) or found
    shown, mechanisms = _together(found)
    if shown is not Shown.FORM and (hidden := _encoding(baseline, staged, said)):
        shown, mechanisms = Shown.ENCODED, (hidden,)
    message = sentences.of(shown, mechanisms, beside=_beside(found))
    return Difference(shown=shown, mechanisms=mechanisms, changes=changes_of(found, baseline, staged), message=message)


def compare_items(
    baseline: tuple[str, ...],
    staged: tuple[str, ...],
    *,
    renderings_baseline: tuple[str, ...] = (),
    renderings_staged: tuple[str, ...] = (),
) -> Difference:
    """The same for lists whose items have names (headers, JSON keys, tools), in the order as sent.

    The same items in another order are FORM/``order``, an item in another form is FORM; an item that is only on one
    side is APPEARS or DISAPPEARS, with the item as a change. Items exchanged for others are judged as text.
    """
    if baseline == staged:
        return Difference(shown=Shown.SAME, message=sentences.of(Shown.SAME, ()))
    said = _Statements(baseline=renderings_baseline, staged=renderings_staged, dates=False)
    pairs = tuple(zip(baseline, staged, strict=True)) if len(baseline) == len(staged) else ()
    in_place = _judged(pairs, said)
    moved = paired(baseline, staged, said.key)
    if in_place is None and moved and (form := _judged(moved, said)) is not None:
        return _reordered_items(baseline, staged, moved, form)
    gone, new = _only(baseline, staged), _only(staged, baseline)
    if bool(gone) != bool(new):
        return _one_side_has_more(baseline, staged, gone or new)
    return compare(
        "\n".join(baseline),
        "\n".join(staged),
        renderings_baseline=renderings_baseline,
        renderings_staged=renderings_staged,
    )


def _reordered_items(old: Sequence[str], new: Sequence[str], pairs: Pairs, form: tuple[Spot, ...]) -> Difference:
    mechanisms = tuple(dict.fromkeys(("order", *_mechanisms(form))))
    names = moved_items(old, _as_in(old, new, pairs))
    at = next(i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
    change = Change(at=at, before="\n".join(old), after="\n".join(new), names=names, mechanisms=("order",))
    rest = changes_of(form, "\n".join(old), "\n".join(new))
    message = sentences.of(Shown.FORM, mechanisms)
    return Difference(shown=Shown.FORM, mechanisms=mechanisms, changes=(change, *rest)[:20], message=message)


def _as_in(old: Sequence[str], new: Sequence[str], pairs: Pairs) -> tuple[str, ...]:
    """The new order told with the old items' spelling, so that only moves are told."""
    waiting: dict[str, list[str]] = {}
    for before, after in pairs:
        waiting.setdefault(after, []).append(before)
    return tuple(waiting[item].pop(0) if waiting.get(item) else item for item in new) if old else ()


def _one_side_has_more(old: Sequence[str], new: Sequence[str], extra: tuple[str, ...]) -> Difference:
    appears = len(new) > len(old)
    side = new if appears else old
    changes = tuple(
        Change(at=side.index(item), before="" if appears else item, after=item if appears else "", names=(repr(item),))
        for item in extra[:20]
    )
    common = [[item for item in items if item not in extra] for items in (old, new)]
    shown = Shown.APPEARS if appears else Shown.DISAPPEARS
    mechanisms = () if common[0] == common[1] else ("order",)
    message = sentences.of(shown, mechanisms, items=extra)
    return Difference(shown=shown, mechanisms=mechanisms, changes=changes, message=message)


def _only(items: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Items that stand here more often than there."""
    left = list(others)
    found = []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            found.append(item)
    return tuple(found)


def _judged(pairs: Pairs, said: _Statements) -> tuple[Spot, ...] | None:
    """The spots of all pairs when none of them is more than form or a statement; None otherwise, or without pairs."""
    found = [spot for before, after in pairs if before != after for spot in said.spots(before, after)]
    return tuple(found) if pairs and _form_or_said(found) else None


def _in_other_order(before: str, after: str, found: Sequence[Spot], said: _Statements) -> tuple[Spot, ...] | None:
    """The same difference told as a change of order, if it is one: what moved, and the form of the moved items."""
    beyond = [spot for spot in found if spot.shown not in _FORM_OR_SAID]
    if not _same_words(found, said):
        return None
    first, last = beyond[0], beyond[-1]
    span = (first.at, last.at + len(last.before), first.staged_at, last.staged_at + len(last.after))
    kept = [spot for spot in found if spot.at + len(spot.before) <= span[0] or spot.at >= span[1]]
    for old, new, pairs in reordered(tuple(windows(before, after, span)), said.key):
        form = _judged(pairs, said)
        if form is not None:
            names = moved_items([a for a, _ in pairs], _new_order(pairs, new))
            moved = replace(first, shown=Shown.FORM, mechanisms=("order",), before=old, after=new, names=names)
            return (moved, *form, *(spot for spot in kept if spot.shown in _FORM_OR_SAID))
    return None


def _same_words(found: Sequence[Spot], said: _Statements) -> bool:
    """True when what differs holds the same words on both sides: without that nothing can have moved. Cheap."""
    counts: Counter[str] = Counter()
    for spot in found:
        counts.update(key for key in said.key(spot.before) if key[-1:].isalnum())
        counts.subtract(key for key in said.key(spot.after) if key[-1:].isalnum())
    return not any(counts.values())


def _new_order(pairs: Pairs, window: str) -> list[str]:
    """The old spelling of the items in the order in which their new spellings stand."""
    place = -1
    ordered = []
    for before, after in pairs:
        place = window.find(after)
        ordered.append((place, before))
    return [item for _, item in sorted(ordered, key=lambda each: each[0])]


def _together(found: Sequence[Spot]) -> tuple[Shown, tuple[str, ...]]:
    """One word for all spots, and the mechanisms that go with it."""
    form = _mechanisms(spot for spot in found if spot.shown is Shown.FORM)
    beyond = [spot for spot in found if spot.shown not in _FORM_OR_SAID]
    if not beyond:
        return (Shown.FORM, form) if form else (Shown.STATED, ())
    if _HIDDEN & set(form):
        return Shown.FORM, tuple(name for name in form if name in _HIDDEN)
    encoded = [spot for spot in beyond if spot.shown is Shown.ENCODED]
    if any(spot.opaque for spot in encoded) or len(encoded) == len(beyond):
        return Shown.ENCODED, _mechanisms(encoded)
    return Shown.READABLE, ()


def _encoding(before: str, after: str, said: _Statements) -> str | None:
    """The encoding under which one side alone holds its own statement."""
    found = encoded_statement(after, before, said.staged) or encoded_statement(before, after, said.baseline)
    return found[0] if found else None


def _mechanisms(found: Iterable[Spot]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for spot in found for name in spot.mechanisms))


def _form_or_said(found: Iterable[Spot]) -> bool:
    return all(spot.shown in _FORM_OR_SAID for spot in found)


def _beside(found: Iterable[Spot]) -> bool:
    """True when spots of form stand beside others that say something else."""
    return len({spot.shown is Shown.FORM for spot in found}) == 2


def _one_sided(baseline: str | None, staged: str | None) -> Difference:
    shown = Shown.APPEARS if baseline is None else Shown.DISAPPEARS
    change = Change(at=0, before=baseline or "", after=staged or "")
    return Difference(shown=shown, changes=(change,), message=sentences.of(shown, ()))
