"""Music as background and as false input: songs that our own band plays, or files of a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from musearoo.bridge.audio.rendering import SongPart, render_song
from musearoo.bridge.settings.home_files import make_private_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import ParamError
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.band.song import play_song
from musearoo.engines.styles.reading import find_style
from musearoo.tools.bench.voice.spoken import RATE, Voice, read_sound, resample, usual_folder, write_flac

STYLES: Final = ("funk", "house", "rock", "jazz swing", "trap", "reggae", "pop", "techno")
"""Dense and sparse, straight and swung, with keys, guitars and synthesisers."""

SEED: Final = 2024
SONG_SECONDS: Final = 75.0
"""How long each song is planned: the minute that is kept lies inside."""

KEPT_SECONDS: Final = 60.0
LEAD_IN: Final = 5.0
"""Seconds that are skipped at the beginning, because songs begin sparsely."""

STRIDE: Final = 0.6180339887
"""The step between excerpts as a fraction of a piece: irrational, so that all starts are equally frequent."""

SOUNDS: Final = frozenset({".wav", ".flac", ".aif", ".aiff", ".ogg", ".mp3"})


@dataclass(frozen=True, slots=True, eq=False)
class Music:
    """A piece of music at the sample rate of voices."""

    name: str
    sound: Voice


def play_music(count: int = len(STYLES), kept: Path | None = None) -> tuple[Music, ...]:
    """Return `count` pieces of KEPT_SECONDS by our own band, in different styles, then with different seeds.

    Deterministic.

    They are rendered by our own synthesiser and mixed in their style, with the melody in place of a singer. Renders are
    cached in a folder, by default one of MuseAroo's own.
    """
    return tuple(play_piece(STYLES[number % len(STYLES)], SEED + number, kept) for number in range(count))


def play_piece(style: str, seed: int, kept: Path | None = None) -> Music:
    """Return one such piece."""
    folder = kept or usual_folder()
    make_private_folder(folder)
    return Music(f"{style} {seed}", _read_or_play(style, seed, folder))


def read_music(folder: Path) -> tuple[Music, ...]:
    """Return the sound files of a folder, by name. Raises ParamError when there are none."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SOUNDS)
    if not paths:
        raise ParamError("music", "a folder of sound files", str(folder))
    return tuple(Music(path.stem, read_sound(path)) for path in paths)


def take_excerpt(pieces: Sequence[Music], number: int, frames: int) -> Voice:
    """Return the numbered excerpt: of each piece in turn, from a start that no other number uses soon."""
    piece = pieces[number % len(pieces)].sound
    start = int(number * STRIDE % 1.0 * len(piece))
    return np.take(piece, range(start, start + frames), mode="wrap")


def _read_or_play(style: str, seed: int, folder: Path) -> Voice:
    path = folder / f"{style.replace(' ', '-')}-{seed}.flac"
    if path.exists():
        return read_sound(path)
    sound = _play(style, seed)
    with tempfile.TemporaryDirectory(dir=folder) as drafts:
        write_flac(Path(drafts) / path.name, sound).replace(path)
    # As it will be read the next time, rounded to 16 bits.
    return read_sound(path)


def _play(name: str, seed: int) -> Voice:
    """Return KEPT_SECONDS of a song, its peak 3 dB below full scale."""
    style = find_style(name, read_styles())
    song = play_song(plan_song(SongParams(style=style, seconds=SONG_SECONDS), seed), style, seed)
    parts = [
        SongPart(one.name, song.clips[one.role], None if one.role == "drums" else one.program, one.role)
        for one in song.arrangement.instruments
        if one.role in song.clips
    ]
    rendering = render_song(parts, song.arrangement.bpm, renderer="own", mix=style.mix)
    sound = resample(rendering.samples.mean(axis=0), rendering.rate)
    sound = sound[round(LEAD_IN * RATE) :][: round(KEPT_SECONDS * RATE)]
    return np.asarray(sound * (0.7 / max(float(np.abs(sound).max()), 1e-9)), np.float32)
