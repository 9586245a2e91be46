"""Warp and loop in every Live: what the edits do, that one undo takes them back, locators too, and what they refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from musearoo.bridge.live_set.analysis_writer import ClipInSet, RequestedEdits, analysis_transaction
from musearoo.bridge.live_set.clip_audio import ClipRegion
from musearoo.bridge.protocol import (
    MOST_WARP_MARKERS,
    ClipAudio,
    ClipWarp,
    CreateAudioClip,
    CreateLocator,
    CreateTrack,
    Edit,
    Refusal,
    Result,
    SetLoop,
    SetRouting,
    SetTempo,
    SetWarping,
    SetWarpMarkers,
)
from musearoo.bridge.protocol.codec import decode_warp_markers, encode_warp_markers
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, Harmony, Rhythm
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from tests.remote_scripts.some_edits import Ids, existing_clip
from tests.remote_scripts.studio import Studio

FOUND = ((0.25, 0.0), (0.75, 1.0), (1.5, 2.0), (2.0, 3.5))


def audio_clip(room: Studio, path: str, warping: bool = True) -> int:
    """An audio clip of the user's: also in the Live whose scripts cannot load one."""
    slot = room.live.song_model.tracks[2].clip_slots[0]
    slot.create_audio_clip(path)
    assert slot.clip is not None
    slot.clip.warping = warping
    room.step(0.2)
    room.live.context.journal.forget()
    return max(room.clips)


def live_clip(room: Studio) -> Any:
    return room.live.song.tracks[2].clip_slots[0].clip


def markers_in_live(room: Studio) -> list[tuple[float, float]]:
    return [(marker.sample_time, marker.beat_time) for marker in live_clip(room).warp_markers][:-1]


def warp(clip: int, *markers: tuple[float, float]) -> SetWarpMarkers:
    return SetWarpMarkers(clip, encode_warp_markers(markers))


HEARD: dict[str, Callable[[int], list[Edit]]] = {
    "warping off": lambda clip: [SetWarping(clip, 0, -1)],
    "warp mode": lambda clip: [SetWarping(clip, -1, 4)],
    "warp markers": lambda clip: [warp(clip, *FOUND)],
    "loop": lambda clip: [SetLoop(clip, 1, 1.0, 3.0, 1.5)],
    "loop further on": lambda clip: [SetLoop(clip, 1, 8.0, 12.0, 8.0)],
    "no loop": lambda clip: [SetLoop(clip, 0, 1.0, 3.0, 1.0)],
    "locators": lambda _: [CreateLocator(16.0, "Verse"), CreateLocator(0.0, "Intro"), CreateLocator(32.0, "")],
    "all of it": lambda clip: [
        SetTempo(92.0),
        SetWarping(clip, 1, 0),
        warp(clip, *FOUND),
        SetLoop(clip, 1, 0.0, 3.0, 0.0),
        CreateLocator(8.0, "Chorus"),
    ],
}


@pytest.mark.parametrize("what", HEARD)
def test_one_undo_restores_the_set_exactly(any_room: Studio, loop_file: str, what: str) -> None:
    clip, song = audio_clip(any_room, loop_file), any_room.live.song
    before = any_room.snapshot()
    edits = HEARD[what](clip)
    result = any_room.do(*edits)
    assert len(result.ids) == 2 * len(edits)
    after = any_room.snapshot()
    assert after != before
    song.undo()
    any_room.step()
    assert any_room.snapshot() == before
    song.redo()
    assert any_room.snapshot() == after


@pytest.mark.parametrize("what", HEARD)
def test_a_failure_afterwards_leaves_the_set_as_it_was(room: Studio, loop_file: str, what: str) -> None:
    clip, song = audio_clip(room, loop_file), room.live.song
    song.tempo = 111.0
    before = room.snapshot()
    edits = HEARD[what](clip)
    # The routings of a track that was made in the same tick are not listed yet, which only performing it shows.
    fails: list[Edit] = [CreateTrack(1, 0, "", -1), SetRouting(-len(edits) - 1, "output type", "Sends Only")]
    error = room.refused(*edits, *fails)
    assert (error.code, error.edit) == (Refusal.BAD_PARAMETER, len(edits) + 2)
    assert room.snapshot() == before
    while song.tempo == 111.0:
        assert song.can_undo, "the user's own step is still there to be undone"
        song.undo()


