"""What a press may ask for beside its engine: chords, wishes, several takes, a new scene, what one player knows."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from bridge.asked_music import as_asked
from bridge.composition import Composition
from bridge.mirror import SetMirror
from bridge.press import PressError
from bridge.timing import beats_to_samples
from bridge.wire import (
    NEW_SCENE_INDEX,
    ClipNotes,
    CreateClip,
    CreateScene,
    CreateTrack,
    Generate,
    Gone,
    Refine,
    Refusal,
    ReplaceNotes,
    SetTempo,
    SongState,
)
from bridge.wire_codec import NoteRecord, decode_notes, encode_bundle, encode_notes
from bridge.writer import REPLACE, THIS_OR_NEXT_EMPTY, THIS_SLOT_ONLY
from engines.catalogue import ENGINES
from engines.music.context import MusicalContext
from tests.bridge.some_orders import BAND, composed, of_kind
from tests.bridge.test_mirror import a_clip, a_record, a_track
from tests.bridge.test_press import INTRO, KEYS, VERSE, a_press, a_set

BASS = 30
OVERDUB = 40


def takes_of(made: Composition) -> list[CreateClip]:
    """The clips of a composition that can be sent."""
    encode_bundle(made.messages)
    clips: list[CreateClip] = of_kind(made.messages, CreateClip)
    return clips


def notes_of(clip: CreateClip) -> tuple[NoteRecord, ...]:
    return decode_notes(clip.notes)


def one_clip(press: Generate, **changed: Any) -> tuple[NoteRecord, ...]:
    (clip,) = takes_of(composed(press, **changed))
    return notes_of(clip)


# --- takes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [engine.name for engine in ENGINES])
def test_takes_are_different_and_lie_below_each_other_in_one_transaction(engine: str) -> None:
    made = composed(a_press(engine=engine, bars=2, takes=4, scene=0, track=-1))
    clips = takes_of(made)
    assert len(clips) == 4
    assert all(one.notes != other.notes for one, other in combinations(clips, 2))
    assert {(clip.track, clip.scene, clip.where) for clip in clips} == {(-1, INTRO, THIS_OR_NEXT_EMPTY)}
    assert made.name == f"{clips[0].name}, 4 takes"
    assert made.told == ()


def test_the_first_take_is_the_one_of_the_seed() -> None:
    alone = takes_of(composed(a_press()))
    assert takes_of(composed(a_press(takes=3)))[0] == alone[0]
    assert composed(a_press(takes=3)) == composed(a_press(takes=3))
    assert composed(a_press()).name == ""


def test_only_the_first_take_replaces() -> None:
    clips = takes_of(composed(a_press(takes=3, replace=1)))
    assert [clip.where for clip in clips] == [REPLACE, THIS_OR_NEXT_EMPTY, THIS_OR_NEXT_EMPTY]


def test_where_a_style_is_too_plain_for_so_many_there_are_fewer_and_it_is_said() -> None:
    plain = a_press(engine="bassaroo", style="house", bars=1, complexity=0.0, density=0.0, humanise=0.0, swing=1.0)
    made = composed(plain, takes=8)
    clips = takes_of(made)
    assert len(clips) < 8
    assert all(one.notes != other.notes for one, other in combinations(clips, 2))
    (sentence,) = made.told
    assert "to be had" in sentence


@pytest.mark.parametrize("changes", ["again", "darker", "busier", "keep rhythm", "", "softer, tighter"])
def test_takes_of_a_clip_are_different(changes: str) -> None:
    mirror = with_a_bass()
    made = composed(Refine(500, 1, changes, "", 0, 0, 0, 0, 7, 3, 1, 0), mirror, takes=3)
    clips = takes_of(made)
    assert len(clips) == 3
    assert all(one.notes != other.notes for one, other in combinations(clips, 2))
    assert {(clip.track, clip.scene, clip.where) for clip in clips} == {(BASS, VERSE, THIS_OR_NEXT_EMPTY)}
    assert made.name == "funk bass, 3 takes"


def test_a_clip_that_is_replaced_by_takes_gives_way_to_the_first() -> None:
    made = composed(Refine(500, 1, "again", "", 0, 0, 0, 0, 7, 3, 1, 1), with_a_bass(), takes=2)
    assert [clip.where for clip in takes_of(made)] == [REPLACE, THIS_OR_NEXT_EMPTY]
    assert not of_kind(made.messages, ReplaceNotes)


@pytest.mark.parametrize("changed", [{"takes": 2}, {"first": 2.0}])
def test_a_clip_of_the_arrangement_has_no_slots_for_takes(changed: dict[str, Any]) -> None:
    """Nor can notes be put in place where its loop begins elsewhere than the clip."""
    first = changed.pop("first", 0.0)
    clip = a_clip(OVERDUB, KEYS, 0, name="funk chords", loop_start=first, start_marker=first, start=32.0)
    mirror = a_set(clip, ClipNotes(OVERDUB, encode_notes([a_record(2.0, 1.0, pitch) for pitch in (57, 60, 64)])))
    mirror.selection = replace(mirror.selection, clip=OVERDUB)
    order = Refine(500, 1, "again", "", 0, 0, 0, 0, 7, -1, -1, 1)
    with pytest.raises(PressError, match="only be changed in place") as refusal:
        composed(order, mirror, **changed)
    assert refusal.value.code is Refusal.BAD_PARAMETER


def with_a_bass() -> SetMirror:
    """The set with a bass line in the verse, which nobody lacks by chance: eighths on A."""
    line = [a_record(at / 2, 0.4, 33 + 12 * (at % 2)) for at in range(16)]
    return a_set(
        a_track(BASS, 3, name="BassaRoo"),
        a_clip(31, BASS, VERSE, name="funk bass", length=8.0, loop_end=8.0, end_marker=8.0),
        ClipNotes(31, encode_notes(line)),
    )


# --- a scene of its own ----------------------------------------------------------------------------------------------


def test_a_new_scene_is_made_for_the_clip() -> None:
    made = composed(a_press(scene=NEW_SCENE_INDEX, track=-1, takes=2))
    assert [type(message) for message in made.messages[1:]] == [CreateTrack, CreateScene, CreateClip, CreateClip]
    assert {clip.scene for clip in takes_of(made)} == {-2}


def test_nobody_plays_in_a_new_scene_not_even_the_arrangement() -> None:
    drums = ClipNotes(OVERDUB, encode_notes([a_record(float(at), 0.2, 36) for at in range(4)]))
    busy = a_set(a_clip(OVERDUB, KEYS, 0, name="kick", start=8.0), drums)
    assert composed(a_press(scene=NEW_SCENE_INDEX), busy) == composed(a_press(scene=NEW_SCENE_INDEX))


def test_the_band_may_have_a_new_scene() -> None:
    made = composed(BAND, scene=NEW_SCENE_INDEX)
    assert len(of_kind(made.messages, CreateScene)) == 1
    assert "harmony" in made.name


# --- chords ----------------------------------------------------------------------------------------------------------


def test_chords_that_are_asked_for_are_played_instead_of_the_scenes() -> None:
    bass = a_press(engine="bassaroo", style="rock", bars=4, humanise=0.0, scene=1, complexity=0.1)
    assert on_the_bars(one_clip(bass, chords="Dm7 G7 Cmaj7 E7")) == [2, 7, 0, 4]


def on_the_bars(notes: tuple[NoteRecord, ...]) -> list[int]:
    """The pitch classes of a line at the beginnings of bars."""
    return [note.pitch % 12 for note in notes if (note.start + 0.1) % 4.0 < 0.2]


def test_bars_may_be_marked_and_the_band_plays_them_too() -> None:
    made = composed(BAND, engine="bass, harmony", chords="Dm7 G7 | Cmaj7", bars=2, humanise=0.0)
    bass, harmony = takes_of(made)
    assert on_the_bars(notes_of(bass)) == [2, 0]
    assert {note.pitch % 12 for note in notes_of(harmony) if note.start >= 4.0} <= {0, 4, 7, 11, 2, 9}


@pytest.mark.parametrize(("chords", "named"), [("Dm7 Gsus9x", "Gsus9x"), ("Dm7 | | C", "bar 2"), ("|", "chords")])
@pytest.mark.parametrize("engine", ["bassaroo", "band"])
def test_a_chord_that_there_is_not_is_told(chords: str, named: str, engine: str) -> None:
    with pytest.raises(PressError) as refusal:
        composed(a_press(engine=engine, chords=chords))
    assert refusal.value.code is Refusal.BAD_PARAMETER
    assert named in refusal.value.sentence


def test_chords_bring_their_key_unless_they_fit_the_one_there_is() -> None:
    here = MusicalContext.plain(key="A minor")
    keys = {
        chords: as_asked(here, a_press(chords=chords)).key.value
        for chords in ("", "Am F C G", "Bb Eb F7 Bb", "E A B7 E")
    }
    assert [str(key) for key in keys.values()] == ["A minor", "A minor", "Bb major", "E major"]
    assert str(as_asked(here, a_press(chords="E A B7 E", key="C# minor")).key.value) == "C# minor"


# --- wishes ----------------------------------------------------------------------------------------------------------


def mean(notes: tuple[NoteRecord, ...], field: str) -> float:
    total: float = sum(getattr(note, field) for note in notes)
    return total / len(notes)


@pytest.mark.parametrize("engine", [engine.name for engine in ENGINES])
def test_a_new_part_is_played_as_wished(engine: str) -> None:
    plain = one_clip(a_press(engine=engine))
    soft, loud = one_clip(a_press(engine=engine), changes="softer"), one_clip(a_press(engine=engine), changes="louder")
    assert mean(soft, "velocity") < mean(plain, "velocity") < mean(loud, "velocity")
    if engine != "drummaroo":
        low = one_clip(a_press(engine=engine), changes="lower, shorter")
        assert mean(low, "pitch") == pytest.approx(mean(plain, "pitch") - 12.0)
        assert mean(low, "duration") < 0.8 * mean(plain, "duration")


def test_a_wish_said_twice_counts_twice() -> None:
    loudness = [mean(one_clip(a_press(), changes=text), "velocity") for text in ("", "softer", "softer, softer")]
    assert loudness == sorted(loudness, reverse=True)
    assert len(set(loudness)) == 3


def test_a_wish_keeps_what_only_the_engine_knows() -> None:
    walking = a_press(engine="bassaroo", bars=4, humanise=0.0, swing=1.0, options="manner=walking")
    assert [round(note.start, 2) for note in one_clip(walking, changes="softer")] == [float(beat) for beat in range(16)]


def test_the_band_plays_as_wished() -> None:
    for soft, plain in zip(takes_of(composed(BAND, changes="softer")), takes_of(composed(BAND)), strict=True):
        assert mean(notes_of(soft), "velocity") < mean(notes_of(plain), "velocity")


def test_the_groove_of_another_track_can_be_wished() -> None:
    late = [a_record(at / 2 + (0.12 if at % 2 else 0.0), 0.3, 60) for at in range(8)]
    mirror = a_set(ClipNotes(20, encode_notes(late)))
    press = a_press(engine="drummaroo", style="house", humanise=0.0, scene=1, track=-1, bars=1)
    assert one_clip(press, changes="groove of track 3", mirror=mirror) != one_clip(press, mirror=mirror)
    with pytest.raises(PressError, match="Track 2 has no clip in this scene"):
        composed(press, mirror, changes="groove of track 2")


@pytest.mark.parametrize("engine", ["bassaroo", "band"])
def test_what_cannot_be_wished_is_told(engine: str) -> None:
    with pytest.raises(PressError, match="change must be of again, simpler") as refusal:
        composed(a_press(engine=engine, changes="purple"))
    assert refusal.value.code is Refusal.BAD_PARAMETER


# --- takes and options of the band -----------------------------------------------------------------------------------


def test_takes_of_the_band_are_rows_of_their_own() -> None:
    made = composed(BAND, scene=0, takes=3)
    clips = takes_of(made)
    rows = {scene: [clip for clip in clips if clip.scene == scene] for scene in (clip.scene for clip in clips)}
    assert next(iter(rows)) == INTRO
    assert VERSE not in rows, "the keys play there"
    assert len(rows) == 3
    assert len(of_kind(made.messages, CreateScene)) == 2
    assert all(clip.where == THIS_SLOT_ONLY for clip in clips)
    for one, other in combinations(rows.values(), 2):
        assert [clip.notes for clip in one] != [clip.notes for clip in other]
    assert made.name.startswith("funk band, 3 takes: drums, bass")


def test_an_empty_scene_below_takes_a_row() -> None:
    made = composed(BAND, a_set(Gone(20)), scene=0, takes=2)
    assert {clip.scene for clip in takes_of(made)} == {INTRO, VERSE}
    assert not of_kind(made.messages, CreateScene)


def test_one_player_of_several_may_be_asked_for_what_only_that_one_knows() -> None:
    made = composed(BAND, engine="drums, bass", options="manner=walking", humanise=0.0, swing=1.0, scene=0)
    _, bass = takes_of(made)
    assert [round(note.start, 2) for note in notes_of(bass)] == [float(beat) for beat in range(16)]
    with pytest.raises(PressError, match="options must be as name=value") as refusal:
        composed(BAND, engine="drums, bass", options="lyrics=la")
    assert refusal.value.code is Refusal.BAD_PARAMETER


# --- tempo -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["drummaroo", "band"])
def test_the_tempo_goes_with_the_clips_and_they_lie_on_its_samples(engine: str) -> None:
    made = composed(a_press(engine=engine, bpm=97.3, bars=2, scene=0))
    assert made.messages[-1] == SetTempo(97.3)
    for clip in takes_of(made):
        samples = [beats_to_samples(note.start, 97.3, 44_100) for note in notes_of(clip)]
        assert all(abs(place - round(place)) < 1e-6 for place in samples)
    assert not of_kind(composed(a_press(engine=engine, bars=2, scene=0)).messages, SetTempo)


def test_without_a_style_the_tempo_that_is_asked_for_chooses_one() -> None:
    (clip,) = takes_of(composed(a_press(style="", bpm=174.0, scene=0)))
    assert clip.name == "drum and bass drums"


@pytest.mark.parametrize("engine", ["drummaroo", "band"])
def test_a_tempo_that_live_does_not_have_is_refused(engine: str) -> None:
    with pytest.raises(PressError, match="must be 20 to 999 BPM") as refusal:
        composed(a_press(engine=engine, bpm=7.0))
    assert refusal.value.code is Refusal.BAD_PARAMETER


# --- the Arrangement -------------------------------------------------------------------------------------------------


def test_a_clip_of_the_arrangement_is_changed_in_the_key_of_what_plays_there() -> None:
    """A new scene is empty; the Arrangement, which is no scene, is not."""
    bass = a_clip(41, BASS, 0, name="funk bass", start=8.0)
    chords = [a_record(0.0, 4.0, pitch) for pitch in (54, 57, 61, 64)]
    mirror = a_set(
        a_track(BASS, 3, name="BassaRoo"),
        *(bass, ClipNotes(41, encode_notes([a_record(0.0, 4.0, 33)]))),
        *(a_clip(OVERDUB, KEYS, 0, name="chords", start=8.0), ClipNotes(OVERDUB, encode_notes(chords))),
        song=SongState("set", 120.0, 4, 4, 0, "Major", 0, 0),
    )
    mirror.selection = replace(mirror.selection, clip=41)
    made = composed(Refine(500, 1, "again", "", 0, 0, 0, 0, 7, -1, -1, 1), mirror)
    (edit,) = of_kind(made.messages, ReplaceNotes)
    assert decode_notes(edit.notes)[0].pitch % 12 == 6
