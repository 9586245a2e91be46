"""MixAroo: levels on target, balanced panning, cuts against masking, and no change to pinned controls."""

from __future__ import annotations

from dataclasses import replace
from math import log10

import pytest

from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.music.knowledge.analysis import Band, Character, Loudness
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.mix.engine import MixPlan, plan_mix
from musearoo.engines.players.mix.eq_bands import Cut, cut_db, masking
from musearoo.engines.players.mix.equaliser import raw_frequency
from musearoo.engines.players.mix.faders import fader_db, fader_position, send_position
from musearoo.engines.players.mix.levels import mix_lufs, target_lufs
from musearoo.engines.players.mix.tracks import Control, DeviceMove, MixDevice, MixerMove, MixTrack, TrackSound
from musearoo.engines.styles.mix import MixStyle
from musearoo.engines.styles.reading import parse_style
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES, rock_data

NAMES = ("sub", "bass", "low mid", "mid", "high mid", "air")
EDGES = (20.0, 60.0, 200.0, 600.0, 2500.0, 6000.0, 16_000.0)
KICK = (0.4, 0.35, 0.1, 0.05, 0.05, 0.05)
LOW = (0.25, 0.55, 0.15, 0.03, 0.01, 0.01)
KEYS = (0.0, 0.2, 0.45, 0.3, 0.04, 0.01)
VOICE = (0.0, 0.03, 0.35, 0.45, 0.14, 0.03)
PAD = (0.01, 0.24, 0.4, 0.3, 0.04, 0.01)
STYLE = MixStyle()


def a_sound(lufs: float, shares: tuple[float, ...], lowest: int | None = None, peak: float | None = None) -> TrackSound:
    bands = tuple(
        Band(name, low, high, max(-90.0, 10.0 * log10(max(share, 1e-9))), 0.0)
        for name, low, high, share in zip(NAMES, EDGES[:-1], EDGES[1:], shares, strict=True)
    )
    return TrackSound(lufs, lufs + 12.0 if peak is None else peak, bands, 0.0, lowest)


def a_track(number: int, name: str, role: Role, sound: TrackSound | None, **others: object) -> MixTrack:
    return replace(MixTrack(number, name, role, sends=(0.0, 0.0), sound=sound), **others)  # type: ignore[arg-type]


BAND = (
    a_track(1, "Drums", "drums", a_sound(-12.0, KICK)),
    a_track(2, "Bass", "bass", a_sound(-20.0, LOW, 28)),
    a_track(3, "Keys", "harmony", a_sound(-15.0, KEYS, 48)),
    a_track(4, "Guitar", "harmony", a_sound(-18.0, KEYS, 52)),
    a_track(5, "Voice", "melody", a_sound(-22.0, VOICE, 57)),
    a_track(6, "Pad", "atmosphere", a_sound(-14.0, PAD, 50)),
)
RETURNS = ("A-Reverb", "B-Delay")


def moved(plan: MixPlan, control: str) -> dict[int, float]:
    return {move.track: move.new for move in plan.moves if isinstance(move, MixerMove) and move.control == control}


def performed(tracks: tuple[MixTrack, ...], plan: MixPlan) -> tuple[MixTrack, ...]:
    """The tracks as they stand when all moves are made."""
    after = []
    for track in tracks:
        sends = list(track.sends)
        equaliser: dict[str, float] = {}
        for move in plan.moves:
            if move.track != track.id:
                continue
            if isinstance(move, DeviceMove):
                equaliser[move.parameter] = move.raw
            elif move.control == "volume":
                track = replace(track, volume=move.new)
            elif move.control == "panning":
                track = replace(track, pan=move.new)
            elif move.send is not None:
                sends[move.send] = move.new
        devices = (*track.devices, MixDevice(9, "Eq8", equaliser)) if equaliser else track.devices
        after.append(replace(track, sends=tuple(sends), devices=devices))
    return tuple(after)


def test_every_track_reaches_its_level() -> None:
    plan = plan_mix(BAND, STYLE, RETURNS, with_devices=True)
    report = plan.report
    assert report.after is not None
    off = [row.after - row.target for row in report.tracks]
    # All may come down together for the peaks' sake, but the balance holds.
    assert max(off) - min(off) < 1.0
    assert report.after.lufs <= STYLE.loudness + 1.5


