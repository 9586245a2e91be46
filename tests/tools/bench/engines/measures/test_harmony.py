"""Each fault of harmony, and the good music beside it that must not be marked."""

from __future__ import annotations

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import ROLES
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.tools.bench.engines.measures.harmony import find_harmonic_faults
from tests.each_case import each_case


def clip(*notes: tuple[float, int, float]) -> Clip:
    return Clip.of("part", 8.0, [Note(start, pitch, length, 90.0) for start, pitch, length in notes])


def faults(chords: str, parallels: bool = True, **parts: Clip) -> list[str]:
    by_role = {role: parts[role] for role in ROLES if role in parts}
    return [fault.kind for fault in find_harmonic_faults(by_role, parse_progression(chords), Meter(), parallels)]


@each_case(
    "melody, found",
    [
        (clip((0.0, 65, 0.5)), ["semitone clash"]),  # F over C, and nothing after it
        (clip((0.0, 65, 0.5), (0.5, 64, 1.0)), []),  # the same as an appoggiatura
        (clip((0.0, 65, 0.5), (0.5, 69, 1.0)), ["semitone clash"]),  # left by a leap
        (clip((0.5, 65, 0.5)), []),  # between the strong beats
        (clip((0.0, 71, 0.5)), []),  # B above C: the major seventh, a colour
        (clip((0.0, 59, 0.5)), ["semitone clash"]),  # but not below it
        (clip((0.0, 75, 0.5)), ["semitone clash"]),  # D# above E is no colour of C major
        (clip((0.0, 64, 2.0)), []),
    ],
)
def test_a_semitone_on_a_strong_beat_must_go_on_by_step(melody: Clip, found: list[str]) -> None:
    assert faults("C C", harmony=clip((0.0, 60, 1.5), (0.0, 64, 1.5)), melody=melody) == found


def test_a_chord_may_have_its_own_semitone() -> None:
    assert not faults("Cmaj7 Cmaj7", bass=clip((0.0, 36, 4.0)), melody=clip((0.0, 71, 4.0)))


@each_case(
    "chord, pitch, held, marked",
    [
        ("C", 65, 2.0, True),  # the fourth over a major third
        ("C", 65, 0.5, False),
        ("C", 62, 2.0, False),  # a ninth
        ("Am", 65, 2.0, True),  # the minor sixth over a fifth
        ("G7", 68, 2.0, False),  # a flat ninth over a dominant
        ("G7", 72, 2.0, True),  # but not its fourth
    ],
)
def test_a_tone_above_a_chord_tone_may_not_be_held(chord: str, pitch: int, held: float, marked: bool) -> None:
    assert ("avoid note held" in faults(f"{chord} {chord}", melody=clip((1.0, pitch, held)))) == marked


def test_a_pedal_from_before_the_chord_is_none() -> None:
    assert "avoid note held" not in faults("C G", atmosphere=clip((0.0, 60, 8.0)))


def test_what_rings_into_the_chord_that_has_it_only_comes_early() -> None:
    assert "avoid note held" not in faults("C F", bass=clip((3.0, 41, 2.0)))
    assert "avoid note held" in faults("C C", bass=clip((3.0, 41, 2.0)))


@each_case("upper, marked", [((67, 69), True), ((67, 65), False), ((64, 65), False)])
def test_outer_voices_may_not_move_in_fifths_where_the_style_forbids_it(upper: tuple[int, int], marked: bool) -> None:
    parts = {"bass": clip((0.0, 36, 4.0), (4.0, 38, 4.0)), "melody": clip((0.0, upper[0], 4.0), (4.0, upper[1], 4.0))}
    assert ("parallel perfects" in faults("C Dm", parallels=False, **parts)) == marked
    assert "parallel perfects" not in faults("C Dm", parallels=True, **parts)


def test_the_bass_stays_below_and_all_within_their_instruments() -> None:
    assert faults("C C", bass=clip((0.0, 60, 1.0)), harmony=clip((0.0, 55, 1.0))) == ["crossing"]
    assert faults("C C", bass=clip((0.0, 12, 1.0))) == ["out of range"]
