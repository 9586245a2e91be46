"""Audio files of takes: rendered by the built-in synthesiser, levelled, encoded, and kept in a cache by their content.

NumPy, SciPy and soundfile are imported by the first render. A render takes about a hundredth of its sound's length, an
MP3 or Opus file another fortieth: a song takes seconds, so a render belongs into a worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from musearoo import __version__
from musearoo.bridge.audio.drafts import explain_disk
from musearoo.bridge.audio.folders import SoundKind
from musearoo.bridge.audio.rendering import render_song
from musearoo.bridge.cache.catalogue import RENDERS
from musearoo.bridge.cache.disk import CacheFolder
from musearoo.bridge.jobs.contract import Report, share_report
from musearoo.bridge.renders.encoding import FORMATS, RENDER_RATE, AudioFormat, encode_audio, require_format
from musearoo.bridge.renders.level import choose_loudness, level_samples
from musearoo.bridge.renders.parts import TakePart
from musearoo.bridge.settings.logs import LOG, FileName
from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.styles.mix import MixStyle

if TYPE_CHECKING:
    from musearoo.engines.audio.synthesis.stem import Samples

Ending = Literal["tail", "loop"]
"""What happens at the end: the sound rings out after it, or what rings out is added to the beginning."""

RENDERER: Final = 1
"""Version of the sound of a render: raise it with every change of the synthesiser, the mix or the level."""

LONGEST_SECONDS: Final = 660.0
"""Longest take: a song has up to ten minutes."""

MOST_PARTS: Final = 16

SILENT_BELOW: Final = 0.0005
"""Highest sample of what is cut from the end: -66 dB."""

FADE_SECONDS: Final = 0.05
"""Fade at the very end of the tail, in which a very long note may still sound."""

PLAIN_MIX: Final = MixStyle()
"""The mix of parts without a style."""

KIND: Final = SoundKind("renders", "ask for a shorter take or for MP3")

RENDERED: Final = 0.6
"""Share of the work of a compressed file that is done when the sound is there."""


@dataclass(frozen=True, slots=True)
class AudioRequest:
    """What to render: parts that begin together, at a tempo, in the mix of their style or as their tracks are set.

    Raises ParamError for no part or more than MOST_PARTS, a tempo out of bounds, an unknown format or ending, and more
    than LONGEST_SECONDS.
    """

    parts: tuple[TakePart, ...]
    bpm: float
    format: AudioFormat = "wav"
    mix: MixStyle = PLAIN_MIX
    ending: Ending = "tail"

    def __post_init__(self) -> None:
        if not 1 <= len(self.parts) <= MOST_PARTS:
            raise ParamError("parts", f"1 to {MOST_PARTS} to render", len(self.parts))
        require_between("bpm", self.bpm, 20, 999)
        require_format(self.format)
        if self.ending not in ("tail", "loop"):
            raise ParamError("ending", "tail or loop", self.ending)
        if self.seconds > LONGEST_SECONDS:
            raise ParamError("length", f"at most {LONGEST_SECONDS:g} seconds to be rendered", round(self.seconds, 1))

    @property
    def seconds(self) -> float:
        """The length of the music without its tail."""
        return beats_to_seconds(max(part.clip.length for part in self.parts), self.bpm)

    @property
    def key(self) -> str:
        """The hash of all that the file depends on, 40 hexadecimal digits: equal keys have equal files."""
        content = (
            (__version__, RENDERER, _library_versions()),
            [
                (part.role, part.program, part.gain_db, part.pan, part.clip.length, part.clip.notes)
                for part in self.parts
            ],
            (self.bpm, self.mix, self.ending, self.format),
        )
        return blake2b(msgspec.msgpack.encode(content), digest_size=20).hexdigest()

    @property
    def file_name(self) -> str:
        """The name of the file in the cache."""
        return f"{self.key}.{self.format}"


@dataclass(frozen=True, slots=True)
class AudioRender:
    """A rendered file: its media type, its rate in Hz and its exact length, of which `music_frames` are the music."""

    path: Path
    media_type: str
    rate: int
    frames: int
    music_frames: int
    is_cached: bool

    @property
    def seconds(self) -> float:
        """The exact length in seconds, with the tail."""
        return self.frames / self.rate


def report_nothing(_fraction: float, _text: str) -> None:
    """Ignore the progress."""


def open_renders(home: Path) -> CacheFolder:
    """Return the rendered files in MuseAroo's folder."""
    return RENDERS.open_folder(home)


