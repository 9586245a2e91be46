"""Song plans in every style, length and meter."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.players.arrangement.engine import SongParams, find_form, plan_song
from musearoo.engines.players.arrangement.moods import MOODS
from musearoo.engines.players.arrangement.song_plan import Arrangement
from musearoo.engines.styles.form import FormStyle
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

SECONDS = (15.0, 30.0, 60.0, 180.0, 600.0)
CLUB = ("house", "deep house", "techno", "trance", "drum and bass", "dubstep")


def plan(style: str, seed: int = 0, **fields: object) -> Arrangement:
    return plan_song(SongParams(style=STYLES[style], **fields), seed)  # type: ignore[arg-type]


@each_case("style", STYLES)
@each_case("meter", ["4/4", "3/4", "7/8", "12/8"])
def test_a_song_of_any_length_is_whole_and_as_long_as_asked(style: str, meter: str) -> None:
    signature = Meter.parse(meter)
    for seed, seconds in enumerate(SECONDS):
        song = plan(style, seed, seconds=seconds, meter=signature)
        assert song == plan(style, seed, seconds=seconds, meter=signature)
        bars_off = abs(song.seconds - seconds) * song.bpm / 60.0 / signature.bar_beats
        assert bars_off <= STYLES[style].form.phrase
        check_whole(song)


@each_case("style", STYLES)
def test_every_form_by_its_name_can_have_any_length(style: str) -> None:
    for form in STYLES[style].form.forms:
        for seconds in SECONDS:
            song = plan(style, 3, seconds=seconds, form=form.name.upper(), bpm=100.0)
            assert song.form == form.name
            assert abs(song.seconds - seconds) <= STYLES[style].form.phrase * 2.4
            check_whole(song)


def test_a_style_without_a_form_section_has_songs() -> None:
    mine = msgspec.structs.replace(STYLES["rock"], form=FormStyle())
    for seed, seconds in enumerate(SECONDS):
        song = plan_song(SongParams(style=mine, seconds=seconds), seed)
        assert abs(song.seconds - seconds) < 8.0
        check_whole(song)


def check_whole(song: Arrangement) -> None:
    """What any plan must be: sections without gaps, parts inside them, one climax, an ending only at the end."""
    assert song.sections[0].start == 0.0
    for section, following in pairwise(song.sections):
        assert following.start == pytest.approx(section.end)
        assert section.section.following == following.section.energy
        assert not section.section.ends_song
    last = song.sections[-1]
    assert last.section.following is None
    assert last.section.ends_song == (song.ending in ("final", "button"))
    assert song.bars == sum(section.bars for section in song.sections)
    for section in song.sections:
        assert 1 <= section.bars <= 64
        assert section.length == pytest.approx(section.bars * song.meter.bar_beats)
        assert section.parts, f"nobody plays in {section.name}"
        assert len({part.role for part in section.parts}) == len(section.parts)
        for part in section.parts:
            assert 0.0 <= part.enters < part.leaves <= section.length + 1e-9
        for transition in section.transitions:
            assert 0.0 < transition.beats <= section.length
    energies = sorted(section.section.energy for section in song.sections)
    assert len(energies) == 1 or energies[-1] > energies[-2], "one climax"
    names = [section.name for section in song.sections]
    assert len(set(names)) == len(names)
    assert [locator.name for locator in song.locators] == names
    assert {instrument.role for instrument in song.instruments} == set(song.roles)


@each_case("style", STYLES)
def test_without_a_length_a_form_has_its_usual_sections(style: str) -> None:
    for form in STYLES[style].form.forms:
        song = plan(style, form=form.name)
        if 15.0 <= song.seconds <= 590.0:
            usual = form.sections.unrolled(form.sections.rounds)
            assert [(section.section.kind, section.bars) for section in song.sections] == [
                (section.kind, section.bars) for section in usual
            ]


def test_songs_of_different_seeds_differ() -> None:
    assert len({plan("pop", seed, seconds=180.0) for seed in range(12)}) >= 10


@each_case("style", CLUB)
def test_club_tracks_can_be_mixed_and_take_away_before_they_give(style: str) -> None:
    for seed in range(4):
        song = plan(style, seed, seconds=360.0, form=STYLES[style].form.forms[0].name)
        opening = [part.role for part in song.sections[0].parts if part.enters == 0.0]
        assert not {"bass", "melody"} & set(opening)
        for section, following in pairwise(song.sections):
            assert section.start % (4 * song.meter.bar_beats) == 0.0
            if section.section.kind == "breakdown":
                assert section.part("drums") is None
            if section.section.kind == "build":
                assert section.part("bass") is None
                assert following.section.energy > section.section.energy


@each_case("style", ["pop", "rock", "soul", "ballad", "R&B"])
def test_the_last_chorus_is_the_fullest(style: str) -> None:
    for seed in range(6):
        choruses = [s for s in plan(style, seed, seconds=200.0).sections if s.section.kind == "chorus"]
        if len(choruses) > 1:
            first, last = choruses[0], choruses[-1]
            assert {part.role for part in first.parts} <= {part.role for part in last.parts}
            assert last.section.energy > first.section.energy


def test_a_lifted_chorus_is_a_step_higher_and_stays_there() -> None:
    lifted = 0
    for seed in range(40):
        song = plan("ballad", seed, seconds=200.0, key=Key.parse("C"))
        keys = [section.key for section in song.sections]
        assert keys[0] == song.key
        if keys[-1] != song.key:
            lifted += 1
            assert keys[-1] == Key.parse("D")
            first = keys.index(keys[-1])
            assert song.sections[first].section.kind in ("chorus", "head")
            assert set(keys[first:]) == {keys[-1]}
    assert 3 <= lifted <= 30


def test_materials_return() -> None:
    song = plan("jazz swing", seconds=240.0, form="AABA choruses")
    assert {section.material for section in song.sections if section.section.kind in ("head", "solo")} == {"head"}
    numbers = [section.section.number for section in song.sections if section.section.kind == "solo"]
    assert numbers == list(range(len(numbers)))


@each_case("style", STYLES)
def test_solos_and_introductions_have_the_chords_of_a_tune(style: str) -> None:
    for form in STYLES[style].form.forms:
        song = plan(style, form=form.name)
        kinds = {section.section.kind for section in song.sections}
        for section in song.sections:
            assert section.material in kinds
            if section.section.kind in ("solo", "intro"):
                assert section.material != section.section.kind


def test_a_part_that_enters_with_a_verse_plays_a_pick_up() -> None:
    intro, verse = plan("lo-fi", seconds=150.0, form="loop that breathes").sections[:2]
    assert [transition.kind for transition in intro.transitions] == ["pick_up"]
    assert verse.part("drums")
    drums = intro.part("drums")
    assert drums is not None
    assert (drums.enters, drums.leaves) == (intro.length - 2.0, intro.length)


def test_mood_and_energy_choose() -> None:
    sad = [plan("pop", seed, mood="sad") for seed in range(20)]
    happy = [plan("pop", seed, mood="Happy") for seed in range(20)]
    assert all(song.key.is_minor for song in sad)
    assert not any(song.key.is_minor for song in happy)
    assert sum(song.bpm for song in sad) < sum(song.bpm for song in happy)

    def most(energy: float) -> float:
        return max(section.section.energy for section in plan("rock", 1, energy=energy).sections)

    assert most(0.0) < most(0.5) < most(1.0)

    def kits(energy: float) -> set[str]:
        return {plan("pop", seed, energy=energy).instruments[0].name for seed in range(20)}

    assert "electronic kit" in kits(0.9)
    assert "electronic kit" not in kits(0.1)


def test_a_tempo_that_is_given_is_kept_and_one_that_is_not_bends_a_little() -> None:
    assert plan("house", seconds=100.0, bpm=125.0).bpm == 125.0
    for seed in range(10):
        song = plan("house", seed, seconds=100.0)
        assert STYLES["house"].tempo.low <= song.bpm <= STYLES["house"].tempo.high
        assert abs(song.seconds - 100.0) < 8.0


@each_case(
    "field, value, bounds",
    [
        ("seconds", 14.9, "15 to 600"),
        ("seconds", 601, "15 to 600"),
        ("seconds", float("nan"), "15 to 600"),
        ("bpm", 19.0, "20 to 999"),
        ("energy", 1.5, "0 to 1"),
        ("form", "fugue", "verse-chorus"),
        ("mood", "hungry", "calm"),
        ("style", "rock", "a Style"),
    ],
)
def test_invalid_parameters_raise_with_their_bounds(field: str, value: object, bounds: str) -> None:
    fields: dict[str, object] = {"style": STYLES["rock"], field: value}
    with pytest.raises(ParamError, match=bounds) as error:
        SongParams(**fields)  # type: ignore[arg-type]
    assert error.value.field == field


def test_forms_are_found_however_they_are_written() -> None:
    assert find_form(STYLES["rock"].form, "Verse Chorus").name == "verse-chorus"


def test_moods_lie_in_their_circle() -> None:
    assert all(-1.0 <= mood.valence <= 1.0 and -1.0 <= mood.arousal <= 1.0 for mood in MOODS.values())
