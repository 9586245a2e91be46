"""Each part of each style has something to sound with, but for drums in Lite."""

from __future__ import annotations

import pytest

from musearoo.bridge.settings.presets_folder import read_live_sounds, read_styles
from musearoo.engines.errors import PresetError
from musearoo.engines.styles.form import BandRole, Voice
from musearoo.engines.styles.live_sounds import default_instrument, parse_live_sounds
from musearoo.tools.live_simulator.core.shapes import PROFILES, read_shape
from musearoo.tools.live_simulator.program.browser.content import EDITIONS, Content
from tests.each_case import each_case

SOUNDS = read_live_sounds()
STYLES = read_styles()
PLACES = [(profile, edition) for profile in PROFILES for edition in EDITIONS]
ROLES: tuple[BandRole, ...] = ("drums", "bass", "harmony", "melody", "atmosphere")


def voices(style: str) -> list[tuple[BandRole, Voice]]:
    return [(role, voice) for role in ROLES for voice in STYLES[style].form.voices(role)]


@each_case("profile, edition", PLACES)
def test_every_part_finds_a_sound_but_drums_in_lite(profile: str, edition: str) -> None:
    content = Content(edition, read_shape(profile).version)
    sounding = content.sounding_devices | content.presets
    for style in STYLES:
        for role, voice in voices(style):
            ladder = SOUNDS.ladder(role, voice.program, voice.live)
            # No kit is known to be in Lite.
            assert bool(sounding & set(ladder)) == (role != "drums" or edition != "Lite"), (style, voice.name, ladder)


def test_every_ladder_but_those_of_drums_has_what_all_editions_have() -> None:
    everywhere = frozenset.intersection(
        *(Content("Lite", read_shape(each).version).sounding_devices for each in PROFILES)
    )
    assert everywhere == set(SOUNDS.last)
    for style in STYLES:
        for role, voice in voices(style):
            has = everywhere & set(SOUNDS.ladder(role, voice.program, voice.live))
            assert bool(has) == (role != "drums"), (style, voice.name)


@each_case("style", STYLES)
def test_a_ladder_has_no_rung_twice_and_none_that_is_silent(style: str) -> None:
    for role, voice in voices(style):
        ladder = SOUNDS.ladder(role, voice.program, voice.live)
        assert len(set(ladder)) == len(ladder)
        assert not {*ladder, *voice.live} & set(SOUNDS.silent)


def test_every_name_is_one_that_the_simulated_suite_has() -> None:
    content = Content("Suite", (12, 3, 6))
    families = [*SOUNDS.kits, *SOUNDS.instruments]
    assert {name for family in families for name in family.names} <= content.devices | content.presets


def test_the_style_s_own_come_first() -> None:
    voice = default_instrument(STYLES["house"], "drums")
    assert SOUNDS.ladder("drums", voice.program, voice.live)[0] == "909 Core Kit"
    assert SOUNDS.ladder("bass", 38, ("My Bass", "Simpler"))[0] == "My Bass"


def test_what_is_silent_in_the_simulated_live_is_silent_here() -> None:
    content = Content("Suite", (12, 3, 6))
    instruments = {node.name for node in content.root("instruments").children()}
    assert instruments - content.sounding_devices == set(SOUNDS.silent)


@each_case(
    "text, message",
    [
        ("{silent: [], kits: [], instruments: [], last: [Drift]}", "each program from 0 to 127"),
        ("{silent: [], kits: [], instruments: [], last: [Drift], loud: 1}", "loud"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(PresetError, match=message):
        parse_live_sounds(text)
