"""Keys, chords and notes are spelt conventionally, and every spelling parses back."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import DetectedChord, Harmony, KeySpan
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.pitch import (
    LETTERS,
    name_on_fifths,
    parse_pitch_class,
    pitch_name,
    place_on_fifths,
    plain_place,
)
from musearoo.engines.music.progression import format_progression, parse_progression
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.music.spelling import place_roots, spell_chord, spell_chords
from tests.each_case import each_case

# The circle of fifths as it stands in textbooks: sharps, or flats below 0, with the major key and its relative minor.
CIRCLE: Final = {
    0: ("C", "A"), 1: ("G", "E"), 2: ("D", "B"), 3: ("A", "F#"), 4: ("E", "C#"), 5: ("B", "G#"), -1: ("F", "D"),
    -2: ("Bb", "G"), -3: ("Eb", "C"), -4: ("Ab", "F"), -5: ("Db", "Bb"),
}  # fmt: skip
MODES: Final = ("Major", "Dorian", "Phrygian", "Lydian", "Mixolydian", "Minor", "Locrian")

# Chords of songs as lead sheets have them, each with its key.
CHARTS: Final = {
    "Autumn Leaves": ("Gm", "Cm7 F7 Bbmaj7 Ebmaj7 Am7b5 D7 Gm6 Gm7 Gb7 Fm7 E7 Ebmaj7 Am7b5 D7 Gm6"),
    "a blues in Eb": ("Eb", "Eb7 Ab7 Eb7 Bbm7 Eb7 Ab7 Adim7 Eb7/Bb C7 Fm7 Bb7 Eb7 Bb7"),
    "The Girl from Ipanema": ("F", "Fmaj7 G7 Gm7 Gb7 Fmaj7 Gb7 Gbmaj7 B7 F#m7 D7 Gm7 Eb7 Am7 D7 Gm7 C7"),
    "All the Things You Are": (
        "Ab",
        "Fm7 Bbm7 Eb7 Abmaj7 Dbmaj7 Dm7b5 G7 Cmaj7 Cm7 Fm7 Bb7 Ebmaj7 Abmaj7 Am7b5 D7 Gmaj7 Am7 D7 Gmaj7 F#m7b5 B7 "
        "Emaj7 Gm7b5 C7 Fm7 Bbm7 Eb7 Abmaj7 Dbmaj7 Dbm7 Cm7 Bdim7 Bbm7 Eb7 Abmaj7",
    ),
    "Night and Day": ("C", "Dm7b5 G7 Cmaj7 F#m7b5 Fm7 Em7 Ebdim7 Dm7 G7 Cmaj7 Ebmaj7 Cmaj7"),
    "Giant Steps": (
        "Eb",
        "Bmaj7 D7 Gmaj7 Bb7 Ebmaj7 Am7 D7 Gmaj7 Bb7 Ebmaj7 F#7 Bmaj7 Fm7 Bb7 Ebmaj7 Am7 D7 Gmaj7 C#m7 F#7 Bmaj7 Fm7 "
        "Bb7 Ebmaj7 C#m7 F#7",
    ),
    "Body and Soul": (
        "Db",
        "Ebm7 Bb7b9 Ebm7 Ab7 Dbmaj7 Gb7 Fm7 Edim7 Ebm7 Cm7b5 F7 Bbm7 Eb7 Ebm7 Ab7 Db6 A7 Dmaj7 Em7 D/F# Gm7 C7 F#m7 "
        "Bm7 Em7 A7 Dmaj7 Dm7 G7 Cmaj7 Ebdim7 Dm7 G7 C7 B7 Bb7",
    ),
    "Cherokee": ("Bb", "Bbmaj7 Fm7 Bb7 Ebmaj7 Ab7 Bbmaj7 C7 Cm7 F7 C#m7 F#7 Bmaj7 Bm7 E7 Amaj7 Am7 D7 Gmaj7 Gm7 C7 F7"),
    "Have You Met Miss Jones?": ("F", "Fmaj7 F#dim7 Gm7 C7 Bbmaj7 Abm7 Db7 Gbmaj7 Em7 A7 Dmaj7 Abm7 Db7 Gbmaj7 Gm7 C7"),
    "Corcovado": ("C", "Am6 Abdim7 Gm7 C7 Fdim7 Fmaj7 Fm7 Bb7 Em7 A7 D7 Dm7 G7"),
    "Wave": ("D", "Dmaj7 Bbdim7 Am7 D7b9 Gmaj7 Gm6 F#13 F#7 B9 B7b9 E9 Bb7 A7 Dm7 G7"),
    "rhythm changes": ("Bb", "Bbmaj7 Bdim7 Cm7 C#dim7 Dm7 G7 Cm7 F7 Bb7 Eb Edim7 Bb/F G7 Cm7 F7"),
    "Ain't Misbehavin'": ("Eb", "Eb Edim7 Fm7 F#dim7 Gm7 G7 Ab Abm Eb C7 Fm7 Bb7"),
    "Lady Bird": ("C", "C Fm7 Bb7 C Bbm7 Eb7 Abmaj7 Am7 D7 Dm7 G7 C Ebmaj7 Abmaj7 Dbmaj7"),
    "Take Five": ("Ebm", "Ebm Bbm7 Cbmaj7 Abm7 Bbm7 Ebm7 Abm7 Db7 Gbmaj7 Cbmaj7 Fm7 Bb7"),
    "So What": ("D dorian", "Dm7 Ebm7 Dm7"),
    "Blue Bossa": ("Cm", "Cm7 Fm7 Dm7b5 G7 Cm7 Ebm7 Ab7 Dbmaj7 Dm7b5 G7 Cm7"),
    "Something": ("C", "C Cmaj7 C7 F D G Am Am/G# Am/G D7 F Eb G/D A A/G# F#m A/E D G A"),
    "Hotel California": ("Bm", "Bm F# A E G D Em F#"),
    "Moonlight Sonata": ("C#m", "C#m C#m/B Amaj7 D/F# G#7 C#m/G# G#sus4 G#7"),
    "Isn't She Lovely": ("E", "C#m7 F#9 Bsus4 E Amaj7 G#7 C#m7 F#9"),
    "leading tones and passing chords": ("C", "C C#dim7 Dm7 D#dim7 Em7 F F#dim7 G G#dim7 Am Db7 C"),
    "a ladder of dominants": ("C", "F#7 B7 E7 A7 D7 G7 C Eb7 Ab7 Db7 C Gb7 F"),
    "the flat third without its resolution": ("C", "C Ebdim7 G7 C/E Ebdim G7"),
    "what is borrowed": ("C", "C Eb Ab Bb C Db Fm C"),
}


@each_case("accidentals", CIRCLE)
def test_keys_have_the_names_and_signatures_of_the_circle_of_fifths(accidentals: int) -> None:
    major, minor = CIRCLE[accidentals]
    for name, scale in ((major, "major"), (minor, "minor")):
        key = Key.parse(f"{name} {scale}")
        assert (str(key), key.signature) == (f"{name} {scale}", accidentals)
        if scale == "major":
            continue
        assert Key.parse(f"{name} Harmonic Minor").tonic_name == Key.parse(f"{name} blues").tonic_name == name


def test_six_accidentals_have_the_usual_tonic() -> None:
    found = {name: Key.parse(name).signature for name in ("F# major", "Eb minor", "Ab dorian", "Db mixolydian")}
    assert list(found.values()) == [6, -6, -6, -6]
    assert [str(Key.parse(name)) for name in found] == list(found)


@each_case("scale", MODES)
def test_modes_are_written_with_fewest_accidentals(scale: str) -> None:
    """Counted the slow way: seven letters in a row from each possible tonic, and how many signs they need."""
    for tonic in range(12):
        signs = {}
        for letter in "CDEFGAB":
            for sign in ("", "#", "b"):
                name = letter + sign
                if parse_pitch_class(name) == tonic:
                    signs[name] = _count_signs(name, SCALES[scale])
        key = Key(tonic, scale)
        assert signs[key.tonic_name] == min(signs.values()) == abs(key.signature), (key, signs)
        letters = {key.note_names[pitch_class][0] for pitch_class in key.pitch_classes}
        assert len(letters) == 7, "each letter once"


def _count_signs(tonic: str, intervals: tuple[int, ...]) -> int:
    letters = "CDEFGAB" * 2
    start, at = letters.index(tonic[0]), parse_pitch_class(tonic)
    found = 0
    for letter, interval in zip(letters[start:], intervals, strict=False):
        away = (at + interval - LETTERS[letter] + 6) % 12 - 6
        found += abs(away)
    return found


@each_case("text, name", [
        ("D# minor", "Eb minor"), ("d sharp minor", "Eb minor"), ("C# major", "Db major"),
        ("c sharp minor", "C# minor"), ("Cb", "B major"), ("Gb", "F# major"), ("G flat major", "F# major"),
        ("A♭ minor", "G# minor"), ("B-flat minor", "Bb minor"), ("b Flat", "Bb major"),
        ("A#m", "Bb minor"), ("E# locrian", "F locrian"),
        ("b minor", "B minor"), ("bb", "Bb major"), ("Fb major", "E major"),
    ])  # fmt: skip
def test_every_name_of_a_key_is_read_and_one_is_written(text: str, name: str) -> None:
    assert str(Key.parse(text)) == name
    assert Key.parse(text) == Key.parse(name)
    assert hash(Key.parse(text)) == hash(Key.parse(name))


@each_case("text", ["c sharpminor", "flat", "A- ", "C#b major", "E flatly"])
def test_texts_that_only_resemble_keys_raise(text: str) -> None:
    with pytest.raises(ParamError, match="key must be a tonic"):
        Key.parse(text)


@each_case("song", CHARTS)
def test_chords_are_spelt_as_on_the_chart(song: str) -> None:
    key, chart = CHARTS[song]
    assert " ".join(spell_chords([Chord.parse(word) for word in chart.split()], Key.parse(key))) == chart


def test_a_chord_is_spelt_the_same_however_it_was_written() -> None:
    for key, chart in CHARTS.values():
        sharps = [Chord.parse(word) for word in chart.split()]
        raised = [Chord.parse(_with_sharps(chord)) for chord in sharps]
        assert raised == sharps
        assert spell_chords(raised, Key.parse(key)) == spell_chords(sharps, Key.parse(key))


def _with_sharps(chord: Chord) -> str:
    return chord.harte_on((7 * chord.root) % 12)


@each_case("scale", ["Major", "Minor", "Dorian", "Whole Tone", "Super Locrian", "Pelog Selisir"])
def test_whatever_is_written_is_read_as_the_same_chord(scale: str) -> None:
    chords = [Chord(root, quality.harte) for root in range(12) for quality in QUALITIES]
    chords += [Chord(root, "min7", (root + step) % 12) for root in range(12) for step in range(1, 12)]
    chords += [Chord(root, "dim7", (root + step) % 12) for root in range(12) for step in (3, 6, 9)]
    for tonic in range(12):
        order = [chords[(31 + tonic) * number % len(chords)] for number in range(len(chords))]
        names = spell_chords(order, Key(tonic, scale))
        assert [Chord.parse(name) for name in names] == order
        places = place_roots([(chord, Key(tonic, scale)) for chord in order])
        assert [Chord.parse(chord.harte_on(place)) for chord, place in zip(order, places, strict=True)] == order


def test_only_a_keys_own_roots_are_cb_fb_or_with_two_signs() -> None:
    odd = {"Cb", "Fb", "E#", "B#"}
    for tonic in range(12):
        for scale in ("Major", "Minor"):
            key = Key(tonic, scale)
            own = {key.note_names[pitch_class] for pitch_class in key.pitch_classes}
            chords = [Chord(root, quality) for root in range(12) for quality in ("maj7", "7", "min7", "dim7", "hdim7")]
            for chord in chords:
                for following in (None, *chords[chord.root % 2 :: 6]):
                    root = spell_chord(chord, key, following)[:2]
                    assert root not in odd - own, (key, chord, following)


@each_case("chords, written", [
        ("C# F# G# C#", "Db Gb Ab Db"),  # five flats, not seven sharps
        ("F# B C# D#m", "F# B C# D#m"),
        ("Gm7 F#7 Fmaj7", "Gm7 Gb7 Fmaj7"),
        ("Dbm7 Gb7 Bmaj7", "C#m7 F#7 Bmaj7"),
        ("C#", "Db"), ("Db7/B", "Db7/Cb"), ("Gb", "F#"), ("Abm", "G#m"), ("D#m7", "Ebm7"), ("", ""),
    ])  # fmt: skip
def test_without_a_key_chords_agree_with_one_another(chords: str, written: str) -> None:
    assert " ".join(spell_chords([Chord.parse(word) for word in chords.split()], None)) == written


@each_case("symbol, over", [
        ("A7", "A7/C#"), ("Ab", "Ab/C"), ("F#7", "F#7/A#"), ("Ebm", "Ebm/Gb"), ("Db7", "Db7/Cb"), ("E7", "E7/G#"),
        ("Am", "Am/G#"), ("C", "C/Bb"), ("Bdim7", "Bdim7/Ab"), ("Caug", "Caug/G#"), ("Gm7b5", "Gm7b5/Db"),
        ("C", "C/F#"), ("G#dim7", "G#dim7/F"), ("Eb", "Eb/Db"),
    ])  # fmt: skip
def test_the_bass_is_spelt_as_a_tone_of_the_chord(symbol: str, over: str) -> None:
    chord, bass = Chord.parse(symbol), parse_pitch_class(over.partition("/")[2])
    assert Chord(chord.root, chord.quality, bass).symbol == over


def test_a_loop_leads_back_to_its_first_chord() -> None:
    turn = [Chord.parse(word) for word in ("Bmaj7", "Ebmaj7", "F#7")]
    assert spell_chords(turn, Key.parse("Eb"))[-1] == "F#7"
    assert spell_chords(turn[1:], Key.parse("Eb"))[-1] == "Gb7"


def test_progressions_are_written_in_their_key() -> None:
    spans = parse_progression("D#m G#m | A#7 | % | Bmaj7")
    assert format_progression(spans, Meter(), 5, Key.parse("D#m")) == "Ebm Abm | Bb7 | Bb7 | Cbmaj7 | N.C."


def test_detected_chords_are_spelt_in_the_key_at_their_start() -> None:
    chords = [DetectedChord(float(beat), beat + 1.0, Chord.parse("C#7"), 1.0) for beat in range(3)]
    chords.insert(2, DetectedChord(1.5, 2.0, None, 1.0))
    keys = (KeySpan(0.0, 1.0, Key.parse("Fm"), 0.9), KeySpan(1.0, 2.0, Key.parse("F#m"), 0.9))
    heard = Harmony(Estimate(Key.parse("E"), 0.5, "clip"), keys, tuple(chords))
    assert heard.symbols == ("Db7", "C#7", "", "C#7")
    assert Harmony(chords=tuple(chords[:1])).symbols == ("Db7",)
    assert Harmony().symbols == ()


def test_the_line_of_fifths_both_ways() -> None:
    names = [name_on_fifths(place) for place in range(-15, 20)]
    assert [place_on_fifths(name) for name in names] == list(range(-15, 20))
    assert len(set(names)) == len(names)
    for one, next_one in pairwise(names):
        assert (parse_pitch_class(next_one) - parse_pitch_class(one)) % 12 == 7
    for place in range(-15, 20):
        plain = name_on_fifths(plain_place(place))
        assert parse_pitch_class(plain) == parse_pitch_class(name_on_fifths(place))
        assert plain not in ("Cb", "Fb", "E#", "B#")
        assert len(plain) <= 2


def test_notes_are_spelt_in_their_key() -> None:
    def names(key: str) -> str:
        return " ".join(Key.parse(key).note_names)

    assert names("C") == "C Db D Eb E F F# G Ab A Bb B"
    assert names("A minor") == "C C# D D# E F F# G G# A Bb B"
    assert names("Eb minor") == "C Db D Eb E F Gb G Ab A Bb Cb"
    assert names("E") == "C C# D D# E F F# G G# A A# B"
    assert pitch_name(71, Key.parse("Eb minor").note_names) == "Cb5"
    assert pitch_name(65, Key.parse("F#").note_names) == "E#4"
