"""Render a piece with the `fluidsynth` command and a General MIDI soundfont."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mido  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import soundfile

from musearoo.tools.bench.corpora.piece import RING_SECONDS, Piece

TICKS_PER_SECOND: Final = 10_000
"""A tenth of a millisecond: far finer than the synthesiser's blocks of 64 samples."""
_DRUM_CHANNEL: Final = 9
_TAIL_SECONDS: Final = 0.5
_ROLAND: Final = {22: 42, 26: 46, 58: 43}
"""The additions of Roland's electronic kits, as similar General MIDI drums."""
SECONDS_TO_RENDER: Final = 120.0
_LATENCY_FRAMES: Final = 96
"""The synthesiser's delay: it starts a note in the next block of 64 samples, half a block late on average, and outputs
it a block later; measured on single strokes at three rates.
"""


class RenderError(Exception):
    """The synthesiser is missing, or failed; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The settings of a rendering: soundfont, rate in Hz, reverb and chorus on or off."""

    soundfont: Path
    rate: int = 44_100
    reverb: bool = True
    chorus: bool = False


def render(piece: Piece, voice: Voice) -> npt.NDArray[np.float32]:
    """Return the piece's sound, float32 (2, frames), exactly as long as the piece. Raises RenderError.

    Notes that began before the excerpt are played from their beginning in a lead-in that is cut off again.
    """
    if shutil.which("fluidsynth") is None:
        raise RenderError("fluidsynth is not installed; apt-get install fluidsynth fluid-soundfont-gm.")
    with tempfile.TemporaryDirectory() as folder:
        song, sound = Path(folder, "piece.mid"), Path(folder, "piece.wav")
        midi_file(piece, RING_SECONDS).save(song)
        effects = ["-R", "1" if voice.reverb else "0", "-C", "1" if voice.chorus else "0"]
        files = ["-T", "wav", "-O", "float", "-F", str(sound), str(voice.soundfont), str(song)]
        command = ["fluidsynth", "-ni", "-q", "-g", "0.5", "-r", str(voice.rate), *effects, *files]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_TO_RENDER, check=False)
        except subprocess.TimeoutExpired as error:
            raise RenderError(f"fluidsynth took more than {SECONDS_TO_RENDER:.0f} s for {piece.name}.") from error
        if done.returncode or not sound.exists():
            raise RenderError(f"fluidsynth failed on {piece.name}: {done.stderr.strip()[-200:]}")
        samples, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    first, count = round(RING_SECONDS * voice.rate) + _LATENCY_FRAMES, round(piece.duration * voice.rate)
    audio = np.zeros((2, count), np.float32)
    excerpt = samples[first : first + count].T
    audio[:, : excerpt.shape[1]] = excerpt
    return audio


def midi_file(piece: Piece, lead_in: float) -> mido.MidiFile:
    """Return the piece as a MIDI file that begins `lead_in` seconds earlier; earlier notes begin at its start.

    Raises RenderError for more than 15 pitched parts.
    """
    if len(piece.parts) > 15:
        raise RenderError(f"{piece.name} has {len(piece.parts)} pitched parts; MIDI has channels for 15.")
    channels = [channel for channel in range(16) if channel != _DRUM_CHANNEL]
    events: list[tuple[float, int, mido.Message]] = []
    channel_of = {}
    for part, channel in zip(piece.parts, channels, strict=False):
        channel_of[part.name] = channel
        events.append((0.0, 0, mido.Message("program_change", channel=channel, program=part.program)))
        events.append((0.0, 0, _control(channel, 7, part.level * 127)))
        events.append((0.0, 0, _control(channel, 10, 64 + part.pan * 63)))
    events.append((0.0, 0, mido.Message("program_change", channel=_DRUM_CHANNEL, program=piece.kit)))
    for tone in piece.tones:
        channel = channel_of[tone.part]
        start, end = max(tone.start + lead_in, 0.0), max(tone.end + lead_in, 0.02)
        events.append((start, 2, mido.Message("note_on", channel=channel, note=tone.pitch, velocity=tone.velocity)))
        events.append((end, 1, mido.Message("note_off", channel=channel, note=tone.pitch)))
    for stroke in piece.strokes:
        pitch = _ROLAND.get(stroke.pitch, stroke.pitch)
        start = max(stroke.time + lead_in, 0.0)
        hit = mido.Message("note_on", channel=_DRUM_CHANNEL, note=pitch, velocity=stroke.velocity)
        events.append((start, 2, hit))
        events.append((start + 0.1, 1, mido.Message("note_off", channel=_DRUM_CHANNEL, note=pitch)))
    # The last event sets the file's duration: the synthesiser stops with it.
    events.append((piece.duration + lead_in + _TAIL_SECONDS, 3, _control(0, 123, 0)))
    events.sort(key=lambda event: event[:2])
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)])
    now = 0
    for seconds, _, message in events:
        tick = round(seconds * TICKS_PER_SECOND)
        track.append(message.copy(time=tick - now))
        now = tick
    return mido.MidiFile(ticks_per_beat=TICKS_PER_SECOND, tracks=[track])


def _control(channel: int, control: int, value: float) -> mido.Message:
    return mido.Message("control_change", channel=channel, control=control, value=max(0, min(127, round(value))))
