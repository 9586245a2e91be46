"""A press for the mix: what is moved, and what stays."""

import pytest

from musearoo.bridge.live_set.mirror import AUDIO_TRACK
from musearoo.bridge.protocol import (
    ClipNotes,
    MixerState,
    SetMixer,
    SetSend,
    SongState,
)
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.engines.audio.synthesis import measuring
from musearoo.engines.audio.synthesis.measuring import Measurement
from musearoo.engines.audio.synthesis.stem import Stem
from tests.bridge.core.some_orders import MIX, a_mixed_set, composed, of_kind
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.bridge.requests.test_generate import INTRO, VERSE, a_set


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


def test_the_clips_of_a_track_are_measured_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each scene is a section, and of a long clip the first 64 beats count."""
    asked = []

    def measure(stem: Stem, seconds: float, sections: list[tuple[str, float, float]]) -> Measurement:
        asked.append((stem.name, [(note.start, note.pitch) for note in stem.notes], seconds, list(sections)))
        return Measurement(None)

    monkeypatch.setattr(measuring, "measure_stem", measure)
    long = a_clip(60, 50, INTRO, length=100.0, loop_end=100.0, end_marker=100.0)
    notes = [a_record(0.0, 1.0, 36), a_record(63.0, 1.0, 38), a_record(64.0, 1.0, 40)]
    mirror = a_set(
        a_track(50, 5, name="DrummaRoo"),
        MixerState(50, 0.85, 0.0, "", (0.0,)),
        long,
        ClipNotes(60, encode_notes(notes)),
        a_clip(61, 50, VERSE),
        ClipNotes(61, encode_notes([a_record(1.0, 1.0, 42)])),
        song=SongState("set", 60.0, 4, 4, 9, "Minor", 1, 0),
    )
    composed(MIX, mirror)
    sections = [("intro", 0.0, 64.0), ("verse", 64.0, 68.0)]
    assert asked == [("DrummaRoo", [(0.0, 36), (63.0, 38), (65.0, 42)], 68.0, sections)]


def test_a_set_without_music_has_nothing_to_mix() -> None:
    made = composed(MIX, a_set(a_track(40, 7, AUDIO_TRACK, "Empty"), MixerState(40, 0.85, 0.0, "", ())))
    assert made.messages == ()
    assert "nothing to move" in made.name
