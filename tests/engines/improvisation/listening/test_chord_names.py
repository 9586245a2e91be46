"""The names of held chords, and how they follow the hands."""

from __future__ import annotations

from musearoo.engines.improvisation.listening.chord_names import name_held
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.pitch import parse_pitch
from musearoo.engines.music.scale import Key
from tests.each_case import each_case


def named(pitches: str, key: str | None = None, before: str | None = None) -> str | None:
    held = [parse_pitch(name) for name in pitches.split()]
    found = name_held(held, Key.parse(key) if key else None, Chord.parse(before) if before else None)
    return found and found[0].symbol


@each_case("quality", QUALITIES)
@each_case("root", [0, 3, 8])
def test_every_quality_is_known_by_its_notes_over_its_root(quality: object, root: int) -> None:
    assert isinstance(quality, tuple)
    chord = Chord(root, quality[1])
    found = name_held([36 + root, *(60 + root + interval for interval in chord.intervals[1:])])
    assert found is not None
    assert found[0] == chord


@each_case(
    "pitches, chord",
    [
        ("E3 G3 C4", "C/E"),
        ("G3 C4 E4", "C/G"),
        ("C3 E4 B4", "Cmaj7"),
        ("C3 E3 Bb3 D4 A4", "C13"),
        ("F2 C4 E4 G4 A4", "Fmaj9"),
        ("C2 D4 F#4 A4", "D7/C"),
        ("G2 F4 A4 C5 E5", "Fmaj7/G"),
        ("G2 F4 B4 E5", "G13"),
        ("E3 A3 Bb3 D4", "Bbmaj7#11/E"),
        ("C2 F4 A4 C5", "F/C"),
        ("A2 E3", "A5"),
        ("C4 E4", "C"),
        ("A3 C4", "Am"),
        ("B3 D4 F4 Ab4", "Bdim7"),
        ("C4 E4 G#4", "Caug"),
        ("D3 C4 F4 A4", "Dm7"),
        ("B2 A3 D4 F4", "Bm7b5"),
        ("C3 E3 G3 F5", "C"),
        ("C4 C#4", None),
        ("C4", None),
        ("C4 C5 C6", None),
        ("C4 C#4 D4 D#4 E4 F4", None),
    ],
)
def test_what_hands_play(pitches: str, chord: str | None) -> None:
    assert named(pitches) == chord


@each_case(
    "pitches, key, before, chord",
    [
        ("C4 E4 G4 A4", None, None, "C6"),
        ("A3 C4 E4 G4", None, None, "Am7"),
        ("E3 G3 A3 C4", "Am", None, "Am7/E"),
        ("E3 G3 A3 C4", None, "C", "C6/E"),
        ("B3 D4 F4 G#4", "Am", None, "G#dim7/B"),
        ("B3 D4 F4 G#4", "C", None, "Bdim7"),
        ("G#3 C4 E4", "Am", None, "Eaug/G#"),
        ("D4 G4 A4", None, "D", "Dsus4"),
        ("E4 G4", "E minor", None, "Em"),
    ],
)
def test_key_and_chord_before_decide_between_names_of_the_same_notes(
    pitches: str, key: str | None, before: str | None, chord: str
) -> None:
    assert named(pitches, key, before) == chord


def test_plain_chords_are_surer_than_two_notes_and_slashes() -> None:
    sure = [
        name_held([parse_pitch(name) for name in pitches.split()]) for pitches in ("C3 E3 G3", "C2 D4 F#4 A4", "C4 E4")
    ]
    plain, slash, two = (found[1] if found else 0.0 for found in sure)
    assert plain > slash
    assert plain > two


class Hands:
    """Hands at a keyboard, at 120 BPM."""

    def __init__(self) -> None:
        self.player = PlayerListener()
        self.player.clock(0.0, 0.0, 120.0, True)
        self.beat = 0.0

    def send(self, *message: int) -> str | None:
        self.player.hear(self.beat, self.beat / 2.0, bytes(message))
        held = self.player.held_chord()
        return None if held is None else held.chord.symbol

    def press(self, *pitches: int) -> str | None:
        return [self.send(0x90, pitch, 90) for pitch in pitches][-1]

    def lift(self, *pitches: int) -> str | None:
        return [self.send(0x80, pitch, 64) for pitch in pitches][-1]


def test_a_chord_lasts_while_fingers_leave_one_by_one() -> None:
    hands = Hands()
    assert hands.press(57, 60, 64) == "Am"
    since = hands.player.held_chord()
    hands.beat = 1.0
    assert hands.lift(57) == "Am"
    assert hands.lift(60) == "Am"
    assert hands.lift(64) is None
    assert since is not None
    assert since.since.beat == 0.0


def test_two_notes_of_a_chord_say_nothing_against_it() -> None:
    hands = Hands()
    hands.press(48, 52, 55)
    hands.beat = 1.0
    hands.lift(48, 52)
    assert hands.press(64) == "C"
    hands.lift(55, 64)
    hands.beat = 4.0
    assert hands.press(64, 67) == "Em"


def test_a_finger_that_moves_makes_a_new_chord() -> None:
    hands = Hands()
    hands.press(57, 60, 64)
    hands.beat = 1.0
    hands.lift(64)
    assert hands.press(65) == "F/A"
    held = hands.player.held_chord()
    assert held is not None
    assert held.since.beat == 1.0


@each_case("step", [0.25, 0.5])
def test_a_broken_chord_is_one(step: float) -> None:
    hands = Hands()
    told = []
    for pitches in ((48, 55, 52, 55), (48, 57, 53, 57), (47, 55, 50, 55)):
        for _ in range(2):
            for pitch in pitches:
                told.append(hands.press(pitch))
                hands.beat += 0.8 * step
                hands.lift(pitch)
                hands.beat += 0.2 * step
    # Each is known by its third note, and stays.
    assert told[2:8] == ["C"] * 6
    assert told[12:16] == ["F/C"] * 4
    assert told[20:24] == ["G/B"] * 4


def test_an_arpeggio_with_pedal_is_a_chord_until_the_pedal_changes() -> None:
    hands = Hands()
    hands.send(0xB0, 64, 127)
    for pitch in (45, 52, 57, 60, 64):
        told = hands.press(pitch)
        hands.beat += 0.25
        hands.lift(pitch)
    assert told == "Am"
    hands.beat = 2.0
    assert hands.send(0xB0, 64, 0) is None


def test_a_scale_is_no_chord() -> None:
    hands = Hands()
    told = []
    for pitch in (60, 62, 64, 65, 67, 69, 71, 72):
        told.append(hands.press(pitch))
        hands.beat += 0.4
        hands.lift(pitch)
        hands.beat += 0.1
    assert told[1] is None
    assert told.count(None) >= 6
