"""Stems in every Live: they play, sample for sample, what their source plays, and one undo takes them back."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import (
    CreateAudioClip,
    CreateStem,
    CreateTrack,
    Edit,
    Error,
    MuteClip,
    Refusal,
    SetRouting,
    SetTempo,
    Transaction,
)
from musearoo.tools.live_simulator.core.audio_file import write_silence
from musearoo.tools.live_simulator.core.values import WarpMarker
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.program.browser.browser import Browser
from musearoo.tools.live_simulator.program.browser.items import BrowserItem
from tests.remote_scripts.played import second_played
from tests.remote_scripts.some_edits import Ids, existing_clip
from tests.remote_scripts.stem_sources import SAMPLE, all_settings, loop, part, pin, uneven_loop, unwarp
from tests.remote_scripts.studio import Studio, studio

Source = Callable[[Studio, Any], None]

SOURCES: dict[str, Source] = {
    "as it came": lambda _, __: None,
    "all settings": lambda _, clip: all_settings(clip),
    "part of it": lambda _, clip: part(clip, 0.5, 3.25),
    "beyond both ends": lambda _, clip: part(clip, -1.5, 6.0),
    "loop inside": lambda _, clip: loop(clip, 1.0, 2.5, 0.25, 3.0),
    "loop that starts late": lambda _, clip: loop(clip, 0.0, 4.0, 3.0, 4.0),
    "loop that is never reached": lambda _, clip: loop(clip, 0.0, 1.0, 2.0, 4.0),
    "other pace": lambda room, clip: pin(room, clip, (0.0, 0.0), (2.0, 5.1)),
    "later": lambda room, clip: pin(room, clip, (0.0, 7.5)),
    "earlier": lambda room, clip: pin(room, clip, (0.0, -7.5)),
    "uneven": lambda room, clip: pin(room, clip, (0.0, 0.5), (0.25, 1.0), (0.75, 1.75), (1.5, 3.5)),
    "uneven loop": lambda room, clip: uneven_loop(room, clip),
    "not warped": lambda room, clip: unwarp(room, clip, 0.0, 2.0),
    "part, not warped": lambda room, clip: unwarp(room, clip, 0.3, 1.7),
}


def session_source(room: Studio, path: str, source: Source) -> tuple[int, Any]:
    """An audio clip of the user's in the second scene, and its id."""
    slot = room.live.song_model.tracks[2].clip_slots[1]
    slot.create_audio_clip(path)
    clip = room.live.song.tracks[2].clip_slots[1].clip
    source(room, clip)
    room.step(0.1)
    room.live.context.journal.forget()
    return max(room.clips), clip


def stems(clip: int, path: str) -> list[Edit]:
    """Two stems on two new tracks, and the source muted."""
    return [
        CreateTrack(1, 0, "Loop · Drums", 0x1AFF2F),
        CreateStem(clip, -1, path, "Loop · Drums", 0x1AFF2F),
        CreateTrack(1, -1, "Loop · Bass", -1),
        CreateStem(clip, -3, path, "Loop · Bass", -1),
        MuteClip(clip, 1),
    ]


TELLING = (
    *("looping", "loop_start", "loop_end", "start_marker", "end_marker", "warping", "warp_mode", "gain"),
    *("signature_numerator", "signature_denominator", "launch_mode", "launch_quantization", "legato"),
    *("velocity_amount", "ram_mode", "pitch_coarse", "pitch_fine", "groove"),
)


@pytest.mark.parametrize("what", ["all settings", "uneven loop", "part, not warped"])
def test_a_stem_plays_in_the_scene_of_any_live_as_its_source_plays(
    any_room: Studio, loop_file: str, stem_file: str, what: str
) -> None:
    assert_plays_in_the_scene(any_room, loop_file, stem_file, SOURCES[what])


@pytest.mark.parametrize("what", SOURCES)
def test_a_stem_plays_in_the_scene_as_its_source_plays(room: Studio, loop_file: str, stem_file: str, what: str) -> None:
    assert_plays_in_the_scene(room, loop_file, stem_file, SOURCES[what])


