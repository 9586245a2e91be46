"""What only voice asks: switches, faders, tempo, key and deletion, each as one transaction with a name."""

from typing import Any

import pytest

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, GROUP_TRACK, RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import (
    Delete,
    Gone,
    Launch,
    MixerState,
    PlaySong,
    Refusal,
    SceneState,
    Selection,
    SetMixer,
    SetReady,
    SetScale,
    SetTempo,
    SongState,
    StopClips,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode_bundle
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust import compose_adjust
from musearoo.bridge.requests.adjust_data import Action, Adjust
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.players.mix.faders import fader_db, fader_position
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_track
from tests.each_case import each_case

DRUMS, BASS, VOICE, GROUP, HALL = 1, 2, 3, 4, 5
VERSE, CHORUS = 8, 9
UNITY = 0.85


def a_mixer(track: int, volume: float = UNITY, held: str = "") -> MixerState:
    return MixerState(track, volume, 0.0, held, ())


def a_set(*more: Message) -> SetMirror:
    """Drums, a muted bass, a soloed voice, a group, a return; two scenes, a clip of the bass in the second."""
    return a_mirror(
        SongState("set", 120.0, 4, 4, 9, "Minor", 1, 0),
        a_track(DRUMS, 0, name="DrummaRoo"),
        TrackState(BASS, 1, 0, "BassaRoo", 0, 0, 1, 0, 0),
        TrackState(VOICE, 2, AUDIO_TRACK, "Voice", 0, 0, 0, 1, 0),
        a_track(GROUP, 3, GROUP_TRACK, "All"),
        a_track(HALL, 0, RETURN_TRACK, "Hall"),
        *(a_mixer(track) for track in (DRUMS, BASS, VOICE, GROUP, HALL)),
        SceneState(VERSE, 0, ""),
        SceneState(CHORUS, 1, "chorus"),
        a_clip(20, BASS, CHORUS, name="funk bass"),
        Selection(DRUMS, VERSE, 20),
        SetReady(7),
        *more,
    )


def adjusted(action: Action, mirror: SetMirror | None = None, **request: Any) -> tuple[list[Message], str]:
    """The edits of a request, and what it is called; no transaction where there are none."""
    made = compose_adjust(mirror or a_set(), Adjust(session=1, press=2, action=action, **request), "device-1:2", 99.5)
    if not made.messages:
        return [], made.name
    encode_bundle(made.messages)
    head, *edits = made.messages
    assert head == Transaction("device-1:2", 99.5)
    return edits, made.name


# --- switches --------------------------------------------------------------------------------------------------------


@each_case(
    "action, track, edit, name",
    [
        (Action.MUTE, 0, SetMixer(DRUMS, "mute", 1.0), "DrummaRoo muted"),
        (Action.UNMUTE, 1, SetMixer(BASS, "mute", 0.0), "BassaRoo unmuted"),
        (Action.SOLO, 3, SetMixer(GROUP, "solo", 1.0), "All soloed"),
        (Action.UNSOLO, 2, SetMixer(VOICE, "solo", 0.0), "Voice no longer soloed"),
    ],
)
def test_a_switch_is_one_edit(action: Action, track: int, edit: SetMixer, name: str) -> None:
    assert adjusted(action, tracks=(track,)) == ([edit], name)


def test_of_several_tracks_those_move_that_are_otherwise() -> None:
    edits, name = adjusted(Action.MUTE, tracks=(0, 1, 2))
    assert edits == [SetMixer(DRUMS, "mute", 1.0), SetMixer(VOICE, "mute", 1.0)]
    assert name == "DrummaRoo, BassaRoo and Voice muted"
    assert adjusted(Action.MUTE, tracks=(0, 1, 2, 3))[1] == "4 tracks muted"


def test_what_is_so_already_changes_nothing_and_says_so() -> None:
    assert adjusted(Action.MUTE, tracks=(1,)) == ([], "BassaRoo is muted already")
    assert adjusted(Action.UNSOLO, tracks=(0, 1)) == ([], "DrummaRoo and BassaRoo are not soloed")


def test_without_a_track_the_selected_one_is_meant() -> None:
    assert adjusted(Action.MUTE) == ([SetMixer(DRUMS, "mute", 1.0)], "DrummaRoo muted")


@each_case("selected", [0, HALL, 77])
def test_where_no_regular_track_is_selected_it_must_be_said(selected: int) -> None:
    with pytest.raises(RequestError, match="say which is meant") as refusal:
        adjusted(Action.MUTE, a_set(Selection(selected, VERSE, 0)))
    assert refusal.value.code is Refusal.GONE


def test_a_track_that_has_gone_is_told_by_its_number() -> None:
    with pytest.raises(RequestError, match="Track 5 is not in the set any more"):
        adjusted(Action.SOLO, tracks=(0, 4))


def test_before_the_set_is_told_whole_nothing_is_adjusted() -> None:
    with pytest.raises(RequestError, match="press again in a moment"):
        adjusted(Action.TEMPO, SetMirror(), bpm=120.0)


# --- faders ----------------------------------------------------------------------------------------------------------


@each_case(
    "before, db, after, name",
    [
        (0.0, 3.0, 3.0, "DrummaRoo louder by 3 dB, at +3.0 dB"),
        (-10.0, -1.5, -11.5, "DrummaRoo softer by 1.5 dB, at -11.5 dB"),
        (4.5, 6.0, 6.0, "DrummaRoo louder by 6 dB, at +6.0 dB"),
        (-69.0, -6.0, -70.0, "DrummaRoo softer by 6 dB, at -70.0 dB"),
        (-70.0, 1.5, -24.0, "DrummaRoo louder by 1.5 dB, at -24.0 dB"),
        (-30.0, 3.0, -27.0, "DrummaRoo louder by 3 dB, at -27.0 dB"),
    ],
)
def test_a_fader_moves_by_decibels_within_its_way(before: float, db: float, after: float, name: str) -> None:
    edits, said = adjusted(Action.LEVEL, a_set(a_mixer(DRUMS, fader_position(before))), tracks=(0,), db=db)
    (edit,) = edits
    assert isinstance(edit, SetMixer)
    assert (edit.track, edit.control) == (DRUMS, "volume")
    assert fader_db(edit.value) == pytest.approx(after, abs=0.01)
    assert said == name


@each_case("at, db, name", [(1.0, 3.0, "as loud as"), (0.0, -3.0, "as soft as")])
def test_at_its_end_a_fader_stays(at: float, db: float, name: str) -> None:
    edits, said = adjusted(Action.LEVEL, a_set(a_mixer(DRUMS, at)), tracks=(0,), db=db)
    assert edits == []
    assert name in said


def test_several_faders_move_together() -> None:
    edits, name = adjusted(Action.LEVEL, tracks=(0, 1), db=-3.0)
    moved = [(edit.track, round(fader_db(edit.value), 2)) for edit in edits if isinstance(edit, SetMixer)]
    assert moved == [(DRUMS, -3.0), (BASS, -3.0)]
    assert name == "DrummaRoo and BassaRoo softer by 3 dB"


def test_a_fader_that_is_automated_is_left_alone() -> None:
    mirror = a_set(a_mixer(DRUMS, UNITY, "volume,sends"))
    edits, name = adjusted(Action.LEVEL, mirror, tracks=(0, 1), db=3.0)
    assert [edit.track for edit in edits if isinstance(edit, SetMixer)] == [BASS]
    assert name == "BassaRoo louder by 3 dB, at +3.0 dB; DrummaRoo, automated, stays"
    with pytest.raises(RequestError, match="DrummaRoo is automated or held by a macro") as refusal:
        adjusted(Action.LEVEL, mirror, tracks=(0,), db=3.0)
    assert refusal.value.code is Refusal.WRONG_TRACK


# --- tempo and key ---------------------------------------------------------------------------------------------------


def test_a_tempo_is_set_and_named() -> None:
    assert adjusted(Action.TEMPO, bpm=95.5) == ([SetTempo(95.5)], "Tempo 95.5 BPM")
    assert adjusted(Action.TEMPO, bpm=120.001) == ([], "The tempo is 120 BPM already")


@each_case("bpm", [0.0, 19.9, 999.5])
def test_a_tempo_that_live_does_not_have_is_refused(bpm: float) -> None:
    with pytest.raises(RequestError, match="must be 20 to 999 BPM") as refusal:
        adjusted(Action.TEMPO, bpm=bpm)
    assert refusal.value.code is Refusal.BAD_PARAMETER


def test_a_key_becomes_the_sets_scale() -> None:
    assert adjusted(Action.KEY, key="D dorian") == ([SetScale(2, "Dorian")], "The set is in D dorian")
    assert adjusted(Action.KEY, key="Am") == ([], "The set is in A minor already")


def test_a_scale_that_is_switched_off_is_set_all_the_same() -> None:
    off = a_set(SongState("set", 120.0, 4, 4, 9, "Minor", 0, 0))
    assert adjusted(Action.KEY, off, key="Am") == ([SetScale(9, "Minor")], "The set is in A minor")


@each_case("key", ["", "H moll"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(RequestError, match="key must be") as refusal:
        adjusted(Action.KEY, key=key)
    assert refusal.value.code is Refusal.BAD_PARAMETER


# --- deletion --------------------------------------------------------------------------------------------------------


def test_what_the_user_names_is_deleted_whoever_made_it() -> None:
    assert adjusted(Action.DELETE_CLIP) == ([Delete(20, 0)], "funk bass deleted")
    assert adjusted(Action.DELETE_CLIP, tracks=(1,), scene=1) == ([Delete(20, 0)], "funk bass deleted")
    assert adjusted(Action.DELETE_TRACK, tracks=(2,)) == ([Delete(VOICE, 0)], "Voice deleted")
    assert adjusted(Action.DELETE_SCENE, scene=1) == ([Delete(CHORUS, 0)], "Scene 2 (chorus) deleted")
    assert adjusted(Action.DELETE_SCENE) == ([Delete(VERSE, 0)], "Scene 1 deleted")


def test_an_empty_slot_has_nothing_to_delete() -> None:
    with pytest.raises(RequestError, match="no clip in that slot"):
        adjusted(Action.DELETE_CLIP, tracks=(0,), scene=1)


def test_the_last_track_and_the_last_scene_stay() -> None:
    alone = a_set(Gone(BASS), Gone(VOICE), Gone(GROUP), Gone(CHORUS))
    for action in (Action.DELETE_TRACK, Action.DELETE_SCENE):
        with pytest.raises(RequestError, match="Live keeps one: nothing was deleted") as refusal:
            adjusted(action, alone)
        assert refusal.value.code is Refusal.BAD_PARAMETER
    with pytest.raises(RequestError, match="4 tracks are all the tracks"):
        adjusted(Action.DELETE_TRACK, tracks=(0, 1, 2, 3))


def test_clips_are_stopped_by_track_or_all_and_the_song_plays_and_stops() -> None:
    assert adjusted(Action.STOP_CLIPS, tracks=(1,)) == ([StopClips(BASS)], "BassaRoo stopped")
    more = a_set(a_clip(21, DRUMS, CHORUS))
    assert adjusted(Action.STOP_CLIPS, more) == ([StopClips(DRUMS), StopClips(BASS)], "All clips stopped")
    with pytest.raises(RequestError, match="Track 90 is not in the set"):
        adjusted(Action.STOP_CLIPS, tracks=(89,))
    assert adjusted(Action.PLAY) == ([PlaySong(1)], "Live plays")
    assert adjusted(Action.STOP) == ([PlaySong(0)], "Live stopped")


def test_clips_and_scenes_are_launched() -> None:
    assert adjusted(Action.LAUNCH_CLIP, tracks=(1,), scene=1) == ([Launch(20)], "funk bass launched")
    assert adjusted(Action.LAUNCH_CLIP) == ([Launch(20)], "funk bass launched"), "the one in Detail View"
    more = a_set(a_clip(21, DRUMS, CHORUS))
    assert adjusted(Action.LAUNCH_SCENE, more, scene=1) == ([Launch(21), Launch(20)], "Scene 2 (chorus) launched")
    with pytest.raises(RequestError, match="Scene 1 has no clips to launch"):
        adjusted(Action.LAUNCH_SCENE, scene=0)
    with pytest.raises(RequestError, match="only Session clips are launched"):
        adjusted(Action.LAUNCH_CLIP, a_set(a_clip(22, DRUMS, 0, name="late"), Selection(DRUMS, VERSE, 22)))
