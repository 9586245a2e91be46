"""A piano roll as text: time from left to right, one row per pitch, highest on top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.pitch import USUAL_NAMES, pitch_name
from musearoo.engines.music.scale import Key

DRUM_NAMES: Final = {
    35: "kick 2",
    36: "kick",
    37: "cross-stick",
    38: "snare",
    39: "clap",
    40: "snare 2",
    41: "low tom",
    42: "closed hat",
    43: "low tom",
    44: "pedal hat",
    45: "mid tom",
    46: "open hat",
    47: "mid tom",
    48: "high tom",
    49: "crash",
    50: "high tom",
    51: "ride",
    53: "ride bell",
    54: "tambourine",
    56: "cowbell",
    57: "crash 2",
    70: "shaker",
}
"""Names of the General MIDI percussion that the kits use."""

SHADES: Final = "·░▒▓█"
"""The characters of an onset by velocity in five steps; the first one is a ghost note."""
HELD: Final = "─"
REST: Final = " "


def draw_piano_roll(
    clip: Clip,
    steps_per_beat: int = 4,
    names: Mapping[int, str] | None = None,
    bars_per_system: int = 4,
    key: Key | None = None,
) -> str:
    """Draw a clip with one character per step: onsets by velocity, `|` at bar lines, sustained notes as a line.

    Rows are named by `names`, such as drum names, else by the note name in the key.

    >>> from musearoo.engines.music.note import Note
    >>> print(draw_piano_roll(Clip("riff", 4.0, (Note(0.0, 36, 1.0, 120), Note(2.0, 43, 0.25, 20)))))
    G2 |        ·       |
    C2 |█───            |
    """
    names = names or {}
    notes = key.note_names if key else USUAL_NAMES
    pitches = sorted({note.pitch for note in clip.notes}, reverse=True)
    labels = {pitch: names.get(pitch, pitch_name(pitch, notes)) for pitch in pitches}
    width = max((len(label) for label in labels.values()), default=0)
    steps_per_bar = max(1, round(clip.meter.bar_beats * steps_per_beat))
    step_count = max(1, round(clip.length * steps_per_beat))
    rows = {pitch: [REST] * step_count for pitch in pitches}
    for note in clip.notes:
        first = min(step_count - 1, round(note.start * steps_per_beat))
        last = min(step_count, max(first + 1, round(note.end * steps_per_beat)))
        row = rows[note.pitch]
        for step in range(first + 1, last):
            row[step] = HELD
        row[first] = SHADES[min(4, int(note.velocity) * 5 // 128)]
    systems = []
    for low in range(0, step_count, steps_per_bar * bars_per_system):
        high = min(step_count, low + steps_per_bar * bars_per_system)
        bars = [(start, min(high, start + steps_per_bar)) for start in range(low, high, steps_per_bar)]
        systems.append(
            "\n".join(
                f"{labels[pitch]:>{width}} |{'|'.join(''.join(rows[pitch][a:b]) for a, b in bars)}|"
                for pitch in pitches
            )
        )
    return "\n\n".join(systems)
