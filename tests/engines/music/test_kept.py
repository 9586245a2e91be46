"""What music's own words come to: every chord, key and meter, as written, spelled, parsed and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from engines.brainaroo.reading import analyze_notes
from engines.errors import ParamError
from engines.music.analysis import DRUM_KINDS
from engines.music.analysis_json import encode_analysis
from engines.music.chord import QUALITIES, Chord
from engines.music.clip import Clip, end_before_next
from engines.music.context import MusicalContext
from engines.music.groove_template import apply_groove, beat_quarters, groove_offset
from engines.music.meter import Meter
from engines.music.midi_file import decode_midi_file, encode_midi_file
from engines.music.note import Note
from engines.music.numeral import Numeral, parse_numeral, parse_numerals
from engines.music.piano_roll import draw_piano_roll
from engines.music.pitch import (
    name_on_fifths,
    nearest_pitch,
    parse_pitch,
    parse_pitch_class,
    pitch_name,
    place_on_fifths,
)
from engines.music.progression import (
    ChordSpan,
    chord_at,
    format_progression,
    parse_progression,
    repeat_progression,
    share_bar,
)
from engines.music.scale import SCALES, Key, fit_place
from engines.music.spelling import place_roots, spell_chord, spell_chords
from engines.music.swing import Swing
from engines.music.tempo_map import TempoMap
from tests.engines.some_takes import PROGRESSIONS, notes_of
from tests.kept import Outcome, check_kept

METERS = tuple(
    Meter.parse(text) for text in ("4/4", "3/4", "6/8", "7/8", "5/4", "12/8", "2/4", "15/16", "9/8", "5/8", "3/2")
)
NOTES = tuple(Note(0.37 * n % 7.5, 36 + n * 7 % 40, 0.1 + 0.3 * (n % 5), 20.0 + 9 * (n % 12)) for n in range(40))


IMPOSSIBLE: tuple[tuple[str, Any], ...] = (
    *(("pitch", value) for value in (-1, 0, 127, 128)),
    *(("start", value) for value in (-0.1, 0.0)),
    *(("duration", value) for value in (0.0, 1e-9, 4.0)),
    *(("velocity", value) for value in (0.0, 0.5, 1.0, 127.0, 127.5)),
    *(("release_velocity", value) for value in (-1.0, 0.0, 64.0, 127.0, 128.0)),
    *(("probability", value) for value in (-0.1, 0.0, 1.0, 1.1)),
    *(("velocity_deviation", value) for value in (-128.0, -127.0, 127.0, 128.0)),
)


def outcomes() -> Iterator[Outcome]:
    for root, quality in product(range(0, 12, 5), QUALITIES):
        chord = Chord(root, quality.harte, None if root == 5 else (root + 7) % 12)
        names = (chord.symbol, chord.harte, chord.note_names, chord.usual_place, chord.is_minor, chord.bass_or_root)
        yield f"{chord.symbol}", (names, chord.intervals, chord.pitch_classes, Chord.parse(chord.symbol))
        numeral = Numeral.of(chord, 3)
        yield f"{chord.symbol}, in Eb", (numeral, numeral.in_key(3), chord.symbol_on(6), chord.harte_on(-5))
    for tonic, scale in product(range(0, 12, 3), SCALES):
        key = Key(tonic, scale)
        yield str(key), (key.tonic_place, key.signature, key.note_names, key.intervals, key.pitch_classes, key.is_minor,
                         Key.parse(str(key)), Key.from_live(tonic, scale))  # fmt: skip
    for text in ("C4", "F#-1", "Bb3", "G9", "H2", "Ebb5", "", "c", "A♯"):
        for parse in (
            parse_pitch,
            parse_pitch_class,
            Key.parse,
            Chord.parse,
            Meter.parse,
            parse_numeral,
            parse_numerals,
        ):
            yield f"{parse.__qualname__} {text}", _or_error(parse, text)
    for text in (
        "IV",
        "bVII7",
        "ii",
        "V/V",
        "i - VI",
        "I | IV V | vi",
        "#iv°",
        "4",
        "4/4 ",
        "0/4",
        "3/5",
        "12/16",
        "A dorian",
    ):
        for read in (parse_numeral, parse_numerals, Meter.parse, Key.parse, parse_progression):
            yield f"{read.__qualname__} {text}", _or_error(read, text)
    for place in range(-16, 18):
        yield (
            f"place {place}",
            (name_on_fifths(place), place_on_fifths(name_on_fifths(place)), fit_place(place % 12, place)),
        )
    for pitch in range(0, 128, 9):
        yield (
            f"pitch {pitch}",
            (pitch_name(pitch), [nearest_pitch(pitch % 12, near, 40, 80) for near in (30.0, 61.4, 99.0)]),
        )
    for meter in METERS:
        shares = [share_bar(meter, count) for count in (1, 2, 3, 4)]
        yield f"{meter}", (meter.bar_beats, meter.is_compound, meter.pulses, shares, beat_quarters(meter))
    for text, meter in product(PROGRESSIONS[2:], METERS[:5]):
        spans = parse_progression(text, meter)
        keys = [None, Key.parse("Am"), Key.parse("Db")]
        written = [format_progression(spans, meter, len(spans) + 1, key) for key in keys]
        chords = [span.chord for span in spans]
        yield f"{text} in {meter}", (spans, written, [spell_chords([*chords, None], key) for key in keys],
                                     [spell_chord(chords[0], key, chords[-1]) for key in keys],
                                     place_roots([(chord, keys[n % 3]) for n, chord in enumerate(chords)]),
                                     repeat_progression(spans, 23.0, spans[-1].end + 1.0),
                                     [chord_at(spans, beat / 2.0) for beat in range(40)])  # fmt: skip
    for ratio in (1.0, 1.2, 5.0 / 3.0, 2.0, 3.5):
        for step in (0.25, 0.5):
            swing = Swing(ratio, step)
            places = [(swing.warp(n / 8.0 - 1.0), swing.unwarp(n / 8.0)) for n in range(24)]
            yield f"swing {ratio:g} {step}", (swing.is_straight, places)
    for field, value in IMPOSSIBLE:
        yield (
            f"a note's {field} {value}",
            _or_error(lambda value, field=field: replace(NOTES[0], **{field: value}), value),
        )
    for first, second in (
        ((0.0, 2.0), (1.0, 3.0)),
        ((0.0, 2.0), (2.0, 2.0)),
        ((0.0, 2.0), (2.0, 3.0)),
        ((3.0, 4.0), (0.0, 1.0)),
    ):
        yield f"chords {first} {second}", _or_error(_with_chords, (first, second))
    clip = Clip.of("all", 8.0, NOTES)
    yield "clip", (notes_of(clip), clip.bars, notes_of(clip.repeated(19.0)), notes_of(clip.repeated(3.0)))
    yield "ends", end_before_next(NOTES)
    yield "roll", draw_piano_roll(clip)
    context = MusicalContext.plain(bpm=97.0, chords=PROGRESSIONS[2], key="G")
    analysis = analyze_notes([("Drums", clip), ("Keys", clip)])
    groove = analysis.groove
    for amount in (0.0, 0.5, 1.0):
        yield f"groove {amount}", notes_of(apply_groove(clip, groove, amount, amount))
    yield "offsets", [groove_offset(groove, n / 4.0, Meter(), kind) for n in range(16) for kind in (None, *DRUM_KINDS)]
    yield "analysis", encode_analysis(analysis)
    yield "context", (context.to_json(), MusicalContext.from_json(context.to_json()), context.chords_length)
    song = decode_midi_file(encode_midi_file({"drums": clip, "bass": clip}, 133.0))
    yield "song", (song.bpm, song.meter, {name: notes_of(part) for name, part in song.parts.items()})
    tempo = TempoMap(((0.0, 100.0), (4.0, 120.0), (9.0, 61.5)))
    yield "tempo", ([tempo.seconds(beat / 2.0) for beat in range(30)], tempo.mean_bpm(12.0), tempo.cut(3.0, 10.0))


def _with_chords(places: Any) -> object:
    return replace(
        MusicalContext.plain(), chords=tuple(ChordSpan(start, end, Chord(0)) for start, end in places)
    ).chords


def _or_error(parse: object, text: object) -> object:
    try:
        return parse(text)  # type: ignore[operator]
    except ParamError as error:
        return error


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
