"""Sounds, the fast pass and what stems add, as they were kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from musearoo.engines.analysis.fast import analyzer as fast
from musearoo.engines.analysis.fast import stems
from musearoo.engines.analysis.fast.activation.evidence import DrumEvidence
from musearoo.engines.analysis.fast.activation.network import listen
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.sound import MAX_RATE, MIN_RATE, SILENCE_PEAK, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.harmony.spectrum import compute_harmonic_spectrum
from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, DrumOnset, Onset
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.neural.analysis_weights import read_learned
from tests.each_case import each_case
from tests.engines.analysis.fast.activation.drums import play, rock_beat
from tests.engines.analysis.fast.character.sounds import make_steady_rhythm
from tests.engines.analysis.fast.harmony.sounds import play_chords, tone
from tests.engines.kept_numbers import Outcome, check_numbers

RATE = 22_050


@cache
def learned() -> fast.Learned:
    return read_learned({})


@cache
def song() -> Sound:
    """Two bars of a beat with a chord each."""
    chords = play_chords(["Am", "F"], seconds=2.0, rate=RATE).samples[0]
    return Sound.of(chords + 0.5 * play(rock_beat(2, 120.0), 4.0, RATE)[: chords.size], RATE)


@cache
def heard() -> Activations:
    return listen(compute_spectrogram(song()), learned().ear)


def keep_sounds() -> Iterator[Outcome]:
    chance = np.random.default_rng(1)
    noise = chance.normal(0.2, 0.1, (2, 50))
    broken = noise.copy()
    broken[0, 3], broken[1, 4:6] = np.nan, np.inf
    for wave in (noise, noise[0], broken, noise * [[1.0], [0.0]], np.stack([noise[0], 0.01 - noise[0]])):
        sound = Sound.of(wave, 8_000)
        yield "of", (sound.samples, sound.mono, sound.channels, sound.frames, 1e3 * sound.duration, sound.unusable)
    near = np.sin(np.arange(50) * 0.9)
    for share in (0.7, 0.8, 0.85, 0.9, 1.0):
        yield "against", Sound.of(np.stack([near, -share * near]), 8_000).mono
    for shape in ((0,), (2, 0), (1, 1), (2, 2, 2)):
        try:
            yield "shapes", Sound.of(np.zeros(shape), 8_000).frames
        except ParamError as error:
            yield "shapes", error
    for rate in (MIN_RATE - 1, MIN_RATE, MAX_RATE, MAX_RATE + 1):
        try:
            yield "rates", Sound.of([0.5, -0.5], rate).rate
        except ParamError as error:
            yield "rates", error
    for high, low in ((1.5, 0.0), (0.0, -1.5), (0.9, -0.9), (0.0, 0.0)):
        samples = SILENCE_PEAK * np.array([[high, low]], dtype=np.float32)
        yield "silence", Sound(samples, 8_000).is_silent


def keep_fast() -> Iterator[Outcome]:
    spectrum = compute_harmonic_spectrum(song())
    cues = fast.make_cues(song(), heard(), spectrum)
    yield "cues", (cues.bass, cues.harmony, cues.sounding)
    rhythm = make_steady_rhythm(4.0)
    strokes = tuple(
        DrumOnset(0.25 * place + 0.01, "snare" if place % 4 == 2 else "hat", 80.0, 0.9) for place in range(16)
    )
    onsets = tuple(Onset(0.5 * place + 0.02, 0.1 * (place % 4)) for place in range(8))
    for hits in (strokes, strokes[:8], strokes[:7], ()):
        groove = fast.measure_drum_groove(hits, onsets, rhythm)
        yield "groove", (groove.swing, groove.microtiming_rms_ms, groove.bar_beats, groove.whole, groove.confidence)
        yield "groove", fast.find_drum_polyrhythms(hits, rhythm)
    for hints in (None, Hints(tempo=Estimate(60.0, 0.0, "set")), Hints(tempo=Estimate(60.0, 1.0, "set"))):
        found = fast.decide("fast", song(), heard(), spectrum, learned(), hints=hints, is_loop=True)
        yield "decided", (found.rhythm.tempo, found.rhythm.beats, len(found.hits), len(found.onsets))
        yield "decided", [(span.start, str(span.chord)) for span in found.harmony.chords]
    known = fast.analyze_sound(song(), learned(), rhythm=rhythm)
    yield "known", (known.rhythm.beats, known.duration, known.depth, len(known.onsets), known.groove.bar_beats)
    silent = Sound.of(np.zeros(9_000), RATE)
    for given in (None, rhythm):
        found = fast.analyze_sound(silent, learned(), rhythm=given)
        yield "silent", (found.rhythm.tempo.value, found.duration, found.hits, found.character.loudness)


def keep_stems() -> Iterator[Outcome]:
    drums = replace(heard(), drums=DrumEvidence(heard().drums.onsets[:-7] ** 2))
    for trust in (0.0, 0.3, 1.0):
        joined = stems.merge_drum_activations(heard(), drums, trust)
        yield "joined", joined.drums.onsets
    yield "level", stems._level(Sound.of(np.array([[0.5, -0.5], [0.1, -0.1]]), RATE))
    chords = DetectedChord(0.0, 1.0, Chord.parse("C"), 0.5), DetectedChord(1.0, 2.0, Chord.parse("Am"), 0.5)
    analysis = Analysis(2.0, "fast", make_steady_rhythm(2.0, 90.0))
    analysis = replace(analysis, harmony=replace(analysis.harmony, chords=chords))
    wave = np.concatenate([tone(40.0, 1.0, RATE), tone(36.0, 1.0, RATE)])
    mix = Sound.of(wave, RATE)
    unknown = replace(analysis, rhythm=replace(analysis.rhythm, tempo=Estimate(None, 0.0, "guess")))
    none = replace(analysis, harmony=replace(analysis.harmony, chords=(replace(chords[0], chord=None),)))
    for given in (analysis, unknown, none):
        for gain in (1.0, 0.26, 0.24):
            for bass in (wave, np.random.default_rng(2).normal(0.0, 0.3, wave.size)):
                better = stems._refine_bass(given, mix, Sound.of(gain * bass, RATE))
                yield "bass", (" ".join(str(span.chord) for span in better.harmony.chords), len(better.stems))
    for count in (0, 1, 2, 40):
        struck = replace(analysis, hits=tuple(DrumOnset(0.05 * place, "kick", 90.0, 0.9) for place in range(count)))
        for trust in (0.7, 0.75, 1.0):
            better = stems._refine_drums(struck, song(), song(), trust, learned())
            yield "drums", (len(better.hits), better.stems, better.groove.confidence, len(better.polyrhythms))
    yield "drums", stems._refine_drums(struck, song(), Sound.of(np.zeros(9_000), RATE), 1.0, learned()).stems
    for trust in (-0.1, 0.0, 1.0, 1.1):
        try:
            yield "trust", stems.Stems({}, trust).trust
        except ParamError as error:
            yield "trust", error


NUMBERS = {"sound": keep_sounds, "fast": keep_fast, "stems": keep_stems}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
