"""Group notes into onsets, find their grid positions, and reduce timing jitter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from musearoo.engines.improvisation.quantize.grid_positions import GridPositions, find_grid_positions
from musearoo.engines.improvisation.quantize.player_feel import OnsetTiming, PlayerFeel, measure_feel
from musearoo.engines.music.drum_map import KIND_OF_PITCH, DrumKind
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import beats_per_second, seconds_to_beats

TOGETHER: Final = 0.025
"""Maximum seconds between notes of one onset: hands not quite together, strummed strings."""
LONGEST_STRUM: Final = 0.08
"""Maximum seconds from the first to the last note of one onset."""
STRUM: Final = 0.018
"""Minimum seconds of a rising or falling spread to count as a deliberate strum, which is kept."""
CHANCE_JITTERS: Final = 5.0
CHANCE_SECONDS: Final = 0.04
"""The greatest random deviation: this many times the player's jitter, or this many seconds, whichever is more.
Larger deviations are deliberate, as in a roll or a drag, and stay."""
STRINGS: Final = 3
"""Minimum notes to tell a strum from hands not quite together."""


class TimedNote(NamedTuple):
    """A note in beats of a phrase; `length` is how long it sounds, in quarters."""

    beat: float
    pitch: int
    velocity: int
    length: float
    release_velocity: int
    is_drum: bool


class OnsetGroup(NamedTuple):
    """Notes that begin together, at their mean `beat`; `is_strummed` if their order is deliberate."""

    notes: tuple[TimedNote, ...]
    beat: float
    is_strummed: bool


class QuantizedNote(NamedTuple):
    """A note and its grid position."""

    note: TimedNote
    position: float


@dataclass(frozen=True, slots=True)
class QuantizedPhrase:
    """A quantised phrase: onset groups, their grid positions, and the player's feel."""

    onset_groups: tuple[OnsetGroup, ...]
    grid: GridPositions
    feel: PlayerFeel
    bpm: float

    def notes(self, strength: float) -> list[QuantizedNote]:
        """Return the notes as played at strength 0, and without timing jitter at strength 1.

        A strum stays a strum, and a grace note keeps its distance to the note that it leads to.
        """
        quantized = []
        most = seconds_to_beats(max(CHANCE_JITTERS * self.feel.jitter, CHANCE_SECONDS), self.bpm)
        leads = _lead_groups(self.onset_groups, self.grid.positions, self.feel)
        for index, (onset_group, position) in enumerate(zip(self.onset_groups, self.grid.positions, strict=True)):
            lead = self.onset_groups[leads[position]]
            chance = lead.beat - position - self.feel.late(position)
            moves_together = onset_group.is_strummed or leads[position] != index
            for note in onset_group.notes:
                own = chance if moves_together else note.beat - position - self.feel.late(position, kind_of(note))
                moved = strength * own if abs(own) <= most else 0.0
                quantized.append(QuantizedNote(note._replace(beat=note.beat - moved), position))
        return quantized


def quantize_phrase(notes: Sequence[TimedNote], meter: Meter, bpm: float) -> QuantizedPhrase:
    """Quantise notes, in order of their beats counted from a bar line."""
    onset_groups = group_onsets(notes, bpm)
    grid = find_grid_positions([onset_group.beat for onset_group in onset_groups], meter, bpm)
    timings: list[OnsetTiming] = []
    used: set[float] = set()
    for onset_group, position in zip(onset_groups, grid.positions, strict=True):
        # A grace note's timing is not measured, only that of the note it leads to.
        if position in used:
            timings = [onset for onset in timings if onset.position != position]
        used.add(position)
        timings += _timings_of(onset_group, position)
    return QuantizedPhrase(onset_groups, grid, measure_feel(timings, meter, bpm, grid.swing), bpm)


def group_onsets(notes: Sequence[TimedNote], bpm: float) -> tuple[OnsetGroup, ...]:
    """Group notes, in order of their beats, into onsets. A repeated pitch always makes two onsets."""
    second = beats_per_second(bpm)
    groups: list[list[TimedNote]] = []
    for note in notes:
        if (
            groups
            and note.beat - groups[-1][-1].beat <= TOGETHER * second
            and note.beat - groups[-1][0].beat <= LONGEST_STRUM * second
            and all(note.pitch != other.pitch for other in groups[-1])
        ):
            groups[-1].append(note)
        else:
            groups.append([note])
    return tuple(_make_group(group, second) for group in groups)


def kind_of(note: TimedNote) -> DrumKind | None:
    """Return the drum a note plays, if any."""
    return KIND_OF_PITCH.get(note.pitch) if note.is_drum else None


def _make_group(notes: Sequence[TimedNote], second: float) -> OnsetGroup:
    pitches = [note.pitch for note in notes if not note.is_drum]
    in_order = pitches in (sorted(pitches), sorted(pitches, reverse=True))
    is_strummed = len(pitches) >= STRINGS and in_order and notes[-1].beat - notes[0].beat >= STRUM * second
    return OnsetGroup(tuple(notes), sum(note.beat for note in notes) / len(notes), is_strummed)


def _timings_of(onset_group: OnsetGroup, position: float) -> list[OnsetTiming]:
    """Return the timings of an onset group: one for each drum, and one for all other notes."""
    timings = [
        OnsetTiming(position, note.beat - position, kind, note.velocity)
        for note in onset_group.notes
        if (kind := kind_of(note)) is not None
    ]
    others = [note for note in onset_group.notes if kind_of(note) is None]
    if others:
        late = sum(note.beat for note in others) / len(others) - position
        timings.append(OnsetTiming(position, late, None, max(note.velocity for note in others)))
    return timings


def _lead_groups(onset_groups: Sequence[OnsetGroup], positions: Sequence[float], feel: PlayerFeel) -> dict[float, int]:
    """Return, by position, the index of the group nearest to the player's usual timing there."""
    leads: dict[float, int] = {}
    for index, (onset_group, position) in enumerate(zip(onset_groups, positions, strict=True)):
        miss = abs(onset_group.beat - position - feel.late(position))
        if position not in leads or miss < abs(onset_groups[leads[position]].beat - position - feel.late(position)):
            leads[position] = index
    return leads
