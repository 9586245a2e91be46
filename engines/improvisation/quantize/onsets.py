"""Notes as strokes: what begins together, where on the grid it is meant to be, and how its timing is tidied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from musearoo.engines.improvisation.quantize.grid_positions import Placed, place_onsets
from musearoo.engines.improvisation.quantize.player_feel import Felt, PlayerFeel, measure_feel
from musearoo.engines.music.drum_map import KIND_OF_PITCH, DrumKind
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import beats_per_second, seconds_to_beats

TOGETHER: Final = 0.025
"""Seconds between notes that begin together: hands that do not quite meet, strings that are strummed."""
LONGEST_STRUM: Final = 0.08
"""Seconds from the first to the last note of one stroke."""
STRUM: Final = 0.018
"""Seconds from which notes that rise or fall one after the other are strummed on purpose, and stay so."""
CHANCE_JITTERS: Final = 5.0
CHANCE_SECONDS: Final = 0.04
"""How far off chance puts a note at most: so many times the player's jitter, or so many seconds, whichever is more.
What is further off is meant, as in a roll or a drag, and stays."""
STRINGS: Final = 3
"""Notes from which a strum can be told from hands that do not meet."""


class TimedNote(NamedTuple):
    """A note on the beats of a phrase; `length` is how long it sounds, in quarters."""

    beat: float
    pitch: int
    velocity: int
    length: float
    release_velocity: int
    is_drum: bool


class Stroke(NamedTuple):
    """Notes that begin together, at their mean `beat`; `is_strummed` where their order is meant."""

    notes: tuple[TimedNote, ...]
    beat: float
    is_strummed: bool


class MeantNote(NamedTuple):
    """A note and the place of the grid that it is meant for."""

    note: TimedNote
    place: float


@dataclass(frozen=True, slots=True)
class TunedIn:
    """Strokes of a phrase, the place of each, and what was found of the player's timing."""

    strokes: tuple[Stroke, ...]
    placed: Placed
    feel: PlayerFeel
    bpm: float

    def notes(self, strength: float) -> list[MeantNote]:
        """The notes as they were played at a strength of 0; at 1 without what was chance in their timing.

        A strum stays a strum, and a grace note keeps its distance to the note that it leads to.
        """
        meant = []
        most = seconds_to_beats(max(CHANCE_JITTERS * self.feel.jitter, CHANCE_SECONDS), self.bpm)
        leads = _lead_strokes(self.strokes, self.placed.places, self.feel)
        for index, (stroke, place) in enumerate(zip(self.strokes, self.placed.places, strict=True)):
            lead = self.strokes[leads[place]]
            chance = lead.beat - place - self.feel.late(place)
            goes_along = stroke.is_strummed or leads[place] != index
            for note in stroke.notes:
                own = chance if goes_along else note.beat - place - self.feel.late(place, kind_of(note))
                moved = strength * own if abs(own) <= most else 0.0
                meant.append(MeantNote(note._replace(beat=note.beat - moved), place))
        return meant


def tune_in(notes: Sequence[TimedNote], meter: Meter, bpm: float) -> TunedIn:
    """What the player means by notes, in order of their beats, which are counted from a bar line."""
    strokes = join_strokes(notes, bpm)
    placed = place_onsets([stroke.beat for stroke in strokes], meter, bpm)
    felt: list[Felt] = []
    taken: set[float] = set()
    for stroke, place in zip(strokes, placed.places, strict=True):
        # Of a grace note and what it leads to, the second one tells the time.
        if place in taken:
            felt = [onset for onset in felt if onset.place != place]
        taken.add(place)
        felt += _felt(stroke, place)
    return TunedIn(strokes, placed, measure_feel(felt, meter, bpm, placed.swing), bpm)


def join_strokes(notes: Sequence[TimedNote], bpm: float) -> tuple[Stroke, ...]:
    """The strokes of notes in order of their beats. What strikes a pitch twice is two strokes, however near."""
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
    return tuple(_stroke(group, second) for group in groups)


def kind_of(note: TimedNote) -> DrumKind | None:
    """Which drum a note strikes, if it is one."""
    return KIND_OF_PITCH.get(note.pitch) if note.is_drum else None


def _stroke(notes: Sequence[TimedNote], second: float) -> Stroke:
    pitches = [note.pitch for note in notes if not note.is_drum]
    in_order = pitches in (sorted(pitches), sorted(pitches, reverse=True))
    is_strummed = len(pitches) >= STRINGS and in_order and notes[-1].beat - notes[0].beat >= STRUM * second
    return Stroke(tuple(notes), sum(note.beat for note in notes) / len(notes), is_strummed)


def _felt(stroke: Stroke, place: float) -> list[Felt]:
    """What a stroke tells of the timing: each drum for itself, and all other notes as one."""
    felt = [
        Felt(place, note.beat - place, kind, note.velocity)
        for note in stroke.notes
        if (kind := kind_of(note)) is not None
    ]
    others = [note for note in stroke.notes if kind_of(note) is None]
    if others:
        late = sum(note.beat for note in others) / len(others) - place
        felt.append(Felt(place, late, None, max(note.velocity for note in others)))
    return felt


def _lead_strokes(strokes: Sequence[Stroke], places: Sequence[float], feel: PlayerFeel) -> dict[float, int]:
    """By place, the number of the stroke that lies nearest to where the player means it."""
    leads: dict[float, int] = {}
    for index, (stroke, place) in enumerate(zip(strokes, places, strict=True)):
        miss = abs(stroke.beat - place - feel.late(place))
        if place not in leads or miss < abs(strokes[leads[place]].beat - place - feel.late(place)):
            leads[place] = index
    return leads
