"""Presets of endless music: the shipped ones, and what is wrong with others."""

import pytest

from musearoo.engines.ambient.preset import find_preset, parse_preset
from musearoo.engines.errors import ParamError, PresetError
from tests.engines.ambient.some_music import presets

PLAIN = """
name: plain
about: Nothing but a pad and a drone.
key: C Major
bpm: 60
layers:
  - {always: true, play: {kind: pad}}
  - {play: {kind: drone}}
"""


def test_there_are_at_least_eight_and_each_is_found_in_any_spelling() -> None:
    assert len(presets()) >= 8
    assert find_preset("Night_Bus", presets()).name == "night bus"
    with pytest.raises(ParamError, match="preset must be one of cathedral, choir"):
        find_preset("polka", presets())
    assert parse_preset(PLAIN, "plain.yaml").name == "plain"


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("key: C Major", "key: H", "plain.yaml: key"),
        ("bpm: 60", "bpm: 900", "bpm"),
        ("bpm: 60", "beats: 60", "unknown field `beats`"),
        ("kind: drone", "kind: tuba", "tuba"),
        ("kind: drone", "kind: pad", "pad stands there twice"),
        ("always: true, ", "", "or it would be silent"),
        ("{kind: drone}", "{kind: drone, low: C2, high: D2}", "at least an octave above low"),
    ],
)
def test_what_is_wrong_is_named(was: str, now: str, sentence: str) -> None:
    with pytest.raises(PresetError, match=sentence):
        parse_preset(PLAIN.replace(was, now), "plain.yaml")
