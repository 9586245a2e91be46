"""The sound of one part, slice by slice, in any order: equal to what the whole part would be, rendered at once.

Notes, drum strokes and the answer of the room add up. So a slice is the sum of the notes that sound in it, and of the
room's answers to the slices before. What several slices need is kept in caches of bounded size. All sounds are float32
(2, samples), at RATE. Used by the sound process alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from math import ceil, pi
from typing import Any, Final, Protocol

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import fft

from musearoo import __version__
from musearoo.bridge.api.sound.messages import RATE, SLICE, ClickSource, NotesSource
from musearoo.bridge.renders.level import LOUDNESS
from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.audio.synthesis.mixdown import ROOM_GAIN
from musearoo.engines.audio.synthesis.mixing import TAIL, add_room, render_stem
from musearoo.engines.audio.synthesis.stem import Samples, Sounding, Stem, stem_of
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import ROLES, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.styles.mix import MixStyle
from musearoo.engines.styles.schema import Style

REFERENCE: Final = LOUDNESS - 5.0
"""LUFS of an ordinary part in the stream: its peaks fit into 16 bits. Its gain in the mix is applied by the client."""
USUAL_LUFS: Final[dict[Role, float]] = {
    "drums": -20.6,
    "bass": -24.7,
    "harmony": -24.3,
    "melody": -29.1,
    "atmosphere": -31.1,
    "unknown": -24.7,
}
"""What the synthesiser gives of the engines' takes: medians over half of the styles, at 4 bars."""
TAIL_SAMPLES: Final = round(TAIL * RATE)
FADE: Final = 2048
"""Samples over which the very end of what rings on fades out."""
SHORT: Final = 1.0
"""Seconds of a note that are rendered at first: longer than any attack."""
NOTES_KEPT: Final = 64 * 1024 * 1024
"""Bytes of rendered notes that are kept: drums and repeated notes are rendered once."""
SLICES_KEPT: Final = 5
"""Slices of a part, and answers of the room to them, that are kept."""
CLICK_SECONDS: Final = 0.04
CLICK_HERTZ: Final = (1000.0, 1600.0)
"""The click of a beat, and that of a downbeat."""


class PartSound(Protocol):
    """A part. `key` stands for all that it depends on; `gain` is its gain in the mix; it ends at sample `end`."""

    key: str
    gain: float
    end: int

    def read(self, first: int, count: int) -> Samples:
        """Return so many samples of the part as it is played once, silence before and after it."""
        ...


def read_lap(part: PartSound, first: int, count: int, lap: int, length: int) -> Samples:
    """Return samples of a lap of a loop, with what still rings from the laps before it: none in lap 0."""
    sound = part.read(first, count)
    for earlier in range(1, lap + 1):
        if first + earlier * length >= part.end:
            break
        sound = sound + part.read(first + earlier * length, count)
    return sound


def encode_samples(sound: Samples) -> bytes:
    """Return a sound in 16 bits, left and right in turn; b"" for silence."""
    if not sound.any():
        return b""
    whole = np.rint(np.clip(sound, -1.0, 1.0) * 32767.0).astype("<i2")
    return whole.T.tobytes() if whole.any() else b""