# --- warp markers ----------------------------------------------------------------------------------------------------


WANTED = {
    "later": FOUND,
    "from the same place": ((0.0, 0.0), (0.5, 1.5), (2.0, 4.0)),
    "before the first beat": ((0.0, -1.0), (1.0, 1.0), (2.0, 2.0)),
    "all across the one that is there": ((0.5, -8.0), (1.0, -7.0), (2.0, -5.0)),
    "far on": ((0.0, 64.0), (2.0, 68.0)),
}


@pytest.mark.parametrize("what", WANTED)
def test_a_clip_gets_exactly_these_warp_markers(room: Studio, loop_file: str, what: str) -> None:
    clip = audio_clip(room, loop_file)
    room.do(warp(clip, *WANTED[what]))
    assert markers_in_live(room) == list(WANTED[what])
    for other in WANTED.values():
        room.do(warp(clip, *other))
        assert markers_in_live(room) == list(other)


def test_the_same_warp_markers_again_change_nothing(room: Studio, loop_file: str) -> None:
    clip = audio_clip(room, loop_file)
    room.do(warp(clip, *FOUND))
    room.live.context.journal.forget()
    room.do(warp(clip, *FOUND))
    assert not room.live.song.can_undo


def test_many_warp_markers_fit(room: Studio, loop_file: str) -> None:
    clip = audio_clip(room, loop_file)
    many = [(number / 1000, number / 250 + number**2 / 1e6) for number in range(2001)]
    room.do(warp(clip, *many))
    told = decode_warp_markers(room.daemon.last(ClipWarp).markers)
    assert list(told[:-1]) == many


def test_warp_markers_are_told_with_the_hidden_one_whenever_they_change(any_room: Studio, loop_file: str) -> None:
    clip = audio_clip(any_room, loop_file)
    (told,) = [decode_warp_markers(warp.markers) for warp in any_room.daemon.take(ClipWarp)]
    assert told == ((0.0, 0.0), (0.015625, 0.03125))
    marker = any_room.live.Live.Clip.WarpMarker
    live_clip(any_room).add_warp_marker(marker(1.0, 3.0))
    any_room.step()
    message = any_room.daemon.last(ClipWarp)
    assert message.clip == clip
    assert [beats for _, beats in decode_warp_markers(message.markers)] == [0.0, 3.0, 3.0 + 1 / 32]


def test_the_new_warp_is_told_before_the_result(room: Studio, loop_file: str) -> None:
    clip = audio_clip(room, loop_file)
    room.daemon.received.clear()
    room.do(SetWarping(clip, 1, 6), warp(clip, *FOUND), SetLoop(clip, 1, 0.0, 3.0, 0.0))
    kinds = [type(message) for message in room.daemon.received]
    assert kinds.index(ClipWarp) < kinds.index(Result)
    assert room.daemon.last(ClipAudio).warp_mode == 6
    assert (room.clips[clip].loop_start, room.clips[clip].loop_end) == (0.0, 3.0)


def test_a_clip_is_warped_and_pinned_in_one_transaction(any_room: Studio, loop_file: str) -> None:
    clip = audio_clip(any_room, loop_file, warping=False)
    assert any_room.clips[clip].looping == 0
    any_room.do(SetWarping(clip, 1, -1), warp(clip, *FOUND), SetLoop(clip, 1, 0.0, 3.0, 0.0))
    assert live_clip(any_room).warping
    assert markers_in_live(any_room) == list(FOUND)
    assert (any_room.clips[clip].loop_end, any_room.clips[clip].looping) == (3.0, 1)


