"""Read MIDI files into scores: any bytes give a score, or a MidiFileError that describes the problem.

Left out are system-exclusive messages, texts other than names, markers and lyrics, sequencer-specific events, and meta
events of a wrong length.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import sort_notes
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.chunks import DamageError, Header, MidiFileError, split_file
from musearoo.engines.music.midi_files.events import (
    CHANNEL_PREFIX,
    INSTRUMENT_NAME,
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
    read_events,
)
from musearoo.engines.music.midi_files.score import (
    KIND_OF_STATUS,
    SPECS,
    TICKS_PER_BEAT,
    USUAL_TEMPOS,
    Controller,
    ControllerKind,
    MidiScore,
    MidiTrack,
)
from musearoo.engines.music.midi_files.texts import decode_text
from musearoo.engines.music.note import MAX_BEATS, Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap

USUAL_RELEASE: Final = 64
"""The release velocity of a note that has none."""
SMALLEST_NOTE: Final = 16
"""The greatest denominator of Live's time signatures."""


def read_score(data: bytes, name: str = "The MIDI file") -> MidiScore:
    """Return the score of a file's bytes; raises MidiFileError, whose message begins with `name`.

    A track with several channels becomes one track per channel. The first tempo and the first meter apply from the
    beginning, even if they come later. A note without an end lasts to its track's end; one that ends when it begins
    lasts one tick. Files timed in film frames are converted to Live's ticks at 120 BPM, the default tempo.
    """
    try:
        header, chunks = split_file(data)
        return _read(header, [read_events(chunk, number) for number, chunk in enumerate(chunks, start=1)])
    except DamageError as damage:
        raise MidiFileError(name, str(damage)) from damage
    except ParamError as error:
        problem = f"asks for what no set can hold ({error}): change that where it was made, and export it again"
        raise MidiFileError(name, problem) from error


def _read(header: Header, tracks: list[list[Event]]) -> MidiScore:
    if header.frames:
        # Two beats per second: the standard's default tempo.
        scale = 2.0 * TICKS_PER_BEAT / (header.frames * header.ticks)
        tracks = [[event._replace(tick=round(event.tick * scale)) for event in events] for events in tracks]
    resolution = TICKS_PER_BEAT if header.frames else header.ticks
    last = max((events[-1].tick for events in tracks), default=0)
    if last > MAX_BEATS * resolution:
        raise DamageError(
            f"lasts {last / resolution:.0f} beats, and Live holds {MAX_BEATS:.0f}: shorten it where it was made"
        )
    if header.format == 2 and len({conducting for events in tracks if (conducting := _conducting(events))}) > 1:
        raise DamageError(
            "holds patterns with tempos or meters of their own (format 2): export each as a file, or as format 1"
        )
    split = [_split(events, resolution, keep_name=header.format != 0) for events in tracks]
    line = _time_line(sorted((event for events in tracks for event in events), key=_tick), resolution)
    return MidiScore(
        tracks=tuple(track for of_channels in split for track in of_channels),
        tempos=TempoMap(tuple(line.tempos.items())) if line.tempos and not header.frames else USUAL_TEMPOS,
        meters=tuple(line.meters.items()) or ((0.0, Meter()),),
        keys=tuple(line.keys.items()),
        markers=tuple(line.markers),
        lyrics=tuple(line.lyrics),
        title=_name_of(tracks[0]) if tracks and (header.format == 0 or not split[0]) else "",
        has_tempo=bool(line.tempos) and not header.frames,
        resolution=resolution,
    )


def _tick(event: Event) -> int:
    return event.tick


def _name_of(events: Iterable[Event]) -> str:
    """Return the first name of a track, else that of its instrument."""
    names: dict[int, str] = {}
    for event in events:
        if event.status == META and event.data[0] in (TRACK_NAME, INSTRUMENT_NAME):
            names.setdefault(event.data[0], decode_text(event.data[1:]))
    return names.get(TRACK_NAME) or names.get(INSTRUMENT_NAME, "")


