"""Properties of the drums in every style."""

from __future__ import annotations

from musearoo.engines.music.drum_kit import BY_PITCH
from musearoo.engines.players.drums.engine import DrumParams, generate
from musearoo.engines.players.drums.playability import find_faults
from tests.each_case import each_case
from tests.engines.contexts import context_in
from tests.engines.presets_on_disk import STYLES


@each_case("style", STYLES)
def test_drums_of_different_seeds_have_different_rhythms(style: str) -> None:
    def rhythm(seed: int) -> tuple[tuple[int, int], ...]:
        clip = generate(DrumParams(style=STYLES[style], humanise=0.0, swing=1.0), context_in("4/4"), seed)
        return tuple((round(note.start * 12), note.pitch) for note in clip.notes)

    assert len({rhythm(seed) for seed in range(12)}) >= 9


@each_case("style", STYLES)
@each_case("bpm", [60.0, 180.0, 999.0])
def test_two_hands_and_two_feet_can_play_the_drums(style: str, bpm: float) -> None:
    for meter in ("4/4", "6/8"):
        for seed in range(2):
            params = DrumParams(style=STYLES[style], complexity=1.0, density=1.0, humanise=1.0)
            clip = generate(params, context_in(meter, bpm), seed)
            assert find_faults(clip.notes, bpm) == ()
            assert {note.pitch for note in clip.notes} <= BY_PITCH.keys()


@each_case("style", STYLES)
@each_case("meter", ["4/4", "6/8", "7/8"])
def test_drums_get_busier_with_complexity_and_density(style: str, meter: str) -> None:
    def notes(amount: float) -> int:
        params = DrumParams(style=STYLES[style], complexity=amount, density=amount)
        return sum(len(generate(params, context_in(meter), seed).notes) for seed in range(4))

    assert notes(0.0) < notes(1.0)
