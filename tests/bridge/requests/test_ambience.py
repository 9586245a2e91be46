"""A press for endless music as steering: what is said, what stays, and what is refused."""

from dataclasses import replace

import pytest

from musearoo.bridge.protocol import PlayAmbience
from musearoo.bridge.requests.ambience import read_steering
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.music.scale import Key
from tests.bridge.core.test_ambience import ambience
from tests.each_case import each_case

PRESETS = read_ambient_presets()
NOTHING = replace(ambience(1, 1), brightness=-1.0)


def read(request: PlayAmbience, before: Steering | None = None) -> tuple[Steering, str]:
    return read_steering(request, before, PRESETS)


def test_what_is_not_said_stays_at_first_as_the_preset_has_it() -> None:
    assert read(NOTHING) == (Steering(), "Ambience: drift")
    before = Steering(preset="glass", key=Key.parse("D minor"), mood="calm", brightness=0.9, bpm=70.0)
    assert read(NOTHING, before) == (before, "Ambience: glass in D minor")
    asked = replace(NOTHING, preset="Night_Bus", key="E dorian", mood="sad", density=0.0, bpm=61.0)
    after, name = read(asked, before)
    assert (name, after.density, after.brightness) == ("Ambience: night bus in E dorian, sad", 0.0, 0.9)
    assert (after.mood, after.bpm) == ("sad", 61.0)


def test_a_change_moves_an_amount_from_where_it_is_and_stops_at_its_bounds() -> None:
    preset = PRESETS["drift"].brightness
    darker, name = read(replace(NOTHING, mood="darker"))
    assert name == "Ambience: drift, darker"
    assert darker.brightness == pytest.approx(max(0.0, preset - 0.2))
    little, _ = read(replace(NOTHING, mood="a bit brighter"), Steering(brightness=0.5))
    assert little.brightness == pytest.approx(0.6)
    most, _ = read(replace(NOTHING, mood="much brighter"), Steering(brightness=0.9))
    assert most.brightness == 1.0


def test_following_the_set_takes_the_place_of_key_and_tempo() -> None:
    before = Steering(key=Key.parse("D minor"), bpm=70.0)
    after, name = read(replace(NOTHING, follow=1), before)
    assert (after.key, after.bpm, name) == (None, None, "Ambience: drift with the set")
    assert read(replace(NOTHING, follow=1, key="A minor"), before)[0].key == Key.parse("A minor")


@each_case(
    "request_, told",
    [
        (replace(NOTHING, preset="polka"), "cathedral"),
        (replace(NOTHING, key="H dur"), "key"),
        (replace(NOTHING, mood="itchy"), "calm"),
        (replace(NOTHING, bpm=5.0), "20 to 300"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(request_: PlayAmbience, told: str) -> None:
    with pytest.raises(RequestError, match=f"^Ambience: .*{told}"):
        read(request_)
