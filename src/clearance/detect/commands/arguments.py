"""The words of a command sorted into options with their values, and the rest."""

from dataclasses import dataclass, field, replace

from clearance.detect.commands.action import Action
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import EMPTY, Value


@dataclass(slots=True)
class Sorted:
    """Options in order with the values that belong to them, and positional words."""

    options: list[tuple[str, Value]] = field(default_factory=list)
    rest: list[Value] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Whether one of these options stands there."""
        return any(option in names for option, _ in self.options)

    def values(self, names: tuple[str, ...]) -> list[Value]:
        """The values of these options."""
        return [value for option, value in self.options if option in names and value is not EMPTY]


def sort_words(tool: KnownTool, action: Action) -> Sorted:
    """Sort the words as the program would: ``--name value``, ``--name=value``, ``-nvalue``, ``/name:value``."""
    valued = {o.lower() if len(o) > 2 else o: o for o in (*tool.sends, *tool.saves, *tool.takes)}
    found, words, at = Sorted(), action.words, 0
    while at < len(words):
        word = words[at]
        at += 1
        if not _is_option(word.text):
            found.rest.append(word)
            continue
        name, sign, tail = _parted(word.text)
        known = _known(name, valued)
        if known is None and len(name) > 2 and name[0] == "-" and name[1] != "-" and name[:2] in valued:
            found.options.append((name[:2], replace(word, text=name[2:] + (sign + tail if sign else ""))))
        elif known is not None and not sign and at < len(words):
            found.options.append((known, words[at]))
            at += 1
        elif known is None and not sign and (last := _last_of_cluster(name, valued)) and at < len(words):
            found.options.extend((f"-{c}", EMPTY) for c in name[1:-1])
            found.options.append((last, words[at]))
            at += 1
        else:
            found.options.append((known or name, replace(word, text=tail) if sign else EMPTY))
    return found


def _is_option(text: str) -> bool:
    return len(text) > 1 and text[0] == "-" and text != "--"


def _parted(text: str) -> tuple[str, str, str]:
    name, sign, tail = text.partition("=")
    if not sign and text[1:2] != "-" and text[1:2].isalpha() and ":" in text[2:40]:
        head, colon, rest = text.partition(":")
        if head[1:].isalpha() and len(head) > 3:
            return head, colon, rest
    return name, sign, tail


def _known(name: str, valued: dict[str, str]) -> str | None:
    """The option that is meant; PowerShell lets people shorten and ignores case."""
    if name in valued:
        return valued[name]
    low = name.lower()
    if len(low) > 2 and low in valued:
        return valued[low]
    if len(low) > 2 and low[1] != "-":
        fits = [o for o in valued if len(o) > 3 and o.startswith(low) and o[1] != "-"]
        if fits:
            return valued[fits[0]]
    return None


def _last_of_cluster(name: str, valued: dict[str, str]) -> str | None:
    """``-czf`` takes the value of ``-f``."""
    if 2 < len(name) <= 6 and name[0] == "-" and name[1:].isalpha() and f"-{name[-1]}" in valued:
        return f"-{name[-1]}"
    return None