def test_a_fader_is_what_the_loudness_needs() -> None:
    uncut = tuple(replace(track, pinned=frozenset(("devices",))) for track in BAND)
    plan = plan_mix(uncut, STYLE, with_devices=True)
    volumes = moved(plan, "volume")
    for track, row in zip(uncut, plan.report.tracks, strict=True):
        if track.id in volumes and track.sound is not None:
            assert fader_db(volumes[track.id]) + track.sound.lufs == pytest.approx(row.after, abs=0.01)
    # A bell takes loudness too, which the fader makes up for.
    assert plan_mix(BAND, STYLE, with_devices=True).report.tracks[3].after == pytest.approx(
        plan.report.tracks[3].after, abs=0.5
    )


def test_the_targets_of_a_role_add_up_and_pieces_of_a_kit_keep_their_places() -> None:
    kit = [
        a_track(number, name, "drums", a_sound(-15.0, KICK))
        for number, name in enumerate(("Kick", "Snare", "Hi-hat", "Shaker"))
    ]
    targets = target_lufs(kit, STYLE)
    assert mix_lufs(list(targets.values())) == pytest.approx(STYLE.loudness + STYLE.drums.level, abs=0.01)
    assert targets[0] > targets[1] > targets[3] > targets[2]


def test_peaks_stay_below_full_scale() -> None:
    hot = tuple(replace(track, sound=replace(track.sound, peak_db=0.0)) for track in BAND if track.sound)
    report = plan_mix(hot, MixStyle(loudness=-9.0)).report
    assert report.after is not None
    assert report.after.peak_db <= -1.0 + 1e-6
    assert any("come down" in sentence for sentence in report.sentences)


def test_a_track_too_soft_for_its_fader_does_not_drag_the_mix_down() -> None:
    faint = a_track(7, "Vinyl", "atmosphere", a_sound(-70.0, PAD))
    plan, usual = plan_mix((*BAND, faint), STYLE), plan_mix(BAND, STYLE)
    assert moved(plan, "volume")[7] == 1.0
    assert moved(plan, "volume")[1] > moved(usual, "volume")[1] - 0.2
    assert any("Vinyl is too soft for its fader" in sentence for sentence in plan.report.sentences)


def test_a_mix_that_was_made_needs_no_second_one() -> None:
    tracks: tuple[MixTrack, ...] = BAND
    for _ in range(2):
        plan = plan_mix(tracks, STYLE, RETURNS, with_devices=True)
        tracks = performed(tracks, plan)
    assert plan_mix(tracks, STYLE, RETURNS, with_devices=True).moves == ()


def test_the_same_tracks_give_the_same_plan() -> None:
    assert plan_mix(BAND, STYLE, RETURNS, with_devices=True) == plan_mix(BAND, STYLE, RETURNS, with_devices=True)


@each_case("why", ["pinned", "automated"])
@each_case("control", ["volume", "panning", "sends", "devices"])
def test_nothing_is_touched_that_is_pinned_or_automated(why: str, control: Control) -> None:
    kept = tuple(replace(track, **{why: frozenset({control})}) for track in BAND)  # type: ignore[arg-type]
    plan = plan_mix(kept, STYLE, RETURNS, with_devices=True)
    assert plan.moves
    named = {"volume": "volume", "panning": "panning", "sends": "send"}.get(control)
    assert not any(isinstance(move, MixerMove) and move.control == named for move in plan.moves)
    if control == "devices":
        assert not any(isinstance(move, DeviceMove) for move in plan.moves)
        assert plan.cuts == {}


def test_others_are_balanced_around_a_pinned_fader() -> None:
    soft = tuple(
        replace(track, volume=0.7, pinned=frozenset(("volume",))) if track.id == 5 else track for track in BAND
    )
    plan, usual = plan_mix(soft, STYLE), plan_mix(BAND, STYLE)
    assert 5 not in moved(plan, "volume")
    assert not any("come down" in sentence for sentence in plan.report.sentences)
    voice = next(row for row in plan.report.tracks if row.id == 5)
    keys = next(row for row in plan.report.tracks if row.id == 3)
    assert voice.after - keys.after == pytest.approx(voice.target - keys.target, abs=1.0)
    assert usual.moves != plan.moves


