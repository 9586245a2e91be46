"""Standard MIDI files from clips and back, as bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import mido  # type: ignore[import-untyped]

from engines.errors import ParamError
from engines.music.clip import Clip
from engines.music.meter import Meter
from engines.music.note import Note
from engines.music.tempo_map import TempoMap

TICKS_PER_BEAT: Final = 960
"""Live's own resolution on export; at 120 BPM a tick is half a millisecond."""

USUAL_BPM: Final = 120.0
DRUM_CHANNEL: Final = 9
PROGRAMS: Final = {"bass": 33, "harmony": 4, "melody": 80, "atmosphere": 89}
"""General MIDI programs by the first word of a part's name, so that a file sounds at all where nothing is set up."""


@dataclass(frozen=True, slots=True)
class MidiSong:
    """What a MIDI file holds: its tempos and meters, and its tracks with notes, by name."""

    tempos: TempoMap
    meters: tuple[tuple[float, Meter], ...]
    """From which beat on each holds, the first from beat 0."""
    parts: dict[str, Clip]
    drums: frozenset[str]
    """The parts on channel 10."""
    tells_tempo: bool
    """Whether the file has a tempo at all: without one it is 120 BPM by the standard, and nobody's intent."""

    @property
    def bpm(self) -> float:
        """The first tempo, in quarters a minute."""
        return self.tempos.changes[0][1]

    @property
    def meter(self) -> Meter:
        """The first meter."""
        return self.meters[0][1]


def encode_midi_file(
    parts: Mapping[str, Clip],
    bpm: float = 120.0,
    meter: Meter | None = None,
    programs: Mapping[str, int] | None = None,
    markers: Sequence[tuple[str, float]] = (),
) -> bytes:
    """The bytes of a type 1 file, a track a part; a part whose name begins with "drum" goes to channel 10.

    `programs` are General MIDI programs (0..127) by part, where the usual ones are not meant; `markers` are names at
    beats, in order.

    >>> clip = Clip("k", 4.0, (Note(0.0, 36, 0.25, 100),))
    >>> decode_midi_file(encode_midi_file({"drums": clip}, bpm=90)).parts["drums"].notes[0].pitch
    36
    """
    signature = meter or next((clip.meter for clip in parts.values()), Meter())
    song = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    length = max((clip.length for clip in parts.values()), default=0.0)
    song.tracks.append(_conductor_track(bpm, signature, length, markers))
    melodic = iter([channel for channel in range(16) if channel != DRUM_CHANNEL] * (len(parts) // 15 + 1))
    for name, clip in parts.items():
        channel = DRUM_CHANNEL if name.lower().startswith("drum") else next(melodic)
        song.tracks.append(_part_track(name, clip, channel, (programs or {}).get(name)))
    file = io.BytesIO()
    song.save(file=file)
    return file.getvalue()


def decode_midi_file(data: bytes) -> MidiSong:
    """The song of a MIDI file's bytes; a file that is none raises ParamError.

    Tracks without notes are left out, tracks of one name are numbered, and a type 0 file gives a part a channel.
    """
    try:
        song = mido.MidiFile(file=io.BytesIO(data), charset="utf-8", clip=True)
    except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
        raise ParamError("MIDI file", f"a standard MIDI file ({error or 'it ends too early'})", data[:8]) from error
    if song.ticks_per_beat <= 0:
        raise ParamError("MIDI file", "in ticks per beat, not in SMPTE frames", song.ticks_per_beat)
    tempos, meters = _conducted(song)
    parts: dict[str, Clip] = {}
    drums: set[str] = set()
    meter = next(iter(meters.values()))
    for index, track in enumerate(song.tracks):
        for channel, notes in _notes_by_channel(track, song.ticks_per_beat).items():
            name = _unused(track.name or ("drums" if channel == DRUM_CHANNEL else f"track {index + 1}"), parts)
            length = _whole_bars(max(note.end for note in notes), sum(m.time for m in track), song, meter)
            parts[name] = Clip.of(name, length, notes, meter)
            if channel == DRUM_CHANNEL:
                drums.add(name)
    changes = tuple(tempos.items()) or ((0.0, USUAL_BPM),)
    return MidiSong(TempoMap(changes), tuple(meters.items()), parts, frozenset(drums), bool(tempos))


def _conducted(song: mido.MidiFile) -> tuple[dict[float, float], dict[float, Meter]]:
    """The tempos and the meters of all tracks by the beat from which they hold; the first of each holds from beat 0.

    There may be no tempo, but there is a meter.
    """
    tempos: dict[float, float] = {}
    meters: dict[float, Meter] = {}
    tick = 0
    for message in mido.merge_tracks(song.tracks):
        tick += message.time
        if message.type == "set_tempo":
            if message.tempo <= 0:
                raise ParamError("MIDI file", "with tempos above 0 microseconds a beat", message.tempo)
            tempos[tick / song.ticks_per_beat if tempos else 0.0] = round(mido.tempo2bpm(message.tempo), 6)
        elif message.type == "time_signature":
            meters[tick / song.ticks_per_beat if meters else 0.0] = Meter(message.numerator, message.denominator)
    return tempos, meters or {0.0: Meter()}


def _conductor_track(bpm: float, meter: Meter, length: float, markers: Sequence[tuple[str, float]]) -> mido.MidiTrack:
    track = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=0),
            mido.MetaMessage("time_signature", numerator=meter.numerator, denominator=meter.denominator, time=0),
        ]
    )
    tick = 0
    for name, beat in markers:
        at = round(beat * TICKS_PER_BEAT)
        track.append(mido.MetaMessage("marker", text=name, time=at - tick))
        tick = at
    track.append(mido.MetaMessage("end_of_track", time=max(0, round(length * TICKS_PER_BEAT) - tick)))
    return track


