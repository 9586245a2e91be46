"""Random clips, grooves, contexts, analyses and files, and functions of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.groove_template import apply_groove, groove_offset
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    Band,
    Character,
    DetectedChord,
    DrumOnset,
    EnergyCurve,
    Harmony,
    KeySpan,
    Loudness,
    Mood,
    Onset,
    Polyrhythm,
    Rhythm,
    Section,
    StereoImage,
    StyleGuess,
    TempoPoint,
)
from musearoo.engines.music.knowledge.analysis_json import dump_analysis, encode_analysis, load_analysis, name_style
from musearoo.engines.music.knowledge.context import MusicalContext, Part, SectionSpan
from musearoo.engines.music.knowledge.context_json import decode_context, decode_note, encode_context, encode_note
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.song import decode_midi_file, encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from tests.snapshots import Outcome

METERS = ("4/4", "3/4", "6/8", "7/8", "5/4", "12/8", "2/2", "9/16", "1/4", "3/8", "5/16")
KEYS = (
    "C",
    "Am",
    "F# minor",
    "Bb",
    "D dorian",
    "Eb minor",
    "A blues",
    "E phrygian dominant",
    "Db",
    "F#",
    "B Hirajoshi",
)


def tried(deed: Callable[..., object], *arguments: object) -> object:
    """What comes of a deed, or the field that it complains of."""
    try:
        return deed(*arguments)
    except ParamError as error:
        return f"! {error.field}"


def _clip(chance: Random, count: int, drums: bool = False) -> Clip:
    meter = Meter.parse(chance.choice(METERS))
    length = meter.bar_beats * (1 + chance.randrange(5))
    pitches = (*DRUM_NAMES, 22, 99) if drums else tuple(range(50, 64))
    notes = [
        Note(
            min(length - 0.01, length * chance.randrange(16) / 16.0 + chance.choice((0.0, 0.02))),
            chance.choice(pitches),
            chance.choice((0.05, 0.25, 1.0, 3.0)), 1.0 + chance.randrange(127), chance.random() < 0.1,
            chance.choice((1.0, 1.0, 0.5)), chance.choice((0.0, 0.0, 9.0)), chance.choice((64.0, 64.0, 3.0)),
        )
        for _ in range(count)
    ]  # fmt: skip
    return Clip.of(chance.choice(("drums", "bass 1", "Lead", "")), length, notes, meter)


def clips() -> Iterator[Outcome]:
    for seed in range(24):
        chance = Random(f"clips {seed}")
        clip = _clip(chance, (0, 1, 5, 20)[seed % 4], seed % 2 == 1)
        repeated = [clip.repeated(length).notes for length in (clip.length / 2.0, clip.length, 2.3 * clip.length)]
        rolls = [
            draw_piano_roll(clip),
            draw_piano_roll(
                clip, 1 + seed % 6, DRUM_NAMES if seed % 2 else None, 1 + seed % 3, Key.parse(KEYS[seed % 11])
            ),
        ]
        yield f"clip {seed}", (clip.bars, clip.notes, repeated, end_before_next(clip.notes))
        yield f"roll {seed}", rolls


def _feel(chance: Random, bar: float) -> GrooveProfile:
    places = sorted({chance.randrange(8) / 2.0 for _ in range(6)} | {chance.randrange(12) / 3.0 for _ in range(2)})
    places = [place for place in places if place < bar]
    return GrooveProfile(
        tuple(places), tuple(0.3 * chance.random() - 0.1 for _ in places),
        tuple(140.0 * chance.random() for _ in places),
        tuple(1 + chance.randrange(3) for _ in places),
    )  # fmt: skip


def grooves() -> Iterator[Outcome]:
    for seed in range(36):
        chance = Random(f"grooves {seed}")
        clip = _clip(chance, 24, drums=seed % 2 == 1)
        bar = chance.choice((1.0, 2.0, 4.0, 3.0, clip.meter.bar_beats))
        drums = {kind: _feel(chance, bar) for kind in DRUM_KINDS[: seed % 4]}
        groove = Groove(
            Estimate(chance.choice((None, 0.9, 1.0, 1.5, 2.0)), 0.5, "clip"), None, bar,
            None if seed % 5 == 0 else _feel(chance, bar), drums or None,
        )  # fmt: skip
        moved = apply_groove(clip, groove, chance.choice((0.0, 0.5, 1.0)), chance.choice((0.0, 0.7, 1.0)))
        late = [groove_offset(groove, step / 6.0, clip.meter, kind) for step in range(30) for kind in (None, "kick")]
        yield f"groove {seed}", ([(note.start, note.pitch, note.velocity) for note in moved.notes], late)
    for amounts in ((-0.1, 0.0), (1.1, 0.0), (0.0, -0.1), (0.0, 1.1), (1.0, 1.0)):
        clip = Clip("c", 4.0)
        yield f"groove by {amounts}", tried(apply_groove, clip, Groove(), *amounts)


def contexts() -> Iterator[Outcome]:
    for seed in range(16):
        chance = Random(f"contexts {seed}")
        parts = [Part("bass", "Bass", _clip(chance, 4)), Part("drums", "Kit", _clip(chance, 3, drums=True))][: seed % 3]
        context = MusicalContext.plain(
            60.0 + seed, METERS[seed % 11], KEYS[seed % 11] if seed % 3 else None, chance.choice(("", "Am F | C")),
            chance.choice((None, 1.5)), parts, ("user", "set", "clip", "guess")[seed % 4],
        )  # fmt: skip
        if seed % 4 == 3:
            context = replace(
                context, groove=Estimate(Groove(Estimate(2.0, 0.5, "clip"), whole=_feel(chance, 4.0)), 0.3, "clip"),
                style=Estimate("rock", 0.2, "clip"), energy=Estimate(0.7, 0.1, "clip"),
                sections=(SectionSpan(0.0, 4.0, "A", 0.5),),
            )  # fmt: skip
        data = encode_context(context)
        yield f"context {seed}", (data, decode_context(data) == context, encode_context(context) == data)
    texts: tuple[dict[str, Any], ...] = (
        {}, {"tempo": 90}, {"tempo": "fast"}, {"tempo": True}, {"tempo": {"value": None}}, {"meter": "3/4",
        "chords": "C G"},
        {"meter": {"value": 3}}, {"meter": 4}, {"key": "Am"}, {"key": {"value": None}}, {"key": {"value": 3}},
        {"key": {"value": "Am", "confidence": 0.5, "source": "clip"}}, {"swing": 1.5}, {"swing": {"value": "x"}},
        {"style": "rock"}, {"style": {"value": 3}}, {"style": {"value": None}}, {"energy": 0.5},
        {"energy": {"value": "x"}},
        {"energy": {"value": None}}, {"other": 1}, {"chords": [{"start": 0, "end": 1, "chord": "C:maj"}]},
        {"chords": [{"start": 0, "end": 1, "chord": "C", "confidence": 2}]}, {"sections": [[0, 4, "A", 0.5]]},
        {"parts": [{"role": "bass", "name": "B", "length": 4, "notes": [[0, 36, 1, 90]]}], "meter": "3/4"},
        {"parts": [{"role": "bass", "name": "B", "clip": "c", "meter": "6/8", "length": 4, "notes": []}]},
        {"parts": [{"role": "kazoo", "name": "B", "length": 4, "notes": []}]}, {"groove": {"value": None}},
        {"groove": {"value": {"bar_beats": 2.0}, "confidence": 0.5, "source": "set"}},
    )  # fmt: skip
    yield "contexts of data", [tried(decode_context, data) for data in texts]
    rows: tuple[list[float], ...] = (
        [0, 36, 1, 90], [0, 36.5, 1, 90], [0, 36, 1], [0, 36, 1, 90, 1], [0, 36, 1, 90, 1, 0.5, 3, 20], [0] * 9, [],
    )  # fmt: skip
    yield "notes of rows", [tried(decode_note, row) for row in rows]
    yield "rows of notes", [encode_note(decode_note(row)) for row in (rows[0], rows[4])]


def analyses() -> Iterator[Outcome]:
    for seed in range(20):
        chance = Random(f"analyses {seed}")
        value = chance.random
        times = tuple(sorted(10.0 * value() for _ in range(5)))
        harmony = Harmony(
            Estimate(Key.parse(KEYS[seed % 11]), value(), "clip"), (KeySpan(0.0, 5.0 * value(),
            Key(chance.randrange(12)), value()),),
            tuple(DetectedChord(t, t + 1.0, Chord(chance.randrange(12), "7") if value() < 0.8 else None,
            value()) for t in times),
            value(), 100.0 * value() - 50.0,
        )  # fmt: skip
        meter = Meter.parse(METERS[seed % 11])
        character = Character(
            EnergyCurve(value(), (value(), value()), value(), value(), value()) if seed % 2 else None,
            tuple(Section(t, t + value(), "AB"[n % 2], value()) for n, t in enumerate(times[: seed % 4])),
            tuple(StyleGuess(name, value() / 2.0) for name in ("rock", "funk", "pop")[: seed % 4]),
            Mood(value(), -value(), value(), ("slow",)) if seed % 3 else None, Estimate(value(), value(), "clip"),
            Estimate((36, 40 + seed), value(), "clip"), (Band("sub", 20.0 * value(), 60.0, -30.0 * value(), value()),),
            Loudness(-14.0 * value(), -value(), (None, 5.0 * value())[seed % 2]) if seed % 4 else None,
            StereoImage(value(), value(), value()) if seed % 5 else None,
        )  # fmt: skip
        rhythm = Rhythm(
            Estimate(60.0 + 100.0 * value() if seed % 7 else None, value(), "clip"), times, times[::2],
            Estimate(meter if seed % 6 else None, value(), "clip"), (TempoPoint(value(), 99.0 * value()),), value(),
            value(),
            Estimate(seed % 4, value(), "clip"),
        )  # fmt: skip
        analysis = Analysis(
            10.0 * value(), "deep", rhythm, harmony,
            Groove(Estimate(value() * 2.0, value(), "clip"), 20.0 * value(), 4.0, _feel(chance, 4.0),
            {"hat": _feel(chance, 4.0)}, value()),
            tuple(Onset(t, value()) for t in times), tuple(DrumOnset(t, "kick", 127.0 * value(),
            value()) for t in times[: seed % 3]),
            (Polyrhythm(3, 2, value()),), character, ("drums",), "DSP",
        )  # fmt: skip
        again = load_analysis(dump_analysis(analysis)) == analysis
        told = rhythm.quarters_per_beat, rhythm.live_bpm, harmony.root_places, harmony.symbols
        yield f"analysis {seed}", (again, told, name_style(character.styles), encode_analysis(analysis))
    yield "empty analysis", encode_analysis(Analysis(0.05, "fast", Rhythm(Estimate(None, 0.0, "guess"))))


def files() -> Iterator[Outcome]:
    for seed in range(20):
        chance = Random(f"files {seed}")
        names = chance.sample(
            ("drums", "Drum kit", "bass", "Bass 2", "melody x", "", " ", "atmosphere", "lead"), 1 + seed % 5
        )
        parts = {name: _clip(chance, chance.choice((0, 1, 12)), "rum" in name) for name in names}
        keys = [(4.0 * number, Key.parse(key)) for number, key in enumerate(KEYS[seed % 9 : seed % 9 + seed % 3])]
        data = encode_midi_file(
            parts, 70.0 + seed, Meter(3, 4) if seed % 4 == 1 else None, {names[0]: 5} if seed % 3 else None,
            (("verse", 1.0), ("chorus", 6.5))[: seed % 3], keys=keys, title=("", "Song")[seed % 2],
            tempos=TempoMap(((0.0, 80.0), (5.0, 90.0))) if seed % 5 == 4 else None,
        )  # fmt: skip
        song = decode_midi_file(data)
        yield f"file {seed}", (data, song.bpm, song.meter, song.parts, song.drums, song.has_tempo, song.keys)
    yield "no parts", encode_midi_file({})
