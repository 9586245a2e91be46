"""Print a set in the terminal: tracks, clips, and notes as a small piano roll."""

from __future__ import annotations

from typing import TextIO

from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.song import Song

COLUMNS = 64
"""The width of a roll in columns; one column is a 64th of the clip."""

NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def print_set(song: Song, out: TextIO) -> None:
    """Print tempo, meter, and every track with its clips."""
    meter = f"{song.signature_numerator}/{song.signature_denominator}"
    out.write(f"{song.tempo:g} BPM, {meter}, {len(song.scenes)} scenes\n")
    for track in song.tracks:
        out.write(f"{track.name} ({track.kind})\n")
        for row, slot in enumerate(track.clip_slots):
            if slot.clip is not None:
                _print_clip(slot.clip, f"scene {row + 1}", out)
        for clip in track.arrangement_clips:
            _print_clip(clip, f"beat {clip.start_time:g}", out)
    out.flush()


def _print_clip(clip: Clip, place: str, out: TextIO) -> None:
    what = f"{len(clip.notes)} notes" if clip.audio is None else clip.audio.path
    out.write("  [{}] {}: {:g} beats, {}\n".format(place, clip.name or "(no name)", clip.length, what))
    if clip.audio is None and len(clip.notes):
        for line in roll(clip):
            out.write(f"    {line}\n")


def roll(clip: Clip) -> list[str]:
    """Return one line for each pitch that sounds in the loop, the highest first."""
    rows: dict[int, list[str]] = {}
    scale = COLUMNS / clip.length
    for note in clip.notes:
        first = int((note.start_time - clip.loop_start) * scale)
        last = int((note.start_time + note.duration - clip.loop_start) * scale - 1e-9)
        if not 0 <= first < COLUMNS:
            continue
        row = rows.setdefault(note.pitch, ["."] * COLUMNS)
        for column in range(first, min(max(first, last) + 1, COLUMNS)):
            row[column] = "#" if column == first else "="
    return [f"{pitch_name(pitch):<4}{''.join(rows[pitch])}" for pitch in sorted(rows, reverse=True)]


def pitch_name(pitch: int) -> str:
    """Return a pitch name in Live's convention, where 60 is C3.

    >>> pitch_name(60), pitch_name(36)
    ('C3', 'C1')
    """
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 2}"
