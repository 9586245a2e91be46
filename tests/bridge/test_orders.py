"""Presses that ask for more than one clip: the band, a change, a song, a mix, read from a mirror and composed."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.adjust import ChangeSeveral
from bridge.band_runner import play_with_patience
from bridge.composition import Composition
from bridge.events import Compose, Order
from bridge.mirror import AUDIO_TRACK, RETURN_TRACK, SetMirror
from bridge.orders import Players, read_order
from bridge.pattern_library import PatternLibrary
from bridge.press import PressError
from bridge.wire import (
    ClipNotes,
    CreateArrangementClip,
    CreateClip,
    CreateLocator,
    CreateScene,
    CreateTrack,
    Generate,
    Mix,
    MixerState,
    Refine,
    Refusal,
    ReplaceNotes,
    Selection,
    SetMixer,
    SetSend,
    SongState,
    Transaction,
    WriteSong,
)
from bridge.wire_codec import decode_notes, encode_notes
from bridge.wire_types import Message
from engines.catalogue import ENGINES, EngineRecord
from engines.music.clip import Clip
from tests.bridge.test_mirror import a_clip, a_record, a_track
from tests.bridge.test_press import KEYS, VERSE, a_set, styles

BAND = Generate(500, 1, "band", "funk", 4, 7, 0.5, 0.5, 0.5, 0.0, "", "", -1, 1, 0)
SONG = WriteSong(500, 1, "house", "", 45.0, 7, 0.5, "", 0)
REFINE = Refine(500, 1, "busier", "", 0, 0, 0, 0, 7, 2, 1, 0)
MIX = Mix(500, 1, "funk", "", 1)


def breaks(*_: object) -> Clip:
    raise ZeroDivisionError("no tempo")


def composed(
    order: Order, mirror: SetMirror | None = None, engines: tuple[EngineRecord, ...] = ENGINES, **changed: Any
) -> Composition:
    """What becomes of an order."""
    press = Compose((500, 1), 1, "device-1:1", replace(order, **changed), 44_100, 20.0)
    players = Players(engines, styles(), play_with_patience, PatternLibrary())
    return read_order(mirror or a_set(), press, players, 1_800_000_000.0, lambda _: None)()


def of_kind(messages: tuple[Message, ...], kind: type[Message]) -> list[Any]:
    """The messages of one kind."""
    return [message for message in messages if isinstance(message, kind)]


# --- the band --------------------------------------------------------------------------------------------------------


def test_the_band_plays_what_the_scene_lacks() -> None:
    made = composed(BAND)
    assert isinstance(made.messages[0], Transaction)
    tracks = [track.name for track in of_kind(made.messages, CreateTrack)]
    assert tracks[:2] == ["DrummaRoo", "BassaRoo"]
    assert "HarmonyRoo" not in tracks, "the keys play the chords of the verse already"
    clips = of_kind(made.messages, CreateClip)
    assert {(clip.scene, clip.where, clip.length) for clip in clips} == {(VERSE, 0, 16.0)}
    assert [clip.track for clip in clips] == [-1 - place for place in range(len(clips))]


def test_several_engines_are_named_with_commas() -> None:
    made = composed(BAND, engine="harmony, bass")
    assert [track.name for track in of_kind(made.messages, CreateTrack)] == ["BassaRoo", "HarmonyRoo"]


def test_an_engine_that_fails_is_replaced_by_a_pattern_and_the_others_play() -> None:
    broken = tuple(replace(engine, generate=breaks) if engine.part == "bass" else engine for engine in ENGINES)
    made = composed(BAND, engines=broken)
    assert made.told == ("BassaRoo failed (no tempo): a pattern from the library plays.",)
    names = [track.name for track in of_kind(made.messages, CreateTrack)]
    assert names[:2] == ["DrummaRoo", "BassaRoo"]
    assert all(decode_notes(clip.notes) for clip in of_kind(made.messages, CreateClip))


def test_the_same_press_is_the_same_band() -> None:
    assert composed(BAND) == composed(BAND) != composed(BAND, seed=8)


def test_a_band_that_plays_already_is_told() -> None:
    own = [a_track(50 + place, 5 + place, name=engine.title) for place, engine in enumerate(ENGINES)]
    clips = [a_clip(60 + place, 50 + place, VERSE) for place in range(len(ENGINES))]
    notes = [ClipNotes(60 + place, encode_notes([a_record(0.0, 1.0, 48)])) for place in range(len(ENGINES))]
    with pytest.raises(PressError, match="plays in this scene already") as error:
        composed(BAND, a_set(*own, *clips, *notes))
    assert error.value.code is Refusal.SLOT_FILLED


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"engine": "drums,kazoo"}, "engine must be one of"),
        ({"style": "polka"}, "style must be one of"),
        ({"key": "H"}, "key must be"),
        ({"swing": 0.5}, "swing must be"),
        ({"scene": 9}, "Scene 10 is not in the set"),
    ],
)
def test_what_the_band_cannot_play_is_told(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PressError, match=sentence):
        composed(BAND, **changed)


# --- changes ---------------------------------------------------------------------------------------------------------


def test_a_change_goes_below_or_in_place() -> None:
    beside, inside = composed(REFINE), composed(REFINE, replace=1)
    (clip,) = of_kind(beside.messages, CreateClip)
    assert (clip.track, clip.scene, clip.where) == (KEYS, VERSE, 1)
    (notes,) = of_kind(inside.messages, ReplaceNotes)
    assert notes.clip == 20
    assert decode_notes(notes.notes) == decode_notes(clip.notes)


def test_the_clip_in_detail_view_or_a_take_by_its_number_is_meant() -> None:
    shown = a_set(Selection(KEYS, VERSE, 20))
    assert of_kind(composed(REFINE, shown, track=-1).messages, CreateClip)
    assert composed(REFINE, take=1) == composed(REFINE)
    with pytest.raises(PressError, match="has 1 takes, there is no take 2"):
        composed(REFINE, take=2)


@pytest.mark.parametrize(
    ("changed", "code", "sentence"),
    [
        ({"changes": "purpler"}, Refusal.BAD_PARAMETER, "purpler"),
        ({"style": "polka"}, Refusal.BAD_PARAMETER, "style must be one of"),
        ({"first_bar": 3, "last_bar": 2}, Refusal.BAD_PARAMETER, "bars must be"),
        ({"track": 0}, Refusal.GONE, "no clip in that slot"),
        ({"track": -1}, Refusal.GONE, "No clip is shown"),
        ({"changes": "groove of track 1"}, Refusal.GONE, "Track 1 has no clip"),
    ],
)
def test_what_cannot_be_changed_is_told(changed: dict[str, Any], code: Refusal, sentence: str) -> None:
    with pytest.raises(PressError, match=sentence) as error:
        composed(REFINE, **changed)
    assert error.value.code is code


# --- songs -----------------------------------------------------------------------------------------------------------


def test_a_song_is_a_scene_a_section() -> None:
    made = composed(SONG)
    scenes, clips = of_kind(made.messages, CreateScene), of_kind(made.messages, CreateClip)
    assert len(scenes) >= 2
    assert {clip.scene for clip in clips} == {
        -place for place, edit in enumerate(made.messages) if isinstance(edit, CreateScene)
    }
    assert all(clip.name.startswith(tuple(scene.name for scene in scenes)) for clip in clips)
    assert made.name.startswith("house song in ")


def test_a_song_on_the_timeline_begins_behind_what_is_there() -> None:
    mirror = a_set(a_track(50, 5, name="DrummaRoo"), a_clip(61, 50, 0, start=8.0, length=6.0))
    made = composed(SONG, mirror, where=1)
    clips, locators = of_kind(made.messages, CreateArrangementClip), of_kind(made.messages, CreateLocator)
    assert min(clip.start for clip in clips) == 16.0
    assert locators[0].time == 16.0
    starts = {mark.time for mark in locators}
    assert {clip.start for clip in clips} <= starts


def test_onsets_of_the_timeline_lie_on_samples() -> None:
    song = SongState("set", 133.7, 4, 4, 9, "Minor", 1, 0)
    made = composed(SONG, a_set(song=song), where=1)
    for clip in of_kind(made.messages, CreateArrangementClip):
        for note in decode_notes(clip.notes):
            samples = (clip.start + note.start) * 60.0 / 133.7 * 44_100
            assert abs(samples - round(samples)) < 1e-3 or note.start == 0.0


@pytest.mark.parametrize(("changed", "sentence"), [({"form": "fugue"}, "form must be"), ({"key": "H"}, "key must be")])
def test_what_cannot_be_a_song_is_told(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PressError, match=sentence):
        composed(SONG, **changed)


# --- the mix ---------------------------------------------------------------------------------------------------------


def a_mixed_set() -> SetMirror:
    """A drum track, a bass track and the keys, with a reverb to send to."""
    drums = [a_record(beat / 2, 0.25, pitch) for beat, pitch in enumerate((36, 42, 38, 42, 36, 42, 38, 42))]
    bass = [a_record(float(beat), 0.9, 33) for beat in range(4)]
    return a_set(
        *(a_track(50, 5, name="DrummaRoo"), a_track(51, 6, name="Bass"), a_track(9, 0, RETURN_TRACK, "A-Reverb")),
        *(a_clip(60, 50, VERSE), ClipNotes(60, encode_notes(drums))),
        *(a_clip(61, 51, VERSE), ClipNotes(61, encode_notes(bass))),
        *(MixerState(track, 0.85, 0.0, "", (0.0,)) for track in (50, 51, KEYS)),
    )


def test_a_mix_is_moves_of_the_mixer() -> None:
    made = composed(MIX, a_mixed_set())
    moves = made.messages[1:]
    assert moves
    assert all(isinstance(move, SetMixer | SetSend) for move in moves)
    assert "LUFS" in made.name
    assert composed(MIX, a_mixed_set(), write=0).messages == ()


def test_what_is_pinned_or_automated_stays() -> None:
    mirror = a_mixed_set()
    mirror.apply(MixerState(51, 0.85, 0.0, "volume,panning,sends", (0.0,)))
    made = composed(MIX, mirror, pinned="drummaroo, Keys")
    assert made.messages == ()


def test_what_is_neither_pinned_nor_automated_is_moved() -> None:
    mirror = a_mixed_set()
    mirror.apply(MixerState(51, 0.85, 0.0, "panning", (0.0,)))
    made = composed(MIX, mirror, pinned="drummaroo, Keys")
    assert {move.track for move in of_kind(made.messages, SetMixer)} == {51}, "its fader is free"


def test_several_clips_are_changed_in_one_step_of_undo() -> None:
    """So that one undo takes all of it back."""
    changes = tuple(replace(REFINE, track=track) for track in (2, 5, 6))
    read = Compose((500, 1), 1, "device-1:1", ChangeSeveral(session=500, press=1, changes=changes), 44_100, 20.0)
    players = Players(ENGINES, styles(), play_with_patience, PatternLibrary())
    made = read_order(a_mixed_set(), read, players, 1_800_000_000.0, lambda _: None)()
    assert len(of_kind(made.messages, Transaction)) == 1
    assert len(of_kind(made.messages, CreateClip)) == 3


def test_a_set_without_music_has_nothing_to_mix() -> None:
    made = composed(MIX, a_set(a_track(40, 7, AUDIO_TRACK, "Empty"), MixerState(40, 0.85, 0.0, "", ())))
    assert made.messages == ()
    assert "nothing to move" in made.name