def _part_track(name: str, clip: Clip, channel: int, program: int | None) -> mido.MidiTrack:
    events: list[tuple[int, int, mido.Message]] = []
    for note in clip.notes:
        if note.mute:
            continue
        start = round(note.start * TICKS_PER_BEAT)
        end = max(start + 1, round(note.end * TICKS_PER_BEAT))
        velocity = max(1, round(note.velocity))
        on = mido.Message("note_on", channel=channel, note=note.pitch, velocity=velocity)
        off = mido.Message("note_off", channel=channel, note=note.pitch, velocity=round(note.release_velocity))
        # At one tick, ends come before starts, or a repeated pitch would swallow itself.
        events += [(start, 1, on), (end, 0, off)]
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name, time=0)])
    if program is None:
        program = PROGRAMS.get(name.lower().split(maxsplit=1)[0] if name.strip() else "")
    if program is not None and channel != DRUM_CHANNEL:
        track.append(mido.Message("program_change", channel=channel, program=program, time=0))
    tick = 0
    for at, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=at - tick))
        tick = at
    track.append(mido.MetaMessage("end_of_track", time=max(0, round(clip.length * TICKS_PER_BEAT) - tick)))
    return track


def _notes_by_channel(track: mido.MidiTrack, ticks_per_beat: int) -> dict[int, list[Note]]:
    sounding: dict[tuple[int, int], list[tuple[int, int]]] = {}
    notes: dict[int, list[Note]] = {}
    tick = 0

    def finish(channel: int, pitch: int, release: int) -> None:
        start, velocity = sounding[channel, pitch].pop(0)
        duration = max(1, tick - start) / ticks_per_beat
        note = Note(start / ticks_per_beat, pitch, duration, velocity, release_velocity=float(release))
        notes.setdefault(channel, []).append(note)

    for message in track:
        tick += message.time
        if message.type == "note_on" and message.velocity > 0:
            sounding.setdefault((message.channel, message.note), []).append((tick, message.velocity))
        elif message.type in ("note_on", "note_off") and sounding.get((message.channel, message.note)):
            finish(message.channel, message.note, message.velocity if message.type == "note_off" else 64)
    for (channel, pitch), starts in sounding.items():  # never ended: they end with the track
        for _ in range(len(starts)):
            finish(channel, pitch, 64)
    return notes


def _whole_bars(last_end: float, track_ticks: int, song: mido.MidiFile, meter: Meter) -> float:
    """The clip's length: up to the track's end or the last note's, whichever is later, in whole bars."""
    beats = max(last_end, track_ticks / song.ticks_per_beat)
    bars = -(-(beats - 1e-6) // meter.bar_beats)
    return float(max(1.0, bars) * meter.bar_beats)


def _unused(name: str, taken: Mapping[str, Clip]) -> str:
    if name not in taken:
        return name
    return next(f"{name} {number}" for number in range(2, len(taken) + 3) if f"{name} {number}" not in taken)
