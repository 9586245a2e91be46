"""What arguments Boost takes, and the text of its errors."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.tools.live_simulator.core.boost import (
    ArgumentError,
    MismatchError,
    parse_signature,
    to_bool,
    to_float,
    to_int,
)
from musearoo.tools.live_simulator.core.shapes import PROFILES, FunctionShape, read_shape
from musearoo.tools.live_simulator.program.simulator import Simulator
from tests.each_case import each_case


@each_case("profile", PROFILES)
def test_every_dumped_signature_parses(profile: str) -> None:
    for module in read_shape(profile).modules.values():
        shapes = list(module.functions.values())
        for shape in module.classes.values():
            shapes += shape.methods.values()
        for function in shapes:
            signature = parse_signature(function)
            given_names = function.signature.count(")") - 1
            assert len(signature.parameters) == max(0, given_names), function.signature
            assert signature.result


def test_defaults_and_keywords_are_read() -> None:
    shape = FunctionShape(
        "fire( (Scene)arg1 [, (bool)force_legato=False [, (bool)can_select_scene_on_launch=True]]) -> None",
        "void fire(TPyHandle<AScene> [,bool=False [,bool=True]])",
    )
    signature = parse_signature(shape)
    assert signature.cpp == ("fire(TPyHandle<AScene>, bool force_legato=False, bool can_select_scene_on_launch=True)")
    assert [parameter.default for parameter in signature.parameters] == [None, "False", "True"]


@given(st.one_of(st.integers(-(2**31), 2**31 - 1), st.booleans()))
def test_ints_and_bools_convert_everywhere(value: int) -> None:
    assert to_int(value) == value
    assert to_float(value) == float(value)
    assert to_bool(value) == bool(value)


@given(st.one_of(st.floats(), st.text(), st.binary(), st.lists(st.integers())))
def test_nothing_else_is_an_int_or_a_bool(value: object) -> None:
    with pytest.raises(MismatchError):
        to_int(value)
    with pytest.raises(MismatchError):
        to_bool(value)


def test_none_is_a_bool_and_no_float() -> None:
    assert to_bool(None) is False
    with pytest.raises(MismatchError):
        to_float(None)


def test_an_int_beyond_32_bits_overflows(live: Simulator) -> None:
    with pytest.raises(OverflowError):
        live.song.create_scene(2**40)


def test_method_errors_read_like_boost(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    with pytest.raises(ArgumentError) as caught:
        clip.get_notes_extended(0, 128.0, 0.0, 4.0)
    assert str(caught.value) == (
        "Python argument types in\n"
        "    Clip.get_notes_extended(Clip, int, float, float, float)\n"
        "did not match C++ signature:\n"
        "    get_notes_extended(TPyHandle<AClip>, int from_pitch, int pitch_span, "
        "double from_time, double time_span)"
    )
    assert f"{type(caught.value).__module__}.{type(caught.value).__name__}" == "Boost.Python.ArgumentError"


def test_property_errors_read_like_boost(live: Simulator) -> None:
    with pytest.raises(ArgumentError) as caught:
        live.song.tempo = "90"
    assert str(caught.value) == (
        "Python argument types in\n    None.None(Song, str)\n"
        "did not match C++ signature:\n    None(TPyHandle<ASong>, float)"
    )


@pytest.mark.parametrize("arguments", [(), (1.0, 2.0), ("4",), (None,)])
def test_wrong_counts_and_types_are_refused(live: Simulator, arguments: tuple[object, ...]) -> None:
    slot = live.song.tracks[0].clip_slots[0]
    with pytest.raises(ArgumentError, match=r"create_clip\(TPyHandle<AGroupAndClipSlotBase>, double\)"):
        slot.create_clip(*arguments)
    assert not slot.has_clip


def test_keywords_are_taken_where_live_names_them(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    notes = clip.get_notes_extended(from_pitch=0, pitch_span=128, from_time=0.0, time_span=4.0)
    assert len(notes) == 0
    with pytest.raises(ArgumentError):
        clip.get_notes_extended(0, 128, 0.0, seconds=4.0)
    with pytest.raises(ArgumentError):
        live.song.create_scene(arg2=1)


def test_a_list_is_no_vector_and_no_tuple(live: Simulator) -> None:
    clip = live.song.tracks[0].clip_slots[0].create_clip(4.0)
    with pytest.raises(ArgumentError, match=r"MidiNoteVector|TNoteInfo"):
        clip.apply_note_modifications([])
    with pytest.raises(ArgumentError, match="boost::python::tuple"):
        clip.set_notes([])


def test_ints_are_taken_for_enums_and_bools(live: Simulator) -> None:
    song = live.song
    song.clip_trigger_quantization = 11
    assert song.clip_trigger_quantization == live.Live.Song.Quantization.q_sixtenth
    assert str(song.clip_trigger_quantization) == "q_sixtenth"
    song.metronome = 1
    assert song.metronome is True


def test_floats_are_32_bits_wide_where_live_stores_them_so(live: Simulator) -> None:
    volume = live.song.tracks[0].mixer_device.volume
    assert volume.value == 0.8500000238418579
    live.song.tempo = 123.45
    assert live.song.tempo != 123.45
    assert math.isclose(live.song.tempo, 123.45, rel_tol=1e-7)
