"""The browser: what each edition has, the user's own kits, and where a loaded device goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from musearoo.tools.live_simulator.program.simulator import Simulator

MakeLive = Callable[..., Simulator]


def child(item: Any, *names: str) -> Any:
    for name in names:
        item = next(each for each in item.children if each.name == name)
    return item


def names(item: Any) -> list[str]:
    return [each.name for each in item.iter_children]


def load(live: Simulator, item: Any, track: int = 0) -> list[str]:
    """Load an item onto a track; returns the names of the devices there."""
    live.song.view.selected_track = live.song.tracks[track]
    live.application.browser.load_item(item)
    live.run_for(0.2)
    return [device.name for device in live.song.tracks[track].devices]


def test_places_have_the_names_and_addresses_of_live(live: Simulator) -> None:
    browser = live.application.browser
    assert (browser.instruments.name, browser.instruments.uri) == ("Instruments", "query:Synths")
    assert names(browser.drums)[:3] == ["Drum Hits", "Drum Rack", "505 Core Kit.adg"]
    assert "Piano & Keys" in names(browser.sounds)
    operator = child(browser.instruments, "Operator")
    assert (operator.is_device, operator.is_loadable, operator.is_folder) == (True, True, False)
    assert child(operator, "Sub Sine Bass.adv").is_device is False
    assert browser.relation_to_hotswap_target(operator) == live.Live.Browser.Relation.none


@pytest.mark.parametrize(
    ("edition", "has", "lacks"),
    [
        ("Lite", "Drift", "Operator"),
        ("Intro", "Drum Sampler", "Operator"),
        ("Standard", "External Instrument", "Wavetable"),
    ],
)
def test_an_edition_has_its_own_devices(make_live: MakeLive, edition: str, has: str, lacks: str) -> None:
    live = make_live("12.3.6", edition=edition)
    assert live.application.get_variant() == edition
    instruments = names(live.application.browser.instruments)
    assert has in instruments
    assert lacks not in instruments
    with pytest.raises(RuntimeError, match="this edition of Live does not have it"):
        live.song.tracks[0].insert_device(lacks)


def test_an_old_live_has_no_new_device(make_live: MakeLive) -> None:
    assert "Meld" not in names(make_live("11.3.25").application.browser.instruments)


def test_loading_replaces_the_instrument_and_keeps_effects(live: Simulator) -> None:
    browser = live.application.browser
    assert load(live, child(browser.drums, "909 Core Kit.adg")) == ["909 Core Kit"]
    assert load(live, child(browser.audio_effects, "Reverb")) == ["909 Core Kit", "Reverb"]
    assert load(live, child(browser.midi_effects, "Chord")) == ["Chord", "909 Core Kit", "Reverb"]
    assert load(live, child(browser.instruments, "Operator")) == ["Chord", "Operator", "Reverb"]
    live.song.undo()
    assert [device.name for device in live.song.tracks[0].devices] == ["Chord", "909 Core Kit", "Reverb"]


def test_an_instrument_for_an_audio_track_makes_a_midi_track(live: Simulator) -> None:
    assert load(live, child(live.application.browser.instruments, "Drift"), track=2) == []
    assert [device.name for device in live.song.tracks[4].devices] == ["Drift"]


def test_the_hotswap_target_is_replaced(live: Simulator) -> None:
    browser = live.application.browser
    load(live, child(browser.instruments, "Operator"), track=1)
    browser.hotswap_target = live.song.tracks[1].devices[0]
    load(live, child(browser.instruments, "Analog"), track=0)
    assert [device.name for device in live.song.tracks[1].devices] == ["Analog"]
    assert browser.hotswap_target == live.song.tracks[1].devices[0]


def test_the_user_s_own_kit_has_its_own_pads(make_live: MakeLive, tmp_path: Path) -> None:
    text = json.dumps({"pads": [[61, "Snare", 0]]})
    (tmp_path / "Kit.adg").write_text(text, encoding="utf-8")
    (tmp_path / "Real.adg").write_bytes(b"\x1f\x8b not ours")
    live = make_live("12.3.6", user_library=str(tmp_path))
    assert load(live, child(live.application.browser.user_library, "Kit.adg")) == ["Kit"]
    pads = {pad.note: pad.name for pad in live.song.tracks[0].devices[0].drum_pads if pad.chains}
    assert pads == {61: "Snare"}
    assert load(live, child(live.application.browser.user_library, "Real.adg")) == ["Real"]


def test_reading_an_item_can_take_time(live: Simulator) -> None:
    live.application_model.browser.seconds_per_item = 0.002
    before = live.clock.now()
    count = len(names(live.application.browser.drums))
    assert live.clock.now() - before == pytest.approx(0.002 * count)


def test_items_cannot_be_made_and_folders_cannot_be_loaded(live: Simulator) -> None:
    with pytest.raises(RuntimeError, match="cannot be instantiated"):
        live.Live.Browser.BrowserItem()
    with pytest.raises(RuntimeError, match="cannot be loaded"):
        live.application.browser.load_item(child(live.application.browser.sounds, "Bass"))