def _conducting(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(event for event in events if event.status == META and event.data[0] in (TEMPO, TIME_SIGNATURE))


class _TimeLine(NamedTuple):
    tempos: dict[float, float]
    meters: dict[float, Meter]
    keys: dict[float, Key]
    markers: list[tuple[float, str]]
    lyrics: list[tuple[float, str]]


def _time_line(events: Iterable[Event], resolution: int) -> _TimeLine:
    """Merge the time lines of all tracks; of two events at one beat, the later one wins."""
    line = _TimeLine({}, {}, {}, [], [])
    for event in events:
        if event.status != META:
            continue
        beat, kind, payload = event.tick / resolution, event.data[0], event.data[1:]
        if kind == TEMPO and len(payload) == 3:
            line.tempos[beat if line.tempos else 0.0] = _bpm(int.from_bytes(payload, "big"))
        elif kind == TIME_SIGNATURE and len(payload) == 4:
            line.meters[beat if line.meters else 0.0] = _meter(payload[0], payload[1])
        elif kind == KEY_SIGNATURE and len(payload) == 2 and (key := _key(payload)) is not None:
            line.keys[beat] = key
        elif kind in (MARKER, LYRIC) and (text := decode_text(payload)):
            (line.markers if kind == MARKER else line.lyrics).append((beat, text))
    return line


def _bpm(microseconds: int) -> float:
    """Return the tempo of a beat in microseconds, rounded as far as it encodes to the same microseconds.

    >>> _bpm(344_828), _bpm(500_000)
    (174.0, 120.0)
    """
    if microseconds == 0:
        raise DamageError("has a tempo without a speed (0 microseconds a beat): mend the tempo where it was made")
    exact = MICROSECONDS / microseconds
    return next(
        (
            rounded
            for digits in range(7)
            if round(MICROSECONDS / (rounded := round(exact, digits) or exact)) == microseconds
        ),
        exact,
    )


def _meter(numerator: int, power: int) -> Meter:
    """Return the time signature n / 2 ** power, in denominators that Live has."""
    denominator = 2 ** min(power, 16)
    while denominator > SMALLEST_NOTE and numerator % 2 == 0:
        numerator, denominator = numerator // 2, denominator // 2
    return Meter(numerator, denominator)


def _key(payload: bytes) -> Key | None:
    """Return the key of a KEY_SIGNATURE payload (sharps, negative for flats; mode); None if there is no such key."""
    sharps = payload[0] - 256 if payload[0] > 127 else payload[0]
    if not -7 <= sharps <= 7 or payload[1] > 1:
        return None
    return Key((7 * sharps + 9 * payload[1]) % 12, "Minor" if payload[1] else "Major")


class _Playing:
    """The state of one channel of a track while its events are read."""

    def __init__(self, resolution: int) -> None:
        self._resolution = resolution
        self._sounding: dict[int, deque[tuple[int, int]]] = {}
        self._end = 0
        self.notes: list[Note] = []
        self.controllers: list[Controller] = []

    def handle(self, event: Event) -> None:
        """Handle a channel message."""
        kind, data = event.status & 0xF0, event.data
        if kind == NOTE_ON and data[1]:
            self._sounding.setdefault(data[0], deque()).append((event.tick, data[1]))
        elif kind in (NOTE_ON, NOTE_OFF):
            if self._sounding.get(data[0]):
                self._finish(data[0], event.tick, data[1] if kind == NOTE_OFF else USUAL_RELEASE)
        else:
            self.controllers.append(self._controller(event))

    def finish(self, tick: int) -> int:
        """End all sounding notes at the track's end; return the tick at which everything has ended."""
        for pitch, starts in self._sounding.items():
            for _ in range(len(starts)):
                self._finish(pitch, tick, USUAL_RELEASE)
        return max(self._end, tick)

    def _finish(self, pitch: int, tick: int, release: int) -> None:
        start, velocity = self._sounding[pitch].popleft()
        end = max(tick, start + 1)
        self._end = max(self._end, end)
        beat, duration = start / self._resolution, (end - start) / self._resolution
        self.notes.append(Note(beat, pitch, duration, float(velocity), release_velocity=float(release)))

    def _controller(self, event: Event) -> Controller:
        kind = KIND_OF_STATUS[event.status & 0xF0]
        number = event.data[0] if SPECS[kind].numbered else 0
        value = event.data[-1]
        if kind is ControllerKind.PITCH_BEND:
            value = event.data[0] + 128 * event.data[1] + SPECS[kind].low
        return Controller(event.tick / self._resolution, kind, value, number)


def _split(events: list[Event], resolution: int, keep_name: bool) -> list[MidiTrack]:
    """Split a track by channels, in order of their first events; a channel without notes is kept too.

    Unless `keep_name`, the name is the piece's, so that several channels get no name.
    """
    channels: defaultdict[int, _Playing] = defaultdict(lambda: _Playing(resolution))
    prefix: int | None = None
    for event in events:
        if event.status != META:
            channels[event.status & 0x0F].handle(event)
        elif event.data[0] == CHANNEL_PREFIX and len(event.data) == 2 and event.data[1] < 16 and prefix is None:
            prefix = event.data[1]
    if not channels and prefix is not None:
        channels[prefix] = _Playing(resolution)
    name = _name_of(events) if keep_name or len(channels) == 1 else ""
    tracks = []
    for channel, playing in channels.items():
        end = playing.finish(events[-1].tick)
        tracks.append(MidiTrack(name, channel, sort_notes(playing.notes), tuple(playing.controllers), end / resolution))
    return tracks