def render_take(request: AudioRequest, files: CacheFolder, report: Report = report_nothing) -> AudioRender:
    """Return the file of a request from the cache; rendered now if it is not there.

    `report(fraction, text)` tells the progress and may raise to cancel, at least once a second for a song of three
    minutes; then no file is left. Three minutes need 650 MB of memory. Raises EngineError if the file cannot be
    written.
    """
    spec = FORMATS[request.format]
    found = files.find(request.file_name)
    if frames := _count_frames(found):
        return _described(request, files.path(request.file_name), frames, is_cached=True)
    if found:
        files.remove(request.file_name)
    rendered = RENDERED if spec.level is not None else 0.9
    samples = _render(request, share_report(report, 0.0, rendered))
    data = encode_audio(samples, request.format, share_report(report, rendered, 1.0))
    try:
        path = files.keep(request.file_name, data)
    except OSError as error:
        raise explain_disk(error, files.folder, KIND) from error
    report(1.0, "done")
    return _described(request, path, _count_frames(path), is_cached=False)


def _described(request: AudioRequest, path: Path, frames: int, is_cached: bool) -> AudioRender:
    spec = FORMATS[request.format]
    return AudioRender(
        path=path,
        media_type=spec.media_type,
        rate=spec.rate,
        frames=frames,
        music_frames=round(_count_music_frames(request) * spec.rate / RENDER_RATE),
        is_cached=is_cached,
    )


@cache
def _library_versions() -> tuple[str, ...]:
    """Return the versions of the libraries that compute the sound; they are not imported for it."""
    return tuple(version(library) for library in ("numpy", "scipy", "soundfile"))


def _count_frames(path: Path | None) -> int:
    """Return the length of a cached file, 0 without one or for one that is broken."""
    if path is None:
        return 0
    import soundfile

    try:
        return int(soundfile.info(path).frames)
    except soundfile.LibsndfileError as error:
        LOG.warning("The rendered %s is broken and is made again: %s", FileName(path), error.error_string)
        return 0


def _render(request: AudioRequest, report: Report) -> Samples:
    """Return the sound of a request at RENDER_RATE, mixed and levelled: float32 (2, samples)."""
    from musearoo.engines.audio.synthesis.loop_tail import wrap_tail

    # The mix renders each part twice: to measure it, and to sum it.
    steps = iter(range(2 * len(request.parts)))
    rendering = render_song(
        [part.for_renderer() for part in request.parts],
        request.bpm,
        rate=RENDER_RATE,
        renderer="own",
        mix=request.mix,
        tick=lambda: report(next(steps) / (2 * len(request.parts) + 1), "rendering"),
    )
    report(1.0, "levelling")
    frames = _count_music_frames(request)
    sound = rendering.samples
    sound = wrap_tail(sound, frames) if request.ending == "loop" else _cut_tail(sound, frames)
    return level_samples(sound, RENDER_RATE, choose_loudness(request.parts))


def _count_music_frames(request: AudioRequest) -> int:
    """Return the length of the music without its tail at RENDER_RATE."""
    return max(1, round(request.seconds * RENDER_RATE))


def _cut_tail(samples: Samples, frames: int) -> Samples:
    """Return a sound of at least so many frames that ends, faded out in place, where nothing is heard any more."""
    import numpy as np

    sounding = np.flatnonzero(np.abs(samples[:, frames:]).max(axis=0) >= SILENT_BELOW)
    if not sounding.size:
        return samples[:, :frames]
    fade = round(FADE_SECONDS * RENDER_RATE)
    cut = samples[:, : frames + int(sounding[-1]) + fade]
    last = min(fade, cut.shape[1] - frames)
    cut[:, -last:] *= np.linspace(1.0, 0.0, last, dtype=np.float32)
    return cut
