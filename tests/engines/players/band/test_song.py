"""The band in a song: sections as planned, materials that return, endings, and the joined parts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from msgspec import structs

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KICK_PITCHES
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.arrangement.song_plan import Arrangement, PlannedPart
from musearoo.engines.players.band.handover import fit_into_section, make_playable_throughout
from musearoo.engines.players.band.song import Song, play_song
from musearoo.engines.players.drums.playability import find_faults
from musearoo.engines.players.params import EngineParams
from tests.each_case import each_case
from tests.engines.players.band.players import broken, one_note, player
from tests.engines.presets_on_disk import STYLES


def plan(style: str, seed: int = 1, **fields: object) -> Arrangement:
    return plan_song(SongParams(style=STYLES[style], **fields), seed)  # type: ignore[arg-type]


def play(style: str, seed: int = 1, **fields: object) -> Song:
    return play_song(plan(style, seed, **fields), STYLES[style], seed)


@each_case("style", STYLES)
def test_a_song_is_played_as_planned(style: str) -> None:
    song = play(style, seconds=60.0)
    assert song.sentences == ()
    assert song == play(style, seconds=60.0)
    assert [played.section for played in song.sections] == list(song.arrangement.sections)
    for played in song.sections:
        assert {take.role for take in played.takes} == {part.role for part in played.section.parts}
        for take in played.takes:
            part = played.section.part(take.role)
            assert part is not None
            assert take.clip.length == pytest.approx(played.section.length)
            for note in take.clip.notes:
                assert part.enters - 0.11 <= note.start < part.leaves, f"{take.role} in {played.section.name}"
        assert played.chords[0].start == 0.0
        assert played.chords[-1].end == pytest.approx(played.section.length)
    check_joined(song)


@each_case("meter", ["3/4", "5/4", "7/8", "6/8"])
def test_a_song_in_any_meter(meter: str) -> None:
    for style in ("pop", "jazz swing", "house"):
        check_joined(play(style, seconds=40.0, meter=Meter.parse(meter)))


def check_joined(song: Song) -> None:
    """Parts of the whole song: as long as it is, no pitch on top of itself, chords from the first beat to the last."""
    for clip in song.clips.values():
        assert clip.length == pytest.approx(song.arrangement.length)
        ends: dict[int, float] = {}
        for note in clip.notes:
            assert note.start >= ends.get(note.pitch, 0.0) - 1e-6
            ends[note.pitch] = note.end
    for span, following in pairwise(song.chords):
        assert following.start == pytest.approx(span.end)
    assert song.chords[-1].end == pytest.approx(song.arrangement.length)


@each_case("style", ["pop", "rock", "soul", "country", "reggae"])
def test_the_second_chorus_is_the_first_one_again(style: str) -> None:
    song = play(style, seconds=200.0, form="verse-chorus")
    choruses = [played for played in song.sections if played.section.section.kind == "chorus"][:2]
    verses = [played for played in song.sections if played.section.section.kind == "verse"][:1]
    assert choruses[0].chords == choruses[1].chords
    again, other = [], []
    for role in ("drums", "bass", "harmony", "melody"):
        first, second = clip_of(choruses[0].clip(role)), clip_of(choruses[1].clip(role))
        again.append(shared(first, second))
        other.append(shared(first, clip_of(verses[0].clip(role))))
    assert sum(again) > sum(other)
    assert sum(again) / len(again) > 0.6


def shared(one: Clip, other: Clip) -> float:
    """The share of notes, by place to a sixteenth and pitch, that one clip finds in the other."""
    mine, theirs = ({(round(note.start * 4), note.pitch) for note in clip.notes} for clip in (one, other))
    return len(mine & theirs) / max(1, len(mine))


def clip_of(clip: Clip | None) -> Clip:
    assert clip is not None
    return clip


@each_case("style", ["pop", "rock", "funk", "country", "disco", "ballad"])
def test_the_bass_is_on_the_chords_of_the_song(style: str) -> None:
    song = play(style, seconds=90.0)
    roots = fits = 0
    for span in song.chords:
        under = [note for note in song.clip("bass").notes if abs(note.start - span.start) < 0.1]
        roots += len(under)
        fits += sum(note.pitch % 12 in (span.chord.bass_or_root, span.chord.root) for note in under)
    assert roots > 10
    assert fits / roots > 0.8


def test_the_kick_is_gone_before_a_drop_and_all_stop_for_its_last_beat() -> None:
    found = 0
    for seed in range(6):
        for played in play("trance", seed, seconds=200.0).sections:
            length = played.section.length
            for transition in played.section.transitions:
                silent_from = length - transition.beats - 0.05
                if transition.kind == "pause":
                    assert all(note.start < silent_from for take in played.takes for note in take.clip.notes)
                    found += 1
                drums = played.clip("drums")
                if transition.kind == "no_kick" and drums is not None:
                    assert all(n.start < silent_from for n in drums.notes if n.pitch in KICK_PITCHES)
    assert found


def test_a_part_that_enters_during_a_held_chord_strikes_it() -> None:
    section = plan("house", seconds=180.0).sections[0]
    half = section.length / 2.0
    part = PlannedPart("harmony", half, section.length)
    lying = Clip("pad", section.length, (Note(0.0, 60, section.length, 80.0), Note(half - 3.0, 64, 3.5, 80.0)))
    assert fit_into_section(lying, part, section, Meter()).notes == (Note(half, 60, half, 80.0),)
    assert fit_into_section(lying, replace(part, role="bass"), section, Meter()).notes == ()
    leaving = PlannedPart("harmony", 0.0, half)
    assert fit_into_section(lying, leaving, section, Meter()).notes == (
        Note(0.0, 60, half, 80.0),
        Note(half - 3.0, 64, 3.0, 80.0),
    )


def test_hands_and_feet_can_play_over_the_bar_line_between_two_sections() -> None:
    late = Clip("before", 4.0, (Note(0.0, 36, 0.1, 90.0), Note(3.97, 38, 0.03, 80.0), Note(3.97, 42, 0.03, 60.0)))
    early = Clip("after", 4.0, (Note(0.01, 49, 1.0, 110.0), Note(0.01, 51, 0.5, 70.0), Note(1.0, 38, 0.1, 90.0)))
    before, after = make_playable_throughout([(8.0, late), (12.0, early)], 120.0)
    joined = [*before.notes, *(structs.replace(note, start=note.start + 4.0) for note in after.notes)]
    assert find_faults(joined, 120.0) == ()
    assert 36 in {note.pitch for note in before.notes}
    assert {49, 38} <= {note.pitch for note in after.notes}
    assert make_playable_throughout([(0.0, after)], 120.0) == [after]


@each_case("style", ["metal", "jazz swing", "funk", "salsa"])
def test_the_drums_of_a_whole_song_can_be_played(style: str) -> None:
    song = play(style, 2, seconds=120.0)
    assert find_faults(song.clip("drums").notes, song.arrangement.bpm) == ()


def test_a_fade_goes_over_the_last_sixteen_bars_down_to_a_tenth_and_never_to_silence() -> None:
    part = PlannedPart("bass", 0.0, 80.0)
    section = replace(plan("house").sections[0], length=80.0, bars=20, parts=(part,), transitions=())
    clip = Clip("bass", 80.0, tuple(Note(start, 40, 1.0, 100.0) for start in (0.0, 16.0, 48.0, 79.0)))
    faded = fit_into_section(clip, part, section, Meter(), "fade").notes
    assert [note.velocity for note in faded] == [100.0, 100.0, 55.0, 11.0]
    soft = clip.with_notes(structs.replace(note, velocity=1.0) for note in clip.notes)
    assert {note.velocity for note in fit_into_section(soft, part, section, Meter(), "fade").notes} == {1.0}


def test_a_fade_gets_softer_for_all() -> None:
    song = play("disco", seconds=120.0, form="twelve-inch mix")
    assert song.arrangement.ending == "fade"
    last = song.sections[-1]
    early = [n.velocity for take in last.takes for n in take.clip.notes if n.start < last.section.length / 4]
    late = [n.velocity for take in last.takes for n in take.clip.notes if n.start > last.section.length * 3 / 4]
    assert sum(late) / len(late) < 0.6 * sum(early) / len(early)


def test_a_button_is_short() -> None:
    song = plan("rock", seconds=60.0)
    last = play_song(replace(song, ending="button"), STYLES["rock"], 1).sections[-1]
    last_bar = last.section.length - 4.1
    struck = [note for take in last.takes for note in take.clip.notes if note.start >= last_bar]
    assert struck
    assert all(note.duration <= 0.5 for note in struck)


@each_case("style", ["pop", "rock", "jazz swing", "country", "classical"])
def test_a_song_that_ends_ends_on_its_tonic(style: str) -> None:
    song = play(style, seconds=60.0)
    if song.arrangement.ending in ("final", "button"):
        assert song.chords[-1].chord.root == song.arrangement.sections[-1].key.tonic


def test_chords_lead_into_a_lifted_chorus() -> None:
    for seed in range(40):
        arrangement = plan("ballad", seed, seconds=200.0)
        keys = [section.key for section in arrangement.sections]
        if keys[-1] != keys[0]:
            song = play_song(arrangement, STYLES["ballad"], seed, engines=())
            first = keys.index(keys[-1])
            assert (song.sections[first - 1].chords[-1].chord.root - keys[-1].tonic) % 12 == 7
            before = next(s for s in song.sections if s.section.material == song.sections[first].section.material)
            step = (keys[-1].tonic - keys[0].tonic) % 12
            assert (song.sections[first].chords[0].chord.root - before.chords[0].chord.root) % 12 == step
            return
    pytest.fail("no song was lifted")


def test_players_know_the_first_chord_of_the_next_section() -> None:
    heard = []

    def listen(params: EngineParams, context: MusicalContext, seed: int) -> Clip:
        heard.append(context.chords[-1])
        return one_note(params, context, seed)

    song = play_song(plan("pop", seconds=60.0), STYLES["pop"], 1, engines=[player("harmony", listen)])
    for ahead, (played, following) in zip(heard, pairwise(song.sections), strict=False):
        assert ahead.start == played.section.length
        assert ahead.chord == following.chords[0].chord
    assert heard[-1].end == song.sections[-1].section.length


def test_a_song_survives_a_failing_engine() -> None:
    engines = [player("drums", one_note), player("bass", broken)]
    song = play_song(plan("rock", seconds=30.0), STYLES["rock"], 1, engines=engines)
    assert list(song.clips) == ["drums", "bass"]
    assert song.clips["bass"].notes == ()
    assert song.sentences == ("Verse, Chorus: BassRoo failed (a string broke): it stays silent.",)
    long = play_song(plan("rock", seconds=180.0), STYLES["rock"], 1, engines=engines).sentences[0]
    assert long.startswith("Intro, Verse 1, Chorus 1 and others: BassRoo failed")
    assert len(song.clips["drums"].notes) > 0
