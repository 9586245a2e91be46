"""A small synthesiser: renders clips to sound, so that demo, bench and tests have audio on any machine.

Nothing to publish, but a kit, a bass and keys that one can tell apart by ear. Noise comes from fixed seeds: the same
clips give the same samples.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from engines.music.analysis import DrumKind
from engines.music.clip import Clip
from engines.music.drum_map import KIND_OF_PITCH

Samples = npt.NDArray[np.float32]

RATE: Final = 44_100
TAIL: Final = 0.4
"""Seconds that sounds may ring on behind the last note's end; loops fold them back to their beginning."""

LEVELS: Final = {"drums": 0.7, "bass": 0.45, "keys": 0.22, "lead": 0.25}


class Sounding(NamedTuple):
    """A note as it sounds: which part plays it, from which second on and for how many, its pitch and velocity."""

    part: str
    start: float
    seconds: float
    pitch: int
    velocity: float


def render_parts(parts: Mapping[str, Clip], bpm: float, rate: int = RATE, loop: bool = False) -> Samples:
    """The sound of parts (drums, bass, keys, lead) that begin together: float32 (2, samples), peak at most 0.9.

    With `loop`, what rings on behind the end sounds at the beginning, and the length is exactly that of the clips.
    """
    beat = 60.0 / bpm
    sounding = [
        Sounding(name, note.start * beat, note.duration * beat, note.pitch, note.velocity)
        for name, clip in parts.items()
        for note in clip.notes
    ]
    return render_notes(sounding, max(clip.length for clip in parts.values()) * beat, rate, loop)


def render_notes(notes: Iterable[Sounding], seconds: float, rate: int = RATE, loop: bool = False) -> Samples:
    """The sound of notes that lie in seconds; like `render_parts`."""
    length = round(seconds * rate)
    mixed = np.zeros((2, length + round(TAIL * rate)), dtype=np.float32)
    for note in notes:
        _add(mixed, note, rate)
    if loop:
        tail = mixed[:, length:]
        mixed[:, : tail.shape[1]] += tail
        mixed = mixed[:, :length]
    peak = float(np.abs(mixed).max())
    return mixed * np.float32(min(1.0, 0.9 / peak) if peak else 1.0)


def write_wave(path: Path, samples: Samples, rate: int = RATE) -> Path:
    """Writes samples as a 24-bit WAV file; returns its path."""
    import soundfile

    soundfile.write(path, samples.T, rate, subtype="PCM_24")
    return path


def _add(mixed: Samples, note: Sounding, rate: int) -> None:
    is_drum = note.part == "drums"
    voice = _drum(note.pitch, rate) if is_drum else _tone(note.part, note.pitch, note.seconds, rate)
    start = round(note.start * rate)
    # What began before the sound does is heard from its middle on.
    voice, start = voice[max(0, -start) :], max(0, start)
    stop = min(start + voice.size, mixed.shape[1])
    if stop <= start:
        return
    gain = LEVELS[note.part] * (note.velocity / 127.0) ** 2
    # Keys sit a little to the left, the lead to the right: a picture, not a point.
    left, right = {"keys": (1.0, 0.7), "lead": (0.7, 1.0)}.get(note.part, (1.0, 1.0))
    mixed[0, start:stop] += np.float32(gain * left) * voice[: stop - start]
    mixed[1, start:stop] += np.float32(gain * right) * voice[: stop - start]


def _tone(part: str, pitch: int, seconds: float, rate: int) -> Samples:
    """A held note: a plucked bass, keys that fade, or a lead that stays."""
    time = np.arange(round((seconds + 0.08) * rate)) / rate
    hertz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
    steep, fade = {"bass": (1.0, 3.0), "keys": (1.6, 1.5), "lead": (1.2, 0.3)}[part]
    harmonics = range(1, max(2, min(12, int(0.45 * rate / hertz))))
    sound = sum(np.sin(2.0 * np.pi * hertz * n * time) / n**steep * np.exp(-fade * n**0.5 * time) for n in harmonics)
    attack = np.minimum(time / 0.005, 1.0)
    release = np.clip((seconds + 0.08 - time) / 0.08, 0.0, 1.0)
    return np.asarray(sound * attack * release, dtype=np.float32)


def _drum(pitch: int, rate: int) -> Samples:
    return _DRUMS[KIND_OF_PITCH.get(pitch, "hat")](pitch, rate)


def _kick(_pitch: int, rate: int) -> Samples:
    time = np.arange(round(0.3 * rate)) / rate
    # The pitch falls from 170 to 50 Hz within a few hundredths.
    phase = 2.0 * np.pi * (50.0 * time + 120.0 / 45.0 * (1.0 - np.exp(-45.0 * time)))
    return np.asarray(np.sin(phase) * np.exp(-13.0 * time) + 0.4 * _noise(time, 1) * np.exp(-400.0 * time), np.float32)


def _snare(_pitch: int, rate: int) -> Samples:
    time = np.arange(round(0.25 * rate)) / rate
    body = np.sin(2.0 * np.pi * 190.0 * time) * np.exp(-24.0 * time)
    return np.asarray(0.6 * body + 0.7 * _noise(time, 2) * np.exp(-20.0 * time), np.float32)


def _hat(pitch: int, rate: int) -> Samples:
    is_open = pitch == 46
    time = np.arange(round((0.35 if is_open else 0.08) * rate)) / rate
    return np.asarray(0.5 * _bright(time, 3) * np.exp(-(9.0 if is_open else 60.0) * time), np.float32)


def _tom(pitch: int, rate: int) -> Samples:
    time = np.arange(round(0.35 * rate)) / rate
    hertz = 80.0 * 2.0 ** ((pitch - 41) / 12.0)
    sweep = 2.0 * np.pi * hertz * (time + 0.01 * (1.0 - np.exp(-30.0 * time)))
    return np.asarray(
        0.8 * np.sin(sweep) * np.exp(-9.0 * time) + 0.2 * _noise(time, 4) * np.exp(-60.0 * time), np.float32
    )


def _cymbal(pitch: int, rate: int) -> Samples:
    is_ride = pitch in (51, 53, 59)
    time = np.arange(round((0.5 if is_ride else 1.2) * rate)) / rate
    ping = np.sin(2.0 * np.pi * 3_400.0 * time) * np.exp(-12.0 * time) if is_ride else 0.0
    return np.asarray(0.4 * _bright(time, 5) * np.exp(-(7.0 if is_ride else 3.0) * time) + 0.2 * ping, np.float32)


def _noise(time: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, time.size)


def _bright(time: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float64]:
    """Noise without its lows: its second difference."""
    return np.diff(_noise(time, seed), n=2, prepend=(0.0, 0.0)) * 0.5


_DRUMS: Final[Mapping[DrumKind, Callable[[int, int], Samples]]] = {
    "kick": _kick,
    "snare": _snare,
    "hat": _hat,
    "tom": _tom,
    "cymbal": _cymbal,
}
