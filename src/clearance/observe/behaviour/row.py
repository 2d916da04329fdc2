"""One session of one run as place → text."""

import re
from dataclasses import dataclass, field

from clearance.model.cell import Cell
from clearance.observe.behaviour.paragraphs import BLOCK_END, is_long
from clearance.observe.behaviour.places import BASE_URL
from clearance.observe.behaviour.route import Endpoint, endpoint_of_url

_NUMBERED = re.compile(r"#\d+\]")
MAX_LEAVES = 60_000
"""Places in one row; what lies beyond is dropped and counted, so that traffic cannot exhaust memory."""


@dataclass(slots=True, kw_only=True)
class Row:
    """What one session of one run sent."""

    cell: Cell
    session: int
    wall_clock: float
    """Unix seconds that the tool was meant to believe at the start of the run."""
    api_hosts: tuple[str, ...]
    custom_base_url: bool = False
    """True when ``api_hosts`` are a staged base URL's: places then call them ``base-url``."""
    api_url: str = ""
    """The URL that the tool was configured with; empty when nobody knows it."""
    places: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """Places to what a person is shown in place of their text."""
    gaps: dict[str, float] = field(default_factory=dict)
    """Place to seconds between the answer before and this request."""
    model_requests: int = 0
    """Requests of the conversation with the model that could be read."""
    unreadable: int = 0
    """Requests to the model whose body is not what its API speaks."""
    ways: set[str] = field(default_factory=set)
    """Names asked and connections opened, as places, also those that requests account for."""
    contacted: set[str] = field(default_factory=set)
    """Hosts, and hosts with port, that were asked for, connected to or addressed."""
    refused: set[str] = field(default_factory=set)
    """Names whose certificate the tool did not accept."""
    undecoded: set[str] = field(default_factory=set)
    """Requests whose body could only be compared by size and digest, with the reason."""
    _numbers: dict[str, int] = field(default_factory=dict)

    @property
    def talks(self) -> bool:
        """Whether anything was sent to the model at all."""
        return self.model_requests > 0 or self.unreadable > 0

    @property
    def configured(self) -> Endpoint | None:
        """Scheme, host and port that the tool was configured with."""
        return endpoint_of_url(self.api_url)

    def name_of(self, host: str) -> str:
        """A host as places call it: the staged base URL's has one name, whatever the level."""
        return BASE_URL if self.custom_base_url and host in self.api_hosts else host

    def put(self, place: str, value: str) -> None:
        """Keep one leaf; a place that is there already is numbered, and what is too much is noted.

        Long texts of one list are read as one text: a block that comes or goes must not rename the blocks after it.
        """
        if is_long(value):
            place = _NUMBERED.sub("]", place)
            if place in self.places and is_long(self.places[place]):
                self.places[place] += f"\n{BLOCK_END}\n{value}"
                return
        if len(self.places) >= MAX_LEAVES:
            self.undecoded.add(f"more than {MAX_LEAVES} places in one session")
            return
        name = place
        while name in self.places:
            self._numbers[place] = self._numbers.get(place, 1) + 1
            name = f"{place} ({self._numbers[place]})"
        self.places[name] = value

    def mark(self, place: str, value: str) -> None:
        """Keep a leaf that says that something happened; the first time counts."""
        if place not in self.places:
            self.put(place, value)
