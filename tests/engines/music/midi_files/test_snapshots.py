"""Snapshots of MIDI files: scores in both directions, odd and damaged bytes, passages, kits and texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from musearoo.engines.analysis.scene.file_context import PassageRequest, read_passage
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip, sort_notes
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.chunks import (
    DamageError,
    Header,
    MidiFileError,
    TrackChunk,
    join_file,
    split_file,
)
from musearoo.engines.music.midi_files.events import Event, read_events, write_events
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.score import Controller, ControllerKind, MidiScore, MidiTrack
from musearoo.engines.music.midi_files.song import MidiSong, name_tracks, song_of
from musearoo.engines.music.midi_files.texts import decode_text, encode_text
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.note import MAX_BEATS, Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.players.mix.engine import MixPlan
from musearoo.engines.players.mix.midi_controllers import mix_controllers
from musearoo.engines.players.mix.report import MixReport
from musearoo.engines.players.mix.tracks import MixerMove
from musearoo.engines.styles.kit_maps import BUILT_IN, KitMap, find_kit, from_kit, parse_kit, song_from_kit, to_kit
from tests.engines.music.midi_files.file_bytes import END, NOTE, chunk, file, meta, riff, track
from tests.engines.music.midi_files.random_scores import random_score
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome, check_snapshots

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def outcomes() -> Iterator[Outcome]:
    yield from _texts()
    yield from _numbers()
    yield from _shapes()
    yield from _odd_tracks()
    yield from _bounds()
    yield from _kits()
    yield from _mixes()
    yield from _scores()
    yield from _damaged()
    yield from _passages()


def _tried(deed: Callable[..., object], *arguments: object) -> object:
    """What comes of a deed; of what it complains of the field, or the numbers in the sentence."""
    try:
        return deed(*arguments)
    except MidiFileError as error:
        return f"! {error.name} {' '.join(NUMBER.findall(error.problem))}"
    except DamageError as error:
        return f"! {' '.join(NUMBER.findall(str(error)))}"
    except ParamError as error:
        return f"! {error.field}"


def _texts() -> Iterator[Outcome]:
    words = ("Bass", "für", "Schlagzeug ♪", "ピアノ", "ﾋﾟｱﾉ", "ﾋ", "漢字", "naïve café", "Größe", "", "\0 a \0",
             "Ünïcödé",              "kana ピ in much english text", "ピa", "ああab", "あabc", "€ 5", "øå")  # fmt: skip
    told = [
        decode_text(word.encode(code, "replace")) for word in words for code in ("utf-8", "cp932", "latin-1", "cp1252")
    ]
    yield "texts", told
    yield (
        "bytes",
        [decode_text(bytes((first, second))) for first in range(0x80, 0x100, 5) for second in (0x40, 0x81, 0xB1)],
    )
    yield "encoded", [encode_text(word) for word in (*words, "\ud800")]


def _numbers() -> Iterator[Outcome]:
    """Waits of one to four bytes and longer, and messages of every length."""
    waits = (0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 0x0FFF_FFFF, 0x1000_0000, 0x2000_0000)
    for wait in waits:
        events = [Event(3, 0x90, b"<@"), Event(3 + wait, 0x90, b"<\0"), Event(3 + wait, 0xFF, b"\x2f")]
        body = write_events(events)
        yield f"wait {wait:#x}", (body, read_events(TrackChunk(body)))
    chance = Random("numbers")
    events, tick = [], 0
    for status in (0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE5, 0xE5, 0xE5, 0xFF, 0x9F, 0x9F, 0xFF, 0x85):
        tick += chance.choice((0, 10, 200))
        size = 1 if status & 0xF0 in (0xC0, 0xD0) else 2
        data = b"\x01" + bytes(chance.choice((0, 130))) if status == 0xFF else bytes(range(60, 60 + size))
        events.append(Event(tick, status, data))
    body = write_events(events)
    yield "messages", (body, read_events(TrackChunk(body)))


def _shapes() -> Iterator[Outcome]:
    """Headers, chunks and wrappings as odd as they come."""
    whole = file(track(NOTE), track(NOTE))
    header = chunk(b"MThd", bytes.fromhex("0001 0001 01e0"))
    files = {
        "whole": whole,
        "nothing": b"",
        "no file": b"MThx" + whole[4:],
        "no header": whole[:7],
        "short header": chunk(b"MThd", b"\0\1\0\1\1") + track(NOTE),
        "header cut": whole[:13],
        "header alone": whole[:14],
        "no track": header,
        "fewer tracks": file(track(NOTE), count=2),
        "more tracks": file(track(NOTE), track(NOTE), count=1),
        "cut in a track": whole[:-3],
        "cut after a track": whole[: -len(track(NOTE))],
        "cut in the first": file(track(NOTE), track(NOTE), count=3)[:-3],
        "longer header": chunk(b"MThd", bytes.fromhex("0001 0001 01e0 ffff")) + track(NOTE),
        "strange chunk": header + chunk(b"XFIH", b"abc") + track(NOTE),
        "strange end": header + track(NOTE) + b"junk",
        "strange end of a head": header + track(NOTE) + b"MTrk\0\0\0\0",
        "format 3": file(track(NOTE), kind=3),
        "no ticks": file(track(NOTE), division=0),
        "ticks": file(track(NOTE), division=0x7FFF),
        "riff": riff(whole),
        "riff of nothing": b"RIFF\0\0\0\0RMID",
        "riff of waves": b"RIFF\0\0\0\0WAVEdata" + whole,
        "riff padded": b"RIFF\0\0\0\0RMIDodd \1\0\0\0a\0data" + len(whole).to_bytes(4, "little") + whole + b"more",
        "riff without data": b"RIFF\0\0\0\0RMIDodd \2\0\0\0ab",
    } | {
        f"{frames} frames {ticks}": file(track(NOTE), division=(256 - frames) << 8 | ticks)
        for frames in (24, 25, 29, 30, 31, 23)
        for ticks in (0, 4, 80)
    }  # fmt: skip
    for name, data in files.items():
        yield f"shape {name}", (_tried(split_file, data), _tried(_told, data))
    yield "joined", join_file(Header(1, 2, 480), (b"abc", b""))


def _told(data: bytes) -> object:
    score = read_score(data, "it")
    return replace(score, tempos=TempoMap(((0.0, 120.0),))), score.tempos.changes, score.length


def _odd_tracks() -> Iterator[Outcome]:
    bodies: dict[str, tuple[str | bytes, ...]] = {
        "running": ("00 90 3c 40", "40 3c 00", "00 40 50", "60 40 00"),
        "release": ("00 90 3c 40", "40 80 3c 11"),
        "twice": ("00 90 3c 40", "10 90 3c 50", "10 80 3c 01", "10 80 3c 02"),
        "no end": ("00 90 3c 40", "40 90 40 10"),
        "nothing long": ("00 90 3c 40", "00 80 3c 40", "00 80 3d 40"),
        "above 127": ("00 90 bc 40", "10 80 3c ff"),
        "exclusive": ("00 f0 03 01 02 f7", NOTE, "00 f7 02 01 02", "00 90 40 40", "10 40 00"),
        "clocks": ("00 f8", "00 f2 01 02", "00 f1 03", "00 f3 03", "00 f6", NOTE, "00 fe"),
        "no midi": ("00 f4",),
        "no status": ("00 3c 40",),
        "long number": ("81 81 81 81 01 90 3c 40",),
        "four bytes": ("81 80 80 00 90 3c 40", "00 3c 00"),
        "after the end": ("00 ff 2f 00", NOTE),
        "controllers": ("00 b0 07 64", "10 c0 05", "10 d0 40", "10 e0 00 40", "10 e0 7f 7f", "10 e0 00 00",
        "10 a0 3c 30"),
        "banks": ("00 b3 00 02", "00 b3 20 05", "00 c3 07", "00 b3 00 09", NOTE),
        "channels": ("00 93 3c 40", "10 99 24 40", "10 83 3c 40", "10 89 24 40", "00 c3 11"),
        "prefix": (meta(0x20, b"\5"), meta(0x20, b"\6")),
        "prefix beyond": (meta(0x20, b"\x10"), meta(0x20, b"\5\5")),
        "prefix last": (meta(0x20, b"\x0f"),),
        "prefix and note": (meta(0x20, b"\5"), NOTE),
        "names": (meta(3, b"One"), meta(3, b"Two"), meta(4, b"Horn"), NOTE),
        "horn": (meta(4, b"Horn"), meta(4, b"Other"), NOTE),
        "no name": (meta(3, b""), meta(4, b"Horn"), NOTE),
        "tempos": (meta(0x51, b"\x07\xa1\x20", "20"), meta(0x51, b"\x05\x42\x34", "83 60"), meta(0x51, b"\x05\x42",
        "20")),
        "tempo 0": (meta(0x51, b"\0\0\0"),),
        "fastest": (meta(0x51, b"\0\0\1"),),
        "meters": (meta(0x58, b"\3\2\x18\x08", "20"), meta(0x58, b"\6\3\x18\x08", "83 60"), meta(0x58, b"\6\3", "20")),
        "meters of 32": (meta(0x58, b"\6\5\x18\x08"), meta(0x58, b"\4\6\x18\x08", "40")),
        "meter of 32": (meta(0x58, b"\3\5\x18\x08"),),
        "meter of 0": (meta(0x58, b"\0\2\x18\x08"),),
        "meter of a lot": (meta(0x58, b"\4\xff\x18\x08"),),
        "keys": tuple(
            meta(0x59, bytes((sharps % 256, mode)), "10") for sharps in (-8, -7, -1, 0, 7, 8, 127,
            -128) for mode in (0, 1)
        ),
        "modes": (meta(0x59, b"\0\2"), meta(0x59, b"\0")),
        "marks": (meta(6, b"A", "10"), meta(5, b"la", "10"), meta(6, b""), meta(5, b""), meta(1, b"text"), meta(6,
        b"B")),
    }  # fmt: skip
    for name, events in bodies.items():
        for kind in (0, 1, 2):
            data = file(track(meta(3, b"Song")), track(*events)) if kind else file(track(*events), kind=0)
            yield f"track {name} {kind}", _tried(_told, data)
    yield "cut in a track", [_tried(read_events, TrackChunk(NOTE[:end]), 7) for end in range(len(NOTE) + 1)]
    yield "cut by the file", [_tried(read_events, TrackChunk(body, True), 7) for body in (b"", NOTE, NOTE + END)]
    long = b"\x00\xff\x01\x05abc"
    yield "text cut", [_tried(read_events, TrackChunk(long[:end]), 2) for end in range(len(long) + 1)]
    own = meta(0x51, b"\x05\x42\x34"), meta(0x58, b"\3\2\x18\x08")
    for first, second in ((0, 0), (0, 1), (1, 1)):
        data = file(track(own[first], NOTE), track(own[second], NOTE), kind=2)
        yield f"patterns {first} {second}", _tried(_told, data)
    yield "one pattern's", _tried(_told, file(track(own[0], NOTE), track(NOTE), kind=2))
    yield "too long", _tried(_told, file(track("ff ff ff 7f 90 3c 40", "00 3c 00"), division=24))
    yield "not too long", _tried(_told, file(track("83 ff ff 7f 90 3c 40", "00 3c 00"), division=24))
    # Places beyond what can be said: a name stands where there is one, else the track's number.
    yield "empty tracks", _tried(_told, file(track(), track(NOTE), track()))


def _bounds() -> Iterator[Outcome]:
    """What lies on a bound is taken, what lies beyond it is refused."""
    kinds = (
        (ControllerKind.PITCH_BEND, (-8193, -8192, 8191, 8192)), (ControllerKind.PROGRAM, (-1, 0, 127, 128)),
        (ControllerKind.CONTROL, (-1, 0, 127, 128)),
    )  # fmt: skip
    for kind, values in kinds:
        for number in (-1, 0, 1, 127, 128):
            for beat in (-1.0, 0.0, MAX_BEATS, MAX_BEATS + 1.0):
                yield f"{kind} {number} {beat:g}", [_tried(Controller, beat, kind, value, number) for value in values]
    note = (Note(0.0, 60, 2.0, 90),)
    moves = (Controller(1.0, ControllerKind.CONTROL, 5, 7), Controller(3.0, ControllerKind.CONTROL, 6, 7))
    lengths = (1.0, 2.0 - 2e-6, 2.0 - 5e-7, 2.0, 2.9, 3.0, MAX_BEATS, MAX_BEATS + 1.0)
    yield "lengths", [_tried(MidiTrack, "", 0, note, own, length) for own in ((), moves) for length in lengths]
    yield "channels", [_tried(MidiTrack, "", channel) for channel in (-1, 0, 9, 15, 16)]
    yield "drums", [MidiTrack("", channel).is_drums for channel in (8, 9, 10)]
    wrong: tuple[dict[str, Any], ...] = (
        {"resolution": 0}, {"resolution": 1}, {"resolution": 0x7FFF}, {"resolution": 0x8000}, {"meters": ()},
        {"meters": ((1.0, Meter()),)}, {"keys": ((0.0, Key(0, "Dorian")),)}, {"keys": ((0.0, Key(0, "Minor")),)},
    )  # fmt: skip
    yield "scores", [_tried(lambda fields=fields: MidiScore(**fields).resolution) for fields in wrong]


def _kits() -> Iterator[Outcome]:
    chance = Random("kits")
    notes = [Note(beat / 2.0, chance.randrange(20, 84), 0.5, 90) for beat in range(60)]
    own = KitMap("mine", {"kick": 24, "snare": 36}, {25: "snare", 26: "kick"}, ("My Kit",))
    for kit in (*BUILT_IN, own):
        pitches = [[note.pitch for note in moved] for moved in (to_kit(notes, kit), from_kit(notes, kit))]
        yield f"kit {kit.name}", pitches
    song = MidiSong(
        TempoMap(((0.0, 90.0),)), ((0.0, Meter()),), {"a": Clip.of("a", 32.0, notes), "b": Clip.of("b", 32.0, notes)},
        frozenset(("b",)), True,
    )  # fmt: skip
    moved = song_from_kit(song, own)
    yield "song", [[note.pitch for note in clip.notes] for clip in moved.parts.values()]
    yield (
        "found",
        [
            _tried(lambda name=name: find_kit(name, (*BUILT_IN, own)).name)
            for name in ("mine", "My-Kit", "MYKIT", "general midi", "General MIDI", "nobody", "")
        ],
    )
    fields = ("pads: {kick: 24}", "pads: {kick: 128}", "pads: {kik: 1}", "hears: {-1: kick}", "hears: {1: kik}",
    "other: 1",
              "hears: {127: kick, 0: snare}")  # fmt: skip
    texts = (*(f"{{name: a, {field}}}" for field in fields), "{pads: {}}", "[")
    yield "kit texts", [_tried(_kit_of, text) for text in texts]
    yield "every voice", [note.pitch for note in to_kit([Note(0.0, each.pitch, 1.0, 90) for each in KIT.values()], own)]


def _kit_of(text: str) -> object:
    try:
        kit = parse_kit(text, "kit.yaml")
    except ValueError as error:
        return type(error).__name__
    return kit.name, kit.pads, kit.hears, kit.aliases


def _mixes() -> Iterator[Outcome]:
    chance = Random("mixes")
    for count in (0, 1, 2, 4):
        moves = tuple(
            MixerMove(track, control, 0.5, new, "")  # type: ignore[arg-type]
            for track in range(count + 1)
            for control, new in (("volume", chance.random()), ("panning", 2.0 * chance.random() - 1.0), ("send", 0.3))
            if chance.random() < 0.8
        )
        plan = MixPlan(moves, {}, (), MixReport(None, None))
        yield f"mix of {count}", mix_controllers(plan, count)


def _scores() -> Iterator[Outcome]:
    for seed in range(30):
        score = random_score(Random(f"scores {seed}"))
        data = write_score(score)
        back = read_score(data)
        yield f"score {seed}", (back.length, [track.bank for track in back.tracks], data, back, song_of(back))
    for seed in range(20):
        chance = Random(f"unquantised {seed}")
        notes = [
            Note(9.0 * chance.random(), 60 + chance.randrange(4), 2.0 * chance.random() + 1e-5,
            1.0 + 126.0 * chance.random(),
                 chance.random() < 0.2, 1.0, 0.0, 127.0 * chance.random())
            for _ in range(9)
        ]  # fmt: skip
        moves = [Controller(float(beat), ControllerKind.PROGRAM, beat) for beat in range(seed % 3)]
        name = chance.choice(("", "Lead", "Lead", "Bass"))
        tracks = [
            MidiTrack(name, 3, sort_notes(notes), tuple(moves), 12.0),
            MidiTrack(name, 9, sort_notes(notes), (), 12.5),
            MidiTrack("", 2, sort_notes(notes), (Controller(0.0, ControllerKind.PROGRAM, 33),), 12.0),
            MidiTrack("", 4, sort_notes(notes), (), 12.0), MidiTrack("", 5),
        ]  # fmt: skip
        tempos = TempoMap(((0.0, chance.choice((1.0, 3.7, 120.0, 99_000.0))), (4.0, 60.0 + chance.random())))
        score = MidiScore(
            tuple(tracks[: 1 + seed % 5]), tempos, resolution=chance.choice((24, 960)), title="A" * (seed % 2)
        )
        data = write_score(score)
        yield f"unquantised {seed}", (list(name_tracks(score)), data, read_score(data))


def _damaged() -> Iterator[Outcome]:
    """Files in which a few bytes are others: they are read, or a sentence says what is wrong."""
    for seed in range(60):
        chance = Random(f"damaged {seed}")
        data = bytearray(file(
            track(meta(3, b"Lead"), meta(0x51, b"\x07\xa1\x20"), meta(0x58, b"\3\2\x18\x08"), NOTE, NOTE, "10 c0 07"),
            track(meta(0x59, b"\xfe\1"), "00 99 24 60", "81 20 26 00", "00 24 00", meta(6, b"verse", "20"), NOTE),
        ))  # fmt: skip
        for _ in range(1 + seed % 4):
            data[chance.randrange(14 if seed % 8 else 0, len(data))] = chance.choice(
                (0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256))
            )
        yield f"damaged {seed}", _tried(_told, bytes(data) if seed % 5 else bytes(data[: chance.randrange(len(data))]))


def _passages() -> Iterator[Outcome]:
    few = {name: STYLES[name] for name in ("rock", "house")}
    for seed in range(24):
        chance = Random(f"passages {seed}")
        tracks = []
        for name, channel, low in (
            ("Bass", 0, 36),
            ("Bass 2", 3, 38),
            ("Keys", 1, 60),
            ("", 9, 36),
            ("Lead", 2, 72),
        )[: 1 + seed % 5]:
            first = chance.choice((0, 0, 9))
            notes = [
                Note(beat / 2.0, low + chance.choice((0, 2, 4, 5, 7)), chance.choice((0.2, 0.5, 6.0)), 90.0)
                for beat in range(first, 48)
                if chance.random() < 0.6
            ]
            moves = (Controller(0.0, ControllerKind.PROGRAM, 20 + channel),) if (seed + channel) % 4 else ()
            tracks.append(MidiTrack(name, channel, tuple(notes), moves, 31.0))
        meters = [(0.0, Meter(4, 4))]
        if seed % 3:
            meters += [(8.0, Meter(3, 4)), (15.0 + seed % 2, Meter(7, 8))]
        score = MidiScore(
            tuple(tracks), TempoMap(((0.0, 100.0), (6.0, 120.0 + seed))[: 1 + seed % 2]), tuple(meters),
            keys=((0.0, Key(0)), (9.0, Key(9, "Minor")), (20.0, Key(2)))[seed % 2 : seed % 4],
            has_tempo=seed % 5 != 0,
        )  # fmt: skip
        wish = PassageRequest(
            chance.choice((1, 2, 3, 4, 6, 99, 0)), chance.choice((1, 2, 8)), chance.choice((None, "bass", "drums",
            "melody")),
            BUILT_IN[seed % len(BUILT_IN)], Key(5) if seed % 7 == 0 else None, "C | G" if seed % 6 == 0 else "",
        )  # fmt: skip
        yield f"passage {seed}", _tried(_passage, score, wish, few)


def _passage(score: MidiScore, wish: PassageRequest, styles: Any) -> object:
    found = read_passage(score, wish, "it.mid", styles)
    context = found.context
    parts = [(part.role, part.name, part.clip.length, part.clip.notes) for part in context.parts]
    said = [NUMBER.findall(sentence) for sentence in found.sentences]
    key = str(context.key.value), context.key.source
    tempo = round(context.tempo.value, 3), context.tempo.confidence, context.tempo.source
    chords = [(round(span.start, 3), round(span.end, 3), span.chord) for span in context.chords]
    return (
        found.first_bar, found.last_bar, found.program, found.tempos.changes, said, key, tempo, context.meter, chords,
        parts
    )  # fmt: skip


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
