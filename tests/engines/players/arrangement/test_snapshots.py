"""Snapshots of random forms, and of song plans in every style, with any length, mood and meter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from musearoo.engines.music.meter import Meter
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.arrangement.moods import MOODS
from tests.engines.players.arrangement import sweeps
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield from sweeps.outcomes()
    moods = (None, *MOODS)
    for number, style in enumerate(STYLES):
        for step, seconds in enumerate((None, 15.0, 45.0, 200.0, 600.0)):
            params = SongParams(
                style=STYLES[style],
                seconds=seconds,
                meter=Meter(*((4, 4), (4, 4), (3, 4), (7, 8))[(number + step) % 4]),
                energy=(0.5, 0.0, 1.0)[(number + step) % 3],
                mood=moods[(number + step) % len(moods)],
                bpm=None if step % 2 else 100.0 + number,
            )
            song = plan_song(params, number)
            yield f"{style} {seconds}", [getattr(song, field.name) for field in fields(song)]


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
