"""Write scores as MIDI files: format 1, with a first track for the time line, then the score's tracks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.chunks import Header, join_file
from musearoo.engines.music.midi_files.events import (
    CHANNEL_PREFIX,
    END_OF_TRACK,
    KEY_SIGNATURE,
    LYRIC,
    MARKER,
    META,
    MICROSECONDS,
    NOTE_OFF,
    NOTE_ON,
    TEMPO,
    TIME_SIGNATURE,
    TRACK_NAME,
    Event,
    write_events,
)
from musearoo.engines.music.midi_files.score import SPECS, Controller, ControllerKind, MidiScore, MidiTrack
from musearoo.engines.music.midi_files.texts import encode_text
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import FASTEST

SLOWEST: Final = 0xFF_FFFF
"""The longest beat in microseconds that a file can encode: 3.6 BPM."""
SHORTEST: Final = int(MICROSECONDS / FASTEST) + 1
"""The shortest beat in microseconds that a tempo map accepts."""
CLICK: Final = 24
"""MIDI clocks per metronome click."""
THIRTY_SECONDS: Final = 8
"""Thirty-second notes per beat."""


def write_score(score: MidiScore) -> bytes:
    """Return the bytes of a score; `read_score` is the inverse if beats are on ticks and velocities are whole.

    Muted notes are left out. At one tick, notes end first, then controllers change, then notes begin; otherwise a
    repeated pitch would cut itself off, and a programme change would come too late.

    >>> write_score(MidiScore(has_tempo=False))[14:].hex(" ")
    '4d 54 72 6b 00 00 00 0c 00 ff 58 04 04 02 18 08 00 ff 2f 00'
    """
    tracks = [_conductor(score), *(_track(track, score.resolution) for track in score.tracks)]
    return join_file(Header(1, len(tracks), score.resolution), tuple(write_events(events) for events in tracks))


def _conductor(score: MidiScore) -> list[Event]:
    ticks = score.resolution
    events = [_meta(0.0, ticks, TRACK_NAME, encode_text(score.title))] if score.title else []
    line = [
        *(_meta(beat, ticks, TEMPO, _tempo(bpm)) for beat, bpm in score.tempos.changes if score.has_tempo),
        *(_meta(beat, ticks, TIME_SIGNATURE, _meter(meter)) for beat, meter in score.meters),
        *(_meta(beat, ticks, KEY_SIGNATURE, _key(key)) for beat, key in score.keys),
        *(_meta(beat, ticks, MARKER, encode_text(text)) for beat, text in score.markers),
        *(_meta(beat, ticks, LYRIC, encode_text(text)) for beat, text in score.lyrics),
    ]
    events += sorted(line, key=_tick)
    end = max(round(score.length * ticks), events[-1].tick)
    return [*events, Event(end, META, bytes((END_OF_TRACK,)))]


def _track(track: MidiTrack, ticks: int) -> list[Event]:
    events = [_meta(0.0, ticks, TRACK_NAME, encode_text(track.name))] if track.name else []
    ordered = sorted(_playing(track, ticks), key=_order)
    if not ordered:
        events.append(_meta(0.0, ticks, CHANNEL_PREFIX, bytes((track.channel,))))
    events += (event for _, event in ordered)
    end = max(round(track.length * ticks), events[-1].tick)
    return [*events, Event(end, META, bytes((END_OF_TRACK,)))]


def _playing(track: MidiTrack, ticks: int) -> Iterator[tuple[int, Event]]:
    """Yield the events of notes and controllers, each with its rank within its tick."""
    for note in track.notes:
        if not note.mute:
            yield from _note(note, track.channel, ticks)
    for one in track.controllers:
        yield 1, Event(round(one.beat * ticks), SPECS[one.kind].status | track.channel, _data(one))


def _note(note: Note, channel: int, ticks: int) -> Iterator[tuple[int, Event]]:
    start = round(note.start * ticks)
    end = max(start + 1, round(note.end * ticks))
    yield 2, Event(start, NOTE_ON | channel, bytes((note.pitch, round(note.velocity))))
    yield 0, Event(end, NOTE_OFF | channel, bytes((note.pitch, round(note.release_velocity))))


def _data(controller: Controller) -> bytes:
    spec, value = SPECS[controller.kind], controller.value
    if controller.kind is ControllerKind.PITCH_BEND:
        fine_first = value - spec.low
        return bytes((fine_first % 128, fine_first // 128))
    return bytes((controller.number, value) if spec.numbered else (value,))


def _meta(beat: float, ticks: int, kind: int, payload: bytes) -> Event:
    return Event(round(beat * ticks), META, bytes((kind,)) + payload)


def _tempo(bpm: float) -> bytes:
    return min(SLOWEST, max(SHORTEST, round(MICROSECONDS / bpm))).to_bytes(3, "big")


def _meter(meter: Meter) -> bytes:
    return bytes((meter.numerator, meter.denominator.bit_length() - 1, CLICK, THIRTY_SECONDS))


def _key(key: Key) -> bytes:
    """Return the key as sharps (negative for flats) and mode; a file has only major and minor keys.

    >>> [int.from_bytes(_key(Key.parse(name))[:1], signed=True) for name in ("C", "F", "F#", "A minor", "Ebm")]
    [0, -1, 6, 0, -6]
    """
    return key.signature.to_bytes(1, "big", signed=True) + bytes((key.scale == "Minor",))


def _tick(event: Event) -> int:
    return event.tick


def _order(placed: tuple[int, Event]) -> tuple[int, int]:
    place, event = placed
    return event.tick, place
