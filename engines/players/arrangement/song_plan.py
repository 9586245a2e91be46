"""The plan of a song as data: sections on a timeline, who plays in each, how one leads into the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.styles.form import BandRole, EndingKind, HandOver

BAND: Final[tuple[BandRole, ...]] = get_args(BandRole)
"""All parts of the band, in the order in which they stand in a score."""


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part that plays in a section from `enters` to `leaves`, in beats from the section's start."""

    role: BandRole
    enters: float
    leaves: float


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing that happens in the last `beats` of a section to lead into the next.

    A fill is the drummer's own, who knows the energy of what follows; the others are done to the takes.
    """

    kind: HandOver
    beats: float


@dataclass(frozen=True, slots=True)
class ArrangedSection:
    """A section at its place in the song; `start` and `length` are beats, and a part that `parts` lacks is silent.

    Sections of one `material` have the same chords and motifs.
    """

    name: str
    section: SongSection
    bars: int
    start: float
    length: float
    key: Key
    material: SectionKind
    parts: tuple[PlannedPart, ...]
    transitions: tuple[Transition, ...] = ()

    @property
    def end(self) -> float:
        """Where the next section starts, in beats."""
        return self.start + self.length

    def part(self, role: str) -> PlannedPart | None:
        """The plan of a part, None where it is silent."""
        return next((part for part in self.parts if part.role == role), None)


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a part is played on: the musician's name, the General MIDI program that stands in for it (0..127; the kit's
    for drums), and instruments of Live that play it, the best first.
    """

    role: BandRole
    name: str
    program: int
    live: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Locator:
    """A name at a place of the timeline, in beats."""

    name: str
    beat: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A whole song before a note is played; `style` and `form` are names."""

    style: str
    form: str
    bpm: float
    meter: Meter
    key: Key
    sections: tuple[ArrangedSection, ...]
    instruments: tuple[Instrument, ...]
    ending: EndingKind

    @property
    def bars(self) -> int:
        """The bars of all sections."""
        return sum(section.bars for section in self.sections)

    @property
    def length(self) -> float:
        """The song's length in beats."""
        return self.sections[-1].end

    @property
    def seconds(self) -> float:
        """The song's length at its tempo."""
        return beats_to_seconds(self.length, self.bpm)

    @property
    def roles(self) -> tuple[BandRole, ...]:
        """The parts that play anywhere, in the order of a score."""
        return tuple(role for role in BAND if any(section.part(role) for section in self.sections))

    @property
    def locators(self) -> tuple[Locator, ...]:
        """A locator at the start of each section."""
        return tuple(Locator(section.name, section.start) for section in self.sections)