def test_what_was_not_measured_keeps_its_level_and_is_named() -> None:
    tracks = (*BAND, a_track(7, "Vinyl", "unknown", None))
    plan = plan_mix(tracks, STYLE, RETURNS)
    assert 7 not in moved(plan, "volume")
    assert any("Vinyl" in sentence for sentence in plan.report.sentences)
    assert plan_mix((), STYLE).moves == ()
    assert plan_mix((a_track(7, "Vinyl", "unknown", None),), STYLE).report.before is None


def test_the_low_end_and_the_singer_stand_in_the_middle_and_the_rest_balances() -> None:
    pans = moved(plan_mix(BAND, STYLE), "panning")
    assert not {1, 2, 5} & pans.keys()
    assert {3, 4} <= pans.keys()
    assert pans[3] * pans[4] < 0.0, "what sounds alike stands apart"
    assert abs(sum(pans.values())) <= STYLE.atmosphere.pan + 1e-9


def test_a_place_that_somebody_chose_stays_and_is_balanced() -> None:
    tracks = tuple(replace(track, pan=-0.5) if track.id == 3 else track for track in BAND)
    pans = moved(plan_mix(tracks, STYLE), "panning")
    assert 3 not in pans
    assert pans[4] > 0.0


def test_one_track_alone_is_not_put_aside() -> None:
    assert moved(plan_mix((BAND[0], BAND[1], BAND[2], BAND[4]), STYLE), "panning") == {}


def test_many_tracks_are_spread_too() -> None:
    crowd = tuple(a_track(number, f"Keys {number}", "harmony", a_sound(-18.0, KEYS, 60)) for number in range(14))
    pans = moved(plan_mix(crowd, STYLE), "panning")
    assert abs(sum(pans.values())) < 1e-9
    assert len(pans) == 14


def test_sends_open_by_role_and_open_ones_stay() -> None:
    tracks = tuple(replace(track, sends=(0.4, 0.0)) if track.id == 3 else track for track in BAND)
    sends = {
        (move.track, move.send): move.new
        for move in plan_mix(tracks, STYLE, RETURNS).moves
        if isinstance(move, MixerMove) and move.control == "send"
    }
    assert (3, 0) not in sends
    assert sends[6, 0] > sends[5, 0] > sends[1, 0]
    assert (2, 0) not in sends, "the bass stays dry"
    assert (5, 1) in sends
    assert not [move for move in plan_mix(BAND, STYLE, ("Crunch",)).moves if move.track == 6 and is_send(move)]


def is_send(move: object) -> bool:
    return isinstance(move, MixerMove) and move.control == "send"


def test_the_losing_track_is_cut_and_the_voice_never() -> None:
    plan = plan_mix(BAND, STYLE, with_devices=True)
    assert 5 not in plan.cuts or all(cut.kind == "low cut" for cut in plan.cuts[5])
    assert 2 not in plan.cuts or all(cut.hertz > 200.0 for cut in plan.cuts[2])
    low_cuts = {track: cut.hertz for track, cuts in plan.cuts.items() for cut in cuts if cut.kind == "low cut"}
    assert 4 in low_cuts
    assert low_cuts[4] < 165.0, "below the lowest note of the guitar"
    bells = [cut for cuts in plan.cuts.values() for cut in cuts if cut.kind == "bell"]
    assert bells
    assert all(-4.0 <= cut.gain_db <= -2.0 for cut in bells)
    assert any("EQ Eight" in sentence for sentence in plan.suggestions)


def test_where_no_device_can_be_set_cuts_are_advice_and_no_fader_makes_up_for_them() -> None:
    plan, full = plan_mix(BAND, STYLE), plan_mix(BAND, STYLE, with_devices=True)
    assert plan.cuts == {}
    assert not [move for move in plan.moves if isinstance(move, DeviceMove)]
    assert [text for text in plan.suggestions if "EQ" in text] == [text for text in full.suggestions if "EQ" in text]
    assert moved(plan, "volume")[4] < moved(full, "volume")[4]
    assert any("more on its fader" in text for text in plan.suggestions)


