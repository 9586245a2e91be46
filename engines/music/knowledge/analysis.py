"""What BrainAroo heard in one clip: every value with how sure it is. Times are seconds from the clip's start.

A beat here is what a listener counts, as everywhere in music information retrieval: a quarter in 4/4 and 3/4, a dotted
quarter in 6/8 and 12/8, an eighth in 5/8 and 7/8. `Rhythm.quarters_per_beat` leads to Live's beats, which are quarters.
"Unknown" is an answer: a `Found` of None with confidence 0, or an empty tuple.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Found
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.spelling import place_roots
from musearoo.engines.music.stems import StemName

Depth = Literal["fast", "deep", "exact"]
"""How it was found: by the fast pass, by the deep pass, or read off notes."""


@dataclass(frozen=True, slots=True)
class TempoPoint:
    """From `time` on, until the next point, the tempo is `bpm` beats a minute."""

    time: float
    bpm: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Tempo, beats and meter. `beats` and `downbeats` are in order; every downbeat is one of the beats."""

    tempo: Found[float | None]
    """Beats a minute."""
    beats: tuple[float, ...] = ()
    downbeats: tuple[float, ...] = ()
    meter: Found[Meter | None] = UNKNOWN
    curve: tuple[TempoPoint, ...] = ()
    beats_confidence: float = 0.0
    downbeats_confidence: float = 0.0
    loop_bars: Found[int | None] = UNKNOWN
    """Whole bars that the clip lasts, where its length is evidence of a loop."""

    @property
    def quarters_per_beat(self) -> float:
        """The quarter notes that one beat lasts: 1 in 4/4, 1.5 in 6/8, 0.5 in 7/8."""
        meter = self.meter.value
        if meter is None:
            return 1.0
        return 12.0 / meter.denominator if meter.is_compound else 4.0 / meter.denominator

    @property
    def live_bpm(self) -> float | None:
        """The tempo that Live would show: quarter notes a minute."""
        return None if self.tempo.value is None else self.tempo.value * self.quarters_per_beat


@dataclass(frozen=True, slots=True)
class KeySpan:
    """A key that holds from `start` to `end`."""

    start: float
    end: float
    key: Key
    confidence: float


@dataclass(frozen=True, slots=True)
class HeardChord:
    """A chord that sounds from `start` to `end`; None where there is none."""

    start: float
    end: float
    chord: Chord | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Harmony:
    """Key and chords. `keys` and `chords` are in order and follow one another without gaps."""

    key: Found[Key | None] = UNKNOWN
    """The key of the whole: the one that holds longest."""
    keys: tuple[KeySpan, ...] = ()
    chords: tuple[HeardChord, ...] = ()
    chords_confidence: float = 0.0
    tuning_cents: float = 0.0
    """How far the sound lies above 440 Hz tuning, -50 to 50."""

    @property
    def root_places(self) -> tuple[int, ...]:
        """Where the roots of `chords` lie on the line of fifths, each spelt in the key that holds where it begins.

        0 where there is no chord.
        """
        return place_roots([(heard.chord, self._key_at(heard.start)) for heard in self.chords])

    @property
    def symbols(self) -> tuple[str, ...]:
        """The lead-sheet symbols of `chords`, each in the key that holds where it begins; "" where there is none.

        >>> heard = tuple(HeardChord(beat, beat + 1.0, Chord.parse("C#7"), 1.0) for beat in (0.0, 1.0))
        >>> Harmony(Found(Key.parse("Fm"), 1.0, "clip"), (), heard).symbols
        ('Db7', 'Db7')
        """
        pairs = zip(self.chords, self.root_places, strict=True)
        return tuple("" if heard.chord is None else heard.chord.symbol_on(place) for heard, place in pairs)

    def _key_at(self, time: float) -> Key | None:
        return next((span.key for span in self.keys if span.start <= time < span.end), self.key.value)


@dataclass(frozen=True, slots=True)
class Onset:
    """Something begins to sound: `strength` 0..1 relative to the strongest of the clip."""

    time: float
    strength: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke on a drum kit; `velocity` 1..127."""

    time: float
    kind: DrumKind
    velocity: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Polyrhythm:
    """Two even pulses at once, `against` to each `beats`: 3 against 2, 4 against 3, or a 3-in-4 hemiola."""

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
    """A part of the form; sections that sound alike share a label ("A", "B", …)."""

    start: float
    end: float
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class StyleGuess:
    """A style of `presets/styles` by its name, and its likelihood; those of one clip add up to 1."""

    name: str
    likelihood: float


@dataclass(frozen=True, slots=True)
class Mood:
    """Valence (sad to happy) and arousal (calm to excited), -1..1, and in words what they rest on."""

    valence: float
    arousal: float
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """One band of the spectrum: its level below the whole, and how many onsets a second fall into it."""

    name: str
    low_hz: float
    high_hz: float
    level_db: float
    onsets_per_second: float


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness (ITU-R BS.1770-4) and peak; None in LUFS for what is silent or under 0.4 s."""

    lufs: float | None
    true_peak_db: float
    range_lu: float | None
    """Loudness range (EBU Tech 3342); None under 3 s."""


@dataclass(frozen=True, slots=True)
class StereoPicture:
    """`width` 0 (mono) to 1 (sides as loud as the middle, or louder), `balance` -1 (left) to 1, `correlation` -1..1."""

    width: float
    balance: float
    correlation: float


@dataclass(frozen=True, slots=True)
class Character:
    """All that is neither rhythm nor harmony."""

    energy: EnergyCurve | None = None
    sections: tuple[Section, ...] = ()
    styles: tuple[StyleGuess, ...] = ()
    mood: Mood | None = None
    complexity: Found[float | None] = UNKNOWN
    """0 (a child could play it) to 1."""
    register: Found[tuple[int, int] | None] = UNKNOWN
    """Lowest and highest MIDI pitch that carry the music."""
    bands: tuple[Band, ...] = ()
    loudness: Loudness | None = None
    stereo: StereoPicture | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was found in one clip of `duration` seconds."""

    duration: float
    depth: Depth
    rhythm: Rhythm
    harmony: Harmony = field(default_factory=Harmony)
    groove: Groove = field(default_factory=Groove)
    onsets: tuple[Onset, ...] = ()
    hits: tuple[Hit, ...] = ()
    polyrhythms: tuple[Polyrhythm, ...] = ()
    character: Character = field(default_factory=Character)
    stems: tuple[StemName, ...] = ()
    """The stems that were heard besides the mix: `drums` gave the hits, and the groove where they are well separated,
    `bass` the notes that the chords stand on."""
    stems_label: str = ""
    """What stands beside the names of these stems, such as "DSP"; empty where nothing need be said of them."""
