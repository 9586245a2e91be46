"""Cues for the melody from other parts: the free register, and the band's rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, fsum
from typing import Final, Literal, NamedTuple, get_args

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.melody.rhythm import Beat
from musearoo.engines.styles.melody import MelodyStyle

Voice = Literal["auto", "soprano", "alto", "tenor", "baritone", "bass"]
RANGES: Final[dict[Voice, tuple[int, int]]] = {
    "soprano": (60, 81), "alto": (55, 76), "tenor": (48, 69), "baritone": (45, 65), "bass": (40, 62),
}  # fmt: skip
"""Comfortable ranges of voices as MIDI numbers; "auto" is the style's own."""
VOICES: Final[tuple[Voice, ...]] = get_args(Voice)
STEPS_PER_BEAT: Final = 4
ABOVE_CHORDS: Final = 17.0
ABOVE_BASS: Final = 25.0
"""Semitones from the middle of the chords or the bass to that of the melody, as in POP909 (see `habits`)."""
FARTHEST: Final = 4.0
"""The most semitones that a melody's middle moves towards that distance."""


class Register(NamedTuple):
    """The pitch range of a melody, and its central pitch."""

    low: int
    high: int
    home: float


@dataclass(frozen=True, slots=True)
class BandRhythm:
    """How often the other parts play at each sixteenth of one bar, 0..1.

    `accents` are kicks and snares, which a melody tends to join. `moves` are onsets of bass and chords, which a melody
    also prefers: in POP909 five in six melody notes start together with the piano.
    """

    accents: tuple[float, ...] = ()
    moves: tuple[float, ...] = ()
    held: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """The pitch classes of the chords' notes that sound on each beat of the take."""
    bass: tuple[tuple[float, int], ...] = ()
    """When the bass moves, and to which pitch."""

    def fit(self, beats: Sequence[Beat]) -> float:
        """Return how well a rhythm fits the band: the share of its notes that coincide with others."""
        if not self.accents or not beats:
            return 0.0
        steps, score = len(self.accents), 0.0
        for beat in beats:
            step = round(beat.at * STEPS_PER_BEAT) % steps
            score += self.accents[step] + 0.5 * self.moves[step]
        return score / len(beats)


def measure_band_rhythm(context: MusicalContext, swing: Swing, length: float) -> BandRhythm:
    """Return the band's rhythm in a context, without melodies; empty if no part plays."""
    drums = [part.clip for part in context.parts if part.role == "drums" and part.clip.notes]
    others = [part.clip for part in context.parts if part.role in ("bass", "harmony") and part.clip.notes]
    if not drums and not others:
        return BandRhythm()
    bar = context.meter.value.bar_beats
    steps = max(1, round(bar * STEPS_PER_BEAT))
    accents, moves = [0.0] * steps, [0.0] * steps
    for clip in drums:
        loud = [
            note for note in clip.notes if KIND_OF_PITCH.get(note.pitch) in ("kick", "snare") and note.velocity > 70
        ]
        for step, share in _shares([note.start for note in loud], clip, swing, steps, bar).items():
            accents[step] += 0.5 * share
    for clip in others:
        shares = _shares([note.start for note in clip.notes], clip, swing, steps, bar)
        for step, share in shares.items():
            moves[step] = max(moves[step], share)
    chords, bass = context.part("harmony"), context.part("bass")
    return BandRhythm(
        tuple(accents),
        tuple(moves),
        {} if chords is None else _held_notes(chords.clip, swing, length),
        ()
        if bass is None
        else tuple((swing.unwarp(note.start), note.pitch) for note in _over(bass.clip, length).notes),
    )


def find_register(style: MelodyStyle, voice: Voice, octave: int, context: MusicalContext) -> Register:
    """Return the voice's register, or the style's, moved by octaves and fitted above the other parts.

    The middle moves towards its usual distance from the chords, or else from the bass, as far as the range allows with
    room for a higher chorus.
    """
    lowest, highest = RANGES.get(voice, (style.low_pitch, style.high_pitch))
    low = min(103, max(0, lowest + 12 * octave))
    high = min(127, max(low + 12, highest + 12 * octave))
    home = (low + high) / 2.0
    chords, bass = context.part("harmony"), context.part("bass")
    wanted = home
    if chords is not None:
        wanted = _middle(chords.clip) + ABOVE_CHORDS
    elif bass is not None:
        wanted = _middle(bass.clip) + ABOVE_BASS
    # In whole steps, so that small changes in the other parts do not change the tune.
    home += 2.0 * round(min(FARTHEST, max(-FARTHEST, wanted - home)) / 2.0)
    return Register(low, high, min(max(home, low + 5.0), high - 6.0))


def _held_notes(clip: Clip, swing: Swing, length: float) -> dict[int, frozenset[int]]:
    """Return the pitch classes that a part holds on each beat, including slightly late ones."""
    held: dict[int, set[int]] = {}
    for note in _over(clip, length).notes:
        start = swing.unwarp(note.start)
        for beat in range(ceil(start - 0.1), floor(start + max(0.2, note.duration)) + 1):
            held.setdefault(beat, set()).add(note.pitch % 12)
    return {beat: frozenset(tones) for beat, tones in held.items()}


def _over(clip: Clip, length: float) -> Clip:
    return clip if clip.length == length else clip.repeated(length)


def _middle(clip: Clip) -> float:
    return fsum(note.pitch for note in clip.notes) / len(clip.notes)


def _shares(starts: Sequence[float], clip: Clip, swing: Swing, steps: int, bar: float) -> dict[int, float]:
    """Return the share of a clip's bars with a note at each sixteenth."""
    bars = max(1.0, clip.length / bar)
    counts: dict[int, set[int]] = {}
    for start in starts:
        index = round(swing.unwarp(start) * STEPS_PER_BEAT)
        counts.setdefault(index % steps, set()).add(index // steps)
    return {step: min(1.0, len(counted) / bars) for step, counted in counts.items()}
