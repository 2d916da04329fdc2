"""In what two values of one place differ: nothing, form, an open statement, other words, or something opaque.

Pure: values in, a :class:`Difference` out. Nothing here knows a product; everything follows from Unicode data and
from what dates, numbers and lists are.
"""

from clearance.observe.difference.atoms import Atom, AtomKind, atoms, shape
from clearance.observe.difference.capacity import distinguishable_classes, mutual_information
from clearance.observe.difference.classify import compare, compare_items
from clearance.observe.difference.codepoints import describe, visible
from clearance.observe.difference.nouns import Change, Difference, Shown

__all__ = [
    "Atom",
    "AtomKind",
    "Change",
    "Difference",
    "Shown",
    "atoms",
    "compare",
    "compare_items",
    "describe",
    "distinguishable_classes",
    "mutual_information",
    "shape",
    "visible",
]