def test_parts_cover_each_other_less_than_before() -> None:
    report = plan_mix(BAND, STYLE, with_devices=True).report
    assert report.before is not None
    assert report.after is not None
    assert report.after.masking < report.before.masking


def masked(
    *tracks: MixTrack, loud: float = -20.0, pans: tuple[float, ...] = (), weights: tuple[float, ...] = ()
) -> float:
    """How much of these tracks, all as loud, is covered."""
    numbers = [track.id for track in tracks]
    return masking(
        tracks,
        dict.fromkeys(numbers, loud),
        dict(zip(numbers, pans or (0.0,) * len(tracks), strict=True)),
        dict(zip(numbers, weights or (1.0,) * len(tracks), strict=True)),
        {},
    )


def test_two_of_one_sound_cover_half_of_each_other_and_what_has_its_own_band_nothing() -> None:
    alone = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    one, twin = (a_track(number, "Keys", "harmony", a_sound(-18.0, KEYS)) for number in (1, 2))
    low, high = (
        a_track(number, "Tone", "harmony", a_sound(-18.0, shares)) for number, shares in ((3, alone), (4, alone[::-1]))
    )
    assert masked(one, twin) == pytest.approx(0.5)
    assert masked(low, high) == pytest.approx(0.0, abs=1e-6)
    assert masked(one) == 0.0
    assert masked() == 0.0


def test_a_soft_mix_masks_as_much_as_a_loud_one() -> None:
    assert masked(*BAND, loud=-70.0) == pytest.approx(masked(*BAND, loud=-10.0))


def test_tracks_that_stand_apart_cover_each_other_less_and_no_further_than_half() -> None:
    keys, guitar = BAND[2:4]
    covered = [masked(keys, guitar, pans=(-place, place)) for place in (0.0, 0.25, 0.5, 1.0)]
    assert covered[0] > covered[1] > covered[2] == covered[3]
    assert covered[3] == pytest.approx(1.0 / 3.0), "half as loud in the other's place is a third of both"


def test_masking_of_lead_parts_counts_more_than_of_backing_parts() -> None:
    voice, loud_keys = BAND[4], replace(BAND[2], id=7)
    levels = {5: -30.0, 7: -10.0}
    pans = {5: 0.0, 7: 0.0}
    of_voice, of_keys = (
        masking((voice, loud_keys), levels, pans, weights, {}) for weights in ({5: 1.0, 7: 0.0}, {5: 0.0, 7: 1.0})
    )
    both = masking((voice, loud_keys), levels, pans, {5: 1.0, 7: 1.0}, {})
    assert of_voice > 0.8
    assert of_keys < 0.05
    assert both == pytest.approx((of_voice + of_keys) / 2.0), "as much of each as it weighs, however loud it is"


def test_an_equaliser_that_is_there_is_used_where_it_has_bands_to_spare() -> None:
    flat = {f"{band} Filter On A": 1.0 for band in range(1, 5)} | {f"{band} Gain A": 0.0 for band in range(1, 9)}
    flat |= {f"{band} Filter On A": 0.0 for band in range(5, 9)} | {f"{band} Filter Type A": 3.0 for band in range(9)}
    used = flat | {"1 Gain A": 2.5}
    full = {f"{band} Filter On A": 1.0 for band in range(1, 9)} | {f"{band} Gain A": 1.0 for band in range(1, 9)}
    for parameters, device, first in ((flat, 77, "1"), (used, 77, "2"), (full, None, "1")):
        tracks = tuple(
            replace(track, devices=(MixDevice(77, "Eq8", parameters),)) if track.id == 3 else track for track in BAND
        )
        moves = [
            move
            for move in plan_mix(tracks, STYLE, with_devices=True).moves
            if isinstance(move, DeviceMove) and move.track == 3
        ]
        assert {move.device for move in moves} == {device}
        assert moves[0].parameter.startswith(first)
        assert (moves[0].old is None) == (device is None)


def test_ducking_is_advised_with_figures_where_the_style_pumps() -> None:
    house = STYLES["house"].mix
    sentences = [text for text in plan_mix(BAND, house, bpm=120.0).suggestions if "Side-chain" in text]
    assert any("Compressor on Bass" in text and "release 250 ms" in text for text in sentences)
    assert not [text for text in plan_mix(BAND, STYLE).suggestions if "Side-chain" in text]


