"""The measures of parts are those that a musician would count by hand."""

from musearoo.bridge.metrics.music import PartMeasures, measure_part
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from tests.each_case import each_case


def a_clip(*starts: float, pitch: int = 60, length: float = 4.0) -> Clip:
    return Clip.of("Part", length, [Note(start, pitch, 0.25, 90.0) for start in starts])


@each_case(
    "start, is_off",
    [
        (0.0, False),
        (1.75, False),
        (3.98, False),  # 10 ms early, at 120 bpm
        (0.25 + 0.04, False),  # a sixteenth swung to 58 %
        (1 / 3, True),  # a triplet
        (1 / 6, True),  # one of sixteenths
        (0.125, True),  # a thirty-second
        (0.25 - 0.0625, True),  # the bound itself
    ],
)
def test_a_note_is_off_the_grid_from_a_quarter_of_a_sixteenth_on(start: float, is_off: bool) -> None:
    assert measure_part(a_clip(start), None).off_grid == float(is_off)


def test_a_part_without_notes_has_no_shares() -> None:
    assert measure_part(a_clip(), Key.parse("C")) == PartMeasures(0, None, 0.0, None)


def test_muted_notes_do_not_count_and_chords_are_one_onset() -> None:
    notes = [Note(0.0, pitch, 1.0, 90.0) for pitch in (60, 63, 67)] + [Note(1.0, 61, 1.0, 90.0, mute=True)]
    measures = measure_part(Clip.of("Chord", 2.0, notes), Key.parse("C"))
    assert measures == PartMeasures(3, 2 / 3, 0.5, 0.0)


def test_without_a_key_no_note_is_in_it() -> None:
    assert measure_part(a_clip(0.0), None).in_key is None
