"""Render a song of each style as audio and as a plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from musearoo.bridge.audio.rendering import SongPart, render_song, write_rendering
from musearoo.bridge.commands.reports.song_plot import plot_song
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.band.song import play_song
from musearoo.engines.styles.schema import Style

SECONDS: Final = 60.0


def render_songs(styles: Mapping[str, Style], folder: Path, seed: int = 0) -> Iterator[str]:
    """Write STYLE.wav and STYLE.png of a minute of each style, and yield a line per song.

    Raises EngineError and OSError on failure.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, style in styles.items():
        arrangement = plan_song(SongParams(style=style, seconds=SECONDS), seed)
        song = play_song(arrangement, style, seed)
        programs: dict[Role, int] = {
            each.role: each.program for each in arrangement.instruments if each.role != "drums"
        }
        parts = [SongPart(role, clip, programs.get(role)) for role, clip in song.clips.items()]
        rendering = render_song(parts, arrangement.bpm)
        path = folder / f"{name.replace(' ', '_').replace('&', 'n')}.wav"
        write_rendering(rendering, path)
        sections = [(locator.name, locator.beat) for locator in arrangement.locators]
        title = f"{name}, {arrangement.bpm:g} BPM, {arrangement.key}"
        keys = [(section.start, section.key) for section in arrangement.sections]
        plot_song(parts, path.with_suffix(".png"), title, sections, song.chords, keys)
        yield f"{path}: {title}, {rendering.renderer}"
