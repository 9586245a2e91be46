"""Each part of each style has something to sound with, in every edition from Intro on."""

from __future__ import annotations

import pytest

from musearoo.bridge.settings.presets_folder import read_live_sounds, read_styles
from musearoo.engines.errors import PresetError
from musearoo.engines.styles.form import BandRole
from musearoo.engines.styles.live_sounds import default_instrument, parse_live_sounds
from musearoo.tools.live_simulator.core.shapes import PROFILES, read_shape
from musearoo.tools.live_simulator.program.browser.content import Content
from tests.each_case import each_case

SOUNDS = read_live_sounds()
PLACES = [(profile, edition) for profile in PROFILES for edition in ("Intro", "Standard", "Suite")]
ROLES: tuple[BandRole, ...] = ("drums", "bass", "harmony", "melody", "atmosphere")


@each_case("profile, edition", PLACES)
def test_no_part_of_any_style_is_silent(profile: str, edition: str) -> None:
    content = Content(edition, read_shape(profile).version)
    there = content.sounding_devices | content.presets
    for style in read_styles().values():
        for role in ROLES:
            for voice in style.form.voices(role):
                ladder = SOUNDS.ladder(role, voice.program, voice.live)
                assert there & set(ladder), (style.name, role, ladder)
                assert len(set(ladder)) == len(ladder)
                assert not set(ladder) & set(SOUNDS.silent)


def test_the_style_s_own_come_first() -> None:
    style = read_styles()["house"]
    voice = default_instrument(style, "drums")
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