def assert_plays_in_the_scene(room: Studio, loop_file: str, stem_file: str, make: Source) -> None:
    clip, source = session_source(room, loop_file, make)
    song = room.live.song
    # What Live takes a fresh file for depends on the tempo: it takes the stem for something else than the source.
    song.tempo = 97.0
    before = room.snapshot()
    ids = room.do(*stems(clip, stem_file)).ids
    for track, stem_id in zip(song.tracks[4:], (ids[2], ids[6]), strict=True):
        (stem,) = [slot.clip for slot in track.clip_slots if slot.has_clip]
        assert stem == track.clip_slots[1].clip
        assert (stem.name, stem.file_path, stem.muted) == (track.name, stem_file, False)
        assert room.clips[stem_id].scene == room.scenes[1].id
        for name in TELLING:
            assert getattr(stem, name) == getattr(source, name), name
        for step in range(120):
            wanted = second_played(source, step / 7, 97.0)
            found = second_played(stem, step / 7, 97.0)
            assert (found is None) == (wanted is None), step / 7
            assert wanted is None or found == pytest.approx(wanted, abs=SAMPLE / 100)
    assert source.muted
    # A new track has its routing a tick later.
    room.step()
    after = room.snapshot()
    song.undo()
    room.step()
    assert room.snapshot() == before
    song.redo()
    assert room.snapshot() == after


def test_a_stem_gets_the_groove_of_its_source(room: Studio, loop_file: str, stem_file: str) -> None:
    clip, source = session_source(room, loop_file, SOURCES["as it came"])
    room.live.song_model.groove_pool.add("Swing 16ths 57")
    source.groove = room.live.song.groove_pool.grooves[0]
    room.do(*stems(clip, stem_file))
    assert room.live.song.tracks[4].clip_slots[1].clip.groove == source.groove


def test_a_long_file_that_live_does_not_warp_is_warped_like_its_source(
    room: Studio, home: Path, stem_file: str
) -> None:
    path, stem_path = str(home / "long.wav"), stem_file
    for each in (path, stem_path):
        write_silence(each, 90.0, 8000)
    clip, source = session_source(room, path, SOURCES["as it came"])
    assert not source.warping
    source.warping = True
    room.step(0.2)
    room.do(*stems(clip, stem_path))
    stem = room.live.song.tracks[4].clip_slots[1].clip
    assert (stem.warping, stem.loop_end, stem.looping) == (True, source.loop_end, True)
    assert stem.beat_to_sample_time(100.0) == pytest.approx(source.beat_to_sample_time(100.0), abs=0.01)


# --- the Live that loads by its browser ------------------------------------------------------------------------------


def test_what_the_user_had_selected_is_selected_again(home: Path, loop_file: str, stem_file: str) -> None:
    with studio(home, "12.0.0") as room:
        clip, source = session_source(room, loop_file, SOURCES["as it came"])
        song, shown = room.live.song, room.live.application.view
        song.view.selected_track, song.view.selected_scene = song.tracks[0], song.scenes[5]
        song.view.detail_clip = source
        shown.show_view("Arranger")
        room.do(*stems(clip, stem_file))
        assert (song.view.selected_track, song.view.selected_scene) == (song.tracks[0], song.scenes[5])
        assert (song.view.detail_clip, shown.focused_document_view) == (source, "Arranger")
        assert len(song.tracks) == 6


def test_a_file_that_the_browser_does_not_list_is_refused_and_nothing_is_left(
    home: Path, loop_file: str, stem_file: str
) -> None:
    with studio(home, "12.0.0") as room:
        clip, _ = session_source(room, loop_file, SOURCES["as it came"])
        before = room.snapshot()
        hidden = Path(stem_file).with_name(".loop.wav")
        shutil.copy(stem_file, hidden)
        error = room.refused(CreateTrack(1, 0, "", -1), CreateStem(clip, -1, str(hidden), "", -1))
        assert (error.code, error.edit, "does not list" in error.sentence) == (Refusal.LIVE_BUSY, 2, True)
        outside = home / "outside.wav"
        shutil.copy(stem_file, outside)
        error = room.refused(CreateTrack(1, 0, "", -1), CreateStem(clip, -1, str(outside), "", -1))
        assert (error.code, "from the User Library only" in error.sentence) == (Refusal.UNSUPPORTED, True)
        assert "Live 11.3.25 has a way" in error.sentence
        assert room.snapshot() == before


