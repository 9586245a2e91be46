"""Snapshots of processed playing: grid positions, feel, tempo, beat lines, held chords, and captured bars."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.capture.bars import (
    CapturedBars,
    CaptureRequest,
    NothingPlayed,
    capture_bars,
    capture_between,
    capture_phrase,
)
from musearoo.engines.improvisation.capture.beat_line import Line, read_line
from musearoo.engines.improvisation.capture.recent_bars import analyze_recent_bars
from musearoo.engines.improvisation.listening.chord_names import name_held
from musearoo.engines.improvisation.listening.played_notes import Recording, Source
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.improvisation.listening.time_line import TimeLine
from musearoo.engines.improvisation.quantize.grid_positions import find_grid_positions
from musearoo.engines.improvisation.quantize.onsets import TimedNote, group_onsets, quantize_phrase
from musearoo.engines.improvisation.quantize.player_feel import OnsetTiming, measure_feel
from musearoo.engines.improvisation.quantize.player_tempo import find_player_beats
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from tests.snapshots import Outcome, check_snapshots

METERS = ("4/4", "4/4", "3/4", "6/8", "7/8", "2/2", "12/8", "5/4", "7/16", "3/1")
KEYS = (None, "C", "Am", "F# minor", "Bb", "D dorian")


def outcomes() -> Iterator[Outcome]:
    yield from _keys()
    yield from _time_lines()
    yield from _names()
    yield from _strokes()
    yield from _feels()
    yield from _places()
    yield from _streams()
    yield from _captures()
    yield from _changes()
    yield from _tempos()


def _onsets(chance: Random, count: int, bpm: float) -> list[float]:
    """Onsets of a player who swings, drags and strays, with now and then one that is far off."""
    swing = Swing(chance.choice((1.0, 1.0, 1.3, 1.7, 2.0, 2.6)), chance.choice((1.0, 0.5)))
    parts = chance.choice(((0.0,), (0.0, 0.5), (0.0, 0.25, 0.5, 0.75), (0.0, 1 / 3, 2 / 3), (0.0, 0.125, 0.5, 5 / 6)))
    late, stray = 0.06 * chance.random() - 0.03, chance.choice((0.0005, 0.006, 0.02))
    beats = (beat + part for beat in range(count) for part in parts if chance.random() < 0.8)
    played = (
        swing.warp(beat) + (late + stray * (2.0 * chance.random() - 1.0)) * bpm / 60.0
        if chance.random() < 0.95
        else beat + chance.random()
        for beat in beats
    )
    return sorted(played)


def _places() -> Iterator[Outcome]:
    for seed in range(36):
        chance = Random(f"places {seed}")
        meter, bpm = Meter.parse(METERS[seed % len(METERS)]), 50.0 + 150.0 * chance.random()
        onsets = _onsets(chance, 1 + seed % 7, bpm)
        placed = find_grid_positions(onsets, meter, bpm)
        where = tuple(round(place, 4) for place in placed.positions)
        yield f"places {seed}", (round(placed.cost, 3), round(placed.swing.ratio, 4), placed.swing.pair, where)


def _felt(chance: Random, count: int) -> list[OnsetTiming]:
    shift = {step: 0.05 * chance.random() - 0.02 for step in range(8)}
    kinds = chance.choice(((None,), DRUM_KINDS[:3], (None, *DRUM_KINDS[:2])))
    parts = chance.choice((2, 4, 3))
    return [
        OnsetTiming(
            step / parts,
            shift[step % 8] + 0.02 * chance.random() + (0.3 if chance.random() < 0.03 else 0.0),
            chance.choice(kinds),
            40.0 + chance.randrange(80),
        )
        for step in range(count)
        if chance.random() < 0.8 or step == 0
    ]


def _feels() -> Iterator[Outcome]:
    for seed in range(24):
        chance = Random(f"feels {seed}")
        meter, bpm = Meter.parse(METERS[seed % len(METERS)]), 50.0 + 150.0 * chance.random()
        swing = Swing(chance.choice((1.0, 1.4, 2.0)), chance.choice((1.0, 0.5)))
        feel = measure_feel(_felt(chance, (1, 7, 20, 90)[seed % 4]), meter, bpm, swing)
        lates = [round(feel.late(step / 6.0, kind), 5) for step in range(20) for kind in (None, *DRUM_KINDS[:3])]
        yield f"feels {seed}", (round(feel.jitter, 6), feel.groove, lates)


def _tempos() -> Iterator[Outcome]:
    for seed in range(14):
        chance = Random(f"tempos {seed}")
        bpm, meter = 45.0 + 150.0 * chance.random(), Meter.parse(METERS[seed % 7])
        beats = _onsets(chance, (3, 9, 24)[seed % 3], bpm)
        if seed % 3 == 0:
            beats = [beat + 0.02 * chance.random() for beat in range(3 + seed % 4)]
        strokes = [
            (3.0 + beat * 60.0 / bpm, chance.choice((36, 48, 60, 72)), 60.0 + (50.0 if beat % 4 < 0.2 else 0.0))
            for beat in beats
        ]
        found = find_player_beats(strokes, meter, 110.0)
        where = tuple(round(found.position(seconds), 3) for seconds, _, _ in strokes)
        yield f"tempos {seed}", (round(found.bpm, 2), found.one, found.quarters, round(found.confidence, 3), where)


def _time_lines() -> Iterator[Outcome]:
    """A set that loops, jumps, stops, nudges its tempo, and tells some things late."""
    for seed in range(12):
        chance = Random(f"line {seed}")
        line = TimeLine(Meter.parse(METERS[seed % len(METERS)]))
        beat, seconds, bpm, told = 0.0, 5.0, 90.0 + 10.0 * seed, []
        for _ in range(60):
            drawn = chance.random()
            went = 0.5 * chance.random()
            seconds += went
            beat += went * bpm / 60.0
            if drawn < 0.15:
                beat += chance.choice((-8.0, -4.0, 4.0, -3.0, 0.2, -0.2, 0.3, -0.3, 13.3, -3.5))
            elif drawn < 0.2:
                line.meter = Meter.parse(chance.choice(METERS))
            elif drawn < 0.25:
                line.forget_before(line.number - chance.randrange(3))
            elif drawn < 0.35:
                bpm *= chance.choice((0.9, 1.1))
            if chance.random() < 0.5:
                line.clock(beat, seconds, bpm, chance.random() < 0.9)
            late = chance.choice((0.0, 0.0, 0.1, 0.6))
            told.append(line.place(beat - late * chance.choice((1.0, bpm / 60.0)), seconds - late))
        yield f"time line {seed}", (told[-1], line.number, line.stretches, told)


def _names() -> Iterator[Outcome]:
    for seed in range(30):
        chance = Random(f"names {seed}")
        names = []
        for _ in range(20):
            quality = chance.choice(QUALITIES)
            root = 36 + chance.randrange(24)
            held = [root + step + 12 * chance.randrange(2) for step in quality.intervals if chance.random() < 0.9]
            held += [48 + chance.randrange(36) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
            name = chance.choice(KEYS)
            before = Chord(
                (root + chance.choice((0, 0, 7))) % 12, chance.choice((quality, chance.choice(QUALITIES))).harte
            )
            named = name_held(held, Key.parse(name) if name else None, chance.choice((None, before)))
            names.append(named and (named[0].symbol, round(named[1], 4)))
        yield f"names {seed}", names


def _strokes() -> Iterator[Outcome]:
    for seed in range(24):
        chance = Random(f"strokes {seed}")
        bpm, meter = 50.0 + 150.0 * chance.random(), Meter.parse(METERS[seed % len(METERS)])
        notes, beat = [], 0.0
        for _ in range(4 + seed):
            beat += chance.choice((0.0, 0.004, 0.01, 0.02, 0.03, 0.05, 0.25, 0.5, 1.0)) * bpm / 60.0
            pitch = chance.choice((36, 38, 42, 48, 52, 55, 60, 61, 62))
            notes.append(
                TimedNote(beat, pitch, 40 + chance.randrange(80), chance.random(), 64, seed % 3 == 0 or seed % 7 == 0)
            )
        joined = group_onsets(notes, bpm)
        tuned = quantize_phrase(notes, meter, bpm)
        meant = [
            [(round(note.beat, 4), note.pitch, round(place, 4)) for note, place in tuned.notes(strength)]
            for strength in (0.0, 0.4, 1.0)
        ]
        told = [(len(stroke.notes), round(stroke.beat, 5), stroke.is_strummed) for stroke in joined]
        yield f"strokes {seed}", (told, meant)


def _keys() -> Iterator[Outcome]:
    """Keys and pedals as they come, two channels and drums: what sounds, what is held, what was played."""
    for seed in range(24):
        chance = Random(f"keys {seed}")
        player, told, seconds = PlayerListener(Meter.parse(METERS[seed % 3])), [], 0.0
        bpm = 60.0 + 5.0 * seed
        player.clock(0.0, 0.0, bpm, seed % 4 != 3)
        chord = [(48 + chance.randrange(12) + step) for step in chance.choice(QUALITIES).intervals]
        for number in range(70):
            seconds += chance.choice((0.0, 0.01, 0.1, 0.3, 0.3, 0.9))
            status = chance.choice((0x90, 0x90, 0x90, 0x80, 0x80, 0xB0, 0xB0, 0xE0, 0xC0)) | chance.choice(
                (0, 0, 0, 1, 9)
            )
            data = bytes((status, chance.choice((*chord, 60, 62)), chance.choice((0, 1, 64, 90, 127))))
            if status & 0xF0 == 0xB0:
                number = chance.choice((64, 64, 64, 66, 66, 1, 120, 123))
                data = bytes((status, number, chance.choice((0, 0, 63, 64, 127))))
            changed = player.hear(seconds * bpm / 60.0, seconds, data, chance.choice(("", "", "pads")))
            if chance.random() < 0.02:
                player.lose("pads", seconds * bpm / 60.0, seconds)
            name = chance.choice(KEYS)
            held = player.held_chord(Key.parse(name) if name and chance.random() < 0.1 else None)
            told.append(
                (changed, player.sounding, held and (held.chord.symbol, held.pitches, held.confidence, held.since))
            )
        recording = player.recording(seconds * bpm / 60.0, seconds)
        lengths = [round(recording.length(note.start, note.end), 4) for note in recording.notes]
        yield f"keys {seed}", (player.last_seconds, told, recording.notes, recording.controls, lengths)


def _play(chance: Random, seed: int) -> Recording:
    """A player at the keys or the drums, with the set or without, who rests, holds, strums, and uses the pedal."""
    meter = Meter.parse(METERS[seed % 6])
    bpm, is_free = 70.0 + 100.0 * chance.random(), seed % 5 == 4
    player = PlayerListener(meter)
    player.clock(0.0, 50.0, bpm, not is_free)
    rows: list[tuple[float, int, bytes, str]] = []
    tonic = chance.randrange(12)
    for beat in _onsets(chance, 4 + 5 * (seed % 4), bpm):
        channel, port = chance.choice(((0, ""), (0, ""), (9, "pads")) if seed % 3 else ((0, ""),))
        count = chance.choice((1, 1, 3))
        for voice in range(count):
            pitch = 48 + tonic + chance.choice((0, 2, 4, 5, 7, 9, 11)) + 4 * voice if channel == 0 else 36 + 2 * voice
            start = max(0.0, beat + 0.012 * voice * chance.random())
            length = chance.choice((0.05, 0.3, 0.9, 3.0, 40.0 if chance.random() < 0.1 else 1.0))
            rows.append((start, 1, bytes((0x90 | channel, pitch, 30 + chance.randrange(97))), port))
            rows.append((start + length, 0, bytes((0x80 | channel, pitch, chance.randrange(128))), port))
        if chance.random() < 0.1:
            rows.append((beat + 0.1, 2, bytes((0xB0, chance.choice((64, 1)), chance.choice((0, 127)))), ""))
    gap = chance.choice((0.0, 0.0, 9.0, 14.0))
    end = max(beat for beat, kind, _, _ in rows if kind == 1) + 0.4
    for beat, _, data, port in sorted(rows):
        if beat <= end:
            at = beat + (gap if beat > end / 2.0 else 0.0)
            player.hear(0.0 if is_free else at, 50.0 + at * 60.0 / bpm, data, port)
    return player.recording(0.0 if is_free else end + gap, 50.0 + (end + gap) * 60.0 / bpm)


def _line(line: Line | None) -> object:
    if line is None:
        return None
    notes = [(round(note.beat, 3), note.pitch, round(note.length, 3), note.is_drum) for note in line.notes]
    ends = [round(end, 3) for end in line.key_ends]
    return notes, ends, [round(beat, 3) for beat, _ in line.controls], round(line.bpm, 2), line.is_free


def _told(captured: CapturedBars | None) -> object:
    if captured is None:
        return None
    context = captured.context
    return (
        captured.clip.name, captured.clip.length, captured.role, captured.start, round(captured.bpm, 3),
        [(round(n.start, 3), n.pitch, round(n.duration, 3)) for n in captured.clip.notes],
        [(round(n.start, 3), n.pitch, n.velocity, n.release_velocity) for n in captured.raw.notes],
        [round(place, 3) for place in captured.positions],
        [(round(beat, 3), data) for beat, data in captured.controls],
        (context.tempo.source, round(context.tempo.confidence, 3), context.key.source, str(context.key.value)),
        round(context.key.confidence, 3), round(context.swing.value, 3), context.swing.source,
        round(context.swing.confidence, 3), round(context.groove.confidence, 3),
        [(span.start, span.end, span.chord.symbol) for span in context.chords],
    )  # fmt: skip


def _captures() -> Iterator[Outcome]:
    for seed in range(30):
        chance = Random(f"captures {seed}")
        recording = _play(chance, seed)
        name = chance.choice(KEYS)
        sources = chance.choice(((), (), (Source("", 0),), (Source("pads", 9),)))
        ask = CaptureRequest(
            chance.choice((0.0, 0.5, 1.0)), chance.choice(("applied", "kept")), Key.parse(name) if name else None,
            chance.choice(("Played", "Mine")), sources,
        )  # fmt: skip
        bar = recording.meter.bar_beats
        start = bar * chance.randrange(4)
        yield f"line {seed}", _line(read_line(recording, sources, chance.random() < 0.5, None, 3.0 + 9.0 * seed))
        try:
            kept = capture_bars(recording, 1 + seed % 4, ask)
        except NothingPlayed:
            yield f"bars {seed}", "nothing"
            continue
        yield f"bars {seed}", _told(kept)
        yield f"phrase {seed}", _told(capture_phrase(recording, ask))
        yield f"between {seed}", _told(capture_between(recording, start, start + bar * chance.randrange(3), ask))
        if seed % 2:
            heard = analyze_recent_bars(recording, 1 + seed % 9, ask.key)
            assert heard is not None
            keys = [(span.start, span.end, str(span.key)) for span in heard.keys]
            yield f"overheard {seed}", (
                heard.start, heard.length, heard.role, keys, heard.progression, heard.has_changed_key,
                heard.context.key.source, round(heard.context.key.confidence, 4),
            )  # fmt: skip


def _changes() -> Iterator[Outcome]:
    """Half in one key, half in another: the last one is as sure as its own notes and chords make it."""
    for seed in range(10):
        chance = Random(f"changes {seed}")
        player = PlayerListener()
        player.clock(0.0, 0.0, 120.0, True)
        for bar in range(16):
            tonic = 48 + (seed + (bar >= 8) * (4, 1, 6)[seed % 3]) % 12
            root = tonic + chance.choice((0, 5, 7))
            for beat in (0.0, 2.0):
                for pitch in (root, root + 4, root + 7, tonic + chance.choice((12, 14, 16, 17, 19, 21, 23))):
                    at = 4.0 * bar + beat
                    player.hear(at, at / 2.0, bytes((0x90, pitch, 80)))
                    player.hear(at + 1.5, at / 2.0 + 0.75, bytes((0x80, pitch, 64)))
        heard = analyze_recent_bars(player.recording(64.0, 32.0), 16)
        assert heard is not None
        keys = [(span.start, span.end, str(span.key)) for span in heard.keys]
        found = heard.context.key
        yield f"changes {seed}", (keys, heard.progression, str(found.value), round(found.confidence, 4), found.source)


def _streams() -> Iterator[Outcome]:
    """Bytes that are no message of a channel change nothing."""
    for data in (b"", b"\x90", b"\x90\x3c", b"\xf8", b"\x90\x80\x40", b"\x90\x40\x80", b"\xc0\x05", b"\xc0\x05\x06",
                 b"\xd0\x10", b"\xa0\x10\x20", b"\x40\x10\x20", b"\x90\x7f\x7f"):  # fmt: skip
        player = PlayerListener()
        changed = player.hear(1.0, 0.5, data)
        recording = player.recording(1.0, 0.5)
        yield f"bytes {data.hex()}", (changed, len(recording.notes), len(recording.controls), player.last_seconds)
    for bars in (0, 1, 64, 65):
        recording = _play(Random("few"), 1)
        try:
            yield f"{bars} bars", capture_bars(recording, bars).clip.length
        except ParamError as error:
            yield f"{bars} bars", error.field


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