def test_a_new_audio_clip_is_pinned_in_the_transaction_that_makes_it(room: Studio, loop_file: str) -> None:
    ids = Ids(room)
    made = CreateAudioClip(ids.audio, ids.scenes[0], 0, loop_file, "Stem", -1, 1, 0, 1)
    room.do(made, warp(-1, *FOUND), SetLoop(-1, 1, 0.0, 3.0, 0.0))
    assert markers_in_live(room) == list(FOUND)


def test_the_loop_of_a_midi_clip_can_be_set(any_room: Studio) -> None:
    clip = existing_clip(any_room)
    any_room.do(SetLoop(clip, 1, 1.0, 3.0, 2.0))
    state = any_room.clips[clip]
    assert (state.loop_start, state.loop_end, state.start_marker, state.end_marker) == (1.0, 3.0, 2.0, 3.0)
    any_room.do(SetLoop(clip, 0, 0.0, 4.0, 0.0))
    state = any_room.clips[clip]
    assert (state.looping, state.start_marker, state.end_marker) == (0, 0.0, 4.0)


# --- an analysis, whole ----------------------------------------------------------------------------------------------


def test_an_analysis_is_written_and_taken_back_as_one(any_room: Studio, loop_file: str) -> None:
    clip, live = audio_clip(any_room, loop_file, warping=False), live_clip(any_room)
    before = any_room.snapshot()
    beats = (0.2, 0.65, 1.1, 1.55)
    rhythm = Rhythm(Estimate(400 / 3, 0.9, "clip"), beats, beats[::2], Estimate(Meter(2, 4), 0.9, "clip"))
    analysis = Analysis(2.0, "fast", rhythm, Harmony(key=Estimate(Key(2, "Dorian"), 0.8, "clip")))
    state, audio = any_room.clips[clip], any_room.daemon.last(ClipAudio)
    markers = decode_warp_markers(any_room.daemon.last(ClipWarp).markers)
    heard = ClipInSet(state, audio, ClipRegion.of(state, audio, markers, 120.0), 120.0)
    writing = analysis_transaction(analysis, heard, RequestedEdits(True, True, True, True, True, True), "found", 0.0)
    head, *edits = writing.messages
    assert isinstance(any_room.ask(head, *edits), Result)
    song = any_room.live.song
    assert (song.tempo, song.signature_numerator, song.scale_name) == (pytest.approx(400 / 3), 2, "Dorian")
    assert (live.warping, live.looping, live.start_marker, live.name) == (True, False, 0.0, "D dorian · 133.3 BPM")
    for number, second in enumerate(beats):
        assert live.beat_to_sample_time(float(number)) == pytest.approx(44100 * second, abs=1.0)
    song.undo()
    any_room.step()
    assert any_room.snapshot() == before


# --- refusals --------------------------------------------------------------------------------------------------------


