"""One press: where its clip goes, what it hears of the scene, and that the same press gives the same notes."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MASTER_TRACK, SetMirror
from musearoo.bridge.live_set.writer import NEW_TRACK
from musearoo.bridge.protocol import (
    ClipNotes,
    CreateClip,
    CreateTrack,
    Generate,
    Gone,
    Refusal,
    SceneState,
    Selection,
    SetReady,
    SongState,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode_notes, encode_bundle, encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.generate import Reading, choose_style, compose, read_request, read_scene, seed_of
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.timing import beats_to_samples
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.styles.schema import Style
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_record, a_track
from tests.each_case import each_case

DRUMS, BASS, AUDIO, KEYS = 1, 2, 3, 4
INTRO, VERSE = 8, 9
RATE = 44_100


@cache
def styles() -> dict[str, Style]:
    """The styles that come with MuseAroo."""
    return read_styles()


def a_set(*more: Message, song: SongState | None = None) -> SetMirror:
    """Two MIDI tracks around an audio track, two scenes, at an odd tempo; the verse has a part of the keys."""
    return a_mirror(
        song or SongState("set", 133.7, 4, 4, 9, "Minor", 1, 0),
        a_track(DRUMS, 0, name="Beats"),
        a_track(AUDIO, 1, AUDIO_TRACK, "Voice"),
        a_track(KEYS, 2, name="Keys"),
        a_track(77, 0, MASTER_TRACK),
        SceneState(INTRO, 0, "intro"),
        SceneState(VERSE, 1, "verse"),
        a_clip(20, KEYS, VERSE, name="chords"),
        ClipNotes(20, encode_notes([a_record(0.0, 4.0, pitch) for pitch in (57, 60, 64)])),
        Selection(KEYS, VERSE, 0),
        SetReady(7),
        *more,
    )


def a_press(**changed: Any) -> Generate:
    """Eight bars of drums into the first slot of the first track."""
    return replace(Generate(500, 1, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0), **changed)


def a_reading(**changed: Any) -> Reading:
    """What a press reads of the set."""
    return read_request(a_set(), a_press(**changed))


def scene_of(reading: Reading) -> MusicalContext:
    """What is known of the scene of a press."""
    return read_scene(reading.song, reading.neighbours, {})


def composed(press: Generate, mirror: SetMirror | None = None, request: str = "device-1:1") -> tuple[Message, ...]:
    """The transaction of a press."""
    reading = read_request(mirror or a_set(), press)
    return compose(reading, press, styles(), request, RATE, 1_800_000_000.0).messages


def clip_of(messages: tuple[Message, ...]) -> CreateClip:
    """The edit that makes the clip: always the last."""
    assert isinstance(messages[-1], CreateClip)
    return messages[-1]


# --- where the clip goes ---------------------------------------------------------------------------------------------


def test_the_clip_goes_to_the_track_and_scene_of_the_press() -> None:
    reading = a_reading(track=2, scene=1)
    assert (reading.track.id, reading.scene) == (KEYS, VERSE)


def test_without_a_scene_the_selected_one_is_taken() -> None:
    assert a_reading(scene=-1).scene == VERSE


def test_without_any_selection_the_first_scene_is_taken() -> None:
    assert read_request(a_set(Selection(0, 0, 0)), a_press(scene=-1)).scene == INTRO
    assert read_request(a_set(Selection(0, 12345, 0)), a_press(scene=-1)).scene == INTRO


def test_on_an_audio_track_the_clip_goes_to_a_new_track() -> None:
    assert a_reading(track=1).track.id == NEW_TRACK


@each_case("track", [-1, 1])
def test_a_track_that_an_engine_made_before_is_used_again(track: int) -> None:
    mirror = a_set(
        a_track(30, 5, name="DrummaRoo"), a_track(31, 4, name="DrummaRoo"), a_track(32, 3, AUDIO_TRACK, "DrummaRoo")
    )
    assert read_request(mirror, a_press(track=track)).track.id == 31


@each_case(
    "press, code, sentence",
    [
        (a_press(track=9), Refusal.GONE, "Track 10 is not in the set any more"),
        (a_press(scene=9), Refusal.GONE, "Scene 10 is not in the set any more"),
        (a_press(engine="accordiroo"), Refusal.BAD_PARAMETER, "engine must be one of drummaroo, bassaroo"),
        (a_press(engine=""), Refusal.BAD_PARAMETER, "engine must be one of"),
    ],
)
def test_a_press_that_does_not_fit_the_set_is_refused(press: Generate, code: Refusal, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence) as refusal:
        read_request(a_set(), press)
    assert refusal.value.code == code


def test_before_the_set_is_told_whole_a_press_is_refused() -> None:
    half_told = a_mirror(a_track(DRUMS, 0), SceneState(INTRO, 0, ""))
    for mirror in (SetMirror(), half_told):
        with pytest.raises(RequestError, match="press again in a moment"):
            read_request(mirror, a_press())


def test_a_set_without_scenes_is_refused() -> None:
    with pytest.raises(RequestError, match="no scene"):
        read_request(a_set(Gone(INTRO), Gone(VERSE)), a_press(scene=-1))


# --- what it hears ---------------------------------------------------------------------------------------------------


def heard_in(reading: Reading) -> list[tuple[str, str, int]]:
    """Track, name and number of notes of each MIDI clip that the press hears."""
    clips = [(part.name, part.content) for part in reading.neighbours]
    return [(name, clip.name, len(clip)) for name, clip in clips if isinstance(clip, Clip)]


def test_a_press_hears_the_midi_clips_of_its_scene() -> None:
    assert heard_in(a_reading(scene=1)) == [("Keys", "chords", 3)]
    assert a_reading(scene=0).neighbours == ()


def test_a_press_does_not_hear_the_clip_in_its_own_slot() -> None:
    assert a_reading(track=2, scene=1).neighbours == ()


def test_a_press_for_a_new_track_hears_all_of_the_scene() -> None:
    assert len(a_reading(track=-1, scene=1).neighbours) == 1


def test_the_context_has_the_sets_own_tempo_meter_and_key() -> None:
    context = scene_of(a_reading())
    assert (context.tempo.value, str(context.meter.value), str(context.key.value)) == (133.7, "4/4", "A minor")


@each_case("scale, mode", [("Major", 0), ("Major", -1), ("A Scale of Live 14", 1)])
def test_a_scale_that_is_off_or_unknown_does_not_decide_the_key(scale: str, mode: int) -> None:
    mirror = a_set(song=SongState("set", 120.0, 4, 4, 0, scale, mode, 0))
    context = scene_of(read_request(mirror, a_press(scene=1)))
    assert context.key.source != "set"


# --- the transaction -------------------------------------------------------------------------------------------------


@each_case("engine", [engine.name for engine in ENGINES])
@each_case("style", ["rock", "funk", "hip_hop", "house", ""])
def test_a_press_becomes_a_transaction_that_can_be_sent(engine: str, style: str) -> None:
    messages = composed(a_press(engine=engine, style=style, bars=4, scene=1))
    assert messages[0] == Transaction("device-1:1", 1_800_000_000.0)
    clip = clip_of(messages)
    assert (clip.track, clip.scene, clip.length, clip.numerator, clip.denominator) == (DRUMS, VERSE, 16.0, 4, 4)
    assert decode_notes(clip.notes)
    assert clip.name
    encode_bundle(messages)


def test_every_onset_is_on_a_sample_and_inside_the_clip() -> None:
    clip = clip_of(composed(a_press(bars=64, complexity=1.0)))
    for note in decode_notes(clip.notes):
        samples = beats_to_samples(note.start, 133.7, RATE)
        assert abs(samples - round(samples)) < 1e-6
        assert 0.0 <= note.start < clip.length


def test_a_new_track_is_made_first_and_named_after_the_engine() -> None:
    messages = composed(a_press(track=-1))
    (track,) = (message for message in messages if isinstance(message, CreateTrack))
    assert (track.kind, track.name) == (0, "DrummaRoo")
    assert clip_of(messages).track == -1
    assert [type(message) for message in messages] == [Transaction, CreateTrack, CreateClip]


@each_case("replaces, where", [(0, 1), (1, 2)])
def test_only_a_press_that_says_so_replaces_a_clip(replaces: int, where: int) -> None:
    assert clip_of(composed(a_press(replace=replaces))).where == where


def test_the_clip_is_in_the_sets_meter() -> None:
    mirror = a_set(song=SongState("set", 120.0, 6, 8, 0, "Major", 0, 0))
    clip = clip_of(composed(a_press(bars=4), mirror))
    assert (clip.length, clip.numerator, clip.denominator) == (12.0, 6, 8)


def test_the_same_press_gives_the_same_notes() -> None:
    assert composed(a_press(seed=-1)) == composed(a_press(seed=-1))
    assert composed(a_press(seed=7)) == composed(a_press(seed=7))


def test_another_seed_or_another_press_gives_other_notes() -> None:
    notes = clip_of(composed(a_press(seed=7))).notes
    assert clip_of(composed(a_press(seed=8))).notes != notes
    first, second = (clip_of(composed(a_press(seed=-1), request=f"device-1:{press}")).notes for press in (1, 2))
    assert first != second


def test_a_seed_is_kept_and_minus_one_draws_one_from_the_request() -> None:
    assert [seed_of(seed, "a") for seed in (0, 7, 2**31 - 1)] == [0, 7, 2**31 - 1]
    drawn = {seed_of(-1, f"device:{press}") for press in range(100)}
    assert len(drawn) == 100
    assert all(0 <= seed < 2**31 for seed in drawn)


# --- what can go wrong -----------------------------------------------------------------------------------------------


def test_a_style_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(RequestError, match="polka") as refusal:
        composed(a_press(style="polka"))
    assert refusal.value.code == Refusal.BAD_PARAMETER
    assert "funk" in refusal.value.sentence


def test_an_engine_that_cannot_work_is_told_with_its_own_words() -> None:
    def fail(_params: object, _context: MusicalContext, _seed: int) -> Clip:
        raise EngineError("the kit is missing: run musearoo doctor.")

    reading = a_reading()
    broken = replace(reading, engine=replace(reading.engine, generate=fail))
    with pytest.raises(RequestError, match="DrummaRoo: the kit is missing") as refusal:
        compose(broken, a_press(), styles(), "device-1:1", RATE, 0.0)
    assert refusal.value.code == Refusal.ENGINE_FAILED


def test_without_any_style_a_press_is_refused() -> None:
    with pytest.raises(RequestError, match="no style could be read"):
        compose(a_reading(), a_press(style=""), {}, "device-1:1", RATE, 0.0)


def test_a_style_is_found_by_name_and_by_alias() -> None:
    context = MusicalContext.plain(bpm=120.0)
    for style in styles().values():
        for name in (style.name, *style.aliases):
            assert choose_style(styles(), name, context) == style
    with pytest.raises(ParamError, match="style must be"):
        choose_style(styles(), "polka", context)


@each_case("confidence, expected", [(0.9, "reggae"), (0.3, None)])
def test_without_a_name_a_style_that_surely_plays_is_taken(confidence: float, expected: str | None) -> None:
    heard = replace(MusicalContext.plain(bpm=174.0), style=Estimate("reggae", confidence, "clip"))
    nearest = choose_style(styles(), "", MusicalContext.plain(bpm=174.0)).name
    assert choose_style(styles(), "", heard).name == (expected or nearest) != (None if expected else "reggae")


@each_case("bpm", [20.0, 75.0, 124.0, 174.0, 999.0])
def test_without_a_name_the_style_nearest_in_tempo_is_taken(bpm: float) -> None:
    chosen = choose_style(styles(), "", MusicalContext.plain(bpm=bpm))
    assert abs(chosen.tempo.usual - bpm) == min(abs(style.tempo.usual - bpm) for style in styles().values())
