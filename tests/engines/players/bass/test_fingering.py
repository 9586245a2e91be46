"""Playability of bass lines, and their repair."""

from __future__ import annotations

from itertools import pairwise

from musearoo.engines.music.note import Note
from musearoo.engines.players.bass.fingering import find_bass_faults, make_playable
from musearoo.engines.styles.bass_instruments import INSTRUMENTS
from tests.each_case import each_case

GUITAR = INSTRUMENTS["bass guitar"]
UPRIGHT = INSTRUMENTS["upright bass"]
SYNTH = INSTRUMENTS["synth bass"]


def line(*pitches: int, step: float = 0.25, length: float = 0.2) -> tuple[Note, ...]:
    """Pitches one after the other, evenly."""
    return tuple(Note(number * step, pitch, length, 90) for number, pitch in enumerate(pitches))


def problems(notes: tuple[Note, ...], bpm: float, name: str = "bass guitar") -> list[str]:
    return [fault.problem for fault in find_bass_faults(notes, bpm, INSTRUMENTS[name])]  # type: ignore[index]


def test_a_scale_across_the_strings_lies_under_one_hand() -> None:
    """G major from the third fret, two octaves of it to the seventh fret of the highest string, in sixteenths."""
    assert problems(line(31, 33, 35, 36, 38, 40, 42, 43, 45, 47, 48, 50), 140) == []


def test_octaves_under_one_hand_are_played_at_any_speed_of_the_fingers() -> None:
    assert problems(line(*(33, 45) * 16, step=0.5), 300) == []


def test_a_leap_up_one_string_takes_time() -> None:
    leap = line(29, 60)
    assert problems(leap, 160) == ["the hand has 0.094 s to move 12 frets"]
    assert problems(leap, 60) == []


def test_an_open_string_lets_the_hand_go_where_it_likes() -> None:
    """From the first fret to the tenth within two eighths: by way of the open E in time, by way of a held F not."""
    assert problems((Note(0.0, 29, 0.4, 90), Note(0.5, 28, 0.4, 90), Note(1.0, 53, 0.4, 90)), 150) == []


def test_the_upright_asks_for_more_time_than_frets_do() -> None:
    shift = line(29, 51, step=0.25)
    assert problems(shift, 120) == []
    assert problems(shift, 120, "upright bass") != []


@each_case(
    "notes, problem",
    [
        ((Note(0.0, 27, 1.0, 90),), "pitch 27 is not on a bass guitar"),
        ((Note(0.0, 30, 1.0, 90), Note(0.5, 32, 0.5, 90)), "two notes at once, 30 and 32"),
        (line(30, 30, step=0.1, length=0.1), "plucked 0.050 s after the note before"),
    ],
)
def test_unplayable_moments_are_reported(notes: tuple[Note, ...], problem: str) -> None:
    assert problems(notes, 120) == [problem]


def test_a_glide_overlaps_on_keys_alone_and_not_for_long() -> None:
    glide = (Note(0.0, 36, 1.2, 90), Note(1.0, 48, 1.0, 90))
    assert find_bass_faults(glide, 120, SYNTH) == ()
    assert len(find_bass_faults(glide, 120, GUITAR)) == 1
    assert len(find_bass_faults((Note(0.0, 36, 1.9, 90), Note(1.0, 48, 1.0, 90)), 120, SYNTH)) == 1
    assert len(find_bass_faults((Note(0.0, 36, 1.2, 90), Note(1.0, 36, 1.0, 90)), 120, SYNTH)) == 1


@each_case("name", ["bass guitar", "five-string bass", "upright bass"])
@each_case("bpm", [60.0, 150.0, 400.0, 999.0])
def test_whatever_is_mended_can_be_played(name: str, bpm: float) -> None:
    instrument = INSTRUMENTS[name]  # type: ignore[index]
    wild = line(*(28 + number * 17 % 34 for number in range(64)), step=0.25)
    mended = make_playable(wild, bpm, instrument, 28, 62)
    assert find_bass_faults(mended, bpm, instrument) == ()
    assert {note.start for note in mended} <= {note.start for note in wild}
    assert all((note.pitch - other.pitch) % 12 == 0 for note in mended for other in wild if other.start == note.start)


def test_what_can_be_played_is_left_alone() -> None:
    walk = line(33, 36, 38, 40, 43, 40, 38, 36, step=1.0, length=0.9)
    assert make_playable(walk, 200, UPRIGHT, 28, 55) == walk
    assert make_playable(line(30, 80), 999, SYNTH, 20, 90) == line(30, 80)


def test_of_two_plucks_too_close_the_louder_stays() -> None:
    soft, loud = Note(0.0, 33, 0.05, 40), Note(0.05, 33, 0.5, 100)
    assert make_playable((soft, loud), 120, GUITAR, 28, 50) == (loud,)
    late = Note(0.05, 33, 0.5, 30)
    assert make_playable((soft, late), 120, GUITAR, 28, 50) == (soft,)
    gaps = [b.start - a.start for a, b in pairwise(make_playable(line(*[33] * 32), 600, GUITAR, 28, 50))]
    assert min(gaps) * 0.1 >= GUITAR.stroke_seconds - 1e-9
