"""Patterns of made strokes."""

from musearoo.engines.analysis.traits.drum_pattern import Stroke, find_pattern
from musearoo.engines.music.drum_map import DrumKind


def rates(text: str) -> tuple[float, ...]:
    """A stroke on every x of sixteen steps."""
    return tuple(float(mark == "x") for mark in text)


def strokes(bars: int, *places: tuple[float, DrumKind]) -> list[Stroke]:
    """Strokes at places in beats of each bar, at 120 BPM from second 1 on."""
    return [(1.0 + bar * 2.0 + place * 0.5, kind, 90.0) for bar in range(bars) for place, kind in places]


BEATS = tuple(1.0 + 0.5 * beat for beat in range(17))


def test_a_pattern_of_strokes() -> None:
    played = strokes(4, (0.02, "kick"), (1.0, "snare"), (0.5, "hat"), (2.48, "cymbal"), (3.75, "tom"))
    played.append((1.0 + 2 * 0.5, "kick", 90.0))
    played += [(time + 0.125, kind, 30.0) for time, kind, _ in played if kind == "snare"]
    found = find_pattern(played, BEATS, BEATS[::4], None)
    assert found is not None
    assert found.kick == (1.0, *[0.0] * 7, 0.25, *[0.0] * 7)
    assert found.snare == rates("....x...........")
    assert found.cymbals == rates("..x.......x.....")
    assert found.bars == 4.0


def test_swing_is_taken_out() -> None:
    played = strokes(4, (0.0, "cymbal"), (2 / 3, "cymbal"), (1.0, "cymbal"), (1 + 2 / 3, "cymbal"))
    swung = find_pattern(played, BEATS, BEATS[::4], 2.0)
    assert swung is not None
    assert swung.cymbals == rates("x.x.x.x.........")


def test_no_pattern_without_bars_of_four() -> None:
    played = strokes(4, (0.0, "kick"), (1.0, "snare"), (2.0, "kick"), (3.0, "snare"))
    assert find_pattern(played, (), (), None) is None
    assert find_pattern([], BEATS, BEATS[::4], None) is None
    assert find_pattern(strokes(4, (0.0, "kick"), (2.0, "kick")), BEATS, BEATS[::4], None) is None
    assert find_pattern([(99.0, "kick", 90.0)], BEATS, BEATS[::4], None) is None


def test_swung_sixteenths_are_told_from_straight_ones() -> None:
    def play(late: float) -> float | None:
        pushed: list[tuple[float, DrumKind]] = [(beat + half + late, "hat") for beat in range(4) for half in (0.0, 0.5)]
        found = find_pattern(strokes(4, *pushed, *((beat + 0.0, "kick") for beat in range(4))), BEATS, BEATS[::4], 1.0)
        return None if found is None else found.sixteenths

    straight, swung = play(0.25), play(0.3)
    assert straight is not None
    assert swung is not None
    assert abs(straight - 1.0) < 0.01
    assert abs(swung - 1.5) < 0.01


def test_a_snare_of_exactly_the_share_of_the_loud_ones_is_no_ghost() -> None:
    for soft, counted in ((60.0, 1.0), (59.0, 0.0)):
        played = strokes(4, (0.0, "kick"), (2.0, "kick"), (0.5, "hat"), (1.5, "hat"))
        played += [
            (1.0 + bar * 2.0 + at, "snare", loud) for bar in range(4) for at, loud in ((0.5, 100.0), (1.625, soft))
        ]
        found = find_pattern(played, BEATS, BEATS[::4], None)
        assert found is not None
        assert (found.snare[4], found.snare[13]) == (1.0, counted), soft


def test_a_stroke_at_the_end_of_the_last_bar_belongs_to_the_next_and_counts_for_none() -> None:
    beats = BEATS[:4]
    three = strokes(1, (0.0, "kick"), (1.0, "snare"), (2.0, "kick"))
    found = find_pattern(three, beats, beats[:1], None)
    assert found is not None
    assert found.bars == 1.0
    for place in (3.95, 4.0, 7.0):
        assert find_pattern([*three[:2], (1.0 + 0.5 * place, "kick", 90.0)], beats, beats[:1], None) is None, place


def test_beats_that_fall_together_give_no_place() -> None:
    played = strokes(1, (0.0, "kick"), (1.0, "snare"), (2.0, "kick"), (3.5, "kick"))
    found = find_pattern(played, (*BEATS[:4], BEATS[3]), BEATS[:1], None)
    assert found is not None
    assert found.kick == rates("x.......x.......")
