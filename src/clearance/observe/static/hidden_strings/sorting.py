"""A list of many strings of all sorts as several lists, each of one sort."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.hosts import is_certain_host
from clearance.observe.static.hidden_strings.peel import Peeled
from clearance.observe.static.hidden_strings.reading import Reading
from clearance.observe.static.hidden_strings.zones import is_zone

_MOST_ITEMS: Final = 2000
_LEAST: Final = 6
_SORTS: Final = ((Hiding.HOSTS, is_certain_host), (Hiding.TIME_ZONES, is_zone))


def readings(found: Peeled) -> Iterator[Reading]:
    """What a value says; for a list of mixed strings also its hosts and its zones by themselves."""
    parts, reading = found.value.parts, found.reading
    if len(parts) == 1:
        yield reading
        return
    texts = [part.decode("utf-8", "replace") for part in parts]
    yield reading if reading.items else replace(reading, items=tuple(texts[:_MOST_ITEMS]))
    for kind, belongs in _SORTS:
        some = tuple(text for text in texts if len(text) >= _LEAST and belongs(text.strip()))
        if some and reading.kind != kind:
            yield replace(reading, kind=kind, items=some[:_MOST_ITEMS], text="\n".join(some))
