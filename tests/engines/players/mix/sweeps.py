"""Sweeps over drawn tracks: levels, places, sends, slots and equalisers alone, and whole mixes.

Of what is said only the numbers are kept: which track, how far, how many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any, Final

from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Band, Character, Loudness, StereoImage
from musearoo.engines.music.knowledge.context import ROLES
from musearoo.engines.players.mix.engine import MixPlan, plan_mix
from musearoo.engines.players.mix.eq_bands import (
    Conflict,
    Cut,
    band_level,
    cut_db,
    find_conflicts,
    loudness_lost,
    masking,
    overlap,
    plan_cuts,
)
from musearoo.engines.players.mix.equaliser import raw_frequency, raw_q, set_equaliser
from musearoo.engines.players.mix.faders import fader_db, fader_position, send_position
from musearoo.engines.players.mix.levels import decibels, estimated_peak, mix_lufs, plan_volumes, power, target_lufs
from musearoo.engines.players.mix.panning import plan_pans
from musearoo.engines.players.mix.report import MixReport, MixState, write_report
from musearoo.engines.players.mix.sends import DELAYS, REVERBS, find_return, plan_sends
from musearoo.engines.players.mix.tracks import DeviceMove, MixDevice, MixTrack, TrackSound
from musearoo.engines.styles.mix import MixStyle, PartMix
from tests.engines import drawn_borders as drawn
from tests.engines.players.test_properties import any_of
from tests.snapshots import Outcome

BANDS: Final = (
    *(("sub", 20.0, 60.0), ("bass", 60.0, 200.0), ("low mid", 200.0, 500.0), ("mid", 500.0, 2000.0)),
    *(("high mid", 2000.0, 6000.0), ("air", 6000.0, 20000.0)),
)
NAMES: Final = (
    *("Kick", "BD 2", "Snare top", "Clap", "Floor tom", "Hats", "Crash", "Shaker loop", "Overheads", "Thing", "808"),
    *("Lead", "Keys", "Pad", "Bass DI"),
)
RETURNS: Final = (("A-Reverb", "B-Delay"), ("Echo", "Big Hall", "Plate"), ("Comp",), (), ("Comp", "My DELAY"))
CONTROLS: Final[tuple[Any, ...]] = ("volume", "panning", "sends", "devices")
LEVELS: Final = (-0.5, -1.0, -2.6, -3.0, -6.0, -9.0, -9.2, -9.3, -12.0, -20.0, -24.0, -60.0)


def outcomes() -> Iterator[Outcome]:
    for name, draw, cases in (
        ("faders", _faders, 200),
        ("volumes", _volumes, 240),
        ("pans", _pans, 60),
        ("sends", _sends, 100),
        ("slots", _slots, 200),
        ("equaliser", _equaliser, 240),
        ("report", _report, 200),
        ("sound", _sound, 100),
        ("mix", _mix, 60),
        ("refused", _refused, 30),
    ):
        yield from drawn.sweep(name, draw, lines=4, cases=cases)


def any_sound(chance: Random) -> TrackSound | None:
    if drawn.maybe(chance, 0.15):
        return None
    lowest = any_of(chance, (60.0, 60.0, 40.0))
    edges = (("sub", 20.0, lowest), ("bass", lowest, 200.0), *BANDS[2:])
    bands = tuple(Band(*band, any_of(chance, LEVELS), 0.0) for band in edges)
    lufs = any_of(chance, (-40.0, -30.0, -24.0, -20.0, -18.0, -14.0, -8.0))
    return TrackSound(
        lufs=lufs,
        peak_db=lufs + any_of(chance, (3.0, 8.0, 14.0)),
        bands=bands if drawn.maybe(chance, 0.85) else (),
        width=any_of(chance, (0.0, 0.3, 0.6, 0.61, 1.0)),
        lowest_pitch=any_of(chance, (None, None, 24, 39, 40, 41, 60)),
        measured=any_of(chance, ("audio", "audio", "rendered")),
    )


def any_track(chance: Random, number: int, untouched: float = 0.7) -> MixTrack:
    """A track; `untouched` is how likely its controls are as Live puts them and free."""

    def controls() -> frozenset[Any]:
        return frozenset(each for each in CONTROLS if drawn.maybe(chance, 0.4 * (1.0 - untouched)))

    sections = tuple(
        (name, any_of(chance, (None, -30.0, -24.0, -20.0, -16.0, -56.0, -60.0)))
        for name in ("Verse", "Chorus", "Out")
        if drawn.maybe(chance, 0.7)
    )
    plain = drawn.maybe(chance, untouched)
    return MixTrack(
        id=10 + number,
        name=f"{any_of(chance, NAMES)} {number}",
        role=any_of(chance, ROLES),
        volume=0.85 if plain else any_of(chance, (0.0, 0.3, 0.7, 0.84, 0.86, 1.0)),
        pan=0.0 if plain else any_of(chance, (0.0, 0.02, -0.02, 0.021, -0.5, 0.3, 1.0)),
        sends=any_of(chance, ((0.0, 0.0), (0.0, 0.0, 0.0), (0.2, 0.0), (0.0,), ())),
        sound=any_sound(chance),
        sections=sections,
        pinned=controls(),
        automated=controls(),
        devices=any_devices(chance),
    )


def any_devices(chance: Random) -> tuple[MixDevice, ...]:
    """Other devices, and an equaliser of which some bands are at work."""
    if drawn.maybe(chance, 0.5):
        return ()
    parameters: dict[str, float] = {}
    for band in range(1, 9):
        if drawn.maybe(chance, 0.8):
            parameters[f"{band} Filter On A"] = any_of(chance, (0.0, 0.49, 0.5, 1.0, 1.0, 1.0))
        if drawn.maybe(chance, 0.9):
            parameters[f"{band} Filter Type A"] = float(any_of(chance, (0, 1, 2, 3, 3, 3, 4, 5)))
        if drawn.maybe(chance, 0.9):
            parameters[f"{band} Gain A"] = any_of(chance, (0.0, -3.0, 2.0))
        hertz = any_of(chance, (110.0, 120.0, 140.0, 316.0, 346.0, 1000.0, 3464.0))
        parameters[f"{band} Frequency A"] = raw_frequency(hertz) + any_of(chance, (0.0, 0.0, 0.039, -0.041))
    devices = (MixDevice(70, "Compressor2"), MixDevice(71, "Eq8", parameters), MixDevice(72, "Eq8"))
    return devices[any_of(chance, (0, 1, 2)) :]


def any_tracks(chance: Random, most: int) -> list[MixTrack]:
    untouched = any_of(chance, (1.0, 0.8, 0.4))
    return [any_track(chance, number, untouched) for number in range(drawn.whole(chance, 0, most))]


def any_style(chance: Random) -> MixStyle:
    def part(level: float) -> PartMix:
        reverb, delay = (any_of(chance, (None, -6.0, -24.0, -60.0, 0.0)) for _ in range(2))
        pan, duck = any_of(chance, (0.0, 0.3, 0.6)), any_of(chance, (0.0, 0.0, 4.0))
        return PartMix(level=level, pan=pan, reverb=reverb, delay=delay, duck=duck)

    if drawn.maybe(chance, 0.4):
        return drawn.any_style(chance).mix
    parts: dict[str, Any] = {role: part(any_of(chance, (-4.0, -9.0, -14.0))) for role in ROLES[:-1]}
    return MixStyle(loudness=any_of(chance, (-30.0, -18.0, -9.0)), contrast=any_of(chance, (0.0, 3.0, 9.0)), **parts)


def numbers_in(sentences: Sequence[str]) -> list[list[str]]:
    """What is said, by its numbers alone."""
    return [re.findall(r"-?\d+(?:\.\d+)?", sentence) for sentence in sentences]


def _faders(chance: Random, number: int) -> object:
    place, db = number / 180.0, -75.0 + 0.42 * number
    return (
        *(fader_db(place), fader_position(db), send_position(db), raw_frequency(2.0 ** chance.random() * number)),
        *(raw_q(0.1 * number), decibels(chance.random() * number), decibels(0.0), power(db)),
    )


def _volumes(chance: Random, _seed: int) -> object:
    tracks, style = any_tracks(chance, 7), any_style(chance)
    known = [track for track in tracks if track.sound is not None]
    lost = any_of(chance, (None, {track.id: any_of(chance, (0.0, 1.5)) for track in known if track.id % 3}))
    volumes = plan_volumes(tracks, style, lost)
    return volumes, target_lufs(known, style), estimated_peak(tracks, volumes), mix_lufs([-20.0] * len(known))


def _loudness(chance: Random, tracks: Sequence[MixTrack]) -> dict[int, float]:
    return {track.id: any_of(chance, (-30.0, -24.0, -20.0, -18.0)) for track in tracks if track.sound is not None}


def _pans(chance: Random, number: int) -> object:
    tracks = any_tracks(chance, 6)
    if number % 10 == 0:
        # A choir that may all go aside: so many that not every distribution is tried.
        tracks = [any_track(chance, place, 1.0) for place in range(9 + number % 6)]
        sound = tracks[0].sound and replace(tracks[0].sound, width=0.0, lowest_pitch=None)
        tracks = [replace(track, role="harmony", sound=sound) for track in tracks]
    return plan_pans(tracks, any_style(chance), _loudness(chance, tracks))


def _sends(chance: Random, _seed: int) -> object:
    tracks, returns = any_tracks(chance, 6), any_of(chance, RETURNS)
    moves = plan_sends(tracks, any_style(chance), returns)
    sent = [(move.track, move.control, move.old, move.new, move.send) for move in moves]
    return sent, find_return(returns, REVERBS), find_return(returns, DELAYS)


def _slots(chance: Random, _seed: int) -> object:
    tracks = any_tracks(chance, 5)
    known = [track for track in tracks if track.sound is not None]
    loudness = _loudness(chance, tracks)
    conflicts = find_conflicts(tracks, loudness)
    cuts = plan_cuts(tracks, conflicts)
    more = [
        Conflict(
            Band(*any_of(chance, BANDS), -3.0, 0.0), track.id, any_of(chance, known).id, any_of(chance, (0.0, 4.5, 9.0))
        )
        for track in known
    ]
    pans = {track.id: track.pan for track in tracks}
    weights = {track.id: 10.0 ** (loudness[track.id] / 20.0) for track in known}
    return (
        *(
            [(each.band.name, each.winner, each.loser, each.near_db) for each in conflicts],
            cuts,
            plan_cuts(tracks, more),
        ),
        *(masking(tracks, loudness, pans, weights, cuts), masking(tracks, loudness, pans, weights, {})),
        [loudness_lost(track, cuts.get(track.id, ())) for track in tracks],
        [overlap(one.sound, other.sound) for one, other in pairwise(tracks)],
        [band_level(track.sound, Band(*band, 0.0, 0.0)) for track in known[:1] if track.sound for band in BANDS],
        [cut_db(any_cut(chance), Band(*band, -3.0, 0.0)) for band in BANDS],
    )


def any_cut(chance: Random) -> Cut:
    if drawn.maybe(chance, 0.4):
        return Cut("low cut", any_of(chance, (30.0, 110.0, 140.0)))
    return Cut("bell", any_of(chance, (110.0, 316.0, 346.0, 1000.0)), any_of(chance, (-2.0, -4.0)), 0.9)


def _set(moves: Sequence[DeviceMove]) -> list[object]:
    return [
        (*(move.track, move.device, move.device_name, move.parameter, move.value), *(move.unit, move.raw, move.old))
        for move in moves
    ]


def _equaliser(chance: Random, _seed: int) -> object:
    return _set(
        set_equaliser(any_track(chance, 1), [any_cut(chance) for _ in range(any_of(chance, (0, 1, 2, 3, 5, 7, 8)))])
    )


def _kept(report: MixReport) -> list[object]:
    return [report.before, report.after, report.tracks, report.sections, numbers_in(report.sentences)]


def _report(chance: Random, _seed: int) -> object:
    tracks = any_tracks(chance, 5)

    def state() -> MixState:
        volumes = {track.id: any_of(chance, (-6.0, 0.0, 6.0)) for track in tracks}
        return MixState(volumes, _loudness(chance, tracks), chance.random())

    return _kept(write_report(tracks, any_style(chance), state(), state()))


def _sound(chance: Random, _seed: int) -> object:
    loudness = Loudness(any_of(chance, (None, -20.0, -14.0, -9.0)), -1.0, None)
    character = Character(
        loudness=any_of(chance, (None, loudness, loudness, loudness)),
        stereo=any_of(chance, (None, StereoImage(0.4, 0.0, 0.9))),
        register=Estimate(any_of(chance, (None, (40, 70))), any_of(chance, (0.29, 0.3, 0.9)), "clip"),
        bands=(Band(*BANDS[0], -3.0, 0.0),),
    )
    track = any_track(chance, 1, untouched=0.3)
    free = [track.may_move(control) for control in CONTROLS]
    return TrackSound.of(character), TrackSound.of(character, "rendered"), free


def kept(plan: MixPlan) -> list[object]:
    """A mix without its words."""
    moves = [
        _set([move]) if isinstance(move, DeviceMove) else (move.track, move.control, move.old, move.new, move.send)
        for move in plan.moves
    ]
    return [moves, plan.cuts, numbers_in(plan.suggestions), *_kept(plan.report)]


def _mix(chance: Random, _seed: int) -> object:
    tracks, bpm = any_tracks(chance, 6), any_of(chance, (20.0, 97.0, 120.0, 300.0))
    return kept(plan_mix(tracks, any_style(chance), any_of(chance, RETURNS), bpm, drawn.maybe(chance, 0.5)))


def _refused(chance: Random, _seed: int) -> object:
    edges: tuple[dict[str, Any], ...] = (
        *({"volume": -0.01}, {"volume": 0.0}, {"volume": 1.0}, {"volume": 1.01}, {"pan": -1.01}, {"pan": -1.0}),
        *({"pan": 1.0}, {"pan": 1.01}, {"sends": (0.0, 1.01)}, {"sends": (-0.01,)}, {"sends": (0.0, 1.0)}),
    )
    return MixTrack(1, "track", "unknown", **any_of(chance, edges)).pan
