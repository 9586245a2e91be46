"""Make takes without a model: a few bars of endless music, in the key, tempo and chords of the set, that loop."""

from __future__ import annotations

import time
from math import ceil, gcd
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.imagining.model_takes import CEILING_DB, end_softly
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.imagining.take_contract import TakeSound
from musearoo.bridge.jobs.contract import Report
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.bridge.settings.presets_folder import read_shipped_style
from musearoo.engines.ambient.preset import AmbientPreset
from musearoo.engines.ambient.steering import MOODS, Steering
from musearoo.engines.audio.endless.ambience import Ambience
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from musearoo.engines.audio.loops.levelling import level
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import beats_to_seconds

USUAL_PRESET: Final = "drift"
RUN_IN: Final = 8.0
"""Seconds at least before the loop: pads swell, and the room fills."""
SEAM: Final = 0.4
"""Seconds over which the loop's end goes into its beginning."""

Sound = npt.NDArray[np.float32]


class AmbientTakeMaker:
    """Make the takes of a complete request: its words choose preset and mood. See TakeMaker."""

    device = ""
    precision = ""

    def __init__(self, request: ImagineRequest) -> None:
        self._request = request
        self._presets = read_ambient_presets()
        self._style = read_shipped_style("ambient")
        self._steering = read_words(request.text, self._presets)

    def make(self, seed: int, report: Report) -> TakeSound:
        """See TakeMaker."""
        request, facts = self._request, self._request.facts
        started = time.perf_counter()
        bpm = request.bpm or self._presets[self._steering.preset].bpm
        bar = beats_to_seconds(request.meter.bar_beats, bpm)
        seconds = request.bars * bar if request.bars else float(request.seconds or 0.0)
        key = facts.key or Key.parse(self._presets[self._steering.preset].key)
        meter = str(request.meter)
        context = MusicalContext.plain(bpm=bpm, meter=meter, key=key, chords=facts.chords) if request.is_loop else None
        before = seconds * ceil(RUN_IN / seconds) if request.is_loop else RUN_IN
        ambience = Ambience(seed, self._steering, self._presets, self._style, context=context)
        # Resampled before it is cut: a filter rings at ends.
        sound = _resample(_render(ambience, before + seconds + 2.0 * SEAM, report), request.rate)
        first, length, seam = (round(each * request.rate) for each in (before, seconds, SEAM))
        cut = sound[:, first : first + length].copy()
        beats: tuple[float, ...] = ()
        if request.bars:
            # What would have come next goes into the beginning: the seam sounds as any other moment.
            turn = np.linspace(0.0, np.pi / 2.0, seam, dtype=np.float32)
            after = sound[:, first + length : first + length + seam]
            cut[:, :seam] = np.sin(turn) * cut[:, :seam] + np.cos(turn) * after
            count = ceil(request.bars * request.meter.bar_beats)
            beats = tuple(beats_to_seconds(beat, bpm) for beat in range(count))
        else:
            cut = end_softly(cut, request.rate)
        samples = level(cut, request.rate, request.loudness_lufs, CEILING_DB).samples
        words = " ".join(word for word in (self._steering.mood, self._steering.preset) if word)
        remark = f"Ambient, {words}: MuseAroo's own endless music, without a model."
        return TakeSound(samples, beats, None, (time.perf_counter() - started) * 1000.0, (remark,))


def read_words(text: str, presets: dict[str, AmbientPreset]) -> Steering:
    """Return the steering that words ask for: the first preset and the first mood that they name.

    >>> from musearoo.bridge.settings.ambient_presets import read_ambient_presets
    >>> asked = read_words("A dark night bus, please", read_ambient_presets())
    >>> asked.preset, asked.mood
    ('night bus', 'dark')
    """
    words = f" {''.join(letter if letter.isalpha() else ' ' for letter in text.casefold())} "
    words = " ".join(("", *words.split(), ""))
    preset = next((name for name in presets if f" {name} " in words), USUAL_PRESET)
    mood = next((mood for mood in MOODS if f" {mood} " in words), "")
    return Steering(preset=preset, mood=mood)


def _render(ambience: Ambience, seconds: float, report: Report) -> Sound:
    count = ceil(seconds * RATE / BLOCK)
    blocks = []
    for number in range(count):
        if number % 16 == 0:
            report(number / count, "playing")
        blocks.append(ambience.render())
    return np.concatenate(blocks, axis=1)


def _resample(sound: Sound, rate: int) -> Sound:
    if rate == RATE:
        return sound
    from scipy.signal import resample_poly

    divisor = gcd(rate, RATE)
    return np.asarray(resample_poly(sound, rate // divisor, RATE // divisor, axis=1), np.float32)
