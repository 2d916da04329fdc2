"""One difference of one row from the baseline, told so that the same change in another run has the same label."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from clearance.observe.behaviour.lexical import WRITTEN, mechanism_of
from clearance.observe.behaviour.paragraphs import BLOCK_END
from clearance.observe.behaviour.places import WHITHER, is_repeat, part_of
from clearance.observe.difference import Shown, compare, compare_items

MAX_COMPARED = 20_000
"""Characters of a unit that are compared in detail; of longer ones, so many from the first difference on."""
_CONTEXT = 200
"""Characters of the same text shown before the first difference of a long unit."""
_LENGTH = re.compile(r"(?<=\w):\d+(?=[:⟩])")
"""The length in a slot's shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One difference of one row from the reference."""

    place: str
    label: str
    """The same change has the same label in every row."""
    shown: Shown
    mechanisms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Code points and other named differences."""
    baseline: str = ""
    staged: str = ""
    states: tuple[str, ...] = ()
    """Factors whose staged value the text states in the open."""
    host: str = ""
    """A receiver that the baseline never turns to: a host, or one with its port where only that is new."""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it across rows."""
        return self.place, self.label


def appears(
    leaf: str,
    anchor: str,
    *,
    gone: bool,
    text: str,
    states: tuple[str, ...] = (),
    alone: tuple[str, ...] = (),
    host: str = "",
) -> Deviation:
    """A leaf, or a paragraph of one, that is there on one side only.

    ``states``: factors whose value it holds; ``alone``: those whose value it is, and nothing else.
    """
    where = f"{leaf} ¶{anchor}" if anchor else leaf
    connections = leaf.startswith("connection ") and ":* #" in leaf
    count = is_repeat(leaf)
    return Deviation(
        place=where,
        label="gone" if gone else "there",
        shown=Shown.STATED if alone else Shown.DISAPPEARS if gone else Shown.APPEARS,
        baseline=text if gone else "",
        staged="" if gone else text,
        states=tuple(dict.fromkeys((*states, *alone))),
        mechanisms=("connections",) if connections else ("count",) if count else (),
        host=host,
    )


def otherwise(
    leaf: str, usual: str, text: str, *, told: tuple[str, str], states: tuple[str, ...], host: str
) -> Deviation:
    """Another receiver, another protocol, a body of another kind. ``told``: both sides as a person is shown them."""
    part = part_of(leaf)
    return Deviation(
        place=leaf,
        label=f"{usual[:200]} → {text[:200]}",
        shown=Shown.READABLE if part in WHITHER else Shown.ENCODED,
        mechanisms=("destination",) if part in WHITHER else (part,),
        names=(f"{told[0][:200]} → {told[1][:200]}",),
        baseline=told[0],
        staged=told[1],
        states=states,
        host=host,
    )


def compared(
    where: str, before: str, after: str, raw_before: str, raw_after: str, states: tuple[str, ...], *, items: bool
) -> Iterable[Deviation]:
    """One deviation for each named change of form, or one for the whole when the text itself differs."""
    if items and (blocks := _other_number_of_blocks(where, before, after, raw_before, raw_after, states)):
        yield blocks
        return
    if items:
        before, after = _without_block_ends(before), _without_block_ends(after)
    cut_before, cut_after = _around_difference(before, after)
    raw_before, raw_after = _around_difference(raw_before, raw_after)
    if items:
        difference = compare_items(tuple(cut_before.split("\n")), tuple(cut_after.split("\n")))
    elif before.endswith("\r") != after.endswith("\r"):  # units come without their line feed
        difference = compare(f"{cut_before}\n", f"{cut_after}\n")
    else:
        difference = compare(cut_before, cut_after)
    names = tuple(name for change in difference.changes for name in change.names)
    labels = tuple(dict.fromkeys(names)) if difference.shown is Shown.FORM and names else (difference.shown.value,)
    for label in labels:
        yield Deviation(
            place=where,
            label=label,
            shown=difference.shown,
            mechanisms=difference.mechanisms,
            names=(label,) if label in names else names[:8],
            baseline=raw_before,
            staged=raw_after,
            states=states,
        )


def _other_number_of_blocks(
    where: str, before: str, after: str, raw_before: str, raw_after: str, states: tuple[str, ...]
) -> Deviation | None:
    """The deviation when lists that were read as one are more or fewer: what their items are is another matter."""
    counts = [text.split("\n").count(BLOCK_END) + 1 for text in (before, after)]
    if counts[0] == counts[1]:
        return None
    return Deviation(
        place=where,
        label=f"{counts[0]} → {counts[1]} lists",
        shown=Shown.READABLE,
        names=(f"{counts[0]} → {counts[1]} lists",),
        baseline=_without_block_ends(raw_before),
        staged=_without_block_ends(raw_after),
        states=states,
    )


def _without_block_ends(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line != BLOCK_END) if BLOCK_END in text else text


def _around_difference(before: str, after: str) -> tuple[str, str]:
    """What differs in both texts with a little of what is the same around it, at most ``MAX_COMPARED`` of each."""
    if len(before) <= MAX_COMPARED and len(after) <= MAX_COMPARED:
        return before, after
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    start, tail = max(0, head - _CONTEXT), max(0, tail - _CONTEXT)
    texts = (text[start : len(text) - tail][:MAX_COMPARED] for text in (before, after))
    return next(texts), next(texts)


def chosen_otherwise(leaf: str, known: frozenset[str], text: str | None) -> Iterable[Deviation]:
    """A choice that the baseline always makes one way and this row another: form and nothing else."""
    (usual, *others) = known
    if others or text is None or text == usual:
        return
    situation = leaf.partition(WRITTEN)[2]
    yield Deviation(
        place=leaf,
        label=f"{usual[:200]} → {text[:200]}",
        shown=Shown.FORM,
        mechanisms=(mechanism_of(situation),),
        names=(f"{situation}: {usual[:200]} → {text[:200]}",),
        baseline=usual,
        staged=text,
    )


def resized(where: str, expected: str, canonical: str, before: str, after: str) -> Deviation | None:
    """The deviation when nothing but the length of what varies by itself has changed; both texts are masked."""
    if _LENGTH.sub("", expected) != _LENGTH.sub("", canonical):
        return None
    return Deviation(
        place=where,
        label="longer" if len(after) > len(before) else "shorter",
        shown=Shown.ENCODED,
        mechanisms=("size",),
        names=(f"{len(before)} → {len(after)} characters",),
        baseline=before,
        staged=after,
    )


def resized_bytes(leaf: str, known: frozenset[str], text: str) -> Iterable[Deviation]:
    """The deviation when bytes that nobody can read are more or fewer than they always are in the baseline."""
    (usual, *others) = known
    if not others and text != usual:
        yield Deviation(
            place=leaf,
            label="longer" if int(text) > int(usual) else "shorter",
            shown=Shown.ENCODED,
            mechanisms=("size",),
            names=(f"{usual} → {text} bytes",),
            baseline=usual,
            staged=text,
        )
