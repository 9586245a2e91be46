"""Drum maps other than General MIDI's."""

from __future__ import annotations

from itertools import pairwise

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.kits.layouts import KITS, KitName, map_from_kit, map_to_kit
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.drums.engine import DrumParams, generate, refine
from musearoo.engines.players.params import Change
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

CONTEXT = MusicalContext.plain(bpm=124)
PADS = range(36, 52)


@each_case("kit", [kit for kit in KITS if kit != "general midi"])
def test_a_rack_of_sixteen_pads_gets_only_its_pads(kit: KitName) -> None:
    for style in ("salsa", "house", "rock"):
        params = DrumParams(style=STYLES[style], complexity=0.8, kit=kit)
        clip = generate(params, CONTEXT, 3)
        assert {note.pitch for note in clip.notes} <= {*PADS}
        for pitch in {note.pitch for note in clip.notes}:
            own = [note for note in clip.notes if note.pitch == pitch]
            assert all(before.end <= after.start + 1e-9 for before, after in pairwise(own))
        for change in Change:
            assert {note.pitch for note in refine(clip, change, params, CONTEXT, 3).notes} <= {*PADS}


@each_case("kit", KITS)
def test_kick_snare_and_hats_come_back_from_every_kit(kit: KitName) -> None:
    notes = tuple(Note(float(n), pitch, 0.2, 90) for n, pitch in enumerate((36, 38, 39, 42, 46, 41, 45)))
    assert map_from_kit(map_to_kit(notes, kit), kit) == notes


@each_case("kit", ["909", "electronic"])
def test_a_high_tom_maps_back_to_a_high_tom(kit: KitName) -> None:
    """Congas, which such kits lack, stand on its pad; of those that share it the tom is the likelier."""
    notes = (Note(0.0, 48, 0.2, 90),)
    assert map_from_kit(map_to_kit(notes, kit), kit) == notes


def test_an_unknown_kit_or_time_feel_raises() -> None:
    with pytest.raises(ParamError, match="kit must be one of general midi, 808, 909, electronic"):
        DrumParams(style=STYLES["rock"], kit="707")  # type: ignore[arg-type]
    with pytest.raises(ParamError, match="time_feel must be one of normal, half, double"):
        DrumParams(style=STYLES["rock"], time_feel="slow")  # type: ignore[arg-type]
    with pytest.raises(ParamError, match="fills must be 0 to 1"):
        DrumParams(style=STYLES["rock"], fills=1.5)
