"""Prints a set in the terminal: tracks, clips, and notes as a small piano roll."""

from __future__ import annotations

from typing import Dict, List, TextIO

from tools.live_simulator.clip import Clip
from tools.live_simulator.song import Song

COLUMNS = 64
"""The width of a roll: one column is a 64th of the clip."""

NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def print_set(song: Song, out: TextIO) -> None:
    """Print tempo, meter, and every track with its clips."""
    meter = "%d/%d" % (song.signature_numerator, song.signature_denominator)
    out.write("%g BPM, %s, %d scenes\n" % (song.tempo, meter, len(song.scenes)))
    for track in song.tracks:
        out.write("%s (%s)\n" % (track.name, track.kind))
        for row, slot in enumerate(track.clip_slots):
            if slot.clip is not None:
                _print_clip(slot.clip, "scene %d" % (row + 1), out)
        for clip in track.arrangement_clips:
            _print_clip(clip, "beat %g" % clip.start_time, out)
    out.flush()


def _print_clip(clip: Clip, place: str, out: TextIO) -> None:
    what = "%d notes" % len(clip.notes) if clip.audio is None else clip.audio.path
    out.write("  [%s] %s: %g beats, %s\n" % (place, clip.name or "(no name)", clip.length, what))
    if clip.audio is None and len(clip.notes):
        for line in roll(clip):
            out.write("    %s\n" % line)


def roll(clip: Clip) -> List[str]:
    """Return one line for each pitch that sounds in the loop, the highest first."""
    rows: Dict[int, List[str]] = {}
    scale = COLUMNS / clip.length
    for note in clip.notes:
        first = int((note.start_time - clip.loop_start) * scale)
        last = int((note.start_time + note.duration - clip.loop_start) * scale - 1e-9)
        if not 0 <= first < COLUMNS:
            continue
        row = rows.setdefault(note.pitch, ["."] * COLUMNS)
        for column in range(first, min(max(first, last) + 1, COLUMNS)):
            row[column] = "#" if column == first else "="
    return ["%-4s%s" % (pitch_name(pitch), "".join(rows[pitch])) for pitch in sorted(rows, reverse=True)]


def pitch_name(pitch: int) -> str:
    """Return a pitch as Live writes it, where 60 is C3.

    >>> pitch_name(60), pitch_name(36)
    ('C3', 'C1')
    """
    return "%s%d" % (NOTE_NAMES[pitch % 12], pitch // 12 - 2)
