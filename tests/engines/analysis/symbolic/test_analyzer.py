"""What is heard in MIDI clips: roles, chords, key, swing."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.analysis.scene.merging import read_context
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import format_progression, parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import find_engine
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

PROGRESSIONS = (
    ("Am | F | C | G", "A minor"),
    ("C | Am | Dm | G7", "C major"),
    ("Dm7 | G7 | Cmaj7 | A7", "C major"),
    ("Ebmaj7 | Cm9 | Fm7 | Bb7sus4", "Eb major"),
    ("Bm7b5 | E7 | Am6 | Am6", "A minor"),
    ("C/E | F | G/B | C", "C major"),
    ("F#m | D | A | E", "F# minor"),
    ("Cadd9 | Gsus4 | Am7 | F5", "C major"),
    ("Dm Bb | F C | Dm Bb | C", "D minor"),
)


def play(progression: str, meter: str = "4/4", low: int = 48, every: float = 0.0, chance: Random | None = None) -> Clip:
    """A keyboard player's chords: held, or struck again `every` so many beats, hands not quite together."""
    signature = Meter.parse(meter)
    spans = parse_progression(progression, signature)
    notes = []
    for span in spans:
        pitches = [low + span.chord.root + interval for interval in span.chord.intervals]
        if span.chord.bass is not None:
            pitches.append(low - 12 + span.chord.bass)
        start = span.start
        while start < span.end - 1e-9:
            end = min(span.end, start + (every or span.end))
            for pitch in pitches:
                late = 0.02 * chance.random() if chance else 0.0
                notes.append(Note(start + late, pitch, (end - start - late) * (0.9 if chance else 1.0), 80))
            start = end
    return Clip.of("?", spans[-1].end, notes, signature)


@each_case("progression, key", PROGRESSIONS)
@each_case("every", [0.0, 1.0, 0.5])
def test_chords_and_key_are_read(progression: str, key: str, every: float) -> None:
    clip = play(progression, every=every, chance=Random(1) if every else None)
    context = read_context([clip])
    read = format_progression(context.chords, clip.meter, round(clip.bars))
    expected = parse_progression(progression)
    for span in expected:
        middle = (span.start + span.end) / 2
        heard = next(found.chord for found in context.chords if found.start <= middle < found.end)
        assert heard == span.chord, read
    assert str(context.key.value) == key
    assert context.key.source == "clip"
    assert context.parts[0].role == "harmony"


@each_case("meter", ["3/4", "6/8", "7/8", "5/4"])
def test_chords_are_read_in_other_meters(meter: str) -> None:
    clip = play("Am7 | Dm7 | G7 | Cmaj7", meter)
    assert [str(span.chord) for span in read_context([clip]).chords] == ["Am7", "Dm7", "G7", "Cmaj7"]


def test_the_bass_beside_them_decides_between_chords_of_the_same_notes() -> None:
    upper = Clip.of("pad", 4.0, [Note(0.0, pitch, 4.0, 80) for pitch in (60, 64, 67, 69)])
    assert str(read_context([upper]).chords[0].chord) == "C6"
    bass = Clip.of("bass", 4.0, [Note(0.0, 33, 4.0, 90)])
    assert str(read_context([("pad", upper), ("bass", bass)]).chords[0].chord) == "Am7"


def test_arpeggios_of_a_bar_are_one_chord_when_they_sound_on() -> None:
    notes = [
        Note(bar * 4 + step, pitch, 4 - step, 80) for bar in range(2) for step, pitch in enumerate((57, 60, 64, 67))
    ]
    spans = read_context([("keys", Clip.of("arp", 8.0, notes))]).chords
    assert str(spans[-1].chord) == "Am7"


@each_case(
    "name, role",
    [
        ("1-Drums", "drums"),
        ("808 Kit", "drums"),
        ("Kick & Snare", "drums"),
        ("Sub Bass", "bass"),
        ("808", "bass"),
        ("Rhodes chords", "harmony"),
        ("Lead Vox", "melody"),
    ],
)
def test_names_tell_roles(name: str, role: Role) -> None:
    assert guess_role(name, Clip(name, 4.0))[0] == role


# Timpani, taikos and a distant bell lie where basses and tunes do, and no notes tell them from those.
WITHOUT_A_KIT = {"ambient", "cinematic", "classical"}


@each_case("style", sorted(set(STYLES) - WITHOUT_A_KIT))
def test_our_own_parts_are_known_by_their_notes(style: str) -> None:
    context = MusicalContext.plain(bpm=STYLES[style].tempo.usual, chords="Am F C G")
    right = 0
    for seed in range(6):
        for part in ("drums", "bass"):
            engine = find_engine(part)
            clip = engine.generate(engine.params(style=STYLES[style]), context, seed)
            right += guess_role("MIDI 4", clip)[0] == part
    assert right >= 11


def test_a_melody_is_no_bass_and_an_empty_clip_is_nothing() -> None:
    tune = Clip.of("x", 8.0, [Note(n, 67 + n % 5, 0.9, 80) for n in range(8)])
    assert guess_role("MIDI 1", tune)[0] == "melody"
    assert guess_role("MIDI 1", Clip("x", 4.0)) == ("unknown", 0.0)


@each_case("swing", [1.0, 1.5, 2.0])
def test_the_swing_of_a_drummer_is_heard(swing: float) -> None:
    engine = find_engine("drums")
    style = STYLES["jazz swing"]
    context = MusicalContext.plain(bpm=140)
    clip = engine.generate(engine.params(style=style, swing=swing), context, 2)
    heard = read_context([("Drums", clip)]).swing
    assert heard.value == pytest.approx(swing, abs=0.2)
    assert heard.source == "clip"
    assert heard.confidence > 0.4


def test_hints_stand() -> None:
    hints = Hints(
        tempo=Estimate(99.0, 1.0, "set"),
        meter=Estimate(Meter(3, 4), 1.0, "set"),
        key=Estimate(Key(1, "Dorian"), 1.0, "user"),
        chords=parse_progression("C#m"),
        swing=Estimate(1.5, 1.0, "user"),
    )
    context = read_context([play("Am F")], hints)
    assert (context.tempo, context.meter, context.key, context.swing) == (
        hints.tempo,
        hints.meter,
        hints.key,
        hints.swing,
    )
    assert context.chords == hints.chords


def test_nothing_gives_a_context_of_guesses() -> None:
    context = read_context([])
    assert context == MusicalContext()


def test_what_is_read_fits_the_engines() -> None:
    """The whole way: a band's clips are read, and the bass written for them stands on their chords."""
    keys, engine = play("Dm7 | G7 | Cmaj7 | A7"), find_engine("bass")
    drums = find_engine("drums").generate(
        find_engine("drums").params(style=STYLES["funk"]), MusicalContext.plain(bpm=100), 1
    )
    context = read_context([("Keys", keys), ("Drums", drums)], Hints(tempo=Estimate(100.0)))
    bass = engine.generate(engine.params(style=STYLES["funk"], bars=4), context, 1)
    again = read_context([("Keys", keys), ("Bass", bass)])
    assert [span.chord.bass_or_root for span in again.chords] == [2, 7, 0, 9]
    assert [str(span.chord) for span in context.chords] == ["Dm7", "G7", "Cmaj7", "A7"]
    assert isinstance(context.part("drums"), Part)
