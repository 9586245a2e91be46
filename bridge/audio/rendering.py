"""Render songs to audio: by fluidsynth if it and a soundfont are installed, else by the built-in synthesiser.

NumPy and the synthesiser are imported by the first song, so that the daemon starts without them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.home_files import write_for_user
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.timing import beats_to_seconds, seconds_per_beat
from musearoo.engines.players.mix.engine import MixPlan
from musearoo.engines.styles.mix import MixStyle

if TYPE_CHECKING:
    from musearoo.engines.audio.synthesis.stem import Samples

Renderer = Literal["auto", "fluidsynth", "own"]

OWN: Final = "MuseAroo's own synthesiser"
SOUNDFONTS: Final = ("FluidR3_GM", "MuseScore_General", "GeneralUser", "TimGM6mb", "default-GM")
"""Prefixes of the names of known soundfonts, best first; any other comes after them."""
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
"""Timeout of fluidsynth in seconds; ten minutes of music take far less."""
MOST_PARTS: Final = 15
"""Melodic channels of one MIDI port."""


@dataclass(frozen=True, slots=True)
class SongPart:
    """A part to render: its name, notes and General MIDI program (None for drums), and its role in the mix.

    `gain_db` and `pan` (-1..1) are where a mixer has them; None leaves them to the mix of the style.
    """

    name: str
    clip: Clip
    program: int | None
    role: Role = "unknown"
    gain_db: float | None = None
    pan: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """A rendered song: float32 (2, samples), its rate, the renderer's name, and the mix if one was made."""

    samples: Samples
    rate: int
    renderer: str
    mix: MixPlan | None = None


def render_song(
    parts: Sequence[SongPart],
    bpm: float,
    rate: int = 44_100,
    renderer: Renderer = "auto",
    mix: MixStyle | None = None,
    sections: Sequence[tuple[str, float, float]] = (),
    tick: Callable[[], None] = lambda: None,
) -> Rendering:
    """Render parts that begin together, with a peak of -1 dB or lower.

    "auto" uses fluidsynth if possible, and logs a failure and states it in the label; if fluidsynth is requested by
    name, it raises EngineError, which says what to install. With a style's `mix`, MixAroo measures each rendered part
    and sets levels, pans, reverb and EQ cuts; it reports on `sections` (names with first and last beat), and
    `tick` is called before each part is rendered, twice a part; an exception of it ends the rendering. Raises
    ParamError if there is nothing to play.
    """
    if not parts:
        raise ParamError("parts", "at least one part to render", list(parts))
    song = _Song(tuple(parts), bpm, rate, mix, tuple(sections), tick)
    if renderer == "own":
        return _render_here(song, OWN)
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
            return _render_there(_Fluidsynth(Path(program), soundfont), song)
        except EngineError as error:
            problem = str(error)
            LOG.warning("%s", problem)
    if renderer == "fluidsynth":
        raise EngineError(f"{problem}.")
    return _render_here(song, f"{OWN} ({problem})")


def encode_rendering(rendering: Rendering) -> bytes:
    """Encode a rendering as a 24-bit WAV file."""
    from musearoo.bridge.audio.wave_files import encode_wave

    return encode_wave(rendering.samples, rendering.rate, "PCM_24")


def write_rendering(rendering: Rendering, path: Path) -> Path:
    """Write a 24-bit WAV file and return its path; raises EngineError if it cannot be written."""
    try:
        write_for_user({path: encode_rendering(rendering)})
    except OSError as error:
        raise EngineError(f"the sound {path} cannot be written: {error.strerror or error}.") from error
    return path


def find_soundfont() -> Path | None:
    """Return the best soundfont in the user's folder, else in those of the system, else None.

    The user's own (in MuseAroo's folder `soundfonts`) take precedence over the system's.
    """
    for folder in (home_folder() / "soundfonts", Path.home() / ".local/share/soundfonts", *map(Path, FOLDERS)):
        found = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.suffix in (".sf2", ".sf3")]
        if found:
            return min(found, key=lambda path: (_rank(path.name), path.name))
    return None


def _rank(name: str) -> int:
    return next((rank for rank, begin in enumerate(SOUNDFONTS) if name.startswith(begin)), len(SOUNDFONTS))


@dataclass(frozen=True, slots=True)
class _Song:
    """The arguments of `render_song`."""

    parts: tuple[SongPart, ...]
    bpm: float
    rate: int
    mix: MixStyle | None
    sections: tuple[tuple[str, float, float], ...]
    tick: Callable[[], None]


