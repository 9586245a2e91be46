"""Songs fit their instruments; regression tests for what listeners objected to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import msgspec

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import BY_PITCH, KICK_PITCHES, KIT
from musearoo.engines.music.pitch import parse_pitch
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.arrangement.song_plan import Arrangement
from musearoo.engines.players.band.song import Song, play_song
from musearoo.engines.players.band.song_style import style_of_song
from musearoo.engines.styles.form import BandRole
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES


def plan(style: str, seed: int = 1, **fields: object) -> Arrangement:
    return plan_song(SongParams(style=STYLES[style], **{"seconds": 60.0} | fields), seed)  # type: ignore[arg-type]


def play(arrangement: Arrangement, seed: int = 1) -> Song:
    return play_song(arrangement, STYLES[arrangement.style], seed)


def on(arrangement: Arrangement, role: BandRole, name: str) -> Arrangement:
    """The plan with a part on another of the style's instruments."""
    voice = next(voice for voice in STYLES[arrangement.style].form.voices(role) if voice.name == name)
    return replace(
        arrangement,
        instruments=tuple(
            replace(one, name=voice.name, program=voice.program) if one.role == role else one
            for one in arrangement.instruments
        ),
    )


INSTRUMENTS = [
    (style.name, role, voice.name)
    for style in STYLES.values()
    for role in ("bass", "melody")
    for voice in style.form.voices(role)
    if voice.low
]


@each_case("style, role, name", INSTRUMENTS)
def test_tunes_and_basses_lie_where_their_instrument_reaches(style: str, role: BandRole, name: str) -> None:
    arrangement = on(plan(style, seconds=30.0), role, name)
    voice = next(voice for voice in STYLES[style].form.voices(role) if voice.name == name)
    pitches = [note.pitch for note in play(arrangement).clips.get(role, Clip("", 4.0)).notes]
    assert all(parse_pitch(voice.low) <= pitch <= parse_pitch(voice.high) for pitch in pitches)


def test_stabs_are_short_and_a_vibraphone_may_ring() -> None:
    arrangement = plan("hip-hop", 3)

    def longest(name: str) -> float:
        return max(note.duration for note in play(on(arrangement, "melody", name), 3).clips["melody"].notes)

    assert longest("horn stabs") <= 0.5 < longest("vibraphone")


def test_chords_are_played_as_their_instrument_does() -> None:
    arrangement = plan("jazz swing")

    def ways(name: str) -> set[str]:
        style = style_of_song(STYLES["jazz swing"], on(arrangement, "harmony", name), 0.5, 1)
        return {way.name for way in style.harmony.comping}

    assert ways("jazz guitar") - ways("piano") == {"freddie green"}
    assert ways("piano") <= ways("jazz guitar")


def test_an_instrument_that_no_comping_names_may_use_any_comping() -> None:
    arrangement = plan("reggae")
    stranger = replace(arrangement, instruments=tuple(replace(one, name="sitar") for one in arrangement.instruments))
    style = STYLES["reggae"]
    played = style_of_song(style, stranger, 0.5, 1)
    assert (played.bass, played.harmony, played.melody) == (style.bass, style.harmony, style.melody)


def test_a_reggae_song_has_one_groove_and_another_song_another() -> None:
    style, arrangement = STYLES["reggae"], plan("reggae")
    chosen = [style_of_song(style, arrangement, 0.5, seed).drums.grooves for seed in range(20)]
    assert all(len(grooves) == 1 for grooves in chosen)
    assert len({grooves[0].name for grooves in chosen}) >= 3
    free = msgspec.structs.replace(style, drums=msgspec.structs.replace(style.drums, one_groove=0.0))
    assert style_of_song(free, arrangement, 0.5, 1).drums == free.drums


def test_one_groove_leaves_a_section_its_own() -> None:
    style = STYLES["metal"]
    drums = msgspec.structs.replace(style.drums, one_groove=1.0)
    grooves = style_of_song(msgspec.structs.replace(style, drums=drums), plan("metal"), 0.5, 1).drums.grooves
    assert [groove.sections for groove in grooves] == [(), ("bridge",)]


def test_a_pianist_leaves_beats_out_and_solos_are_comped_otherwise() -> None:
    quarters = bars = 0
    for seed in range(4):
        song = play(on(plan("jazz swing", seed, form="AABA choruses", seconds=90.0), "harmony", "piano"), seed)
        for played in song.sections:
            clip = played.clip("harmony")
            assert clip is not None
            struck = {round(note.start * 2.0 - 0.25) for note in clip.notes}
            for bar in range(played.section.bars):
                bars += 1
                quarters += {step - 8 * bar for step in struck if 8 * bar <= step < 8 * bar + 8} == {0, 2, 4, 6}
    assert quarters < 0.02 * bars


def test_a_metal_breakdown_is_in_half_time_and_a_chorus_leaves_the_hats() -> None:
    hats = frozenset(KIT[voice].pitch for voice in ("closed_hat", "open_hat"))
    places: Counter[float] = Counter()
    for seed in range(6):
        for played in play(plan("metal", seed), seed).sections:
            drums = played.clip("drums")
            if drums is None:
                continue
            if played.section.section.kind == "bridge":
                before_the_fill = [n for n in drums.notes if n.start < played.section.length - 4.5]
                places.update(round(n.start) % 4 for n in before_the_fill if n.pitch == KIT["snare"].pitch)
            if played.section.section.kind == "chorus":
                time = [n for n in drums.notes if BY_PITCH[n.pitch].group in ("cymbals", "crash")]
                assert sum(n.pitch in hats for n in time) < 0.35 * len(time)
    assert places[2] > 0.7 * places.total() > 0


@each_case("style", ["house", "techno", "drum and bass", "bossa nova", "lo-fi", "soul"])
def test_a_song_stops_on_its_tonic_however_it_ends(style: str) -> None:
    for seed in range(4):
        song = play_song(plan(style, seed), STYLES[style], seed, engines=())
        assert song.chords[-1].chord.root == song.arrangement.sections[-1].key.tonic
        assert song.chords[-1].end - song.chords[-1].start >= song.arrangement.meter.bar_beats - 1e-6
        assert song.arrangement.ending != "cold" or song.sections[-1].section.section.kind == "outro"


@each_case("seed", range(4))
def test_a_club_track_can_be_mixed_in_and_out(seed: int) -> None:
    song = play(plan("house", seed, form="club track"), seed)
    first, last = song.sections[0], song.sections[-1]
    assert (first.section.section.kind, last.section.section.kind) == ("intro", "outro")
    for played in (first, last):
        drums = played.clip("drums")
        assert drums is not None
        assert any(note.pitch in KICK_PITCHES for note in drums.notes)


def test_a_drummer_whose_grooves_are_all_for_kinds_of_section_keeps_them() -> None:
    style = STYLES["rock"]
    grooves = tuple(msgspec.structs.replace(groove, sections=("verse",)) for groove in style.drums.grooves)
    drums = msgspec.structs.replace(style.drums, grooves=grooves, one_groove=1.0)
    own = style_of_song(msgspec.structs.replace(style, drums=drums), plan("rock"), 0.5, 1)
    assert own.drums == drums