def test_another_slot_chosen_meanwhile_keeps_what_is_in_it(
    home: Path, loop_file: str, stem_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Browser.load_item

    def choose_another(browser: Browser, item: BrowserItem) -> None:
        load(browser, item)
        browser._song.view.highlighted_clip_slot = browser._song.tracks[0].clip_slots[0]

    monkeypatch.setattr(Browser, "load_item", choose_another)
    with studio(home, "12.0.0") as room:
        clip, _ = session_source(room, loop_file, SOURCES["as it came"])
        before = room.snapshot()
        error = room.refused(CreateTrack(1, 0, "", -1), CreateStem(clip, -1, stem_file, "", -1))
        assert (error.code, error.edit) == (Refusal.LIVE_ERROR, 2)
        assert room.snapshot() == before


def test_a_clip_that_the_user_puts_there_first_stays(
    home: Path, loop_file: str, stem_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_another(browser: Browser, _: BrowserItem) -> None:
        slot = browser._song.view.highlighted_clip_slot
        assert slot is not None
        slot.create_audio_clip(loop_file)

    monkeypatch.setattr(Browser, "load_item", put_another)
    with studio(home, "12.0.0") as room:
        clip, _ = session_source(room, loop_file, SOURCES["as it came"])
        error = room.refused(CreateStem(clip, Ids(room).audio_2, stem_file, "", -1))
        assert (error.code, "Another clip came into the slot" in error.sentence) == (Refusal.LIVE_BUSY, True)
        assert room.live.song.tracks[3].clip_slots[1].clip.file_path == loop_file


# --- refusals --------------------------------------------------------------------------------------------------------


Refused = Callable[[Studio, Ids, int, str], CreateStem | MuteClip]

REFUSED: dict[str, tuple[Refused, Refusal, str]] = {
    "MIDI source": (
        lambda _, i, __, path: CreateStem(i.scenes[0], i.audio_2, path, "", -1),
        Refusal.BAD_PARAMETER,
        "A clip was to be named here",
    ),
    "source that is gone": (
        lambda _, i, __, path: CreateStem(4711, i.audio_2, path, "", -1),
        Refusal.GONE,
        "has been deleted",
    ),
    "track that is gone": (
        lambda _, __, clip, path: CreateStem(clip, 4711, path, "", -1),
        Refusal.GONE,
        "track that this was meant for has been deleted",
    ),
    "MIDI track": (
        lambda _, i, clip, path: CreateStem(clip, i.midi, path, "", -1),
        Refusal.WRONG_TRACK,
        "needs an audio track",
    ),
    "its own track": (
        lambda _, i, clip, path: CreateStem(clip, i.audio, path, "", -1),
        Refusal.SLOT_FILLED,
        "holds a clip already",
    ),
    "missing file": (
        lambda _, i, clip, path: CreateStem(clip, i.audio_2, path + ".gone", "", -1),
        Refusal.BAD_PARAMETER,
        "No such file",
    ),
    "other length": (
        lambda _, i, clip, path: CreateStem(clip, i.audio_2, written(path, 1.9, 44100), "", -1),
        Refusal.BAD_PARAMETER,
        "The stem has 83790 samples at 44100 Hz, but Live counts 88200 at 44100 Hz",
    ),
    "other rate": (
        lambda _, i, clip, path: CreateStem(clip, i.audio_2, written(path, 88200 / 48000, 48000), "", -1),
        Refusal.BAD_PARAMETER,
        "so they would not line up",
    ),
    "frozen source": (
        lambda room, i, clip, path: CreateStem(clip, i.audio_2, freeze(room, 2, path), "", -1),
        Refusal.WRONG_TRACK,
        "is frozen: unfreeze it",
    ),
    "frozen track": (
        lambda room, i, clip, path: CreateStem(clip, i.audio_2, freeze(room, 3, path), "", -1),
        Refusal.WRONG_TRACK,
        "is frozen: unfreeze it",
    ),
    "mute of what is gone": (lambda _, __, ___, ____: MuteClip(4711, 1), Refusal.GONE, "has been deleted"),
}


def written(path: str, seconds: float, rate: int) -> str:
    """Another file in the place of the stem."""
    write_silence(path, seconds, rate)
    return path


def freeze(room: Studio, track: int, path: str) -> str:
    """The stem, once a track is frozen."""
    room.live.song_model.tracks[track].is_frozen = True
    return path


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_done_is_refused_before_anything_is_written(
    room: Studio, loop_file: str, stem_file: str, what: str
) -> None:
    clip, _ = session_source(room, loop_file, SOURCES["uneven loop"])
    make, code, says = REFUSED[what]
    before = room.snapshot()
    error = room.refused(SetTempo(77.0), make(room, Ids(room), clip, stem_file))
    assert (error.code, error.edit, says in error.sentence) == (code, 2, True), error.sentence
    assert error.sentence.endswith(".")
    assert room.snapshot() == before
    assert not room.live.song.can_undo


def test_midi_and_what_is_recorded_or_not_there_yet_has_no_stems(room: Studio, stem_file: str) -> None:
    ids, song = Ids(room), room.live.song
    error = room.refused(CreateStem(existing_clip(room), ids.audio_2, stem_file, "", -1))
    assert (error.code, "is MIDI and has no stems" in error.sentence) == (Refusal.WRONG_TRACK, True)
    new = CreateAudioClip(ids.audio, ids.scenes[0], 0, stem_file, "", -1, -1, -1, -1)
    error = room.refused(new, CreateStem(-1, ids.audio_2, stem_file, "", -1))
    assert (error.code, "is not there yet" in error.sentence) == (Refusal.BAD_PARAMETER, True)
    song.clip_trigger_quantization = 0
    song.tracks[2].arm = True
    song.tracks[2].clip_slots[0].fire()
    room.step(1.0)
    error = room.refused(CreateStem(max(room.clips), ids.audio_2, stem_file, "", -1))
    assert (error.code, "stop recording" in error.sentence) == (Refusal.LIVE_BUSY, True)


@pytest.mark.parametrize("what", ["uneven loop", "part, not warped"])
def test_a_failure_in_the_middle_leaves_the_set_as_it_was(
    any_room: Studio, loop_file: str, stem_file: str, what: str
) -> None:
    clip, _ = session_source(any_room, loop_file, SOURCES[what])
    any_room.live.song.tempo = 111.0
    before = any_room.snapshot()
    error = any_room.refused(*stems(clip, stem_file), SetRouting(-3, "output type", "Moon"))
    assert error.edit == 6
    assert any_room.snapshot() == before
    any_room.step()
    assert list(any_room.clips) == [clip]
    while any_room.live.song.tempo == 111.0:
        assert any_room.live.song.can_undo, "the user's own step is still there to be undone"
        any_room.live.song.undo()


def test_a_live_that_lays_the_stem_otherwise_than_its_source_changes_nothing(
    home: Path, loop_file: str, stem_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Clip.add_warp_marker

    def add_a_bit_later(clip: Clip, marker: Any) -> None:
        shifted = WarpMarker(
            marker.sample_time + (2e-5 if clip.audio and clip.audio.path == stem_file else 0.0), marker.beat_time
        )
        add(clip, shifted)

    monkeypatch.setattr(Clip, "add_warp_marker", add_a_bit_later)
    with studio(home) as room:
        clip, _ = session_source(room, loop_file, SOURCES["uneven"])
        before = room.snapshot()
        error = room.refused(*stems(clip, stem_file))
        assert (error.code, error.edit) == (Refusal.LIVE_ERROR, 2)
        assert "Live plays another sample than the source does at beat 4" in error.sentence
        assert room.snapshot() == before


def test_a_track_that_vanishes_while_its_stem_is_made_leaves_the_set_unharmed(
    room: Studio, loop_file: str, stem_file: str
) -> None:
    clip, _ = session_source(room, loop_file, SOURCES["part, not warped"])
    before = room.snapshot()
    ids = Ids(room)
    # Switching warping off waits for a tick, and in it the user deletes the track.
    room.daemon.send(Transaction("stem", 0.0), CreateStem(clip, ids.audio_2, stem_file, "", -1), bundle=True)
    room.step_until(lambda: room.live.song.tracks[3].clip_slots[1].has_clip)
    room.live.song.delete_track(3)
    room.step_until(lambda: room.daemon.of(Error))
    (error,) = room.daemon.of(Error)
    assert (error.code, error.edit) == (Refusal.GONE, 1)
    assert error.sentence == "Track 4 (4-Audio) was deleted while this was being done, so nothing was changed."
    del before["tracks"][3]
    assert room.snapshot() == before