def _render_here(song: _Song, label: str) -> Rendering:
    from musearoo.engines.audio.synthesis.mixing import mix_stems, render_stem
    from musearoo.engines.audio.synthesis.stem import stem_of

    stems = [stem_of(part.name, part.clip, song.bpm, part.program) for part in song.parts]
    seconds = beats_to_seconds(max(part.clip.length for part in song.parts), song.bpm)
    if song.mix is None:
        return Rendering(mix_stems(stems, seconds, song.rate), song.rate, label)
    sounds = [partial(render_stem, stem, seconds, song.rate) for stem in stems]
    return _mixed(song, song.mix, sounds, song.rate, label)


def _render_there(fluidsynth: _Fluidsynth, song: _Song) -> Rendering:
    """Render a song with fluidsynth; raises EngineError with its last output."""
    label = f"{fluidsynth.version()} with {fluidsynth.soundfont.name}"
    with tempfile.TemporaryDirectory(prefix="musearoo-") as folder:
        if song.mix is None:
            sound = fluidsynth.play(song.parts, song.bpm, song.rate, Path(folder, "song"))
            from musearoo.engines.audio.synthesis.mixing import limit_peak

            return Rendering(limit_peak(_read(sound)), song.rate, label)
        # One dry part at a time, so that each can be measured and mixed.
        files = [
            fluidsynth.play((part,), song.bpm, song.rate, Path(folder, f"part{number}"), is_dry=True)
            for number, part in enumerate(song.parts)
        ]
        return _mixed(song, song.mix, [partial(_read, file) for file in files], song.rate, label)


def _mixed(song: _Song, mix: MixStyle, sounds: Sequence[Callable[[], Samples]], rate: int, label: str) -> Rendering:
    from musearoo.engines.audio.synthesis.measuring import lowest_pitch
    from musearoo.engines.audio.synthesis.mixdown import MixPart, mix_down

    beat = seconds_per_beat(song.bpm)
    parts = [
        MixPart(
            part.name,
            "drums" if part.program is None else part.role,
            partial(_tell, song.tick, sound),
            None if part.program is None else lowest_pitch([note.pitch for note in part.clip.notes]),
            gain_db=part.gain_db,
            pan=part.pan,
        )
        for part, sound in zip(song.parts, sounds, strict=True)
    ]
    sections = [(name, start * beat, end * beat) for name, start, end in song.sections]
    mixdown = mix_down(parts, mix, rate, song.bpm, sections)
    return Rendering(mixdown.samples, rate, f"{label}, mixed by MixAroo", mixdown.plan)


def _tell(tick: Callable[[], None], sound: Callable[[], Samples]) -> Samples:
    tick()
    return sound()


def _read(path: Path) -> Samples:
    """Read a WAV file's samples, float32 (2, samples)."""
    import numpy as np
    import soundfile

    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return np.ascontiguousarray(samples.T)


@dataclass(frozen=True, slots=True)
class _Fluidsynth:
    """The fluidsynth program and the soundfont that it plays."""

    program: Path
    soundfont: Path

    def play(self, parts: Sequence[SongPart], bpm: float, rate: int, path: Path, is_dry: bool = False) -> Path:
        """Render parts into a WAV file next to `path` and return it; raises EngineError with the program's last output.

        `is_dry` leaves out its reverb and chorus.
        """
        song, sound = path.with_suffix(".mid"), path.with_suffix(".wav")
        song.write_bytes(_encode(parts, bpm))
        dry = ["-R", "0", "-C", "0"] if is_dry else []
        options = ["-ni", "-q", *dry, "-g", "0.6", "-r", str(rate), "-O", "float", "-T", "wav", "-F", str(sound)]
        try:
            done = subprocess.run(
                [str(self.program), *options, str(self.soundfont), str(song)],
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
        return sound

    def version(self) -> str:
        """Return fluidsynth's name, with its version if it reports one."""
        try:
            output = subprocess.run(
                [str(self.program), "--version"], capture_output=True, text=True, timeout=10.0, check=False
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            output = ""
        number = next((word for word in output.split() if word[:1].isdigit()), "")
        return f"fluidsynth {number}".strip()


def _encode(parts: Sequence[SongPart], bpm: float) -> bytes:
    """Encode a song as MIDI, each part with a name that determines its channel, and with its program."""
    names = [f"{'drums' if part.program is None else 'part'} {number}" for number, part in enumerate(parts, start=1)]
    programs = {name: part.program for name, part in zip(names, parts, strict=True) if part.program is not None}
    clips = {name: part.clip for name, part in zip(names, parts, strict=True)}
    return encode_midi_file(clips, bpm, programs=programs)
