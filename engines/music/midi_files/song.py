"""Convert between clips and MIDI files: one track per part, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.score import (
    DRUM_CHANNEL,
    TICKS_PER_BEAT,
    Controller,
    ControllerKind,
    MidiScore,
    MidiTrack,
)
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap

USUAL_BPM: Final = 120.0
MIDI_SUFFIXES: Final = (".mid", ".midi", ".smf", ".rmi", ".kar")
"""The file name suffixes of MIDI files."""
PROGRAMS: Final = {"bass": 33, "harmony": 4, "melody": 80, "atmosphere": 89}
"""Default General MIDI programs by the first word of a part's name, so that a file plays without any setup."""
FAMILIES: Final = (
    "piano", "chromatic percussion", "organ", "guitar", "bass", "strings", "ensemble", "brass",
    "reed", "pipe", "synth lead", "synth pad", "synth effects", "ethnic", "percussive", "sound effects",
)  # fmt: skip
"""General MIDI's names of each group of eight programs, used to name tracks without a name."""
_MELODIC: Final = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)


@dataclass(frozen=True, slots=True)
class MidiSong:
    """The content of a MIDI file: its tempos, meters and keys, and its tracks with notes, by name."""

    tempos: TempoMap
    meters: tuple[tuple[float, Meter], ...]
    """Each meter with the beat from which it applies, the first from beat 0."""
    parts: dict[str, Clip]
    drums: frozenset[str]
    """The parts on channel 10."""
    has_tempo: bool
    """Whether the file has a tempo event; without one the tempo is the standard's default of 120 BPM."""
    keys: tuple[tuple[float, Key], ...] = ()
    """Each key with the beat from which it applies; empty if the file has none."""

    @property
    def bpm(self) -> float:
        """The first tempo in quarters per minute."""
        return self.tempos.changes[0][1]

    @property
    def meter(self) -> Meter:
        """The first meter."""
        return self.meters[0][1]


def encode_midi_file(
    parts: Mapping[str, Clip],
    bpm: float = USUAL_BPM,
    meter: Meter | None = None,
    programs: Mapping[str, int] | None = None,
    markers: Sequence[tuple[str, float]] = (),
    *,
    tempos: TempoMap | None = None,
    keys: Sequence[tuple[float, Key]] = (),
    title: str = "",
    controllers: Mapping[str, Sequence[Controller]] | None = None,
) -> bytes:
    """Return the bytes of a type 1 file, one track per part; a part whose name begins with "drum" is on channel 10.

    `programs` are General MIDI programs (0..127; for drums the kit's) by part, instead of the default ones; `markers`
    are (name, beat), in order; `tempos` replace `bpm` if the tempo changes; `keys` are (beat, key); `controllers` are
    by part, in order. Muted notes and probabilities are left out, and scales are reduced to major or minor.

    >>> from musearoo.engines.music.note import Note
    >>> clip = Clip("k", 4.0, (Note(0.0, 36, 0.25, 100),))
    >>> decode_midi_file(encode_midi_file({"drums": clip}, bpm=90)).parts["drums"].notes[0].pitch
    36
    """
    signature = meter or next((clip.meter for clip in parts.values()), Meter())
    melodic = cycle(_MELODIC)
    tracks = []
    for name, clip in parts.items():
        channel = DRUM_CHANNEL if name.lower().startswith("drum") else next(melodic)
        program = (programs or {}).get(name, _usual_program(name))
        moves = [*(controllers or {}).get(name, ())]
        if program is not None:
            moves.insert(0, Controller(0.0, ControllerKind.PROGRAM, program))
        tracks.append(MidiTrack(name, channel, clip.notes, tuple(moves), max(clip.length, _last_end(clip))))
    score = MidiScore(
        tracks=tuple(tracks),
        tempos=tempos or TempoMap(((0.0, bpm),)),
        meters=((0.0, signature),),
        keys=tuple((beat, _major_or_minor(key)) for beat, key in keys),
        markers=tuple((beat, name) for name, beat in markers),
        title=title,
        resolution=TICKS_PER_BEAT,
    )
    return write_score(score)


def decode_midi_file(data: bytes, name: str = "The MIDI file") -> MidiSong:
    """Return the song of a MIDI file's bytes; raises MidiFileError with `name` for other bytes.

    Tracks without notes are left out, tracks of equal names are numbered, and a type 0 file gives one part per channel.
    """
    return song_of(read_score(data, name))


def song_of(score: MidiScore) -> MidiSong:
    """Return the song of a score, each track with notes as a clip of whole bars."""
    tracks = name_tracks(score)
    meter = score.meters[0][1]
    return MidiSong(
        score.tempos,
        score.meters,
        {name: Clip(name, _whole_bars(track, meter), track.notes, meter) for name, track in tracks.items()},
        frozenset(name for name, track in tracks.items() if track.is_drums),
        score.has_tempo,
        score.keys,
    )


def name_tracks(score: MidiScore) -> dict[str, MidiTrack]:
    """Return the tracks with notes by unique names: the track's name, else its instrument, numbered if necessary.

    >>> from musearoo.engines.music.note import Note
    >>> lead = MidiTrack("Lead", 0, (Note(0.0, 60, 1.0, 90),), (), 4.0)
    >>> list(name_tracks(MidiScore((lead, lead, MidiTrack("", 9, lead.notes, (), 4.0)))))
    ['Lead', 'Lead 2', 'drums']
    """
    named: dict[str, MidiTrack] = {}
    for number, track in enumerate(score.tracks, start=1):
        if track.notes:
            named[_unused(track.name or _instrument(track) or f"track {number}", named)] = track
    return named


def _instrument(track: MidiTrack) -> str:
    if track.is_drums:
        return "drums"
    return "" if track.program is None else FAMILIES[track.program // 8]


def _usual_program(name: str) -> int | None:
    return PROGRAMS.get(name.lower().split(maxsplit=1)[0]) if name.strip() else None


def _major_or_minor(key: Key) -> Key:
    """Return the major or minor key with the same tonic: minor if the scale has a minor third and no major one."""
    thirds = {(pitch_class - key.tonic) % 12 for pitch_class in key.pitch_classes} & {3, 4}
    return Key(key.tonic, "Minor" if thirds == {3} else "Major")


def _last_end(clip: Clip) -> float:
    return max((note.end for note in clip.notes), default=0.0)


def _whole_bars(track: MidiTrack, meter: Meter) -> float:
    """Return the length of a track's clip in beats: up to the track's end, in whole bars."""
    bars = -(-(track.length - 1e-6) // meter.bar_beats)
    return float(max(1.0, bars) * meter.bar_beats)


def _unused(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name} {number}" for number in range(2, len(taken) + 3) if f"{name} {number}" not in taken)
