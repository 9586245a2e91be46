"""What a transaction is refused for: in one sentence, and with nothing changed in the set."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import (
    CreateAudioClip,
    CreateTrack,
    Delete,
    Error,
    Gone,
    ReadNotes,
    Refusal,
    ReplaceNotes,
    SetMixer,
    SetRouting,
    SetScale,
    SetSend,
    SetTempo,
    TakeBack,
    Transaction,
)
from musearoo.bridge.protocol.types import Message
from tests.remote_scripts.some_edits import Ids, audio_edit, existing_clip
from tests.remote_scripts.studio import Studio, clip_edit


def test_reading_what_is_gone_or_audio_is_refused(room: Studio, loop_file: str) -> None:
    error = room.ask(ReadNotes("r2", 9999))
    assert (error.request, error.code) == ("r2", Refusal.GONE)  # type: ignore[union-attr]
    clip = room.do(audio_edit(Ids(room), loop_file)).ids[0]
    error = room.ask(ReadNotes("r3", clip))
    assert (error.request, error.code) == ("r3", Refusal.WRONG_TRACK)  # type: ignore[union-attr]


def test_a_repeat_of_a_refusal_is_refused_again(room: Studio) -> None:
    request = Transaction("press 2", 0.0)
    assert room.ask(request, Delete(9999, 0)) == room.ask(request, Delete(9999, 0))


def test_a_deadline_that_has_passed_is_refused(room: Studio) -> None:
    ids, before = Ids(room), room.snapshot()
    error = room.refused(clip_edit(ids.midi, ids.scenes[0]), deadline=room.wall - 0.5)
    assert (error.code, error.edit) == (Refusal.EXPIRED, 0)
    assert room.snapshot() == before
    room.do(clip_edit(ids.midi, ids.scenes[0]), deadline=room.wall + 60)


def test_a_track_that_is_deleted_between_press_and_write_is_refused(room: Studio) -> None:
    ids = Ids(room)
    room.live.song.delete_track(0)
    error = room.refused(clip_edit(ids.midi, ids.scenes[0]))
    assert error.code == Refusal.GONE


def test_only_what_was_made_is_deleted_unless_the_user_named_it(room: Studio) -> None:
    ids, theirs = Ids(room), existing_clip(room)
    made = room.do(clip_edit(ids.midi, ids.scenes[0])).ids[0]
    for thing in (theirs, ids.midi, ids.scenes[0]):
        error = room.refused(Delete(thing, 1))
        assert error.code == Refusal.NOT_MINE
    room.do(Delete(made, 1))
    assert Gone(made) in room.daemon.received
    room.do(Delete(theirs, 0))
    assert room.clips == {}


def test_a_made_track_in_which_the_user_has_put_a_clip_stays(room: Studio) -> None:
    track = room.do(CreateTrack(0, 0, "Ours", -1)).ids[0]
    room.live.song.tracks[-1].clip_slots[0].create_clip(4.0)
    room.step()
    error = room.refused(Delete(track, 1))
    assert error.code == Refusal.NOT_MINE
    assert "holds clips that MuseAroo did not make" in error.sentence


def test_the_last_track_and_scene_stay(room: Studio) -> None:
    ids = Ids(room)
    error = room.refused(*(Delete(track, 0) for track in (ids.midi, ids.midi_2, ids.audio, ids.audio_2)))
    assert (error.edit, "last track" in error.sentence) == (4, True)
    error = room.refused(*(Delete(scene, 0) for scene in ids.scenes))
    assert (error.edit, "last scene" in error.sentence) == (8, True)


Refused = Callable[[Ids, str], Message]

REFUSALS: dict[str, tuple[Refused, Refusal, str]] = {
    "audio track": (
        lambda i, _: clip_edit(i.audio, i.scenes[0]),
        Refusal.WRONG_TRACK,
        "needs a MIDI track, but track 3",
    ),
    "return": (lambda i, _: clip_edit(i.return_track, i.scenes[0]), Refusal.WRONG_TRACK, "is a return track"),
    "master": (lambda i, _: clip_edit(i.master, i.scenes[0]), Refusal.WRONG_TRACK, "the master track"),
    "scene as track": (lambda i, _: clip_edit(i.scenes[0], i.scenes[0]), Refusal.BAD_PARAMETER, "not scene 1"),
    "track as scene": (lambda i, _: clip_edit(i.midi, i.midi), Refusal.BAD_PARAMETER, "not track 1"),
    "forward reference": (lambda i, _: clip_edit(-2, i.scenes[0]), Refusal.BAD_PARAMETER, "does not come before"),
    "unknown track": (
        lambda i, _: clip_edit(4711, i.scenes[0]),
        Refusal.GONE,
        "track that this was meant for has been deleted",
    ),
    "track 0": (lambda i, _: clip_edit(0, i.scenes[0]), Refusal.GONE, "track that this was meant for has been deleted"),
    "reference to nothing": (
        lambda i, _: clip_edit(-1, i.scenes[0]),
        Refusal.BAD_PARAMETER,
        "makes nothing that another edit could refer to",
    ),
    "scale": (lambda _, __: SetScale(0, "Jolly"), Refusal.BAD_PARAMETER, "no scale called 'Jolly'"),
    "negative volume": (lambda i, _: SetMixer(i.midi, "volume", -0.5), Refusal.BAD_PARAMETER, "must be in 0..1"),
    "half a mute": (lambda i, _: SetMixer(i.midi, "mute", 0.5), Refusal.BAD_PARAMETER, "must be 0 or 1"),
    "arm of a return": (lambda i, _: SetMixer(i.return_track, "arm", 1.0), Refusal.WRONG_TRACK, "no arm button"),
    "mute of the master": (lambda i, _: SetMixer(i.master, "mute", 1.0), Refusal.WRONG_TRACK, "no mute button"),
    "send of the master": (lambda i, _: SetSend(i.master, 0, 0.5), Refusal.WRONG_TRACK, "no sends"),
    "third send": (lambda i, _: SetSend(i.midi, 2, 0.5), Refusal.BAD_PARAMETER, "has 2 sends"),
    "routing": (lambda i, _: SetRouting(i.midi, "output type", "Moon"), Refusal.BAD_PARAMETER, "called 'Moon'; it has"),
    "input of a return": (
        lambda i, _: SetRouting(i.return_track, "input type", "Ext. In"),
        Refusal.WRONG_TRACK,
        "no input type",
    ),
    "track after a return": (lambda i, _: CreateTrack(0, i.return_track, "", -1), Refusal.WRONG_TRACK, "after return"),
    "master deleted": (lambda i, _: Delete(i.master, 0), Refusal.WRONG_TRACK, "cannot be deleted"),
    "relative path": (lambda i, _: audio_edit(i, "loop.wav"), Refusal.BAD_PARAMETER, "whole path"),
    "missing file": (lambda i, path: audio_edit(i, path + ".gone"), Refusal.BAD_PARAMETER, "No such file"),
    "folder": (lambda i, path: audio_edit(i, str(Path(path).parent)), Refusal.BAD_PARAMETER, "cannot be read"),
    "audio on MIDI": (
        lambda i, path: CreateAudioClip(i.midi, i.scenes[0], 0, path, "", -1, -1, -1, -1),
        Refusal.WRONG_TRACK,
        "needs an audio track",
    ),
    "loop unwarped": (
        lambda i, path: CreateAudioClip(i.audio, i.scenes[0], 0, path, "", -1, 0, -1, 1),
        Refusal.BAD_PARAMETER,
        "loops warped audio only",
    ),
    "half a note": (
        lambda i, _: ReplaceNotes(i.midi, b"half"),
        Refusal.BAD_PARAMETER,
        "A clip was to be named here",
    ),
    "notes that are none": (
        lambda i, _: replace(clip_edit(i.midi, i.scenes[0]), notes=b"half"),
        Refusal.BAD_MESSAGE,
        "whole records of 36 bytes, got 4",
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_cannot_be_done_is_refused_in_one_sentence_before_anything_is_written(
    room: Studio, loop_file: str, what: str
) -> None:
    make, code, says = REFUSALS[what]
    before = room.snapshot()
    error = room.refused(SetTempo(77.0), make(Ids(room), loop_file))  # type: ignore[arg-type]
    assert (error.code, error.edit) == (code, 2)
    assert says in error.sentence
    assert error.sentence[0].isupper()
    assert error.sentence.endswith(".")
    assert room.snapshot() == before
    assert not room.live.song.can_undo


def test_frozen_tracks_are_left_alone(room: Studio) -> None:
    ids = Ids(room)
    room.live.song_model.tracks[0].is_frozen = True
    error = room.refused(clip_edit(ids.midi, ids.scenes[0]))
    assert (error.code, error.sentence) == (
        Refusal.WRONG_TRACK,
        "Track 1 (1-MIDI) is frozen: unfreeze it and try again.",
    )


def test_an_empty_transaction_and_a_nameless_one_are_refused(room: Studio) -> None:
    error = room.ask(Transaction("empty", 0.0))
    assert (error.code, error.request) == (Refusal.BAD_MESSAGE, "empty")  # type: ignore[union-attr]
    error = room.ask(Transaction("", 0.0), SetTempo(100.0))
    assert error.code == Refusal.BAD_MESSAGE  # type: ignore[union-attr]
    error = room.ask(SetTempo(100.0))
    assert "must stand in a bundle" in error.sentence  # type: ignore[union-attr]
    assert room.live.song.tempo == 120.0


def test_what_live_itself_refuses_is_told_in_its_own_words(room: Studio, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF but no more")
    ids, before = Ids(room), room.snapshot()
    error = room.refused(SetTempo(90.0), clip_edit(ids.midi, ids.scenes[0]), audio_edit(ids, str(broken)))
    assert (error.code, error.edit) == (Refusal.LIVE_ERROR, 3)
    assert "so nothing was changed" in error.sentence
    assert room.snapshot() == before
    room.step()
    assert room.clips == {}


def test_group_tracks_take_no_clips_and_go_with_what_is_in_them(room: Studio) -> None:
    tracks: Any = room.live.song_model.tracks
    ids = Ids(room)
    tracks[0].is_foldable = True
    for track in tracks[1:3]:
        track.is_grouped, track.group_track = True, tracks[0]
    room.script._watch.start()
    room.step()
    assert [(track.kind, track.group) for track in room.tracks] == [(2, 0), (0, ids.midi), (1, ids.midi), (1, 0)]
    error = room.refused(clip_edit(ids.midi, ids.scenes[0]))
    assert (error.code, "is a group track" in error.sentence) == (Refusal.WRONG_TRACK, True)
    error = room.refused(SetMixer(ids.midi, "arm", 1.0))
    assert error.code == Refusal.WRONG_TRACK
    error = room.refused(Delete(ids.audio_2, 0), Delete(ids.midi, 0))
    assert (error.edit, "last track" in error.sentence) == (2, True)


def test_recording_is_left_alone(room: Studio, loop_file: str) -> None:
    ids, song = Ids(room), room.live.song
    song.clip_trigger_quantization = 0
    song.tracks[2].arm = True
    song.tracks[2].clip_slots[0].fire()
    room.step(1.0)
    assert song.tracks[2].clip_slots[0].is_recording
    for edit in (audio_edit(ids, loop_file), replace(audio_edit(ids, loop_file), scene=ids.scenes[0], where=2)):
        error = room.refused(edit)
        assert error.code == Refusal.LIVE_BUSY
        assert "stop recording" in error.sentence
    song.tracks[2].clip_slots[0].stop()


class StuckSong:
    """The set of a Live whose undo fails."""

    def __init__(self, song: Any) -> None:
        self._song = song

    def __getattr__(self, name: str) -> Any:
        return getattr(self._song, name)

    def undo(self) -> None:
        """Fails."""
        raise RuntimeError("not now")


def test_a_failing_undo_is_said(room: Studio) -> None:
    clip = existing_clip(room)
    room.script._requests._transactions._song = StuckSong(room.live.song)
    error = room.refused(Delete(clip, 0), CreateTrack(1, 0, "", -1), SetRouting(-2, "output type", "Sends Only"))
    assert error.sentence.endswith("press Cmd-Z once.")
    room.live.song.undo()
    room.step()
    assert len(room.clips) == 1
    assert len(room.tracks) == 4


def test_an_undo_that_fails_by_a_fault_of_ours_is_answered_and_logged_by_its_id(
    room: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("no history")

    history = sys.modules[f"{room.script.__module__.rpartition('.')[0]}.requests.history"]
    monkeypatch.setattr(history.History, "take_back", fails)
    answer = room.ask(TakeBack("device-1:9", "device-1:8"))
    assert isinstance(answer, Error)
    assert (answer.request, answer.code) == ("device-1:9", Refusal.LIVE_ERROR)
    (line,) = [line for line in room.live.log_lines if "answering a request" in line]
    assert line.splitlines()[0].endswith("error while answering a request: no history [device-1:9]")
    room.do(CreateTrack(0, 0, "Bass", -1))
    assert room.script._log.request == ""
