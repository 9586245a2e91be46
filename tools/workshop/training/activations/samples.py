"""Single notes of soundfonts, rendered once: the material of training scenes.

A soundfont's kits and instruments become arrays of samples, so that a scene needs no synthesiser, its ground truth is
exact to the sample, and any kit can play any groove. `python -m musearoo.tools.workshop.training.activations.samples
OUT SOUNDFONT…` writes one file per soundfont.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import mido  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt

RATE: Final = 44_100
DRUM_CHANNEL: Final = 9
KITS: Final = (0, 8, 16, 24, 25, 32, 40)
"""Programs of drum kits: standard, room, power, electronic, 808, jazz, brush. The orchestra has other drums."""
DRUM_NOTES: Final = (*range(35, 60), 60, 61, 62, 63, 64, 65, 69, 70, 73, 75, 76)
DRUM_VELOCITIES: Final = (30, 60, 85, 105, 120, 127)
DRUM_SECONDS: Final = 3.0

# Pianos, organs, guitars, basses, strings, voices, brass, reeds, flutes, leads, pads, plucked strings, mallets.
# fmt: off
PROGRAMS: Final = (
    0, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 16, 17, 18, 19, 21, 22, 24, 25, 26, 27, 28, 29, 30, 32, 33, 34, 35, 36, 37,
    38, 39, 40, 42, 45, 46, 48, 49, 50, 52, 54, 56, 57, 60, 61, 62, 64, 65, 66, 68, 71, 73, 75, 79, 80, 81, 82, 85,
    88, 89, 90, 95, 104, 105, 106, 107, 108, 114,
)
# fmt: on
PITCHES: Final = tuple(range(28, 100, 4))
PITCHED_VELOCITY: Final = 96
PITCHED_SECONDS: Final = 3.0

Samples = npt.NDArray[np.int16]


def render_midi(soundfont: Path, song: mido.MidiFile) -> Samples:
    """Return the sound of a song, int16 (frames,), mono and dry. Raises CalledProcessError when fluidsynth fails."""
    with tempfile.TemporaryDirectory() as folder:
        midi, wave = Path(folder, "song.mid"), Path(folder, "song.raw")
        song.save(str(midi))
        command = ["fluidsynth", "-q", "-n", "-i", "-R", "0", "-C", "0", "-g", "0.5", "-r", str(RATE), "-O", "s16"]
        subprocess.run([*command, "-T", "raw", "-F", str(wave), str(soundfont), str(midi)], check=True)
        stereo = np.fromfile(wave, dtype="<i2").reshape(-1, 2)
    mean: Samples = (stereo.astype(np.int32).sum(axis=1) // 2).astype(np.int16)
    return mean


def render_notes(
    soundfont: Path, channel: int, program: int, notes: list[tuple[int, int]], seconds: float
) -> list[Samples]:
    """Return one sound per (pitch, velocity), each cut where it has decayed."""
    song = mido.MidiFile(ticks_per_beat=1000)
    track = mido.MidiTrack()
    song.tracks.append(track)
    # A tick is a millisecond: 1000 ticks a beat at 60 BPM.
    track.append(mido.MetaMessage("set_tempo", tempo=1_000_000))
    track.append(mido.Message("program_change", channel=channel, program=program))
    gap, held = int(seconds * 1000), int(seconds * 850)
    for pitch, velocity in notes:
        track.append(mido.Message("note_on", channel=channel, note=pitch, velocity=velocity))
        track.append(mido.Message("note_off", channel=channel, note=pitch, time=held))
        track.append(mido.Message("control_change", channel=channel, control=120, value=0, time=gap - held))
    sound = render_midi(soundfont, song)
    step = int(seconds * RATE)
    return [cut(sound[index * step : (index + 1) * step]) for index in range(len(notes))]


def cut(sound: Samples) -> Samples:
    """Return the sound without trailing silence, with a short fade; empty for silence."""
    audible = np.flatnonzero(np.abs(sound) > max(8, int(np.abs(sound).max(initial=0) * 0.002)))
    if not audible.size:
        return sound[:0]
    end = int(audible[-1]) + 1
    fade = min(end, 400)
    result = sound[:end].astype(np.float32)
    result[end - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return result.astype(np.int16)


def write_soundfont(soundfont: Path, out: Path) -> None:
    """Render a soundfont into one file of arrays: `k<kit>_<note>_<velocity>` and `p<program>_<pitch>`."""
    arrays: dict[str, Samples] = {}
    drums = [(note, velocity) for note in DRUM_NOTES for velocity in DRUM_VELOCITIES]
    for kit in KITS:
        for (note, velocity), sound in zip(
            drums, render_notes(soundfont, DRUM_CHANNEL, kit, drums, DRUM_SECONDS), strict=True
        ):
            if sound.size:
                arrays[f"k{kit}_{note}_{velocity}"] = sound
    pitches = [(pitch, PITCHED_VELOCITY) for pitch in PITCHES]
    for program in PROGRAMS:
        for pitch, sound in zip(PITCHES, render_notes(soundfont, 0, program, pitches, PITCHED_SECONDS), strict=True):
            if sound.size:
                arrays[f"p{program}_{pitch}"] = sound
    np.savez(out / f"{soundfont.stem}.npz", **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    for name in sys.argv[2:]:
        write_soundfont(Path(name), Path(sys.argv[1]))
