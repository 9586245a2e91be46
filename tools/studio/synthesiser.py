"""Audio for demo, benchmarks and tests on any machine: clips and notes of four simple instruments."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from musearoo.engines.audio.synthesis.mixing import mix_stems
from musearoo.engines.audio.synthesis.stem import RATE, Samples, Stem
from musearoo.engines.audio.synthesis.stem import Sounding as PlayedNote
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.timing import seconds_per_beat


class Part(NamedTuple):
    """The instrument of a part, and its panning: keys slightly left, the lead slightly right."""

    program: int | None
    gain_db: float
    pan: float = 0.0


PARTS: Final = {
    "drums": Part(None, 0.0),
    "bass": Part(33, 0.0),
    "keys": Part(4, -4.0, -0.2),
    "lead": Part(80, -2.0, 0.2),
}


class Sounding(NamedTuple):
    """A note to render: its part, start and duration in seconds, pitch and velocity."""

    part: str
    start: float
    seconds: float
    pitch: int
    velocity: float


def render_parts(parts: Mapping[str, Clip], bpm: float, rate: int = RATE, loop: bool = False) -> Samples:
    """Return the audio of parts (drums, bass, keys, lead) that start together: float32 (2, samples), peak at most 0.9.

    With `loop`, what sounds beyond the end is added at the beginning, and the length is exactly that of the clips.
    """
    beat = seconds_per_beat(bpm)
    sounding = [
        Sounding(name, note.start * beat, note.duration * beat, note.pitch, note.velocity)
        for name, clip in parts.items()
        for note in clip.notes
    ]
    return render_notes(sounding, max(clip.length for clip in parts.values()) * beat, rate, loop)


def render_notes(notes: Iterable[Sounding], seconds: float, rate: int = RATE, loop: bool = False) -> Samples:
    """Return the dry audio of notes with times in seconds; like `render_parts`."""
    played: dict[str, list[PlayedNote]] = {}
    for note in notes:
        played.setdefault(note.part, []).append(PlayedNote(*note[1:]))
    stems = [
        Stem(part, tuple(of_part), PARTS[part].program, PARTS[part].gain_db, PARTS[part].pan, room=0.0)
        for part, of_part in played.items()
    ]
    return mix_stems(stems, seconds, rate, loop)


def write_wave(path: Path, samples: Samples, rate: int = RATE) -> Path:
    """Write samples as a 24-bit WAV file and return its path."""
    import soundfile

    soundfile.write(path, samples.T, rate, subtype="PCM_24")
    return path
