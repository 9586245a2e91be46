"""Data types of a song plan: sections on a timeline, their parts, and the transitions between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.styles.form import BandRole, EndingKind, TransitionKind

BAND: Final[tuple[BandRole, ...]] = get_args(BandRole)
"""All parts of the band, in score order."""


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part that plays in a section from `enters` to `leaves`, in beats from the section's start."""

    role: BandRole
    enters: float
    leaves: float


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition in the last `beats` of a section that leads into the next.

    The drum engine plays fills itself, since it knows the next section's energy; the others edit finished takes.
    """

    kind: TransitionKind
    beats: float


@dataclass(frozen=True, slots=True)
class ArrangedSection:
    """A section on the song's timeline; `start` and `length` are in beats, and a part missing from `parts` is silent.

    Sections with the same `material` share chords and motifs.
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
        """The end of the section in beats, where the next one starts."""
        return self.start + self.length

    def part(self, role: str) -> PlannedPart | None:
        """Return the plan of a part; None if it is silent."""
        return next((part for part in self.parts if part.role == role), None)


@dataclass(frozen=True, slots=True)
class Instrument:
    """The instrument of a part: its name, the General MIDI program closest to it (0..127; for drums the kit's), and
    the instruments of Live that can play it, best first.
    """

    role: BandRole
    name: str
    program: int
    live: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Locator:
    """A named position on the timeline, in beats."""

    name: str
    beat: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The plan of a whole song, without notes; `style` and `form` are names."""

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
        """The total number of bars."""
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
        """The parts that play in any section, in score order."""
        return tuple(role for role in BAND if any(section.part(role) for section in self.sections))

    @property
    def locators(self) -> tuple[Locator, ...]:
        """A locator at the start of each section."""
        return tuple(Locator(section.name, section.start) for section in self.sections)
