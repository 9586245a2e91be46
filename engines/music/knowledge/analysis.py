"""The analysis of one clip: each value with its confidence. Times are seconds from the clip's start.

A beat here is what a listener counts, as everywhere in music information retrieval: a quarter in 4/4 and 3/4, a dotted
quarter in 6/8 and 12/8, an eighth in 5/8 and 7/8. `Rhythm.quarters_per_beat` converts to Live's quarters.
"Unknown" is a valid result: an `Estimate` of None with confidence 0, or an empty tuple.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.spelling import place_roots
from musearoo.engines.music.stems import StemName

Depth = Literal["fast", "deep", "exact"]
"""The pass that made the analysis: fast, deep, or exact (from notes)."""


@dataclass(frozen=True, slots=True)
class TempoPoint:
    """A tempo change: `bpm` beats per minute from `time` until the next point."""

    time: float
    bpm: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Tempo, beats and meter. `beats` and `downbeats` are sorted; every downbeat is also a beat."""

    tempo: Estimate[float | None]
    """Beats per minute."""
    beats: tuple[float, ...] = ()
    downbeats: tuple[float, ...] = ()
    meter: Estimate[Meter | None] = UNKNOWN
    curve: tuple[TempoPoint, ...] = ()
    beats_confidence: float = 0.0
    downbeats_confidence: float = 0.0
    loop_bars: Estimate[int | None] = UNKNOWN
    """The clip's length in whole bars, if its length suggests a loop."""

    @property
    def quarters_per_beat(self) -> float:
        """The length of one beat in quarter notes: 1 in 4/4, 1.5 in 6/8, 0.5 in 7/8."""
        meter = self.meter.value
        if meter is None:
            return 1.0
        return 12.0 / meter.denominator if meter.is_compound else 4.0 / meter.denominator

    @property
    def live_bpm(self) -> float | None:
        """The tempo as Live shows it: quarter notes per minute."""
        return None if self.tempo.value is None else self.tempo.value * self.quarters_per_beat


@dataclass(frozen=True, slots=True)
class KeySpan:
    """The key between `start` and `end`."""

    start: float
    end: float
    key: Key
    confidence: float


@dataclass(frozen=True, slots=True)
class DetectedChord:
    """A detected chord from `start` to `end`; None if no chord sounds there."""

    start: float
    end: float
    chord: Chord | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Harmony:
    """Key and chords. `keys` and `chords` are sorted and have no gaps."""

    key: Estimate[Key | None] = UNKNOWN
    """The key of the whole clip: the one with the longest duration."""
    keys: tuple[KeySpan, ...] = ()
    chords: tuple[DetectedChord, ...] = ()
    chords_confidence: float = 0.0
    tuning_cents: float = 0.0
    """The tuning offset from A = 440 Hz, -50 to 50."""

    @property
    def root_places(self) -> tuple[int, ...]:
        """The roots of `chords` as positions on the line of fifths, each spelt in the key at its start.

        0 if there is no chord.
        """
        return place_roots([(span.chord, self._key_at(span.start)) for span in self.chords])

    @property
    def symbols(self) -> tuple[str, ...]:
        """The lead-sheet symbols of `chords`, each spelt in the key at its start; "" for no chord.

        >>> chords = tuple(DetectedChord(beat, beat + 1.0, Chord.parse("C#7"), 1.0) for beat in (0.0, 1.0))
        >>> Harmony(Estimate(Key.parse("Fm"), 1.0, "clip"), (), chords).symbols
        ('Db7', 'Db7')
        """
        pairs = zip(self.chords, self.root_places, strict=True)
        return tuple("" if span.chord is None else span.chord.symbol_on(place) for span, place in pairs)

    def _key_at(self, time: float) -> Key | None:
        return next((span.key for span in self.keys if span.start <= time < span.end), self.key.value)


@dataclass(frozen=True, slots=True)
class Onset:
    """An onset; `strength` is 0..1 relative to the strongest in the clip."""

    time: float
    strength: float


@dataclass(frozen=True, slots=True)
class DrumOnset:
    """A drum onset; `velocity` is 1..127."""

    time: float
    kind: DrumKind
    velocity: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Polyrhythm:
    """A polyrhythm of `against` pulses in the time of `beats`: 3 against 2, 4 against 3, or a 3-in-4 hemiola."""

    against: int
    beats: int
    confidence: float


@dataclass(frozen=True, slots=True)
class EnergyCurve:
    """Perceived energy 0..1, a value every `step` seconds; `mean` is comparable between clips; `climax` is its peak."""

    step: float
    values: tuple[float, ...]
    mean: float
    climax: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form; similar sections share a label ("A", "B", …)."""

    start: float
    end: float
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class StyleGuess:
    """The name of a style in `presets/styles` and its likelihood; a clip's likelihoods sum to 1."""

    name: str
    likelihood: float


@dataclass(frozen=True, slots=True)
class Mood:
    """Valence (sad to happy) and arousal (calm to excited), -1..1, with the reasons in words."""

    valence: float
    arousal: float
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A frequency band: its level relative to the whole spectrum, and its onsets per second."""

    name: str
    low_hz: float
    high_hz: float
    level_db: float
    onsets_per_second: float


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness (ITU-R BS.1770-4) and true peak; LUFS is None for silence or under 0.4 s."""

    lufs: float | None
    true_peak_db: float
    range_lu: float | None
    """Loudness range (EBU Tech 3342); None for less than 3 s."""


@dataclass(frozen=True, slots=True)
class StereoImage:
    """`width` 0 (mono) to 1 (sides as loud as the middle, or louder), `balance` -1 (left) to 1, `correlation` -1..1."""

    width: float
    balance: float
    correlation: float


@dataclass(frozen=True, slots=True)
class Character:
    """Energy, form, style, mood, timbre and loudness: everything except rhythm and harmony."""

    energy: EnergyCurve | None = None
    sections: tuple[Section, ...] = ()
    styles: tuple[StyleGuess, ...] = ()
    mood: Mood | None = None
    complexity: Estimate[float | None] = UNKNOWN
    """0 (simple) to 1 (complex)."""
    register: Estimate[tuple[int, int] | None] = UNKNOWN
    """The lowest and highest significant MIDI pitch."""
    bands: tuple[Band, ...] = ()
    loudness: Loudness | None = None
    stereo: StereoImage | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The complete analysis of a clip of `duration` seconds."""

    duration: float
    depth: Depth
    rhythm: Rhythm
    harmony: Harmony = field(default_factory=Harmony)
    groove: Groove = field(default_factory=Groove)
    onsets: tuple[Onset, ...] = ()
    hits: tuple[DrumOnset, ...] = ()
    polyrhythms: tuple[Polyrhythm, ...] = ()
    character: Character = field(default_factory=Character)
    stems: tuple[StemName, ...] = ()
    """The stems analyzed in addition to the mix: `drums` gives the drum onsets, and the groove if it is well separated;
    `bass` gives the bass notes of the chords."""
    stems_label: str = ""
    """A label shown with the names of these stems, such as "DSP"; empty for none."""
