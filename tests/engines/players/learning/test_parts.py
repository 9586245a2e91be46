"""Learning each part from music with a known answer."""

from typing import Any

import pytest

from musearoo.engines.music.note import Note
from musearoo.engines.players.learning.bass import learn_bass
from musearoo.engines.players.learning.drums import learn_drums
from musearoo.engines.players.learning.harmony import learn_harmony, learn_vamp
from musearoo.engines.players.learning.melody import learn_melody
from musearoo.engines.players.learning.timing import learn_feel, learn_tempo
from tests.engines.players.learning.songs import drummed, song_of

BACKBEAT = {36: "X... .... X.x. ....", 38: ".... X..g .g.. X...", 42: "X.x. X.x. X.x. X.x."}
FILL = {36: "X... .... .... ....", 38: ".... X... xxxx ....", 42: "X.x. X.x. .... ....", 45: ".... .... .... xxxx"}


def drums_of(notes: list[Note], bars: int) -> Any:
    return learn_drums([song_of("drums", notes, bars)], {})


def test_a_groove_is_learned_with_its_ghosts_and_accents() -> None:
    section = drums_of(drummed(BACKBEAT, 8), 8)
    (groove,) = section["grooves"]
    assert groove["kick"] == "x... .... x.o. ...."  # two loud ones to a soft one
    assert groove["snare"] == ".... x... .... x..."  # all alike: none is an accent
    assert groove["ghosts"] == ".... ...g .g.. ...."
    (timekeeper,) = section["timekeepers"]
    assert (timekeeper["voice"], timekeeper["hits"]) == ("closed_hat", "X.x. X.x. X.x. X.x.")
    assert section["levels"]["snare"]["ghost"] == 30
    assert (section["levels"]["kick"]["normal"], section["levels"]["kick"]["soft"]) == (115, 90)


def test_what_is_struck_in_half_of_the_bars_is_half_as_likely() -> None:
    busier = BACKBEAT | {36: "X... ..x. X.x. ...."}
    notes = drummed(BACKBEAT, 4) + [
        Note(note.start + 16.0, note.pitch, 0.25, note.velocity) for note in drummed(busier, 4)
    ]
    (groove,) = drums_of(notes, 8)["grooves"]
    assert groove["kick"] == "x... ..5. x.o. ...."


def test_fills_are_distinguished_from_grooves() -> None:
    fill = [Note(note.start + 28.0, note.pitch, 0.25, note.velocity) for note in drummed(FILL, 1)]
    section = drums_of(drummed(BACKBEAT, 7) + fill, 8)
    (groove,) = section["grooves"]
    assert groove["kick"] == "x... .... x.o. ...."
    (written,) = section["fills"]
    assert written["hands"] == "ssss mmmm"


def test_open_hats_are_steps_that_may_open() -> None:
    rows = BACKBEAT | {42: "X.x. X.x. X.x. X...", 46: ".... .... .... ..x."}
    (timekeeper,) = drums_of(drummed(rows, 8), 8)["timekeepers"]
    assert timekeeper["hits"][-2] != "."
    assert timekeeper["opens"] == ".... .... .... ..x."


def test_hats_alone_teach_the_right_hand_and_leave_the_feet_to_the_base() -> None:
    section = drums_of(drummed({42: BACKBEAT[42]}, 8), 8)
    assert section["timekeepers"]
    assert "grooves" not in section


def test_too_few_bars_of_drums_teach_nothing() -> None:
    assert drums_of(drummed(BACKBEAT, 3), 3) is None


def test_a_bass_line_is_learned_over_its_chords() -> None:
    chords = "C Am F G C Am F G"
    notes = []
    for bar, (root, following) in enumerate(zip((36, 33, 29, 31) * 2, (33, 29, 31, 36) * 2, strict=True)):
        step = -2 if following < root else -1
        tones = ((0.0, root), (1.5, root + 12), (2.0, root + 7), (3.5, following + step))
        notes += [Note(4.0 * bar + at, pitch, 0.4, 90.0) for at, pitch in tones]
    section: Any = learn_bass([song_of("bass", notes, 8, chords)], {})
    (line,) = section["lines"]
    assert line["onsets"] == "x... ..x. x... ..x."
    assert line["tones"] == "R... ..8. 5... ..a."
    assert 0.25 < line["gate"] < 0.5
    assert section["approach"]["likelihood"] == 1.0


def test_loops_are_learned_as_numerals_in_their_key() -> None:
    notes = [
        Note(4.0 * bar + beat, pitch, 0.9, 80.0)
        for bar, chord in enumerate(((60, 64, 67), (57, 60, 64), (53, 57, 60), (55, 59, 62)) * 4)
        for beat in (0.0, 2.0)
        for pitch in chord
    ]
    song = song_of("harmony", notes, 16, " ".join(["C Am F G"] * 4))
    section: Any = learn_harmony([song], {})
    (loop,) = section["progressions"]
    assert (loop["chords"], section["key"]) == ("I | vi | IV | V", "C major")
    (comping,) = section["comping"]
    assert comping["hand"] == "c... .... c... ...."
    assert learn_vamp([song]) == "C | Am | F | G"


def test_the_rhythm_of_a_tune_is_learned_with_its_rests() -> None:
    notes = [
        Note(8.0 * unit + at, pitch, length, 90.0)
        for unit in range(6)
        for at, pitch, length in ((0.0, 60, 1.0), (1.0, 64, 1.0), (2.0, 67, 2.0), (4.0, 65, 0.5), (4.5, 64, 1.5))
    ]
    section: Any = learn_melody([song_of("melody", notes, 12)], {})
    (figure,) = section["figures"]
    assert figure["rhythm"] == "x... x... x... .... | x.x. .... r... ...."


def test_push_and_drag_are_learned_per_limb() -> None:
    notes = [
        Note(note.start + (0.03 if note.pitch == 38 else 0.0), note.pitch, 0.25, note.velocity)
        for note in drummed(BACKBEAT, 16)
    ]
    feel = learn_feel([song_of("drums", notes, 16)])
    assert (feel["kick"], feel["snare"], feel["cymbals"]) == (0.0, 15.0, 0.0)
    assert feel["jitter"] == pytest.approx(0.0, abs=0.1)


def test_the_tempo_of_one_song_leaves_room_on_both_sides() -> None:
    tempo = learn_tempo([song_of("drums", drummed(BACKBEAT, 4), 4)])
    assert tempo["low"] < tempo["usual"] == 120.0 < tempo["high"]