class NotesSound:
    """A part of notes, by MuseAroo's own synthesiser, with the instrument and the room of its style."""

    def __init__(
        self, source: NotesSource, bpm: float, beats: float, styles: Mapping[str, Style], is_alone: bool
    ) -> None:
        notes = (Note(start, pitch, length, float(velocity)) for start, pitch, length, velocity in source.notes)
        clip = Clip.of(source.name, source.beats, notes, Meter.parse(source.time_signature)).repeated(beats)
        role: Role = next((role for role in ROLES if role == source.role), "unknown")
        if role == "unknown":
            role = guess_role(source.name, clip)[0]
        style = styles.get(source.style)
        part = TakePart.of(clip, role, style, source.name).for_renderer()
        mix = style.mix if style else MixStyle()
        reverb = mix.part(role).reverb
        level = LOUDNESS if is_alone else mix.loudness + mix.part(role).level
        stem = stem_of(
            name=source.name,
            clip=clip,
            bpm=bpm,
            program=part.program,
            gain_db=REFERENCE - USUAL_LUFS[role],
            room=0.0 if reverb is None else min(1.0, ROOM_GAIN * 10.0 ** (reverb / 20.0)),
        )
        self.gain = 10.0 ** ((level - REFERENCE) / 20.0)
        self._init(stem, beats * 60.0 / bpm)

    @classmethod
    def of_stem(cls, stem: Stem, seconds: float) -> NotesSound:
        """Return the sound of a stem as it is."""
        made = cls.__new__(cls)
        made.gain = 1.0
        made._init(stem, seconds)
        return made

    def _init(self, stem: Stem, seconds: float) -> None:
        self.stem = stem
        self.key = _hash((stem.notes, stem.program, stem.gain_db, stem.pan, stem.room, seconds))
        self._notes = [note for note in stem.notes if note.start < seconds and note.velocity > 0.0]
        starts = np.array([round(note.start * RATE) for note in self._notes], dtype=np.int64)
        longest = np.array([ceil((note.seconds + TAIL) * RATE) for note in self._notes], dtype=np.int64)
        self._starts, self._ends = starts, starts + longest
        self.end = round((seconds + TAIL) * RATE) if self._notes else 0
        self._dry: OrderedDict[int, Samples] = OrderedDict()
        self._answers: OrderedDict[int, Samples | None] = OrderedDict()

    def read(self, first: int, count: int) -> Samples:
        """Return so many samples, from any on."""
        slices = range(first // SLICE, -(-(first + count) // SLICE))
        joined = np.concatenate([self._slice(number) for number in slices], axis=1)
        return np.asarray(joined[:, first - slices.start * SLICE :][:, :count])

    def _slice(self, number: int) -> Samples:
        sound = self._dry_slice(number)
        begin = number * SLICE
        if self.stem.room:
            sound = sound.copy()
            for other in range(max(0, number - _reach()), number + 1):
                answer = _kept(self._answers, other, SLICES_KEPT, self._answer)
                if answer is not None:
                    heard = answer[:, (number - other) * SLICE :][:, :SLICE]
                    sound[:, : heard.shape[1]] += heard
        if begin + SLICE > self.end - FADE:
            sound = sound * np.clip((self.end - begin - np.arange(SLICE, dtype=np.float32)) / FADE, 0.0, 1.0)
        return sound

    def _dry_slice(self, number: int) -> Samples:
        kept: Samples = _kept(self._dry, number, SLICES_KEPT, self._sum_notes)
        return kept

    def _sum_notes(self, number: int) -> Samples:
        begin, end = number * SLICE, (number + 1) * SLICE
        laid = np.zeros((2, SLICE), dtype=np.float32)
        for index in np.flatnonzero((self._starts < end) & (self._ends > begin)):
            start = int(self._starts[index]) - begin
            sound = _note_sound(self.stem, self._notes[index], (SLICE - start) / RATE)
            piece = sound[:, max(0, -start) : max(0, SLICE - start)]
            at = max(0, start)
            laid[:, at : at + piece.shape[1]] += piece
        laid[:, max(0, self.end - begin) :] = 0.0
        return laid

    def _answer(self, number: int) -> Samples | None:
        """Return the room's answer to a slice, from the slice's beginning on; None to silence."""
        sent = self._dry_slice(number)
        if not sent.any():
            return None
        size, spectrum = _room_spectrum()
        answer = fft.irfft(fft.rfft(sent * np.float32(self.stem.room), size) * spectrum, size)
        return np.asarray(answer, dtype=np.float32)


class ClickSound:
    """The metronome of a piece: a click on each beat of the meter, a higher one on downbeats."""

    def __init__(self, source: ClickSource, bpm: float, beats: float) -> None:
        meter = Meter.parse(source.time_signature)
        step = 4.0 / meter.denominator
        seconds = 60.0 / bpm
        count = ceil(beats / step - 1e-9)
        self._clicks = [(round(n * step * seconds * RATE), n % meter.numerator == 0) for n in range(count)]
        self.key = _hash((source.time_signature, bpm, beats))
        self.gain = 0.5
        self.end = round(beats * seconds * RATE) + _click(False).shape[1]

    def read(self, first: int, count: int) -> Samples:
        """Return so many samples, from any on."""
        laid = np.zeros((2, count), dtype=np.float32)
        for at, is_downbeat in self._clicks:
            sound, start = _click(is_downbeat), at - first
            piece = sound[:, max(0, -start) : max(0, count - start)]
            laid[:, max(0, start) : max(0, start) + piece.shape[1]] += piece
        return laid


Notes = OrderedDict[tuple[Any, ...], Samples]
_NOTES: Final[Notes] = OrderedDict()


def _note_sound(stem: Stem, note: Sounding, until: float) -> Samples:
    """Return one note as it sounds in a stem, without the room; of a long one at least its first `until` seconds.

    Up to its end a note sounds as a longer one does: the first second of a chord need not wait for all of its bars.
    """
    seconds = SHORT
    while seconds < until:
        seconds *= 2.0
    is_whole = stem.program is None or seconds >= note.seconds
    seconds = note.seconds if is_whole else seconds
    key = (stem.program, stem.gain_db, stem.pan, note.pitch, seconds, note.velocity, is_whole)
    if (found := _NOTES.get(key)) is not None:
        _NOTES.move_to_end(key)
        return found
    alone = note._replace(start=0.0, seconds=seconds)
    whole = render_stem(Stem(stem.name, (alone,), stem.program, stem.gain_db, stem.pan), seconds, RATE)
    sounding = np.flatnonzero(whole.any(axis=0))
    stop = int(sounding[-1]) + 1 if sounding.size else 0
    made = _NOTES[key] = whole[:, : stop if is_whole else min(stop, round(seconds * RATE))].copy()
    kept = sum(sound.nbytes for sound in _NOTES.values()) if len(_NOTES) % 16 == 0 else 0
    while kept > NOTES_KEPT and len(_NOTES) > 1:
        kept -= _NOTES.popitem(last=False)[1].nbytes
    return made


@lru_cache(maxsize=1)
def _room_spectrum() -> tuple[int, npt.NDArray[np.complex64]]:
    """Return the size of the transform for a slice and its answer, and the spectrum of the room."""
    response = _room()
    size = fft.next_fast_len(SLICE + response.shape[1] - 1, real=True)
    return size, np.asarray(fft.rfft(response, size), dtype=np.complex64)


@lru_cache(maxsize=1)
def _room() -> Samples:
    """Return the room's answer to one sample."""
    silence = np.zeros((2, TAIL_SAMPLES), dtype=np.float32)
    impulse = silence.copy()
    impulse[:, 0] = 1.0
    answer = add_room(silence, impulse, RATE)
    sounding = np.flatnonzero(np.abs(answer).max(axis=0) > 1e-7)
    return np.ascontiguousarray(answer[:, : sounding[-1] + 1])


def _reach() -> int:
    """Return how many slices later the answer to a slice is still heard."""
    samples: int = _room().shape[1]
    return ceil((samples - 1) / SLICE)


@lru_cache(maxsize=2)
def _click(is_downbeat: bool) -> Samples:
    time = np.arange(round(CLICK_SECONDS * RATE)) / RATE
    fade = np.exp(-120.0 * time) * np.minimum(1.0, time * 2000.0) * np.linspace(1.0, 0.0, time.size)
    sound = (0.9 if is_downbeat else 0.6) * fade * np.sin(2.0 * pi * CLICK_HERTZ[is_downbeat] * time)
    return np.stack([sound, sound]).astype(np.float32)


def _kept(kept: OrderedDict[int, Any], number: int, most: int, make: Callable[[int], Any]) -> Any:
    """Return a value from a cache of so many, made now if it is not there."""
    if number in kept:
        kept.move_to_end(number)
    else:
        kept[number] = make(number)
        while len(kept) > most:
            kept.popitem(last=False)
    return kept[number]


def _hash(content: Any) -> str:
    return blake2b(msgspec.msgpack.encode((__version__, content)), digest_size=16).hexdigest()
