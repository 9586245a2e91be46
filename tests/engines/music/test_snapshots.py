"""Snapshots of the music types: names and numbers in both directions, errors, and odd values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

from msgspec.structs import replace

from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Part, SectionSpan
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import MAX_BEATS, Note
from musearoo.engines.music.numeral import Numeral, parse_numeral, parse_numerals
from musearoo.engines.music.pitch import (
    name_on_fifths,
    nearest_pitch,
    parse_pitch,
    parse_pitch_class,
    pitch_name,
    place_on_fifths,
    plain_place,
)  # fmt: skip
from musearoo.engines.music.progression import (
    ChordSpan,
    chord_at,
    format_progression,
    parse_progression,
    repeat_progression,
    share_bar,
)  # fmt: skip
from musearoo.engines.music.scale import SCALES, Key, fit_place
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.music.spelling import place_roots, spell_chord, spell_chords
from musearoo.engines.music.swing import Swing
from musearoo.engines.music.tempo_map import TempoMap
from tests.engines.music.odd_music import KEYS, METERS, analyses, clips, contexts, files, grooves, tried
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield from _pitches()
    yield from _keys()
    yield from _chords()
    yield from _numerals()
    yield from _spellings()
    yield from _meters()
    yield from _progressions()
    yield from _bounds()
    yield from _swings()
    yield from _tempos()
    yield from clips()
    yield from grooves()
    yield from contexts()
    yield from analyses()
    yield from files()


def _pitches() -> Iterator[Outcome]:
    yield "places", [(name_on_fifths(place), plain_place(place)) for place in range(-20, 25)]
    yield "place of name", [place_on_fifths(name_on_fifths(place)) for place in range(-20, 25)]
    yield "names", [pitch_name(pitch) for pitch in (0, 1, 11, 12, 13, 59, 60, 61, 71, 126, 127)]
    yield "flat names", [pitch_name(pitch, Key.parse("Eb minor").note_names) for pitch in range(56, 74)]
    texts: tuple[str, ...] = (
        "C-1",
        "Cb-1",
        "B#-1",
        "G9",
        "G#9",
        "Ab9",
        "C4",
        "c4",
        "B#3",
        "Cb4",
        " E1 ",
        "F##2",
        "H2",
        "C",
        "4",
        "",
    )
    yield "pitch", {text: tried(parse_pitch, text) for text in texts}
    texts = ("C", "c", "B#", "Cb", "F##", "Gbb", "A♯", "D♭", "F###", "H", "", " G ")
    yield "class", {text: tried(parse_pitch_class, text) for text in texts}
    chance = Random("pitches")
    near = [
        nearest_pitch(chance.randrange(12), 127.0 * chance.random(), low, low + chance.choice((0, 3, 7, 11, 12, 40)))
        for low in (chance.randrange(88) for _ in range(80))
    ]
    yield "nearest", near
    yield "nearest of two", [nearest_pitch(0, 42, 30, 55), nearest_pitch(0, 43, 30, 55), nearest_pitch(1, 0, 0, 0)]
    yield "fits", [[fit_place(pitch_class, lowest) for pitch_class in range(12)] for lowest in range(-9, 8)]


def _keys() -> Iterator[Outcome]:
    for scale in SCALES:
        keys = [Key(tonic, scale) for tonic in range(12)]
        told = [(str(key), key.signature, key.tonic_place, key.is_minor, key.note_names) for key in keys]
        yield f"scale {scale}", (told, keys[5].pitch_classes)
    texts: tuple[str, ...] = ("C", "CM", "Cm", "c sharp minor", "a flat", "A-flat major", "F# blues", "Bb maj",
    "d MIXO", "E altered",
                 "G ionian", "H", "C foo", "", "m", "F♯m", "A b", "Asharp", "c", "B aeolian",
                 "e-flat MINOR")  # fmt: skip
    yield "key", {text: tried(Key.parse, text) for text in texts}
    for tonic, scale in ((0, "Major"), (11, "Minor"), (12, "Major"), (-1, "Major"), (3, "major"), (3, "")):
        yield f"from live {tonic} {scale}", tried(Key.from_live, tonic, scale)


def _chords() -> Iterator[Outcome]:
    for quality in QUALITIES:
        told = []
        for root in range(12):
            for bass in (
                None,
                root,
                (root + 3) % 12,
                (root + 4) % 12,
                (root + 6) % 12,
                (root + 9) % 12,
                (root + 11) % 12,
            ):
                chord = Chord(root, quality.harte, bass)
                symbols = [chord.symbol_on(place) for place in (chord.usual_place, -8, 11)]
                told.append((symbols, chord.harte, chord.bass_or_root, chord.pitch_classes, str(chord)))
        chord = Chord(3, quality.harte)
        again = [str(Chord.parse(f"F#{name}/C")) for name in (quality.symbol, *quality.other_symbols)]
        yield (
            f"chords {quality.harte}",
            (chord.is_minor, chord.note_names, Chord.parse(chord.harte) == chord, again, told),
        )
    texts: tuple[str, ...] = ("C", "Cmaj", "c", "Am7/G", "A m7 / G", "C/C", "C:maj/3", "D:min7/b7", "F#:hdim7",
    "G6/9", "G6/9/D", "H",
                 "Cfoo", "C/H", "C:foo", "C:", "C:maj/9", "Bb:min/#4", "Bb:min/bb7", "", "/G", "C:maj/", "E♭Δ7", "G-7",
                 "C:maj/b1", "C:(1,5)/5", "A:sus4(b7)/4")  # fmt: skip
    yield "chord", {text: tried(Chord.parse, text) for text in texts}
    for values in ((12,), (-1,), (0, "foo"), (0, "maj", 12), (0, "maj", -1), (11, "maj", 0), (0, "maj", 11)):
        yield f"chord of {values}", tried(Chord, *values)
    yield "degrees", [[Chord(root, "maj", bass).harte for bass in range(12)] for root in (0, 6, 10)]


def _numerals() -> Iterator[Outcome]:
    for quality in QUALITIES:
        told: list[object] = []
        for step in range(12):
            numeral = Numeral(step, quality.harte, (0, 3, 4, 7, 10, 11)[step % 6])
            text = str(numeral)
            back = tried(parse_numeral, text)
            told.append((text, back, numeral.pitch_classes, numeral.in_key(step), Numeral.of(numeral.in_key(4), 4)))
        yield f"numerals {quality.harte}", told
    texts: tuple[str, ...] = ("I", "i", "V7/V", "V7/ii", "bVII", "#IV", "vii", "viio7/V", "I/3", "V7/b7", "iiø/b3",
    "I/8", "I/1", "VIII",
                 "iV", "", "/V", "I7foo", "i7b9", "V/V/V", "bII/#4", "bI", "#VII", "I/", "N6")  # fmt: skip
    yield "numeral", {text: tried(parse_numeral, text) for text in texts}
    texts = ("I | IV V | %", "% | I", "I || V", "", "i", "% ", "I % | V", "I | % | % | vi7 ii7")
    yield "bars", {text: tried(parse_numerals, text) for text in texts}


def _spellings() -> Iterator[Outcome]:
    for seed in range(40):
        chance = Random(f"spellings {seed}")
        chords = [
            None if chance.random() < 0.1 else Chord(chance.randrange(12), chance.choice(QUALITIES).harte)
            for _ in range(1 + chance.randrange(9))
        ]
        for index in range(1, len(chords)):
            before = chords[index - 1]
            if before is not None and chance.random() < 0.6:
                root = (before.root + chance.choice((5, 5, 11, 1, 0, 7))) % 12
                chords[index] = Chord(root, chance.choice(("maj", "7", "dim7", "min7", "hdim7", "maj7", "dim", "min")))
        keys = [Key.parse(chance.choice(KEYS)) if chance.random() < 0.9 else None for _ in chords]
        key = keys[0]
        first = next((chord for chord in chords if chord), Chord(0))
        alone = spell_chord(first, key), spell_chord(first, key, chords[-1])
        places = place_roots(list(zip(chords, keys, strict=True)))
        yield f"spelling {seed}", (spell_chords(chords, key), spell_chords(chords, None), places, alone)
    yield "no chords", (spell_chords([], None), place_roots([]))


def _meters() -> Iterator[Outcome]:
    told = []
    for numerator in (1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 99):
        for denominator in (1, 2, 4, 8, 16):
            meter = Meter(numerator, denominator)
            shares = [share_bar(meter, count) for count in (1, 2, 3, 5)] if numerator < 16 else ()
            told.append((str(meter), meter.bar_beats, meter.is_compound, meter.pulses[:20], shares))
    yield "meters", told
    texts: tuple[str, ...] = (
        "4/4",
        " 6 / 8 ",
        "0/4",
        "100/4",
        "99/16",
        "4/3",
        "4/32",
        "4",
        "4/4/4",
        "x/y",
        "",
        "-4/4",
        "012/8",
    )
    yield "meter", {text: tried(Meter.parse, text) for text in texts}


def _progressions() -> Iterator[Outcome]:
    texts: tuple[str, ...] = ("Am F C G", "Am7 Dm7/G G7 | %", "| C | G |", "| |", "", "%", "C | % | N", "N.C. C",
    "C || G",
    "C Dm Em F G",
             "C - | G7 NC", "Foo | G", "C | G |", "   ", "|", "C G | Am F C G Em | F")  # fmt: skip
    for number, text in enumerate(texts):
        meter = Meter.parse(METERS[number % len(METERS)])
        spans = tried(parse_progression, text, meter)
        yield f"progression {text!r}", spans
        if isinstance(spans, tuple):
            key = Key.parse(KEYS[number % len(KEYS)])
            again = [format_progression(spans, meter, bars, each) for bars in (0, 1, 3, 5) for each in (None, key)]
            looped = [
                repeat_progression(spans, length, period) for length in (0.0, 5.0, 17.0) for period in (3.0, 4.0, 9.0)
            ]
            at = [chord and chord.symbol for chord in (chord_at(spans, step / 2.0 - 1.0) for step in range(24))]
            yield f"progression {text!r} again", (again, looped, at)
    gaps = (ChordSpan(1.0, 3.0, Chord(0)), ChordSpan(6.0, 12.0, Chord(7)))
    yield "gaps", [format_progression(gaps, Meter(), bars) for bars in (1, 2, 3, 4)]


def _bounds() -> Iterator[Outcome]:
    """What lies on a bound is taken, what lies beyond it is refused."""
    edges: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("start", (-1e-9, 0.0, MAX_BEATS - 1.0, MAX_BEATS)), ("duration", (0.0, 1e-9, MAX_BEATS, MAX_BEATS + 1.0)),
        ("pitch", (-1, 0, 127, 128)), ("velocity", (0.9, 1.0, 127.0, 127.1)), ("probability", (-0.1, 0.0, 1.0, 1.1)),
        ("velocity_deviation", (-127.1, -127.0, 127.0, 127.1)), ("release_velocity", (-0.1, 0.0, 127.0, 127.1)),
    )  # fmt: skip
    note = Note(1.0, 60, 0.5, 100.0)
    for field, values in edges:
        changed = [tried(partial(replace, note, **{field: value})) for value in values]
        yield f"note's {field}", changed
    one, low = Note(1.0, 60, 0.5, 100.0), Note(1.0, 59, 0.5, 100.0)
    deeds: dict[str, Callable[[], object]] = {
        "clip of nothing": lambda: Clip("c", 0.0),
        "clip as long as can be": lambda: Clip("c", MAX_BEATS).bars,
        "clip longer": lambda: Clip("c", MAX_BEATS + 1.0),
        "note at the end": lambda: Clip("c", 1.0, (one,)),
        "note before the end": lambda: len(Clip("c", 1.1, (one,))),
        "notes falling": lambda: Clip("c", 4.0, (one, low)),
        "notes alike": lambda: len(Clip("c", 4.0, (one, one))),
        "notes rising": lambda: len(Clip("c", 4.0, (low, one))),
        "notes back": lambda: Clip("c", 4.0, (one, replace(low, start=0.5))),
        "span of nothing": lambda: ChordSpan(1.0, 1.0, Chord(0)),
        "span before": lambda: ChordSpan(-0.1, 1.0, Chord(0)),
        "span from 0": lambda: ChordSpan(0.0, 0.1, Chord(0), 1.0),
        "unsure span": lambda: ChordSpan(0.0, 0.1, Chord(0), 1.1),
        "section of nothing": lambda: SectionSpan(1.0, 1.0, "A"),
        "section before": lambda: SectionSpan(-0.1, 1.0, "A"),
        "section from 0": lambda: SectionSpan(0.0, 1.0, "A", 0.0),
        "unsure section": lambda: SectionSpan(0.0, 1.0, "A", -0.1),
        "sure": lambda: Estimate(1.0, 1.0, "clip"),
        "too sure": lambda: Estimate(1.0, 1.01, "clip"),
        "no source": lambda: Estimate(1.0, 1.0, "radio"),  # type: ignore[arg-type]
        "no role": lambda: Part("kazoo", "k", Clip("c", 4.0)),  # type: ignore[arg-type]
        "slow": lambda: MusicalContext.plain(bpm=20.0).bpm,
        "too slow": lambda: MusicalContext.plain(bpm=19.9),
        "fast": lambda: MusicalContext.plain(bpm=999.0).bpm,
        "too fast": lambda: MusicalContext.plain(bpm=999.1),
        "swings most": lambda: MusicalContext.plain(swing=3.5).swing,
        "swings too much": lambda: MusicalContext.plain(swing=3.6),
        "swings back": lambda: MusicalContext.plain(swing=0.3).swing,
        "swings back too much": lambda: MusicalContext.plain(swing=0.28),
        "energy": lambda: MusicalContext(energy=Estimate(1.0)).energy,
        "too much energy": lambda: MusicalContext(energy=Estimate(1.1)),
        "chords that overlap": lambda: MusicalContext(chords=(ChordSpan(0, 2, Chord(0)), ChordSpan(1.9, 3, Chord(5)))),
        "chords that touch": lambda: (
            MusicalContext(chords=(ChordSpan(0, 2, Chord(0)), ChordSpan(2.0 - 1e-7, 3, Chord(5)))).chords_length
        ),
        "section": lambda: SongSection("verse", 1.0, 0.0).rises,
        "no such section": lambda: SongSection("coda"),  # type: ignore[arg-type]
        "section beyond": lambda: SongSection("verse", 1.1),
        "section below": lambda: SongSection("verse", -0.1),
        "following beyond": lambda: SongSection("verse", 1.0, 1.1),
        "swing of": lambda: Swing(3.5, 2.0),
        "swing below": lambda: Swing(0.9),
        "swing beyond": lambda: Swing(3.6),
        "pair below": lambda: Swing(1.0, 0.1),
        "pair beyond": lambda: Swing(1.0, 2.1),
    }
    yield "bounds", {name: tried(deed) for name, deed in deeds.items()}
    rising = [SongSection("verse", 0.5, following).rises for following in (None, 0.4, 0.5, 0.59, 0.61, 0.9)]
    yield "rising", rising
    lengths = [
        MusicalContext.plain(chords=[ChordSpan(0.0, end, Chord(0))], meter=meter).chords_length
        for end in (0.5, 3.0, 4.0, 4.0000001, 4.1, 7.5, 8.0)
        for meter in ("4/4", "3/4", "7/8")
    ]
    parts = [Part("bass", "empty", Clip("c", 4.0)), Part("bass", "full", Clip("c", 4.0, (one,)))]
    found = MusicalContext.plain(parts=parts)
    yield "lengths", (lengths, MusicalContext().chords_length, found.part("bass"), found.part("drums"))


def _swings() -> Iterator[Outcome]:
    for ratio in (1.0, 1.2, 2.0, 3.5):
        for pair in (1.0, 0.5, 2.0):
            swing = Swing(ratio, pair)
            beats = [swing.warp(step / 8.0 - 1.0) for step in range(25)]
            back = [swing.unwarp(step / 8.0 - 1.0) for step in range(25)]
            yield f"swing {ratio} {pair}", (swing.is_straight, beats, back)


def _tempos() -> Iterator[Outcome]:
    maps = (((0.0, 120.0),), ((0.0, 120.0), (4.0, 60.0)), ((0.0, 90.0), (3.0, 200.0), (3.5, 33.0), (20.0, 120.0)))
    for number, changes in enumerate(maps):
        tempos = TempoMap(changes)
        seconds = [tempos.seconds(step / 2.0 - 1.0) for step in range(50)]
        means = [tempos.mean_bpm(length) for length in (-1.0, 0.0, 0.5, 4.0, 8.0, 25.0)]
        cuts = [tempos.cut(start, start + 5.0).changes for start in (-1.0, 0.0, 1.0, 3.0, 3.2, 4.0, 15.0, 30.0)]
        yield f"tempos {number}", (seconds, means, cuts)
    wrong: tuple[tuple[tuple[float, float], ...], ...] = (
        (), ((1.0, 90.0),), ((0.0, 0.0),), ((0.0, -1.0),), ((0.0, 99_999.0),), ((0.0, 100_000.0),),
        ((0.0, 90.0), (0.0, 90.0)), ((0.0, 90.0), (2.0, 90.0), (1.0, 90.0)),
    )  # fmt: skip
    for changes in wrong:
        yield f"tempos {changes}", tried(TempoMap, changes)


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
