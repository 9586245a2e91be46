"""Make takes with a model: prepare its audio input, and fit its output to the set."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from musearoo.bridge.audio.files import LONGEST as LONGEST_FILE
from musearoo.bridge.audio.files import probe_audio, read_audio
from musearoo.bridge.audio.stretches import resample
from musearoo.bridge.imagining.job import Correction
from musearoo.bridge.imagining.request import ImagineRequest, Source
from musearoo.bridge.imagining.take_contract import TakeSound
from musearoo.bridge.jobs.contract import Report
from musearoo.engines.audio.loops.cutting import cut_loop
from musearoo.engines.audio.loops.levelling import level
from musearoo.engines.audio.loops.loop_request import LoopRequest, seconds_needed
from musearoo.engines.audio.loops.stretching import stretch_evenly
from musearoo.engines.audio.sound_model import FloatArray, Sound, SoundModel, SoundRequest, TuneNote
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.neural.analysis_weights import read_learned

LONGEST_TUNE: Final = 120.0
"""Most seconds that are read of a sound with a tune: no generated sound is longer."""

LONGEST_BEGINNING: Final = 12.0
"""Seconds of a sound to continue that are the model's context, in whole bars if possible: more adds little."""

UNSURE: Final = 1.0
"""Seconds by which files may be shorter than announced."""

SAME_TEMPO: Final = 0.001
"""Relative difference of tempos that sound the same: over 8 bars that is a sixteenth of a beat."""

MADE: Final = 0.9
"""The share of a take's progress for the model."""

RING: Final = 0.01
"""Seconds of the fade-out of a sound other than a loop, so that it does not click."""

CEILING_DB: Final = -1.0
"""Ceiling of the true peak in dB of full scale, as is usual before encoding or mixing."""


class ModelTakeMaker:
    """Make the takes of a complete request with a model on `device` at `precision`.

    Raises AudioFileError if a source sound cannot be read.
    """

    def __init__(self, request: ImagineRequest, model: SoundModel, device: str, precision: str) -> None:
        self.device = device
        self.precision = precision
        self._request = request
        self._model = model
        self._before = _read_end(request.before, request) if request.before else None
        self._melody = (
            read_source(request.melody, request.bpm, LONGEST_TUNE)
            if request.melody
            else tuple(TuneNote(start, pitch, duration) for start, pitch, duration in request.notes) or None
        )
        self._activation_weights = read_learned({}).ear

    def make(self, seed: int, report: Report) -> TakeSound:
        """See TakeMaker."""
        request = self._request
        sound_request = SoundRequest(
            request.prompt, find_seconds(request), seed, melody=self._melody, before=self._before
        )
        started = time.perf_counter()
        blocks: list[FloatArray] = []
        first_audio = 0.0
        for block in self._model.imagine(sound_request, lambda fraction, text: report(fraction * MADE, text)):
            if not blocks:
                first_audio = time.perf_counter() - started
            blocks.append(block)
        made = change_rate(np.concatenate(blocks, axis=1), self._model.rate, request.rate)
        del blocks
        notes = self._model.notes
        finish = self._cut if request.is_loop else self._trim
        sound = finish(made, lambda fraction, text: report(MADE + fraction * (1.0 - MADE), text))
        return TakeSound(sound.samples, sound.beats, sound.correction, first_audio * 1000, (*notes, *sound.notices))

    def _cut(self, made: FloatArray, report: Report) -> TakeSound:
        """Cut a loop of the requested number of bars."""
        request = self._request
        if request.bars is None or request.bpm is None:
            raise ValueError("a loop needs bars and a tempo")
        loop_request = LoopRequest(
            request.bpm,
            request.meter.bar_beats,
            request.bars,
            request.loudness_lufs,
            CEILING_DB,
            starts_on_the_one=request.is_led,
        )
        before = None
        if self._before is not None:
            before = change_rate(self._before.samples, self._before.rate, request.rate)
            before = fit_channels(before, made.shape[0])
        loop = cut_loop(made, request.rate, loop_request, self._activation_weights, report, before)
        correction = Correction(
            loop.perceived_bpm, loop.pulse, loop.stretch, loop.started_at, loop.gain_db, loop.confidence
        )
        return TakeSound(loop.samples, loop.beats, correction, 0.0, loop.messages)

    def _trim(self, made: FloatArray, report: Report) -> TakeSound:
        """Trim the sound to the requested length."""
        request = self._request
        report(0.0, "levelling")
        samples = end_softly(made[:, : round((request.seconds or 0.0) * request.rate)], request.rate)
        levelled = level(samples, request.rate, request.loudness_lufs, CEILING_DB)
        return TakeSound(levelled.samples, (), None, 0.0, ())


def find_seconds(request: ImagineRequest) -> float:
    """Return the seconds that a model has to make for a take."""
    if request.bars is None or request.bpm is None:
        return request.seconds or 0.0
    return seconds_needed(request.bars, request.bpm, request.meter.bar_beats, starts_on_the_one=request.is_led)


def read_source(source: Source, bpm: float | None, longest: float) -> Sound:
    """Return a source's sound, at most two channels and `longest` seconds of its file, at `bpm` if it has a tempo."""
    end = source.start + longest
    if source.end is not None:
        end = min(source.end, end)
    audio = read_audio(source.path, source.start, end)
    samples = audio.samples if audio.channels <= 2 else audio.samples.mean(axis=0, keepdims=True)
    if source.bpm is not None and bpm is not None and abs(source.bpm / bpm - 1.0) > SAME_TEMPO:
        samples = stretch_evenly(samples, audio.rate, round(samples.shape[1] * source.bpm / bpm))
    return Sound(samples, audio.rate)


def change_rate(samples: FloatArray, rate: int, to_rate: int) -> FloatArray:
    """Resample float32 (channels, n); every position in seconds stays the same."""
    if rate == to_rate or not samples.shape[1]:
        return samples
    return np.concatenate(list(resample([samples], rate, to_rate, round(samples.shape[1] * to_rate / rate))), axis=1)


def fit_channels(samples: FloatArray, channels: int) -> FloatArray:
    """Convert samples, float32 (1 or 2, n), to a number of channels."""
    if samples.shape[0] == channels:
        return samples
    return np.repeat(samples, 2, axis=0) if channels == 2 else samples.mean(axis=0, keepdims=True)


def end_softly(samples: FloatArray, rate: int) -> FloatArray:
    """Return samples, float32 (channels, n), with a fade-out at the end."""
    count = min(samples.shape[1], max(1, round(RING * rate)))
    faded = samples.copy()
    faded[:, samples.shape[1] - count :] *= np.linspace(1.0, 0.0, count, dtype=np.float32)
    return faded


def _read_end(source: Source, request: ImagineRequest) -> Sound:
    """Return the last bars of a sound to continue."""
    seconds = LONGEST_BEGINNING
    if request.bpm is not None:
        bar = beats_to_seconds(request.meter.bar_beats, request.bpm)
        seconds = bar * (seconds // bar) if bar <= seconds else seconds
    in_file = seconds * (request.bpm / source.bpm if source.bpm and request.bpm else 1.0)
    end = probe_audio(source.path).duration if source.end is None else source.end
    # The announced length may be slightly wrong, or missing.
    start = max(source.start, end - in_file - UNSURE)
    sound = read_source(Source(source.path, start, source.end, source.bpm), request.bpm, LONGEST_FILE)
    return Sound(sound.samples[:, -max(1, round(seconds * sound.rate)) :], sound.rate)
