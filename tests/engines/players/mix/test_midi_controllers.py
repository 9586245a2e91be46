"""A mix as MIDI controllers: level differences by General MIDI volume, and pan positions."""

from __future__ import annotations

from math import log10

import pytest

from musearoo.engines.music.midi_files.score import PAN, VOLUME
from musearoo.engines.players.mix.engine import MixPlan
from musearoo.engines.players.mix.faders import UNITY, fader_position
from musearoo.engines.players.mix.midi_controllers import LOUDEST, mix_controllers
from musearoo.engines.players.mix.report import MixReport
from musearoo.engines.players.mix.tracks import MixerMove
from tests.each_case import each_case


def plan(*moves: MixerMove) -> MixPlan:
    return MixPlan(moves, {}, (), MixReport(None, None))


def volume(track: int, db: float) -> MixerMove:
    return MixerMove(track, "volume", UNITY, fader_position(db), "")


def test_distances_of_faders_stay_and_the_loudest_is_at_the_usual_volume() -> None:
    first, second, third = mix_controllers(plan(volume(0, -3.0), volume(1, -12.0)), 3)
    volumes = [one[0].value for one in (first, second, third)]
    assert max(volumes) == volumes[2] == LOUDEST
    assert 40.0 * log10(volumes[2] / volumes[0]) == pytest.approx(3.0, abs=0.2)
    assert 40.0 * log10(volumes[2] / volumes[1]) == pytest.approx(12.0, abs=0.2)
    assert {one[0].number for one in (first, second, third)} == {VOLUME}


@each_case("pan, value", [(-1.0, 0), (0.0, 64), (0.5, 96), (1.0, 127)])
def test_pans_go_from_left_to_right(pan: float, value: int) -> None:
    send = MixerMove(0, "send", 0.0, 0.4, "", 0)
    ((_, panned),) = mix_controllers(plan(send, MixerMove(0, "panning", 0.0, pan, "")), 1)
    assert (panned.number, panned.value) == (PAN, value)


def test_no_track_has_no_controllers() -> None:
    assert mix_controllers(plan(), 0) == ()
