"""Keys of notes and chords: what each sign says for a key."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from musearoo.engines.analysis.symbolic.keys import KEY_BARS, SURE_AT_NO_LEAD, SUREST, find_key, find_keys
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key

C_MAJOR = (0, 2, 4, 5, 7, 9, 11)


def scale(*pitch_classes: int, start: float = 0.0) -> list[Note]:
    return [Note(start + number, 60 + step, 1.0, 90.0) for number, step in enumerate(pitch_classes)]


def named(notes: Sequence[Note], chords: str = "") -> tuple[str, float]:
    found = find_key(notes, parse_progression(chords))
    assert found is not None
    return str(found[0]), found[1]


def test_three_pitch_classes_are_the_fewest_that_have_a_key_and_six_make_it_sure() -> None:
    assert find_key(scale(0, 4, 0, 4)) is None
    three, five, seven = (named(scale(*steps))[1] for steps in ((0, 4, 7), (0, 2, 4, 7, 9), C_MAJOR))
    assert three < five < seven <= SUREST


def test_all_notes_alike_have_no_key_that_leads() -> None:
    """The chords alone decide then, or nothing."""
    assert named(scale(*range(12)))[1] == SURE_AT_NO_LEAD
    name, sure = named(scale(*range(12)), "F | Bb | C7 | F")
    assert name == "F major"
    assert sure > SURE_AT_NO_LEAD
    keys = find_keys(scale(*range(12)), 12.0, 4.0, Key.parse("D"))
    assert keys == ((0.0, 12.0, Key.parse("D")),)


def test_a_minor_key_has_the_major_chord_on_its_fifth() -> None:
    assert named(scale(*range(12)), "Am | Dm | E7 | Am")[0] == "A minor"
    assert named(scale(*range(12)), "Am | F | Em | Am")[0] == "A minor"


def test_a_key_holds_in_windows_of_two_bars_without_gaps_to_the_end() -> None:
    """A window where fewer than three pitch classes sound goes on in the key before."""
    home = [note for bar in range(8) for note in scale(0, 4, 7, 9, start=4.0 * bar)]
    away = [note for bar in range(8, 16) for note in scale(6, 10, 1, 3, start=4.0 * bar)]
    keys = find_keys(home + away, 64.0, 4.0, Key.parse("C"))
    assert [str(key) for _, _, key in keys] == ["C major", "F# major"]
    assert keys[0][0] == 0.0
    assert keys[0][1] == keys[1][0] == pytest.approx(32.0, abs=4.0 * KEY_BARS)
    assert keys[-1][1] == 64.0
    rest = find_keys(home, 70.0, 4.0, Key.parse("C"))
    assert rest == ((0.0, 70.0, Key.parse("C")),)
    assert find_keys(home, 70.0, 4.0, None) == ()
    assert find_keys(home, 70.0, 4.0, Key.parse("C dorian")) == ((0.0, 70.0, Key.parse("C dorian")),)


def test_a_short_excursion_is_no_change_of_key() -> None:
    home = [note for bar in (*range(4), *range(6, 10)) for note in scale(0, 4, 7, 9, start=4.0 * bar)]
    away = [note for bar in (4, 5) for note in scale(6, 10, 1, 3, start=4.0 * bar)]
    assert [str(key) for _, _, key in find_keys(home + away, 40.0, 4.0, Key.parse("C"))] == ["C major"]
