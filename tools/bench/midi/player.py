"""A player with a known groove: the intended notes, their played times, and the MIDI messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, Literal, NamedTuple

from musearoo.engines.music.swing import Swing
from musearoo.engines.music.timing import seconds_to_beats

Style = Literal["drums", "comping", "bass", "melody", "arpeggio", "triplets"]

STYLES: Final[tuple[Style, ...]] = ("drums", "comping", "bass", "melody", "arpeggio", "triplets")
BAR_BEATS: Final = 4
JITTER: Final = 0.003
"""The random timing error of each note in seconds, RMS: that of a good player."""
CHORDS: Final = ((45, 57, 60, 64), (41, 53, 57, 60), (48, 55, 60, 64), (43, 55, 59, 62))
"""Am, F, C and G, one bar each."""
SCALE: Final = (60, 62, 64, 65, 67, 69, 71, 72)
LET_GO: Final = 0.7
"""The share of the time to the next note of a pitch after which its key is released at the latest."""
KICK, SNARE, HAT = 36, 38, 42
DRUM_CHANNEL: Final = 9


@dataclass(frozen=True, slots=True)
class KnownGroove:
    """A player's deviations from the grid.

    `share` is the position of the second of two notes (0.5 straight, 0.667 triplets) in pairs of `pair` quarters. The
    others are in seconds: beats 2 and 4 are late by `backbeat`, sixteenths between eighths early by `push`, everything
    late by `lag`.
    """

    name: str
    share: float = 0.5
    pair: float = 1.0
    backbeat: float = 0.0
    push: float = 0.0
    lag: float = 0.0

    def beat(self, place: float, bpm: float) -> float:
        """Return the played position of a grid position, in quarters."""
        inside = place % 1.0
        late = self.lag
        if inside == 0.0 and place % 2.0 == 1.0:
            late += self.backbeat
        if inside in (0.25, 0.75):
            late -= self.push
        is_triplet = inside not in (0.0, 0.25, 0.5, 0.75)
        straight = place if is_triplet else Swing(self.share / (1.0 - self.share), self.pair).warp(place)
        return straight + seconds_to_beats(late, bpm)


GROOVES: Final = (
    KnownGroove("straight"),
    KnownGroove("late backbeat", backbeat=0.012),
    KnownGroove("pushed sixteenths, late backbeat", backbeat=0.012, push=0.012),
    KnownGroove("sixteenths at 58 %", share=0.58, pair=0.5, backbeat=0.012),
    KnownGroove("sixteenths at 62 %, laid back", share=0.62, pair=0.5, lag=0.015),
    KnownGroove("sixteenths at 66 %, late backbeat", share=0.66, pair=0.5, backbeat=0.012),
    KnownGroove("eighths at 58 %, late backbeat", share=0.58, backbeat=0.012),
    KnownGroove("eighths at 62 %, laid back", share=0.62, backbeat=0.012, lag=0.015),
    KnownGroove("eighths at 66 %, ahead", share=0.66, backbeat=0.012, lag=-0.008),
)


class MeantNote(NamedTuple):
    """A note: its intended position, played position and duration (all in quarters), and its key."""

    place: float
    beat: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Performance:
    """A performance from a bar line on; with `has_pedal`, every bar is sustained by the pedal."""

    style: Style
    groove: KnownGroove
    bpm: float
    bars: int
    notes: tuple[MeantNote, ...]
    has_pedal: bool

    @property
    def channel(self) -> int:
        """The MIDI channel, 0 to 15."""
        return DRUM_CHANNEL if self.style == "drums" else 0

    def messages(self) -> list[tuple[float, bytes]]:
        """Return the messages with their beats, in order; at equal beats, note-offs first."""
        rows: list[tuple[float, int, bytes]] = []
        for note in self.notes:
            rows.append((note.beat, 2, bytes((0x90 | self.channel, note.pitch, note.velocity))))
            rows.append((note.beat + note.length, 0, bytes((0x80 | self.channel, note.pitch, 64))))
        if self.has_pedal:
            for bar in range(self.bars):
                # Pressed after the first note, as pianists do, and released with the next bar.
                rows.append((bar * BAR_BEATS + 0.15, 1, bytes((0xB0 | self.channel, 64, 127))))
                rows.append(((bar + 1) * BAR_BEATS - 0.05, 1, bytes((0xB0 | self.channel, 64, 0))))
        return [(beat, data) for beat, _, data in sorted(rows)]


def perform(style: Style, groove: KnownGroove, bpm: float, bars: int, seed: int) -> Performance:
    """Return a performance with random notes and the given groove; the first note is on the first beat.

    Where eighths swing by 60 % or more there are no sixteenths between them: they would be triplets.
    """
    chance = Random(f"{style} {groove.name} {bpm:g} {seed}")
    finest = 4 if groove.pair < 1.0 or groove.share < 0.6 else 2
    places = [beat + part / finest for beat in range(bars * BAR_BEATS) for part in range(finest)]
    meant = _MEANT[style](places, chance)
    notes = []
    for place, pitch, velocity, length in meant:
        beat = groove.beat(place, bpm) + seconds_to_beats(chance.gauss(0.0, JITTER), bpm)
        notes.append(MeantNote(place, beat, length, pitch, velocity))
    following: dict[int, float] = {}
    for index in reversed(range(len(notes))):
        note = notes[index]
        # A key must be released before it is pressed again.
        room = following.get(note.pitch, note.beat + 1.0) - note.beat
        notes[index] = note._replace(length=min(note.length, LET_GO * room))
        following[note.pitch] = note.beat
    return Performance(style, groove, bpm, bars, tuple(notes), has_pedal=style == "arpeggio")


_Meant = Iterator[tuple[float, int, int, float]]
"""Position, pitch, velocity, duration."""


def _drums(places: list[float], chance: Random) -> _Meant:
    for place in places:
        if place % 2.0 == 0.0 or (place % 1.0 and chance.random() < 0.12):
            yield place, KICK, chance.randint(90, 120), 0.1
        if place % 2.0 == 1.0:
            yield place, SNARE, chance.randint(95, 120), 0.1
        if place % 1.0 in (0.0, 0.5) or chance.random() < 0.7:
            yield place, HAT, chance.randint(50, 95), 0.1


def _comping(places: list[float], chance: Random) -> _Meant:
    for place in places:
        if place == 0.0 or chance.random() < (0.7 if place % 1.0 == 0.0 else 0.4 if place % 1.0 == 0.5 else 0.2):
            velocity = chance.randint(55, 105)
            for pitch in _chord(place):
                yield place, pitch, velocity, 0.17


def _bass(places: list[float], chance: Random) -> _Meant:
    for place in places:
        if place % BAR_BEATS == 0.0 or chance.random() < (0.7 if place % 0.5 == 0.0 else 0.3):
            root = _chord(place)[0] - 12
            pitch = root if place % BAR_BEATS == 0.0 else root + chance.choice((0, 0, 7, 12))
            yield place, pitch, chance.randint(70, 110), 0.2


def _melody(places: list[float], chance: Random) -> _Meant:
    step = 3
    for place in places:
        if place == 0.0 or chance.random() < (0.6 if place % 0.5 == 0.0 else 0.2):
            step = min(len(SCALE) - 1, max(0, step + chance.choice((-2, -1, -1, 1, 1, 2))))
            yield place, SCALE[step], chance.randint(60, 110), chance.choice((0.12, 0.2))


def _arpeggio(places: list[float], chance: Random) -> _Meant:
    for place in places:
        if place % 0.5 == 0.0:
            chord = _chord(place)
            yield place, chord[round(place * 2) % len(chord)], chance.randint(50, 90), 0.2


def _triplets(places: list[float], chance: Random) -> _Meant:
    for beat in sorted({int(place) for place in places}):
        parts = (0.0, 1 / 3, 2 / 3) if chance.random() < 0.5 else (0.0,) if chance.random() < 0.5 else (0.0, 0.5)
        for part in parts:
            yield beat + part, _chord(beat)[chance.randrange(1, 4)], chance.randint(60, 110), 0.2


def _chord(place: float) -> tuple[int, ...]:
    return CHORDS[int(place // BAR_BEATS) % len(CHORDS)]


_MEANT: Final = {
    "drums": _drums,
    "comping": _comping,
    "bass": _bass,
    "melody": _melody,
    "arpeggio": _arpeggio,
    "triplets": _triplets,
}
