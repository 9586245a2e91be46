"""The messages of a mirror: a copy that is told them is equal to it."""

from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipWarp,
    EqualiserState,
    Gone,
    InstrumentState,
    MixerState,
    SceneState,
    Selection,
    SetReady,
    SongState,
)
from musearoo.bridge.protocol.codec import encode_notes, encode_warp_markers
from musearoo.bridge.protocol.types import Message
from tests.bridge.live_set.some_sets import some_set
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_record, a_track

ids = st.integers(1, 6)
markers = st.lists(st.tuples(st.floats(0, 9), st.floats(-9, 9)), max_size=4)
set_messages = st.one_of(
    st.builds(SongState, st.just("set"), st.floats(20, 999), *map(st.just, (4, 4, 9, "Minor", 1, 0))),
    st.builds(a_track, ids, st.integers(0, 9), st.sampled_from([MIDI_TRACK, AUDIO_TRACK, RETURN_TRACK])),
    st.builds(MixerState, ids, st.floats(0, 1), st.floats(-1, 1), st.just(""), st.just((0.5, 0.25))),
    st.builds(InstrumentState, ids, st.just("Kit"), st.just("DrumGroupDevice"), st.just(("38 0 Snare",))),
    st.builds(EqualiserState, ids, st.lists(st.floats(-9, 9), max_size=5).map(tuple)),
    st.builds(SceneState, ids, st.integers(0, 9), st.just("verse")),
    st.builds(a_clip, ids, ids, st.integers(0, 6), is_audio=st.integers(0, 1)),
    st.builds(ClipNotes, ids, st.integers(0, 3).map(lambda count: encode_notes([a_record(1.0)] * count))),
    st.builds(ClipAudio, ids, st.just("/a.wav"), *map(st.just, (96_000.0, 48_000.0, 1, 0, 0.4))),
    st.builds(ClipWarp, ids, markers.map(encode_warp_markers)),
    st.builds(Selection, ids, ids, ids),
    st.builds(Gone, ids),
    st.just(SetReady(3)),
)
"""What a script may tell of a set, in any order."""


def test_the_messages_of_a_mirror_make_an_equal_one() -> None:
    for seed in range(300):
        mirror = some_set(seed)
        mirror.captures.clear()
        assert a_mirror(*mirror.messages()) == mirror, seed
    assert a_mirror(*SetMirror().messages()) == SetMirror()


@given(st.lists(set_messages, max_size=40))
def test_the_messages_of_any_mirror_make_an_equal_one(told: list[Message]) -> None:
    """Also where objects are told before those that they belong to, or belong to none."""
    mirror = a_mirror(*told)
    copy = a_mirror(*mirror.messages())
    assert copy == mirror
    for clip in mirror.clips:
        assert copy.midi_clip(clip) == mirror.midi_clip(clip)
        assert copy.audio_region(clip) == mirror.audio_region(clip)


def test_what_was_worked_out_of_a_mirror_makes_no_difference() -> None:
    messages = a_track(1, 0), a_clip(2, 1, 3), ClipNotes(2, encode_notes([a_record(0.0)]))
    mirror = a_mirror(*messages)
    assert mirror.midi_clip(2) is not None
    assert mirror == a_mirror(*messages)
