"""The fast analysis pass: rhythm, harmony, groove and character of a sound, in one process and about 20 ms for 8 s.

The deep pass (`engines.neural.madmom.analyzer`) makes the same decisions from better beat and harmony activations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation import network as activation_network
from musearoo.engines.analysis.fast.activation.drum_onsets import find_hits
from musearoo.engines.analysis.fast.activation.evidence import (
    CHORD_FRAMES_PER_SECOND,
    FRAMES_PER_SECOND,
    HarmonyEvidence,
)
from musearoo.engines.analysis.fast.activation.network import listen
from musearoo.engines.analysis.fast.activation.onsets import find_onsets
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.character.estimation import SILENCE, find_character
from musearoo.engines.analysis.fast.harmony import network as harmony_network
from musearoo.engines.analysis.fast.harmony.change import measure_harmonic_change
from musearoo.engines.analysis.fast.harmony.estimation import HarmonyHints, find_harmony
from musearoo.engines.analysis.fast.harmony.spectrum import HarmonicSpectrum, compute_harmonic_spectrum
from musearoo.engines.analysis.fast.rhythm.bass_onsets import find_bass
from musearoo.engines.analysis.fast.rhythm.cues import RhythmCues, RhythmHints, find_sounding
from musearoo.engines.analysis.fast.rhythm.decision import CANDIDATES, find_rhythm
from musearoo.engines.analysis.groove import GrooveOnset, find_polyrhythms, measure_groove
from musearoo.engines.music.estimate import UNKNOWN
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.analysis import Analysis, Depth, DrumOnset, Onset, Polyrhythm, Rhythm
from musearoo.engines.music.knowledge.analysis_json import VERSION
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.styles.schema import Style

ANALYZER_VERSION: Final = 1
"""Version of the analysis algorithm. Raise it when results change, so that cached analyses are discarded."""

USUAL_RATES: Final = (44_100, 48_000)
"""The usual sample rates: their filter banks are computed at warm-up."""

MIN_DRUM_ONSETS: Final = 8
"""Minimum number of drum onsets to measure the groove by them instead of by all onsets."""


@dataclass(frozen=True, eq=False)
class Learned:
    """The trained networks and the styles. `version` identifies them all."""

    ear: activation_network.Weights
    harmony: harmony_network.Weights
    styles: Mapping[str, Style]
    version: str

    @classmethod
    def of(cls, ear: bytes, harmony: bytes, styles: Mapping[str, Style]) -> Learned:
        """Load from the bytes of the weight files."""
        told = hashlib.blake2b(ear + harmony + ",".join(styles).encode(), digest_size=6).hexdigest()
        version = f"{ANALYZER_VERSION}-{VERSION}-{told}"
        return cls(activation_network.read_weights(ear), harmony_network.read_weights(harmony), styles, version)


StartWork = Callable[[Callable[[], HarmonicSpectrum]], Callable[[], HarmonicSpectrum]]
"""Starts some work, perhaps in another thread, and returns a function that waits for its result."""


def run_when_asked(work: Callable[[], HarmonicSpectrum]) -> Callable[[], HarmonicSpectrum]:
    """Run the work in the same thread, when its result is requested."""
    return work


def analyze_sound(
    sound: Sound,
    learned: Learned,
    is_loop: bool | None = None,
    hints: Hints | None = None,
    start_work: StartWork = run_when_asked,
    rhythm: Rhythm | None = None,
) -> Analysis:
    """Analyze a sound with the fast pass. `is_loop`: whether it repeats seamlessly, None when unknown.

    Of the hints, only tempo and key are used, to choose among the hypotheses that the sound supports. With `start_work`
    another thread analyzes harmony while this one analyzes beats and drums. A known `rhythm` is used unchanged for
    harmony and groove.
    """
    spectrum = start_work(partial(compute_harmonic_spectrum, sound))
    activations = listen(compute_spectrogram(sound), learned.ear)
    return decide("fast", sound, activations, spectrum(), learned, is_loop=is_loop, hints=hints, rhythm=rhythm)


def decide(
    depth: Depth,
    sound: Sound,
    activations: Activations,
    spectrum: HarmonicSpectrum,
    learned: Learned,
    *,
    networks: HarmonyEvidence | None = None,
    candidates: int = CANDIDATES,
    is_loop: bool | None = None,
    hints: Hints | None = None,
    rhythm: Rhythm | None = None,
) -> Analysis:
    """Return the analysis for the evidence. `networks` and more `candidates` belong to the deep pass."""
    hints = hints or Hints()
    if sound.is_silent:
        return Analysis(sound.duration, depth, rhythm or Rhythm(UNKNOWN), character=SILENCE)
    hits, onsets = find_hits(activations), find_onsets(activations)
    if rhythm is None:
        cues = make_cues(sound, activations, spectrum)
        bpm = hints.tempo.value if hints.tempo.confidence > 0.0 else None
        rhythm = find_rhythm(activations.beats, sound.duration, cues, RhythmHints(bpm, is_loop), candidates)
    key = hints.key or UNKNOWN
    harmony = find_harmony(spectrum, rhythm, learned.harmony, HarmonyHints(key), networks)
    groove = measure_drum_groove(hits, onsets, rhythm)
    character = find_character(
        sound=sound,
        spectrogram=activations.spectrogram,
        rhythm=rhythm,
        harmony=harmony,
        hits=hits,
        onsets=onsets,
        styles=learned.styles,
        swing=groove.swing.value,
        pitches=spectrum,
    )
    return Analysis(
        duration=sound.duration,
        depth=depth,
        rhythm=rhythm,
        harmony=harmony,
        groove=groove,
        onsets=onsets,
        hits=hits,
        polyrhythms=find_drum_polyrhythms(hits, rhythm),
        character=character,
    )


def make_cues(sound: Sound, activations: Activations, spectrum: HarmonicSpectrum) -> RhythmCues:
    """Return the rhythm cues in addition to the beat evidence; the decision model was trained with the same cues."""
    change = measure_harmonic_change(spectrum)
    frames = np.arange(activations.beats.beat.size) / FRAMES_PER_SECOND
    harmony = np.interp(frames, np.arange(change.size) / CHORD_FRAMES_PER_SECOND, change).astype(np.float32)
    bass = find_bass(activations.spectrogram.bands, activations.drums)
    return RhythmCues(drums=activations.drums, bass=bass, harmony=harmony, sounding=find_sounding(sound))


def measure_drum_groove(hits: tuple[DrumOnset, ...], onsets: tuple[Onset, ...], rhythm: Rhythm) -> Groove:
    """Return the groove of the drums against the beats; of all onsets when there are fewer than `MIN_DRUM_ONSETS` drum
    onsets.
    """
    drum_onsets = [GrooveOnset(hit.time, hit.kind, hit.velocity) for hit in hits]
    if len(drum_onsets) < MIN_DRUM_ONSETS:
        drum_onsets = [GrooveOnset(onset.time, None, max(1.0, 127.0 * onset.strength)) for onset in onsets]
    return measure_groove(drum_onsets, rhythm.beats, rhythm.downbeats, rhythm.meter.value)


def find_drum_polyrhythms(hits: tuple[DrumOnset, ...], rhythm: Rhythm) -> tuple[Polyrhythm, ...]:
    """Return the polyrhythms between drums."""
    drum_onsets = [(hit.time, hit.kind, hit.velocity) for hit in hits]
    return find_polyrhythms(drum_onsets, rhythm.beats, rhythm.meter.value)


def warm_up(learned: Learned) -> None:
    """Run once to avoid the cost of first calls: a second of clicks and a chord, at the usual sample rates."""
    for rate in USUAL_RATES:
        time = np.arange(2 * rate) / rate
        clicks = np.exp(-40.0 * (time % 0.5)) * np.sin(2.0 * np.pi * 220.0 * time)
        analyze_sound(Sound.of(np.stack([clicks, clicks]), rate), learned)
