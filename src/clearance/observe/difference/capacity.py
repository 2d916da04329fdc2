"""How much a place can say of a factor: Miller–Madow corrected mutual information, in bits.

Plug-in entropy of counts ``n_i`` with ``N`` samples is biased low by about ``(K - 1) / 2N`` nats, ``K`` being the
number of classes seen; adding it back is the Miller–Madow correction (G. Miller, *Note on the bias of information
estimates*, 1955; L. Paninski, *Estimation of entropy and mutual information*, Neural Computation 15, 2003). With

    H_mm(X) = -sum p_i log2 p_i + (K - 1) / (2 N ln 2)

the estimate is ``I(X;Y) = H_mm(X) + H_mm(Y) - H_mm(X, Y)``, cut to what is possible: at least 0 and at most log2 of
the smaller number of classes.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence


def entropy(samples: Iterable[Hashable]) -> float:
    """Miller–Madow entropy in bits; 0 for no samples."""
    counts = Counter(samples).values()
    total = sum(counts)
    if not total:
        return 0.0
    plain = -sum(count / total * math.log2(count / total) for count in counts)
    return plain + (len(counts) - 1) / (2 * total * math.log(2))


def mutual_information(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Bits a run that the class of a value tells of the level, from ``(level, class)`` of each run.

    Never negative, never above log2 of the number of levels or of classes seen; 0 for no runs.
    """
    if not pairs:
        return 0.0
    levels = [level for level, _ in pairs]
    classes = [value for _, value in pairs]
    estimate = entropy(levels) + entropy(classes) - entropy(pairs)
    most = math.log2(min(len(set(levels)), len(set(classes))))
    return max(0.0, min(estimate, most))


def distinguishable_classes(pairs: Sequence[tuple[Hashable, Hashable]]) -> int:
    """How many groups of levels an observer of one run can tell apart without ever being wrong.

    Levels that ever shared a class fall into one group (transitively), so noise joins what it blurs. 0 for no runs.
    """
    parent: dict[Hashable, Hashable] = {level: level for level, _ in pairs}

    def root(level: Hashable) -> Hashable:
        while parent[level] != level:
            level = parent[level]
        return level

    seen: defaultdict[Hashable, set[Hashable]] = defaultdict(set)
    for level, value in pairs:
        seen[value].add(level)
    for together in seen.values():
        first, *others = together
        for other in others:
            parent[root(other)] = root(first)
    return len({root(level) for level in parent})
