"""Songs to sound: through fluidsynth where it is installed and finds a soundfont, else through our own synthesiser.

NumPy and the synthesiser are imported by the first song, so that the daemon starts without them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from bridge.config_files import home_folder
from bridge.logs import LOG
from engines.errors import EngineError, ParamError
from engines.music.clip import Clip
from engines.music.midi_file import MidiSound, encode_midi_file

if TYPE_CHECKING:
    from engines.rendering.stem import Samples

Renderer = Literal["auto", "fluidsynth", "own"]

OWN: Final = "MuseAroo's own synthesiser"
SOUNDFONTS: Final = ("FluidR3_GM", "MuseScore_General", "GeneralUser", "TimGM6mb", "default-GM")
"""Soundfonts by how their names begin, the best first; any other comes after them."""
FOLDERS: Final = (
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/opt/homebrew/share/soundfonts",
    "/Library/Audio/Sounds/Banks",
    "C:/soundfonts",
)
SLOWEST: Final = 120.0
"""Seconds after which fluidsynth is given up: it plays ten minutes of music in about forty."""
USUAL_VOLUME: Final = 100
MOST_PARTS: Final = 15
"""Melodic channels of one MIDI port."""


@dataclass(frozen=True, slots=True)
class SongPart:
    """A part to render: its name, notes and General MIDI program (None for drums), its level and place (-1..1)."""

    name: str
    clip: Clip
    program: int | None
    gain_db: float = 0.0
    pan: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """A rendered song: float32 (2, samples), its rate, and who rendered it, in words."""

    samples: Samples
    rate: int
    renderer: str


def render_song(parts: Sequence[SongPart], bpm: float, rate: int = 44_100, renderer: Renderer = "auto") -> Rendering:
    """The sound of parts that begin together, its peak 1 dB below full scale or lower.

    With "auto", fluidsynth plays where it can, and a failure of it is logged and said in the label; asked for by name
    it raises EngineError, which says what to install. Raises ParamError where there is nothing to play.
    """
    if not parts:
        raise ParamError("parts", "at least one part to render", list(parts))
    if renderer == "own":
        return _render_here(parts, bpm, rate, OWN)
    program, soundfont = shutil.which("fluidsynth"), find_soundfont()
    problem = (
        "fluidsynth is not installed: brew install fluid-synth, or apt install fluidsynth"
        if program is None
        else f"no soundfont was found: put a .sf2 file into {home_folder() / 'soundfonts'}"
        if soundfont is None
        else f"{len(parts)} parts are more than its {MOST_PARTS} channels"
        if len(parts) > MOST_PARTS
        else None
    )
    if program is not None and soundfont is not None and problem is None:
        try:
            return _render_there(Path(program), soundfont, parts, bpm, rate)
        except EngineError as error:
            problem = str(error)
            LOG.warning("%s", problem)
    if renderer == "fluidsynth":
        raise EngineError(f"{problem}.")
    return _render_here(parts, bpm, rate, f"{OWN} ({problem})")


def write_rendering(rendering: Rendering, path: Path) -> Path:
    """Writes a 24-bit WAV file and returns its path; raises EngineError where it cannot be written."""
    import soundfile

    try:
        soundfile.write(path, rendering.samples.T, rendering.rate, subtype="PCM_24", format="WAV")
    except (OSError, soundfile.LibsndfileError) as error:
        raise EngineError(f"the sound {path} cannot be written: {error}.") from error
    return path


def find_soundfont() -> Path | None:
    """The best soundfont in the user's folder, else in those of the system; None where there is none.

    The user's own (in MuseAroo's folder `soundfonts`) counts for more than any of the system's.
    """
    for folder in (home_folder() / "soundfonts", Path.home() / ".local/share/soundfonts", *map(Path, FOLDERS)):
        found = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.suffix in (".sf2", ".sf3")]
        if found:
            return min(found, key=lambda path: (_rank(path.name), path.name))
    return None


def _rank(name: str) -> int:
    return next((place for place, begin in enumerate(SOUNDFONTS) if name.startswith(begin)), len(SOUNDFONTS))


def _render_here(parts: Sequence[SongPart], bpm: float, rate: int, label: str) -> Rendering:
    from engines.rendering.mixing import mix_stems
    from engines.rendering.stem import stem_of

    stems = [stem_of(part.name, part.clip, bpm, part.program, part.gain_db, part.pan) for part in parts]
    seconds = max(part.clip.length for part in parts) * 60.0 / bpm
    return Rendering(mix_stems(stems, seconds, rate), rate, label)


def _render_there(program: Path, soundfont: Path, parts: Sequence[SongPart], bpm: float, rate: int) -> Rendering:
    """The song played by fluidsynth from a MIDI file; raises EngineError with its own last words."""
    import numpy as np
    import soundfile

    from engines.rendering.mixing import CEILING

    with tempfile.TemporaryDirectory(prefix="musearoo-") as folder:
        song, sound = Path(folder, "song.mid"), Path(folder, "song.wav")
        song.write_bytes(_encode(parts, bpm))
        options = ["-ni", "-q", "-g", "0.6", "-r", str(rate), "-O", "float", "-T", "wav", "-F", str(sound)]
        try:
            done = subprocess.run(
                [str(program), *options, str(soundfont), str(song)],
                capture_output=True,
                text=True,
                timeout=SLOWEST,
                check=False,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "LC_ALL": "C"},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EngineError(f"fluidsynth did not play the song: {error}") from error
        if done.returncode != 0 or not sound.is_file() or not sound.stat().st_size:
            words = done.stderr.strip().splitlines()
            raise EngineError(f"fluidsynth did not play the song: {words[-1] if words else 'it gave no reason'}")
        samples, found_rate = soundfile.read(sound, dtype="float32", always_2d=True)
    mixed = np.ascontiguousarray(samples.T)
    peak = float(np.abs(mixed).max(initial=0.0))
    if peak > CEILING:
        mixed *= np.float32(CEILING / peak)
    return Rendering(mixed, int(found_rate), f"{_version(program)} with {soundfont.name}")


def _encode(parts: Sequence[SongPart], bpm: float) -> bytes:
    """The song as MIDI; levels and places as the channels' volume and pan, which soundfonts take by their squares."""
    clips, sounds = {}, {}
    for number, part in enumerate(parts, start=1):
        name = f"drums {number}" if part.program is None else f"part {number}"
        clips[name] = part.clip
        volume = round(USUAL_VOLUME * 10.0 ** (part.gain_db / 40.0))
        sounds[name] = MidiSound(part.program, min(127, max(0, volume)), min(127, max(0, round(64 + 63 * part.pan))))
    return encode_midi_file(clips, bpm, sounds=sounds)


def _version(program: Path) -> str:
    """What fluidsynth calls itself, with its version where it tells."""
    try:
        told = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, timeout=10.0, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        told = ""
    number = next((word for word in told.split() if word[:1].isdigit()), "")
    return f"fluidsynth {number}".strip()