def test_sections_are_reported_with_outliers_and_contrast() -> None:
    tracks = tuple(
        replace(track, sections=(("Verse", track.sound.lufs - 1.0), ("Chorus", track.sound.lufs), ("End", None)))
        for track in BAND
        if track.sound
    )
    loud = tuple(
        replace(track, sections=(("Verse", track.sound.lufs + 9.0), ("Chorus", track.sound.lufs)))
        if track.id == 6 and track.sound
        else track
        for track in tracks
    )
    report = plan_mix(tracks, STYLE).report
    assert [section.name for section in report.sections] == ["Verse", "Chorus"]
    assert report.sections[1].lufs - report.sections[0].lufs == pytest.approx(1.0, abs=0.01)
    assert any("only 1.0 LU louder" in sentence for sentence in report.sentences)
    assert any("Pad stands" in sentence and "Verse" in sentence for sentence in plan_mix(loud, STYLE).report.sentences)


def test_measurements_on_rendered_notes_are_marked() -> None:
    tracks = tuple(replace(track, sound=replace(track.sound, measured="rendered")) for track in BAND if track.sound)
    assert any("our own synthesiser" in sentence for sentence in plan_mix(tracks, STYLE).report.sentences)


def test_faders_follow_live() -> None:
    for position, db in ((0.85, 0.0), (1.0, 6.0), (0.4, -18.0), (0.6, -10.0), (0.0346, -60.0), (0.051, -57.0)):
        assert fader_db(position) == pytest.approx(db, abs=0.6)
    positions = [place / 200 for place in range(201)]
    levels = [fader_db(position) for position in positions]
    assert levels == sorted(levels)
    assert all(fader_position(fader_db(position)) == pytest.approx(position, abs=1e-6) for position in positions)
    assert fader_position(30.0) == 1.0
    assert send_position(-200.0) == 0.0


def test_cuts_take_what_they_say() -> None:
    band = Band("low mid", 200.0, 600.0, -3.0, 0.0)
    assert -3.5 < cut_db(Cut("bell", 346.0, -4.0, 0.9), band) < -2.0
    assert cut_db(Cut("low cut", 60.0), band) == pytest.approx(0.0, abs=0.2)
    assert cut_db(Cut("low cut", 800.0), band) < -12.0
    assert raw_frequency(200.0) > raw_frequency(100.0)


def test_a_track_that_cannot_be_is_refused() -> None:
    with pytest.raises(ParamError, match="volume must be 0 to 1"):
        MixTrack(1, "x", "bass", volume=1.2)
    with pytest.raises(ParamError, match="pan must be -1 to 1"):
        MixTrack(1, "x", "bass", pan=2.0)


def test_a_sound_comes_from_an_analysis() -> None:
    assert TrackSound.of(Character()) is None
    assert TrackSound.of(Character(loudness=Loudness(None, -200.0, None))) is None
    sound = TrackSound.of(Character(loudness=Loudness(-14.0, -2.0, 3.0)))
    assert sound is not None
    assert (sound.lufs, sound.peak_db, sound.measured) == (-14.0, -2.0, "audio")


def test_every_style_has_a_mix_of_its_own_that_adds_up() -> None:
    seen = set()
    for style in STYLES.values():
        parts = [style.mix.part(role) for role in ("drums", "bass", "harmony", "melody", "atmosphere")]
        whole = mix_lufs([part.level for part in parts])
        assert -2.5 < whole < 2.0, f"the parts of {style.name} come to {whole:.1f} LU beside the whole"
        seen.add(tuple(part.level for part in parts))
    assert len(seen) >= 25


@each_case(
    "mix, problem",
    [
        ({"bass": {"level": -5, "pan": 0.5}}, "low end stands in the middle"),
        ({"drums": {"level": -5, "duck": 3}}, "ducks under itself"),
        ({"harmony": {"level": 3}}, "<= 0"),
        ({"loudness": 0}, "<= -8"),
        ({"vocals": {"level": -3}}, "unknown field"),
    ],
)
def test_a_faulty_section_is_named(mix: dict[str, object], problem: str) -> None:
    with pytest.raises(PresetError, match=problem):
        parse_style({**rock_data(), "mix": mix}, "rock")
