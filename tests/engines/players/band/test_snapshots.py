"""Snapshots of songs and scenes of the whole band."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.band.scene import play_scene, roles_of_style
from musearoo.engines.players.band.song import play_song
from musearoo.engines.players.params import EngineParams
from tests.engines.players.band.sweeps import sweeps
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield from sweeps()
    for number, style in enumerate(STYLES):
        preset = STYLES[style]
        params = EngineParams(style=preset, bars=4, complexity=(0.2, 0.8)[number % 2])
        scene = play_scene(params, MusicalContext.plain(bpm=preset.tempo.usual), number, roles_of_style(preset.form))
        yield f"{style}, scene", (scene.chords, scene.context.key, tuple(notes_of(take.clip) for take in scene.takes))
    for number, style in enumerate(tuple(STYLES)[::6]):
        meter = Meter(*((4, 4), (3, 4))[number % 2])
        plan = plan_song(SongParams(style=STYLES[style], seconds=60.0, meter=meter, bpm=110.0), number)
        song = play_song(plan, STYLES[style], number, complexity=0.2 + 0.15 * number)
        yield f"{style}, song", song.sentences
        for role, clip in song.clips.items():
            yield f"{style}, song, {role}", notes_of(clip)


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