REFUSED: dict[str, tuple[Callable[[int, int], Edit], Refusal, str]] = {
    "MIDI clip": (lambda _, midi: warp(midi, *FOUND), Refusal.WRONG_TRACK, "is MIDI and has no warp"),
    "warping of MIDI": (lambda _, midi: SetWarping(midi, 1, -1), Refusal.WRONG_TRACK, "is MIDI and has no warp"),
    "REX": (lambda clip, _: SetWarping(clip, -1, 5), Refusal.BAD_PARAMETER, "has no warp mode 5; it has 0, 1, 2"),
    "half a marker": (
        lambda clip, _: SetWarpMarkers(clip, b"half"),
        Refusal.BAD_MESSAGE,
        "whole records of 16 bytes, got 4",
    ),
    "one marker": (lambda clip, _: warp(clip, (0.0, 0.0)), Refusal.BAD_MESSAGE, "2 to 20000 warp markers, not 1"),
    "too many": (
        lambda clip, _: warp(clip, *((0.0, 0.0),) * (MOST_WARP_MARKERS + 1)),
        Refusal.BAD_MESSAGE,
        "not 20001",
    ),
    "out of order": (
        lambda clip, _: warp(clip, (0.0, 0.0), (1.0, 2.0), (2.0, 2.0)),
        Refusal.BAD_MESSAGE,
        "Warp marker 3 must lie after the one before",
    ),
    "no number": (
        lambda clip, _: warp(clip, (0.0, 0.0), (float("nan"), 2.0)),
        Refusal.BAD_MESSAGE,
        "Warp marker 2 lies at second nan",
    ),
    "before the file": (
        lambda clip, _: warp(clip, (-0.5, 0.0), (1.0, 2.0)),
        Refusal.BAD_MESSAGE,
        "seconds must not be negative",
    ),
    "behind the file": (
        lambda clip, _: warp(clip, (0.0, 0.0), (2.5, 2.0)),
        Refusal.BAD_PARAMETER,
        "lasts 2 seconds",
    ),
    "no loop": (lambda clip, _: SetLoop(clip, 1, 4.0, 4.0, 0.0), Refusal.BAD_PARAMETER, "must end after it starts"),
    "start behind the end": (
        lambda clip, _: SetLoop(clip, 1, 0.0, 4.0, 4.5),
        Refusal.BAD_PARAMETER,
        "start marker 4.5",
    ),
    "no clip": (lambda _, __: SetLoop(4711, 1, 0.0, 4.0, 0.0), Refusal.GONE, "has been deleted"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_done_is_refused_before_anything_is_written(room: Studio, loop_file: str, what: str) -> None:
    midi, clip = existing_clip(room), audio_clip(room, loop_file)
    make, code, says = REFUSED[what]
    before = room.snapshot()
    error = room.refused(SetTempo(77.0), make(clip, midi))
    assert (error.code, error.edit) == (code, 2)
    assert says in error.sentence
    assert error.sentence.endswith(".")
    assert room.snapshot() == before
    assert not room.live.song.can_undo


def test_what_is_not_warped_takes_neither_markers_nor_a_loop(any_room: Studio, loop_file: str) -> None:
    clip = audio_clip(any_room, loop_file, warping=False)
    error = any_room.refused(warp(clip, *FOUND))
    assert (error.code, "switch its warping on first" in error.sentence) == (Refusal.BAD_PARAMETER, True)
    error = any_room.refused(SetLoop(clip, 1, 0.0, 2.0, 0.0))
    assert "loops warped audio only" in error.sentence
    clip_warped = any_room.do(SetWarping(clip, 1, -1)).ids[0]
    error = any_room.refused(SetWarping(clip_warped, 0, -1), warp(clip_warped, *FOUND))
    assert error.edit == 2


class ClipWithoutWarpMarkers:
    """An audio clip of a Live before 11.1."""

    def __init__(self, clip: Any) -> None:
        self._clip = clip

    def __getattr__(self, name: str) -> Any:
        if name.endswith("warp_marker"):
            raise AttributeError(name)
        return getattr(self._clip, name)


def test_a_live_without_the_calls_is_named(room: Studio, loop_file: str) -> None:
    clip = audio_clip(room, loop_file)
    objects = room.script._identities._objects
    objects[clip] = ClipWithoutWarpMarkers(objects[clip])
    error = room.refused(warp(clip, *FOUND))
    assert (error.code, "11.1 has it" in error.sentence) == (Refusal.UNSUPPORTED, True)


class StubbornClip(ClipWithoutWarpMarkers):
    """An audio clip that refuses warp markers behind the first second."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._clip, name)

    def add_warp_marker(self, marker: Any) -> None:
        """Adds it, or fails."""
        if marker.sample_time > 1.0:
            raise RuntimeError("not there")
        self._clip.add_warp_marker(marker)


def test_a_clip_that_takes_only_some_of_the_markers_keeps_its_own(room: Studio, loop_file: str) -> None:
    clip = audio_clip(room, loop_file)
    before = room.snapshot()
    objects = room.script._identities._objects
    objects[clip] = StubbornClip(objects[clip])
    error = room.refused(SetTempo(91.0), warp(clip, *FOUND))
    assert (error.code, error.edit, "not there" in error.sentence) == (Refusal.LIVE_ERROR, 2, True)
    assert room.snapshot() == before
