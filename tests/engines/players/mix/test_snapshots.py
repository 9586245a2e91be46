"""Snapshots of random tracks, and of mixes of a band in every style: moves, cuts, advice and report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from musearoo.engines.music.knowledge.analysis import Band
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.mix.engine import plan_mix
from musearoo.engines.players.mix.eq_bands import Cut, cut_db
from musearoo.engines.players.mix.equaliser import raw_frequency
from musearoo.engines.players.mix.tracks import MixDevice, MixTrack
from tests.engines.players.mix import sweeps
from tests.engines.players.mix.test_mix import BAND, KEYS, KICK, LOW, PAD, RETURNS, VOICE, a_sound, a_track
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome, check_snapshots

Shares = tuple[float, ...]
MORE: tuple[MixTrack, ...] = tuple(
    a_track(7 + number, name, role, a_sound(lufs, shares, lowest, lufs + 8.0))
    for number, (name, role, lufs, shares, lowest) in enumerate[tuple[str, Role, float, Shares, int | None]]((
        ("Lead synth", "melody", -17.0, VOICE, 60),
        ("Choir", "harmony", -25.0, VOICE, 40),
        ("Perc", "drums", -24.0, PAD, None),
        ("Snare", "drums", -18.0, KICK, None),
        ("Sub", "bass", -13.0, LOW, 24),
        ("Strings", "harmony", -21.0, KEYS, 36),
        ("Texture", "unknown", -28.0, PAD, None),
    ))
)  # fmt: skip


def outcomes() -> Iterator[Outcome]:
    yield from sweeps.outcomes()
    for number, style in enumerate(STYLES):
        tracks = (*BAND, *MORE[: number % 8])
        if number % 3 == 1:
            tracks = tuple(
                replace(
                    track,
                    volume=0.5 + 0.03 * track.id,
                    pan=(-0.4, 0.0, 0.02, 0.6)[track.id % 4],
                    sends=(0.1 * (track.id % 3), 0.0),
                    devices=(MixDevice(70 + track.id, "Eq8", {f"{1 + track.id % 8} Filter On A": 0.0}),),
                    pinned=frozenset(("volume",)) if track.id == 3 else frozenset(),
                    automated=frozenset(("panning",)) if track.id == 4 else frozenset(),
                    sections=(("Verse", -20.0 - track.id), ("Chorus", -17.0 - 0.5 * track.id), ("Out", None)),
                )
                for track in tracks
            )
        plan = plan_mix(tracks, STYLES[style].mix, RETURNS, with_devices=number % 2 == 0, bpm=90.0 + number)
        yield style, sweeps.kept(plan)
    for hertz in (31.0, 120.0, 500.0, 4000.0):
        yield (
            f"{hertz:g} Hz",
            (
                raw_frequency(hertz),
                [
                    cut_db(Cut(kind, hertz, -3.0, 0.8), Band("mid", 200.0, 900.0, -3.0, 0.0))
                    for kind in ("bell", "low cut")
                ],
            ),
        )


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
