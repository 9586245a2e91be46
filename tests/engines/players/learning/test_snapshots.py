"""Snapshots of learning from random songs: every part, and each step towards a style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, DrumOnset, Harmony, Rhythm
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.song import MidiSong
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.players.learning.audio_song import song_from_analysis
from musearoo.engines.players.learning.bass import learn_bass
from musearoo.engines.players.learning.bass_notation import analyze_bass
from musearoo.engines.players.learning.comping import learn_comping
from musearoo.engines.players.learning.drum_notation import analyze_drums
from musearoo.engines.players.learning.drums import learn_drums
from musearoo.engines.players.learning.harmony import learn_harmony, learn_vamp
from musearoo.engines.players.learning.melody import learn_melody
from musearoo.engines.players.learning.patterns import (
    distance,
    find_patterns,
    group_units,
    rates_of,
    row_of,
    unit_bars,
    write_row,
)
from musearoo.engines.players.learning.raster import quantize_notes, silent_beats, written_bars
from musearoo.engines.players.learning.register import learn_register
from musearoo.engines.players.learning.song import SourceSong, read_song, swing_of
from musearoo.engines.players.learning.style import learn_style, nearest_style
from musearoo.engines.players.learning.timing import learn_feel, learn_swing, learn_tempo
from musearoo.engines.players.learning.velocity_levels import learn_levels, mark_of, quantile, scatter
from musearoo.engines.players.learning.writing import write_style
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome, check_snapshots

METERS = ("4/4", "4/4", "4/4", "3/4", "6/8", "5/4", "7/8", "12/8", "2/4")
KEYS = ("C", "Am", "F# minor", "Bb", "D dorian")
DRUMS = (36, 38, 42, 46, 44, 51, 49, 45, 48, 37, 39, 54, 70, 56, 35, 40, 82, 76, 62)
ROMANS = ((0, "maj"), (9, "min"), (5, "maj"), (7, "7"), (2, "min7"), (4, "min"), (10, "maj"), (11, "dim"), (8, "maj9"))


def outcomes() -> Iterator[Outcome]:
    yield from _touches()
    yield from _patterns()
    yield from _songs()
    yield from _files()
    yield from _sounds()
    yield from _styles()


def _touches() -> Iterator[Outcome]:
    for seed in range(24):
        chance = Random(f"touches {seed}")
        middle, width = 20.0 + 90.0 * chance.random(), chance.choice((0.5, 3.0, 10.0, 40.0))
        struck = [
            min(127.0, max(1.0, middle + width * (chance.random() - 0.5))) for _ in range(1 + chance.randrange(30))
        ]
        ghosts = [20.0 * chance.random() for _ in range(chance.randrange(4))]
        spread = scatter([struck[first : first + 3] for first in range(0, len(struck), 3)])
        levels = learn_levels(struck, ghosts, spread)
        marks = "".join(mark_of(float(velocity), levels) for velocity in range(1, 128, 3))
        shares = [round(quantile(sorted(struck), share), 4) for share in (0.0, 0.03, 0.2, 0.5, 0.85, 0.97, 1.0)]
        pitches = [chance.choice((0, 3, 120, 127, 60, 30 + chance.randrange(60))) for _ in struck]
        yield f"touches {seed}", (levels, round(spread, 5), marks, shares, learn_register(pitches))


def _patterns() -> Iterator[Outcome]:
    for seed in range(30):
        chance = Random(f"patterns {seed}")
        ideas = [
            {(chance.choice(("kick", "snare")), chance.randrange(16)) for _ in range(1 + chance.randrange(8))}
            for _ in range(1 + seed % 5)
        ]
        units = []
        for number in range(chance.choice((1, 4, 9, 40, 90))):
            own = set(ideas[number % len(ideas)] if seed % 3 else chance.choice(ideas))
            if chance.random() < 0.3:
                own ^= {(chance.choice(("kick", "snare")), chance.randrange(16))}
            units.append(frozenset(own if chance.random() < 0.9 else ()))
        groups = group_units(units, 1 + seed % 4)
        rates = rates_of(units, tuple(range(len(units))))
        meter = Meter.parse(METERS[seed % len(METERS)])
        marks = {step: chance.choice("Xxog") for step in range(0, 16, 3)}
        told = {
            "bars": unit_bars(units),
            "groups": groups,
            "patterns": find_patterns({1: units, 2: units[::2]}, 1 + seed % 3),
            "away": [round(distance(unit, rates), 4) for unit in units[:8]],
            "rows": [write_row(row_of(rates, *voices), 1, meter, marks) for voices in (("kick",), ("kick", "snare"))],
            "long": write_row(
                {step + 16: rate for step, rate in row_of(rates, "snare").items()} | {0: 1.0}, 2, meter, marks
            ),
            "silent": silent_beats(meter),
        }
        yield f"patterns {seed}", told


def _heard(seed: int) -> SourceSong:
    """A song of patterns that come back, with fills, strays, lead-ins and chords; its players by chance."""
    chance = Random(f"songs {seed}")
    meter = Meter.parse(METERS[seed % len(METERS)])
    bar, bars, late = meter.bar_beats, chance.choice((3, 9, 8, 16, 23)), chance.choice((0.0, 0.004, 0.02))
    swing = Swing() if meter.is_compound else Swing(*chance.choice(((1.0, 1.0), (1.8, 1.0), (1.4, 0.5))))
    step = 0.5 if meter.is_compound else 0.25
    steps = round(bar / step)

    def place(number: int, at: int) -> float:
        start = number * bar + swing.warp(at * step) + late * (chance.random() - 0.4)
        return max(0.0, min(bars * bar - 0.01, start))

    def rhythm(share: float) -> list[int]:
        return sorted({at for at in range(steps) if chance.random() < (share if at % 4 else 2.0 * share)} or {0})

    loop = [chance.choice(ROMANS) for _ in range(chance.choice((1, 2, 4, 8)))]
    key = Key.parse(KEYS[seed % len(KEYS)])
    spans: list[ChordSpan] = []
    late_by = (0.0, 5e-7, 4e-4)[seed % 3]
    for number in range(bars if seed % 7 else 0):
        step_up, quality = loop[number % len(loop)] if chance.random() < 0.97 else chance.choice(ROMANS)
        own = Chord((key.tonic + step_up) % 12, quality)
        half = bar / 2.0 if chance.random() < 0.15 else bar
        # What others counted may be off by a hair.
        start, end = number * bar + late_by, (number + 1) * bar + late_by
        spans.append(ChordSpan(start, start + half, own))
        if half < bar:
            spans.append(ChordSpan(start + half, end, Chord((own.root + 5) % 12, "7")))
    roles: dict[str, list[Note]] = {"drums": [], "bass": [], "harmony": [], "melody": []}
    kit = chance.sample(DRUMS, 5)
    kit[:3] = chance.choice(((36, 38, 42), (36, 38, 51), (35, 40, 46), tuple(kit[:3])))
    beats = [
        [
            (pitch, rhythm((0.05, 0.2, 0.01)[seed % 3] + 0.08 * index * (seed % 3 < 2)))
            for index, pitch in enumerate(kit)
        ]
        for _ in range(1 + seed % 3)
    ]
    lines = [rhythm(0.3) for _ in range(1 + seed % 2)]
    hands = [rhythm(0.2) for _ in range(1 + seed % 3)]
    tunes = [[(at, chance.randrange(12)) for at in rhythm(0.25)] for _ in range(2 + seed % 3)]
    for number in range(bars):
        root = spans[min(number, len(spans) - 1)].chord.root if spans else key.tonic
        for pitch, row in beats[number % len(beats)]:
            for at in row:
                if number % 4 == 3 and at >= steps // 2 and seed % 2:
                    continue
                loud = chance.choice((30.0, 85.0, 90.0, 110.0)) if pitch == 38 else 70.0 + 25.0 * (at % 4 == 0)
                roles["drums"].append(Note(place(number, at), pitch, 0.1, loud + chance.randrange(8)))
        if number % 4 == 3 and seed % 2:
            for at in range(steps // 2, steps):
                toms = chance.choice((38, 45, 47, 50, 49, 37)) if chance.random() < 0.8 else chance.choice((36, 44))
                roles["drums"].append(Note(place(number, at), toms, 0.1, 80.0 + chance.randrange(40)))
                if chance.random() < 0.3:
                    both = chance.choice((38, 49, 41, 44))
                    roles["drums"].append(Note(place(number, at), both, 0.1, 80.0 + chance.randrange(40)))
        for at in lines[number % len(lines)]:
            pitch = 28 + root + chance.choice((0, 0, 0, 7, 12, -2, 3, 11, 1, 12, 19))
            dead = chance.random() < 0.1
            roles["bass"].append(
                Note(place(number, at), max(20, pitch), 0.1 if dead else 0.4, 25.0 if dead else 80.0 + at)
            )
        for at in hands[number % len(hands)]:
            length = chance.choice((0.2, 0.9, 3.0))
            roles["harmony"] += [Note(place(number, at), 55 + root + each, length, 60.0 + at) for each in (0, 4, 7)]
        for at, away in tunes[number % len(tunes)]:
            roles["melody"].append(Note(place(number, at), 64 + away, chance.choice((0.2, 0.5, 1.5)), 70.0 + 2.0 * at))
    players = chance.choice((("drums", "bass", "harmony", "melody"), ("drums", "bass"), ("harmony", "melody", "drums")))
    parts = tuple(
        Part(role, role, Clip.of(role, bars * bar, end_before_next(notes), meter))  # type: ignore[arg-type]
        for role, notes in roles.items()
        if role in players
    )
    return SourceSong(
        f"song {seed}", 70.0 + 8.0 * seed, meter, tuple(number * bar for number in range(bars)), swing,
        seed % 4 != 0, parts, tuple(spans), key if seed % 9 else None, ((("funk", 0.6), ("rock", 0.3))[seed % 2],),
        seed % 5 != 0,
    )  # fmt: skip


def _songs() -> Iterator[Outcome]:
    for seed in range(36):
        song = _heard(seed)
        group = [song, *(other for other in map(_heard, range(seed + 1, seed + 3)) if other.meter == song.meter)]
        places = [
            (one.bar, one.step, round(one.at, 4), round(one.late_ms, 2), one.note.pitch)
            for part in song.parts
            for one in quantize_notes(song, part.clip.notes)
        ]
        heard = analyze_drums(song)
        tones = [(tone.letter, tone.dead, tone.leads) for tone in analyze_bass(song)]
        grooves = [len(bar) for bar in heard.in_groove]
        yield f"heard {seed}", (written_bars(song), places, heard.fills, grooves, heard.usual, tones)
        yield f"tempo {seed}", (learn_tempo(group), learn_swing(group), learn_feel(group))
        base: Mapping[str, object] = {"kept": 1, "levels": {"toms": 1}, "approach": {"likelihood": 0.3, "by": "x"}}
        yield f"drums {seed}", learn_drums(group, base)
        yield f"bass {seed}", learn_bass(group, base)
        ways = [{"voicing": "open", "weight": 2}, {"voicing": "shell", "weight": 3, "strum": 9}, "none"]
        yield f"comping {seed}", learn_comping(group, ways if seed % 3 else None)
        yield f"harmony {seed}", (learn_harmony(group, {}), learn_vamp(group))
        yield f"melody {seed}", learn_melody(group, base)


def _styles() -> Iterator[Outcome]:
    for seed, based in enumerate(("rock", "jazz swing", "house", "trap", "bossa nova", "funk")):
        songs = [_heard(3 * seed + number) for number in range(4)]
        base = STYLES.get(based, STYLES["rock"])
        try:
            learned = learn_style(songs, "mine", base)
        except ParamError as error:
            yield f"style {seed}", error.field
            continue
        data: dict[str, Any] = {name: value for name, value in learned.data.items() if name != "summary"}
        told = learned.learned, len(learned.missing), learned.left_out, learned.style.based_on
        yield f"style {seed}", (told, nearest_style(songs, STYLES).name, data, write_style(data, "a\nb"))
    yield "no songs", _field(lambda: learn_style([], "mine", STYLES["rock"]))
    silent = [replace(_heard(0), parts=(), chords=())]
    yield "silent songs", _field(lambda: learn_style(silent, "mine", STYLES["rock"]))


def _field(deed: Any) -> str:
    try:
        deed()
    except ParamError as error:
        return error.field
    return "none"


def _files() -> Iterator[Outcome]:
    """Songs out of MIDI files, with changing meters, and without a tempo."""
    few = {name: STYLES[name] for name in ("rock", "jazz swing", "house")}
    for seed in range(10):
        chance = Random(f"files {seed}")
        song = _heard(seed)
        parts = {part.name: part.clip for part in song.parts} | {"silent": Clip("silent", 4.0)}
        length = max(clip.length for clip in parts.values())
        meters = [(0.0, song.meter)]
        if seed % 3 == 1:
            meters += [(song.bars[len(song.bars) // 2], Meter.parse(chance.choice(("3/4", "1/4", "5/4"))))]
        if seed % 4 == 3:
            meters += [(length - song.meter.bar_beats, Meter())]
        midi = MidiSong(
            TempoMap(((0.0, 80.0 + 10.0 * seed),)), tuple(meters), parts, frozenset(("drums",)), seed % 5 != 4
        )
        heard = read_song("file", midi, few)
        spans = [(round(span.start, 2), round(span.end, 2), span.chord.symbol) for span in heard.chords]
        told = (
            round(heard.bpm, 1), str(heard.meter), [round(bar, 2) for bar in heard.bars], heard.has_swing_evidence,
            round(heard.swing.ratio, 2), heard.swing.pair, [(part.role, part.name) for part in heard.parts], spans,
            str(heard.key), heard.exact,
        )  # fmt: skip
        yield f"file {seed}", told
    empty = MidiSong(TempoMap(((0.0, 120.0),)), ((0.0, Meter()),), {"a": Clip("a", 4.0)}, frozenset(), True)
    yield "no notes", _field(lambda: read_song("file", empty, few))


def _sounds() -> Iterator[Outcome]:
    """Songs out of sound: beats, bars, chords and strokes as an analysis may have them."""
    for seed in range(45):
        chance = Random(f"sounds {seed}")
        meter = Meter.parse(METERS[seed % len(METERS)])
        beat, first = 0.3 + 0.3 * chance.random(), chance.random()
        beats = tuple(
            first + beat * (number + 0.02 * chance.random())
            for number in range(chance.choice((1, 2, 9, 24, 33, 40, 17)))
        )
        per_bar = max(1, round(meter.bar_beats / (1.5 if meter.is_compound else 4.0 / meter.denominator)))
        late = chance.choice((0.0, 0.002, 0.02))
        off = chance.choice((0.5, 0.62, 0.27, 0.3))
        hits = []
        for number, time in enumerate(beats):
            for inside in (0.0, off, *((0.25, 0.5, 0.75) if seed % 2 else ())):
                at = time + beat * inside + late * chance.random() + (0.012 if seed % 4 > 1 else 0.0)
                kind = chance.choice(DRUM_KINDS) if inside else ("kick", "snare")[number % 2]
                hits.append(DrumOnset(at, kind, chance.choice((0.5, 80.0, 130.0)), chance.choice((0.29, 0.3, 0.9))))
        chords = tuple(
            DetectedChord(
                time + 0.3 * beat * (chance.random() - 0.5),
                time + per_bar * beat,
                None if chance.random() < 0.2 else Chord(chance.randrange(12), chance.choice(QUALITIES).harte),
                chance.random(),
            )
            for time in beats[::per_bar]
        )
        rhythm = Rhythm(
            Estimate(None if seed % 11 == 10 else 60.0 / beat, 0.9, "clip"), beats,
            beats[seed % 2 :: per_bar] if seed % 6 else beats[::per_bar][:-1],
            Estimate(meter if seed % 8 else None, 0.9, "clip"),
            beats_confidence=chance.choice((0.29, 0.3, 0.9, 0.9, 0.8)),
        )  # fmt: skip
        groove = Groove(Estimate(chance.choice((None, 1.2, 1.25, 1.6, 9.0)), chance.choice((0.34, 0.35, 0.9)), "clip"))
        harmony = Harmony(Estimate(Key.parse("Am"), 0.5, "clip"), (), chords, chance.choice((0.39, 0.4, 0.8)))
        if seed % 2:
            harmony = Harmony(chords=chords if seed % 5 == 0 else ())
        analysis = Analysis(
            first + beat * len(beats),
            "fast",
            rhythm,
            harmony,
            groove,
            hits=tuple(sorted(hits, key=lambda hit: hit.time)),
        )
        try:
            song = song_from_analysis(chance.choice(("Drum Loop.wav", "drums", "Vocals.wav", "Kit 3")), analysis)
        except ParamError as error:
            yield f"sound {seed}", error.field
            continue
        swing = swing_of(analysis)
        strokes = [
            (round(note.start, 3), note.pitch, note.velocity, note.duration)
            for part in song.parts
            for note in part.clip.notes
        ]
        spans = [(round(span.start, 3), round(span.end, 3), span.chord) for span in song.chords]
        lengths = [round(part.clip.length, 3) for part in song.parts]
        told = (
            round(song.bpm, 2), song.meter, [round(bar, 3) for bar in song.bars], song.exact, song.has_swing_evidence,
            swing and (round(swing.ratio, 3), swing.pair), strokes, spans, str(song.key), lengths,
        )  # fmt: skip
        yield f"sound {seed}", told


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
