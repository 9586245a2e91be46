"""A press for the mix: what is moved, and what stays."""

from bridge.mirror import AUDIO_TRACK
from bridge.wire import (
    MixerState,
    SetMixer,
    SetSend,
)
from tests.bridge.some_orders import MIX, a_mixed_set, composed, of_kind
from tests.bridge.test_mirror import a_track
from tests.bridge.test_press import a_set


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


def test_a_set_without_music_has_nothing_to_mix() -> None:
    made = composed(MIX, a_set(a_track(40, 7, AUDIO_TRACK, "Empty"), MixerState(40, 0.85, 0.0, "", ())))
    assert made.messages == ()
    assert "nothing to move" in made.name
