"""Rings as a device writes them: a sound on a track while Live's transport ran, and the press that goes with it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from musearoo.bridge.audio.wave_files import encode_wave
from musearoo.bridge.protocol import Listen
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.audio.capture.form import ROUND
from musearoo.tools.studio.synthesiser import render_parts
from tests.band import BARS, BPM, play_band
from tests.engines.audio.capture.some_recordings import Play, Stop, record, roll

RATE = 44_100


@cache
def band_sound() -> FloatArray:
    """Four bars of the band, whose end goes over into its beginning."""
    return render_parts(play_band(), BPM, loop=True)


@dataclass(frozen=True)
class TapedRing:
    """What lies in the file, float32 (4, frames), at RATE; `counter` and `song_beat` are those of the press, and
    `begin` the sample of the sound that the last whole bar line before the press falls on."""

    ring: FloatArray
    counter: int
    song_beat: float

    def write(self, folder: Path, name: str = "device-1-1.wav") -> Path:
        """Writes it as Max does."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(encode_wave(self.ring, RATE, "FLOAT"))
        return path

    def press(self, name: str = "device-1-1.wav", **changed: Any) -> Listen:
        """The press, whose message was up to 0.3 beats late."""
        late = self.song_beat + 0.3
        plain = Listen(1, 1, name, BARS, self.counter, int(late), int(late * 100) % 100, 4, 4, 0, "", 4)
        return replace(plain, **changed)


def tape(sound: FloatArray, bpm: float, bars: float, *, still: float = 0.5, seconds: float = 40.0) -> TapedRing:
    """A ring of so many seconds, in which Live stood `still` for a while and then looped a sound from a bar line on.

    It is pressed after `bars` bars; the ring goes on while it is written, so that its seam lies somewhere.
    """
    beat = 60.0 / bpm * RATE
    stopped, played = round(still * RATE), round(bars * 4 * beat)
    heard = np.resize(np.arange(sound.shape[1]), played + RATE)
    audio = np.concatenate([np.zeros((2, stopped), np.float32), sound[:, heard]], axis=1)
    transport = record([Stop(stopped, True), Play(played + RATE, bpm, bpm)], RATE)
    first_counter = ROUND - stopped - 5000
    press = stopped + played
    ring = roll(audio, transport.phase, math.ceil(seconds * RATE), first_counter, press, 0.01)
    return TapedRing(ring, (first_counter + press) % ROUND, float(transport.positions[press]))
